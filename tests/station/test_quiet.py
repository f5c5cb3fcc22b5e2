"""Do not disturb: quiet when the clock on the wall says so, or as somebody switched it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intercom.settings.calls import QuietTime
from intercom.station.quiet import DAYS, MINUTE_S, SET_SINCE, Quiet, Switch, has_edge, is_quiet, windows

BERLIN = ZoneInfo("Europe/Berlin")
NIGHT, SIESTA = "22:00-07:00", "sat-sun 13:00-15:00"

TIMES = st.datetimes(datetime(2025, 1, 2), datetime(2030, 1, 1), timezones=st.just(BERLIN), allow_imaginary=False)
CLOCKS = st.times().map(lambda time: f"{time:%H:%M}")
SPANS = st.one_of(st.sampled_from(DAYS), st.tuples(st.sampled_from(DAYS), st.sampled_from(DAYS)).map("-".join))
SCHEDULES = st.lists(
    st.tuples(st.one_of(st.just(""), SPANS), CLOCKS, CLOCKS).map(lambda each: f"{each[0]} {each[1]}-{each[2]}".strip()),
    max_size=3,
)


def at(text: str, fold: int = 0) -> float:
    """Return a moment in Berlin, such as `2026-11-23 22:00`, a Monday."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN, fold=fold).timestamp()


@pytest.mark.parametrize(
    ("schedule", "moment", "expected"),
    [
        ([NIGHT], "2026-11-23 21:59", False),
        ([NIGHT], "2026-11-23 22:00", True),
        ([NIGHT], "2026-11-24 06:59", True),
        ([NIGHT], "2026-11-24 07:00", False),
        ([NIGHT, SIESTA], "2026-11-28 13:00", True),
        ([NIGHT, SIESTA], "2026-11-27 13:00", False),
        (["sun 22:00-07:00"], "2026-11-30 06:59", True),  # Monday morning still is Sunday's night
        (["sun 22:00-07:00"], "2026-11-29 06:59", False),
        (["fri-mon 10:00-11:00"], "2026-11-23 10:30", True),
        (["fri-mon 10:00-11:00"], "2026-11-24 10:30", False),
        (["mon 10:00-11:00", "wed 10:00-11:00"], "2026-11-25 10:30", True),
        (["22:00-00:00"], "2026-11-24 00:00", False),
        (["tue 08:00-08:00"], "2026-11-25 07:59", True),  # a whole day
        ([], "2026-11-23 03:00", False),
    ],
)
def test_it_is_quiet_in_the_windows(schedule: list[str], moment: str, expected: bool) -> None:
    assert is_quiet(windows(schedule), at(moment), zone=BERLIN) is expected


@given(SCHEDULES, TIMES)
def test_any_minute_is_quiet_if_and_only_if_it_lies_in_a_window(schedule: list[str], moment: datetime) -> None:
    assert is_quiet(windows(schedule), moment.timestamp(), zone=BERLIN) is any(
        _is_in(each, moment) for each in schedule
    )


def _is_in(text: str, moment: datetime) -> bool:
    """Look for a day on which the window begins, by counting days and minutes one by one."""
    days, _, times = text.rpartition(" ")
    start, _, end = times.partition("-")
    local = moment.astimezone(BERLIN).replace(tzinfo=None)
    for began in (local, local - timedelta(days=1)):
        if days and not _names(days, DAYS[began.weekday()]):
            continue
        first = datetime.combine(began, datetime.strptime(start, "%H:%M").time())
        last = datetime.combine(began, datetime.strptime(end, "%H:%M").time())
        if first <= local < (last if first < last else last + timedelta(days=1)):
            return True
    return False


def _names(span: str, day: str) -> bool:
    first, _, last = span.partition("-")
    each = DAYS.index(first)
    while DAYS[each] != day and DAYS[each] != (last or first):
        each = (each + 1) % 7
    return DAYS[each] == day


@given(SCHEDULES)
def test_the_settings_take_each_such_schedule(schedule: list[str]) -> None:
    assert msgspec.convert(schedule, list[QuietTime]) == schedule


@pytest.mark.parametrize("text", ["22:00", "22:00-7:00", "24:00-07:00", "mo 22:00-07:00", "mon-22:00-07:00", "22-07"])
def test_the_settings_take_nothing_else(text: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(text, QuietTime)


@pytest.mark.parametrize(
    ("moment", "fold", "expected"),
    [
        ("2026-03-29 01:59", 0, False),
        ("2026-03-29 03:00", 0, True),  # the minute after 01:59: the window begins in the hour that is left out
        ("2026-10-25 02:30", 0, True),
        ("2026-10-25 02:29", 1, False),  # one hour after 02:29, when it was not quiet either
        ("2026-10-25 02:30", 1, True),
    ],
)
def test_what_the_clock_shows_counts_in_the_nights_in_which_it_is_changed(
    moment: str, fold: int, expected: bool
) -> None:
    assert is_quiet(windows(["02:30-05:00"]), at(moment, fold), zone=BERLIN) is expected


@settings(deadline=None)
@given(SCHEDULES, TIMES, st.integers(0, 1500))
def test_an_edge_is_found_where_a_minute_differs_from_the_one_before(
    schedule: list[str], moment: datetime, minutes: int
) -> None:
    began = moment.timestamp()
    seen = {is_quiet(windows(schedule), began + MINUTE_S * each, zone=BERLIN) for each in range(minutes + 1)}
    ends = began + MINUTE_S * minutes
    assert has_edge(windows(schedule), began, ends, zone=BERLIN) is (len(seen) > 1)


def test_a_switch_by_hand_holds_until_the_schedules_next_edge() -> None:
    quiet = Quiet(windows([NIGHT]), zone=BERLIN)
    quiet.switch(True, at("2026-11-23 12:00"))
    assert quiet.is_on(at("2026-11-23 21:59"))
    assert quiet.by_hand
    assert quiet.is_on(at("2026-11-23 22:00"))
    assert quiet.by_hand is None
    quiet.switch(False, at("2026-11-23 23:00"))
    assert not quiet.is_on(at("2026-11-24 06:59"))
    assert not quiet.is_on(at("2026-11-24 07:00"))
    assert quiet.is_on(at("2026-11-24 22:00"))


def test_a_switch_without_a_schedule_holds_for_ever() -> None:
    quiet = Quiet([])
    quiet.switch(True, at("2026-11-23 12:00"))
    assert quiet.is_on(at("2027-11-23 12:00"))


def test_a_switch_is_over_when_edges_passed_while_the_station_was_off() -> None:
    was = Switch(True, at("2026-11-23 12:00"))
    assert Quiet(windows([NIGHT]), was, zone=BERLIN).is_on(at("2026-11-23 13:00"))
    assert not Quiet(windows([NIGHT]), was, zone=BERLIN).is_on(at("2026-11-24 12:00"))
    assert not Quiet(windows([NIGHT]), was, zone=BERLIN).is_on(at("2028-11-24 12:00"))


def test_a_clock_that_is_not_set_yet_makes_nothing_quiet_and_ends_no_switch() -> None:
    boot = 100.0
    assert not Quiet(windows(["00:00-00:00"]), zone=BERLIN).is_on(boot)
    quiet = Quiet(windows([NIGHT]), zone=BERLIN)
    quiet.switch(True, boot)
    assert quiet.is_on(SET_SINCE - 1)
    assert quiet.is_on(at("2026-11-23 12:00"))
    assert quiet.by_hand == Switch(True, at("2026-11-23 12:00"))
    assert quiet.is_on(at("2026-11-23 22:00"))
    assert not quiet.is_on(at("2026-11-24 07:00"))


def test_a_clock_that_is_put_back_ends_no_switch() -> None:
    quiet = Quiet(windows([NIGHT]), zone=BERLIN)
    quiet.switch(True, at("2026-11-23 12:00"))
    assert quiet.is_on(at("2026-11-23 09:00"))
    assert quiet.is_on(at("2026-11-23 12:00"))
