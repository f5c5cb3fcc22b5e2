"""A new code as a person words it: name, digits, and when it is good.  Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from intercom.door import codes, hours
from intercom.door.codes import Code, Codes


class Made(NamedTuple):
    """A code as it is to be kept, and its digits where they were made here: to be shown once, kept nowhere."""

    codes: Codes
    shown: str


def add(kept: Codes, given: Mapping[str, Any], key: bytes, now: datetime) -> Made:
    """The codes with one more, of `given` name, code (empty: one is made), once, days, from, to, until.

    Raises UsageError, ConflictError; neither quotes a digit.
    """
    made = "" if given["code"] else codes.make()
    code = Code(
        name=codes.check_name(given["name"]),
        mac=codes.kept_as(made or codes.check(given["code"]), key),
        added=now,
        is_once=given["once"],
        hours=hours.read(given["days"], given["from"], given["to"]),
        until=hours.read_date(given["until"]),
    )
    return Made(kept.adding(code, key), made)


def told(code: Code) -> dict[str, Any]:
    """What people may know of a code."""
    return {
        "name": code.name,
        "once": code.is_once,
        "hours": str(code.hours),
        "until": code.until.isoformat() if code.until else "",
        "added": code.added.isoformat(timespec="minutes"),
    }
