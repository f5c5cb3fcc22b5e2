"""The commands about the machine itself: started anew, or as it came from the factory."""

from msgspec import Struct

from intercom.console.access import Access
from intercom.console.command import Command, Result, say
from intercom.console.desk import Desk
from intercom.console.dialogue import Ask, Dialogue
from intercom.errors import UsageError

YES = "yes"
SURE = Ask(
    "All but the wiring will be forgotten: settings, history, codes, passwords, keys, Wi-Fi.\nType yes to go on: "
)
UNSURE = UsageError("Nothing is changed.", "Only `yes` resets the station.")
REBOOTED = "The machine starts anew."
RESET = "The station ends, and starts anew with its wiring alone: `login` asks for a new password then."


class Reboot(Struct, forbid_unknown_fields=True):
    """Whether it may cut a call."""

    now: bool = False


class Reset(Struct, forbid_unknown_fields=True):
    """The word `yes`, and whether it may cut a call."""

    yes: str = ""
    now: bool = False


async def reboot(desk: Desk, given: Reboot) -> Result:
    """Start the machine anew."""
    await desk.operator.caretaker.reboot(is_now=given.now)
    return {}


async def reset(desk: Desk, given: Reset) -> Result:
    """Forget all but the wiring."""
    if given.yes.lower() != YES:
        raise UNSURE
    await desk.operator.caretaker.reset(is_now=given.now)
    return {}


async def ask_reset(desk: Desk, given: Reset) -> Dialogue:
    """Ask whether that is meant, once it can be done at all."""
    desk.operator.caretaker.check_reset(is_now=given.now)
    sure = given.yes or (yield SURE)
    await reset(desk, Reset(sure, given.now))
    yield RESET


COMMANDS = [
    Command(
        "reboot",
        "[--now]",
        "Start the machine anew; `--now`: in a call too.",
        Access.OPERATOR,
        Reboot,
        reboot,
        say(REBOOTED),
    ),
    Command(
        "factory-reset",
        "[YES] [--now]",
        "Forget all but the wiring, while the service button is held down.",
        Access.OPERATOR,
        Reset,
        reset,
        say(RESET),
        ask=ask_reset,
    ),
]
