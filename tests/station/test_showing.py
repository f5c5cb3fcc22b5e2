"""The lights that `intercom test ring` walks through."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from intercom.console import client, commands
from intercom.errors import ConflictError, UsageError
from intercom.panel.patterns import PATTERNS
from intercom.settings.schema import Settings
from intercom.station import showing
from intercom.station.rules import RULES, SIGNS
from tests.call.world import SID
from tests.station.test_feedback import operator
from tests.station.test_station import House

LIGHTS = showing.lights(RULES)


def test_every_light_every_pattern_and_every_sign_is_shown_once_and_named() -> None:
    shown = list(LIGHTS.values())
    assert len(set(shown)) == len(shown)
    assert {row.light for row in RULES.values()} <= set(shown)
    assert {light.pattern for light in shown} == set(PATTERNS) - {"off"}
    assert {name for light in shown for name in light.overlays} == set(map(str, SIGNS))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("pending", "chase blue"),
        ("meter", "meter white"),
        ("muted", "steady green with muted"),
        ("do-not-disturb", "steady green with do-not-disturb"),
    ],
)
def test_a_light_is_told_in_words(name: str, words: str) -> None:
    assert showing.words(LIGHTS[name]) == words


def test_the_walk_names_each_light_as_it_begins_and_ends_when_a_call_does_begin() -> None:
    asked: list[Sequence[str]] = []

    def ask(words: Sequence[str]) -> client.Answer:
        asked.append(words)
        if words[2:] == ["spin"]:
            raise ConflictError("There is a call, which has the ring.")
        lights = {name: f"{name} white" for name in (words[2:] or ["chase", "blink", "spin", "off"])}
        return client.Answer(commands.find("test-ring"), {"lights": lights, "for_s": 0.0})

    walk = client.walk(ask, ["test", "ring"])
    assert [next(walk).text, next(walk).text] == ["chase: chase white", "blink: blink white"]
    with pytest.raises(ConflictError):
        next(walk)
    assert len(asked) == 4


async def test_a_simulated_ring_is_not_shown_to_nobody() -> None:
    said: list[str] = []
    with pytest.raises(ConflictError, match="No station runs, and the panel is simulated"):
        await showing.alone(Settings(), said.append)
    assert said == []


async def test_the_station_shows_one_light_for_a_while_unless_there_is_a_call(tmp_path: Path) -> None:
    house = House()
    desk = operator(house, Settings(), tmp_path)
    async with desk._panel as panel:
        assert list(desk.try_ring("")["lights"]) == list(LIGHTS)
        assert "trial" not in panel.status()["ring"]
        assert desk.try_ring("pending") == {"lights": {"pending": "chase blue"}, "for_s": showing.SHOWN_S}
        assert panel.status()["ring"]["trial"]["pattern"] == "chase"
        with pytest.raises(UsageError, match="no light of that name"):
            desk.try_ring("disco")
        house.incoming(SID)
        await house.settle()
        with pytest.raises(ConflictError, match="There is a call"):
            desk.try_ring("pending")
