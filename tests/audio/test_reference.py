"""What was played lies beside what was heard, whatever the pace of the two threads."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intercom.audio.frames import RATE
from intercom.audio.reference import Reference

MS = RATE // 1000
FRAME_MS = 20


class Clock:
    """Puts numbered milliseconds by periods and takes them by frames of 20 ms."""

    def __init__(self, *, period_ms: int = 5, age_ms: float = 35) -> None:
        self.reference = Reference()
        self._period_ms, self._age_ms = period_ms, age_ms
        self._put_ms = 0

    def put(self, until_ms: int) -> None:
        while self._put_ms + self._period_ms <= until_ms:
            numbers = np.arange(self._put_ms, self._put_ms + self._period_ms) + 1
            self.reference.put(np.repeat(numbers, MS).astype(np.int16).tobytes())
            self._put_ms += self._period_ms

    def skip(self, ms: int) -> None:
        """Play nothing for so long."""
        self._put_ms += ms

    def take(self, *, age_ms: float | None = None) -> list[int]:
        """Return the numbers of the milliseconds that are taken; 0: silence."""
        frame = self.reference.take(FRAME_MS * MS * 2, age_ms=self._age_ms if age_ms is None else age_ms)
        assert len(frame) == FRAME_MS * MS * 2
        return [int(number) for number in np.frombuffer(frame, np.int16)[::MS]]


def test_a_frame_is_as_old_as_was_asked_for_and_the_next_one_follows_it() -> None:
    clock, taken = Clock(age_ms=35), []
    for now in range(20, 400, 20):
        clock.put(now)
        taken += clock.take()
    first = taken.index(1)
    assert first == 35 - 20  # taken 35 ms after it was put, the first frame's end being at 20 ms
    assert taken[first:] == list(range(1, len(taken) - first + 1))


@given(st.lists(st.integers(0, 12), min_size=40, max_size=120))
def test_a_playback_thread_that_is_late_now_and_then_moves_nothing(late_ms: list[int]) -> None:
    clock, taken = Clock(age_ms=40), []
    for turn, late in enumerate([0, *late_ms], 1):
        clock.put(20 * turn - late)
        taken += clock.take()
    first = taken.index(1)
    assert taken[first:] == list(range(1, len(taken) - first + 1))


@given(st.lists(st.booleans(), min_size=80, max_size=200))
def test_whether_a_lump_comes_just_before_a_frame_is_taken_or_just_after_moves_nothing(come_before: list[bool]) -> None:
    clock, taken = Clock(period_ms=20), []
    for turn, comes_before in enumerate([True, *come_before], 1):
        put_ms = 20 * (turn if comes_before else turn - 1)
        clock.put(put_ms)
        taken += clock.take(age_ms=put_ms - 20 * turn + 60)
    first = taken.index(1)
    assert taken[first:] == list(range(1, len(taken) - first + 1))


def test_what_comes_too_late_leaves_its_place_silent_and_moves_nothing() -> None:
    clock, taken = Clock(age_ms=30), []
    for turn in range(1, 30):
        clock.put(20 * turn if turn != 12 else 20 * turn - 20)
        taken += clock.take()
    first = taken.index(1)
    steady = np.array(taken[first:])
    assert np.array_equal(steady[steady > 0], (np.arange(len(steady)) + 1)[steady > 0])
    assert np.count_nonzero(steady == 0) == 10


@pytest.mark.parametrize("gap_ms", [100, 1000])
def test_after_a_gap_in_the_playing_frames_are_as_old_as_before(gap_ms: int) -> None:
    clock = Clock(age_ms=35)
    for now in range(20, 2000, 20):
        clock.put(now)
        clock.take()
    clock.skip(gap_ms)
    for now in range(2000, 4000, 20):
        clock.put(now)
        last = clock.take()
    assert last[0] == pytest.approx(now - 35 + 1, abs=12)


@pytest.mark.parametrize("every", [-60, 60])
def test_two_crystals_drift_no_further_than_12_ms(every: int) -> None:
    """Each 60 frames the speaker plays 5 ms too much, or too little: 0.4 %."""
    clock, extra_ms = Clock(age_ms=35), 0
    ages = []
    for turn in range(1, 1500):
        extra_ms += 5 * (turn % 60 == 0) * (1 if every > 0 else -1)
        clock.put(20 * turn + extra_ms)
        clock.take()
        ages.append(clock.reference.age_ms)
    assert 35 - 12 - 10 <= min(ages[60:]) <= max(ages[60:]) <= 35 + 12 + 10


def test_where_nothing_was_put_there_is_silence() -> None:
    assert Clock().take() == [0] * FRAME_MS
