"""How bright each LED of a ring is in each frame of a pattern: 0 to 1, clockwise from the top.  Pure."""

import math

METER_STEPS = 24
_TAIL = 1 / 4


def off(_frame: int, count: int) -> list[float]:
    """All dark."""
    return [0.0] * count


def steady(_frame: int, count: int) -> list[float]:
    """All lit."""
    return [1.0] * count


def heartbeat(frame: int, count: int) -> list[float]:
    """Two short dim beats of the LED at the top, in frames 0 and 2 of 40."""
    return [0.15 if index == 0 and frame in {0, 2} else 0.0 for index in range(count)]


def blink(frame: int, count: int) -> list[float]:
    """All lit in the first frame of 4."""
    return [float(frame == 0)] * count


def chase(frame: int, count: int) -> list[float]:
    """Every third LED, stepping clockwise."""
    return [float((index - frame) % 3 == 0) for index in range(count)]


def spin(frame: int, count: int) -> list[float]:
    """One light with a tail of a quarter, clockwise, a turn in 24 frames."""
    head = frame / 24 * count
    return [max(0.0, 1 - (head - index) % count / (count * _TAIL)) for index in range(count)]


def breathe(frame: int, count: int) -> list[float]:
    """The light opens from the top to both sides and closes again, in 90 frames, then rests for 30."""
    breath = max(0.0, math.sin(math.pi * frame / 90))
    return [min(1.0, max(0.0, 2 * breath - 2 * min(index, count - index) / count)) for index in range(count)]


def swing(frame: int, count: int) -> list[float]:
    """Two neighbours, to and fro over half the ring, in 60 frames."""
    place = round(count / 4 * (1 - math.cos(2 * math.pi * frame / 60)))
    return [float(index in {place, place + 1}) for index in range(count)]


def meter(frame: int, count: int) -> list[float]:
    """An arc clockwise from the top, of `frame` parts in METER_STEPS; the LED at the top is always lit."""
    return [float(index == 0 or index * METER_STEPS < frame * count) for index in range(count)]


def flash_three(frame: int, count: int) -> list[float]:
    """All lit in every other frame: the first of 2."""
    return [float(frame == 0)] * count
