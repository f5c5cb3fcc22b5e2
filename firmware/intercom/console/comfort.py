"""The commands of comfort: do-not-disturb, privacy, missed calls; what they take, do and tell."""

from typing import Literal

from msgspec import Struct

from intercom.console.access import Access
from intercom.console.command import Command, Nothing, Result, say
from intercom.console.desk import Desk


class Switch(Struct, forbid_unknown_fields=True):
    """Whether to switch it on; empty: tell how it is."""

    state: Literal["on", "off", ""] = ""

    @property
    def flag(self) -> bool | None:
        """What is wanted."""
        return self.state == "on" if self.state else None


async def dnd(desk: Desk, given: Switch) -> Result:
    """Switch do-not-disturb, or tell of it."""
    return desk.operator.do_not_disturb(given.flag)


async def privacy(desk: Desk, given: Switch) -> Result:
    """Switch privacy, or tell of it."""
    return desk.operator.privacy(given.flag)


async def missed(desk: Desk, _: Nothing) -> Result:
    """Tell who called."""
    return desk.operator.missed()


async def clear(desk: Desk, _: Nothing) -> Result:
    """Forget them."""
    desk.operator.forget_missed()
    return {}


def told_dnd(result: Result) -> str:
    """Whether it is on, and why."""
    return f"Do not disturb is {_state(result)}."


def told_privacy(result: Result) -> str:
    """Whether it is on, and what is wrong with it."""
    return f"Privacy is {_state(result)}."


def told_missed(result: Result) -> str:
    """How many calls, and who called when."""
    calls = [f"{one['at']}  {one['from'] or 'unknown'}" for one in result["latest"]]
    return "\n".join([f"Missed: {result['state']}.", *calls])


def _state(result: Result) -> str:
    return ", ".join(word for word in (result["state"], result["why"]) if word).removesuffix(".")


COMMANDS = [
    Command("dnd", "[on|off]", "Let calls make no sound.", Access.OPERATOR, Switch, dnd, told_dnd),
    Command(
        "privacy",
        "[on|off]",
        "Keep the microphone silent in every call.",
        Access.OPERATOR,
        Switch,
        privacy,
        told_privacy,
    ),
    Command("missed", "", "Who found nobody.", Access.VIEWER, Nothing, missed, told_missed),
    Command("missed clear", "", "Forget them.", Access.OPERATOR, Nothing, clear, say("Forgotten.")),
]
