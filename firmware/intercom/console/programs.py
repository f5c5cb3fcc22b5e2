"""The commands that only programs have, about the line itself: what they take.  What they do is each session's own."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from intercom.console.access import Access
from intercom.console.command import Command, Nothing, Result
from intercom.console.desk import Desk
from intercom.console.parcels import CHUNK, LONGEST
from intercom.errors import UsageError

Place = Annotated[int, Meta(ge=0, le=LONGEST)]
Digest = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class Subscribe(Struct, forbid_unknown_fields=True):
    """What to tell of from now on, in place of what was; empty: nothing."""

    kinds: tuple[Literal["status", "call", "log"], ...]


class Pull(Struct, forbid_unknown_fields=True):
    """A chunk of the answer to that request: its place, and how many bytes at most."""

    id: str
    at: Place
    size: Annotated[int, Meta(ge=1, le=CHUNK)] = CHUNK


class Push(Struct, forbid_unknown_fields=True):
    """A request that is too long for a line: how many bytes its verb and arguments have, and their SHA-256."""

    size: Annotated[int, Meta(ge=1, le=LONGEST)]
    sha256: Digest


class Chunk(Struct, forbid_unknown_fields=True):
    """A part of it, in Base64."""

    at: Place
    chunk: Annotated[bytes, Meta(max_length=CHUNK)]


async def at_a_session(_: Desk, __: object) -> Result:
    """These stand for what the session of the line does."""
    raise UsageError("This is for programs that talk in frames.")


def _told(_: Result) -> str:
    return ""


COMMANDS = [
    Command(
        "hello",
        "",
        "Begin: protocol, limits, which run of the station, revision of the settings, name; the line is the program's.",
        Access.ANYONE,
        Nothing,
        at_a_session,
        _told,
    ),
    Command(
        "subscribe",
        "KINDS",
        "Be told of `status`, `call` or `log` from now on; of none: no more.",
        Access.VIEWER,
        Subscribe,
        at_a_session,
        _told,
    ),
    Command(
        "pull",
        "ID AT [SIZE]",
        "A chunk of a long answer.",
        Access.ANYONE,
        Pull,
        at_a_session,
        _told,
    ),
    Command(
        "push",
        "SIZE SHA256",
        "Begin a request that is too long for a line, or go on with it; tells the place of the next chunk.",
        Access.VIEWER,
        Push,
        at_a_session,
        _told,
    ),
    Command("chunk", "AT CHUNK", "A chunk of it.", Access.VIEWER, Chunk, at_a_session, _told),
    Command(
        "run",
        "",
        "Run it, now that it is whole; it is answered as if it had come in one frame.",
        Access.VIEWER,
        Nothing,
        at_a_session,
        _told,
    ),
]
