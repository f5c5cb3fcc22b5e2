"""A station's side of the signalling: what it says, when, and what it keeps for later."""

import pytest

from intercom.errors import RemoteProtocolError
from intercom.signaling.events import StreamState
from intercom.signaling.messages import (
    Answer,
    Cancel,
    Close,
    Connected,
    Failure,
    Hangup,
    Message,
    Offline,
    Ready,
    Reinvite,
    decode_from_client,
    encode,
)
from intercom.signaling.messages import ErrorFrame as ErrorMessage
from intercom.signaling.session import Session


def kinds(session: Session) -> list[str]:
    return [decode_from_client(text).kind for text in session.take()]


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


def test_a_hangup_during_an_outage_is_sent_once_the_exchange_knows_us_again() -> None:
    session = opened()
    session.closed()
    session.send(Hangup(callsid="CA1"))
    session.send(Reinvite(callsid="CA1", sdp="offer"))
    session.opened("token", 5)
    assert kinds(session) == ["listen"]
    receive(session, Connected(), now=5)
    assert kinds(session) == ["register", "hangup"]


def test_frames_of_a_lost_socket_are_not_written_to_the_next() -> None:
    session = opened()
    session.send(Answer(callsid="CA1", sdp="answer"))
    session.closed()
    session.opened("token", 1)
    assert kinds(session) == ["listen"]


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
