"""The kinds of sections and values that settings have, with bounds; `extra` is explained in `schema`."""

from typing import Annotated

from msgspec import Meta, Struct


class Section(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the settings file."""


Identity = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_.-]{1,64}$", extra={"allowed": "1 to 64 of A-Z a-z 0-9 _ . -"})]
Secret = Annotated[str, Meta(extra={"secret": True})]
Edge = Annotated[str, Meta(pattern=r"^[a-z0-9-]{1,32}$", extra={"allowed": "1 to 32 of a-z 0-9 -"})]
IceUri = Annotated[
    str,
    Meta(
        pattern=r"^(stun:H|turns?:H(\?transport=tcp)?|turn:H\?transport=udp)$".replace(
            "H", r"[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?"
        ),
        extra={"allowed": "stun:HOST:PORT, turn:HOST:PORT, turn:HOST:PORT?transport=tcp or turns:HOST:PORT"},
    ),
]
PinNumber = Annotated[int, Meta(ge=0, le=27)]
Button = PinNumber | None
