"""The commands about the machine's clock."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from intercom.console.access import Access
from intercom.console.command import Command, Nothing, Result
from intercom.console.desk import Desk

ORIGINS = {
    (True, True): "the network keeps it right",
    (True, False): "the network is asked for it, and has not answered yet",
    (False, True): "it was set by the network, which is asked no more",
    (False, False): "nobody keeps it right",
}
DEPENDS = (
    "On a right time depend the hours of door codes, do-not-disturb by schedule, certificates and access tokens, "
    "and the times in `calls` and `door log`."
)
FORGETS = "A Raspberry Pi forgets the time without power: set it with `time set`, or give it a network."


class Time(Struct, forbid_unknown_fields=True):
    """The time to set: ISO 8601, in the station's zone where it names none."""

    time: datetime


async def time(desk: Desk, _: Nothing) -> Result:
    """What time it is here."""
    return await desk.operator.clock.time()


async def set_time(desk: Desk, given: Time) -> Result:
    """Set it."""
    return await desk.operator.clock.set_time(given.time)


def told(result: dict[str, Any]) -> str:
    """The time, whether it can be trusted, and what depends on it."""
    ntp, synchronised = result["ntp"], result["synchronised"]
    origin = "nobody here knows whether it is right" if ntp is None else ORIGINS[ntp, bool(synchronised)]
    lines = [f"It is {result['now'][:19].replace('T', ' ')} ({result['zone']}); {origin}."]
    return "\n".join(lines if synchronised else [*lines, DEPENDS, FORGETS])


COMMANDS = [
    Command("time", "", "What time it is here, and whether that is sure.", Access.VIEWER, Nothing, time, told),
    Command("time set", "TIME", "Set it, such as 2026-11-23T07:51:12.", Access.OPERATOR, Time, set_time, told),
]
