"""The station's voice: its microphone, its speaker and its tones."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Self

from intercom.audio import pcm, ringtone
from intercom.audio.engines import Treatment
from intercom.audio.events import AudioChanged, AudioEvent
from intercom.audio.frames import Sink, Source, gain
from intercom.audio.microphone import Microphone
from intercom.audio.mixer import Mixer
from intercom.audio.processing import Constraints, Processing, treatment
from intercom.audio.profile import PROFILES, Profile
from intercom.audio.recording import Recording
from intercom.audio.ringtone import Ringtone
from intercom.audio.side import Choice
from intercom.audio.speaker import Speaker
from intercom.errors import AudioError, ConflictError
from intercom.settings import schema

__all__ = ["Sink", "Source", "Voice"]

JOIN_S = 2.0
OPEN_S = 5.0

logger = logging.getLogger(__name__)


class Voice:
    """What others use of audio: an async context manager around the capture and the playback thread.

    A PCM that can't be opened raises nowhere: it is tried again and again, `status` says why, and a call goes on with
    silence in its place.  `post` is called on the event loop.  `loop_ms`: how long a sound takes from the speaker's
    buffer to the microphone's, as far as it is known.
    """

    def __init__(
        self,
        settings: schema.Audio,
        *,
        post: Callable[[AudioEvent], None],
        board: Profile = PROFILES["normal"],
        loop_ms: float = 0.0,
        test_voice: bool = False,
    ) -> None:
        self._settings, self._post, self._loop_ms = settings, post, loop_ms
        self._ringtone = Ringtone()
        self._processing: Processing | None = None  # of a call whose gain is that of the settings
        self._mixer = Mixer(volume=gain(settings.volume), tone_volume=gain(settings.ring_volume))
        self._opening: asyncio.Future[AudioError | None] | None = None
        self._recording: Recording | None = None
        self._microphone = Microphone(
            settings.capture,
            period_ms=board.capture_period_ms,
            report=self._report,
            test_voice=test_voice,
        )
        self._speaker = Speaker(
            settings.playback,
            period_ms=board.playback_period_ms,
            mixer=self._mixer,
            report=self._report,
        )

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        pcm.quieten()
        await self._take_ringtone()
        self._microphone.start()
        self._speaker.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        sides = (self._microphone, self._speaker)
        for side in sides:
            side.stop()
        for side in sides:
            if not await asyncio.to_thread(side.join, JOIN_S):
                logger.warning("the %s thread hangs in the sound card's driver and is left behind", side.name)

    @property
    def is_audible(self) -> bool:
        """Whether a tone that plays now is heard: its PCM is open, and its volume is not 0."""
        return self._speaker.is_open and self._mixer.tone_volume > 0

    @property
    def playback_pcm(self) -> str:
        """The PCM that the speaker plays on."""
        return self._speaker.pcm

    def connect(self, sink: Sink, source: Source, constraints: Constraints | None = None) -> None:
        """Begin a call: the microphone's frames go to `sink`, the speaker plays what `source` gives; not muted."""
        processing = Processing(treatment(self._settings, constraints), loop_ms=self._loop_ms)
        self._processing = processing if constraints is None or constraints.gain_db is None else None
        self._opening = None
        if self._recording:
            self._recording.give_up()
        choice = self._choice(constraints.pcm) if constraints and constraints.pcm else None
        self._microphone.connect(sink, processing, choice)
        self._speaker.connect(source, processing.heard)

    async def opened(self) -> None:
        """Wait until the PCM that the call's constraints name is open; raises AudioError where it can't be."""
        if self._opening is None:
            return
        try:
            async with asyncio.timeout(OPEN_S):
                error = await self._opening
        except TimeoutError:
            error = AudioError(f"PCM {self._microphone.pcm} did not open within {OPEN_S:g} s.")
        if error:
            raise error

    def play_on(self, pcm: str) -> None:
        """Play the call, and tones, on another PCM until the call ends."""
        self._speaker.use(Choice(pcm))

    def delays_ms(self) -> tuple[float, float]:
        """Return how long a period of the microphone is, and how long what is pulled now waits for the speaker."""
        return self._microphone.period_ms, self._speaker.queued_ms

    def disconnect(self) -> None:
        """End the call; idempotent.  One more `put` and `pull` may follow, of threads that are just at it."""
        self._microphone.disconnect()
        self._speaker.disconnect()
        _settle(self._opening, None)

    def tune(self, settings: schema.Audio) -> None:
        """Take volumes and gain from these settings, at once; the gain that a call brought with it stays."""
        self._settings = settings
        self._mixer.volume, self._mixer.tone_volume = gain(settings.volume), gain(settings.ring_volume)
        if self._processing:
            self._processing.gain_db = settings.mic_gain_db

    async def apply(self, settings: schema.Audio) -> list[str]:
        """Take volumes, gain and ringtone from these settings; return sentences on what of it can't be."""
        before = self._settings
        self.tune(settings)
        if settings.ringtone == before.ringtone:
            return []
        await self._take_ringtone()
        return [self._ringtone.why] if self._ringtone.why else []

    def mute(self, flag: bool) -> None:
        """Send zeros (True) or the microphone, from the next 20 ms on."""
        self._microphone.mute(flag)

    def keep_private(self, flag: bool) -> None:
        """Send zeros in every call, whatever `mute` says, from the next 20 ms on (True), or no longer."""
        self._microphone.keep_private(flag)

    def play(self, tone: str) -> None:
        """Play a tone of `tones.SOUNDS` from its beginning, in place of any other; it loops or ends by itself."""
        self._speaker.play(tone)

    async def record(self, seconds: float) -> bytes:
        """Return what the microphone hears, untreated (mono S16LE, 48 kHz); for a station without a call.

        Raises AudioError where it can't be used, ConflictError where a call takes it meanwhile.
        """
        self._recording = recording = Recording(seconds)
        self._microphone.connect(recording, Processing(Treatment()))
        try:
            async with asyncio.timeout(seconds + OPEN_S):
                await asyncio.wait([recording.done])
        except TimeoutError as error:
            raise AudioError(f"PCM {self._microphone.pcm} gives no sound.") from error
        finally:
            is_open, why = self._microphone.is_open, str(self._microphone.status()["why"])
            self._microphone.let_go(recording)
        if recording.done.cancelled():
            raise ConflictError("The microphone was needed for something else meanwhile.", "Try it again.")
        if not is_open:
            raise AudioError(why or f"PCM {self._microphone.pcm} did not open.")
        return recording.done.result()

    def stop(self) -> None:
        """Stop any tone."""
        self._speaker.silence()

    def status(self) -> dict[str, Any]:
        """Return what `intercom status` shows under `audio`."""
        sides = {"capture": self._microphone.status(), "playback": self._speaker.status()}
        return {**sides, "ringtone": self._ringtone.status()}

    async def _take_ringtone(self) -> None:
        """Read it in the worker; it rings from the next ringing on."""
        self._ringtone = await asyncio.to_thread(ringtone.load, self._settings.ringtone)
        self._speaker.ringtone = self._ringtone.pcm
        if self._ringtone.why:
            logger.warning("%s: %s", self._ringtone.file, self._ringtone.why)

    def _choice(self, pcm: str) -> Choice:
        self._opening = opening = self._loop.create_future()
        return Choice(pcm, lambda error: self._loop.call_soon_threadsafe(_settle, opening, error))

    def _report(self, event: AudioChanged) -> None:
        self._loop.call_soon_threadsafe(self._changed, event)

    def _changed(self, event: AudioChanged) -> None:
        logger.info("%s: %s %s", event.side, event.state, event.why)
        self._post(event)


def _settle(opening: asyncio.Future[AudioError | None] | None, error: AudioError | None) -> None:
    """Note the outcome of the first try; the device loop goes on trying."""
    if opening and not opening.done():
        opening.set_result(error)
