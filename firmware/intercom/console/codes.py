"""Errors as programs read them: the code that a frame carries, the class, and by it the exit code.  One table."""

from collections.abc import Mapping
from typing import Any

from intercom.errors import (
    ConflictError,
    IntercomError,
    NoAnswerError,
    RefusedError,
    SettingsError,
    UsageError,
)

CODES: dict[str, type[IntercomError]] = {
    "failed": IntercomError,
    "usage": UsageError,
    "settings": SettingsError,
    "refused": RefusedError,
    "conflict": ConflictError,
    "no-answer": NoAnswerError,
}


def failure(error: IntercomError) -> dict[str, str]:
    """The members of an `err` frame."""
    code = next(code for parent in type(error).__mro__ for code, kind in CODES.items() if kind is parent)
    return {"code": code, "message": error.message, "hint": error.hint}


def raised(members: Mapping[str, Any]) -> IntercomError:
    """The error that an `err` frame tells of; an unknown code is a failure."""
    kind = CODES.get(str(members.get("code")), IntercomError)
    return kind(str(members.get("message", "The station refused.")), str(members.get("hint", "")))
