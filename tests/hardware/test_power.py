"""Settings that wait to be confirmed when the power goes, and a start with the service button held."""

import pytest

from tests.hardware.house import KITCHEN, SERVICE, House

pytestmark = pytest.mark.hardware

FILE = "/clone/gate.toml"
HELD_S = 120.0


def test_a_power_cut_undoes_what_nobody_confirmed_and_the_service_button_starts_without_the_file(house: House) -> None:
    text = house.machine.do("read", path=FILE)
    house.ask("gate", "set", "call.to", "nobody")
    house.ask("gate", "commit", "confirm", "3600")
    assert 'to = "nobody"' in house.machine.do("read", path=FILE)
    house.cut()
    held = house.header.hold(SERVICE, for_s=HELD_S)
    house.start("gate")
    house.until_status("gate", lambda status: status["settings"]["state"] == "rescue", "it starts without the file")
    house.header.let_go(SERVICE, held)
    assert house.machine.do("read", path=FILE) == text
    assert house.ask("gate", "history")["revisions"][-1]["comment"].endswith("was not confirmed: back to 1.")
    house.end("gate")
    house.start("gate")
    house.until_status("gate", lambda status: status["settings"]["state"] == "ok", "it starts with the file again")
    assert house.ask("gate", "show", "call.to")["settings"] == {"call.to": KITCHEN}
