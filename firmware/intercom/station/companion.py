"""What lives in a station beside its calls, such as the door: one Protocol, so that the loop knows none by name."""

from collections.abc import Callable, Mapping
from typing import Protocol

from intercom.call.connection import Connection
from intercom.station.actions import Action
from intercom.station.view import Shows, Sign


class Companion(Protocol):
    """A part of the product that the station's one loop drives; all of it is called in the loop and never waits.

    What it does by itself it tells the station by posting `Changed` into the inbox.
    """

    @property
    def acts(self) -> Mapping[Action, Callable[[], object]]:
        """What buttons and commands can have it do; each raises IntercomError where it makes no sense now."""

    @property
    def signs(self) -> frozenset[Sign]:
        """What it has shown over the state now."""

    def follow(self, connection: Connection) -> None:
        """A call has begun, either way: hear of what matters in it."""

    def after(self, connection: Connection) -> Shows | None:
        """What is shown after this call, which has ended, in place of the way in which it did; None: just that."""

    def due(self) -> float | None:
        """When `tick` has something to do next, in seconds of the loop's clock; None: not before another event."""

    def tick(self, now: float) -> None:
        """Do what became due until `now`."""
