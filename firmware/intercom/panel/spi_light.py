"""Colours to what goes out on an SPI bus, for LEDs in a chain.  Pure.

WS2812B (data sheets of 2013 and 2019) and SK6812 (2015) read a bit from how long their wire is high: SPI bits in fours
at 3.3 MHz make the times of each, also at the 3.2 MHz that a Pi may give instead.  300 us of low end a frame and stand
before the next, as the wire may have been high meanwhile.  APA102 has a clock wire (data sheet of 2014): after the
frames of all LEDs each passes on half a clock, so that half as many clocks as there are LEDs are sent more.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

from intercom.panel.patterns import RGB
from intercom.settings import schema

MOST_BYTES = 4096  # of one transfer: spidev's buffer
ONE_WIRE_HZ = 3_300_000
TWO_WIRE_HZ = 4_000_000
SYMBOLS = {"ws2812": ("1000", "1110"), "sk6812": ("1000", "1100")}
RESET = bytes(math.ceil(ONE_WIRE_HZ * 300e-6 / 8))
_FINEST = 31

Encode = Callable[[tuple[RGB, ...]], bytes]


class Coding(NamedTuple):
    """How fast the bus goes, and `encode`, which makes one transfer of the colours, clockwise from the top."""

    hz: int
    encode: Encode


def coding(ring: schema.Ring) -> Coding:
    """Return the coding for a ring on an SPI bus."""
    order = places(ring)
    if ring.kind == "apa102":
        return Coding(TWO_WIRE_HZ, _two_wires(ring, order))
    return Coding(ONE_WIRE_HZ, _one_wire(ring, order))


def places(ring: schema.Ring) -> list[int]:
    """Which LED, clockwise from the top, the first in the chain is, which the second, and so on."""
    direction = 1 if ring.clockwise else -1
    return [direction * (index - ring.top) % ring.count for index in range(ring.count)]


def strengths(brightness: float, gamma: float) -> list[int]:
    """What is sent for each part of a colour, 0 to 255; what is lit stays lit."""
    return [0, *(max(1, round(255 * brightness * (part / 255) ** gamma)) for part in range(1, 256))]


def _one_wire(ring: schema.Ring, order: list[int]) -> Encode:
    zero, one = SYMBOLS[ring.kind]
    symbols = [_spelled(strength, zero, one) for strength in strengths(ring.brightness / 100, ring.gamma)]

    def three(red: int, green: int, blue: int) -> bytes:
        return symbols[green] + symbols[red] + symbols[blue]

    def four(red: int, green: int, blue: int) -> bytes:
        white = min(red, green, blue)
        return three(red - white, green - white, blue - white) + symbols[white]

    spelled = four if ring.white else three
    return lambda colours: RESET + b"".join(spelled(*colours[place]) for place in order) + RESET


def _two_wires(ring: schema.Ring, order: list[int]) -> Encode:
    """The LEDs' own dimmer does the coarse part, which leaves all steps of a colour to the fine one."""
    dimmer = math.ceil(_FINEST * ring.brightness / 100)
    strength = strengths(_FINEST * ring.brightness / 100 / dimmer, ring.gamma)
    start, end = bytes(4), bytes(4 + math.ceil(ring.count / 16))

    def spelled(red: int, green: int, blue: int) -> bytes:
        return bytes((0xE0 | dimmer, strength[blue], strength[green], strength[red]))

    return lambda colours: start + b"".join(spelled(*colours[place]) for place in order) + end


def _spelled(part: int, zero: str, one: str) -> bytes:
    bits = "".join(one if part >> bit & 1 else zero for bit in reversed(range(8)))
    return int(bits, 2).to_bytes(len(bits) // 8, "big")
