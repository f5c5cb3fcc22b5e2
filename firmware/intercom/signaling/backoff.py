"""Delays between attempts to connect.

As the Voice JS SDK v1, 0.1 s doubling, times 1 to 1.4, but towards our own exchange up to 5 s, not 20: a visitor may be
waiting at the door.
"""

import random
from collections.abc import Callable, Iterator

CAP_S = 5.0
SDK_CAP_S = 20.0


def delays(
    first_s: float = 0.1, cap_s: float = CAP_S, *, uniform: Callable[[float, float], float] = random.uniform
) -> Iterator[float]:
    """Yield delays in seconds for ever: each twice the last up to the cap, spread so that stations differ."""
    delay_s = first_s
    while True:
        yield delay_s * uniform(1.0, 1.4)
        delay_s = min(2 * delay_s, cap_s)


def sdk_delays(addresses: int) -> Iterator[float]:
    """Yield the SDK's own delays, for a client of that many addresses: with several it spares the next one at first."""
    return delays(random.randint(1000, 5000) / 1000 if addresses > 1 else 0.1, SDK_CAP_S)
