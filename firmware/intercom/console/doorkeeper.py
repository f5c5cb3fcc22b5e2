"""What the console acts on at the door: the codes, the lock-outs and the log."""

from collections.abc import Mapping
from typing import Any, Protocol


class Doorkeeper(Protocol):
    """Who knows the codes and keeps the log; raises UsageError, ConflictError, and DoorError where a file fails."""

    async def add_code(self, given: Mapping[str, Any], *, who: str) -> dict[str, Any]:
        """Keep a new code of these members: name, code, once, from, to, days, until.

        `code` is empty in the result unless it was made here.
        """

    async def remove_code(self, name: str, *, who: str) -> dict[str, Any]:
        """Forget a code."""

    def codes(self) -> dict[str, Any]:
        """The codes, without their digits."""

    def lockouts(self) -> dict[str, Any]:
        """Whom wrong codes keep from trying, and until when."""

    async def forgive(self, identity: str, *, who: str) -> dict[str, Any]:
        """Let who tried wrong codes try again; empty: everybody."""

    async def log(self, count: int) -> dict[str, Any]:
        """The last records of the log."""

    async def verify(self) -> dict[str, Any]:
        """How many records the log has; raises DoorError where it is not as it was written."""

    async def reset(self, who: str) -> dict[str, Any]:
        """Let the door be opened again after somebody was at the case."""
