"""What is done to the microphone's sound beyond sending it: echo, noise, level."""

import logging
import threading
from collections.abc import Sequence
from typing import Any, Protocol

from intercom.audio.canceller import Canceller
from intercom.audio.echometer import EchoMeter
from intercom.audio.engines import Engine, RateHz, Treatment, load
from intercom.audio.frames import RATE, SAMPLE_BYTES, scale
from intercom.audio.reference import Reference
from intercom.settings import schema

BLOCK_BYTES = RATE // 100 * SAMPLE_BYTES
BYTES_PER_MS = RATE // 1000 * SAMPLE_BYTES
AHEAD_MS = 10.0
NOT_DONE = "The microphone is sent as it is. {}"
BROKEN = "The microphone is sent as it is, since its processing failed: {}"

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


class Heard(Protocol):
    """Told, in the playback thread, of what was just given to the speaker and is heard in `delay_ms`."""

    def __call__(self, pcm: bytes, *, delay_ms: float) -> None: ...


def treatment(settings: schema.Audio, constraints: Constraints | None) -> Treatment:
    """Return the settings' treatment, and what a call wants otherwise."""
    if constraints is None:
        return Treatment(settings.echo, settings.noise, settings.gain)
    noise, level = constraints.noise_suppression, constraints.auto_gain_control
    usual = "auto" if settings.echo == "off" else settings.echo
    return Treatment(
        {None: settings.echo, True: usual, False: "off"}[constraints.echo_cancellation],
        settings.noise if noise is None else noise,
        settings.gain if level is None else level,
        constraints.gain_db or 0.0,
    )


class Processing:
    """Treats one call's microphone in the capture thread; `heard` alone is for the playback thread.

    Until the engines are loaded, and without them, the sound passes as it is, and `status` says why.
    `loop_ms`: how long the card's own way is, from what ALSA says is heard to what it says was heard, where measured.
    """

    def __init__(self, treatment: Treatment, *, rate_hz: RateHz = 48_000, loop_ms: float = 0.0) -> None:
        self._treatment, self._rate_hz = treatment, rate_hz
        self._factor = 10 ** (treatment.gain_db / 20)
        self._reference, self._meter = Reference(), EchoMeter()
        self._queued_ms, self._loop_ms = 0.0, loop_ms
        self._engines: Sequence[Engine] = ()
        self._canceller: Canceller | None = None
        self._loading: threading.Thread | None = None
        self._why = ""

    @property
    def heard(self) -> Heard | None:
        """Who must be told of what is played; None: that is of no use."""
        return self._played if self._treatment.echo != "off" else None

    def prepare(self) -> None:
        """Begin to load what is needed, once; that may take a while, in a thread of its own."""
        if self._treatment.needs_engine and not self._loading:
            self._loading = threading.Thread(target=self.load, name="processing", daemon=True)
            self._loading.start()

    def load(self) -> None:
        """Load what is needed."""
        self._engines, why = load(self._treatment, rate_hz=self._rate_hz)
        ...

    def near(self, frame: bytes) -> bytes:
        """Return a frame of the microphone, a multiple of 10 ms, as the far end shall hear it."""
        if canceller := self._canceller:
            try:
                frame = self._clean(canceller, frame)
            except RuntimeError as error:
                self._give_up(BROKEN.format(error))
        return scale(frame, self._factor)
