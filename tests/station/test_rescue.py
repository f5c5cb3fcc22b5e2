"""A rescue: the station can be reached and set up, whatever its settings are."""

from hypothesis import given, settings

from intercom.settings.clashes import clashes
from intercom.settings.schema import Audio, Call, Door, Log, Rtc, Settings
from intercom.station import rescue, rulecheck
from tests.settings.strategies import valid_settings


@given(valid_settings())
@settings(max_examples=100, deadline=None)
def test_a_rescue_keeps_who_the_station_is_and_its_wiring_and_nothing_that_could_be_wrong(chosen: Settings) -> None:
    safe = rescue.of(chosen)
    assert (safe.station, safe.signaling) == (chosen.station, chosen.signaling)
    assert (safe.panel.buttons, safe.panel.ring, safe.door.pin) == (
        chosen.panel.buttons,
        chosen.panel.ring,
        chosen.door.pin,
    )
    assert (safe.audio, safe.rtc, safe.call, safe.log) == (Audio(), Rtc(), Call(), Log())
    assert (safe.door.allow, safe.door.inband) == (Door().allow, False)
    assert safe.console.port == chosen.console.port or not chosen.console.port
    assert clashes(safe) == []
    assert rulecheck.problems(safe) == []
