"""Which settings a running station takes alive."""

import pytest

from intercom.settings.paths import leaves, replace
from intercom.settings.schema import Settings
from intercom.station.plan import ALIVE, needs_restart


def test_what_is_taken_alive_are_settings() -> None:
    assert leaves().keys() >= ALIVE


@pytest.mark.parametrize(
    ("changes", "is_restart"),
    [
        ({}, False),
        ({"audio.volume": 60}, False),
        ({"audio.volume": 60, "audio.ring_volume": 0, "audio.mic_gain_db": 3.0, "audio.ringtone": "/r.wav"}, False),
        ({"audio.capture": "headset"}, True),
        ({"audio.volume": 60, "call.to": "anna"}, True),
    ],
)
def test_only_what_is_not_taken_alive_needs_a_restart(changes: dict[str, object], is_restart: bool) -> None:
    after = Settings()
    for path, value in changes.items():
        after = replace(after, path, value)
    assert needs_restart(Settings(), after) is is_restart
