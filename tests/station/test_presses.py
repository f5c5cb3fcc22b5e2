"""What people do with buttons that mean more than a press, and buttons that nobody can believe."""

import asyncio
import math
import threading

import pytest

from intercom.panel.events import Edge, Flood, PanelEvent
from intercom.panel.health import STUCK_S
from intercom.panel.panel import Panel as Pins
from intercom.panel.sieve import QUIET_S, TELL_S
from intercom.settings.schema import Buttons, Call, Door, Panel, Settings
from intercom.signaling.messages import Invite
from intercom.station.status import snapshot
from intercom.station.view import Shows
from tests.station.test_station import House, living

WIRED = Buttons(answer=17, mute=22, door=23, service=24)


def house(**rules: str) -> House:
    places = {place.replace("__", "."): words for place, words in rules.items()}
    panel = Panel(factory="sim", buttons=WIRED, hold_ms=300, double_ms=200, rules=places)
    return House(Settings(call=Call(to="web"), panel=panel))


def buttons(house: House) -> dict[str, object]:
    told: dict[str, object] = snapshot(
        Settings().station, house.station, house.device, {"buttons": house.station.presses}
    )["buttons"]
    return told


def invites(house: House) -> int:
    return sum(isinstance(message, Invite) for message in house.wire.sent)


async def test_who_talks_while_a_button_is_down_is_muted_again_when_it_is_up() -> None:
    async with living(house(open__answer__talk="talk")) as home:
        connection = home.incoming()
        connection.accept()
        await home.shows(Shows.OPEN)
        connection.mute(True)
        home.edge("answer", is_down=True)
        await home.settle()
        assert (connection.is_muted(), home.light.overlays) == (False, ())
        home.inbox.put_nowait(Edge("answer", is_down=False, at=asyncio.get_running_loop().time() + 1))
        await home.settle()
        assert (connection.is_muted(), home.light.overlays) == (True, ("muted",))


async def test_talking_leaves_alone_a_call_that_is_not_muted() -> None:
    async with living(house(open__answer__talk="talk")) as home:
        connection = home.incoming()
        connection.accept()
        await home.shows(Shows.OPEN)
        home.tap()
        await home.settle()
        assert not connection.is_muted()


async def test_a_button_that_gets_stuck_while_one_talks_mutes_again_and_is_named() -> None:
    async with living(house(open__answer__talk="talk")) as home:
        connection = home.incoming()
        connection.accept()
        await home.shows(Shows.OPEN)
        connection.mute(True)
        now = asyncio.get_running_loop().time()
        home.inbox.put_nowait(Edge("answer", is_down=True, at=now - STUCK_S))
        await home.settle()
        assert connection.is_muted()
        assert "answer seems stuck" in str(buttons(home)["why"])
        home.edge("answer", is_down=False)
        await home.settle()
        assert buttons(home) == {"state": "fine", "why": "", "faults": {}}
        assert connection.is_muted()


async def test_a_second_press_means_something_else_than_the_first() -> None:
    async with living(house(pending__answer__double="reject", pending__answer__hold="")) as home:
        connection = home.incoming()
        await home.shows(Shows.PENDING)
        now = asyncio.get_running_loop().time()
        for after, is_down in ((0.0, True), (0.05, False), (0.1, True)):
            home.inbox.put_nowait(Edge("answer", is_down, now + after))
        await home.shows(Shows.ENDED_QUIETLY)
        assert connection.ended
        assert connection.ended.how == "rejected"


async def test_a_button_that_is_down_at_start_is_named_and_calls_nobody() -> None:
    async with living(house()) as home:
        home.inbox.put_nowait(Edge("answer", True, asyncio.get_running_loop().time(), is_found=True))
        await home.settle()
        assert "answer was found down" in str(buttons(home)["why"])
        home.edge("answer", is_down=False)
        await home.settle()
        assert (buttons(home)["state"], invites(home)) == ("fine", 0)


@pytest.mark.parametrize("is_incoming", [True, False])
async def test_a_call_that_a_flooding_button_began_or_took_is_taken_back(is_incoming: bool) -> None:
    async with living(house(pending__answer__hold="")) as home:
        connection = home.incoming() if is_incoming else None
        await home.settle()
        began = asyncio.get_running_loop().time()
        home.edge("answer", is_down=True)
        await home.settle()
        connection = connection or home.station.connection
        home.flood("answer", since=began)
        await home.settle()
        assert connection
        assert connection.ended
        assert "answer bounces or floats" in str(buttons(home)["why"])


async def test_a_call_that_was_begun_before_is_left_alone_when_a_button_floods() -> None:
    async with living(house()) as home:
        home.incoming().accept()
        await home.shows(Shows.OPEN)
        home.flood("answer", since=-math.inf)
        await home.settle()
        assert home.station.view.shows is Shows.OPEN


async def test_a_call_that_a_button_began_before_it_floods_is_left_alone() -> None:
    async with living(house()) as home:
        home.tap()
        await home.shows(Shows.CONNECTING)
        home.flood("answer", since=asyncio.get_running_loop().time())
        await home.settle()
        assert home.station.view.shows is Shows.CONNECTING


async def test_who_hammers_on_a_button_calls_once_and_cancels_nothing() -> None:
    async with living(house()) as home:
        for _ in range(7):
            home.tap()
            await home.settle()
        assert invites(home) == 1
        assert home.station.view.shows is Shows.CONNECTING
        assert home.tones == []
        home.tap("mute")
        await home.settle()
        assert home.tones == ["muted"], "the other buttons are heard"


async def test_a_button_that_flooded_is_looked_at_when_it_is_quiet_and_may_be_stuck() -> None:
    looked = list[str]()
    async with living(house()) as home:
        home.station.presses.look = looked.append
        now = asyncio.get_running_loop().time()
        home.inbox.put_nowait(Flood("answer", now - TELL_S - QUIET_S, now - 10))
        await home.settle()
        home.edge("mute", is_down=False)  # time passes
        await home.settle()
        assert (looked, buttons(home)["state"]) == (["answer"], "fine")
        home.inbox.put_nowait(Edge("answer", True, now - STUCK_S, is_found=True))
        await home.settle()
        assert "answer seems stuck" in str(buttons(home)["why"])
        assert invites(home) == 0


async def test_a_spike_opens_no_door() -> None:
    async with living(house(idle__service__press="open-door")) as home:
        now = asyncio.get_running_loop().time()
        home.inbox.put_nowait(Edge("service", True, now))
        home.inbox.put_nowait(Edge("service", False, now + 0.02))
        home.inbox.put_nowait(Edge("door", True, now + 1))  # a second later
        await home.settle()
        assert home.tones == ["refused"], "for the door button alone"


async def test_what_is_tried_is_told_and_nothing_comes_of_it() -> None:
    async with living(house()) as home:
        trying = asyncio.create_task(home.station.trial.seen(5))
        await home.settle()
        home.tap("answer")
        async with asyncio.timeout(5):
            seen = await trying
        assert [(one["button"], one["what"]) for one in seen] == [
            ("answer", "down"), ("answer", "up"), ("answer", "press"),
        ]  # fmt: skip
        home.tap("mute")
        await home.settle()
        assert (invites(home), home.tones) == (0, [])


async def test_a_trial_in_which_nothing_is_touched_ends() -> None:
    async with living(house()) as home:
        assert await home.station.trial.seen(0.01) == []


async def test_a_second_of_a_thousand_edges_leaves_the_loop_free_and_calls_nobody() -> None:
    """Through the real panel, in real time, as a line that floats gives them; the loop tells by its own events."""
    home, loop = house(), asyncio.get_running_loop()
    settings = Panel(factory="sim", buttons=WIRED)

    def post(event: PanelEvent) -> None:
        loop.call_soon_threadsafe(home.inbox.put_nowait, event)

    panel = Pins(settings, post, door=Door(), feel=lambda _: None)
    is_over = threading.Event()

    def flood() -> None:
        for number in range(4000):
            panel.set("answer", number % 2 == 0)
            is_over.wait(0.001)

    async with panel, living(home):
        flooding = loop.run_in_executor(None, flood)
        answered = 0
        while not flooding.done():
            home.inbox.put_nowait(Edge("mute", answered % 2 == 0, loop.time()))  # somebody uses another button
            published = home.published
            await home.settle()
            assert home.published > published
            answered += 1
            await asyncio.wait([flooding], timeout=0.1)
        await flooding
        assert answered > 10
        assert home.published < answered + 40, "of thousands of edges the station heard next to nothing"
        assert "answer bounces or floats" in str(buttons(home)["why"])
        assert home.station.view.shows in (Shows.IDLE, Shows.ENDED, Shows.ENDED_QUIETLY)
        assert home.device.active_connection() is None
