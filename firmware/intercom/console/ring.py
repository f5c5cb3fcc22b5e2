"""The command that tries the ring: the lights there are, and one of them shown for a while."""

from msgspec import Struct

from intercom.console.access import Access
from intercom.console.command import Command, Result
from intercom.console.desk import Desk


class Light(Struct, forbid_unknown_fields=True):
    """Which light to show; empty: none, their names are told."""

    name: str = ""


async def try_ring(desk: Desk, given: Light) -> Result:
    """Show one light, or tell which there are."""
    return desk.operator.try_ring(given.name)


def told(result: Result) -> str:
    """One line for each light."""
    return "\n".join(f"{name}: {light}" for name, light in result["lights"].items())


COMMANDS = [
    Command(
        "test ring",
        "[NAME]",
        "Show a light on the ring for 3 s; which there are.",
        Access.OPERATOR,
        Light,
        try_ring,
        told,
    ),
]
