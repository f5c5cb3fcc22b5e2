"""The two accounts of the serial console, and which passwords they may have.  Pure.

There is no account before `admin` has a password; `viewer` is one as soon as it has.
"""

import hmac
import secrets
from hashlib import sha256
from itertools import pairwise
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct
from msgspec.structs import replace

from intercom.console.access import Access
from intercom.console.saslprep import prepared
from intercom.console.scram import ITERATIONS, SALT_BYTES, Verifier
from intercom.errors import UsageError

Name = Literal["admin", "viewer"]

ADMIN: Final = "admin"
VIEWER: Final = "viewer"
ACCESS: dict[Name, Access] = {ADMIN: Access.OPERATOR, VIEWER: Access.VIEWER}

SHORTEST, LONGEST = 10, 128
FEWEST_DIFFERENT = 5
EASY = {
    "admin", "administrator", "changeme", "intercom", "letmein", "password", "passwort", "qwertyuiop", "qwertzuiop",
    "raspberry", "secret", "station", "viewer", "welcome", "willkommen",
}  # fmt: skip

_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"  # which can be told apart on a label


class Account(Struct, frozen=True):
    """What is kept of one; `is_first`: its password was made by the installation, and must be changed."""

    verifier: Verifier
    is_first: bool = False


class Accounts(Struct, frozen=True):
    """All that is kept; of `seed` unknown names get verifiers that fit no password, always the same."""

    seed: Annotated[bytes, Meta(min_length=32, max_length=32)]
    kept: dict[Name, Account] = {}

    @property
    def is_fresh(self) -> bool:
        """Whether nobody has chosen a password yet."""
        return ADMIN not in self.kept

    def verifier(self, name: str) -> Verifier:
        """That of the account, or one which can't be told from it."""
        if account := self._account(name):
            return account.verifier
        admin = self._account(ADMIN)
        return Verifier(
            salt=self._made_up("salt", name)[:SALT_BYTES],
            iterations=admin.verifier.iterations if admin else ITERATIONS,
            stored_key=self._made_up("stored", name),
            server_key=self._made_up("server", name),
        )

    def is_first(self, name: str) -> bool:
        """Whether the account's password must be changed."""
        account = self._account(name)
        return bool(account and account.is_first)

    def having(self, name: Name, verifier: Verifier, *, is_first: bool = False) -> "Accounts":
        """The same with that password of the account."""
        return replace(self, kept={**self.kept, name: Account(verifier, is_first)})

    def _account(self, name: str) -> Account | None:
        return next((account for known, account in self.kept.items() if known == name), None)

    def _made_up(self, what: str, name: str) -> bytes:
        return hmac.digest(self.seed, f"{what} of {name}".encode(), sha256)


def none_yet() -> Accounts:
    """Of a station that is new."""
    return Accounts(secrets.token_bytes(32))


def known(name: str) -> Name:
    """The name, if it is that of an account; raises UsageError."""
    for account in ACCESS:
        if account == name:
            return account
    raise UsageError("There is no such account.", f"There are {' and '.join(ACCESS)}.")


def check(password: str) -> str:
    """The password, if an account can have it; raises UsageError, which does not quote it."""
    if not SHORTEST <= len(prepared(password)) <= LONGEST:
        raise UsageError(f"A password has {SHORTEST} to {LONGEST} characters.", "Three words that you like will do.")
    if is_weak(password):
        raise UsageError("That password is among the first that anybody would try.", "Choose another.")
    return password


def make() -> str:
    """A password for a label: 12 letters and digits, in fours."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))


def is_weak(password: str) -> bool:
    """Whether it is one of those that people choose: few letters, a block repeated, a row such as 123, a known word."""
    text = password.casefold()
    word = "".join(letter for letter in text if letter.isalpha())
    steps = {ord(b) - ord(a) for a, b in pairwise(text)} - {9, -9}  # 0 is beside 9
    is_repeated = text in (text + text)[1:-1]
    return len(set(text)) < FEWEST_DIFFERENT or len(steps) <= 1 or is_repeated or word in EASY
