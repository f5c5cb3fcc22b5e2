"""gpiozero's devices on our factory over libgpiod; the kernel's part is played by a fake chip with real pipes."""

import queue
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from gpiod.line import Bias, Direction, Edge, Value
from gpiozero import LED, InputDevice, OutputDevice
from gpiozero.exc import PinFixedPull, PinInvalidFunction, PinInvalidPull, PinPWMUnsupported, PinSetInput

from intercom.errors import PinError
from intercom.panel import events
from intercom.panel.buttons import Buttons
from intercom.panel.gpiod_pins import GpiodFactory
from intercom.panel.patterns import Light
from intercom.panel.ring import Ring
from intercom.settings import schema
from tests.panel.fake_chip import FakeChip

LOW, HIGH = Value.INACTIVE, Value.ACTIVE


@pytest.fixture
def chip() -> FakeChip:
    return FakeChip()


@pytest.fixture
def factory(chip: FakeChip) -> Iterator[GpiodFactory]:
    with GpiodFactory(lambda: chip) as factory:
        yield factory


class Inbox:
    """Edges as they arrive from the reader's thread."""

    def __init__(self) -> None:
        self._edges: queue.Queue[events.PanelEvent] = queue.Queue()
        self.threads: set[str] = set()

    def post(self, edge: events.PanelEvent) -> None:
        self.threads.add(threading.current_thread().name)
        self._edges.put(edge)

    def next(self) -> events.PanelEvent:
        return self._edges.get(timeout=5)

    def is_empty(self) -> bool:
        return self._edges.empty()


def answer_and_mute(factory: GpiodFactory, inbox: Inbox) -> Buttons:
    return Buttons({"answer": 17, "mute": 22}, inbox.post, factory=factory, active_low=True, debounce_s=0.005)


def test_an_output_takes_direction_and_level_in_one_request(factory: GpiodFactory, chip: FakeChip) -> None:
    with OutputDevice(26, active_high=False, pin_factory=factory) as relay:
        (first,) = chip.lines[26].history
        assert (first.direction, first.output_value) == (Direction.OUTPUT, HIGH)
        relay.on()
        assert chip.lines[26].level is LOW
        assert relay.value == 1


def test_a_closed_output_is_driven_no_more(factory: GpiodFactory, chip: FakeChip) -> None:
    led = LED(5, pin_factory=factory)
    led.on()
    led.close()
    assert chip.lines[5].settings.direction is Direction.INPUT
    assert chip.lines[5].is_released


def test_an_input_that_becomes_an_output_keeps_its_level(factory: GpiodFactory, chip: FakeChip) -> None:
    pin = factory.pin(5)
    pin.input_with_pull("up")
    pin.function = "output"
    assert (chip.lines[5].settings.direction, chip.lines[5].level) == (Direction.OUTPUT, HIGH)


@pytest.mark.parametrize(("active_low", "bias"), [(True, Bias.PULL_UP), (False, Bias.PULL_DOWN)])
def test_a_button_is_pulled_and_debounced_by_the_kernel(
    factory: GpiodFactory, chip: FakeChip, active_low: bool, bias: Bias
) -> None:
    with Buttons({"answer": 17}, Inbox().post, factory=factory, active_low=active_low, debounce_s=0.005):
        settings = chip.lines[17].settings
        assert (settings.direction, settings.bias) == (Direction.INPUT, bias)
        assert (settings.edge_detection, settings.debounce_period) == (Edge.BOTH, timedelta(milliseconds=5))


def test_edges_come_with_the_kernel_s_time_from_one_thread(factory: GpiodFactory, chip: FakeChip) -> None:
    inbox = Inbox()
    with answer_and_mute(factory, inbox):
        chip.lines[17].change(LOW, at=1000.25)
        assert inbox.next() == events.Edge("answer", is_down=True, at=1000.25)
        chip.lines[22].change(LOW, at=1000.5)
        assert inbox.next() == events.Edge("mute", is_down=True, at=1000.5)
        chip.lines[17].change(HIGH, at=1000.75)
        assert inbox.next() == events.Edge("answer", is_down=False, at=1000.75)
    assert inbox.threads == {"pins"}


def test_a_flood_of_edges_arrives_whole_and_in_order(factory: GpiodFactory, chip: FakeChip) -> None:
    inbox = Inbox()
    with answer_and_mute(factory, inbox):
        for number in range(1000):
            chip.lines[17].change(LOW if number % 2 == 0 else HIGH, at=number)
        assert [inbox.next().at for _ in range(1000)] == list(range(1000))


def test_a_callback_that_fails_ends_neither_its_own_button_nor_another(
    factory: GpiodFactory, chip: FakeChip, caplog: pytest.LogCaptureFixture
) -> None:
    inbox = Inbox()

    def fail_once(edge: events.PanelEvent) -> None:
        inbox.post(edge)
        if edge.at == 1:
            raise ZeroDivisionError

    with Buttons({"answer": 17, "mute": 22}, fail_once, factory=factory, active_low=True, debounce_s=0.005):
        chip.lines[17].change(LOW, at=1)
        chip.lines[17].change(HIGH, at=2)
        chip.lines[22].change(LOW, at=3)
        assert sorted(inbox.next().at for _ in range(3)) == [1, 2, 3]
    assert "the callback of GPIO17 failed" in caplog.text


def test_a_line_that_breaks_off_is_told_to_the_log_and_the_others_live(
    factory: GpiodFactory, chip: FakeChip, caplog: pytest.LogCaptureFixture
) -> None:
    inbox = Inbox()
    with answer_and_mute(factory, inbox):
        chip.lines[17].break_off()
        chip.lines[22].change(LOW, at=3)
        assert inbox.next().button == "mute"
        chip.lines[22].change(HIGH, at=4)
        assert inbox.next().button == "mute"
    assert "a pin can't be read any more: [Errno 19] No such device" in caplog.text


def test_buttons_can_be_closed_and_opened_again(factory: GpiodFactory, chip: FakeChip) -> None:
    inbox = Inbox()
    for _ in range(3):
        with answer_and_mute(factory, inbox):
            chip.lines[17].change(LOW)
            assert inbox.next().button == "answer"
        assert all(line.is_released for line in chip.lines.values())
    assert inbox.is_empty()


def test_the_end_of_the_factory_frees_all_lines_the_thread_and_the_chip(chip: FakeChip) -> None:
    with GpiodFactory(lambda: chip) as factory:
        buttons = answer_and_mute(factory, Inbox()).__enter__()
        led = LED(5, pin_factory=factory)
        assert "pins" in {thread.name for thread in threading.enumerate()}
    assert all(line.is_released for line in chip.lines.values())
    assert "pins" not in {thread.name for thread in threading.enumerate()}
    assert chip.is_closed
    led.close()
    buttons.__exit__(None, None, None)


def test_a_line_that_is_held_is_refused_with_its_holder_s_name(factory: GpiodFactory, chip: FakeChip) -> None:
    chip.held[22] = "spi0 CS0"
    with pytest.raises(PinError) as refused:
        answer_and_mute(factory, Inbox()).__enter__()
    assert str(refused.value) == "GPIO 22 is held by spi0 CS0. End that program, or use another pin."
    assert chip.lines[17].is_released


async def test_a_panel_that_failed_is_not_in_the_way_of_the_next(chip: FakeChip) -> None:
    settings = schema.Ring(kind="gpio", pins=(5, 6))
    chip.held[6] = "other"
    with GpiodFactory(lambda: chip) as factory, pytest.raises(PinError) as _kept_alive:
        await Ring(settings, factory=factory).__aenter__()
    chip.held.clear()
    with GpiodFactory(lambda: chip) as factory:
        async with Ring(settings, factory=factory) as ring:
            ring.show(Light("steady", "green"))
            assert (chip.lines[5].level, chip.lines[6].level) == (HIGH, HIGH)


def test_a_line_that_the_kernel_refuses_is_refused_with_its_reason(factory: GpiodFactory, chip: FakeChip) -> None:
    chip.broken.add(5)
    with pytest.raises(PinError, match="GPIO 5 can't be used: Input/output error"):
        LED(5, pin_factory=factory)


def test_what_gpiozero_asks_in_vain(factory: GpiodFactory) -> None:
    pin, pulled_by_the_board = factory.pin(17), factory.pin(2)
    with pytest.raises(PinFixedPull):
        pulled_by_the_board.pull = "down"
    with pytest.raises(PinInvalidPull):
        pin.pull = "sideways"
    with pytest.raises(PinInvalidFunction):
        pin.function = "spi"
    with pytest.raises(PinSetInput):
        pin.state = True
    with pytest.raises(PinPWMUnsupported):
        pin.frequency = 100
    pin.function = "output"
    with pytest.raises(PinFixedPull):
        pin.pull = "up"


def test_an_input_reads_its_level(factory: GpiodFactory, chip: FakeChip) -> None:
    with InputDevice(4, pull_up=True, pin_factory=factory) as contact:
        assert not contact.is_active
        chip.lines[4].change(LOW)
        assert contact.is_active
