"""Logging in from the far side, where the password is asked for here and never crosses the line; and changing it."""

from collections.abc import Iterator, Sequence

from intercom.console.accounts import ADMIN
from intercom.errors import UsageError
from intercom.remote.link import Login
from intercom.remote.remote import Remote
from intercom.remote.terminal import Terminal, Told


def log_in(remote: Remote, words: Sequence[str], terminal: Terminal) -> Iterator[Told]:
    """Log in as admin, or as who is named; choose a password where there is none, or it is the installation's."""
    name = words[0] if words else ADMIN
    if remote.link.has_no_password:
        yield Told({}, f"This station has no password yet: choose that of {ADMIN}.")
        new = _new(terminal)
        remote.link.change_password(new, old="", user="")
        remote.link.log_in(Login(ADMIN, new))
        yield Told({"account": ADMIN}, f"You are logged in as {ADMIN}.")
        return
    password = terminal.ask("Password: ", True)
    remote.link.log_in(Login(name, password))
    if remote.link.must_change_password:
        yield Told({}, "That is the installation's: choose one of your own.")
        yield _changed(remote, terminal, name=name, old=password)
    yield Told({"account": name}, f"You are logged in as {name}.")


def log_out(remote: Remote, _: Sequence[str], __: Terminal) -> Iterator[Told]:
    """Log out."""
    remote.link.log_out()
    yield Told({}, "Logged out.")


def change(remote: Remote, words: Sequence[str], terminal: Terminal) -> Iterator[Told]:
    """Change one's own password, or that of who is named."""
    old = terminal.ask("Your password: ", True)
    remote.link.prove(old)
    yield _changed(remote, terminal, name="".join(words), old=old)


def _changed(remote: Remote, terminal: Terminal, *, name: str, old: str) -> Told:
    remote.link.change_password(_new(terminal), old=old, user=name)
    return Told({}, "The password is changed.")


def _new(terminal: Terminal) -> str:
    new = terminal.ask("New password: ", True)
    if new != terminal.ask("Again: ", True):
        raise UsageError("The two are not the same.", "Try again.")
    return new
