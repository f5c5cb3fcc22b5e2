"""How a settings file differs from what a station tells."""

import pytest

from intercom.errors import SettingsError
from intercom.remote.compare import UNKNOWN, compared
from intercom.settings import armour
from intercom.settings.file import parse
from intercom.settings.paths import leaves, typed

KEY = 'api_key = "SK00000000000000000000000000000000"'
GUARDED = f'[signaling]\n{KEY}\napi_secret = "the station\'s"\n'


def changes(text: str, at_station: str = "") -> list[str]:
    found, _ = compared(text, armour.export(parse(at_station)), source="hall.toml", station="hall")
    return [str(change) for change in found]


@pytest.mark.parametrize(
    ("text", "at_station", "told"),
    [
        ("", "", []),
        ("[audio]\nvolume = 60\n", "", ["audio.volume = 60  # was 100"]),
        ("", "[audio]\nvolume = 60\n", ["audio.volume = 100  # was 60"]),
        (GUARDED.replace("the station's", "<set>"), GUARDED, []),
        (GUARDED.replace("the station's", "another"), GUARDED, []),
        (GUARDED, f'[signaling]\n{KEY}\napi_secret = "x"\n[audio]\nvolume = 3\n', ["audio.volume = 100  # was 3"]),
        (
            '[exchange]\nmetrics_token = "a-token-of-letters"\n',
            "",
            ['exchange.metrics_token = "<set>"  # was ""'],
        ),
        (
            "",
            '[exchange]\nmetrics_token = "a-token-of-letters"\n',
            ['exchange.metrics_token = ""  # was "<set>"'],
        ),
    ],
)
def test_what_differs_is_told_and_secrets_are_not(text: str, at_station: str, told: list[str]) -> None:
    assert changes(text, at_station) == told


def test_secrets_that_both_have_are_named() -> None:
    assert compared(GUARDED, armour.export(parse(GUARDED)), source="a", station="b")[1] == ["signaling.api_secret"]


def test_a_file_with_mistakes_is_told_by_its_name_and_lines() -> None:
    with pytest.raises(SettingsError, match=r"hall\.toml:2: audio\.volume must be"):
        changes("[audio]\nvolume = 140\n")


def test_every_secret_may_be_the_one_that_is_not_told() -> None:
    for leaf in leaves().values():
        assert not leaf.is_secret or typed(leaf, UNKNOWN) == UNKNOWN
