"""The command that tries the ring: the lights there are, and one of them shown for a while."""

from msgspec import Struct

from intercom.console.command import Result
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
