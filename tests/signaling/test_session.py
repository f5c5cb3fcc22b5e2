"""A station's side of the signalling: what it says, when, and what it keeps for later."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intercom.errors import RemoteProtocolError
from intercom.signaling.edges import Place
from intercom.signaling.events import StreamState
from intercom.signaling.messages import (
    Answer,
    CallMessage,
    Cancel,
    Close,
    Connected,
    Failure,
    Hangup,
    Listen,
    Message,
    Offline,
    Ready,
    Register,
    Reinvite,
    decode_from_client,
    encode,
)
from intercom.signaling.messages import ErrorFrame as ErrorMessage
from intercom.signaling.session import Session
from tests.signaling.nonsense import FRAMES


def kinds(session: Session) -> list[str]:
    return [decode_from_client(text).kind for text in session.take()]


def registered(session: Session) -> list[bool]:
    """Return what each `register` that goes out now asks for."""
    messages = map(decode_from_client, session.take())
    return [message.media.audio for message in messages if isinstance(message, Register)]


def receive(session: Session, message: Message, now: float = 0) -> Message | None:
    return session.receive(encode(message), now)


def opened(*, now: float = 0, heartbeat_s: float = 0) -> Session:
    session = Session()
    session.opened("token", now)
    receive(session, Connected(region="here", heartbeat_s=heartbeat_s), now)
    receive(session, Ready(), now)
    session.take()
    return session


def test_a_session_shows_its_token_registers_and_is_ready() -> None:
    session = Session()
    session.opened("token", 0)
    assert (kinds(session), session.state) == (["listen"], StreamState.DISCONNECTED)
    receive(session, Connected())
    assert (kinds(session), session.state) == (["register"], StreamState.CONNECTED)
    for message, state in ((Ready(), StreamState.READY), (Offline(), StreamState.OFFLINE)):
        receive(session, message)
        assert session.state is state


def test_it_registers_again_every_thirty_seconds() -> None:
    session = opened()
    session.receive("\n", 29)
    session.take()
    assert session.tick(29.9)
    assert kinds(session) == []
    assert session.tick(30)
    assert kinds(session) == ["register"]


def test_a_heartbeat_is_sent_back() -> None:
    session = opened()
    session.receive("\n", 1)
    assert session.take() == ["\n"]


@pytest.mark.parametrize(("heartbeat_s", "lost_after_s"), [(0, 15), (1, 3)])
def test_the_link_is_lost_after_fifteen_silent_seconds_or_three_beats_that_were_promised(
    heartbeat_s: float, lost_after_s: float
) -> None:
    session = opened(heartbeat_s=heartbeat_s)
    assert session.due == lost_after_s
    assert session.tick(lost_after_s - 0.1)
    assert not session.tick(lost_after_s)


def test_any_frame_counts_as_a_sign_of_life() -> None:
    session = opened()
    receive(session, Cancel(callsid="CA1"), now=14)
    assert session.tick(28)


def test_a_new_token_is_shown_on_the_living_socket() -> None:
    session = opened()
    session.show("second")
    (frame,) = session.take()
    assert (decode_from_client(frame).kind, '"second"' in frame) == ("listen", True)
    assert session.state is StreamState.READY


def test_a_message_and_a_hangup_during_an_outage_are_sent_once_the_exchange_knows_us_again() -> None:
    session = opened()
    session.closed()
    session.send(CallMessage(callsid="CA1", messagetype="note", voiceeventsid="KX1", content="hello"))
    session.send(Hangup(callsid="CA1"))
    session.send(Reinvite(callsid="CA1", sdp="offer"))
    session.opened("token", 5)
    assert kinds(session) == ["listen"]
    receive(session, Connected(), now=5)
    assert kinds(session) == ["register", "message", "hangup"]


def test_frames_of_a_lost_socket_are_not_written_to_the_next() -> None:
    session = opened()
    session.send(Answer(callsid="CA1", sdp="answer"))
    session.closed()
    session.opened("token", 1)
    assert kinds(session) == ["listen"]


def test_a_hangup_whose_socket_dies_a_moment_later_is_said_again_and_an_old_one_is_not() -> None:
    session = opened()
    session.send(Hangup(callsid="CA1"))
    session.tick(20)
    session.send(Hangup(callsid="CA2"))
    session.tick(22)
    session.closed()
    session.opened("token", 30)
    receive(session, Connected(), now=30)
    said = [decode_from_client(frame) for frame in session.take()]
    assert [each.callsid for each in said if isinstance(each, Hangup)] == ["CA2"]


def test_frames_of_calls_are_handed_on_and_those_of_the_session_are_not() -> None:
    session = opened()
    assert receive(session, Cancel(callsid="CA1")) == Cancel(callsid="CA1")
    assert receive(session, Ready()) is None


def test_a_refused_token_leaves_its_reason() -> None:
    session = Session()
    session.opened("token", 0)
    receive(session, ErrorMessage(error=Failure(31204, "This token is not known here.")))
    assert session.refusal == "This token is not known here."


def test_an_exchange_that_closes_for_good_sends_us_away_until_the_next_socket() -> None:
    session = opened()
    receive(session, Close())
    assert session.is_sent_away
    session.closed()
    assert session.is_sent_away
    session.opened("token", 2)
    assert not session.is_sent_away


def test_a_frame_that_cannot_be_read_is_refused_without_being_quoted() -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        opened().receive('{"secret', 1)
    assert "secret" not in str(caught.value)


def test_presence_that_is_off_is_said_once_and_again_on_each_new_socket() -> None:
    session = opened()
    session.want_calls(False, 10)
    assert registered(session) == [False]
    receive(session, Offline(), 11)
    receive(session, Cancel(callsid="CA1"), 60)
    assert session.tick(61)
    assert registered(session) == []
    session.closed()
    session.opened("token", 70)
    receive(session, Connected(), 70)
    assert registered(session) == [False]
    session.want_calls(True, 71)
    assert registered(session) == [True]
    assert session.due == 71 + 14
    receive(session, Ready(), 84)
    assert session.tick(84)
    assert session.due == 84 + 15


def test_presence_that_is_changed_during_an_outage_is_said_once_we_are_connected() -> None:
    session = Session()
    session.want_calls(False, 0)
    session.opened("token", 0)
    assert kinds(session) == ["listen"]
    receive(session, Connected())
    assert registered(session) == [False]


def test_an_expired_token_is_spent_and_nothing_is_registered_until_another_is_taken() -> None:
    session = opened()
    error = ErrorMessage(error=Failure(31205, "It has expired."))
    assert receive(session, error) == error
    assert session.is_token_spent
    receive(session, Offline(), 14)
    receive(session, Cancel(callsid="CA1"), 28)
    session.tick(31)
    assert kinds(session) == []
    session.show("fresh")
    assert not session.is_token_spent
    receive(session, Connected(), 32)
    assert kinds(session) == ["listen", "register"]


@pytest.mark.parametrize(
    ("code", "at_listen", "later"),
    [(31201, True, False), (31204, True, False), (31205, True, True), (31000, False, False), (None, False, False)],
)
def test_a_token_is_spent_by_what_the_exchange_says_of_it(code: int | None, at_listen: bool, later: bool) -> None:
    error = ErrorMessage(error=Failure(code, "No."))
    session = opened()
    receive(session, error)
    assert (session.is_token_spent, session.refusal) == (later, "")
    session.show("fresh")
    receive(session, error)
    assert (session.is_token_spent, session.refusal) == (at_listen, "No.")


def test_where_the_exchange_is_and_how_long_the_token_lives_is_known_while_connected() -> None:
    session = Session()
    session.opened("token", 0)
    receive(session, Connected(region="EU_IRELAND", token={"ttl": 600}))
    assert session.place == Place("dublin", "ie1")
    assert [session.take_token_life_s(), session.take_token_life_s()] == [600, None]
    session.closed()
    assert session.place == Place(None, None)


@pytest.mark.parametrize("ttl", [True, "600", None, [1], {"s": 1}])
def test_a_life_that_is_no_number_is_none(ttl: object) -> None:
    session = opened()
    receive(session, Connected(token={"ttl": ttl}))
    assert session.take_token_life_s() is None


@pytest.mark.parametrize(("heartbeat_s", "silence_s"), [(-1, 15), (0, 15), (1e-9, 1), (2, 6), (60, 15), (1e300, 15)])
def test_an_odd_heartbeat_neither_cuts_the_link_nor_keeps_a_dead_one(heartbeat_s: float, silence_s: float) -> None:
    assert opened(heartbeat_s=heartbeat_s).due == silence_s


def test_the_client_tells_of_itself_what_the_sdk_tells() -> None:
    session = Session()
    session.opened("token", 0)
    listen = decode_from_client(session.take()[0])
    assert isinstance(listen, Listen)
    assert listen.browserinfo.keys() == {"p", "v", "browser", "plugin"}
    assert listen.browserinfo["browser"].keys() == {"userAgent", "platform"}


@given(st.lists(st.tuples(FRAMES, st.floats(0, 20)), max_size=20))
def test_whatever_the_exchange_says_the_session_lives_on(said: list[tuple[str, float]]) -> None:
    session, now = opened(), 0.0
    for text, passed_s in said:
        now += passed_s
        with contextlib.suppress(RemoteProtocolError):
            session.receive(text, now)
        session.tick(now)
        assert session.state is not StreamState.DISCONNECTED
        assert all(decode_from_client(frame) for frame in session.take())
        assert now <= session.due or not session.tick(now)
    session.receive("\n", now)
    assert session.take()[-1] == "\n"
    assert session.tick(now)
