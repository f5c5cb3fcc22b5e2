"""When the engines work, and how they come and go."""

import numpy as np
import pytest

from intercom.audio.canceller import LINGER_BLOCKS, Canceller
from intercom.audio.frames import RATE

BLOCK = RATE // 100
SILENT = bytes(2 * BLOCK)


def level(height: int) -> bytes:
    return np.full(BLOCK, height, np.int16).tobytes()


class Half:
    """An engine that halves what it is given, and counts."""

    name, smooths, reach_ms = "half", False, 100

    def __init__(self) -> None:
        self.blocks = 0

    def clean(self, near: bytes, far: bytes) -> bytes:
        self.blocks += 1
        return (np.frombuffer(near, np.int16) // 2).tobytes()


def calm(engine: Half) -> Canceller:
    """Return one that has long heard nothing of the far end."""
    canceller = Canceller((engine,), always=False)
    for _ in range(LINGER_BLOCKS + 1):
        canceller.clean(SILENT, SILENT)
    engine.blocks = 0
    return canceller


def test_where_the_far_end_is_silent_nothing_is_done_at_all() -> None:
    engine = Half()
    canceller, near = calm(engine), level(1000)
    assert all(canceller.clean(near, far) is near for far in 50 * (SILENT, level(32), level(-32)))
    assert engine.blocks == 0


def test_the_engine_begins_with_the_first_loud_block_and_ends_long_after_the_last() -> None:
    engine = Half()
    canceller = calm(engine)
    sound = b"".join(canceller.clean(level(1000), far) for far in [SILENT, level(500), *(LINGER_BLOCKS + 5) * [SILENT]])
    samples = np.frombuffer(sound, np.int16).astype(int)
    assert (samples[:BLOCK] == 1000).all()
    assert (samples[2 * BLOCK : LINGER_BLOCKS * BLOCK] == 500).all()
    assert (samples[-3 * BLOCK :] == 1000).all()
    assert np.abs(np.diff(samples)).max() <= 2  # 500 in 10 ms: no click
    assert engine.blocks == LINGER_BLOCKS + 1


def test_it_begins_at_work_so_that_an_engine_knows_the_room_before_the_first_echo() -> None:
    engine = Half()
    Canceller((engine,), always=False).clean(level(1000), SILENT)
    assert engine.blocks == 1


def test_engines_that_do_more_than_cancel_work_all_the_time() -> None:
    engine = Half()
    canceller = Canceller((engine,), always=True)
    assert {canceller.clean(level(1000), SILENT) for _ in range(3 * LINGER_BLOCKS)} == {level(500)}


def test_one_engine_follows_the_other() -> None:
    canceller = Canceller((Half(), Half()), always=True)
    assert canceller.clean(level(1000), SILENT) == level(250)


@pytest.mark.parametrize("far", [level(33), level(-33), level(-32768)])
def test_what_could_echo_is_heard_whatever_its_sign(far: bytes) -> None:
    engine = Half()
    calm(engine).clean(level(1000), far)
    assert engine.blocks == 1
