"""Who is heard by half duplex, and what a gate may do to samples."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intercom.audio.frames import RATE
from intercom.audio.halfduplex import HalfDuplex, level_db

BLOCK = RATE // 100
LEVELS = st.one_of(st.none(), st.floats(-90, -1))


def block(dbfs: float | None, *, hertz: float = 400.0) -> bytes:
    """Return 10 ms of a tone whose RMS is `dbfs`; None: silence."""
    peak = 0.0 if dbfs is None else 32768 * 2**0.5 * 10 ** (dbfs / 20)
    sound = peak * np.sin(2 * np.pi * hertz * np.arange(BLOCK) / RATE)
    return np.clip(np.rint(sound), -32768, 32767).astype(np.int16).tobytes()


def after(gate: HalfDuplex, near_db: float | None, far_db: float | None, *, blocks: int) -> float:
    """Return by how much the last of these blocks is weaker than it came, in dB."""
    near, far = block(near_db), block(far_db)
    for _ in range(blocks):
        out = gate.clean(near, far)
    return level_db(near) - level_db(out)


@pytest.mark.parametrize(
    ("near_db", "far_db", "weaker_db"),
    [
        (-30, None, 0),  # nobody plays
        (-30, -60, 0),  # next to nothing plays
        (-30, -20, 30),  # the far end speaks, an echo comes
        (-20, -20, 30),  # an echo as loud as what is played could be
        (-8, -20, 0),  # louder than an echo could be
        (None, -20, 0),  # nothing to weaken
    ],
)
def test_the_louder_end_is_heard(near_db: float | None, far_db: float | None, weaker_db: float) -> None:
    assert after(HalfDuplex(), near_db, far_db, blocks=20) == pytest.approx(weaker_db, abs=0.5)


def test_the_microphone_comes_back_when_the_far_end_has_fallen_silent() -> None:
    gate = HalfDuplex()
    assert after(gate, -30, -20, blocks=50) == pytest.approx(30, abs=0.5)
    assert after(gate, -60, None, blocks=15) == pytest.approx(30, abs=1.5)  # its echo may still be on its way
    assert after(gate, -30, None, blocks=60) == 0


def test_an_echo_that_returns_weaker_is_learnt_so_that_a_soft_voice_wins_too() -> None:
    gate = HalfDuplex()
    assert after(gate, -28, -20, blocks=50) == pytest.approx(30, abs=0.5)
    after(gate, -45, -20, blocks=700)
    assert after(gate, -28, -20, blocks=20) == 0


def test_a_knock_does_not_open_and_a_pause_between_two_words_does_not_close() -> None:
    gate = HalfDuplex()
    after(gate, -40, -20, blocks=20)
    assert after(gate, -8, -20, blocks=2) == pytest.approx(30, abs=0.5)
    after(gate, -8, -20, blocks=20)
    assert after(gate, -40, -20, blocks=20) == 0
    assert after(gate, -40, -20, blocks=20) == pytest.approx(30, abs=0.5)


def test_it_closes_within_5_ms_and_never_jumps() -> None:
    gate, steady = HalfDuplex(), np.full(BLOCK, 10_000, np.int16).tobytes()
    script = [None] * 3 + [-12.0] * 10 + [None] * 90
    sound = np.frombuffer(b"".join(gate.clean(steady, block(far_db)) for far_db in script), np.int16)
    assert sound[3 * BLOCK + RATE // 200] < 10_000 * 0.04
    assert np.abs(np.diff(sound.astype(int))).max() < 10_000 * 0.02
    assert sound[-1] == 10_000


@given(st.lists(st.tuples(LEVELS, LEVELS), max_size=60))
def test_whatever_comes_nothing_is_made_louder_and_nothing_dies(
    script: list[tuple[float | None, float | None]],
) -> None:
    gate = HalfDuplex()
    for near_db, far_db in script:
        near = block(near_db)
        before, now = (
            np.abs(np.frombuffer(pcm, np.int16).astype(int)) for pcm in (near, gate.clean(near, block(far_db)))
        )
        assert (now <= before).all()
        assert (now >= np.floor(before * 0.03)).all()


@given(st.lists(LEVELS, max_size=60))
def test_where_nothing_plays_the_very_same_bytes_are_returned(script: list[float | None]) -> None:
    gate = HalfDuplex()
    assert all(gate.clean(near, block(None)) is near for near in map(block, script))


@given(st.lists(st.sampled_from([None, -20.0]), min_size=1, max_size=40))
def test_two_gates_that_hear_the_same_do_the_same(script: list[float | None]) -> None:
    one, other = HalfDuplex(), HalfDuplex()
    for far_db, near in zip(script, itertools.cycle([block(-30)])):
        assert one.clean(near, block(far_db)) == other.clean(near, block(far_db))
