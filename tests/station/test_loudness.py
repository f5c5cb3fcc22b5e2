"""How loud a call is, shown by a light that does."""

import pytest

from intercom.settings.schema import Panel, Settings
from intercom.station.loudness import Loudness
from intercom.station.rulebook import Rulebook
from tests.call.world import SID
from tests.station.test_station import House


@pytest.mark.parametrize(
    ("rules", "expected"), [({"open.light": "meter green"}, [0.5, 0.75]), ({"open.light": "steady blue"}, [])]
)
async def test_the_louder_end_is_heard_where_a_light_shows_it(rules: dict[str, str], expected: list[float]) -> None:
    house, heard = House(), list[float]()
    loudness = Loudness(Rulebook.of(Settings(panel=Panel(rules=rules))), heard.append)
    call = house.incoming(SID)
    loudness.follow(call)
    assert bool(call.listeners("volume")) is bool(expected), "a call that nobody listens to need not measure so often"
    call.emit("volume", 0.5, 0.25)
    call.emit("volume", 0.0, 0.75)
    assert heard == expected
    assert (loudness.after(call), loudness.due()) == (None, None)
