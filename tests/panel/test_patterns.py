"""What the ring shows: no two states alike, on any ring, to any eye."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intercom.panel.patterns import COLOURS, OVERLAYS, PATTERNS, RGB, Light, colours, lit, next_change

STATES = {
    "offline": Light("blink", "amber"),
    "idle": Light("off", "off"),
    "idle, with a heartbeat": Light("heartbeat", "white"),
    "pending": Light("chase", "blue"),
    "connecting": Light("spin", "white"),
    "ringing": Light("breathe", "white"),
    "open": Light("steady", "green"),
    "reconnecting": Light("swing", "amber"),
    "closed": Light("flash-long", "green"),
    "failed": Light("flash-three", "red"),
    "open, muted": Light("steady", "green", ("muted",)),
    "open, link lost": Light("steady", "green", ("link-lost",)),
    "open, muted, link lost": Light("steady", "green", ("muted", "link-lost")),
    "open, poor": Light("steady", "green", ("poor-quality",)),
    "open, muted, poor": Light("steady", "green", ("muted", "poor-quality")),
    "open, link lost, poor": Light("steady", "green", ("link-lost", "poor-quality")),
    "open, muted, link lost, poor": Light("steady", "green", ("muted", "link-lost", "poor-quality")),
}
COUNTS = [1, 2, 3, 4, 5, 6, 8, 12, 16, 24]
STEP_S = 0.05
WINDOW_S = 16.0
CYCLE_S = 4.0
TELLING_S = 0.2

Frames = np.ndarray[tuple[int, int], np.dtype[np.bool_]]


def frames(light: Light, count: int) -> Frames:
    """The on/off frames of a one-colour ring, sampled in the middle of each step."""
    steps = np.arange(0, WINDOW_S + CYCLE_S, STEP_S) + STEP_S / 2
    return np.array([lit(light, t=float(t), count=count) for t in steps])


def least_difference_s(first: Frames, second: Frames, *, is_first_once: bool) -> float:
    """For how long the two differ where they look most alike, whenever one starts to look."""
    length = round(WINDOW_S / STEP_S)
    shifts = range(1 if is_first_once else round(CYCLE_S / STEP_S))
    return min(float((first[shift : shift + length] != second[:length]).any(axis=1).sum() * STEP_S) for shift in shifts)


@pytest.mark.parametrize("count", COUNTS)
def test_no_two_states_look_alike_on_a_one_colour_ring(count: int) -> None:
    shown = {state: frames(light, count) for state, light in STATES.items()}
    once = {state for state, light in STATES.items() if PATTERNS[light.pattern].lasts_s < WINDOW_S}
    for one, other in combinations(STATES, 2):
        first, second = (other, one) if one in once else (one, other)
        telling_s = least_difference_s(shown[first], shown[second], is_first_once=first in once)
        assert telling_s >= TELLING_S, f"{one} and {other} differ for {telling_s:.2f} s only"


@pytest.mark.parametrize(("one", "other"), list(combinations(sorted(set(COLOURS) - {"off"}), 2)))
def test_the_colours_differ_in_luminance_too(one: str, other: str) -> None:
    lighter, darker = sorted((luminance(COLOURS[one]), luminance(COLOURS[other])), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) > 1.3


def luminance(colour: RGB) -> float:
    """Relative luminance (WCAG 2.2), 0 to 1."""
    linear = [part / 255 / 12.92 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in colour]
    return float(np.dot([0.2126, 0.7152, 0.0722], linear))


lights = st.builds(
    Light,
    st.sampled_from(sorted(PATTERNS)),
    st.sampled_from(sorted(COLOURS)),
    st.lists(st.sampled_from(sorted(OVERLAYS)), unique=True).map(tuple),
)


@given(lights, st.floats(0, 1e6), st.integers(1, 48))
def test_every_light_shows_a_colour_on_each_led(light: Light, t: float, count: int) -> None:
    shown = colours(light, t=t, count=count)
    assert len(shown) == len(lit(light, t=t, count=count)) == count
    assert all(0 <= part <= 255 for colour in shown for part in colour)


@given(lights, st.floats(0, 100), st.floats(0, 1), st.integers(1, 24))
def test_a_light_stays_as_it_is_until_its_next_change(light: Light, t: float, part: float, count: int) -> None:
    change = next_change(light, t=t, count=count)
    until = t + 60 if change is None else change
    assert until > t
    between = t + (until - t) * part
    if until - between > 1e-5:
        assert colours(light, t=between, count=count) == colours(light, t=t, count=count)
        assert lit(light, t=between, count=count) == lit(light, t=t, count=count)


@given(lights, st.floats(0, 100), st.integers(1, 24))
def test_no_light_changes_more_often_than_thirty_times_a_second(light: Light, t: float, count: int) -> None:
    change = next_change(light, t=t, count=count)
    if change is not None:
        after = next_change(light, t=change, count=count)
        assert after is None or OVERLAYS.keys() & set(light.overlays) or after - change >= 1 / 30 - 1e-9


def test_a_red_quarter_says_muted_and_is_dark_on_a_one_colour_ring() -> None:
    muted = Light("steady", "green", ("muted",))
    red, green = COLOURS["red"], COLOURS["green"]
    assert colours(muted, t=0, count=8) == (red, red, *[green] * 6)
    assert lit(muted, t=0, count=8) == (False, False, *[True] * 6)


@pytest.mark.parametrize(
    ("overlay", "rhythm"),
    [("link-lost", "#.#.#.#.#."), ("poor-quality", "##...##..."), ("last-minute", "###.#.....")],
)
def test_a_segment_opposite_the_top_tells_by_its_rhythm_what_is_with_the_call(overlay: str, rhythm: str) -> None:
    light, green = Light("steady", "green", (overlay,)), COLOURS["green"]
    seen = [colours(light, t=0.2 * step + 0.1, count=4) for step in range(10)]
    assert [colour == (green, green, COLOURS[OVERLAYS[overlay].colour], green) for colour in seen] == [
        mark == "#" for mark in rhythm
    ]


@pytest.mark.parametrize(
    ("pattern", "rhythm"),
    [("flash-long", "##########.........."), ("flash-three", "##..##..##..........")],
)
def test_a_flash_comes_once(pattern: str, rhythm: str) -> None:
    light = Light(pattern, "red")
    shown = [lit(light, t=step / 10 + 0.05, count=6) for step in range(len(rhythm))]
    assert shown == [((mark == "#"),) * 6 for mark in rhythm]
    assert next_change(light, t=1.5, count=6) is None


@pytest.mark.parametrize("pattern", ["off", "steady"])
def test_a_light_that_does_not_move_never_changes(pattern: str) -> None:
    assert next_change(Light(pattern, "green", ("muted",)), t=3, count=6) is None
