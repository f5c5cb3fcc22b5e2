"""What lies over a light: seen on any ring, told from each other, and nothing hides muted."""

from itertools import chain, combinations

import pytest

from intercom.panel.patterns import OVERLAYS, STEP_S, Light, colours, lit, mixed
from intercom.station.rules import RULES, SIGNS
from tests.panel.test_patterns import TELLING_S, frames, least_difference_s

LIGHTS = sorted({row.light for row in RULES.values()}, key=str)
LASTING = sorted({row.light for row in RULES.values() if row.lasts_s is None}, key=str)
COUNTS = [1, 2, 3, 4, 6, 8, 12, 16, 24, 60]
OTHERS = tuple(sorted(set(OVERLAYS) - {"muted"}))
EVERY_SET = list(chain.from_iterable(combinations(OTHERS, count) for count in range(len(OTHERS) + 1)))
PAIRS = [others for others in EVERY_SET if len(others) <= 2 or len(others) == len(OTHERS)]
CYCLE_S = 5.0  # what a ring of few LEDs needs for the pattern, for muted and for one of the others
TIMES = [2.1, 0.1, 0.3, *(STEP_S * step + 0.1 for step in range(25))]  # the likeliest first
EYES = {"one colour": lit, "colours": colours, "red, green, blue on or off": mixed}


def over(light: Light, *names: str) -> Light:
    return Light(light.pattern, light.colour, names)


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("count", COUNTS)
def test_muted_is_seen_within_five_seconds_whatever_else_is_shown(count: int, eye: str) -> None:
    """All sets of overlays on the rings that differ in kind, all pairs and the whole on the others."""
    sets = EVERY_SET if (count, eye) in {(1, "one colour"), (6, "one colour"), (6, "colours")} else PAIRS
    draw = EYES[eye]
    for light in LIGHTS:
        for others in sets:
            muted, spoken = over(light, "muted", *others), over(light, *others)
            assert any(draw(muted, t=t, count=count) != draw(spoken, t=t, count=count) for t in TIMES), muted


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("count", [1, 3, 6, 60])
@pytest.mark.parametrize("name", OTHERS)
def test_each_overlay_is_seen_over_each_light_alone_and_among_all_others_in_its_turn(
    name: str, count: int, eye: str
) -> None:
    draw = EYES[eye]
    turns = [STEP_S * step + 0.1 for step in range(round(len(OVERLAYS) * CYCLE_S / STEP_S))]
    others = tuple(other for other in OVERLAYS if other != name)
    for light in LIGHTS:
        alone, bare = over(light, name), over(light)
        assert any(draw(alone, t=t, count=count) != draw(bare, t=t, count=count) for t in turns), alone
        among, without = over(light, *others, name), over(light, *others)
        assert any(draw(among, t=t, count=count) != draw(without, t=t, count=count) for t in turns), among


@pytest.mark.parametrize("count", [1, 3, 8])
def test_no_two_overlays_look_alike_on_a_one_colour_ring(count: int) -> None:
    for light in (Light("steady", "green"), Light("heartbeat", "white")):
        shown = {names: frames(over(light, *names), count) for names in [(), *((name,) for name in OVERLAYS)]}
        for one, other in combinations(shown, 2):
            telling_s = least_difference_s(shown[one], shown[other], is_first_once=False)
            assert telling_s >= TELLING_S, f"{one} and {other} over {light} differ for {telling_s:.2f} s only"


@pytest.mark.parametrize("count", COUNTS)
def test_lasting_lights_with_muted_and_any_one_other_make_films_of_their_own(count: int) -> None:
    films: dict[tuple[tuple[bool, ...], ...], Light] = {}
    for light in LASTING:
        for names in [(), ("muted",), *((name,) for name in OTHERS), *(("muted", name) for name in OTHERS)]:
            shown = over(light, *names)
            film = tuple(lit(shown, t=step / 10 + 0.05, count=count) for step in range(200))
            assert film not in films, f"{shown} and {films[film]}"
            films[film] = shown


@pytest.mark.parametrize("count", COUNTS)
def test_no_set_of_overlays_makes_a_light_dark_for_long(count: int) -> None:
    """A dark ring is one without power: whatever is shown, something is lit within the heart's 4 s and a turn."""
    for light in LASTING:
        for others in (*PAIRS, OTHERS):
            shown = over(light, "muted", *others)
            assert any(any(lit(shown, t=step / 10 + 0.05, count=count)) for step in range(60)), shown


def test_every_sign_that_is_shown_has_its_overlay_in_the_three_quarters_that_are_not_muted_s() -> None:
    assert set(map(str, SIGNS)) <= set(OVERLAYS)
    assert [name for name, overlay in OVERLAYS.items() if overlay.start == 0] == ["muted"]
    assert {overlay.start for overlay in OVERLAYS.values()} == {0, 0.25, 0.5, 0.75}
    assert {len(overlay.rhythm) for overlay in OVERLAYS.values()} == {10}
