"""What the console acts on where past calls are told."""

from typing import Any, Protocol


class Annalist(Protocol):
    """Who keeps the stories of the calls."""

    def calls(self, count: int) -> dict[str, Any]:
        """The latest `calls`, the newest first; of each what is kept of it, `ended` in words and `quality`."""

    async def why(self, n: int | None) -> dict[str, Any]:
        """The same of one call, the last one where none is named, and `sentences`; raises UsageError."""
