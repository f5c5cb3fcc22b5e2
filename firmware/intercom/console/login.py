"""The commands by which people log in at a serial port, and anybody out, and change passwords."""

from msgspec import Struct

from intercom.console import accounts
from intercom.console.access import Access
from intercom.console.accounts import ADMIN
from intercom.console.command import Command, Nothing, Result, say
from intercom.console.desk import Desk
from intercom.console.dialogue import Ask, Dialogue
from intercom.console.seat import Entry
from intercom.errors import RefusedError, UsageError

PASSWORD = Ask("Password: ", is_hidden=True)
OWN = Ask("Your password: ", is_hidden=True)
NEW, AGAIN = Ask("New password: ", is_hidden=True), Ask("Again: ", is_hidden=True)
VERY_FIRST = Ask(f"This station has no password yet: choose that of {ADMIN}.\n{NEW.text}", is_hidden=True)
INSTEAD = Ask(f"That is the installation's: choose one of your own.\n{NEW.text}", is_hidden=True)


class Login(Struct, forbid_unknown_fields=True):
    """Who: admin or viewer."""

    name: str = ADMIN


class Password(Struct, forbid_unknown_fields=True):
    """Whose is changed; empty: one's own."""

    name: str = ""


async def login(_: Desk, __: Login) -> Result:
    """Only people are asked."""
    raise UsageError("A program logs in by SCRAM.", "Use `auth begin` and `auth end`.")


async def ask_login(desk: Desk, given: Login) -> Dialogue:
    """Ask for the password; for a new one where there is none, or where it is still the installation's."""
    gate, port = desk.operator.gate, desk.seat.port
    entry = None
    if not await gate.is_fresh():
        await gate.admit(port)
        password = yield PASSWORD
        entry = await gate.check(port, given.name, password)
    if entry is None or entry.is_first:
        new = accounts.check((yield INSTEAD if entry else VERY_FIRST))
        again = yield AGAIN
        name = entry.account if entry else ADMIN
        entry = await gate.choose(port, name, _same(new, again), is_very_first=entry is None)
    desk.enter(entry)
    yield f"You are logged in as {entry.account}."


async def logout(desk: Desk, _: Nothing) -> Result:
    """Nobody is logged in any more; what was edited is dropped."""
    desk.logout()
    return {}


async def password(_: Desk, __: Password) -> Result:
    """Only people are asked."""
    raise UsageError("Passwords are asked for at the serial line.", "On this machine: `intercom password` as root.")


async def ask_password(desk: Desk, given: Password) -> Dialogue:
    """Ask for one's own password, then twice for the new one."""
    entry, name = whose(desk, given.name)
    own = yield OWN
    await desk.operator.gate.check(desk.seat.port, entry.account, own)
    new = accounts.check((yield NEW))
    again = yield AGAIN
    await change(desk, name, _same(new, again))
    yield f"The password of {name} is changed."


def whose(desk: Desk, name: str) -> tuple[Entry, accounts.Name]:
    """Who is logged in, and whose password they may change: that of `name`, empty: their own.  Raises RefusedError."""
    entry = desk.seat.entry
    if entry is None:
        raise RefusedError("This needs a login.", "Type `login`.")
    account = accounts.known(name or entry.account)
    if account != entry.account and (entry.access < Access.OPERATOR or entry.is_first):
        raise RefusedError("Another's password is for who may change things.", f"Log in as {ADMIN}.")
    return entry, account


async def change(desk: Desk, name: accounts.Name, new: str) -> None:
    """Have an account that password."""
    changed = await desk.operator.gate.choose(desk.seat.port, name, new)
    if name == desk.seat.account:
        desk.enter(changed)


def _same(new: str, again: str) -> str:
    if new != again:
        raise UsageError("The two are not the same.", "Try again.")
    return new


COMMANDS = [
    Command(
        "login",
        "[NAME]",
        f"Log in as {ADMIN}, or as NAME; the password is not shown.",
        Access.ANYONE,
        Login,
        login,
        say(""),
        ask=ask_login,
        is_for_serial=True,
    ),
    Command(
        "logout",
        "",
        "Log out, and drop what was edited.",
        Access.ANYONE,
        Nothing,
        logout,
        say("Logged out."),
        is_for_serial=True,
    ),
    Command(
        "password",
        "[NAME]",
        "Choose another password, or one for NAME.",
        Access.ANYONE,
        Password,
        password,
        say(""),
        ask=ask_password,
        is_for_serial=True,
    ),
]
