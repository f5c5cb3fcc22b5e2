"""The packets that wait to be played."""

from bisect import insort
from typing import NamedTuple

from intercom.audio.frames import RATE

HELD_SAMPLES, KEPT_SAMPLES, HELD = RATE, RATE // 5, 200


class Item(NamedTuple):
    """A packet in its place; one without sound (an event, padding) has no samples."""

    number: int
    position: int
    samples: int
    payload_type: int
    payload: bytes
    at_s: float


class Shelf:
    """Packets in the order of their numbers: at most one second of sound, and of those without sound 200."""

    def __init__(self) -> None:
        self._items: list[Item] = []
        self._samples = 0

    @property
    def head(self) -> Item | None:
        """The first packet."""
        return self._items[0] if self._items else None

    @property
    def samples(self) -> int:
        """How much sound waits."""
        return self._samples

    def add(self, item: Item) -> list[Item]:
        """Put a packet in its place; return those that had to go: more than a second is cut to a fifth of it."""
        if not self._items or item.number > self._items[-1].number:
            self._items.append(item)
        else:
            insort(self._items, item)
        self._samples += item.samples
        gone: list[Item] = []
        if self._samples > HELD_SAMPLES or len(self._items) > HELD:
            while len(self._items) > 1 and (self._samples > KEPT_SAMPLES or len(self._items) > HELD):
                gone.append(self.pop())
        return gone

    def pop(self) -> Item:
        """Take the first packet."""
        item = self._items.pop(0)
        self._samples -= item.samples
        return item

    def clear(self) -> int:
        """Drop everything; return how much sound goes."""
        gone, self._samples = self._samples, 0
        self._items.clear()
        return gone
