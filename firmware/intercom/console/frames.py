"""The machine grammar: `@ID VERB {json} ~CRC32` is answered by `%ID ok {json} ~CRC32` or `%ID err {json} ~CRC32`.

An answer that is too long for a line is put off, `%ID long {json} ~CRC32`; news is told as `!N KIND {json} ~CRC32`.
CRC-32 as zlib's, in 8 hexadecimal digits, over all before ` ~`; JSON in ASCII.  Sans-I/O; lines without their end.
"""

import json
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import msgspec

from intercom.console.watch import News

PROTOCOL = 1

_FRAME = re.compile(r"(?P<body>[ -~]*) ~(?P<check>[0-9a-f]{8})")
_REQUEST = re.compile(r"@(?P<id>[0-9A-Za-z]{1,16}) (?P<word>[a-z][a-z-]*) (?P<json>.*)")
_REPLY = re.compile(r"%(?P<id>[0-9A-Za-z]{1,16}) (?P<word>ok|err|long) (?P<json>.*)")
_NEWS = re.compile(r"!(?P<id>[0-9]{1,16}) (?P<word>[a-z][a-z-]*) (?P<json>.*)")


@dataclass(frozen=True, slots=True)
class Request:
    """What a program asks; `id` is its own choice and comes back with the answer.

    `arguments` is None where the frame came whole but holds no JSON object: its writer's mistake, not noise.
    """

    id: str
    verb: str
    arguments: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer: `members` are the result, or what failed (`code`, `message`, `hint`)."""

    id: str
    is_ok: bool
    members: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Long:
    """In place of an answer: its content has `size` bytes and this SHA-256 in hexadecimal digits, to be pulled."""

    id: str
    size: int
    sha256: str


Frame = Request | Reply | Long | News


def encode(frame: Frame) -> str:
    """The frame as a line."""
    match frame:
        case Request(id=id_):
            return _sealed(f"@{id_} {content(frame)}")
        case Reply(id=id_) | Long(id=id_):
            return _sealed(f"%{id_} {content(frame)}")
        case News(number=number):
            return _sealed(f"!{number} {content(frame)}")


def content(frame: Frame) -> str:
    """The frame without the id that it begins with, and without its check."""
    match frame:
        case Request(verb=word, arguments=members) | News(kind=word, members=members):
            pass
        case Reply(is_ok=is_ok, members=members):
            word = "ok" if is_ok else "err"
        case Long(size=size, sha256=sha256):
            word, members = "long", {"size": size, "sha256": sha256}
    return f"{word} {json.dumps(plain(members), separators=(',', ':'))}"


def decode_request(line: str) -> Request | None:
    """The request, or None where check or shape is wrong: then silence is the answer, and the far end repeats."""
    return _request(_parts(_REQUEST, line))


def decode_content(whole: bytes) -> Request | None:
    """A request that came as `content`, without an id; None where it has another shape."""
    return _request(_REQUEST.fullmatch(f"@0 {whole.decode('ascii', 'replace')}"))


def decode_reply(line: str) -> Reply | None:
    """The reply, or None where check or shape is wrong, or it is put off."""
    answer = decode_answer(line)
    return answer if isinstance(answer, Reply) else None


def decode_answer(line: str) -> Reply | Long | News | None:
    """What a station says, or None where check or shape is wrong."""
    return _answer(_parts(_REPLY, line)) or _news(_parts(_NEWS, line))


def decode_put_off(put_off: Long, whole: bytes) -> Reply | None:
    """The reply of which this is the content, or None where it has another shape."""
    answer = _answer(_REPLY.fullmatch(f"%{put_off.id} {whole.decode('ascii', 'replace')}"))
    return answer if isinstance(answer, Reply) else None


def plain(members: Mapping[str, Any] | None) -> dict[str, Any]:
    """The members as they come out of JSON at the far end."""
    return cast("dict[str, Any]", msgspec.to_builtins(members or {}))


def ends_like_frame(line: str) -> bool:
    """Whether a person's line may be what noise left of a frame, and must not be run."""
    return re.search(r" ~[0-9a-fA-F]{8}\s*$", line) is not None


def _parts(shape: re.Pattern[str], line: str) -> re.Match[str] | None:
    frame = _FRAME.fullmatch(line)
    is_whole = frame is not None and _check(frame["body"]) == frame["check"]
    return shape.fullmatch(frame["body"]) if frame and is_whole else None


def _members(text: str) -> dict[str, Any] | None:
    try:
        return msgspec.json.decode(text, type=dict[str, Any])
    except (msgspec.DecodeError, RecursionError):
        return None


def _request(parts: re.Match[str] | None) -> Request | None:
    return Request(parts["id"], parts["word"], _members(parts["json"])) if parts else None


def _answer(parts: re.Match[str] | None) -> Reply | Long | None:
    members = _members(parts["json"]) if parts else None
    if parts is None or members is None:
        return None
    if parts["word"] != "long":
        return Reply(parts["id"], parts["word"] == "ok", members)
    try:
        return msgspec.convert(members | {"id": parts["id"]}, Long)
    except msgspec.ValidationError:
        return None


def _news(parts: re.Match[str] | None) -> News | None:
    members = _members(parts["json"]) if parts else None
    return News(int(parts["id"]), parts["word"], members) if parts and members is not None else None


def _sealed(body: str) -> str:
    return f"{body} ~{_check(body)}"


def _check(body: str) -> str:
    return f"{zlib.crc32(body.encode('ascii')):08x}"
