"""Buttons on gpiozero's simulated pins: edges in, edges out."""

import asyncio
import gc
import time
from collections.abc import Callable

import pytest
from gpiozero import LED
from gpiozero.pins.mock import MockFactory, MockPin

from intercom.errors import PinError
from intercom.panel.buttons import Buttons
from intercom.panel.events import Edge, Flood, PanelEvent
from intercom.panel.sieve import QUIET_S
from intercom.panel.sim_pins import SimFactory

PINS = {"answer": 17, "mute": 22}


def buttons(
    factory: MockFactory, post: Callable[[PanelEvent], object], *, pins: dict[str, int] = PINS, active_low: bool = True
) -> Buttons:
    return Buttons(pins, post, factory=factory, active_low=active_low, debounce_s=0.005)


class HeldPin(MockPin):  # type: ignore[misc]
    """A pin that something holds down, whatever pulls it up."""

    def _set_pull(self, value: str) -> None:
        super()._set_pull(value)
        self.drive_low()


@pytest.mark.parametrize("active_low", [True, False])
def test_each_change_of_a_contact_is_posted_with_its_time(active_low: bool) -> None:
    factory, edges = SimFactory(), list[PanelEvent]()
    with buttons(factory, edges.append, active_low=active_low):
        before = time.monotonic()
        factory.press(17)
        factory.press(22)
        factory.release(17)
        after = time.monotonic()
    times = [edge.at for edge in edges]
    assert edges == [
        Edge("answer", True, times[0]), Edge("mute", True, times[1]), Edge("answer", False, times[2])
    ]  # fmt: skip
    assert [before, *times, after] == sorted([before, *times, after])


def test_a_button_held_at_start_is_named_and_posted_as_what_it_is(caplog: pytest.LogCaptureFixture) -> None:
    factory, edges = MockFactory(pin_class=HeldPin), list[PanelEvent]()
    with buttons(factory, edges.append, pins={"answer": 17}):
        assert "button answer is down at start" in caplog.text
        factory.pin(17).drive_high()
    assert edges == [Edge("answer", True, edges[0].at, is_found=True), Edge("answer", False, edges[1].at)]


def test_nothing_is_posted_after_the_end() -> None:
    factory, edges = SimFactory(), list[PanelEvent]()
    with buttons(factory, edges.append):
        pin = factory.pin(17)
    pin.drive_low()
    assert edges == []


def test_buttons_outlive_a_garbage_collection() -> None:
    factory, edges = SimFactory(), list[PanelEvent]()
    with buttons(factory, edges.append):
        gc.collect()
        factory.press(17)
    assert len(edges) == 1


def test_an_edge_for_a_loop_that_has_closed_harms_nobody() -> None:
    factory, edges = SimFactory(), list[PanelEvent]()
    loop = asyncio.new_event_loop()
    with buttons(factory, lambda edge: loop.call_soon_threadsafe(edges.append, edge)):
        loop.close()
        factory.press(17)
    assert edges == []


def test_a_flood_of_edges_is_told_once_a_second_and_the_rest_never_leaves_the_thread() -> None:
    factory, events = SimFactory(), list[PanelEvent]()
    with buttons(factory, events.append):
        began = time.monotonic()
        for _ in range(5000):
            factory.press(17)
            factory.release(17)
        lasted_s = time.monotonic() - began
        factory.press(22)
    floods = [event for event in events if isinstance(event, Flood)]
    assert 1 <= len(floods) <= 1 + lasted_s
    assert len(events) <= 24 + len(floods) + 1
    assert events[-1] == Edge("mute", True, events[-1].at), "the others go on"


def test_after_some_quiet_it_is_heard_again() -> None:
    factory, events = SimFactory(), list[PanelEvent]()
    with buttons(factory, events.append):
        pin = factory.pin(17)
        for _ in range(50):
            factory.press(17)
            factory.release(17)
        pin.when_changed(time.monotonic() + QUIET_S + 0.1, 0)  # as the reader reports an edge of that time
    assert isinstance(events[-1], Edge)


@pytest.mark.parametrize("active_low", [True, False])
def test_where_a_contact_stands_is_posted_when_it_is_looked_at(active_low: bool) -> None:
    factory, events = SimFactory(), list[PanelEvent]()
    with buttons(factory, events.append, active_low=active_low) as opened:
        factory.press(17)
        opened.look("answer")
        opened.look("mute")
    assert [(event.button, event.is_down, event.is_found) for event in events if isinstance(event, Edge)] == [
        ("answer", True, False), ("answer", True, True), ("mute", False, True),
    ]  # fmt: skip


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
