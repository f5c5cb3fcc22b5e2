"""What is done to the microphone's sound beyond sending it: echo, noise, level.

The engine is WebRTC's audio processing (echo canceller AEC3) as the package `livekit` carries it: an optional extra of
this package, imported only where a call asks for processing.  It works on 10 ms of mono at 48 kHz.
"""

import logging
from collections import deque
from dataclasses import dataclass
from typing import Any, Protocol

from intercom.audio.frames import FRAME_MS, RATE, SAMPLE_BYTES, Framer, scale
from intercom.settings import schema

BLOCK_BYTES = RATE // 100 * SAMPLE_BYTES
MOST_FAR_PERIODS = 20
NO_ENGINE = "The microphone is sent as it is, since livekit is not installed: install intercom's extra `processing`."
BROKEN = "The microphone is sent as it is, since its processing failed: {}."

logger = logging.getLogger(__name__)


class Constraints(Protocol):
    """How a call wants the microphone, as `call.ports.AudioConstraints`; None: as set."""

    @property
    def pcm(self) -> str | None: ...

    @property
    def gain_db(self) -> float | None: ...

    @property
    def echo_cancellation(self) -> bool | None: ...

    @property
    def noise_suppression(self) -> bool | None: ...

    @property
    def auto_gain_control(self) -> bool | None: ...


@dataclass(frozen=True, slots=True)
class Treatment:
    """What is to be done to one call's microphone."""

    echo: bool = False
    noise: bool = False
    level: bool = False
    gain_db: float = 0.0

    @property
    def needs_engine(self) -> bool:
        """Whether more than a factor is asked for."""
        return self.echo or self.noise or self.level


class Engine(Protocol):
    """Cleans the near end's sound of the far end's; both in blocks of 10 ms, all calls from one thread."""

    def far(self, block: bytes) -> None:
        """Take what the speaker was given."""

    def near(self, block: bytes, *, delay_ms: int) -> bytes:
        """Return the microphone's sound, cleaned; raises RuntimeError where the engine fails.

        `delay_ms`: from the speaker being given a sound until the microphone gave its echo.
        """


def treatment(settings: schema.Audio, constraints: Constraints | None) -> Treatment:
    """Return the settings' treatment, and what a call wants otherwise."""
    echo, noise, level = settings.echo, settings.noise, settings.gain
    if constraints is None:
        return Treatment(echo, noise, level)
    wishes = constraints.echo_cancellation, constraints.noise_suppression, constraints.auto_gain_control
    chosen = [usual if wish is None else wish for wish, usual in zip(wishes, (echo, noise, level), strict=True)]
    return Treatment(chosen[0], chosen[1], chosen[2], constraints.gain_db or 0.0)


class Processing:
    """Treats one call's microphone in the capture thread; `far` alone is for the playback thread.

    Without the engine the sound passes as it is, and `status` says why.
    """

    def __init__(self, treatment: Treatment) -> None:
        self._treatment = treatment
        self._factor = 10 ** (treatment.gain_db / 20)
        self._far: deque[bytes] = deque(maxlen=MOST_FAR_PERIODS)
        self._far_blocks, self._near_blocks = Framer(BLOCK_BYTES), Framer(BLOCK_BYTES)
        self._delay_ms = 0.0
        self._engine: Engine | None = None
        self._why = ""

    def prepare(self) -> None:
        """Load the engine if it is needed; the first one in a process takes a while."""
        if self._treatment.needs_engine and self._engine is None and not self._why:
            try:
                self._engine = WebRtc(self._treatment)
            except ImportError:
                self._give_up(NO_ENGINE)

    def far(self, pcm: bytes, *, delay_ms: float) -> None:
        """Take what the speaker was just given and plays in `delay_ms`; never waits."""
        if self._treatment.echo:
            self._far.append(pcm)
            self._delay_ms = delay_ms

    def near(self, frame: bytes) -> bytes:
        """Return a frame of the microphone as the far end shall hear it."""
        self.prepare()
        if engine := self._engine:
            try:
                frame = self._clean(engine, frame)
            except RuntimeError as error:
                self._give_up(BROKEN.format(error))
        return scale(frame, self._factor)

    def status(self) -> dict[str, Any]:
        """Return what is done, and why not where it can't be."""
        wanted, works = self._treatment, self._engine is not None
        return {
            "echo": wanted.echo and works,
            "noise": wanted.noise and works,
            "gain": wanted.level and works,
            "gain_db": wanted.gain_db,
            "why": self._why,
        }

    def _clean(self, engine: Engine, frame: bytes) -> bytes:
        while self._far:
            for block in self._far_blocks.feed(self._far.popleft()):
                engine.far(block)
        delay_ms = round(self._delay_ms + FRAME_MS)
        return b"".join(engine.near(block, delay_ms=delay_ms) for block in self._near_blocks.feed(frame))

    def _give_up(self, why: str) -> None:
        self._engine, self._why = None, why
        logger.warning("%s", why)


class WebRtc:
    """WebRTC's audio processing; the constructor raises ImportError where `livekit` is not installed."""

    def __init__(self, treatment: Treatment) -> None:
        from livekit.rtc.apm import AudioProcessingModule  # noqa: PLC0415 (30 MB and five threads)
        from livekit.rtc.audio_frame import AudioFrame  # noqa: PLC0415

        self._frame = AudioFrame
        self._has_far_end = treatment.echo
        self._module = AudioProcessingModule(
            echo_cancellation=treatment.echo,
            noise_suppression=treatment.noise,
            high_pass_filter=treatment.echo or treatment.noise,
            auto_gain_control=treatment.level,
        )

    def far(self, block: bytes) -> None:
        self._module.process_reverse_stream(self._framed(block))

    def near(self, block: bytes, *, delay_ms: int) -> bytes:
        if self._has_far_end:
            self._module.set_stream_delay_ms(delay_ms)
        frame = self._framed(block)
        self._module.process_stream(frame)
        return bytes(frame.data)

    def _framed(self, block: bytes) -> Any:
        return self._frame(bytearray(block), RATE, 1, len(block) // SAMPLE_BYTES)
