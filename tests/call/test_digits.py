"""Digits of a call: what may be sent, what is heard of it here, by which way it goes, and each one counted once."""

import asyncio
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intercom.call.connection import Connection
from intercom.call.digits import MOST, STEP_MS, TWICE_WITHIN_S, Once, check, tones
from intercom.call.ports import DigitHeard, DigitSource
from intercom.errors import ConflictError, UsageError
from intercom.signaling.events import StreamState
from intercom.signaling.messages import Answer, Dtmf, Hangup, Ringing
from tests.call.world import ANSWER, SID, World
from tests.vectors.read import vectors

CASES = vectors("digits")["cases"]
VALID = [case for case in CASES if case.get("valid")]
RTP, SIGNALLING, IN_BAND = DigitSource.RTP, DigitSource.SIGNALLING, DigitSource.IN_BAND
NOT_TEXTS = (1, None, ["1"], b"1")


async def talking(world: World) -> Connection:
    connection = world.call(To="bob")
    await world.settle()
    world.wire.receive(Ringing(callsid=SID))
    world.wire.receive(Answer(callsid=SID, sdp=ANSWER))
    await world.settle()
    world.wire.sent.clear()
    world.log.clear()
    return connection


@pytest.mark.parametrize("case", [case for case in CASES if "input" in case], ids=lambda case: ascii(case["input"]))
async def test_what_the_reference_refuses_is_refused_before_anything_is_sent(case: dict[str, Any]) -> None:
    world = World()
    connection = await talking(world)
    if case["valid"]:
        connection.send_digits(case["input"])
    else:
        with pytest.raises(UsageError):
            connection.send_digits(case["input"])
    await world.settle()
    assert world.sounds[0].dialled == ([case["input"]] if case["valid"] else [])
    assert world.wire.sent == []
    heard_at_once = [tone for at_ms, tone in case.get("local_sequence", []) if at_ms == 0]
    assert world.speaker.played == heard_at_once


@pytest.mark.parametrize("digits", [*NOT_TEXTS, "1" * (MOST + 1)])
def test_what_is_no_text_or_too_long_is_refused(digits: object) -> None:
    assert [case["throws"] for case in CASES if "input_js" in case] == ["TypeError"] * 4
    with pytest.raises(UsageError):
        check(digits)


@settings(deadline=None)
@given(digits=st.text(min_size=3).filter(lambda text: not set(text) <= {*"0123456789*#w"}))
def test_a_refusal_never_quotes_what_may_be_a_code(digits: str) -> None:
    with pytest.raises(UsageError) as refusal:
        check(digits)
    assert digits not in str(refusal.value)


@pytest.mark.parametrize("case", VALID, ids=lambda case: case["input"] or "nothing")
def test_what_is_heard_here_is_the_references_schedule(case: dict[str, Any]) -> None:
    assert [list(step) for step in tones(case["input"])] == case["local_sequence"]


@pytest.mark.parametrize("case", VALID, ids=lambda case: case["input"] or "nothing")
async def test_without_telephone_events_the_whole_text_goes_by_a_frame(case: dict[str, Any]) -> None:
    world = World()
    connection = await talking(world)
    world.sounds[0].has_events = False
    connection.send_digits(case["input"])
    assert world.wire.sent == [Dtmf(callsid=SID, dtmf=frame["dtmf"]) for frame in case["no_sender"]]
    assert world.log == []


@pytest.mark.parametrize("state", [StreamState.DISCONNECTED, StreamState.OFFLINE])
async def test_without_an_exchange_too_it_is_error_31000_and_the_call_goes_on(state: StreamState) -> None:
    world = World()
    connection = await talking(world)
    world.sounds[0].has_events = False
    world.wire.state = state
    connection.send_digits("12w3")
    is_down = state is StreamState.DISCONNECTED
    assert world.wire.sent == ([] if is_down else [Dtmf(callsid=SID, dtmf="12w3")])
    assert world.log == (["error(31000) open"] if is_down else [])


async def test_a_call_that_is_not_taken_or_over_sends_no_digits() -> None:
    world = World()
    pending = world.incoming()
    with pytest.raises(ConflictError, match="pending"):
        pending.send_digits("1")
    pending.accept()
    await world.settle()
    world.wire.receive(Hangup(callsid=SID))
    world.wire.sent.clear()
    with pytest.raises(ConflictError, match="closed"):
        pending.send_digits("1")
    assert world.wire.sent == []
    assert world.sounds[0].dialled == []
    assert world.speaker.played == []


async def test_the_tones_end_with_the_call() -> None:
    world = World()
    connection = await talking(world)
    connection.send_digits("123")
    await world.settle()
    connection.disconnect()
    async with asyncio.timeout(5):
        await asyncio.gather(*world.device._tasks, return_exceptions=True)
    assert world.speaker.played == ["dtmf1"]


async def test_a_digit_told_by_a_frame_and_heard_in_the_voice_counts_once() -> None:
    world = World()
    connection = await talking(world)
    heard: list[DigitHeard] = []
    connection.on("digit", heard.append)
    world.wire.receive(Dtmf(callsid=SID, dtmf="1w1"))
    for source in (IN_BAND, IN_BAND, IN_BAND, RTP):
        world.sounds[0].becomes(DigitHeard("1", source))
    world.wire.receive(Dtmf(callsid="CA" + "2" * 32, dtmf="7"))
    assert [(one.digit, one.source) for one in heard] == [("1", SIGNALLING), ("1", SIGNALLING), ("1", IN_BAND)]


async def test_a_pending_call_has_no_digits() -> None:
    world = World()
    connection = world.incoming()
    heard: list[DigitHeard] = []
    connection.on("digit", heard.append)
    world.wire.receive(Dtmf(callsid=SID, dtmf="1"))
    assert heard == []


PRESSES = st.lists(st.sampled_from("123"), max_size=12)


@settings(deadline=None)
@given(presses=PRESSES, source=st.sampled_from(DigitSource), pace_s=st.floats(0.0, 1.0))
def test_what_one_way_tells_all_counts(presses: list[str], source: DigitSource, pace_s: float) -> None:
    once = Once()
    assert all(once.is_new(digit, source, at_s=at * pace_s) for at, digit in enumerate(presses))


@settings(deadline=None)
@given(
    presses=PRESSES,
    pace_s=st.floats(0.1, 3.0),
    delays_s=st.fixed_dictionaries({source: st.floats(0, TWICE_WITHIN_S * 0.9) for source in DigitSource}),
    sources=st.sets(st.sampled_from(DigitSource), min_size=1),
)
def test_what_several_ways_tell_comes_out_once_and_in_order(
    presses: list[str], pace_s: float, delays_s: dict[DigitSource, float], sources: set[DigitSource]
) -> None:
    told = [(at * pace_s + delays_s[source], digit, source) for at, digit in enumerate(presses) for source in sources]
    once = Once()
    counted = [
        digit for at_s, digit, source in sorted(told, key=lambda one: one[0]) if once.is_new(digit, source, at_s=at_s)
    ]
    assert counted == presses


@settings(deadline=None)
@given(told=st.lists(st.tuples(st.floats(0, 5), st.sampled_from("12"), st.sampled_from(DigitSource)), max_size=20))
def test_none_that_counts_is_made_up_and_none_of_the_busiest_way_is_lost(
    told: list[tuple[float, str, DigitSource]],
) -> None:
    once = Once()
    counted = [digit for at_s, digit, source in sorted(told) if once.is_new(digit, source, at_s=at_s)]
    for digit in "12":
        by_source = [sum(one[1:] == (digit, source) for one in told) for source in DigitSource]
        assert max(by_source) <= counted.count(digit) <= sum(by_source)


def test_a_frames_digits_are_matched_at_the_pace_of_tones() -> None:
    once, text = Once(), "1" * 40
    assert all(once.is_new(digit, SIGNALLING, at_s=at * STEP_MS / 1000) for at, digit in enumerate(text))
    assert not any(once.is_new(digit, IN_BAND, at_s=0.5 + at * STEP_MS / 1000) for at, digit in enumerate(text))
