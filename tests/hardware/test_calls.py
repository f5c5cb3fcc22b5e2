"""A call by real kernel GPIO: the answer button's contact, the LEDs' lines, the serial console's cable."""

import pytest

from tests.hardware.house import ANSWER, LEDS, House

pytestmark = pytest.mark.hardware


def test_the_answer_button_opens_a_call_and_the_leds_show_it(house: House) -> None:
    house.ask("kitchen", "call", "gate")
    house.until_status("gate", lambda status: status["light"]["pattern"] == "chase", "it rings")
    house.header.close(ANSWER)
    house.until_status("gate", lambda status: (status["call"] or {}).get("status") == "open", "it has answered")
    house.header.open(ANSWER)
    assert [house.header.is_high(pin) for pin in LEDS] == [True] * 6
