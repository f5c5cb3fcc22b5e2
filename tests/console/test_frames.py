"""The machine grammar: what is written is read, what is altered is not."""

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intercom.console.frames import (
    Long,
    Reply,
    Request,
    content,
    decode_answer,
    decode_content,
    decode_put_off,
    decode_reply,
    decode_request,
    encode,
    ends_like_frame,
)
from intercom.console.watch import News

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
MEMBERS = st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), JSON, max_size=4)
IDS = st.from_regex(r"[0-9A-Za-z]{1,16}", fullmatch=True)
VERBS = st.from_regex(r"[a-z][a-z-]{0,9}", fullmatch=True)
REQUESTS = st.builds(Request, IDS, VERBS, MEMBERS)
REPLIES = st.builds(Reply, IDS, st.booleans(), MEMBERS)
LONG = st.builds(Long, IDS, st.integers(0, 2**32), st.text(max_size=64).filter(str.isascii))
NEWS = st.builds(News, st.integers(0, 10**16 - 1), VERBS, MEMBERS)


def test_frames_look_as_documented() -> None:
    assert encode(Request("17", "set", {"path": "call.to", "value": "é"})) == (
        '@17 set {"path":"call.to","value":"\\u00e9"} ~bc312e95'
    )
    assert encode(Reply("17", is_ok=True, members={})) == "%17 ok {} ~20176589"
    assert encode(Reply("17", is_ok=False, members={"code": "usage"})) == '%17 err {"code":"usage"} ~dfef56b7'


@given(REQUESTS)
def test_a_request_comes_through(request_: Request) -> None:
    line = encode(request_)
    assert line.isascii()
    assert decode_request(line) == request_
    assert decode_reply(line) is None


@given(REPLIES)
def test_a_reply_comes_through(reply: Reply) -> None:
    line = encode(reply)
    assert decode_reply(line) == reply
    assert decode_request(line) is None


@given(REPLIES | LONG | NEWS)
def test_what_a_station_says_comes_through(frame: Reply | Long | News) -> None:
    line = encode(frame)
    assert line.isascii()
    assert decode_answer(line) == frame
    assert decode_request(line) is None
    assert decode_reply(line) == (frame if isinstance(frame, Reply) else None)


@given(REQUESTS)
def test_a_request_comes_through_as_content(request_: Request) -> None:
    whole = content(request_).encode("ascii")
    assert decode_content(whole) == Request("0", request_.verb, request_.arguments)


@given(REPLIES)
def test_a_reply_that_was_put_off_comes_through(reply: Reply) -> None:
    assert decode_put_off(Long(reply.id, 0, ""), content(reply).encode("ascii")) == reply


@given(st.binary())
def test_no_content_raises(whole: bytes) -> None:
    request, reply = decode_content(whole), decode_put_off(Long("1", 0, ""), whole)
    assert request is None or request.id == "0"
    assert reply is None or reply.id == "1"


def test_what_is_put_off_without_size_is_not_read() -> None:
    for members in ("{}", '{"size":"5","sha256":""}', '{"size":5}', '{"size":5,"sha256":5}'):
        assert decode_answer(with_check(f"%1 long {members}")) is None


@given(REQUESTS | REPLIES | LONG | NEWS, st.data())
def test_a_frame_with_one_byte_altered_lost_or_doubled_is_not_read(
    frame: Request | Reply | Long | News, data: st.DataObject
) -> None:
    line = encode(frame)
    decode = decode_request if isinstance(frame, Request) else decode_answer
    at = data.draw(st.integers(0, len(line) - 1))
    other = data.draw(st.characters().filter(lambda one: one != line[at]))
    assert decode(line[:at] + other + line[at + 1 :]) is None
    assert decode(line[:at] + line[at + 1 :]) is None
    assert decode(line[:at] + other + line[at:]) is None


@given(st.text())
def test_no_text_raises(text: str) -> None:
    assert decode_request(text) is None or text.startswith("@")
    assert decode_answer(text) is None or text.startswith(("%", "!"))


@pytest.mark.parametrize("json", ["", "[]", "{", "NaN", '{"a":"\\ud800"}', '{"a":' + "[" * 900])
def test_a_whole_frame_without_a_json_object_is_its_writers_mistake(json: str) -> None:
    assert decode_request(with_check(f"@1 set {json}")) == Request("1", "set", None)


@pytest.mark.parametrize("body", ["@ set {}", "@1 {}", "@1 SET {}", "1 set {}", "@12345678901234567 set {}", "@1 set"])
def test_a_whole_frame_of_another_shape_is_not_read(body: str) -> None:
    assert decode_request(with_check(body)) is None


def test_what_noise_left_of_a_frame_is_recognised() -> None:
    assert ends_like_frame("17 hangup {} ~1234abcd")
    assert ends_like_frame("hangup ~1234ABCD ")
    assert not ends_like_frame("set call.to ~1234")


def with_check(body: str) -> str:
    """The body with the check that belongs to it."""
    return f"{body} ~{zlib.crc32(body.encode()):08x}"
