"""What a recording of chirps tells."""

import numpy as np
import pytest

from intercom.audio import chirp
from intercom.audio.frames import RATE
from tests.rig.simcard import Pcm

AFTER = RATE


def heard(*, delay_ms: float = 100.0, loss_db: float = 20.0, noise_dbfs: float = -60.0, ppm: float = 0.0) -> bytes:
    """Return what a microphone hears of the programme, its clock `ppm` faster than the speaker's."""
    played = np.frombuffer(chirp.programme(), np.int16).astype(float)
    moments = (np.arange(len(played) + AFTER) - delay_ms * RATE / 1000) / (1 + ppm * 1e-6)
    sound = np.interp(moments, np.arange(len(played)), played, left=0, right=0) * 10 ** (-loss_db / 20)
    sound += np.random.default_rng(1).normal(0, 32768 * 10 ** (noise_dbfs / 20), len(sound))
    recorded: Pcm = np.clip(np.rint(sound), -32768, 32767).astype(np.int16)
    return recorded.tobytes()


@pytest.mark.parametrize("delay_ms", [0.5, 10.0, 133.3, 600.0])
@pytest.mark.parametrize(("loss_db", "noise_dbfs"), [(0.0, -90.0), (20.0, -60.0), (45.0, -55.0)])
def test_delay_and_loss_are_found_in_noise(delay_ms: float, loss_db: float, noise_dbfs: float) -> None:
    found = chirp.find(heard(delay_ms=delay_ms, loss_db=loss_db, noise_dbfs=noise_dbfs))
    assert found.heard == chirp.CHIRPS
    assert found.at_ms == pytest.approx(chirp.LEAD_MS + delay_ms, abs=0.1)
    assert found.echo_loss_db == pytest.approx(loss_db, abs=1.0)
    assert found.noise_dbfs == pytest.approx(noise_dbfs, abs=0.5)


@pytest.mark.parametrize("ppm", [-300.0, -20.0, 0.0, 20.0, 300.0])
def test_two_clocks_are_told_apart_within_2_ppm(ppm: float) -> None:
    assert chirp.find(heard(ppm=ppm)).drift_ppm == pytest.approx(ppm, abs=2)


def test_a_microphone_that_is_turned_up_too_far_cuts_off() -> None:
    assert chirp.find(heard(loss_db=-12)).clipped_share > 0.05
    assert chirp.find(heard()).clipped_share == 0


def test_noise_alone_holds_no_chirp() -> None:
    found = chirp.find(heard(loss_db=200.0, noise_dbfs=-30.0))
    assert (found.heard, found.at_ms, found.level_dbfs, found.drift_ppm) == (0, None, None, None)
    assert not found.is_dead


def test_a_microphone_that_is_off_gives_zeros() -> None:
    assert chirp.find(bytes(len(chirp.programme()))).is_dead
