"""Finding a Pi's GPIO chip, and the words when there is none."""

from collections.abc import Callable
from pathlib import Path

import pytest
from gpiod import LineSettings

from intercom.errors import PinError
from intercom.panel.chips import LABELS, Chip, open_chip, take_line
from tests.panel.fake_chip import FakeChip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A /dev with three chips."""
    monkeypatch.delenv("INTERCOM_GPIOCHIP", raising=False)
    for number in range(3):
        (tmp_path / f"gpiochip{number}").touch()
    return tmp_path


def opener(*chips: FakeChip | Exception) -> Callable[[str], Chip]:
    """Opens these, by the digit at the end of the path."""

    def opened(path: str) -> Chip:
        chip = chips[int(path[-1])]
        if isinstance(chip, Exception):
            raise chip
        return chip

    return opened


@pytest.mark.parametrize("label", LABELS)
def test_the_chip_is_found_by_its_label_and_the_others_are_closed(folder: Path, label: str) -> None:
    expander, header, other = FakeChip("raspberrypi-exp-gpio"), FakeChip(label), FakeChip("gpio-mockup")
    assert open_chip(opener(expander, header, other), folder) is header
    assert (expander.is_closed, header.is_closed) == (True, False)


def test_a_chip_that_may_not_be_opened_is_passed_over_where_another_is_a_pi_s(folder: Path) -> None:
    header = FakeChip()
    assert open_chip(opener(PermissionError(), header, FakeChip()), folder) is header


def test_the_environment_may_name_a_chip_of_any_label(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERCOM_GPIOCHIP", str(folder / "gpiochip2"))
    named = FakeChip("gpio-sim.0-node0")
    assert open_chip(opener(FakeChip(), FakeChip(), named), folder) is named


def test_without_a_right_the_words_name_the_group(folder: Path) -> None:
    other = FakeChip("other")
    with pytest.raises(PinError) as refused:
        open_chip(opener(PermissionError(), other, other), folder)
    assert refused.value.message == f"This user may not open {folder}/gpiochip0."
    assert "group gpio" in refused.value.hint


def test_without_a_pi_s_chip_the_words_name_the_simulation(folder: Path) -> None:
    other = FakeChip("INT33FF:00")
    with pytest.raises(PinError) as refused:
        open_chip(opener(other, other, other), folder)
    assert refused.value.message == "This machine has no GPIO chip of a Raspberry Pi."
    assert 'panel.factory = "sim"' in refused.value.hint


def test_the_real_binding_refuses_what_is_no_chip(folder: Path) -> None:
    with pytest.raises(PinError, match="gpiochip0 can't be opened as a GPIO chip: "):
        open_chip(folder=folder)


def test_a_line_beyond_the_chip_is_refused_in_words() -> None:
    with pytest.raises(PinError, match="GPIO 27 is no line of this chip"):
        take_line(FakeChip(count=8), 27, LineSettings())
