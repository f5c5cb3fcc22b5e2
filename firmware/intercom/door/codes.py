"""The codes: what is kept of each, which may be used, and how a guess is looked up.  Pure.

A code has 6 to 12 digits and is kept as HMAC-SHA256 under the device key alone; nothing here shows one.
"""

import hmac
import re
import secrets
from collections.abc import Callable, Iterable
from datetime import date, datetime
from hashlib import sha256
from itertools import pairwise
from typing import Annotated

from msgspec import Meta, Struct

from intercom.door.entry import DIGITS, LONGEST, SHORTEST
from intercom.door.hours import Hours
from intercom.errors import ConflictError, UsageError

NAME = "[A-Za-z0-9_.-]{1,64}"
MOST = 250
MADE = 8  # digits of one that is made here
FEWEST_DIFFERENT = 3

Compare = Callable[[bytes, bytes], bool]


class Code(Struct, frozen=True, kw_only=True):
    """One code by its name; `until` is the last day it may be used, None where it may be for ever."""

    name: Annotated[str, Meta(pattern=f"^{NAME}$")]
    mac: Annotated[bytes, Meta(min_length=32, max_length=32)]
    added: datetime
    is_once: bool = False
    hours: Hours = Hours()
    until: date | None = None

    def why_not(self, now: datetime) -> str:
        """Why it opens nothing now, which is the log's alone; empty where it does.

        A clock that is behind the day the code was made is not set, and nothing that depends on it opens.
        """
        if (self.until or not self.hours.are_all) and now < self.added:
            return "the clock is not set"
        if self.until and now.date() > self.until:
            return f"it was good until {self.until}"
        return "" if self.hours.hold(now) else "it is not for this hour"


class Codes(Struct, frozen=True):
    """All codes, and by which key they were made."""

    key_id: str = ""
    codes: tuple[Code, ...] = ()

    def is_under(self, key: bytes) -> bool:
        """Whether that key is theirs."""
        return not self.codes or self.key_id == key_id(key)

    def adding(self, code: Code, key: bytes) -> "Codes":
        """The same with one more; raises ConflictError."""
        if not self.is_under(key):
            raise ConflictError(
                "The codes that are kept were made under another device key.",
                "Put that key back, or remove them (`door code list` names them).",
            )
        if any(each.name == code.name for each in self.codes):
            raise ConflictError("There is a code of that name.", f"Remove it first: `door code remove {code.name}`.")
        if look_up(self.codes, code.mac):
            raise ConflictError("That code can't be taken.", "Choose another, or leave it out to have one made.")
        if len(self.codes) >= MOST:
            raise ConflictError(f"There are {MOST} codes, and no more are kept.", "Remove one first.")
        return Codes(key_id(key), (*self.codes, code))

    def without(self, name: str) -> "Codes":
        """The same without that one."""
        return Codes(self.key_id, tuple(code for code in self.codes if code.name != name))


def look_up(codes: Iterable[Code], mac: bytes, *, compare: Compare = hmac.compare_digest) -> Code | None:
    """The code that is kept as this, compared with every one of them whether or not it was found before."""
    found = None
    for code in codes:
        if compare(code.mac, mac):
            found = code
    return found


def kept_as(digits: str, key: bytes) -> bytes:
    """What is kept of a code."""
    return hmac.digest(key, f"door code {digits}".encode(), sha256)


def key_id(key: bytes) -> str:
    """What tells one key from another, and nothing more."""
    return hmac.digest(key, b"door key", sha256).hex()[:16]


def check(digits: str) -> str:
    """The code, if it can be one; raises UsageError, which does not quote it."""
    if not SHORTEST <= len(digits) <= LONGEST or not set(digits) <= set(DIGITS):
        raise UsageError(f"A code has {SHORTEST} to {LONGEST} digits.", "Leave it out to have one made.")
    if is_weak(digits):
        raise UsageError("That code is among the first that anybody would try.", "Leave it out to have one made.")
    return digits


def check_name(name: str) -> str:
    """The name, if a code can have it; raises UsageError: a number is one where a code was typed in its place."""
    if not re.fullmatch(NAME, name) or sum(letter in DIGITS for letter in name) >= SHORTEST:
        raise UsageError("A code's name is 1 to 64 of A-Z a-z 0-9 _ . - and no number.", "The code stands behind it.")
    return name


def make() -> str:
    """A code that nobody would try first."""
    while is_weak(made := "".join(secrets.choice(DIGITS) for _ in range(MADE))):
        pass
    return made


def is_weak(digits: str) -> bool:
    """Whether it is one of those that people choose: few different digits, equal steps (123456), a block repeated."""
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(digits)}
    is_repeated = digits in (digits + digits)[1:-1]
    return len(set(digits)) < FEWEST_DIFFERENT or len(steps) == 1 or is_repeated
