"""What a bad network does to the packets of a call: drawn from a seed, so that all programs meet the same.

Media are RTP, told by its first two octets (RFC 7983 section 7, RFC 5761 section 4); the n-th packet of media since the
condition began meets the n-th draw, whoever sent it.  Other UDP (RTCP, connectivity checks) meets draws of its own.
Bursts and gaps lie at fixed moments after the beginning.  Nobody looks at signalling.
"""

import random
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate

UDP_OVER_IPV4 = 17


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of time on one direction of the link.

    `loss`: share of packets lost, each by itself, or with `burst_ms` the share of time within bursts of that length
    at random moments, in which all is lost.  `jitter_ms`: each packet is late by 0 to this, evenly; order is kept, so a
    late packet holds up those behind it.  `first_lost`: so many packets of media are lost as the phase begins.
    """

    seconds: float
    loss: float = 0.0
    burst_ms: float = 0.0
    jitter_ms: float = 0.0
    first_lost: int = 0


Condition = tuple[Phase, ...]

IMPAIRED_S = 16.0

CONDITIONS: dict[str, Condition] = {
    "clean": (Phase(IMPAIRED_S),),
    "loss 1 %": (Phase(IMPAIRED_S, loss=0.01),),
    "loss 5 %": (Phase(IMPAIRED_S, loss=0.05),),
    "loss 10 %": (Phase(IMPAIRED_S, loss=0.10),),
    "loss 20 %": (Phase(IMPAIRED_S, loss=0.20),),
    "bursts 60 ms": (Phase(IMPAIRED_S, loss=0.05, burst_ms=60),),
    "one lost": tuple(Phase(IMPAIRED_S / 4, first_lost=1) for _ in range(4)),
    "jitter 30": (Phase(IMPAIRED_S, jitter_ms=30),),
    "jitter 100": (Phase(IMPAIRED_S, jitter_ms=100),),
    "jitter 30-100-30": (Phase(5, jitter_ms=30), Phase(5, jitter_ms=100), Phase(IMPAIRED_S - 10, jitter_ms=30)),
    "gap 200 ms": (Phase(4), Phase(0.2, loss=1.0), Phase(IMPAIRED_S - 4.2)),
}


class Direction:
    """One direction of the link under a condition; what it did so far is in `passed` and `lost` (packets of media)."""

    def __init__(self, condition: Condition, *, seed: str) -> None:
        self.passed = self.lost = 0
        self._condition = condition
        self._ends_s = list(accumulate(phase.seconds for phase in condition))
        self._bursts = [bursts(phase, seed=f"{seed} bursts {n}") for n, phase in enumerate(condition)]
        self._draws = {True: random.Random(f"{seed} media"), False: random.Random(f"{seed} others")}
        self._seen = [0] * len(condition)

    def late_s(self, at_s: float, *, is_media: bool) -> float | None:
        """Return by how much a packet that is there `at_s` after the beginning is late; None: it is lost."""
        number = bisect_right(self._ends_s, at_s)
        if at_s < 0 or number == len(self._condition):
            return 0.0
        draws = self._draws[is_media]
        luck, lateness = draws.random(), draws.random()
        phase, into_s = self._condition[number], at_s - self._ends_s[number] + self._condition[number].seconds
        self._seen[number] += is_media
        is_lost = (is_media and self._seen[number] <= phase.first_lost) or (
            any(begin <= into_s < end for begin, end in self._bursts[number]) if phase.burst_ms else luck < phase.loss
        )
        self.lost += is_lost and is_media
        self.passed += is_media and not is_lost
        return None if is_lost else lateness * phase.jitter_ms / 1000


def bursts(phase: Phase, *, seed: str) -> list[tuple[float, float]]:
    """Return beginning and end of each burst of a phase, in seconds after its beginning."""
    if not phase.burst_ms:
        return []
    draws, length_s, found, at_s = random.Random(seed), phase.burst_ms / 1000, [], 0.0
    while (at_s := at_s + draws.expovariate(1 / _calm_s(phase))) < phase.seconds:
        found.append((at_s, at_s + length_s))
        at_s += length_s
    return found


def is_udp(ip: bytes) -> bool:
    """Whether this IPv4 packet holds UDP."""
    return len(ip) > 28 and ip[0] >> 4 == 4 and ip[9] == UDP_OVER_IPV4


def is_media(ip: bytes) -> bool:
    """Whether this IPv4 packet of UDP holds RTP."""
    udp = (ip[0] & 15) * 4
    payload = ip[udp + 8 : udp + 10]
    return len(payload) == 2 and payload[0] >> 6 == 2 and not 64 <= payload[1] & 127 <= 95


def _calm_s(phase: Phase) -> float:
    """Return how long it is calm between two bursts, on average."""
    return phase.burst_ms / 1000 * (1 - phase.loss) / phase.loss
