"""What goes out on the SPI bus, read as the LEDs read it."""

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intercom.panel import patterns, spi_light
from intercom.panel.patterns import COLOURS, OVERLAYS, PATTERNS, RGB, Light
from intercom.panel.spi_light import MOST_BYTES, coding, places, strengths
from intercom.settings.schema import Ring
from tests.panel.chains import CLOCKS_HZ, read, read_pulses

KINDS = [Ring(kind="ws2812"), Ring(kind="sk6812"), Ring(kind="sk6812", white=True), Ring(kind="apa102")]
SPI_KINDS = [(ring.kind, ring.white) for ring in KINDS]
rings = st.builds(
    lambda kind, count, top, clockwise: Ring(
        kind=kind[0], white=kind[1], count=count, top=top % count, clockwise=clockwise, brightness=100, gamma=1.0
    ),
    st.sampled_from(SPI_KINDS),
    st.integers(1, 240),
    st.integers(0, 239),
    st.booleans(),
)


def sent(colour: RGB, ring: Ring) -> RGB:
    """What an LED shows of a colour; an APA102's dimmer multiplies it."""
    red, green, blue = (part * (31 if ring.kind == "apa102" else 1) for part in colour)
    return red, green, blue


@pytest.mark.parametrize("kind", SPI_KINDS)
@pytest.mark.parametrize("count", [1, 3, 12, 24, 60])
@pytest.mark.parametrize("pattern", sorted(PATTERNS))
def test_the_chain_shows_each_frame_of_each_pattern_with_each_overlay(
    kind: tuple[str, bool], count: int, pattern: str
) -> None:
    ring = Ring(kind=kind[0], white=kind[1], count=count, brightness=100, gamma=1.0)  # type: ignore[arg-type]
    encode = coding(ring).encode
    for overlay in [(), *((name,) for name in OVERLAYS), tuple(OVERLAYS)]:
        for t in (0.0, 0.13, 0.7, 1.9, 2.3):
            colours = patterns.colours(Light(pattern, "amber", overlay), t=t, count=count)
            assert read(encode(colours), ring) == tuple(sent(colour, ring) for colour in colours)


@settings(deadline=None, max_examples=40)
@given(rings, st.randoms(use_true_random=False))
def test_any_colours_arrive_at_their_places(ring: Ring, chance: Random) -> None:
    parts = iter(chance.randbytes(3 * ring.count))
    colours = tuple(zip(parts, parts, parts, strict=True))
    shown = read(coding(ring).encode(colours), ring)
    assert shown == tuple(sent(colours[place], ring) for place in places(ring))


@pytest.mark.parametrize("ring", KINDS, ids=lambda ring: f"{ring.kind}{'w' * ring.white}")
def test_a_transfer_of_any_count_fits_into_one(ring: Ring) -> None:
    white = COLOURS["white"]
    for count in range(1, 241):
        of = Ring(kind=ring.kind, white=ring.white, count=count)
        assert len(coding(of).encode((white,) * count)) <= MOST_BYTES


@pytest.mark.parametrize("hz", CLOCKS_HZ.values(), ids=CLOCKS_HZ)
@pytest.mark.parametrize("kind", ["ws2812", "sk6812"])
def test_pulses_and_gaps_are_as_long_as_every_data_sheet_wants_at_the_clock_that_a_pi_gives(
    kind: str, hz: float
) -> None:
    ring = Ring(kind=kind, count=3, brightness=100, gamma=1.0)  # type: ignore[arg-type]
    transfer = coding(ring).encode(((0, 255, 85), (1, 2, 4), (128, 64, 32)))
    assert read_pulses(transfer, kind, hz) == [255, 0, 85, 2, 1, 4, 64, 128, 32]
    assert hz <= coding(ring).hz


@pytest.mark.parametrize(
    ("top", "clockwise", "expected"), [(0, True, "ABCD"), (1, True, "DABC"), (0, False, "ADCB"), (1, False, "BADC")]
)
def test_the_top_and_the_direction_say_where_each_led_is(top: int, clockwise: bool, expected: str) -> None:
    order = places(Ring(kind="ws2812", count=4, top=top, clockwise=clockwise))
    assert "".join("ABCD"[place] for place in order) == expected


@given(st.integers(1, 100), st.floats(1, 3))
def test_brightness_and_gamma_keep_the_order_and_what_is_lit_lit(brightness: int, gamma: float) -> None:
    table = strengths(brightness / 100, gamma)
    assert table[0] == 0
    assert table[255] == pytest.approx(2.55 * brightness, abs=0.51)
    assert all(0 < one <= other for one, other in pairwise(table[1:]))


@given(st.integers(1, 100))
def test_an_apa102_is_as_bright_as_asked_by_dimmer_and_colour_together(brightness: int) -> None:
    ring = Ring(kind="apa102", count=1, brightness=brightness, gamma=1.0)
    [(red, _, _)] = read(coding(ring).encode((COLOURS["white"],)), ring)
    assert red / (31 * 255) == pytest.approx(brightness / 100, abs=0.005)


def test_the_amber_of_a_ring_is_no_red_and_no_yellow() -> None:
    ring = Ring(kind="ws2812", count=1)
    [(red, green, blue)] = read(coding(ring).encode((COLOURS["amber"],)), ring)
    assert (red, blue) == (51, 0)
    assert 0.15 < green / red < 0.4


def test_the_reset_before_and_after_a_frame_is_all_low() -> None:
    assert set(spi_light.RESET) == {0}
    assert len(spi_light.RESET) * 8 / spi_light.ONE_WIRE_HZ >= 300e-6
