"""The air between a speaker and a microphone, in real time: what one card plays another hears, later and quieter."""

import threading
import time
from types import TracebackType
from typing import Self

import numpy as np

from tests.rig.simcard import Pcm, SimCard

STEP_S = 0.005
LEAST_DELAY_MS = 40


class Air:
    """Carries sound as long as this context, with noise; the clocks of the two cards may differ.

    `delay_ms` is LEAST_DELAY_MS or more, so that the microphone's sound is there before it is asked for.
    """

    def __init__(
        self, speaker: SimCard, microphone: SimCard, *, delay_ms: float, loss_db: float, noise_dbfs: float = -70.0
    ) -> None:
        assert delay_ms >= LEAST_DELAY_MS
        self._speaker, self._microphone = speaker, microphone
        self._delay_ns, self._factor = delay_ms * 1e6, 10 ** (-loss_db / 20)
        self._noise = 32768 * 10 ** (noise_dbfs / 20)
        self._random = np.random.default_rng(1)
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._carry, name="air", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_over.set()
        self._thread.join()

    def _carry(self) -> None:
        done = self._heard_until()
        while not self._is_over.wait(STEP_S):
            until = self._heard_until()
            if until > done:
                self._microphone.say(self._heard(done, until), at=done)
                done = until

    def _heard_until(self) -> int:
        return self._microphone.time_at(time.monotonic_ns() + int(self._delay_ns))

    def _heard(self, begin: int, end: int) -> Pcm:
        """Return what the microphone hears between two moments of its clock."""
        played = self._speaker.time_at(self._microphone.moment_ns(begin) - int(self._delay_ns))
        ratio = self._speaker.samples_per_ns / self._microphone.samples_per_ns
        at = np.arange(end - begin) * ratio
        sound = self._speaker.played_from(played, int(at[-1]) + 2)
        heard = np.interp(at, np.arange(len(sound)), sound) * self._factor
        loud: Pcm = np.clip(np.rint(heard + self._random.normal(0, self._noise, len(at))), -32768, 32767).astype(
            np.int16
        )
        return loud
