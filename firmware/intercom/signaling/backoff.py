"""Delays between attempts to connect (Voice JS SDK v1, wire facts: 0.1 s doubling to 20 s, times 1 to 1.4)."""

import random
from collections.abc import Callable, Iterator


def delays(
    first_s: float = 0.1, cap_s: float = 20.0, *, uniform: Callable[[float, float], float] = random.uniform
) -> Iterator[float]:
    """Yield delays in seconds for ever: each twice the last up to the cap, spread so that stations differ."""
    delay_s = first_s
    while True:
        yield delay_s * uniform(1.0, 1.4)
        delay_s = min(2 * delay_s, cap_s)
