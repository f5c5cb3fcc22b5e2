"""What the console acts on where the time is told and set."""

from datetime import datetime
from typing import Any, Protocol


class Timekeeper(Protocol):
    """Who knows the machine's clock."""

    async def time(self) -> dict[str, Any]:
        """`now`, `zone`, and whether it is `synchronised`, by the network (`ntp`), or that nobody knows (None)."""

    async def set_time(self, to: datetime) -> dict[str, Any]:
        """Set it, and tell the same; raises ConflictError where the network sets it, RefusedError without the right."""
