"""The commands that try speaker, microphone and door."""

from msgspec import Struct

from intercom.console.access import Access
from intercom.console.command import Command, Nothing, Result
from intercom.console.desk import Desk


class Door(Struct, forbid_unknown_fields=True):
    """Whether to open it."""

    open: bool = False


async def speaker(desk: Desk, _: Nothing) -> Result:
    """Play a tone."""
    return await desk.operator.tryout.speaker()


async def mic(desk: Desk, _: Nothing) -> Result:
    """Listen for a while."""
    return await desk.operator.tryout.microphone()


async def door(desk: Desk, given: Door) -> Result:
    """Tell what opening would do, or do it."""
    result = desk.operator.tryout.door()
    if given.open:
        await desk.operator.open_door(desk.who)
    return {**result, "opened": given.open}


def told(result: Result) -> str:
    """One sentence per line."""
    return "\n".join([*result["told"], *(["It is open now."] if result.get("opened") else [])])


COMMANDS = [
    Command("test speaker", "", "Play a tone.", Access.OPERATOR, Nothing, speaker, told),
    Command("test mic", "", "Listen for 2 s, and tell how loud it is.", Access.OPERATOR, Nothing, mic, told),
    Command(
        "test door",
        "[--open]",
        "What opening the door would do; `--open` does it.",
        Access.OPERATOR,
        Door,
        door,
        told,
    ),
]
