"""Messages within a call: who is named as their sender, and what is refused."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intercom.exchange.calls import MAIL_PER_S
from intercom.exchange.mail import CONTENT_BYTES
from intercom.signaling.messages import Ack, CallMessage, ErrorFrame, Message
from tests.exchange.house import House

TYPE = "user-defined-message"


@pytest.fixture
def house() -> House:
    """Anna's SDK v2 and Bob's station are in a call."""
    return talking()


def talking() -> House:
    made = House()
    for line in ("+ anna sdk2", "+ bob station", "anna > invite T1 To=bob", "bob > answer CA1"):
        made.do(line)
    return made


def send(house: House, name: str, content: Any, **members: Any) -> list[tuple[str, Message]]:
    said = CallMessage(callsid="CA1", voiceeventsid="KX7", messagetype=TYPE, content=content, **members)
    house._note(house.switch.receive(house._numbers[name], said, house.now))
    return house.frames


def refused(frames: list[tuple[str, Message]]) -> int | None:
    [(name, message)] = frames
    assert name == "anna"
    assert isinstance(message, ErrorFrame)
    assert (message.callsid, message.voiceeventsid) == ("CA1", "KX7")
    assert message.error
    return message.error.code


def test_the_sender_is_who_signed_in_whoever_the_message_names(house: House) -> None:
    content = {"lift": [1, None, "2"]}
    relayed = CallMessage(callsid="CA1", voiceeventsid="KX7", messagetype=TYPE, content=content, sender="anna")
    ack = Ack(callsid="CA1", voiceeventsid="KX7", acktype="message")
    assert send(house, "anna", content, sender="mallory") == [("bob", relayed), ("anna", ack)]


@pytest.mark.parametrize("text", ["x", "é", "😀"])
def test_content_may_be_so_long_and_no_longer(house: House, text: str) -> None:
    most = (CONTENT_BYTES - 2) // len(text.encode())
    assert [name for name, _ in send(house, "anna", most * text)] == ["bob", "anna"]
    assert refused(send(house, "anna", (most + 1) * text)) == 31212


def test_so_many_messages_a_second_and_no_more(house: House) -> None:
    for _ in range(int(MAIL_PER_S)):
        assert len(send(house, "anna", "hurry")) == 2
    assert refused(send(house, "anna", "hurry")) == 31206
    assert len(send(house, "bob", "what is it?")) == 2
    house.now += 1
    assert len(send(house, "anna", "hurry")) == 2


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=3)))
def test_any_content_arrives_as_it_was(content: Any) -> None:
    [(_, message), _] = send(talking(), "bob", content)
    assert isinstance(message, CallMessage)
    assert (message.content, message.contenttype, message.sender) == (content, "application/json", "bob")
