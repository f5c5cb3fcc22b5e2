"""What the doctor says: figures to sentences."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

from intercom.audio.hearing import (
    CLIPPED_SHARE,
    HUM,
    LESS_NOISE,
    MUCH_NOISE_DBFS,
    MUTED,
    QUIETER,
    SOME_NOISE_DBFS,
)
from intercom.audio.history import Measured
from intercom.doctor.listening import Listened

LOUD_ECHO_DB = 6.0
LEAST_ABOVE_NOISE_DB = 20.0
ONE_CLOCK_PPM, ODD_CLOCK_PPM = 5.0, 500.0
LONG_LOOP_MS = 150.0
ENOUGH_BEFORE, RECENT = 3, 20
DEAFER_DB, DEAF_DB = 6.0, 12.0

HEADPHONES = "With headphones that is right; else see in `alsamixer` that the speaker is neither muted nor turned down."


class Verdict(StrEnum):
    """How serious it is."""

    FINE = "fine"
    LOOK = "look"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence on one thing, and what to do about it, if anything."""

    verdict: Verdict
    text: str
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.verdict:6} {self.text} {self.hint}".rstrip()


def findings(listened: Listened, before: Sequence[Measured]) -> Iterator[Finding]:
    """Say what was heard; `before` is what was measured earlier with the same PCMs, the oldest first."""
    found = listened.found
    yield from _hearing(listened)
    if not found.is_dead:
        yield _noise(found.noise_dbfs)
    if found.clipped_share > CLIPPED_SHARE:
        share = f"{found.clipped_share * 1000:.1f} in a thousand samples"
        yield Finding(Verdict.WRONG, f"The microphone's sound is cut off at its loudest ({share}).", QUIETER)
    if listened.xruns:
        text = f"Some sound was lost on the way, {listened.xruns} times, so that the figures are less sure."
        yield Finding(Verdict.LOOK, text, "If that happens with nothing else running, raise `audio.period_ms`.")
    if found.echo_loss_db is not None:
        yield from _deafness(found.echo_loss_db, before)


def _hearing(listened: Listened) -> Iterator[Finding]:
    found = listened.found
    if found.is_dead:
        yield Finding(Verdict.WRONG, "The microphone gives nothing but zeros.", MUTED)
    elif found.level_dbfs is None or found.echo_loss_db is None or found.drift_ppm is None:
        yield Finding(Verdict.WRONG, "The microphone does not hear the speaker.", HEADPHONES)
    else:
        assert listened.loop_ms is not None
        yield _level(found.level_dbfs, found.echo_loss_db, found.noise_dbfs)
        yield _loop(listened.loop_ms)
        yield _clock(found.drift_ppm)


def _level(level_dbfs: float, loss_db: float, noise_dbfs: float) -> Finding:
    heard = f"The microphone hears the speaker at {level_dbfs:.0f} dBFS, {_than(loss_db)} than it was played."
    if loss_db < LOUD_ECHO_DB:
        return Finding(Verdict.LOOK, heard, f"That is much for an echo canceller. {QUIETER}")
    if level_dbfs - noise_dbfs < LEAST_ABOVE_NOISE_DB:
        return Finding(Verdict.LOOK, heard, "That is little above the noise: turn speaker or microphone up.")
    return Finding(Verdict.FINE, heard)


def _than(loss_db: float) -> str:
    return f"{loss_db:.0f} dB quieter" if loss_db >= 0 else f"{-loss_db:.0f} dB louder"


def _loop(loop_ms: float) -> Finding:
    text = f"From the speaker's buffer to the microphone's sound takes {max(0.0, loop_ms):.0f} ms."
    if loop_ms <= LONG_LOOP_MS:
        return Finding(Verdict.FINE, text)
    return Finding(Verdict.LOOK, text, "A sound server may be in between: a `plughw:` name goes to the card itself.")


def _clock(drift_ppm: float) -> Finding:
    if abs(drift_ppm) < ONE_CLOCK_PPM:
        return Finding(Verdict.FINE, "Speaker and microphone run on one clock.")
    text = f"Speaker and microphone run on two clocks, {abs(drift_ppm):.0f} ppm apart."
    if abs(drift_ppm) < ODD_CLOCK_PPM:
        return Finding(Verdict.FINE, text)
    return Finding(Verdict.LOOK, text, "Good crystals differ by less than 100: is one of them a Bluetooth device?")


def _noise(noise_dbfs: float) -> Finding:
    text = f"When nothing plays the microphone hears {noise_dbfs:.0f} dBFS."
    if noise_dbfs <= SOME_NOISE_DBFS:
        return Finding(Verdict.FINE, text)
    if noise_dbfs <= MUCH_NOISE_DBFS:
        return Finding(Verdict.LOOK, text, LESS_NOISE)
    return Finding(Verdict.WRONG, text, HUM)


def _deafness(loss_db: float, before: Sequence[Measured]) -> Iterator[Finding]:
    """Compare with the median of the latest ones: a membrane full of dust loses a little each month."""
    known = [each for each in before if each.echo_loss_db is not None][-RECENT:]
    if len(known) < ENOUGH_BEFORE:
        return
    usual_db = median(each.echo_loss_db for each in known if each.echo_loss_db is not None)
    since = f"the {len(known)} times since {known[0].at[:10]}"
    change_db = loss_db - usual_db
    if change_db < DEAFER_DB:
        yield Finding(Verdict.FINE, f"The microphone hears as well as {since} ({-change_db:+.0f} dB).")
        return
    verdict = Verdict.WRONG if change_db >= DEAF_DB else Verdict.LOOK
    text = f"The microphone hears {change_db:.0f} dB less of the speaker than {since}."
    yield Finding(verdict, text, "Clean the openings of both, and look whether a volume was changed in `alsamixer`.")
