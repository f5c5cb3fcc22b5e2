"""The porter of the serial console: judges who may log in.  Blocks, and is called by one thread at a time.

A password counts as wrong, on the disk, before it is looked at: who cuts the power in time has no guess for nothing.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import ceil
from pathlib import Path

from intercom.console import accounts, scram
from intercom.console.access import Access
from intercom.console.accounts import ACCESS, Accounts
from intercom.console.keyring import Keyring
from intercom.console.scram import WRONG, Exchange
from intercom.console.seat import Entry
from intercom.errors import ConflictError, IntercomError, RefusedError, UsageError


class Porter:
    """All that touches the accounts raises IntercomError where their file fails."""

    def __init__(self, state: Path, *, running_s: Callable[[], float]) -> None:
        self._keyring = Keyring(state, running_s=running_s)

    def is_fresh(self) -> bool:
        """Whether nobody has chosen a password yet."""
        return self._keyring.accounts.is_fresh

    def admit(self, port: str) -> Accounts:
        """The accounts, where somebody may try to log in there; raises RefusedError, ConflictError before any may."""
        if (wait_s := self._keyring.lockouts.wait_s(port, self._keyring.age_s)) > 0:
            raise RefusedError("Too many passwords were wrong at this port.", f"Wait {ceil(wait_s)} s.")
        kept = self._keyring.accounts
        if kept.is_fresh:
            raise ConflictError(
                "This station has no password yet.", "Type `login` at its serial console, and choose one."
            )
        return kept

    def check(self, port: str, name: str, password: str) -> Entry:
        """Judge a typed password; raises RefusedError, whatever was wrong."""
        kept = self.admit(port)
        with self._guessing(port, name):
            if not scram.is_password(kept.verifier(name), password):
                raise RefusedError(WRONG)
        return _entry(kept, name, is_typed=True)

    def begin(self, port: str, message: str) -> Exchange:
        """Answer a program that begins to log in; raises RefusedError, UsageError."""
        return scram.begin(message, self.admit(port).verifier)

    def end(self, port: str, exchange: Exchange, message: str) -> tuple[Entry, str]:
        """Judge its proof, and return what proves to it who we are; raises RefusedError, UsageError."""
        kept, final = self.admit(port), scram.read_final(exchange, message)
        with self._guessing(port, exchange.name):
            if kept.verifier(exchange.name) != exchange.verifier:
                raise RefusedError(WRONG)  # another was chosen meanwhile
            said = scram.answer(exchange, final)
        return _entry(kept, exchange.name, is_typed=False), said

    def choose(self, name: accounts.Name, password: str, *, is_very_first: bool = False) -> Entry:
        """Keep a password; raises UsageError for a weak or old one, ConflictError where the very first is there."""
        kept = self._keyring.accounts
        if is_very_first and not kept.is_fresh:
            raise ConflictError("Somebody else has chosen the first password meanwhile.", "Log in with that.")
        if scram.is_password(kept.verifier(name), accounts.check(password)):
            raise UsageError("That is the old password.", "Choose another.")
        self._keyring.accounts = kept.having(name, scram.verifier_of(password))
        return Entry(name, ACCESS[name])

    @contextmanager
    def _guessing(self, port: str, name: str) -> Iterator[None]:
        keyring, before = self._keyring, self._keyring.lockouts
        keyring.lockouts = before.counting(port, keyring.age_s)
        yield
        may_all = ACCESS[accounts.known(name)] is Access.OPERATOR  # a viewer's own password buys no guesses at another
        age_s = keyring.age_s
        keyring.lockouts = before.without(port, age_s) if may_all else before.at(age_s)


def is_fresh(state: Path) -> bool:
    """Whether nobody has a password yet at the station of that folder; raises IntercomError."""
    return Keyring(state).accounts.is_fresh


def give(state: Path, name: accounts.Name, password: str, *, is_first: bool = False) -> None:
    """Have an account that password, by the right to write the state folder; raises IntercomError.

    Accounts that can't be read any more are replaced.
    """
    keyring = Keyring(state)
    try:
        kept = keyring.accounts
    except IntercomError:
        kept = accounts.none_yet()
    keyring.accounts = kept.having(name, scram.verifier_of(password), is_first=is_first)


def _entry(kept: Accounts, name: str, *, is_typed: bool) -> Entry:
    account = accounts.known(name)
    return Entry(account, ACCESS[account], kept.is_first(account), is_typed)
