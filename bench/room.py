"""A room between a card's speaker and its microphone: echo, and somebody near who talks.

Outside of the programs under test, in real time: the microphone hears at card time t what the speaker played before
t - DELAY_MS, by way of the walls.  So the room is always that much ahead of what a program can have captured.
"""

import os
import threading
import time
from contextlib import suppress
from types import TracebackType
from typing import Self

import numpy as np
import numpy.typing as npt
from scipy.fft import next_fast_len

from tests.rig.simcard import Pcm, SimCard

DELAY_MS = 60
RETURN_DB = -12.0  # the echo beside what the speaker played
WALLS_MS, T60_MS = 128, 250
BLOCK_MS = 10
SEED = 4


class Room:
    """Feeds the microphone from card time `begin` to `end` while this context lasts; `near` is said at its times.

    `echo` is what came by the walls alone, from `begin` on.  `late_blocks`: too late for the microphone.
    """

    def __init__(self, card: SimCard, *, begin: int, end: int, near: dict[int, Pcm]) -> None:
        self.late_blocks = 0
        self._card, self._begin, self._end = card, begin, end
        self._echo = np.zeros(end - begin + card.rate)  # and what the walls still send after the end
        self._near = np.zeros(end - begin)
        for at, pcm in near.items():
            self._near[at - begin : at - begin + len(pcm)] = pcm[: end - at]
        self._block = card.rate * BLOCK_MS // 1000
        self._size = next_fast_len(self._block + card.rate * WALLS_MS // 1000, real=True)
        self._walls = np.fft.rfft(walls(card.rate), self._size)
        self._is_over = threading.Event()
        self._feeding = threading.Thread(target=self._feed, name="room", daemon=True)

    def __enter__(self) -> Self:
        self._feeding.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_over.set()
        self._feeding.join()

    @property
    def echo(self) -> npt.NDArray[np.float64]:
        return self._echo[: self._end - self._begin]

    def _feed(self) -> None:
        with suppress(PermissionError):  # sound is not late either
            os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
        ahead = self._card.rate * DELAY_MS // 1000 - self._block
        for at in range(self._begin, self._end - self._block, self._block):
            wait_s = (self._card.moment_ns(at - ahead) - time.monotonic_ns()) / 1e9
            if self._is_over.wait(max(wait_s, 0.0)):
                return
            self._fill(at)

    def _fill(self, at: int) -> None:
        begin, block = at - self._begin, self._block
        played = self._card.played_from(at - self._card.rate * DELAY_MS // 1000, block)
        self._echo[begin : begin + self._size] += np.fft.irfft(
            np.fft.rfft(played, self._size) * self._walls, self._size
        )
        heard = self._echo[begin : begin + block] + self._near[begin : begin + block]
        self._card.say(np.clip(np.rint(heard), -32768, 32767).astype(np.int16), at=at)
        self.late_blocks += self._card.now() > at


def walls(rate: int) -> npt.NDArray[np.float64]:
    """Return the impulse response of a small furnished room, without its delay."""
    t = np.arange(rate * WALLS_MS // 1000) / rate
    response = np.random.default_rng(SEED).normal(0, 1, len(t)) * 10 ** (-3 * t / (T60_MS / 1000))
    response[0] = 6.0
    response *= 10 ** (RETURN_DB / 20) / np.sqrt(np.sum(response**2))
    return response
