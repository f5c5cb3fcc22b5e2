"""48 to 16 kHz and back, around an engine."""

import numpy as np
import pytest

from intercom.audio.frames import RATE
from intercom.audio.narrow import Narrow
from tests.rig.echo_room import Sound

BLOCK_BYTES = RATE // 100 * 2


class Idle:
    """An engine at 16 kHz that changes nothing."""

    name, smooths, reach_ms = "idle", False, 20

    def clean(self, near: bytes, far: bytes) -> bytes:
        assert len(near) == len(far) == 160 * 2
        return near


def through(sound: Sound) -> Sound:
    engine, pcm = Narrow(Idle()), np.rint(sound).astype(np.int16).tobytes()
    blocks = [pcm[at : at + BLOCK_BYTES] for at in range(0, len(pcm), BLOCK_BYTES)]
    return np.frombuffer(b"".join(engine.clean(block, block) for block in blocks), np.int16).astype(np.float64)


def tone(hertz: float) -> Sound:
    return np.asarray(8000 * np.sin(2 * np.pi * hertz * np.arange(RATE) / RATE))


@pytest.mark.parametrize("hertz", [100, 1000, 3400, 7000])
def test_speech_passes_unchanged_2_ms_late(hertz: float) -> None:
    sound = tone(hertz)
    late = through(sound)[1000:]
    assert late.std() == pytest.approx(sound.std(), rel=0.01)
    if hertz < 7000:
        assert np.abs(late - sound[1000 - 93 : -93]).max() < 30


@pytest.mark.parametrize("hertz", [9000, 12_000, 15_000, 23_000])
def test_what_16_khz_cannot_hold_is_gone(hertz: float) -> None:
    assert through(tone(hertz))[1000:].std() < 8000 / 1000


def test_the_loudest_sound_is_cut_off_not_turned_over() -> None:
    square = 32767 * np.sign(tone(400))
    assert np.corrcoef(through(square)[1000:], square[1000 - 93 : -93])[0, 1] > 0.98


def test_it_is_called_as_the_engine_is() -> None:
    engine = Narrow(Idle())
    assert (engine.name, engine.smooths, engine.reach_ms) == ("idle", False, 20)
