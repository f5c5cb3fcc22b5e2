"""When a voice came out of a speaker."""

import numpy as np

from tests.rig.simcard import SimCard

BLOCK_MS = 10
STEADY_BLOCKS = 3
AUDIBLE = 100.0  # RMS, about -50 dBFS


def first_heard_ns(card: SimCard, hertz: float, *, since_ns: int) -> int | None:
    """Return the moment at which the speaker began to play this tone for 30 ms or more, within 10 ms.

    `hertz` is a multiple of 100.  None: it did not, in the 20 s that the card remembers.
    """
    block = card.rate * BLOCK_MS // 1000
    begin = card.time_at(since_ns)
    count = (card.now() - begin) // block
    blocks = card.played_from(begin, count * block).reshape(count, block).astype(np.float64)
    energy = np.sum(blocks**2, axis=1)
    tone = np.abs(blocks @ np.exp(-2j * np.pi * hertz * np.arange(block) / card.rate)) ** 2
    is_tone = (energy > block * AUDIBLE**2) & (2 * tone > 0.8 * block * energy)
    steady = np.convolve(is_tone, np.ones(STEADY_BLOCKS), "valid") > STEADY_BLOCKS - 0.5
    return card.moment_ns(begin + int(np.argmax(steady)) * block) if steady.any() else None
