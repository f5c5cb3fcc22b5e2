"""From recordings to figures: pure."""

from dataclasses import dataclass

import numpy as np

from bench import echo as echoes
from bench import hearing
from bench.cells import BEFORE_S, Cell
from bench.hearing import RATE, Late, Sound
from bench.impair import IMPAIRED_S
from bench.measure import FAR_ALONE_S, Echo, Figures, Recording, Talk

FROM_S = 0.5  # windows of the delay before that hear the call's beginning
PIECE_S = IMPAIRED_S / 2
PIECES_S = (BEFORE_S, BEFORE_S + PIECE_S)
BACK_WITHIN_MS = 20.0
FIRST_JITTER_S = (BEFORE_S + 2, BEFORE_S + 5)
DRIFT_FROM_S, DRIFT_BIN_S = 10.0, 5.0
CONVERGED_S = 2.0
NEAR_S = 7.0

Curve = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A cell's figures on one side, each with a sample of each way or end, and the delay over time of each way."""

    figures: Figures
    curves: tuple[Curve, ...] = ()


def of_talk(cell: Cell, talk: Talk) -> Outcome:
    """Return what both ways were like."""
    ways = [_way(cell, recording) for recording in (talk.there, talk.back)]
    return _outcome(talk.used, ways)


def of_browser(cell: Cell, recording: Recording) -> Outcome:
    """Return how speech sounded, and no delays: when it was heard is not known."""
    figures, _ = _way(cell, recording)
    return Outcome({name: samples for name, samples in figures.items() if name in ("pesq", "stall_ms")})


def of_drift(talk: Talk) -> Outcome:
    """Return how the delay went over the whole time."""
    return _outcome(talk.used, [_drift(recording) for recording in (talk.there, talk.back)])


def of_echo(echo: Echo) -> Outcome:
    """Return what the canceller took away, and what was heard of who is near; empty where that was not heard."""
    at_microphone, said, heard = map(hearing.thin, (echo.echo, echo.back.said, echo.back.heard))
    talking = int(FAR_ALONE_S * RATE)
    late_ms = hearing.median_ms(hearing.delays(said[talking:], heard[talking:]))
    if late_ms is None:
        return Outcome(echo.used)
    near, as_heard = _piece(said, heard, FAR_ALONE_S, late_ms, seconds=NEAR_S)
    back, left = _piece(at_microphone, heard, 0, late_ms, seconds=FAR_ALONE_S)
    settled = int(CONVERGED_S * RATE)
    score = hearing.pesq(near, as_heard)
    figures: Figures = {
        "erle_db": [echoes.erle_db(back[settled:], left[settled:])],
        "converged_s": [echoes.converged_s(back, left)],
        "near_pesq": [] if score is None else [score],
        "near_db": [hearing.level(as_heard) - hearing.level(near)],
    }
    return Outcome(echo.used | figures)


def _way(cell: Cell, recording: Recording) -> tuple[Figures, list[Late]]:
    said, heard = map(hearing.thin, (recording.said, recording.heard))
    late = hearing.delays(said, heard)
    before_ms = hearing.median_ms(late, FROM_S, BEFORE_S)
    under_ms = hearing.median_ms(late, BEFORE_S, BEFORE_S + IMPAIRED_S)
    figures: Figures = {"stall_ms": [hearing.longest_stall_ms(said, heard, late)]}
    if before_ms is None or under_ms is None:
        return figures, late
    figures |= {"delay_ms": [before_ms], "under_ms": [under_ms]}
    left = [each for span in cell.afterwards for each in late if _is_within(each, span)]
    if (left_ms := hearing.median_ms(left)) is not None:
        figures["left_ms"] = [left_ms - before_ms]
    if cell.back_from_s is not None:
        figures["back_s"] = [_back_s(cell, late, before_ms)]
    scores = [hearing.pesq(*_piece(said, heard, at_s, _late_at(late, at_s, under_ms))) for at_s in PIECES_S]
    figures["pesq"] = [score for score in scores if score is not None]
    return figures, late


def _back_s(cell: Cell, late: list[Late], before_ms: float) -> float:
    """Return after what time the delay was back for good where it was, at most 20 ms above; all, if it never was.

    Where it was: under the first jitter, when that is what it comes back to; else before all.
    """
    assert cell.back_from_s is not None
    since_s = BEFORE_S + cell.back_from_s
    calm_ms = hearing.median_ms(late, *FIRST_JITTER_S) if "jitter" in cell.condition else before_ms
    limit_ms = max(before_ms, calm_ms or before_ms) + BACK_WITHIN_MS
    found_s = hearing.settled_after_s(late, since_s=since_s, limit_ms=limit_ms)
    return cell.seconds - since_s if found_s is None else found_s


def _drift(recording: Recording) -> tuple[Figures, list[Late]]:
    late = hearing.delays(hearing.thin(recording.said), hearing.thin(recording.heard))
    settled = [each for each in late if each.at_s >= DRIFT_FROM_S]
    slope = hearing.slope_ms_per_min(settled)
    if slope is None:
        return {}, late
    bins = np.arange(DRIFT_FROM_S, settled[-1].at_s, DRIFT_BIN_S)
    medians = [hearing.median_ms(settled, begin, begin + DRIFT_BIN_S) for begin in bins]
    found = [each for each in medians if each is not None]
    return {"slope_ms_per_min": [slope], "span_ms": [max(found) - min(found)]}, late


def _piece(said: Sound, heard: Sound, at_s: float, late_ms: float, *, seconds: float = PIECE_S) -> tuple[Sound, Sound]:
    begin, later, samples = int(at_s * RATE), int(late_ms * RATE / 1000), int(seconds * RATE)
    return said[begin : begin + samples], heard[begin + later : begin + later + samples]


def _late_at(late: list[Late], at_s: float, otherwise_ms: float) -> float:
    found_ms = hearing.median_ms(late, at_s, at_s + PIECE_S)
    return otherwise_ms if found_ms is None else found_ms


def _is_within(late: Late, span: tuple[float, float]) -> bool:
    return span[0] <= late.at_s - BEFORE_S < span[1]


def _outcome(used: Figures, ways: list[tuple[Figures, list[Late]]]) -> Outcome:
    names = dict.fromkeys(name for figures, _ in ways for name in figures)
    both = {name: [each for figures, _ in ways for each in figures.get(name, [])] for name in names}
    curves = tuple([(round(each.at_s, 2), round(each.delay_ms, 2)) for each in late] for _, late in ways)
    return Outcome(used | both, curves)
