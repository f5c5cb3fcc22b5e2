"""Whether a button is held while the station starts."""

import pytest
from gpiod.line import Value

from intercom.errors import PinError
from intercom.panel.chips import Chip
from intercom.panel.gpiod_pins import GpiodFactory
from intercom.panel.held import is_held
from intercom.settings.schema import Buttons, Panel, Ring
from tests.panel.fake_chip import FakeChip

WIRED = Panel(buttons=Buttons(answer=17, service=24), ring=Ring(kind="gpio", pins=(5, 6)))


@pytest.mark.parametrize(
    ("level", "active_low", "is_down"),
    [
        (Value.INACTIVE, True, True),
        (Value.ACTIVE, True, False),
        (Value.ACTIVE, False, True),
        (Value.INACTIVE, False, False),
    ],
)
def test_a_button_is_held_where_its_contact_is_closed(level: Value, active_low: bool, is_down: bool) -> None:
    chip = FakeChip()
    chip.wired[24] = level
    panel = Panel(active_low=active_low, buttons=WIRED.buttons)
    assert is_held(panel, "service", opened=lambda: GpiodFactory(lambda: chip)) is is_down
    assert list(chip.lines) == [24]
    assert chip.lines[24].is_released


@pytest.mark.parametrize("rises_at_look", [1, 2, 5])
def test_a_line_that_is_still_being_charged_or_touched_by_chance_is_not_held(rises_at_look: int) -> None:
    chip, waits = FakeChip(), list[float]()
    chip.wired[24] = Value.INACTIVE

    def wait(for_s: float) -> None:
        waits.append(for_s)
        if len(waits) == rises_at_look:
            chip.lines[24].level = Value.ACTIVE

    assert not is_held(WIRED, "service", opened=lambda: GpiodFactory(lambda: chip), wait=wait)
    assert len(waits) == rises_at_look
    assert waits[0] >= 0.02  # a long cable's capacitor, 100 nF, is charged by then


def _no_chip() -> Chip:
    raise PinError("There is no chip.")


@pytest.mark.parametrize(
    "panel", [WIRED, Panel(), Panel(buttons=Buttons(answer=17)), Panel(factory="sim", buttons=WIRED.buttons)]
)
def test_a_button_that_is_not_there_or_can_not_be_read_is_not_held(panel: Panel) -> None:
    assert not is_held(panel, "service", opened=lambda: GpiodFactory(_no_chip))
