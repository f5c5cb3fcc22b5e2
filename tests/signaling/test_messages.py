"""The wire's frames."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intercom.errors import LocalProtocolError, RemoteProtocolError
from intercom.signaling.messages import (
    FROM_CLIENT,
    FROM_EXCHANGE,
    LIMIT_CHARACTERS,
    Dtmf,
    Hangup,
    Heartbeat,
    IncomingInvite,
    Invite,
    Listen,
    TwilioParams,
    Unknown,
    decode_from_client,
    decode_from_exchange,
    encode,
)


def test_a_frame_is_one_object_of_type_version_and_payload() -> None:
    invite = Invite(callsid="TJS1", sdp="v=0\r\n", twilio=TwilioParams(params="To=bob"))
    payload = '{"callsid":"TJS1","sdp":"v=0\\r\\n","preflight":false,"twilio":{"params":"To=bob"}}'
    text = f'{{"type":"invite","version":"1.5","payload":{payload}}}'
    assert encode(invite) == text
    assert decode_from_client(text) == invite


def test_an_invite_means_another_thing_from_each_side() -> None:
    text = '{"type":"invite","payload":{"callsid":"CA1","sdp":"s","parameters":{"From":"client:bob"}}}'
    assert decode_from_exchange(text) == IncomingInvite(callsid="CA1", sdp="s", parameters={"From": "client:bob"})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("\n", Heartbeat()),
        ('{"type":"hangup"}', Hangup()),
        ('{"type":"news","payload":{"a":[1]}}', Unknown()),
        ('{"type":"hangup","payload":{"callsid":"CA1","gateway":"g"},"more":1}', Hangup(callsid="CA1")),
    ],
)
def test_what_may_be_missing_or_more_is_no_error(text: str, message: object) -> None:
    assert decode_from_exchange(text) == message


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "null", "[]", '{"payload":{}}', '{"type":"hangup","payload":null}', '{"type":7}',
        '{"type":"dtmf","payload":{"dtmf":"1x"}}', '{"type":"invite","payload":{"callsid":"a"}}',
        '{"type":"listen","payload":{"token":"' + "t" * 9000 + '"}}', "[" * 100_000, '"\ud800"',
    ],
)  # fmt: skip
def test_what_can_not_be_read_is_refused_in_a_sentence_that_quotes_nothing(text: str) -> None:
    with pytest.raises(RemoteProtocolError, match=r"^A frame of \d+ characters (can't be read|is too long)"):
        decode_from_client(text)


@given(st.text())
def test_no_text_raises_anything_else(text: str) -> None:
    for decode in (decode_from_client, decode_from_exchange):
        with contextlib.suppress(RemoteProtocolError):
            decode(text)


@given(st.sampled_from("0123456789*#w"), st.integers(0, 256))
def test_digits_survive_the_wire(digit: str, count: int) -> None:
    assert decode_from_client(encode(Dtmf(dtmf=digit * count))) == Dtmf(dtmf=digit * count)


def test_a_frame_that_no_exchange_takes_is_not_sent() -> None:
    with pytest.raises(LocalProtocolError):
        encode(Listen(token="t" * LIMIT_CHARACTERS))


def test_the_tables_name_each_frame_by_its_type() -> None:
    assert all(kind == message.kind for table in (FROM_CLIENT, FROM_EXCHANGE) for kind, message in table.items())
