"""What new settings mean for a running station: which parts are built anew, and what waits."""

import pytest

from intercom.settings.paths import leaves, replace
from intercom.settings.schema import Settings
from intercom.station.plan import ALIVE, PARTS, Part, is_taken_alive, told, touched


def test_what_is_taken_alive_are_settings_and_what_has_a_part_are_sections() -> None:
    assert leaves().keys() >= ALIVE
    assert {path.partition(".")[0] for path in leaves()} > PARTS.keys()


@pytest.mark.parametrize(
    ("changes", "parts"),
    [
        ({}, set()),
        ({"audio.volume": 60}, set()),
        ({"audio.volume": 60, "audio.ring_volume": 0, "audio.mic_gain_db": 3.0, "audio.ringtone": "/r.wav"}, set()),
        ({"audio.capture": "headset"}, {Part.STATION}),
        ({"audio.volume": 60, "call.to": "anna"}, {Part.STATION}),
        ({"console.port": "/dev/ttyS0", "console.baud": 9600}, {Part.SERIAL}),
        ({"log.level": "debug", "panel.rules.idle.light": "off"}, {Part.LOG, Part.STATION}),
        ({"exchange.groups.house": ("hall",)}, {Part.EXCHANGE}),
    ],
)
def test_only_parts_whose_settings_have_changed_are_built_anew(changes: dict[str, object], parts: set[Part]) -> None:
    after = Settings()
    for path, value in changes.items():
        after = replace(after, path, value)
    assert touched(Settings(), after) == parts
    assert is_taken_alive(Settings(), after) is not bool(parts)


def test_a_call_is_never_cut_and_what_waits_for_its_end_is_told() -> None:
    both = frozenset({Part.STATION, Part.SERIAL})
    assert told(both, is_in_call=True) == [
        "The serial line is opened anew with it now.",
        "The station starts anew with it when the call has ended.",
    ]
    assert told(both, is_in_call=False)[1] == "The station starts anew with it now."
    assert told(frozenset(), is_in_call=False) == []
