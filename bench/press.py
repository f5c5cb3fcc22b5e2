"""From a button's first edge to what comes of it: pin, reader's thread, loop, rules, call, LEDs.

The pins are simulated, so that the kernel's debounce, which a real contact adds, is added here by its setting.  The
call's far side and its sound are small stand-ins: measured is how soon the call is told to begin or to end.
"""

import asyncio
import time
from itertools import cycle, islice

from bench.cells import Cell
from bench.figures import Outcome
from intercom.panel.events import PanelEvent
from intercom.panel.panel import Panel
from intercom.panel.patterns import Light
from intercom.settings.schema import Call, Door, Settings
from intercom.station.station import Inbox, Station
from tests.call.world import World

SETTINGS = Settings(call=Call(to="web"))
BUTTONS = "answer", "reject"  # who calls and hangs up by the same one, again and again, is taken to hammer
EVERY_S, DOWN_S = 1.2, 0.1


class Lamp:
    """The panel's ring; tells when it has shown something else."""

    def __init__(self, panel: Panel) -> None:
        self._panel = panel
        self._base = ("", "")
        self.shown: asyncio.Future[float] | None = None

    def show(self, light: Light) -> None:
        """Show it."""
        self._panel.show(light)
        is_news, self._base = (light.pattern, light.colour) != self._base, (light.pattern, light.colour)
        if is_news and self.shown and not self.shown.done():
            self.shown.set_result(time.monotonic())


async def measure(cell: Cell) -> Outcome:
    """Press a button of an idle station, and of one that calls, in turns; return how long each took."""
    loop, inbox, world = asyncio.get_running_loop(), Inbox(), World()

    def post(event: PanelEvent) -> None:
        loop.call_soon_threadsafe(inbox.put_nowait, event)

    async with Panel(SETTINGS.panel, post, door=Door(), feel=lambda _: None) as panel:
        lamp = Lamp(panel)
        station = Station(SETTINGS, inbox, device=world.device, lamp=lamp, speaker=world.speaker)
        living = asyncio.create_task(station.run())
        presses = islice(cycle(BUTTONS), int(cell.seconds / EVERY_S))
        took_ms = [await _press(panel, button, lamp) for button in presses]
        living.cancel()
        await asyncio.gather(living, return_exceptions=True)
    return Outcome({"press_ms": [SETTINGS.panel.debounce_ms + each for each in took_ms]})


async def _press(panel: Panel, button: str, lamp: Lamp) -> float:
    """Press once in a thread of its own, as pins are read; return the milliseconds until the LEDs have changed."""
    loop = asyncio.get_running_loop()
    lamp.shown = loop.create_future()

    def close() -> float:
        at = time.monotonic()
        panel.press(button)
        return at

    pressed_at = await loop.run_in_executor(None, close)
    async with asyncio.timeout(5):
        shown_at = await lamp.shown
    await asyncio.sleep(DOWN_S)
    panel.release(button)
    await asyncio.sleep(EVERY_S - DOWN_S)
    return (shown_at - pressed_at) * 1000
