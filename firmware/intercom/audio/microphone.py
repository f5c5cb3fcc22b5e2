"""The capture thread: from the microphone, through the mute gate, into the sink."""

import time
from collections.abc import Callable
from typing import Any, Protocol

from intercom.audio import alsa, cards
from intercom.audio.engines import Treatment
from intercom.audio.events import AudioChanged, DeviceState
from intercom.audio.frames import RATE, SAMPLE_BYTES, Framer, Sink
from intercom.audio.processing import Processing
from intercom.audio.side import Choice, Device, Side
from intercom.audio.standin import NoMicrophone
from intercom.errors import AudioError


class Input(Device, Protocol):
    """Gives mono 48 kHz sound at the pace of its clock."""

    def read(self) -> bytes | None: ...


class Microphone(Side[Input]):
    """Open while there is a sink.

    With `test_voice` a machine whose PCM can't be opened, and none of whose cards captures, is heard as a melody.
    """

    name = "capture"

    def __init__(
        self, pcm: str, *, period_ms: int, report: Callable[[AudioChanged], None], test_voice: bool = False
    ) -> None:
        self._stand_in_voice = NoMicrophone(period_ms)
        super().__init__(pcm, stand_in=self._stand_in_voice, report=report)
        self._period_ms = period_ms
        self._test_voice = test_voice
        self._line: _Line | None = None
        self._is_muted = self._is_private = False
        self._processing = Processing(Treatment())

    def connect(self, sink: Sink, processing: Processing, choice: Choice | None = None) -> None:
        """Send what this PCM (None: the usual one) hears, treated, to `sink`; not muted."""
        self._is_muted = False
        self._processing = processing
        self._line = _Line(sink, processing)
        self.use(choice)

    def disconnect(self) -> None:
        """Send nothing more; a frame that is on its way may still come."""
        self._line = None
        self.use(None)

    def let_go(self, sink: Sink) -> None:
        """Send nothing more to this sink; one that took its place keeps the microphone."""
        if self._line and self._line.sink is sink:
            self.disconnect()

    def status(self) -> dict[str, Any]:
        """Return what is known of the PCM, and what is done to its sound."""
        return {**super().status(), "processing": self._processing.status()}

    def mute(self, flag: bool) -> None:
        """From the next frame on send zeros, or what is heard."""
        self._is_muted = flag

    def keep_private(self, flag: bool) -> None:
        """From the next frame on send zeros in every call (True), muted or not."""
        self._is_private = flag

    def is_wanted(self) -> bool:
        return self._line is not None

    def open(self, pcm: str) -> Input:
        self._processing.prepare()
        return alsa.Capture(pcm, period_ms=self._period_ms)

    def turn(self, device: Input) -> bool:
        pcm = device.read()
        if pcm is None:
            return False
        if line := self._line:
            for frame in line.framer.feed(pcm):
                clean = line.processing.near(frame, at=time.monotonic())
                line.sink.put(line.silence if self._is_muted or self._is_private else clean)
        return True

    def state_of(self, error: AudioError) -> DeviceState:
        speaks = self._test_voice and not cards.any_captures()
        self._stand_in_voice.speaks = speaks
        return DeviceState.TEST_VOICE if speaks else super().state_of(error)


class _Line:
    """One call's way from the microphone to its sink."""

    def __init__(self, sink: Sink, processing: Processing) -> None:
        frame_bytes = RATE * sink.frame_ms // 1000 * SAMPLE_BYTES
        self.sink, self.processing = sink, processing
        self.framer, self.silence = Framer(frame_bytes), bytes(frame_bytes)
