"""What is done to the microphone's sound beyond sending it: echo, noise, level."""

import logging
import threading
from collections.abc import Sequence
from typing import Any, Protocol, TypeVar

from intercom.audio.canceller import Canceller
from intercom.audio.echometer import EchoMeter
from intercom.audio.engines import Engine, Treatment, load
from intercom.audio.frames import RATE, SAMPLE_BYTES
from intercom.audio.mixer import amplify
from intercom.audio.reference import BYTES_PER_MS, Reference
from intercom.audio.speaker import Heard
from intercom.settings import schema

BLOCK_BYTES = RATE // 100 * SAMPLE_BYTES
AHEAD_MS = 10.0
BROKEN = "The microphone is sent as it is, since its processing failed: {}"

Value = TypeVar("Value")

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


def treatment(settings: schema.Audio, constraints: Constraints | None) -> Treatment:
    """Return the settings' treatment, and what a call wants otherwise."""
    if constraints is None:
        return Treatment(settings.echo, settings.noise, settings.gain, settings.mic_gain_db)
    usual = "auto" if settings.echo == "off" else settings.echo
    return Treatment(
        {None: settings.echo, True: usual, False: "off"}[constraints.echo_cancellation],
        _either(constraints.noise_suppression, settings.noise),
        _either(constraints.auto_gain_control, settings.gain),
        _either(constraints.gain_db, settings.mic_gain_db),
    )


class Processing:
    """Treats one call's microphone in the capture thread; `far` alone is for the playback thread.

    Until the engines are loaded, and without them, the sound passes as it is, and `status` says why.
    `loop_ms`: how long the card's own way is, from what ALSA says is heard to what it says was heard, where measured.
    """

    def __init__(self, treatment: Treatment, *, loop_ms: float = 0.0) -> None:
        self._treatment = treatment
        self._gain_db, self._factor = 0.0, 1.0
        self.gain_db = treatment.gain_db
        self._reference, self._meter = Reference(), EchoMeter()
        self._ends_at, self._loop_ms = 0.0, loop_ms
        self._delay_ms: float | None = None
        self._engines: Sequence[Engine] = ()
        self._canceller: Canceller | None = None
        self._loading: threading.Thread | None = None
        self._why = ""

    @property
    def gain_db(self) -> float:
        """How much louder the microphone is made after all else; any thread may change it."""
        return self._gain_db

    @gain_db.setter
    def gain_db(self, gain_db: float) -> None:
        self._gain_db = gain_db
        self._factor = float(10 ** (gain_db / 20))

    @property
    def heard(self) -> Heard | None:
        """`far` where what is played must be known, else None."""
        return self.far if self._treatment.echo != "off" else None

    def prepare(self) -> None:
        """Begin to load what is needed, once; that may take a while, in a thread of its own."""
        if self._treatment.needs_engine and not self._loading:
            self._loading = threading.Thread(target=self.load, name="processing", daemon=True)
            self._loading.start()

    def load(self) -> None:
        """Load what is needed; `prepare` without the thread."""
        self._take(*load(self._treatment))

    def far(self, pcm: bytes, *, ends_at: float) -> None:
        """Take what the speaker was just given, and when it will have played it; never waits."""
        self._ends_at = ends_at
        self._reference.put(pcm)

    def near(self, frame: bytes, *, at: float) -> bytes:
        """Return a frame of the microphone, a multiple of 10 ms that ended `at`, as the far end shall hear it."""
        if canceller := self._canceller:
            try:
                frame = self._clean(canceller, frame, at)
            except RuntimeError as error:
                self._give_up(BROKEN.format(error))
        return amplify(frame, self._factor)

    def status(self) -> dict[str, Any]:
        """Return what is done, and why not where it can't be; how late and how weak the echo was last heard."""
        wanted, delay_ms, erle_db = self._treatment, self._delay_ms, self._meter.erle_db
        smooths = any(engine.smooths for engine in self._engines)
        return {
            "engine": " and ".join(engine.name for engine in self._engines),
            "echo": wanted.echo != "off" and bool(self._engines),
            "noise": wanted.noise and smooths,
            "gain": wanted.level and smooths,
            "gain_db": self.gain_db,
            "delay_ms": None if delay_ms is None else round(delay_ms),
            "erle_db": None if erle_db is None else round(erle_db),
            "why": self._why,
        }

    def _take(self, engines: Sequence[Engine], why: str) -> None:
        self._engines, self._why = engines, why
        if engines:
            self._canceller = Canceller(engines, always=self._treatment.smooths)
            logger.info("the microphone is treated by %s", " and ".join(engine.name for engine in engines))
        elif why:
            logger.warning("%s", why)

    def _clean(self, canceller: Canceller, frame: bytes, at: float) -> bytes:
        frame_ms = len(frame) / BYTES_PER_MS
        unheard_ms = 1000 * (self._ends_at - at)
        age_ms = max(unheard_ms + self._loop_ms - AHEAD_MS, 0.0) + frame_ms
        played = self._reference.take(len(frame), age_ms=age_ms)
        cleaned = []
        for begin in range(0, len(frame), BLOCK_BYTES):
            near, far = frame[begin : begin + BLOCK_BYTES], played[begin : begin + BLOCK_BYTES]
            cleaned.append(canceller.clean(near, far))
            if not canceller.hears_far:
                self._meter.pause()
            elif (lag_ms := self._meter.follow(near, far, cleaned[-1])) is not None:
                self._delay_ms = self._reference.age_ms - frame_ms + lag_ms
                self._align(lag_ms)
        return b"".join(cleaned)

    def _align(self, lag_ms: float) -> None:
        """Take the reference later or earlier from now on where its echo is out of the engines' reach."""
        if not 0 < lag_ms < min(engine.reach_ms for engine in self._engines):
            logger.info("the echo is heard %.0f ms from where it was expected", lag_ms - AHEAD_MS)
            self._loop_ms += lag_ms - AHEAD_MS
            self._reference.realign()

    def _give_up(self, why: str) -> None:
        self._canceller, self._engines, self._why = None, (), why
        logger.warning("%s", why)


def _either(wish: Value | None, usual: Value) -> Value:
    return usual if wish is None else wish
