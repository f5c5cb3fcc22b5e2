"""The commands about calls, what they take and do."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from intercom.console.access import Access
from intercom.console.command import Command, Nothing, Result, say
from intercom.console.desk import Desk


class Call(Struct, forbid_unknown_fields=True):
    """Whom to call."""

    to: Annotated[str, Meta(min_length=1, max_length=128)]


class Mute(Struct, forbid_unknown_fields=True):
    """Whether to mute."""

    state: Literal["on", "off"]


class Feedback(Struct, forbid_unknown_fields=True):
    """How a call was, from 1 (bad) to 5, and what was wrong with it."""

    score: int
    issue: str | None = None


class Digits(Struct, forbid_unknown_fields=True):
    """What to send."""

    digits: Annotated[str, Meta(min_length=1)]


async def call(desk: Desk, given: Call) -> Result:
    """Call someone."""
    desk.operator.call(given.to)
    return {"to": given.to}


async def answer(desk: Desk, _: Nothing) -> Result:
    """Accept the call that rings."""
    desk.operator.answer()
    return {}


async def reject(desk: Desk, _: Nothing) -> Result:
    """Reject it for all."""
    desk.operator.reject()
    return {}


async def ignore(desk: Desk, _: Nothing) -> Result:
    """Stop the ringing here."""
    desk.operator.ignore()
    return {}


async def hangup(desk: Desk, _: Nothing) -> Result:
    """End or cancel the call."""
    desk.operator.hangup()
    return {}


async def mute(desk: Desk, given: Mute) -> Result:
    """Mute the microphone or open it."""
    desk.operator.mute(given.state == "on")
    return {"state": given.state}


async def feedback(desk: Desk, given: Feedback) -> Result:
    """Tell how the call was."""
    await desk.operator.feedback(given.score, given.issue)
    return {"score": given.score, "issue": given.issue}


async def digits(desk: Desk, given: Digits) -> Result:
    """Send digits; the result never tells them, as they may be a door's code."""
    desk.operator.digits(given.digits)
    return {}


COMMANDS = [
    Command("call", "TO", "Call an identity or a group.", Access.OPERATOR, Call, call, say("Calling {to}.")),
    Command("answer", "", "Accept the call that rings.", Access.OPERATOR, Nothing, answer, say("Answered.")),
    Command("reject", "", "Reject it for all who are rung.", Access.OPERATOR, Nothing, reject, say("Rejected.")),
    Command("ignore", "", "Stop the ringing here only.", Access.OPERATOR, Nothing, ignore, say("Ignored.")),
    Command("hangup", "", "End the call, or cancel it.", Access.OPERATOR, Nothing, hangup, say("Hung up.")),
    Command("mute", "on|off", "Mute the microphone, or open it.", Access.OPERATOR, Mute, mute, say("Mute {state}.")),
    Command(
        "feedback",
        "SCORE [ISSUE]",
        "Tell how the call was or is, 1 (bad) to 5, and what was wrong.",
        Access.OPERATOR,
        Feedback,
        feedback,
        say("Told: {score} of 5."),
    ),
    Command(
        "digits",
        "DIGITS",
        "Send tones to the far end: 0-9 * #, w waits 0.5 s.",
        Access.OPERATOR,
        Digits,
        digits,
        say("Sending."),
    ),
]
