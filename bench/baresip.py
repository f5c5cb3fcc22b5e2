"""The other side: two baresip, as Debian packages it, that call each other by address, without a server."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.control import Control
from bench.program import Program
from bench.side import Answered, End, Rung
from bench.wire import ADDRESSES, ONE, TWO, Wire
from tests.rig.simcard import SimCard, write_conf

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
opus_bitrate 40000
opus_application voip
opus_complexity 5
opus_packet_loss 10
opus_inbandfec yes
"""
SIP_PORT, CONTROL_PORT = 5060, 4444
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

    def __init__(self, one: Phone, two: Phone, wire: Wire) -> None:
        self.wire = wire
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
async def baresips(folder: Path, wire: Wire) -> AsyncIterator[Baresips]:
    """Start both, each on its machine, and wait until they answer."""
    async with AsyncExitStack() as phones:
        one, two = [await phones.enter_async_context(_phone(folder / each, each, wire)) for each in (ONE, TWO)]
        for phone in (one, two):
            asked_ns = phone.control.send("uuid")
            await phone.control.journal.moment_ns("^RESPONSE", since_ns=asked_ns)
        yield Baresips(one, two, wire)


@asynccontextmanager
async def _phone(folder: Path, name: str, wire: Wire) -> AsyncIterator[Phone]:
    card, address, within = _card(folder), ADDRESSES[name], wire.within(name)
    config = {"address": address, "sip_port": SIP_PORT, "control_port": CONTROL_PORT}
    (folder / "config").write_text(CONFIG.format(**config, modules=_modules()))
    (folder / "accounts").write_text(ACCOUNT.format(name=name, address=address))
    environment = {"ALSA_CONFIG_PATH": str(write_conf(folder / "asound.conf", {"default": card}))}
    async with (
        Program(*within, "baresip", "-f", folder, folder=folder, environment=environment) as program,
        Control(CONTROL_PORT, within=within) as control,
    ):
        yield Phone(program, control, card, f"sip:{name}@{address}:{SIP_PORT}")


def _card(folder: Path) -> SimCard:
    folder.mkdir(parents=True)
    return SimCard(folder / "card")


def _modules() -> Path:
    """Return where the package keeps its modules: it finds them only by a configuration that it wrote itself."""
    places = (place for pattern in ("baresip/modules", "*/baresip/modules") for place in Path("/usr/lib").glob(pattern))
    return next(places, Path("/usr/lib/baresip/modules"))
