"""The playback thread: the far end's voice and our tones, mixed, to the speaker."""

import time
from collections.abc import Callable
from typing import Any, Protocol

from intercom.audio import alsa
from intercom.audio.depth import Depth
from intercom.audio.events import AudioChanged
from intercom.audio.frames import RATE, SAMPLE_BYTES, Source, silence
from intercom.audio.mixer import Mixer
from intercom.audio.side import Device, Side
from intercom.audio.standin import NoSpeaker
from intercom.audio.tones import BRIEF, RINGTONE, Tone

LINGER_SAMPLES = RATE // 2
AT_ONCE = RATE // 50  # samples: what a source has ready beyond what is due saves a wake-up; a tone has it always
LOOK_TURNS = 25  # half a second: asking ALSA how much is queued is not free


class Output(Device, Protocol):
    """Takes mono 48 kHz sound at the pace of its clock."""

    def due(self) -> int: ...

    def write(self, pcm: bytes) -> bool: ...

    def queued_ms(self) -> float: ...


class Heard(Protocol):
    """Told in the playback thread of what was just given to the speaker, and when its end is heard."""

    def __call__(self, pcm: bytes, *, ends_at: float) -> None: ...


class Speaker(Side[Output]):
    """Open while there is a source or a tone, and half a second longer, so that all of it is heard."""

    name = "playback"

    def __init__(self, pcm: str, *, period_ms: int, mixer: Mixer, report: Callable[[AudioChanged], None]) -> None:
        super().__init__(pcm, stand_in=NoSpeaker(), report=report)
        self._period_ms = period_ms
        self._mixer = mixer
        self._source: Source | None = None
        self._tone: Tone | None = None
        self._key: Tone | None = None
        self._linger = 0
        self._turns = 0
        self._heard: Heard | None = None
        self._depth = Depth()
        self._opened: alsa.Playback | None = None
        self.queued_ms = 0.0
        self.ringtone = b""  # in place of the built-in one, from the next ringing on

    def connect(self, source: Source, heard: Heard | None = None) -> None:
        """Play what `source` gives; tell `heard` of all that is played, tones too."""
        self._source, self._heard = source, heard
        self.wake()

    def disconnect(self) -> None:
        """Pull nothing more from the source, back on the usual PCM; a pull that is on its way may still come."""
        self._source = self._heard = None
        self.use(None)

    def play(self, tone: str) -> None:
        """Play one of `tones.SOUNDS` from its beginning, in place of any other; KeyError: there is none so named.

        One of `tones.BRIEF` sounds over the others: a ringing goes on under it.
        """
        if tone in BRIEF:
            self._key = Tone(tone)
        else:
            self._tone = Tone(tone, self.ringtone if tone == RINGTONE else b"")
        self.wake()

    def silence(self) -> None:
        """End the tone, if there is one; a key's ends by itself."""
        if self._tone:
            self._tone.end()

    def status(self) -> dict[str, Any]:
        """Return what is known of the PCM, and how much is kept queued before it."""
        return {**super().status(), "depth_ms": self._opened and round(self._opened.depth_ms, 1)}

    def is_wanted(self) -> bool:
        return self._is_sounding() or self._linger > 0

    def open(self, pcm: str) -> Output:
        self._opened = alsa.Playback(pcm, period_ms=self._period_ms, depth=self._depth)
        return self._opened

    def turn(self, device: Output) -> bool:
        due, is_sounding = device.due(), self._is_sounding()
        sound = self._sound(due)
        self._linger = LINGER_SAMPLES if is_sounding else self._linger - len(sound) // SAMPLE_BYTES
        heard = self._heard
        if heard or self._turns % LOOK_TURNS == 0:
            self.queued_ms = device.queued_ms()
        self._turns += 1
        begins_at = time.monotonic() + self.queued_ms / 1000
        is_whole = device.write(sound)
        if heard:
            heard(sound, ends_at=begins_at + len(sound) / SAMPLE_BYTES / RATE)
        return is_whole

    def _is_sounding(self) -> bool:
        return self._source is not None or any(tone and not tone.is_over for tone in (self._tone, self._key))

    def _sound(self, due: int) -> bytes:
        """Return so many samples at least."""
        source, tone, key = self._source, self._tone, self._key
        voice = source.pull(due, most=AT_ONCE) if source else None
        samples = len(voice) // SAMPLE_BYTES if voice else max(due, AT_ONCE - AT_ONCE % due)
        mixed = self._mixer.mix(
            voice,
            tone.pull(samples) if tone and not tone.is_over else None,
            key.pull(samples) if key and not key.is_over else None,
            is_ringing=tone is not None and tone.name == RINGTONE,
        )
        return silence(samples) if mixed is None else mixed
