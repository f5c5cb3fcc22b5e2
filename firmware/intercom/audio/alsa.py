"""A microphone and a speaker that speak our mono 48 kHz whatever their cards offer, and ALSA's errors in words."""

import contextlib
import errno
import math
from collections.abc import Iterator

from intercom.audio import cards
from intercom.audio.depth import Depth, block_of
from intercom.audio.frames import RATE, from_mono, silence, to_mono
from intercom.audio.pcm import Direction, Pcm
from intercom.audio.resampler import Resampler
from intercom.errors import AudioBusyError, AudioDeniedError, AudioError, AudioFormatError, AudioMissingError

CAPTURE_PERIODS = 8  # room for a busy moment; costs no delay
GRAIN_MS = 5  # what is played is written in larger pieces, but a card tells of what it has played this often
MOST_MS = 20  # of sound that is written at once
STILL_MS = 1000  # a speaker that takes nothing for so long does not work
STILL_HINT = "If that lasts, unplug the sound card and plug it in again, or restart the sound server."
LOST = {errno.EPIPE, errno.ESTRPIPE}  # xrun, suspend

PROBLEMS: dict[int, tuple[type[AudioError], str]] = {
    errno.ENOENT: (AudioMissingError, "There is no PCM {pcm}, or no sound card behind it."),
    errno.ENODEV: (AudioMissingError, "The sound card of PCM {pcm} is not there."),
    errno.ENXIO: (AudioMissingError, "The sound card of PCM {pcm} is not there."),
    errno.ECONNREFUSED: (AudioMissingError, "The sound server behind PCM {pcm} does not run."),
    errno.EBUSY: (AudioBusyError, "{holder} holds PCM {pcm}."),
    errno.EAGAIN: (AudioBusyError, "{holder} holds PCM {pcm}."),
    errno.EINVAL: (AudioFormatError, "PCM {pcm} offers no format that we can use."),
    errno.EACCES: (AudioDeniedError, "We have no right to use PCM {pcm}."),
    errno.EPERM: (AudioDeniedError, "We have no right to use PCM {pcm}."),
}


class Capture:
    """An open microphone; the constructor and `read` raise AudioError."""

    def __init__(self, pcm: str, *, period_ms: int) -> None:
        self._name = pcm
        self._pcm = _open(pcm, Direction.CAPTURE, period_ms=period_ms, buffer_ms=CAPTURE_PERIODS * period_ms)
        self.shape = self._pcm.shape
        self._resampler = Resampler(self.shape.rate, RATE)

    def read(self) -> bytes | None:
        """Wait for a period and return it; None after an overrun or a suspend, when some sound was lost."""
        try:
            pcm = self._pcm.read()
        except OSError as error:
            _recover(self._pcm, error, self._name, Direction.CAPTURE)
            return None
        return self._resampler.feed(to_mono(pcm, channels=self.shape.channels))

    def close(self) -> None:
        self._pcm.close()


class Playback:
    """An open speaker, silent until `due` is called; the constructor, `due` and `write` raise AudioError.

    Its buffer is large, but never fuller than `depth` says: what is written is asked for as late as that allows.
    """

    def __init__(self, pcm: str, *, period_ms: int, depth: Depth | None = None) -> None:
        self._name = pcm
        self._depth = depth or Depth()
        grain_ms = period_ms / math.ceil(period_ms / GRAIN_MS)
        room_ms = self._depth.room_ms + max(period_ms, MOST_MS)
        self._pcm = _open(pcm, Direction.PLAYBACK, period_ms=grain_ms, buffer_ms=room_ms)
        self.shape = self._pcm.shape
        self._resampler = Resampler(RATE, self.shape.rate)
        self._block = block_of(self.shape, self.shape.rate * period_ms // 1000)
        self._due = -(-self._block * RATE // self.shape.rate)
        self._is_whole = True
        self._is_primed = False

    @property
    def depth_ms(self) -> float:
        """How much is queued just after a `write`."""
        return self._depth.samples(self.shape, block=self._block) * 1000 / self.shape.rate

    def due(self) -> int:
        """Wait until the card needs more, and return how many samples `write` takes then."""
        if not self._is_primed:
            self._prime()
        try:
            if not self._pcm.wait(STILL_MS):
                self._depth.fill()
                raise AudioError(f"PCM {self._name} stands still.", STILL_HINT)
        except OSError as error:
            self._restart(error)
        return self._due

    def write(self, pcm: bytes) -> bool:
        """Play this next; False after an underrun or a suspend, when there was a gap."""
        sound = from_mono(self._resampler.feed(pcm), channels=self.shape.channels)
        try:
            self._pcm.write(sound)
        except OSError as error:
            self._restart(error)
            self._write(sound)
        if self._depth.shrinks(self._due / RATE):
            self._set_depth()
        is_whole, self._is_whole = self._is_whole, True
        return is_whole

    def queued_ms(self) -> float:
        """Return how long it takes until what is written next is heard, as ALSA tells."""
        try:
            return max(0, self._pcm.delay()) * 1000 / self.shape.rate
        except OSError:
            return 0.0

    def close(self) -> None:
        self._pcm.close()

    def _restart(self, error: OSError) -> None:
        _recover(self._pcm, error, self._name, Direction.PLAYBACK)
        self._is_whole = False
        if error.errno == errno.EPIPE:
            self._depth.grow()
        self._prime()

    def _prime(self) -> None:
        """Begin with as much silence as the next `write` makes a full depth of."""
        self._is_primed = True
        self._write(silence(self._set_depth() * self.shape.channels))

    def _set_depth(self) -> int:
        """Be asked for a block whenever one less than the depth is left; return how much that is."""
        left = self._depth.samples(self.shape, block=self._block) - self._block
        with _in_words(self._name, Direction.PLAYBACK):
            self._pcm.wake_at(self.shape.buffer - left)
        return left

    def _write(self, sound: bytes) -> None:
        with _in_words(self._name, Direction.PLAYBACK):
            self._pcm.write(sound)


def translate(error: OSError, pcm: str, side: Direction) -> AudioError:
    """Say in words what ALSA's error means."""
    kind, message = PROBLEMS.get(error.errno or 0, (AudioError, f"PCM {{pcm}} does not work: {error.strerror}."))
    return kind(message.format(pcm=pcm, holder=cards.holder(str(side)) or "Another program"))


def _open(pcm: str, side: Direction, *, period_ms: float, buffer_ms: float) -> Pcm:
    with _in_words(pcm, side):
        return Pcm(pcm, side, rate=RATE, period=round(RATE * period_ms / 1000), buffer=round(RATE * buffer_ms / 1000))


def _recover(pcm: Pcm, error: OSError, name: str, side: Direction) -> None:
    """Make a PCM ready again that lost sound; raises AudioError where the error means something else."""
    with _in_words(name, side):
        if error.errno not in LOST:
            raise error
        pcm.prepare()


@contextlib.contextmanager
def _in_words(pcm: str, side: Direction) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise translate(error, pcm, side) from error
