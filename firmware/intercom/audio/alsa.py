"""The one door to ALSA: PCMs that speak our mono 48 kHz whatever the card offers, and its errors in words.

pyalsaaudio 0.11 reports an xrun as a negative length and everything else as one class without errno: both are
translated here, once.  Reads and writes block, without the GIL, until the card has moved a period.
"""

import contextlib
import ctypes
import errno
import os
from dataclasses import dataclass
from pathlib import Path

import alsaaudio

from intercom.audio.frames import RATE, SAMPLE_BYTES, from_mono, to_mono
from intercom.audio.resampler import Resampler
from intercom.errors import AudioBusyError, AudioDeniedError, AudioError, AudioFormatError, AudioMissingError

CAPTURE_PERIODS = 8  # room for a busy moment; costs no delay
PLAYBACK_PERIODS = 3  # all of it is delay; two were too tight without real-time priority

PROBLEMS: dict[int, tuple[type[AudioError], str, str]] = {
    errno.ENOENT: (AudioMissingError, "There is no PCM {pcm}, or no sound card behind it.", ""),
    errno.ENODEV: (AudioMissingError, "The sound card of PCM {pcm} is not there.", ""),
    errno.ENXIO: (AudioMissingError, "The sound card of PCM {pcm} is not there.", ""),
    errno.ECONNREFUSED: (AudioMissingError, "The sound server behind PCM {pcm} does not run.", ""),
    errno.EBUSY: (AudioBusyError, "{holder} holds PCM {pcm}.", ""),
    errno.EAGAIN: (AudioBusyError, "{holder} holds PCM {pcm}.", ""),
    errno.EINVAL: (AudioFormatError, "PCM {pcm} offers no format that we can use.", ""),
    errno.EACCES: (AudioDeniedError, "We have no right to use PCM {pcm}.", ""),
    errno.EPERM: (AudioDeniedError, "We have no right to use PCM {pcm}.", ""),
}
BY_TEXT = {os.strerror(number): problem for number, problem in PROBLEMS.items()}
CARDS = Path("/proc/asound")


@dataclass(frozen=True, slots=True)
class Shape:
    """What the card agreed to; period and buffer in samples of one channel."""

    rate: int
    channels: int
    period: int
    buffer: int


class Capture:
    """An open microphone; the constructor and `read` raise AudioError."""

    def __init__(self, pcm: str, *, period_ms: int) -> None:
        self._name = pcm
        self._pcm, self.shape = _open(pcm, alsaaudio.PCM_CAPTURE, period_ms=period_ms, periods=CAPTURE_PERIODS)
        self._resampler = Resampler(self.shape.rate, RATE)

    def read(self) -> bytes | None:
        """Wait for a period and return it; None after an overrun, when some sound was lost."""
        try:
            length, pcm = self._pcm.read()
        except alsaaudio.ALSAAudioError as error:
            raise translate(error, self._name, "capture") from error
        return None if length < 0 else self._resampler.feed(to_mono(pcm, channels=self.shape.channels))

    def close(self) -> None:
        _close(self._pcm)


class Playback:
    """An open speaker, its buffer filled with silence; the constructor and `write` raise AudioError."""

    def __init__(self, pcm: str, *, period_ms: int) -> None:
        self._name = pcm
        self._pcm, self.shape = _open(pcm, alsaaudio.PCM_PLAYBACK, period_ms=period_ms, periods=PLAYBACK_PERIODS)
        self._resampler = Resampler(RATE, self.shape.rate)
        self._period_bytes = self.shape.period * self.shape.channels * SAMPLE_BYTES
        self._rest = b""
        self._prime()

    def due(self) -> int:
        """Return how many samples `write` takes next."""
        missing = (self._period_bytes - len(self._rest)) // (self.shape.channels * SAMPLE_BYTES)
        return -(-missing * RATE // self.shape.rate)

    def write(self, pcm: bytes) -> bool:
        """Wait for room for a period and play it; False after an underrun, when there was a gap."""
        sound = self._rest + from_mono(self._resampler.feed(pcm), channels=self.shape.channels)
        whole = len(sound) - len(sound) % self._period_bytes
        self._rest = sound[whole:]
        if self._write(sound[:whole]):
            return True
        self._prime()
        self._write(sound[:whole])
        return False

    def queued_ms(self) -> float:
        """Return how long it takes until what is written next is heard, as ALSA tells (the card's own way aside)."""
        return (self.shape.buffer - max(0, int(self._pcm.avail()))) * 1000 / self.shape.rate

    def close(self) -> None:
        _close(self._pcm)

    def _prime(self) -> None:
        """Fill all but one period, so that each further one is asked for when the card has played one."""
        self._write(bytes(self.shape.buffer * self.shape.channels * SAMPLE_BYTES - self._period_bytes))

    def _write(self, sound: bytes) -> bool:
        try:
            return not sound or int(self._pcm.write(sound)) >= 0
        except alsaaudio.ALSAAudioError as error:
            raise translate(error, self._name, "playback") from error


def translate(error: Exception, pcm: str, side: str) -> AudioError:
    """Say in words what ALSA's error means; `side` is "capture" or "playback"."""
    text = str(error).rpartition(" [")[0] or str(error)
    kind, message, hint = BY_TEXT.get(text, (AudioError, f"PCM {{pcm}} does not work: {text}.", ""))
    return kind(message.format(pcm=pcm, holder=holder(side) or "Another program"), hint)


def holder(side: str, *, cards: Path = CARDS, processes: Path = Path("/proc")) -> str:
    """Return the names of the programs that have a card open for "capture" or "playback"; empty: none is known."""
    names = set()
    for status in cards.glob(f"card*/pcm*{side[0]}/sub*/status"):
        with contextlib.suppress(OSError):
            words = status.read_text().replace(":", " ").split()
            if "owner_pid" in words:
                pid = words[words.index("owner_pid") + 1]
                names.add(f"{(processes / pid / 'comm').read_text().strip()} (process {pid})")
    return " and ".join(sorted(names))


def any_card_captures(*, cards: Path = CARDS) -> bool:
    """Whether the kernel has a sound card with a microphone."""
    try:
        return "capture" in (cards / "pcm").read_text()
    except OSError:
        return False


def quieten() -> None:
    """Stop libasound from writing to stderr: what it can't open is in our words in status and log.

    The handler must not be Python: it runs under libasound's configuration lock, for which another thread may wait
    with the GIL in its hands.  getpid() is the C function that does nothing, whatever it is given.
    """
    getpid = ctypes.cast(ctypes.CDLL(None).getpid, ctypes.c_void_p)
    ctypes.CDLL("libasound.so.2").snd_lib_error_set_handler(getpid)


def _open(pcm: str, direction: int, *, period_ms: int, periods: int) -> tuple[alsaaudio.PCM, Shape]:
    """Ask for mono at 48 kHz; ALSA then gives the nearest that the card has, and only its sample format must fit."""
    side = "capture" if direction == alsaaudio.PCM_CAPTURE else "playback"
    try:
        opened = alsaaudio.PCM(
            direction, alsaaudio.PCM_NORMAL, device=pcm, rate=RATE, channels=1, format=alsaaudio.PCM_FORMAT_S16_LE,
            periodsize=RATE * period_ms // 1000, periods=periods,
        )  # fmt: skip
    except alsaaudio.ALSAAudioError as error:
        raise translate(error, pcm, side) from error
    facts = opened.info()
    if facts["format"] != alsaaudio.PCM_FORMAT_S16_LE:
        opened.close()
        raise AudioFormatError(f"PCM {pcm} offers {facts['format_name']} where we need S16_LE.")
    return opened, Shape(facts["rate"], facts["channels"], facts["period_size"], facts["buffer_size"])


def _close(pcm: alsaaudio.PCM) -> None:
    """Close without playing out what is in the buffer: that could wait for a card that is gone."""
    with contextlib.suppress(alsaaudio.ALSAAudioError):
        pcm.drop()
    pcm.close()
