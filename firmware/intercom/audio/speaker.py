"""The playback thread: the far end's voice and our tones, mixed, to the speaker."""

from collections.abc import Callable
from typing import Protocol

from intercom.audio import alsa
from intercom.audio.events import AudioChanged
from intercom.audio.frames import RATE, Source, mix, scale, silence
from intercom.audio.side import Device, Side
from intercom.audio.standin import NoSpeaker
from intercom.audio.tones import KEYS, Tone

LINGER_SAMPLES = RATE // 2
LOOK_TURNS = 50  # half a second: asking ALSA how much is queued is not free


class Output(Device, Protocol):
    """Takes mono 48 kHz sound at the pace of its clock."""

    def due(self) -> int: ...

    def write(self, pcm: bytes) -> bool: ...

    def queued_ms(self) -> float: ...


class Heard(Protocol):
    """Told of what was just given to the speaker and is heard in `delay_ms`, in the playback thread."""

    def __call__(self, pcm: bytes, *, delay_ms: float) -> None: ...


class Speaker(Side[Output]):
    """Open while there is a source or a tone, and half a second longer, so that all of it is heard."""

    name = "playback"

    def __init__(
        self, pcm: str, *, period_ms: int, gains: tuple[float, float], report: Callable[[AudioChanged], None]
    ) -> None:
        """`gains` are the factors for the source and for tones."""
        super().__init__(pcm, stand_in=NoSpeaker(), report=report)
        self._period_ms = period_ms
        self._source_gain, self._tone_gain = gains
        self._source: Source | None = None
        self._tone: Tone | None = None
        self._key: Tone | None = None
        self._linger = 0
        self._turns = 0
        self._heard: Heard | None = None
        self.queued_ms = 0.0

    def connect(self, source: Source, heard: Heard) -> None:
        """Play what `source` gives; tell `heard` of all that is played, tones too."""
        self._source, self._heard = source, heard
        self.wake()

    def disconnect(self) -> None:
        """Pull nothing more from the source, back on the usual PCM; a pull that is on its way may still come."""
        self._source = self._heard = None
        self.use(None)

    def play(self, tone: str) -> None:
        """Play one of `tones.SOUNDS` from its beginning, in place of any other; KeyError: there is none so named.

        A key's tone, which is short, sounds over the others: a ringing goes on under it.
        """
        if tone in KEYS:
            self._key = Tone(tone)
        else:
            self._tone = Tone(tone)
        self.wake()

    def silence(self) -> None:
        """End the tone, if there is one; a key's ends by itself."""
        if self._tone:
            self._tone.end()

    def is_wanted(self) -> bool:
        return self._is_sounding() or self._linger > 0

    def open(self, pcm: str) -> Output:
        return alsa.Playback(pcm, period_ms=self._period_ms)

    def turn(self, device: Output) -> bool:
        samples = device.due()
        self._linger = LINGER_SAMPLES if self._is_sounding() else self._linger - samples
        sound = self._sound(samples)
        is_whole = device.write(sound)
        if self._turns % LOOK_TURNS == 0:
            self.queued_ms = device.queued_ms()
        self._turns += 1
        if heard := self._heard:
            heard(sound, delay_ms=self.queued_ms)
        return is_whole

    def _is_sounding(self) -> bool:
        return self._source is not None or any(tone and not tone.is_over for tone in (self._tone, self._key))

    def _sound(self, samples: int) -> bytes:
        source = self._source
        sound = scale(source.pull(samples), self._source_gain) if source else silence(samples)
        for tone in (self._tone, self._key):
            if tone and not tone.is_over:
                sound = mix(sound, scale(tone.pull(samples), self._tone_gain))
        return sound
