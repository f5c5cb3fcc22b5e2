"""Digits as telephone events: their packets on the voice's clock, and each heard once whatever the network does."""

import random
import struct
from itertools import groupby
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intercom.rtc.dtmf import DIGITS, GAP_MS, LONGEST, PAUSE, PAUSE_MS, TONE_MS, WRAP, Dialler, Listener, Report
from tests.vectors.read import vectors

RATES_HZ = (48_000, 8_000)
CASES = [case for case in vectors("digits")["cases"] if case.get("valid")]
TEXTS = st.text(f"{DIGITS}{PAUSE}", max_size=12)


class Event(NamedTuple):
    """An event as it was sent: the ms of its start, of its reports' durations, and which of them said it was over."""

    digit: str
    at_ms: float
    durations_ms: list[float]
    ends: list[bool]
    firsts: list[bool]


def dial(digits: str, *, rate_hz: int = 48_000, begin: int = 0, packet_ms: int = 20) -> list[tuple[int, Report | None]]:
    """Send digits, and voice until well after them: the timestamp of each packet, and what replaced it."""
    dialler, step = Dialler(rate_hz, packet_ms), rate_hz * packet_ms // 1000
    dialler.dial(digits)
    stamps = [(begin + number * step) % WRAP for number in range((500 * len(digits) + 400) // packet_ms)]
    return [(stamp, dialler.replace(stamp)) for stamp in stamps]


def events(sent: list[tuple[int, Report | None]], *, rate_hz: int = 48_000, begin: int = 0) -> list[Event]:
    reports = [report for _, report in sent if report]
    found = []
    for timestamp, group in groupby(reports, key=lambda report: report.timestamp):
        same = list(group)
        codes, flags, durations = zip(*(struct.unpack("!BBH", report.payload) for report in same), strict=True)
        assert len(set(codes)) == 1
        found.append(
            Event(
                DIGITS[codes[0]],
                (timestamp - begin) % WRAP * 1000 / rate_hz,
                [duration * 1000 / rate_hz for duration in durations],
                [flag >= 128 for flag in flags],
                [report.is_first for report in same],
            )
        )
    return found


@pytest.mark.parametrize("rate_hz", RATES_HZ)
def test_one_digit_is_eight_packets_of_growing_duration_and_two_more_ends(rate_hz: int) -> None:
    sent = dial("5", rate_hz=rate_hz)
    (event,) = events(sent, rate_hz=rate_hz)
    assert event.durations_ms == [20, 40, 60, 80, 100, 120, 140, 160, 160, 160]
    assert event.ends == [False] * 7 + [True] * 3
    assert event.firsts == [True] + [False] * 9
    assert [report is not None for _, report in sent[:12]] == [True] * 10 + [False] * 2


@pytest.mark.parametrize("rate_hz", RATES_HZ)
def test_in_packets_of_10_ms_one_digit_is_sixteen_and_two_more_ends(rate_hz: int) -> None:
    (event,) = events(dial("5", rate_hz=rate_hz, packet_ms=10), rate_hz=rate_hz)
    assert event.durations_ms == [*range(10, 170, 10), 160, 160]
    assert event.ends == [False] * 15 + [True] * 3


@settings(deadline=None)
@given(
    digits=TEXTS,
    rate_hz=st.sampled_from(RATES_HZ),
    begin=st.integers(0, WRAP - 1),
    packet_ms=st.sampled_from([10, 20]),
)
def test_every_digit_is_sent_in_its_time_and_ends_three_times(
    digits: str, rate_hz: int, begin: int, packet_ms: int
) -> None:
    sent = dial(digits, rate_hz=rate_hz, begin=begin, packet_ms=packet_ms)
    found = events(sent, rate_hz=rate_hz, begin=begin)
    assert [(event.digit, event.at_ms) for event in found] == starts(digits)
    for event in found:
        assert event.durations_ms == sorted(event.durations_ms)
        assert event.durations_ms[-1] == TONE_MS
        assert event.ends[-4:] == [False, True, True, True]
        assert event.firsts.index(True) == 0
        assert event.firsts.count(True) == 1


def starts(digits: str) -> list[tuple[str, float]]:
    """Return each digit and when it starts, in ms: our decision in one line of arithmetic."""
    lengths = [PAUSE_MS if symbol == PAUSE else TONE_MS + GAP_MS for symbol in digits]
    return [(symbol, float(sum(lengths[:at]))) for at, symbol in enumerate(digits) if symbol != PAUSE]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["input"] or "nothing")
def test_the_groups_are_those_recorded_and_begin_when_the_one_before_has_finished(case: dict[str, Any]) -> None:
    """The reference counts 500 ms from a group's start, so that a longer group loses tones in a browser."""
    groups = [(at, group) for at, group in enumerate(case["input"].split(PAUSE)) if group]
    assert case["rtp_sequence"] == [[PAUSE_MS * at, group] for at, group in groups]
    before_ms = [(TONE_MS + GAP_MS) * len("".join(case["input"].split(PAUSE)[:at])) for at, _ in groups]
    ours = [(PAUSE_MS * at + late, group) for (at, group), late in zip(groups, before_ms, strict=True)]
    sent = events(dial(case["input"]))
    assert "".join(event.digit for event in sent) == "".join(group for _, group in groups)
    begun = [event.at_ms for event, at in zip(sent, _places(groups), strict=True) if at == 0]
    assert begun == [at_ms for at_ms, _ in ours]


def _places(groups: list[tuple[int, str]]) -> list[int]:
    """Return the place of each digit in its group."""
    return [place for _, group in groups for place in range(len(group))]


def test_digits_dialled_later_wait_for_those_before() -> None:
    dialler = Dialler(48_000, 20)
    dialler.dial("12w")
    reports: list[tuple[int, Report | None]] = []
    for number in range(100):
        if number == 5:
            dialler.dial("3")
        reports.append((number * 960, dialler.replace(number * 960)))
    assert [(event.digit, event.at_ms) for event in events(reports)] == [("1", 0), ("2", 230), ("3", 960)]


def hear(listener: Listener, reports: list[Report], *, rate_hz: int = 48_000, ssrc: int = 7) -> str:
    heard = [listener.hear(one.payload, ssrc=ssrc, timestamp=one.timestamp, rate_hz=rate_hz) for one in reports]
    return "".join(digit for digit in heard if digit)


@settings(deadline=None)
@given(digits=TEXTS, rate_hz=st.sampled_from(RATES_HZ), begin=st.integers(0, WRAP - 1), chance=st.randoms())
def test_each_digit_is_heard_once_from_any_one_of_its_packets(
    digits: str, rate_hz: int, begin: int, chance: random.Random
) -> None:
    sent = [report for _, report in dial(digits, rate_hz=rate_hz, begin=begin) if report]
    arrived: list[Report] = []
    for _, group in groupby(sent, key=lambda report: report.timestamp):
        same = list(group)
        kept = chance.sample(same, chance.randint(1, len(same)))  # any order, any lost, the ends too
        arrived += kept + chance.choices(kept, k=chance.randint(0, 5))
    late = chance.choices(sent, k=3) if sent else []  # doubled on the way, after all others
    assert hear(Listener(), arrived, rate_hz=rate_hz) == digits.replace(PAUSE, "")
    assert hear(Listener(), arrived + [each for each in late if each in arrived]) == digits.replace(PAUSE, "")


@pytest.mark.parametrize("rate_hz", RATES_HZ)
@pytest.mark.parametrize("late", [0, 1, 960])
def test_a_digit_held_for_long_is_one_digit_in_several_events(rate_hz: int, late: int) -> None:
    def part(number: int, *, code: int = 5, is_ended: bool = False) -> Report:
        stamp = (WRAP - 1000 + number * (LONGEST + late * rate_hz // 48_000)) % WRAP
        return Report(struct.pack("!BBH", code, 138 if is_ended else 10, LONGEST), stamp, number == 0)

    listener = Listener()
    held = [part(number) for number in range(5)] + [part(5, is_ended=True)]
    assert hear(listener, held, rate_hz=rate_hz) == "5"
    assert hear(listener, [part(6)], rate_hz=rate_hz) == "5"  # the one before had ended
    assert hear(listener, [part(7, code=6)], rate_hz=rate_hz) == "6"


def test_a_new_source_may_use_a_known_timestamp() -> None:
    listener, reports = Listener(), [report for _, report in dial("1") if report]
    assert hear(listener, reports, ssrc=7) + hear(listener, reports, ssrc=8) == "11"


@pytest.mark.parametrize("payload", [b"", b"\x01\x0a\x00", b"\x10\x0a\x00\xa0", b"\xff\xff\xff\xff"])
def test_what_is_no_digit_is_not_heard(payload: bytes) -> None:
    assert Listener().hear(payload, ssrc=7, timestamp=0, rate_hz=8000) is None
