"""The one door to ALSA: a stream of 16-bit sound by pyalsaaudio 0.11, whose errors become OSErrors again.

It reports an xrun as a negative length, everything else by text alone, and can't say when to be woken: a writer that
wants to come late finds the moment by the card's own pace.
"""

import contextlib
import ctypes
import errno
import math
import os
import time
from dataclasses import dataclass
from enum import IntEnum

import alsaaudio

NUMBERS = {os.strerror(number): number for number in errno.errorcode}
JUST_AFTER_S = 0.0001  # a period's end, so that the card has told of it
LOOK_AGAIN_S = 0.0005
NEARLY = 0.9
DRIFT = 0.001  # by how much a card's clock may differ from ours


class Direction(IntEnum):
    """Which way sound flows; the name is that of our thread and of its side in `status`."""

    PLAYBACK = alsaaudio.PCM_PLAYBACK
    CAPTURE = alsaaudio.PCM_CAPTURE

    def __str__(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Shape:
    """What a card agreed to; period and buffer in samples of one channel."""

    rate: int
    channels: int
    period: int
    buffer: int

    @property
    def period_ms(self) -> float:
        """How long a period is."""
        return self.period * 1000 / self.rate

    @property
    def buffer_ms(self) -> float:
        """How much sound the buffer holds."""
        return self.buffer * 1000 / self.rate


class Pace:
    """Tells when a card will have moved so many samples, though it tells only period by period what it has moved."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._began_s, self._looked_s = math.inf, 0.0

    def look(self, moved: int, *, at_s: float) -> None:
        """Take what the card says that it has moved: never too much, but up to a period too little."""
        drifted_s = self._began_s + DRIFT * (at_s - self._looked_s)
        self._began_s, self._looked_s = min(at_s - moved / self._rate, drifted_s), at_s

    def moment_s(self, moved: int) -> float:
        """Return when it will say that it has moved that many."""
        return self._began_s + moved / self._rate


class Pcm:
    """An open PCM, used by one thread; every method may raise OSError with ALSA's error number.

    EPIPE is an xrun, ESTRPIPE a suspend (`prepare` ends either), ENODEV a card that is gone.
    """

    def __init__(self, name: str, direction: Direction, *, rate: int, period: int, buffer: int) -> None:
        """Open it and agree on what is nearest to mono at `rate`, with these sizes in samples."""
        self._open(name, direction, rate=rate, period=period, periods=round(buffer / period))
        if self.shape.buffer_ms * rate < buffer * 1000 * NEARLY:  # the card's periods are shorter
            self.close()
            periods = math.ceil(buffer / rate * self.shape.rate / self.shape.period)
            self._open(name, direction, rate=rate, period=period, periods=periods)
        self._room = self.shape.period
        self._begin()

    def close(self) -> None:
        """Close it without playing what is in the buffer: that could wait for a card that is gone."""
        with contextlib.suppress(alsaaudio.ALSAAudioError):
            self._pcm.drop()
        with contextlib.suppress(alsaaudio.ALSAAudioError):
            self._pcm.close()

    def prepare(self) -> None:
        """Empty the buffer and stop; the next read or write starts it."""
        try:
            self._pcm.drop()
        except alsaaudio.ALSAAudioError as error:
            raise _numbered(error) from error
        self._begin()

    def read(self) -> bytes:
        """Wait for a period and return it."""
        try:
            length, pcm = self._pcm.read()
        except alsaaudio.ALSAAudioError as error:
            raise _numbered(error) from error
        _checked(length)
        sound: bytes = pcm
        return sound

    def write(self, pcm: bytes) -> None:
        """Play this after what is in the buffer; waits only where there is no room."""
        try:
            length = self._pcm.write(pcm)
        except alsaaudio.ALSAAudioError as error:
            raise _numbered(error) from error
        self._written += _checked(length)

    def wake_at(self, room: int) -> None:
        """From now on let `wait` wait for room for that many samples."""
        self._room = room

    def wait(self, timeout_ms: int) -> bool:
        """Wait until there is as much room as `wake_at` says; False: not within that time."""
        until_s = time.monotonic() + timeout_ms / 1000
        enough = self._written + self._room - self.shape.buffer
        while (moved := self._moved()) < enough:
            now_s = time.monotonic()
            if now_s > until_s:
                if self._pcm.state() == alsaaudio.PCM_STATE_SUSPENDED:  # of which `avail` may not know
                    raise OSError(errno.ESTRPIPE, os.strerror(errno.ESTRPIPE))
                return False
            self._pace.look(moved, at_s=now_s)
            time.sleep(max(self._pace.moment_s(enough) + JUST_AFTER_S - now_s, LOOK_AGAIN_S))
        return True

    def delay(self) -> int:
        """Return after how many samples one that is written now is heard, as far as ALSA knows."""
        return self._written - self._moved()

    def _open(self, name: str, direction: Direction, *, rate: int, period: int, periods: int) -> None:
        try:
            self._pcm = alsaaudio.PCM(
                int(direction), alsaaudio.PCM_NORMAL, device=name, rate=rate, channels=1,
                format=alsaaudio.PCM_FORMAT_S16_LE, periodsize=period, periods=max(2, periods),
            )  # fmt: skip
        except alsaaudio.ALSAAudioError as error:
            raise _numbered(error) from error
        facts = self._pcm.info()
        self.shape = Shape(facts["rate"], facts["channels"], facts["period_size"], facts["buffer_size"])
        if facts["format"] != alsaaudio.PCM_FORMAT_S16_LE:
            self.close()
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))

    def _moved(self) -> int:
        return self._written + _checked(self._pcm.avail()) - self.shape.buffer

    def _begin(self) -> None:
        self._written = 0
        self._pace = Pace(self.shape.rate)


def quieten() -> None:
    """Stop libasound from writing to stderr: what it can't open is in our words in status and log.

    The handler must not be Python: it runs under libasound's configuration lock, for which another thread may wait
    with the GIL in its hands.  getpid() is the C function that does nothing, whatever it is given.
    """
    getpid = ctypes.cast(ctypes.CDLL(None).getpid, ctypes.c_void_p)
    ctypes.CDLL("libasound.so.2").snd_lib_error_set_handler(getpid)


def _checked(result: int) -> int:
    if result < 0:
        raise OSError(-result, os.strerror(-result))
    return int(result)


def _numbered(error: alsaaudio.ALSAAudioError) -> OSError:
    text = str(error).rpartition(" [")[0] or str(error)
    return OSError(NUMBERS.get(text, 0), text)
