"""The packets that wait to be played."""

from bisect import insort
from typing import NamedTuple

from intercom.audio.frames import RATE

HELD_SAMPLES, KEPT_SAMPLES, HELD = RATE, RATE // 5, 256


class Item(NamedTuple):
    """A packet in its place; one without sound (an event, padding) has no samples."""

    number: int
    position: int
    samples: int
    payload_type: int
    payload: bytes
    at_s: float


class Shelf:
    """Packets in the order of their numbers: at most one second of sound."""

    def __init__(self) -> None:
        self._items: list[Item] = []

    @property
    def head(self) -> Item | None:
        """The first packet."""
        return self._items[0] if self._items else None

    def add(self, item: Item) -> list[Item]:
        """Put a packet in its place; returns those that had to go so that no more than a fifth of a second is left."""
        items = self._items
        if not items or item.number > items[-1].number:
            items.append(item)
        else:
            insort(items, item)
        if len(items) <= HELD and items[-1].position - items[0].position <= HELD_SAMPLES:
            return []
        least = items[-1].position - KEPT_SAMPLES
        keep = next(at for at, kept in enumerate(items) if kept.position >= least or at == len(items) - 1)
        keep = max(keep, len(items) - HELD)
        self._items, gone = items[keep:], items[:keep]
        return gone

    def pop(self) -> Item:
        """Take the first packet."""
        return self._items.pop(0)

    def clear(self) -> int:
        """Drop everything; returns the samples that go."""
        gone = sum(item.samples for item in self._items)
        self._items.clear()
        return gone
