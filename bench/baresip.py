"""The other side: two baresip, as Debian packages it, that call each other by address, without a server."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import ifaddr

from bench.control import Control
from bench.program import Program
from bench.side import Answered, End, Rung
from intercom.rtc.codecs import CODECS
from tests.rig.simcard import SimCard, write_conf
from tests.system.programs import free_port

# Our Opus, so that the codec's work is the same; all else that costs time or delay is as it comes.
CONFIG = """
module_path {modules}
sip_listen {address}:{sip_port}
audio_player alsa,default
audio_source alsa,default
audio_alert alsa,default
module opus.so
module alsa.so
module dtls_srtp.so
module_tmp uuid.so
module_tmp account.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen 127.0.0.1:{control_port}
statmode_default off
opus_stereo no
opus_sprop_stereo no
opus_bitrate {opus.bit_rate}
opus_application {opus.options[application]}
opus_complexity {opus.options[compression_level]}
opus_packet_loss {opus.options[packet_loss]}
opus_inbandfec yes
"""
ACCOUNT = "<sip:{name}@{address}>;regint=0;mediaenc=dtls_srtp;ptime=20\n"


@dataclass(frozen=True, slots=True)
class Phone:
    """A baresip that runs; `uri` is where it is called."""

    program: Program
    control: Control
    card: SimCard
    uri: str


class Baresips:
    """Phone `one` calls phone `two`."""

    name = "baresip"
    between = None

    def __init__(self, one: Phone, two: Phone) -> None:
        self.caller = End(one.program.pid, one.card)
        self.callee = End(two.program.pid, two.card)
        self._one, self._two = one, two

    async def ring(self) -> Rung:
        asked_ns = self._one.control.send("dial", self._two.uri)
        ringing_ns = await self._one.control.journal.moment_ns("^CALL_RINGING", since_ns=asked_ns)
        await self._two.control.journal.moment_ns("^CALL_INCOMING", since_ns=asked_ns)
        return Rung(asked_ns, ringing_ns)

    async def answer(self) -> Answered:
        answered_ns = self._two.control.send("accept")
        open_ns = await self._one.control.journal.moment_ns("^CALL_ESTABLISHED", since_ns=answered_ns)
        await self._one.control.journal.moment_ns("^CALL_MENC", since_ns=answered_ns)  # DTLS-SRTP it is
        return Answered(answered_ns, open_ns)

    async def hang_up(self) -> None:
        told_ns = self._one.control.send("hangup")
        for phone in (self._one, self._two):
            await phone.control.journal.moment_ns("^CALL_CLOSED", since_ns=told_ns)


@asynccontextmanager
async def baresips(folder: Path, address: str) -> AsyncIterator[Baresips]:
    """Start both at this address of the machine and wait until they can be told what to do."""
    async with AsyncExitStack() as phones:
        one, two = [await phones.enter_async_context(_phone(folder / each, each, address)) for each in ("one", "two")]
        yield Baresips(one, two)


def own_address() -> str | None:
    """Return an IPv4 address of this machine that is not loopback, which baresip refuses; None: it has none."""
    addresses = [str(each.ip) for adapter in ifaddr.get_adapters() for each in adapter.ips if each.is_IPv4]
    return next((each for each in addresses if not each.startswith(("127.", "169.254."))), None)


@asynccontextmanager
async def _phone(folder: Path, name: str, address: str) -> AsyncIterator[Phone]:
    sip_port, control_port = free_port(), free_port()
    card = _card(folder)
    config = {"address": address, "sip_port": sip_port, "control_port": control_port}
    (folder / "config").write_text(CONFIG.format(**config, modules=_modules(), opus=CODECS["opus"]))
    (folder / "accounts").write_text(ACCOUNT.format(name=name, address=address))
    environment = {"ALSA_CONFIG_PATH": str(write_conf(folder / "asound.conf", {"default": card}))}
    async with (
        Program("baresip", "-f", folder, folder=folder, environment=environment) as program,
        Control(control_port) as control,
    ):
        yield Phone(program, control, card, f"sip:{name}@{address}:{sip_port}")


def _card(folder: Path) -> SimCard:
    folder.mkdir()
    return SimCard(folder / "card")


def _modules() -> Path:
    """Return where the package keeps its modules: it finds them only by a configuration that it wrote itself."""
    places = (place for pattern in ("baresip/modules", "*/baresip/modules") for place in Path("/usr/lib").glob(pattern))
    return next(places, Path("/usr/lib/baresip/modules"))
