"""The part of aiortc that a call needs: its DTLS and SRTP, without PyAV, video codecs and SCTP (18 MiB less).

`import aiortc` imports all of it.  Here its modules are imported one by one, below a bare package, and with a stand-in
for PyAV, of which `aiortc.rtp` wants the name `AudioFrame` for an annotation.  Both are gone afterwards: who imports
aiortc or PyAV later gets the whole.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec, module_from_spec
from types import ModuleType

__all__ = ["RTCCertificate", "RTCDtlsFingerprint", "RTCDtlsParameters", "RTCDtlsTransport"]


@contextmanager
def _bare() -> Iterator[None]:
    """Stand in for aiortc and PyAV, where neither is loaded."""
    spec = find_spec("aiortc")
    if spec is None or not {"aiortc", "av"}.isdisjoint(sys.modules):
        yield
        return
    av = ModuleType("av")
    setattr(av, "AudioFrame", object)  # noqa: B010 - a module declares no such name
    sys.modules |= {"aiortc": module_from_spec(spec), "av": av}
    try:
        yield
    finally:
        del sys.modules["aiortc"], sys.modules["av"]


with _bare():
    from aiortc.rtcdtlstransport import RTCCertificate, RTCDtlsFingerprint, RTCDtlsParameters, RTCDtlsTransport
