"""The parts of aioice and aiortc that a call needs, without the rest: PyAV, video codecs, SCTP and a DNS library.

`import aiortc` imports all of that, 24 MiB of it.  Here its modules are imported one by one, below a bare package, with
stand-ins for what they want only in annotations, or for names that we never give them (`sdp` keeps `.local` ones out).
The stand-ins are gone afterwards: who imports aiortc, PyAV or the DNS library later gets the whole.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec, module_from_spec
from types import ModuleType

__all__ = [
    "RETRY_RTO",
    "Candidate",
    "CandidatePair",
    "Connection",
    "Message",
    "RTCCertificate",
    "RTCDtlsFingerprint",
    "RTCDtlsParameters",
    "RTCDtlsTransport",
    "TransportPolicy",
]


@contextmanager
def _without(package: str, stand_ins: dict[str, dict[str, object]]) -> Iterator[None]:
    """Have modules of these names and members while a package is imported, unless it or one of them is there."""
    if package in sys.modules or not sys.modules.keys().isdisjoint(stand_ins):
        yield
        return
    for name, members in stand_ins.items():
        sys.modules[name] = module = ModuleType(name)
        vars(module).update(members)
    try:
        yield
    finally:
        for name in stand_ins:
            del sys.modules[name]


def _bare(package: str) -> dict[str, object]:
    """Return the members by which Python finds a package's modules, though the package itself has not run."""
    spec = find_spec(package)
    assert spec
    return vars(module_from_spec(spec))


with _without("aioice", {"aioice.mdns": {"MDnsProtocol": object, "is_mdns_hostname": lambda _: False}}):
    from aioice import Candidate, Connection, TransportPolicy
    from aioice.ice import CandidatePair
    from aioice.stun import RETRY_RTO, Message

with _without("aiortc", {"aiortc": _bare("aiortc"), "av": {"AudioFrame": object}}):
    from aiortc.rtcdtlstransport import RTCCertificate, RTCDtlsFingerprint, RTCDtlsParameters, RTCDtlsTransport
