"""Gates to the serial console: one where everybody is admin, and one of a station that has its passwords."""

from collections.abc import Callable
from pathlib import Path
from time import monotonic

from intercom.console import scram
from intercom.console.access import Access
from intercom.console.accounts import ADMIN, VIEWER, Name, none_yet
from intercom.console.gate import Gate
from intercom.console.keyring import Keyring
from intercom.console.seat import Entry, Seat

PASSWORDS: dict[Name, str] = {ADMIN: "correct horse battery", VIEWER: "just looking around"}


class Attended(Gate):
    """Whoever sits down is admin."""

    def __init__(self) -> None:
        super().__init__(Path("/nowhere"))

    def seat(self, port: str) -> Seat:
        seat = super().seat(port)
        if seat.entry is None:
            seat.enter(Entry(ADMIN, Access.OPERATOR))
        return seat


def locked(
    state: Path,
    *,
    is_first: bool = False,
    running_s: Callable[[], float] = monotonic,
    iterations: int = scram.FEWEST,
) -> Gate:
    """A gate that lets in by PASSWORDS, which are quickly checked."""
    accounts = none_yet()
    for name, password in PASSWORDS.items():
        accounts = accounts.having(name, scram.verifier_of(password, iterations=iterations), is_first=is_first)
    Keyring(state).accounts = accounts
    return Gate(state, running_s=running_s)
