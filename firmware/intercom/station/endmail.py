"""What two stations say to each other about the end of their call: `message` frames of type `limit`.  Pure."""

import msgspec
from msgspec import Struct

TYPE = "limit"


class Said(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """`ends_in_s`: I am going to end our call in so many seconds; `prolong`: somebody here wants it to go on."""

    ends_in_s: float | None = None
    prolong: bool = False


NOTHING = Said()


def read(messagetype: str, content: object) -> Said:
    """Return what a message says, NOTHING where that is nothing of an end."""
    if messagetype != TYPE:
        return NOTHING
    try:
        return msgspec.convert(content, Said)
    except msgspec.ValidationError:
        return NOTHING
