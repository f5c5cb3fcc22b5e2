"""What the exchange reads of a report's body: what it is about, and its scores.  Pure; the rest is kept as it came."""

from dataclasses import dataclass
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta, Struct

from intercom.errors import RemoteProtocolError

Word = Annotated[str, Meta(max_length=64)]
BEST, WORST = 5.0, 1.0


@dataclass(frozen=True, slots=True)
class Figures:
    """The seconds of a call that a report tells of, how many have a score, and the sum of those."""

    seconds: int
    scored: int
    mos_sum: float


@dataclass(frozen=True, slots=True)
class Filed:
    """A report by what it is about; `call` is a CallSid or a temporary id, or empty."""

    topic: str
    name: str
    level: str
    call: str
    figures: dict[str, Figures]


class _About(Struct):
    call_sid: Word = ""
    temp_call_sid: Word = ""


class _Second(Struct):
    call_sid: Word = ""
    mos: float | None = None


class _Report(Struct, kw_only=True):
    group: Word
    name: Word
    level: Word = ""


class _Event(_Report, kw_only=True):
    payload: _About | None = None


class _Metrics(_Report, kw_only=True):
    payload: Annotated[list[_Second], Meta(max_length=100)]


ReportT = TypeVar("ReportT", bound=_Report)


def event(body: bytes) -> Filed:
    """Read the body of an EndpointEvents request; raises RemoteProtocolError."""
    report = _read(body, _Event)
    about = report.payload or _About()
    return Filed(report.group, report.name, report.level, about.call_sid or about.temp_call_sid, {})


def metrics(body: bytes) -> Filed:
    """Read the body of an EndpointMetrics request; raises RemoteProtocolError."""
    report = _read(body, _Metrics)
    calls = dict.fromkeys(second.call_sid for second in report.payload if second.call_sid)
    figures = {sid: _figures([second.mos for second in report.payload if second.call_sid == sid]) for sid in calls}
    return Filed(report.group, report.name, report.level, next(iter(calls), ""), figures)


def _figures(scores: list[float | None]) -> Figures:
    scored = [mos for mos in scores if mos is not None and WORST <= mos <= BEST]
    return Figures(len(scores), len(scored), sum(scored))


def _read(body: bytes, kind: type[ReportT]) -> ReportT:
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise RemoteProtocolError("This is no report: a JSON object with group, name and payload is.") from error
