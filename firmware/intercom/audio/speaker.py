"""The playback thread: the far end's voice and our tones, mixed, to the speaker."""

from collections.abc import Callable
from typing import Protocol

from intercom.audio import alsa
from intercom.audio.events import AudioChanged
from intercom.audio.frames import RATE, Source, mix, scale, silence
from intercom.audio.side import Device, Side
from intercom.audio.standin import NoSpeaker
from intercom.audio.tones import Tone

LINGER_SAMPLES = RATE // 2


class Output(Device, Protocol):
    """Takes mono 48 kHz sound at the pace of its clock."""

    def due(self) -> int: ...

    def write(self, pcm: bytes) -> bool: ...


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
        self._linger = 0

    def connect(self, source: Source) -> None:
        """Play what `source` gives."""
        self._source = source
        self.wake()

    def disconnect(self) -> None:
        """Pull nothing more from the source; a pull that is on its way may still come."""
        self._source = None
        self.wake()

    def play(self, tone: str) -> None:
        """Play one of `tones.CADENCES` from its beginning, in place of any other; KeyError: there is none so named."""
        self._tone = Tone(tone)
        self.wake()

    def silence(self) -> None:
        """End the tone, if there is one."""
        if self._tone:
            self._tone.end()

    def is_wanted(self) -> bool:
        return self._is_sounding() or self._linger > 0

    def open(self) -> Output:
        return alsa.Playback(self._pcm, period_ms=self._period_ms)

    def turn(self, device: Output) -> bool:
        samples = device.due()
        self._linger = LINGER_SAMPLES if self._is_sounding() else self._linger - samples
        return device.write(self._sound(samples))

    def _is_sounding(self) -> bool:
        tone = self._tone
        return self._source is not None or (tone is not None and not tone.is_over)

    def _sound(self, samples: int) -> bytes:
        source, tone = self._source, self._tone
        sound = scale(source.pull(samples), self._source_gain) if source else silence(samples)
        if tone is None or tone.is_over:
            return sound
        return mix(sound, scale(tone.pull(samples), self._tone_gain))
