"""The commands by which programs log in at a serial port: SCRAM-SHA-256, so that a tapped line gives nothing away.

Their `password` takes the place of people's, whom it asks.
"""

from msgspec import Struct

from intercom.console import accounts
from intercom.console.access import Access
from intercom.console.accounts import ADMIN
from intercom.console.command import Command, Result, say
from intercom.console.desk import Desk
from intercom.console.login import change, whose
from intercom.errors import ConflictError


class Message(Struct, forbid_unknown_fields=True):
    """A message of SCRAM."""

    message: str


class Password(Struct, forbid_unknown_fields=True):
    """The `new` one, and whose, empty: one's own; where that of this login was typed, it is said again as `old`."""

    new: str
    name: str = ""
    old: str = ""


async def begin(desk: Desk, given: Message) -> Result:
    """Take a client's first message."""
    desk.seat.exchange = await desk.operator.gate.begin(desk.seat.port, given.message)
    return {"message": desk.seat.exchange.challenge}


async def end(desk: Desk, given: Message) -> Result:
    """Take its last; each exchange is good for one try."""
    exchange, desk.seat.exchange = desk.seat.exchange, None
    if exchange is None:
        raise ConflictError("No login has begun.", "`auth begin` comes first.")
    entry, message = await desk.operator.gate.end(desk.seat.port, exchange, given.message)
    desk.enter(entry)
    return {"message": message, "account": entry.account, "must_change": entry.is_first}


async def password(desk: Desk, given: Password) -> Result:
    """Change a password; who typed theirs may have gone, and left the terminal to somebody else.

    Where there is none yet, whoever comes first chooses it.
    """
    gate = desk.operator.gate
    if desk.seat.entry is None and await gate.is_fresh():
        desk.enter(await gate.choose(desk.seat.port, ADMIN, given.new, is_very_first=True))
        return {"account": ADMIN}
    entry, name = whose(desk, given.name)
    accounts.check(given.new)
    if entry.is_typed:
        await gate.check(desk.seat.port, entry.account, given.old)
    await change(desk, name, given.new)
    return {"account": name}


COMMANDS = [
    Command(
        "auth begin",
        "MESSAGE",
        "Begin to log in by SCRAM-SHA-256, as programs do.",
        Access.ANYONE,
        Message,
        begin,
        say("{message}"),
        is_for_serial=True,
    ),
    Command(
        "auth end",
        "MESSAGE",
        "End it by the proof.",
        Access.ANYONE,
        Message,
        end,
        say("{message}"),
        is_for_serial=True,
    ),
    Command(
        "password",
        "NEW [NAME] [OLD]",
        "Choose another password, or one for NAME.",
        Access.ANYONE,
        Password,
        password,
        say("The password of {account} is changed."),
        is_for_serial=True,
    ),
]
