"""Whose hand is at it: who makes what is done to calls just now, so that their stories can tell."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_HAND = ContextVar("hand", default="")


@contextmanager
def hand(who: str) -> Iterator[None]:
    """What is done within is done by `who`, such as `the answer button`."""
    token = _HAND.set(who)
    try:
        yield
    finally:
        _HAND.reset(token)


def whose() -> str:
    """Return whose it is now; empty where nobody says."""
    return _HAND.get()
