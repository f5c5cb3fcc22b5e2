"""The audit log as a chain: each line holds the hash of the one before it.  Pure: bytes in, findings out.

The log is cut into segments, each by the number of its first record; the last record's number and hash, and the first
that is kept, stand beside them in a head, so that an end that was taken away is missed.  A record is on the disk before
the head knows it: so one record more than the head knows, or the beginning of one, is what a power cut leaves.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum, auto
from hashlib import sha256

import msgspec
from msgspec import Struct

MOST_OF_A_NAME, MOST_OF_A_SENTENCE = 128, 300
HEAD_SIZE = 128
BROKEN = "log broken"  # what a record tells that was written after one of these findings
CUT = "record lost"


class Record(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One thing that happened: local time, who, how, and whether it was allowed where it was asked for.  No code."""

    at: str = ""
    what: str
    who: str = ""
    how: str = ""
    allowed: bool | None = None
    why: str = ""
    call: str = ""
    times: int = 1


class Line(Record, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A record in its place."""

    n: int
    prev: str


@dataclass(frozen=True, slots=True)
class Point:
    """A record's number and hash; 0 is the beginning."""

    n: int
    digest: str


START = Point(0, "0" * 64)


@dataclass(frozen=True, slots=True)
class Head:
    """The last record, and the number of the first that is kept."""

    end: Point
    first: int


class State(StrEnum):
    """How a log was found."""

    WHOLE = auto()
    CUT = auto()
    BROKEN = auto()


@dataclass(frozen=True, slots=True)
class Finding:
    """How a log was found, and where it goes on: after `end`, in `segment`, of which `size` bytes are good.

    `is_ahead`: the head does not know of that end yet.
    """

    state: State
    why: str
    end: Point
    segment: int
    size: int
    first: int
    lines: tuple[Line, ...]
    is_ahead: bool = False


def encode(record: Record, after: Point) -> tuple[bytes, Point]:
    """The record's line after that one, and its own point."""
    given = {**msgspec.structs.asdict(record), "n": after.n + 1, "prev": after.digest}
    given |= {"who": record.who[:MOST_OF_A_NAME], "call": record.call[:MOST_OF_A_NAME]}
    given |= {"why": record.why[:MOST_OF_A_SENTENCE]}
    line = msgspec.json.encode(Line(**given))
    return line + b"\n", Point(after.n + 1, sha256(line).hexdigest())


def encode_head(head: Head) -> bytes:
    """The head, always of the same size, with a check that tells one that was cut."""
    text = f"{head.first} {head.end.n} {head.end.digest}"
    return f"{text} {_check(text)}".ljust(HEAD_SIZE - 1).encode() + b"\n"


def decode_head(content: bytes) -> Head | None:
    """The head, or None where it was cut or is none."""
    try:
        first, n, digest, check = content.decode("ascii").split()
        is_good = len(content) == HEAD_SIZE and check == _check(f"{first} {n} {digest}")
        return Head(Point(int(n), digest), int(first)) if is_good else None
    except ValueError:
        return None


def examine(segments: Mapping[int, bytes], heads: Sequence[bytes]) -> Finding:
    """How a log is, of its segments by number and its heads, of which the newest counts."""
    known = max((head for head in map(decode_head, heads) if head), key=lambda head: head.end.n, default=None)
    if known is None and list(_pieces(segments, 0))[1:] == [] and min(segments, default=1) == 1:
        known = Head(START, 1)  # the very first record came no further
    if known is None:
        return _broken(segments, None, "The head of the log is gone.")
    pieces = list(_pieces(segments, known.first))
    lines, place = _followed(pieces, known.first)
    why = _why_broken(known, lines, place, rest=pieces[len(lines) :])
    if why:
        return _broken(segments, known, why)
    last = pieces[len(lines) - 1] if lines else _Piece(known.first, 0, b"")
    state = State.WHOLE if len(pieces) == len(lines) else State.CUT
    is_ahead = place.n > known.end.n
    return Finding(state, _WORDS[state], place, last.segment, last.end, known.first, tuple(lines), is_ahead)


_WORDS = {State.WHOLE: "", State.CUT: "The end of the last record is missing, as a power cut or a full disk leaves it."}


@dataclass(frozen=True, slots=True)
class _Piece:
    """Bytes of a segment up to a line's end, and where that is."""

    segment: int
    end: int
    raw: bytes


def _pieces(segments: Mapping[int, bytes], first: int) -> Iterator[_Piece]:
    for segment in sorted(segment for segment in segments if segment >= first):
        end = 0
        for raw in segments[segment].splitlines(keepends=True):
            end += len(raw)
            yield _Piece(segment, end, raw)


def _followed(pieces: Sequence[_Piece], first: int) -> tuple[list[Line], Point]:
    """The lines that follow each other from the beginning, and the last one's point."""
    lines: list[Line] = []
    place = Point(first - 1, START.digest if first == 1 else "")
    for piece in pieces:
        line = _decode(piece.raw)
        if line is None or line.n != place.n + 1 or (place.digest and line.prev != place.digest):
            break
        lines.append(line)
        place = Point(line.n, _digest(piece.raw))
    return lines, place


def _why_broken(head: Head, lines: Sequence[Line], place: Point, *, rest: Sequence[_Piece]) -> str:
    """What no power cut does to a log; empty where there is nothing."""
    known, beyond = head.end, place.n - head.end.n
    if beyond < 0:
        return f"Record {place.n + 1} is missing, or it or the one before it was changed."
    digest = place.digest if beyond == 0 else lines[known.n - head.first + 1].prev
    if known.n >= head.first and digest != known.digest:
        return f"Record {known.n} was changed."
    if beyond > 1 or (beyond and rest) or any(_decode(piece.raw) for piece in rest):
        return f"Something was added after record {known.n}."
    return next((line.why for line in lines if line.what == BROKEN), "")


def _broken(segments: Mapping[int, bytes], head: Head | None, why: str) -> Finding:
    """A log that is left as it is; it goes on after the record that the head knows, or behind all that is there."""
    first = head.first if head else min(segments)
    pieces = list(_pieces(segments, first))
    lines = tuple(line for piece in pieces if (line := _decode(piece.raw)))
    last = _decode(pieces[-1].raw) if pieces else None
    if last and (head is None or _digest(pieces[-1].raw) == head.end.digest):
        end = Point(last.n, _digest(pieces[-1].raw))
        return Finding(State.BROKEN, why, end, pieces[-1].segment, pieces[-1].end, first, lines)
    n = max([*segments, *(line.n for line in lines), head.end.n if head else 0])
    digest = head.end.digest if head else START.digest
    return Finding(State.BROKEN, why, Point(n, digest), n + 1, 0, first, lines)


def _decode(raw: bytes) -> Line | None:
    try:
        return msgspec.json.decode(raw, type=Line) if raw.endswith(b"\n") else None
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None


def _digest(raw: bytes) -> str:
    return sha256(raw.removesuffix(b"\n")).hexdigest()


def _check(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]
