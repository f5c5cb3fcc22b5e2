"""The machine grammar: `@ID VERB {json} ~CRC32` is answered by `%ID ok {json} ~CRC32` or `%ID err {json} ~CRC32`.

CRC-32 as zlib's, in 8 hexadecimal digits, over all before ` ~`; JSON in ASCII.  Sans-I/O; lines without their end.
"""

import json
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import msgspec

_FRAME = re.compile(r"(?P<body>[ -~]*) ~(?P<check>[0-9a-f]{8})")
_REQUEST = re.compile(r"@(?P<id>[0-9A-Za-z]{1,16}) (?P<word>[a-z][a-z-]*) (?P<json>.*)")
_REPLY = re.compile(r"%(?P<id>[0-9A-Za-z]{1,16}) (?P<word>ok|err) (?P<json>.*)")


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


def encode(frame: Request | Reply) -> str:
    """The frame as a line."""
    match frame:
        case Request(id=id_, verb=verb, arguments=members):
            head = f"@{id_} {verb}"
        case Reply(id=id_, is_ok=is_ok, members=members):
            head = f"%{id_} {'ok' if is_ok else 'err'}"
    body = f"{head} {json.dumps(plain(members), separators=(',', ':'))}"
    return f"{body} ~{_check(body)}"


def decode_request(line: str) -> Request | None:
    """The request, or None where check or shape is wrong: then silence is the answer, and the far end repeats."""
    parts = _parts(_REQUEST, line)
    return Request(parts["id"], parts["word"], _members(parts["json"])) if parts else None


def decode_reply(line: str) -> Reply | None:
    """The reply, or None where check or shape is wrong."""
    parts = _parts(_REPLY, line)
    members = _members(parts["json"]) if parts else None
    return Reply(parts["id"], parts["word"] == "ok", members) if parts and members is not None else None


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


def _check(body: str) -> str:
    return f"{zlib.crc32(body.encode('ascii')):08x}"
