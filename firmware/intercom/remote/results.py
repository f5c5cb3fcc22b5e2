"""What a station answers, as types; what they leave out stands in what `Remote.run` returns."""

from typing import Any

from msgspec import Struct, field

from intercom.settings.transaction import Change


class Call(Struct, frozen=True):
    """A call: `status` is one of the seed's, `direction` is `incoming` or `outgoing`."""

    status: str
    direction: str
    sid: str | None = None
    from_: str | None = field(default=None, name="from")
    to: str | None = None
    duration_s: float | None = None
    is_muted: bool = field(default=False, name="muted")
    codec: str | None = None


class Light(Struct, frozen=True):
    """What the ring shows."""

    pattern: str
    colour: str
    overlays: tuple[str, ...] = ()


class Status(Struct, frozen=True):
    """What a station does now; `warnings` are names of what is wrong with the call's quality."""

    identity: str
    registration: str
    light: Light
    call: Call | None = None
    pending: tuple[Call, ...] = ()
    warnings: tuple[Any, ...] = ()


class Written(Struct, frozen=True):
    """A commit: what it changed, what waits, and the revision that the settings have now."""

    changes: tuple[Change, ...]
    notes: tuple[str, ...]
    revision: int


class Revision(Struct, frozen=True):
    """One entry of the history: who changed which settings, when and why."""

    revision: int
    at: str
    who: str
    comment: str
    paths: tuple[str, ...]
