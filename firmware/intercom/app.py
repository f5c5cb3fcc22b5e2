"""The composition root: builds the parts of a station and waits."""

import asyncio
import gc
import logging
import sys
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from intercom.audio import board, history
from intercom.audio.voice import Voice
from intercom.call.options import Options
from intercom.console.alongside import alongside
from intercom.console.control import control_socket
from intercom.console.gate import Gate
from intercom.console.loglines import LogLines, kept
from intercom.console.port import SerialPort
from intercom.door.lock import Lock
from intercom.door.warden import Warden
from intercom.line import Line, lay, strength_of
from intercom.panel import pins
from intercom.panel.held import is_held
from intercom.panel.panel import Panel
from intercom.settings.last_good import Origin
from intercom.settings.schema import Settings
from intercom.station import plan, rescue
from intercom.station.annals import Annals
from intercom.station.bulletin import Bulletin, Snapshot
from intercom.station.caretaker import Caretaker, Machine
from intercom.station.comfort import Comfort
from intercom.station.doorway import Doorway
from intercom.station.events import Changed
from intercom.station.loudness import Loudness
from intercom.station.operator import Staff, StationOperator
from intercom.station.plan import Part
from intercom.station.rulebook import Rulebook
from intercom.station.station import Inbox, Station
from intercom.station.status import Reports, snapshot
from intercom.station.tryout import Tryout
from intercom.station.tuning import Keeper, Ledger, Tuning
from intercom.system import power
from intercom.system.clock import Clock
from intercom.system.health import Health
from intercom.system.shelf import Shelf
from intercom.system.uplink import Uplink
from intercom.system.watchdog import notify, watched
from intercom.system.wifi import Wifi

OPTIONS = Options(enable_ringing_state=True, enable_ice_restart=True)
BUILT_WITHIN_S = 90.0  # else it crashes, so that settings that can't be built with are undone as after any crash
ANSWER_FIRST_S = 0.2  # a commit's answer goes out before the line it came by is built anew
SWITCH_INTERVAL_S = 0.001  # the audio threads wait no longer than this for the interpreter


DEFAULTS = Origin("", "defaults")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Boot:
    """What a station starts with.

    `origin` tells in its status where the settings are from, or that it does without most of them (a rescue); `ready`
    is called once, when calls can come.
    """

    settings: Settings
    state: Path
    store: Keeper | None = None
    origin: Origin = DEFAULTS
    is_demo: bool = False
    ready: Callable[[], None] = lambda: None


async def run(boot: Boot) -> None:
    """Run a station until cancelled; new settings have all built anew but the metal whose settings are as they were."""
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    if is_held(boot.settings.panel, rescue.BUTTON):
        boot = replace(boot, origin=Origin(boot.origin.file, "rescue", rescue.WHY))
    inbox: Inbox = asyncio.Queue()
    with kept() as log_lines:
        async with watched(), Shelf() as shelf:
            while True:
                settings = await _live(boot, shelf, inbox, log_lines)
                origin = replace(boot.origin, state="ok", why="")
                boot = replace(boot, settings=settings, origin=origin, ready=lambda: None)


async def _live(boot: Boot, shelf: Shelf, inbox: Inbox, log_lines: LogLines) -> Settings:
    settings = rescue.of(boot.settings) if boot.origin.state == "rescue" else boot.settings
    loop = asyncio.get_running_loop()
    door = pins.simulated_door(settings.panel, settings.door)
    is_simulated = pins.is_simulated(settings.panel, settings.door)
    async with AsyncExitStack() as parts, asyncio.timeout(BUILT_WITHIN_S) as limit:
        # First of all parts: its guard drives the relay safe.
        lock = await shelf.part(
            "lock",
            (door, is_simulated),
            lambda: Lock(door, state=boot.state, is_simulated=is_simulated, post=inbox.put_nowait),
        )
        warden = await parts.enter_async_context(Warden(door, boot.state))
        strength = strength_of(settings, board.read(boot.state))
        voice = await shelf.part(
            "voice",
            (plan.fixed(settings).audio, strength),
            lambda: Voice(
                settings.audio,
                post=inbox.put_nowait,
                board=strength,
                loop_ms=history.loop_ms(boot.state, capture=settings.audio.capture, playback=settings.audio.playback),
                test_voice=boot.is_demo,
            ),
        )
        panel = await shelf.part(
            "panel",
            (settings.panel, settings.door, lock),
            lambda: Panel(
                settings.panel,
                _from_thread(loop, inbox.put_nowait),
                door=settings.door,
                feel=_from_thread(loop, lock.sensors.feel),
            ),
        )
        annals = await parts.enter_async_context(Annals(boot.state, warden, is_audible=lambda: voice.is_audible))
        health = await parts.enter_async_context(Health(boot.state))
        comfort = await parts.enter_async_context(
            Comfort(settings.call, voice, state=boot.state, post=inbox.put_nowait)
        )
        line = await lay(parts, settings, voice, OPTIONS, strength=strength, loopback=boot.is_demo)
        device = line.device
        device.sounds.incoming = device.sounds.outgoing = device.sounds.disconnect = False  # the rules have theirs
        doorway = Doorway(
            settings, lock=lock, warden=warden, device=device, changed=lambda: inbox.put_nowait(Changed())
        )
        loudness = Loudness(Rulebook.of(settings), panel.hear)
        station = Station(
            settings, inbox, device=device, lamp=panel, speaker=voice, companions=[comfort, doorway, loudness, annals]
        )
        station.presses.look = panel.look
        station.touched, station.door_moved, station.unplaced = (
            comfort.touched,
            doorway.take,
            partial(annals.unplaced, to=settings.call.to),
        )
        annals.shown, annals.why_offline = lambda: station.view.signs, lambda: line.client.status()["why"]
        serial = SerialPort(settings.console)
        facts: dict[str, Reports] = {
            "audio": voice, "panel": panel, "buttons": station.presses, "network": line.client, "reports": line.gateway,
            "serial": serial, "comfort": comfort, "door": doorway, "history": annals, "machine": health,
        }  # fmt: skip
        status = partial(snapshot, settings.station, station, device, facts)

        def rebuild(before: Settings, after: Settings) -> None:
            touched = plan.touched(before, after)
            if Part.LOG in touched:
                logging.getLogger().setLevel(after.log.level.upper())
            if Part.SERIAL in touched:
                loop.call_later(ANSWER_FIRST_S, serial.take, after.console)
            if Part.STATION in touched:
                loop.call_later(ANSWER_FIRST_S, station.leave_when_idle)

        tuning = await parts.enter_async_context(Tuning(boot.settings, voice, store=boot.store, rebuild=rebuild))
        facts["settings"], station.turn = Ledger(boot.origin, tuning), tuning.turn
        tryout = Tryout(
            lambda: tuning.settings,
            voice,
            door=doorway.status,
            is_in_call=lambda: station.connection is not None,
            is_private=lambda: comfort.is_private,
        )
        staff = Staff(
            comfort=comfort,
            door=warden,
            doorway=doorway,
            annals=annals,
            tryout=tryout,
            clock=Clock(),
            log_lines=log_lines,
            gate=await shelf.part("gate", None, lambda: Gate(boot.state)),
            caretaker=Caretaker(
                Machine(boot.state, Wifi(), power.reboot, power.leave, is_lent=boot.is_demo), station, panel
            ),
        )
        operator = StationOperator(station, panel, tuning, staff, status=status)
        parts.enter_context(log_lines.told(_from_thread(loop, lambda line: operator.news.tell("log", **asdict(line)))))
        uplink = await parts.enter_async_context(_uplink(settings, line, panel))
        device.once("ready", lambda _: boot.ready())
        station.publish = _publisher(status, uplink.publish, Bulletin(operator.news.tell).take)
        await parts.enter_async_context(alongside(doorway.run()))
        await parts.enter_async_context(control_socket(operator, state=boot.state))
        await parts.enter_async_context(serial.serving(operator))
        parts.callback(annals.leave)
        _settle()
        limit.reschedule(None)
        notify("READY=1")  # without a network too: what is up serves whoever stands before it
        await station.run()
    return tuning.settings  # and what was still being written when it left


def _settle() -> None:
    """Have the garbage collector leave alone what stays: a look through all of it stops the sound for 15 ms."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def _from_thread(loop: asyncio.AbstractEventLoop, take: Callable[[T], None]) -> Callable[[T], None]:
    def post(event: T) -> None:
        loop.call_soon_threadsafe(take, event)

    return post


def _publisher(status: Callable[[], Snapshot], *readers: Callable[[Snapshot], None]) -> Callable[[], None]:
    def publish() -> None:
        snapshot = status()
        for read in readers:
            read(snapshot)

    return publish


def _uplink(settings: Settings, line: Line, panel: Panel) -> Uplink:
    press = panel.set if panel.is_simulated else None
    return Uplink(settings.signaling.url, line.trust, line.credential.current, press=press)
