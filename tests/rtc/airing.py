"""A far end, a network and a speaker, all on one simulated clock."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from intercom.audio.frames import RATE
from intercom.rtc.coding import Samples
from intercom.rtc.playout import Playout
from intercom.rtc.rtp import Packet
from tests.rtc.farend import HEAD, VOICE, SineDecoder, packet

BEGIN_S = 0.0123  # the first pull; the far end begins to speak at 0
Stamped = tuple[float, Packet]


@dataclass(frozen=True)
class Airing:
    """`delays`: when each packet was decoded, and how long that was after its sound began to be sent, in seconds."""

    playout: Playout
    sound: Samples
    delays: Sequence[tuple[float, float]]

    def delay_ms(self, begin_s: float, end_s: float) -> tuple[float, float]:
        """Return the least and the greatest delay of what was played in that time."""
        delays = [1000 * delay_s for at_s, delay_s in self.delays if begin_s <= at_s < end_s]
        return min(delays), max(delays)

    def click(self) -> int:
        """Return the greatest step from one sample to the next."""
        return int(np.abs(np.diff(self.sound.astype(int))).max())

    def longest_stall_ms(self) -> float:
        """Return the longest time without a packet's own sound, once there was some, beyond one packet's length."""
        times = [at_s for at_s, _ in self.delays]
        return max(1000 * (later - earlier) for earlier, later in pairwise(times)) - 20


def said(
    delays_us: Sequence[int | None], *, samples: int = 960, ppm: float = 0.0, repeats: bool = True
) -> list[Stamped]:
    """Return each packet with when it comes, by a far end whose clock is that much faster."""
    rate = RATE * (1 + ppm * 1e-6)
    return sorted(
        ((index + 1) * samples / rate + delay_us * 1e-6, packet(index, samples=samples, repeats=repeats))
        for index, delay_us in enumerate(delays_us)
        if delay_us is not None
    )


def air(packets: Sequence[Stamped], *, pull: int = 240, ppm: float = 0.0, samples: int = 960) -> Airing:
    """Play it all to the last packet, by a speaker that pulls so many samples at a time; `ppm` is the far end's."""
    now_s = BEGIN_S
    delays: list[tuple[float, float]] = []

    def decoder() -> SineDecoder:
        return _Noting(lambda at: delays.append((now_s, now_s - (at + samples) / RATE / (1 + ppm * 1e-6))))

    playout, sound, coming = Playout({VOICE: decoder}), bytearray(), iter([*packets, None])
    after = next(coming)
    while after is not None:
        while after is not None and after[0] <= now_s:
            playout.put(after[1], at_s=after[0])
            after = next(coming)
        sound += playout.pull(pull, at_s=now_s)
        now_s += pull / RATE
    return Airing(playout, np.frombuffer(bytes(sound), np.int16), delays)


class _Noting(SineDecoder):
    def __init__(self, note: Callable[[int], None]) -> None:
        super().__init__()
        self._note = note

    def decode(self, payload: bytes) -> Samples:
        self._note(HEAD.unpack(payload)[0])
        return super().decode(payload)
