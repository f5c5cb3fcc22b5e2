"""The switch: whom a call rings, who hears what, what a lost socket does."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from intercom.exchange.calls import State
from intercom.exchange.directory import Client, Kind
from intercom.exchange.effects import Answered, End, Ended, Send, Started
from intercom.signaling.messages import Answer, Connected, Failure, IncomingInvite, Message
from tests.exchange.house import House, frame, scenarios

TRANSCRIPTS = {
    title: lines
    for path in sorted((Path(__file__).parent / "transcripts").glob("*.txt"))
    for title, lines in scenarios(path).items()
}


@pytest.mark.parametrize("lines", TRANSCRIPTS.values(), ids=TRANSCRIPTS)
def test_the_transcript_holds(lines: list[str]) -> None:
    house = House()
    said = []
    for line in lines:
        if " < " not in line:
            said += [line, *house.do(line)]
    assert said == lines


def talk(house: House) -> House:
    """Anna has called bob, and he has answered."""
    for line in ("+ anna sdk1", "+ bob station", "anna > invite T1 To=bob", "bob > answer CA1"):
        house.do(line)
    return house


def frames(house: House, line: str) -> list[Message]:
    house.do(line)
    return [message for _, message in house.frames]


def test_the_callee_learns_who_calls_and_with_what() -> None:
    house = House()
    house.do("+ anna sdk1")
    house.do("+ bob station")
    invite, _ = frames(house, "anna > invite T1 To=client%3Abob&a%20b=x%26y&From=mallory")
    assert isinstance(invite, IncomingInvite)
    assert invite.parameters == {
        "CallSid": "CA1",
        "AccountSid": "AC" + 32 * "0",
        "From": "client:anna",
        "To": "client:bob",
        "ApiVersion": "2010-04-01",
        "Params": "a b=x%26y&From=mallory",
    }


def test_each_end_has_a_reconnect_token_of_its_own() -> None:
    house = House()
    for line in ("+ anna sdk2", "+ kitchen station", "+ hall station"):
        house.do(line)
    tokens = [
        frame.reconnect for frame in frames(house, "anna > invite T1 To=house") if isinstance(frame, IncomingInvite)
    ]
    [answer] = [frame for frame in frames(house, "hall > answer CA1") if isinstance(frame, Answer)]
    assert len({*tokens, answer.reconnect}) == 3


def test_a_client_learns_its_identity_the_life_of_its_token_and_the_heartbeat() -> None:
    house = House()
    station = Client(1, "bob", Kind.STATION, expires_at=60.9, beat_s=1)
    sdk = Client(2, "anna", Kind.FOREIGN, expires_at=60.9, sdk="2.18.5", beat_s=5)
    said = [house.switch.attach(client, 0) for client in (station, sdk)]
    connected = Connected(region="local", edge="local", home="local")
    assert said == [
        [Send(1, replace(connected, token={"identity": "bob", "ttl": 60}, heartbeat_s=1))],
        [Send(2, replace(connected, token={"identity": "anna", "ttl": 60}))],
    ]


def test_every_call_is_written_down_from_its_start_to_its_end() -> None:
    house = House()
    house.do("+ anna sdk1")
    house.do("+ bob station")
    house.do("anna > invite T1 To=bob")
    assert house.effects == [Started("CA1", "T1", "bob", End("anna", Kind.FOREIGN, "RT1"))]
    house.do("bob > answer CA1")
    assert house.effects == [Answered("CA1", End("bob", Kind.STATION, "RT2"))]
    house.do("bob > hangup CA1")
    assert house.effects == [Ended("CA1", 0, "hung up")]
    house.do("anna > invite T2 To=nobody")
    assert [type(effect) for effect in house.effects] == [Started, Ended]


def test_calls_on_record_are_taken_up_again_after_a_restart() -> None:
    after = House()
    started = Started("CA1", "T1", "bob", End("anna", Kind.FOREIGN, "RT1"))
    assert after.switch.restore([(started, Answered("CA1", End("bob", Kind.STATION, "RT2")))], 0) == []
    assert after.do("+ anna sdk1") == []
    assert after.do("anna > hangup CA1") == []
    assert after.effects == [Ended("CA1", 0, "hung up")]
    assert after.do("+ bob station") == ["bob < hangup CA1"]


def test_calls_that_rang_when_the_exchange_stopped_are_over() -> None:
    after = House()
    started = Started("CA1", "T1", "bob", End("anna", Kind.FOREIGN, "RT1"))
    assert [type(effect) for effect in after.switch.restore([(started, None)], 0)] == [Ended]
    assert after.do("+ anna sdk1") == ["anna < hangup T1 31480"]


def test_who_is_revoked_is_sent_away_and_its_call_ends() -> None:
    house = talk(House())
    house._note(house.switch.evict(house._numbers["bob"], Failure(31204, "revoked"), 0))
    assert [(name, message.kind) for name, message in house.frames] == [
        ("bob", "hangup"),
        ("anna", "hangup"),
        ("bob", "error"),
        ("bob", "close"),
    ]
    assert house.do("anna > invite T2 To=bob") == ["anna < hangup T2 31480"]


NAMES = ("anna", "bob", "kitchen", "hall")
SIDS = st.sampled_from(("T1", "T2", "CA1", "CA2"))
STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(NAMES), st.sampled_from(("answer", "reject", "hangup", "reinvite")), SIDS),
        st.tuples(
            st.sampled_from(NAMES), st.just("invite"), SIDS, st.sampled_from(("To=bob", "To=house", "To=anna", "RT1"))
        ),
        st.tuples(st.sampled_from(NAMES), st.sampled_from(("lost", "back", "later"))),
    ),
    max_size=40,
)


@given(STEPS)
def test_whatever_is_said_every_call_ends(steps: list[tuple[str, ...]]) -> None:
    """And no client that is away is sent a frame (the house would not know its name)."""
    house = House()
    kinds = dict(zip(NAMES, ("sdk1", "station", "sdk2", "page"), strict=True))
    for name, kind in kinds.items():
        house.do(f"+ {name} {kind}")
    for name, *words in steps:
        match words:
            case ["lost"] if name in house._numbers:
                house.do(f"- {name}")
            case ["back"] | ["lost"]:
                house.do(f"+ {name} {kinds[name]}")
            case ["later"]:
                house.do(f"at {house.now + 3}")
            case _ if name in house._numbers:
                house.do(f"{name} > {' '.join(words)}")
    for name in tuple(house._numbers):
        house.do(f"- {name}")
    house.do(f"at {house.now + 61}")
    assert list(house.switch.calls) == []


@given(st.sampled_from(("answer", "reject", "hangup", "reinvite")), st.text(max_size=64))
def test_any_unknown_id_leaves_a_call_as_it_is(kind: str, callsid: str) -> None:
    house = talk(House())
    number = house._numbers["anna"]
    if callsid not in {"CA1", "T1"}:
        house.switch.receive(number, frame(kind, callsid), 0)
    assert [call.state for call in house.switch.calls] == [State.OPEN]


FOREIGN_FRAMES = st.builds(
    lambda kind, sid, more: f"{kind} {sid} {more}",
    st.sampled_from(("answer", "reject", "hangup", "reinvite", "message", "dtmf", "invite")),
    SIDS,
    st.sampled_from(("RT1", "RT2", "RT1 active", "RT2 ~a2")),
)


@given(st.sampled_from(("sdk1", "sdk2", "station", "page")), st.booleans(), st.lists(FOREIGN_FRAMES, max_size=10))
def test_nobody_hears_or_touches_the_call_of_others(kind: str, is_open: bool, said: list[str]) -> None:
    """Not even who has got hold of its ids and its reconnect tokens."""
    house = talk(House()) if is_open else House()
    if not is_open:
        for line in ("+ anna sdk2", "+ bob station", "anna > invite T1 To=bob"):
            house.do(line)
    house.do(f"+ carl {kind}")
    before = [(call.state, [leg.client for leg in call.legs]) for call in house.switch.calls]
    for words in said:
        assert all(told.startswith("carl < ") for told in house.do(f"carl > {words}"))
    assert [(call.state, [leg.client for leg in call.legs]) for call in house.switch.calls] == before
