"""The composition root: builds the parts of a station and waits."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from intercom.audio.voice import Voice
from intercom.call import device as calls
from intercom.call.options import Options
from intercom.call.ports import MediaFactory
from intercom.console.control import control_socket
from intercom.console.port import SerialPort
from intercom.panel.events import Edge
from intercom.panel.panel import Panel
from intercom.rtc.peer import Peer
from intercom.settings.last_good import Origin
from intercom.settings.schema import Settings
from intercom.signaling import tokens
from intercom.signaling.client import Client
from intercom.signaling.session import Session
from intercom.signaling.trust import Trust
from intercom.station.operator import Keeper, StationOperator
from intercom.station.station import Inbox, Station
from intercom.station.status import Reports, snapshot
from intercom.system.uplink import Uplink

OPTIONS = Options(enable_ringing_state=True, enable_ice_restart=True)
ANSWER_FIRST_S = 0.2  # a commit's answer goes out before the line it came by is built anew
SWITCH_INTERVAL_S = 0.001  # the audio threads wait no longer than this for the interpreter


DEFAULTS = Origin("", "defaults")


@dataclass(frozen=True, slots=True)
class Boot:
    """What a station starts with.

    `origin` tells in its status where the settings are from; `ready` is called once, when calls can come.
    """

    settings: Settings
    state: Path
    store: Keeper | None = None
    origin: Origin = DEFAULTS
    is_demo: bool = False
    ready: Callable[[], None] = lambda: None


async def run(boot: Boot) -> None:
    """Run a station until cancelled; new settings are taken by building every part anew."""
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    while True:
        boot = replace(boot, settings=await _live(boot), ready=lambda: None)


async def _live(boot: Boot) -> Settings:
    settings, loop = boot.settings, asyncio.get_running_loop()
    inbox: Inbox = asyncio.Queue()
    latest = [settings]
    async with AsyncExitStack() as parts:
        voice = await parts.enter_async_context(Voice(settings.audio, post=inbox.put_nowait, test_voice=boot.is_demo))
        panel = await parts.enter_async_context(Panel(settings.panel, _from_thread(loop, inbox)))
        client, trust = _client(settings)
        device = await _device(parts, client, _media(settings, voice, loopback=boot.is_demo))
        station = Station(settings, inbox, device=device, lamp=panel, speaker=voice)
        serial = SerialPort(settings.console)
        facts: dict[str, Reports] = {
            "audio": voice, "panel": panel, "network": client, "serial": serial, "settings": boot.origin,
        }  # fmt: skip
        status = partial(snapshot, settings.station, station, device, facts)

        def restart(new: Settings) -> None:
            latest.append(new)
            loop.call_later(ANSWER_FIRST_S, station.leave_when_idle)

        operator = StationOperator(settings, station, panel, status=status, store=boot.store, restart=restart)
        uplink = await parts.enter_async_context(_uplink(settings, trust, panel))
        device.once("ready", lambda _: boot.ready())
        station.publish = lambda: uplink.publish(status())
        await parts.enter_async_context(control_socket(operator, state=boot.state))
        await parts.enter_async_context(serial.serving(operator))
        await station.run()
    return latest[-1]


@asynccontextmanager
async def device(settings: Settings | None = None, options: Options | None = None) -> AsyncIterator[calls.Device]:
    """Give a script the Device of these settings, microphone, speaker and exchange with it (`intercom.Device`)."""
    settings = settings or Settings()
    async with AsyncExitStack() as parts:
        voice = await parts.enter_async_context(Voice(settings.audio, post=lambda _: None))
        client, _ = _client(settings)
        yield await _device(parts, client, _media(settings, voice, loopback=False), options)


def _from_thread(loop: asyncio.AbstractEventLoop, inbox: Inbox) -> Callable[[Edge], None]:
    def post(edge: Edge) -> None:
        loop.call_soon_threadsafe(inbox.put_nowait, edge)

    return post


def _client(settings: Settings) -> tuple[Client, Trust]:
    signaling = settings.signaling
    mint = _mint(settings)
    trust = Trust(signaling.url, signaling.ca_pin)
    return Client(signaling.url, Session(mint, renew_every_s=tokens.RENEW_EVERY_S), trust), trust


def _mint(settings: Settings) -> Callable[[], str]:
    return tokens.from_api_key(settings.station.identity, settings.signaling.api_key, settings.signaling.api_secret)


def _media(settings: Settings, voice: Voice, *, loopback: bool) -> MediaFactory:
    return lambda on_state: Peer(codecs=settings.rtc.codecs, voice=voice, on_state=on_state, loopback=loopback)


async def _device(
    parts: AsyncExitStack, client: Client, media: MediaFactory, options: Options | None = OPTIONS
) -> calls.Device:
    """Enter the client before the device, so that the hang-ups of the device's end still go out."""
    device = calls.Device(client, media, options)
    await parts.enter_async_context(client)
    return await parts.enter_async_context(device)


def _uplink(settings: Settings, trust: Trust, panel: Panel) -> Uplink:
    return Uplink(settings.signaling.url, trust, _mint(settings), press=panel.set if panel.is_simulated else None)
