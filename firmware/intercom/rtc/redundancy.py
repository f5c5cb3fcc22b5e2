"""How much loss libopus is told to expect: by that it decides whether packets repeat each other, and at whose cost.

As measured on speech with 1.3.1 and 1.6.1: up to 5 % a packet repeats the one before only where the bit rate has room
for it, and next to nothing is lost by it without loss; from 6 % it does so in any case from about 20 kbit/s, and makes
the sound narrower if it must.  More than 10 % gives nothing, whatever is lost: 1.3.1 takes more and more from the first
copy then.
"""

NEEDLESS, FORCING, MOST = 1, 6, 10  # percent
ROOM = 32_000  # bits a second of full effort, in packets of 20 ms
FEWER_TOOLS = 2  # complexities below this one count for a fifth less
HEADER_BITS = 60  # what a packet costs by itself
FALL = 0.8


def least_percent(*, bitrate: int, complexity: int, packet_ms: int) -> int:
    """Return what to say while nothing is lost, so that a packet repeats the one before when loss begins."""
    worth = bitrate - HEADER_BITS * (1000 // packet_ms - 50)
    worth = worth * (90 + complexity) // 100
    if complexity < FEWER_TOOLS:
        worth = worth * 4 // 5
    return NEEDLESS if worth >= ROOM else FORCING


class Expectation:
    """Rises with a report at once, falls by a fifth with each."""

    def __init__(self, least: int) -> None:
        self.percent = self._least = least
        self._loss = 0.0

    def reported(self, loss: float) -> None:
        """Take the share of packets, 0 to 1, that was lost."""
        self._loss = max(loss, self._loss * FALL)
        self.percent = min(max(round(self._loss * 100), self._least), MOST)
