"""Plays the chirps and records them: the only part of the doctor that touches the sound card."""

import contextlib
import threading
import time
from dataclasses import dataclass, field
from statistics import median

from intercom.audio import chirp
from intercom.audio.alsa import Capture, Playback
from intercom.audio.depth import FULL, Depth
from intercom.audio.frames import RATE, SAMPLE_BYTES
from intercom.errors import AudioError

PERIOD_MS = 20  # nobody waits for it, and what is lost would spoil the figures
AFTER_S = 1.0
WITHIN_S = 10.0


@dataclass(frozen=True, slots=True)
class Listened:
    """`loop_ms`: from the moment a sound leaves ALSA's buffer until the microphone's has it; None: not heard."""

    found: chirp.Found
    loop_ms: float | None
    xruns: int


def listen(*, capture: str, playback: str) -> Listened:
    """Play on one PCM, record from another, about 8 s; raises AudioError, of the first that can't be used."""
    with contextlib.closing(Capture(capture, period_ms=PERIOD_MS)) as microphone:
        ear = _Ear(microphone)
        with contextlib.closing(Playback(playback, period_ms=PERIOD_MS, depth=Depth(FULL))) as speaker:
            ear.start()
            try:
                began_s, gaps = _play(speaker)
                ear.until(began_s + chirp.LENGTH_MS / 1000 + AFTER_S)
            finally:
                ear.stop()
    skipped = max(0, round((began_s - ear.began_s) * RATE))
    found = chirp.find(bytes(ear.sound[skipped * SAMPLE_BYTES :]))
    loop_ms = None if found.at_ms is None else found.at_ms - chirp.LEAD_MS
    return Listened(found, loop_ms, gaps + ear.gaps)


def _play(speaker: Playback) -> tuple[float, int]:
    """Play the programme; return the moment at which its first sample was heard, and how many gaps there were."""
    sound, at, gaps, began_s = chirp.programme(), 0, 0, []
    while at < len(sound):
        size = speaker.due() * SAMPLE_BYTES
        gaps += not speaker.write(sound[at : at + size].ljust(size, b"\0"))
        at += size
        began_s.append(time.monotonic() + speaker.queued_ms() / 1000 - at / SAMPLE_BYTES / RATE)
    return median(began_s), gaps


@dataclass
class _Ear:
    """A thread that records; `began_s` is the moment at which its first sample was heard."""

    microphone: Capture
    sound: bytearray = field(default_factory=bytearray)
    began_s: float = float("inf")
    gaps: int = 0

    def __post_init__(self) -> None:
        self._error: AudioError | None = None
        self._is_stopping = False
        self._heard = threading.Event()
        self._thread = threading.Thread(target=self._run, name="doctor", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def until(self, moment_s: float) -> None:
        """Wait until all sound up to this moment is recorded; raises AudioError."""
        while True:
            self._heard.clear()  # before looking: what comes after the look wakes us
            if self._error:
                raise self._error
            if self.began_s + self._length_s() >= moment_s:
                return
            if not self._heard.wait(WITHIN_S):
                raise AudioError("The microphone's driver hangs.", "Unplug the microphone, or restart the machine.")

    def stop(self) -> None:
        self._is_stopping = True
        self._thread.join(WITHIN_S)

    def _length_s(self) -> float:
        return len(self.sound) / SAMPLE_BYTES / RATE

    def _run(self) -> None:
        try:
            while not self._is_stopping:
                self._take(self.microphone.read())
        except AudioError as error:
            self._error = error
            self._heard.set()

    def _take(self, pcm: bytes | None) -> None:
        if pcm is None:
            self.gaps += 1
            return
        self.sound += pcm
        self.began_s = min(self.began_s, time.monotonic() - self._length_s())
        self._heard.set()
