"""What importing a call's parts loads, each time in a fresh interpreter."""

import subprocess
import sys

import pytest

UNUSED = ["av", "dns", "aiortc.codecs", "aiortc.mediastreams", "aiortc.rtcpeerconnection", "aiortc.rtcsctptransport"]
LOADED = f"\nimport sys\nprint('loaded:', *(name for name in {UNUSED} if name in sys.modules))"
WHOLE = "aiortc.RTCPeerConnection, av.AudioFrame.from_ndarray, aioice.mdns.create_mdns_protocol"


def ran(program: str) -> str:
    """Return the last line that a program prints."""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.splitlines()[-1].strip()


def test_a_station_loads_neither_codecs_nor_sctp_nor_pyav_nor_a_dns_library() -> None:
    assert ran(f"import intercom.app{LOADED}") == "loaded:"


@pytest.mark.parametrize(
    "imports",
    [
        "import intercom.rtc.lean, aiortc, av, aioice.mdns",
        "import aiortc, av, aioice.mdns, intercom.rtc.lean",
        "import av, aioice, intercom.rtc.lean, aiortc, aioice.mdns",
    ],
)
def test_whoever_wants_the_whole_of_aiortc_gets_it_before_and_after(imports: str) -> None:
    same = "intercom.rtc.lean.RTCDtlsTransport is aiortc.RTCDtlsTransport"
    assert ran(f"{imports}\nprint({same}, bool(({WHOLE})))") == "True True"
