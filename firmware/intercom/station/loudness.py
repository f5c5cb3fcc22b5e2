"""How loud a call is, for a ring whose rules have a light that shows it (`"open.light" = "meter green"`)."""

from collections.abc import Callable, Mapping

from intercom.call.connection import Connection
from intercom.panel.patterns import PATTERNS
from intercom.station.actions import Action
from intercom.station.rulebook import Rulebook
from intercom.station.view import Shows, Sign


class Loudness:
    """Fulfils `Companion`: `hear` is given the louder end of a call, 0 to 1, 20 times a second.

    Without a light for it nobody listens, so that the call need not measure so often.
    """

    def __init__(self, book: Rulebook, hear: Callable[[float], object]) -> None:
        self.acts: Mapping[Action, Callable[[], object]] = {}
        self.signs: frozenset[Sign] = frozenset()
        self._is_shown = any(PATTERNS[row.light.pattern].is_level for row in book.rows.values())
        self._hear = hear

    def follow(self, connection: Connection) -> None:
        """Listen to it."""
        if self._is_shown:
            connection.on("volume", lambda ours, theirs: self._hear(max(ours, theirs)))

    def after(self, _connection: Connection) -> Shows | None:
        """A call's end is shown as it is."""
        return None

    def due(self) -> float | None:
        """It waits for nothing."""
        return None

    def tick(self, now: float) -> None:
        """So it has nothing to do."""
