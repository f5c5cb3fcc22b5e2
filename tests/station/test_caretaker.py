"""What the console may do to the machine: nothing in a call that may cut it, a reset only by the service button."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from intercom.errors import ConflictError, RefusedError
from intercom.panel.events import Edge, PanelEvent
from intercom.panel.panel import Panel as Pins
from intercom.settings.schema import Buttons, Panel, Settings
from intercom.station import factory
from intercom.station.caretaker import Caretaker, Machine
from intercom.station.view import Shows
from tests.station.test_station import House, living

PANEL = Panel(factory="sim", buttons=Buttons(answer=17, service=24))


class Board:
    """A machine whose `log` holds what was done to it; `left` when the station was told to end."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.left = asyncio.Event()

    async def state(self) -> dict[str, Any]:
        return {"state": "connected"}

    async def scan(self) -> list[dict[str, Any]]:
        self.log.append("scan")
        return []

    async def join(self, ssid: str, _: str) -> dict[str, Any]:
        self.log.append(f"join {ssid}")
        return await self.state()

    async def forget(self, ssid: str) -> None:
        self.log.append(f"forget {ssid}")

    async def reboot(self) -> None:
        self.log.append("reboot")


class Keep(Caretaker):
    """With the parts beside it."""

    def __init__(self, machine: Machine, house: House, pins: Pins, board: Board) -> None:
        super().__init__(machine, house.station, pins)
        self.house, self.pins, self.board = house, pins, board


@asynccontextmanager
async def keeping(state: Path, *, is_lent: bool = False, panel: Panel = PANEL) -> AsyncIterator[Keep]:
    """A caretaker of a station with a simulated panel."""
    house, board, loop = House(Settings(panel=panel)), Board(), asyncio.get_running_loop()

    def post(event: PanelEvent) -> None:
        loop.call_soon_threadsafe(house.inbox.put_nowait, event)

    async with Pins(panel, post) as pins, living(house):
        machine = Machine(state, board, board.reboot, board.left.set, is_lent=is_lent)
        yield Keep(machine, house, pins, board)


def is_ordered(state: Path) -> bool:
    """Whether the next start resets the station."""
    return (state / factory.MARKER).exists()


ACTS: dict[str, Callable[[Caretaker, bool], Coroutine[Any, Any, object]]] = {
    "scan": lambda keep, is_now: keep.networks(is_now=is_now),
    "join cafe": lambda keep, is_now: keep.join("cafe", "", is_now=is_now),
    "forget cafe": lambda keep, is_now: keep.forget("cafe", is_now=is_now),
    "reboot": lambda keep, is_now: keep.reboot(is_now=is_now),
}


@pytest.mark.parametrize("done", ACTS)
async def test_what_may_cut_a_call_waits_for_its_end_or_is_wanted_now(tmp_path: Path, done: str) -> None:
    async with keeping(tmp_path) as keep:
        keep.house.incoming().accept()
        await keep.house.shows(Shows.OPEN)
        with pytest.raises(ConflictError, match="There is a call"):
            await ACTS[done](keep, False)
        assert keep.board.log == []
        assert (await keep.wifi())["state"] == "connected"
        await ACTS[done](keep, True)
        assert keep.board.log == [done]


@pytest.mark.parametrize("done", ACTS)
async def test_without_a_call_it_is_done(tmp_path: Path, done: str) -> None:
    async with keeping(tmp_path) as keep:
        await ACTS[done](keep, False)
        assert keep.board.log == [done]


async def test_a_reset_needs_the_service_button_all_the_while(tmp_path: Path) -> None:
    async with keeping(tmp_path) as keep:
        for press in (lambda _: None, keep.pins.press, keep.pins.release):
            press("answer")
            with pytest.raises(RefusedError, match="needs somebody at the station"):
                await keep.reset(is_now=False)
        keep.pins.press("service")
        keep.check_reset(is_now=False)
        keep.pins.release("service")
        with pytest.raises(RefusedError, match="needs somebody at the station"):
            await keep.reset(is_now=False)
        assert not is_ordered(tmp_path)
        keep.pins.press("service")
        await keep.reset(is_now=False)
        assert is_ordered(tmp_path)
        async with asyncio.timeout(5):
            await keep.board.left.wait()


async def test_in_a_call_a_reset_is_refused_unless_it_is_wanted_now(tmp_path: Path) -> None:
    async with keeping(tmp_path) as keep:
        keep.pins.press("service")
        keep.house.incoming().accept()
        await keep.house.shows(Shows.OPEN)
        with pytest.raises(ConflictError, match="There is a call"):
            await keep.reset(is_now=False)
        await keep.reset(is_now=True)
        assert is_ordered(tmp_path)


async def test_a_station_without_a_service_button_is_not_reset(tmp_path: Path) -> None:
    async with keeping(tmp_path, panel=Panel(factory="sim", buttons=Buttons(answer=17))) as keep:
        with pytest.raises(RefusedError, match=r"panel\.buttons\.service"):
            await keep.reset(is_now=True)


@pytest.mark.parametrize(
    ("button", "ago_s", "is_wanted"),
    [("service", 0.0, True), ("service", 55.0, True), ("service", 61.0, False), ("answer", 0.0, False)],
)
async def test_the_service_button_is_wanted_for_a_minute_after_its_press(
    tmp_path: Path, button: str, ago_s: float, is_wanted: bool
) -> None:
    async with keeping(tmp_path) as keep:
        assert not keep.is_service_wanted()
        at = asyncio.get_running_loop().time() - ago_s
        keep.house.inbox.put_nowait(Edge(button, is_down=True, at=at))
        await keep.house.settle()
        assert keep.is_service_wanted() is is_wanted


async def test_a_button_that_floods_is_nobodys_press(tmp_path: Path) -> None:
    async with keeping(tmp_path) as keep:
        keep.pins.press("service")
        keep.house.edge("service", is_down=True)
        await keep.house.settle()
        keep.house.flood("service", since=asyncio.get_running_loop().time())
        await keep.house.settle()
        assert not keep.is_service_wanted()
        with pytest.raises(RefusedError, match="needs somebody at the station"):
            keep.check_reset(is_now=False)


async def test_a_demo_leaves_the_computer_alone_that_it_runs_on(tmp_path: Path) -> None:
    async with keeping(tmp_path, is_lent=True) as keep:
        keep.pins.press("service")
        for act in (keep.reset, keep.reboot):
            with pytest.raises(RefusedError, match="somebody's own computer"):
                await act(is_now=True)
        assert keep.board.log == []
        assert not is_ordered(tmp_path)
