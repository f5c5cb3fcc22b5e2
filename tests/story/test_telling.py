"""The sentences of a story: every way in which a call may end has one, whatever befell it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.json import decode, encode

from intercom.call import codes
from intercom.call.events import Ending
from intercom.console.story import told_calls
from intercom.exchange import calling, mail, moves, resuming, routing, switch
from intercom.quality import thresholds
from intercom.quality.moments import LINK_LOST
from intercom.quality.tally import Heard
from intercom.signaling.messages import Failure
from intercom.story import telling, worth
from intercom.story.causes import CAUSES, UNKNOWN, cause
from intercom.story.record import CUT, NEVER, DoorTold, Outage, Ring, Route, Story, Warned

AT = "2026-11-23 07:51:12+01:00"
# Of the Voice JS SDK v1 and its newer error classes, and what a server may send.
SPEC = {
    20101, 20104, 20151, 31000, 31001, 31002, 31003, 31005, 31008, 31009, 31100, 31101, 31102, 31103, 31104, 31105,
    31107, 31201, 31202, 31203, 31204, 31205, 31206, 31207, 31208, 31209, 31210, 31212, 31400, 31401, 31402, 31404,
    31480, 31486, 31603, 53000, 53001, 53400, 53402, 53405,
}  # fmt: skip
WAYS = [*Ending, NEVER, CUT, ""]
some_text = st.text(max_size=20)
some_s = st.none() | st.floats(0, 1e6)
some_figure = st.none() | st.floats(0, 1e4)
stories = st.builds(
    Story,
    n=st.integers(1, 10**6),
    at=st.floats(0, 4e9),
    direction=st.sampled_from(["incoming", "outgoing"]),
    peer=some_text,
    sid=some_text,
    hand=some_text,
    ring=st.none() | st.sampled_from(Ring),
    rang_s=some_s,
    answered_s=some_s,
    answered_by=some_text,
    lasted_s=some_s,
    how=st.sampled_from(WAYS),
    code=st.integers(0, 99_999),
    message=some_text,
    ended_by=some_text,
    codec=some_text,
    route=st.none() | st.builds(Route, some_text, some_text, some_text, some_text),
    heard=st.none() | st.builds(Heard, mos=some_figure, lowest_mos=some_figure, rtt_ms=some_figure),
    warnings=st.lists(st.builds(Warned, some_text, st.integers(1, 9), st.floats(0, 1e4)), max_size=2).map(tuple),
    outages=st.lists(st.builds(Outage, st.floats(0, 1e4), some_s), max_size=2).map(tuple),
    doors=st.lists(st.builds(DoorTold, st.floats(0, 1e4), some_text, some_text), max_size=2).map(tuple),
    times=st.integers(1, 99),
)


def failures() -> set[int]:
    """The codes that our exchange ends calls with."""
    modules = (calling, mail, moves, resuming, routing, switch)
    known = [value for module in modules for value in vars(module).values() if isinstance(value, Failure)]
    return {failure.code for failure in known if failure.code}


def constants() -> set[int]:
    """The codes that our calls end with."""
    return {value for value in vars(codes).values() if isinstance(value, int)}


@pytest.mark.parametrize("code", sorted(SPEC | failures() | constants() | set(codes.TWILIO_CODE_OF)))
def test_every_code_has_a_meaning_and_a_next_step_of_its_own(code: int) -> None:
    known = cause(code)
    assert known is not UNKNOWN
    assert known.meaning.endswith(".")
    assert known.advice
    told = " ".join(telling.sentences(Story(n=1, at=0, direction="outgoing", how=Ending.FAILED, code=code), at=AT))
    assert f"code {code}. {known.meaning}" in told
    assert told.endswith(known.advice)


def test_no_meaning_is_told_of_two_codes_but_of_a_token_that_is_too_old() -> None:
    meanings = [known.meaning for known in CAUSES.values()]
    assert len(meanings) - len(set(meanings)) <= 1


@pytest.mark.parametrize("how", [*Ending, NEVER, CUT])
def test_every_way_to_end_has_a_sentence_of_its_own(how: str) -> None:
    story = Story(n=1, at=0, direction="incoming", peer="anna", how=how)
    assert telling.ended(story) not in {telling.ended(Story(n=1, at=0, direction="incoming")), "It ended."}


@pytest.mark.parametrize("name", [*(each.warning for each in thresholds.THRESHOLDS), LINK_LOST])
def test_every_warning_that_is_told_has_a_meaning(name: str) -> None:
    told = list(worth.sentences(None, "opus", [Warned(name, 1, 3.0)]))
    assert (name == "constant-audio-output-level") or "a limit of the settings" not in told[0]


@given(stories)
def test_whatever_befell_a_call_its_story_has_a_beginning_and_an_end_and_outlives_the_file(story: Story) -> None:
    told = telling.sentences(story, at=AT)
    assert told[0].startswith(f"Call {story.n}: ")
    assert all(told)
    assert telling.ended(story) in told
    assert decode(encode(story), type=Story) == story
    shown = decode(encode(telling.shown(story, at=AT)))  # as it comes to the console
    assert told_calls({"calls": [shown]}).startswith(str(story.n))


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.4, "0 s"), (59.4, "59 s"), (60, "1 min 0 s"), (3599, "59 min 59 s"), (7260, "2 h 1 min")]
)
def test_a_span_is_told_by_its_two_largest_units(seconds: float, words: str) -> None:
    assert telling.span(seconds) == words


@pytest.mark.parametrize(
    ("ours", "theirs", "address", "says"),
    [
        ("host", "host", "192.168.1.9", "straight from one to the other (192.168.1.5 to 192.168.1.9)"),
        ("host", "prflx", "192.168.1.9", "straight from one to the other (192.168.1.5 to 192.168.1.9)"),
        ("host", "prflx", "fd00::9", "straight from one to the other (192.168.1.5 to fd00::9)"),
        ("host", "prflx", "8.8.8.8", "through a router's address translation"),
        ("srflx", "host", "8.8.8.8", "through a router's address translation"),
        ("relay", "host", "192.168.1.9", "through a TURN relay"),
        ("host", "relay", "8.8.8.8", "through a TURN relay"),
    ],
)
def test_the_way_of_the_sound_is_told_by_its_candidates(ours: str, theirs: str, address: str, says: str) -> None:
    story = Story(n=1, at=0, direction="incoming", route=Route(ours, theirs, "192.168.1.5", address))
    assert says in " ".join(telling.sentences(story, at=AT))


def test_a_time_that_was_not_set_is_not_told() -> None:
    told = telling.sentences(Story(n=1, at=0, direction="incoming", peer="anna"), at="")
    assert told[0] == "Call 1: anna called, at a time when the station's clock was not set."
