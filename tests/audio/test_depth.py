"""How much sound is kept queued before a speaker."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intercom.audio.depth import CALM_FIRST_S, CALM_LAST_S, Depth, block_of
from intercom.audio.pcm import Shape

USUAL = Shape(rate=48_000, channels=1, period=240, buffer=2400)


def ms(depth: Depth, shape: Shape = USUAL, *, block: int = 240) -> float:
    return depth.samples(shape, block=block) * 1000 / shape.rate


def test_it_begins_at_15_ms_and_takes_5_more_after_each_underrun_up_to_40() -> None:
    depth, seen = Depth(), []
    for _ in range(7):
        seen.append(ms(depth))
        depth.grow()
    assert seen == [15, 20, 25, 30, 35, 40, 40]


def test_it_gives_5_ms_back_after_a_calm_time_and_never_more_than_it_took() -> None:
    depth = Depth()
    depth.grow()
    assert not depth.shrinks(CALM_FIRST_S - 1)
    assert depth.shrinks(1)
    assert ms(depth) == 15
    assert not depth.shrinks(100 * CALM_LAST_S)
    assert ms(depth) == 15


def test_an_underrun_begins_the_calm_time_anew() -> None:
    depth = Depth()
    depth.grow()
    depth.shrinks(CALM_FIRST_S - 1)
    depth.grow()
    assert not depth.shrinks(CALM_FIRST_S - 1)
    assert ms(depth) == 25


def test_each_time_that_less_was_too_little_the_calm_time_doubles_up_to_an_hour() -> None:
    depth, calm_s = Depth(), CALM_FIRST_S
    depth.grow()
    for _ in range(10):
        assert not depth.shrinks(calm_s - 1)
        assert depth.shrinks(1)
        depth.grow()
        calm_s = min(2 * calm_s, CALM_LAST_S)
    assert calm_s == CALM_LAST_S


def test_a_pcm_that_stood_still_has_all_that_a_larger_buffer_holds_for_a_calm_time() -> None:
    depth, large = Depth(), Shape(rate=48_000, channels=1, period=240, buffer=8160)
    assert depth.room_ms == 40
    depth.fill()
    depth.grow()
    assert (depth.room_ms, ms(depth, large)) == (160, 170)
    assert depth.shrinks(CALM_FIRST_S)
    assert (depth.room_ms, ms(depth, large)) == (40, 40)
    depth.fill()
    assert not depth.shrinks(2 * CALM_FIRST_S - 1)
    assert depth.shrinks(1)


@pytest.mark.parametrize(
    ("period", "buffer", "wanted", "block", "depth_ms"),
    [
        (240, 2400, 240, 240, 15),  # 5 ms at once
        (240, 2400, 480, 480, 15),  # 10 ms at once: half as many wake-ups, and half the time to be late
        (240, 2880, 960, 960, 25),
        (480, 4800, 480, 480, 20),  # a card with long periods
        (1024, 8192, 240, 1024, 42.7),  # dmix
        (240, 480, 480, 240, 10),  # a card with a tiny buffer
        (2400, 4800, 240, 2400, 100),
    ],
)
def test_there_is_a_period_at_least_beyond_what_is_written_at_once(
    period: int, buffer: int, wanted: int, block: int, depth_ms: float
) -> None:
    shape = Shape(48_000, 1, period, buffer)
    assert block_of(shape, wanted) == block
    assert ms(Depth(), shape, block=block) == pytest.approx(depth_ms, abs=0.1)


@given(
    rate=st.sampled_from([8_000, 16_000, 44_100, 48_000, 96_000]),
    period=st.integers(1, 5000),
    periods=st.integers(2, 40),
    wanted=st.integers(1, 5000),
    deeds=st.lists(st.one_of(st.sampled_from(["grow", "fill"]), st.floats(0.001, 5000))),
)
def test_on_any_card_a_block_fits_what_is_queued_and_that_fits_the_buffer(
    rate: int, period: int, periods: int, wanted: int, deeds: list[float | str]
) -> None:
    shape, depth = Shape(rate, 1, period, period * periods), Depth()
    block = block_of(shape, wanted)
    for deed in deeds:
        getattr(depth, deed)() if isinstance(deed, str) else depth.shrinks(deed)
        assert block < depth.samples(shape, block=block) <= shape.buffer
        assert block % period == 0
