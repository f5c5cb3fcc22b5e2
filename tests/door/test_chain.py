"""The chain of the audit log: what a power cut leaves is told apart from what somebody did to it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intercom.door.chain import (
    BROKEN,
    HEAD_SIZE,
    START,
    Finding,
    Head,
    Line,
    Point,
    Record,
    State,
    decode_head,
    encode,
    encode_head,
    examine,
)

PER_SEGMENT = 4


class Written:
    """A log of so many records, as it lies on the disk: segments by number, and the heads of each moment."""

    def __init__(self, count: int) -> None:
        self.segments: dict[int, bytes] = {}
        self.lines: list[bytes] = []
        self.heads = [encode_head(Head(START, 1))]
        end, segment = START, 1
        for n in range(1, count + 1):
            segment = n if n % PER_SEGMENT == 1 else segment
            line, end = encode(Record(at="2026-11-23T08:00:00+01:00", what="asked", who=f"web{n}", allowed=False), end)
            self.segments[segment] = self.segments.get(segment, b"") + line
            self.lines.append(line)
            self.heads.append(encode_head(Head(end, 1)))

    @property
    def head(self) -> list[bytes]:
        return self.heads[-2:]


def of(lines: list[bytes]) -> dict[int, bytes]:
    """All lines in one segment."""
    return {1: b"".join(lines)}


@pytest.mark.parametrize("count", [1, 2, 4, 5, 11])
def test_a_log_as_it_was_written_is_whole(count: int) -> None:
    log = Written(count)
    found = examine(log.segments, log.head)
    assert (found.state, found.why, found.end.n, len(found.lines)) == (State.WHOLE, "", count, count)
    assert found.size == len(log.segments[found.segment])


def test_no_log_yet_is_whole() -> None:
    assert examine({}, []) == Finding(State.WHOLE, "", START, 1, 0, 1, ())


@pytest.mark.parametrize("count", [1, 3, 4, 5])
def test_a_line_cut_at_any_byte_is_a_power_cut_and_loses_nothing_before_it(count: int) -> None:
    log = Written(count)
    before, last = log.lines[:-1], log.lines[-1]
    for size in range(len(last) + 1):
        found = examine(of([*before, last[:size]]), log.heads[:-1][-2:])
        expected = State.CUT if 0 < size < len(last) else State.WHOLE
        assert (found.state, found.end.n) == (expected, count if size == len(last) else count - 1)
        assert found.size == len(b"".join(before)) + (len(last) if size == len(last) else 0)


def test_a_line_of_zeros_is_what_a_power_cut_leaves_too() -> None:
    log = Written(3)
    found = examine(of([*log.lines, bytes(100)]), log.head)
    assert (found.state, found.end.n) == (State.CUT, 3)


@pytest.mark.parametrize("count", [1, 3, 5])
def test_a_head_cut_at_any_byte_leaves_the_one_before_it(count: int) -> None:
    log = Written(count)
    for size in range(HEAD_SIZE):
        torn = log.heads[-1][:size] + log.heads[-3 if count > 1 else 0][size:]
        found = examine(log.segments, [log.heads[-2], torn])
        assert (found.state, found.end.n) == (State.WHOLE, count)


@settings(deadline=None)
@given(st.data())
def test_a_byte_changed_anywhere_is_found(data: st.DataObject) -> None:
    log = Written(data.draw(st.integers(1, 9)))
    segment = data.draw(st.sampled_from(sorted(log.segments)))
    content = bytearray(log.segments[segment])
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    assert examine(log.segments | {segment: bytes(content)}, log.head).state is State.BROKEN


@settings(deadline=None)
@given(st.data())
def test_records_removed_doubled_or_reordered_are_found(data: st.DataObject) -> None:
    log = Written(data.draw(st.integers(2, 9)))
    lines = data.draw(st.lists(st.sampled_from(log.lines), max_size=12).filter(lambda lines: lines != log.lines))
    assert examine(of(lines), log.head).state is State.BROKEN


def test_a_record_made_anew_with_the_right_hash_before_it_is_found() -> None:
    log = Written(3)
    forged, _ = encode(
        Record(at="x", what="asked", who="nobody", allowed=True), examine(of(log.lines[:2]), log.heads[:3]).end
    )
    assert examine(of([*log.lines[:2], forged]), log.head).why == "Record 3 was changed."
    assert examine(of([*log.lines[:2], forged, *log.lines[2:]]), log.head).state is State.BROKEN


def test_more_than_one_record_behind_the_head_was_added() -> None:
    log = Written(5)
    assert examine(of(log.lines), log.heads[2:4]).why == "Something was added after record 3."
    assert examine(of([*log.lines[:4], b"x"]), log.heads[2:4]).why == "Something was added after record 3."


def test_a_segment_or_the_head_that_is_gone_is_missed() -> None:
    log = Written(9)
    assert examine({n: log.segments[n] for n in (1, 9)}, log.head).why.startswith("Record 5 is missing")
    assert examine({n: log.segments[n] for n in (5, 9)}, log.head).why.startswith("Record 1 is missing")
    assert examine({}, log.head).why.startswith("Record 1 is missing")
    assert examine(log.segments, []).why == "The head of the log is gone."
    assert examine(log.segments, [bytes(HEAD_SIZE)]).why == "The head of the log is gone."


def test_segments_before_the_first_that_is_kept_are_not_of_the_log() -> None:
    log = Written(9)
    end = examine(log.segments, log.head).end
    found = examine(log.segments, [encode_head(Head(end, 5))])
    assert (found.state, found.first, [line.n for line in found.lines]) == (State.WHOLE, 5, [5, 6, 7, 8, 9])


def test_a_broken_log_goes_on_behind_all_that_is_there_and_stays_broken() -> None:
    log = Written(5)
    damaged = log.segments | {5: b"garbage"}
    found = examine(damaged, log.head)
    assert (found.state, found.segment, found.size) == (State.BROKEN, found.end.n + 1, 0)
    line, end = encode(Record(at="x", what=BROKEN, why=found.why), found.end)
    after = examine(damaged | {found.segment: line}, [encode_head(Head(end, found.first))])
    assert (after.state, after.end, after.segment, after.size) == (State.BROKEN, end, found.segment, len(line))


def test_a_log_whose_head_was_gone_is_never_called_whole_again() -> None:
    log = Written(5)
    found = examine(log.segments, [])
    line, end = encode(Record(at="x", what=BROKEN, why=found.why), found.end)
    after = examine(log.segments | {found.segment: line}, [encode_head(Head(end, found.first))])
    assert after.state is State.BROKEN


def test_a_head_is_read_back_and_nothing_else_is_one() -> None:
    head = Head(Point(7, "ab" * 32), 3)
    assert decode_head(encode_head(head)) == head
    for content in (b"", b"x" * HEAD_SIZE, b"\xff" * HEAD_SIZE, encode_head(head)[:-1], encode_head(head) + b" "):
        assert decode_head(content) is None


def test_a_record_is_bounded_whatever_the_network_calls_itself() -> None:
    line, _ = encode(Record(at="x", what="asked", who="x" * 9999, why="y" * 9999, call="z" * 9999), START)
    assert len(line) < 1000


def test_a_line_holds_its_place_and_only_what_there_is_to_tell() -> None:
    line, end = encode(Record(at="x", what="asked", who="web", allowed=False), START)
    assert line == b'{"at":"x","what":"asked","who":"web","allowed":false,"n":1,"prev":"' + b"0" * 64 + b'"}\n'
    assert end.n == 1
    assert Line(at="x", what="asked", n=1, prev="").times == 1
