"""What stations say to each other about a door: `message` frames of type `door` within a call.  Pure."""

from contextlib import suppress
from enum import StrEnum
from typing import Annotated, Protocol

import msgspec
from msgspec import Meta, Struct

TYPE = "door"


class Mail(Protocol):
    """A message within a call, as it came; `sender` is who our own exchange has verified."""

    @property
    def messagetype(self) -> str: ...

    @property
    def voiceeventsid(self) -> str: ...

    @property
    def content(self) -> object: ...

    @property
    def sender(self) -> str: ...


class Result(StrEnum):
    """What came of a wish for an open door."""

    OPENED = "opened"
    REFUSED = "refused"
    FAILED = "failed"


class Ask(Struct, frozen=True, forbid_unknown_fields=True):
    """Open your door."""

    open: bool


class Told(Struct, frozen=True, omit_defaults=True):
    """What came of it: `request` is the id of the message that asked, `why` a sentence for people."""

    result: Result
    why: Annotated[str, Meta(max_length=300)] = ""
    request: Annotated[str, Meta(max_length=64)] = ""


def read(content: object) -> Ask | Told | None:
    """Return what a message's content says; None where it says nothing of a door."""
    with suppress(msgspec.ValidationError):
        said = msgspec.convert(content, Ask)
        return said if said.open else None
    with suppress(msgspec.ValidationError):
        return msgspec.convert(content, Told)
    return None


def sentence(why: str) -> str:
    """Return a text of a far end as it may stand in a log and on a screen: one line of what can be printed."""
    return "".join(letter for letter in " ".join(why.split()) if letter.isprintable())
