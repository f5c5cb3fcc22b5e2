"""Buttons on gpiozero's simulated pins: edges in, edges out."""

import asyncio
import gc
import threading
import time
from collections.abc import Callable

import pytest
from gpiozero import LED
from gpiozero.pins.mock import MockFactory, MockPin

from intercom.errors import PinError
from intercom.panel.buttons import Buttons
from intercom.panel.events import Edge
from intercom.panel.gestures import LOCK_OUT_S, Gestures, Press
from intercom.panel.sim_pins import SimFactory

PINS = {"answer": 17, "mute": 22}


def buttons(
    factory: MockFactory, post: Callable[[Edge], object], *, pins: dict[str, int] = PINS, active_low: bool = True
) -> Buttons:
    return Buttons(pins, post, factory=factory, active_low=active_low, debounce_s=0.005)


class HeldPin(MockPin):  # type: ignore[misc]
    """A pin that something holds down, whatever pulls it up."""

    def _set_pull(self, value: str) -> None:
        super()._set_pull(value)
        self.drive_low()


@pytest.mark.parametrize("active_low", [True, False])
def test_each_change_of_a_contact_is_posted_with_its_time(active_low: bool) -> None:
    factory, edges = SimFactory(), list[Edge]()
    with buttons(factory, edges.append, active_low=active_low):
        before = time.monotonic()
        factory.press(17)
        factory.press(22)
        factory.release(17)
        after = time.monotonic()
    assert [(edge.button, edge.is_down) for edge in edges] == [("answer", True), ("mute", True), ("answer", False)]
    assert before <= edges[0].at <= edges[1].at <= edges[2].at <= after


def test_a_button_held_at_start_is_told_to_the_log_and_gives_nothing_until_released(
    caplog: pytest.LogCaptureFixture,
) -> None:
    factory, edges, gestures = MockFactory(pin_class=HeldPin), list[Edge](), Gestures(1.0)
    with buttons(factory, edges.append, pins={"answer": 17}):
        assert "button answer is down at start" in caplog.text
        assert edges == []
        factory.pin(17).drive_high()
        assert [gestures.feed(edge, may_hold=False) for edge in edges] == [None]
        assert gestures.tick(edges[-1].at + LOCK_OUT_S) == []
        factory.pin(17).drive_low()
    pressed = Edge("answer", True, edges[0].at + 1)
    assert gestures.feed(pressed, may_hold=False) == Press("answer")


def test_nothing_is_posted_after_the_end() -> None:
    factory, edges = SimFactory(), list[Edge]()
    with buttons(factory, edges.append):
        pin = factory.pin(17)
    pin.drive_low()
    assert edges == []


def test_buttons_outlive_a_garbage_collection() -> None:
    factory, edges = SimFactory(), list[Edge]()
    with buttons(factory, edges.append):
        gc.collect()
        factory.press(17)
    assert len(edges) == 1


def test_an_edge_for_a_loop_that_has_closed_harms_nobody() -> None:
    factory, edges = SimFactory(), list[Edge]()
    loop = asyncio.new_event_loop()
    with buttons(factory, lambda edge: loop.call_soon_threadsafe(edges.append, edge)):
        loop.close()
        factory.press(17)
    assert edges == []


async def test_a_flood_of_edges_from_another_thread_gives_no_more_presses_than_fit() -> None:
    factory, gestures, found = SimFactory(), Gestures(1.0), list[object]()
    loop, edges, flooded = asyncio.get_running_loop(), list[Edge](), asyncio.Event()

    def take(edge: Edge) -> None:
        edges.append(edge)
        found.extend(gestures.tick(edge.at))
        gesture = gestures.feed(edge, may_hold=False)
        found.extend([gesture] if gesture else [])

    def flood() -> None:
        for _ in range(5000):
            factory.press(17)
            factory.release(17)
        loop.call_soon_threadsafe(flooded.set)

    with buttons(factory, lambda edge: loop.call_soon_threadsafe(take, edge)):
        thread = threading.Thread(target=flood)
        thread.start()
        await asyncio.wait_for(flooded.wait(), 30)
        thread.join()
    length_s = edges[-1].at - edges[0].at
    assert len(edges) == 10_000
    assert 1 <= len(found) <= length_s / (2 * LOCK_OUT_S) + 1
    assert gestures.tick(edges[-1].at + 1) == [], "it is up at the end"


@pytest.mark.parametrize(
    ("pins", "active_low", "words"),
    [
        pytest.param({"answer": 12}, True, "GPIO12 is already in use", id="by another device"),
        pytest.param({"answer": 17, "mute": 17}, True, "GPIO17 is already in use", id="by another button"),
        pytest.param({"answer": 2}, False, "fixed pull resistor", id="pulled up by the board"),
    ],
)
def test_a_pin_that_cannot_be_had_is_refused_in_words(pins: dict[str, int], active_low: bool, words: str) -> None:
    factory = SimFactory()
    with LED(12, pin_factory=factory):
        with pytest.raises(PinError, match=words):
            buttons(factory, lambda _: None, pins=pins, active_low=active_low).__enter__()
        with buttons(factory, lambda _: None):
            factory.press(17)
