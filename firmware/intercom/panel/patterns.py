"""Lights as functions of time: what each LED of a ring shows.  Pure; drivers ask for a frame and write it.

Each pattern moves in its own way, so that a one-colour ring and colour-blind eyes can tell them apart.  A ring of
fewer than six LEDs shows those of a ring of six that lie where its LEDs are: a single one blinks in the pattern's
rhythm.  Where an overlay lies, a colour ring shows its colour and a one-colour ring is dark; on a single LED it
takes its share of each two seconds instead of its share of the ring.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

RGB = tuple[int, int, int]
FRAME_S = 1 / 30
_SMALLEST = 6
_QUARTER = 1 / 4
_TURN_S = 2.0


@dataclass(frozen=True, slots=True)
class Light:
    """What a panel shows: a name of PATTERNS, one of COLOURS, and names of OVERLAYS, the first on top."""

    pattern: str
    colour: str
    overlays: tuple[str, ...] = ()


class Pattern(NamedTuple):
    """`draw(frame, count)` gives the brightness (0 to 1) of each LED, clockwise from the top.

    A frame lasts `frame_s` (None: it never changes); after `lasts_s` the pattern is over and dark.
    """

    draw: Callable[[int, int], list[float]]
    frame_s: float | None
    lasts_s: float = math.inf


class Overlay(NamedTuple):
    """A quarter of the ring, from `start` (in turns from the top); it comes and goes every `blink_s`, or stays."""

    colour: str
    start: float
    blink_s: float | None


def colours(light: Light, *, t: float, count: int) -> tuple[RGB, ...]:
    """What each LED of a colour ring shows `t` seconds after the light came up."""
    return tuple(
        _scaled(COLOURS[over], 1.0) if over else _scaled(COLOURS[light.colour], level)
        for level, over in zip(_levels(light, t, count), _overlaid(light, t, count), strict=True)
    )


def lit(light: Light, *, t: float, count: int) -> tuple[bool, ...]:
    """Which LEDs of a one-colour ring are lit `t` seconds after the light came up."""
    return tuple(
        level > 0 and not over for level, over in zip(_levels(light, t, count), _overlaid(light, t, count), strict=True)
    )


def next_change(light: Light, *, t: float, count: int) -> float | None:
    """The first time after `t` at which the light may look different; None: it stays as it is."""
    pattern = PATTERNS[light.pattern]
    clocks = [None if _is_over(pattern, t) else pattern.frame_s]
    clocks += [OVERLAYS[name].blink_s for name in light.overlays]
    clocks += [_TURN_S * _QUARTER] if light.overlays and count == 1 else []
    return min(((_frame(t, frame_s) + 1) * frame_s for frame_s in clocks if frame_s), default=None)


def _levels(light: Light, t: float, count: int) -> list[float]:
    pattern, drawn = PATTERNS[light.pattern], max(count, _SMALLEST)
    if _is_over(pattern, t):
        return [0.0] * count
    levels = pattern.draw(_frame(t, pattern.frame_s or math.inf), drawn)
    return [levels[index * drawn // count] for index in range(count)]


def _overlaid(light: Light, t: float, count: int) -> list[str | None]:
    """The colour of the overlay on each LED."""
    turns = [index / count for index in range(count)] if count > 1 else [t / _TURN_S % 1]
    shown = [
        overlay
        for overlay in (OVERLAYS[name] for name in light.overlays)
        if not overlay.blink_s or _frame(t, overlay.blink_s) % 2 == 0
    ]
    return [next((over.colour for over in shown if over.start <= turn < over.start + _QUARTER), None) for turn in turns]


def _is_over(pattern: Pattern, t: float) -> bool:
    return _frame(t, pattern.lasts_s) > 0


def _frame(t: float, frame_s: float) -> int:
    """The number of the frame at `t`; a timer that wakes a microsecond early has reached the next."""
    return int((t + 1e-6) / frame_s)


def _scaled(colour: RGB, level: float) -> RGB:
    red, green, blue = (round(part * level) for part in colour)
    return red, green, blue


def _off(_frame: int, count: int) -> list[float]:
    return [0.0] * count


def _steady(_frame: int, count: int) -> list[float]:
    return [1.0] * count


def _heartbeat(frame: int, count: int) -> list[float]:
    """Two short dim beats of the LED at the top, every 4 s."""
    return [0.15 if index == 0 and frame % 40 in {0, 2} else 0.0 for index in range(count)]


def _blink(frame: int, count: int) -> list[float]:
    """All on for 1 s in 4 s."""
    return [float(frame % 4 == 0)] * count


def _chase(frame: int, count: int) -> list[float]:
    """Every third LED, stepping clockwise."""
    return [float((index - frame) % 3 == 0) for index in range(count)]


def _spin(frame: int, count: int) -> list[float]:
    """One light with a tail of a quarter, clockwise, a turn in 0.8 s."""
    head = frame / 24 * count
    return [max(0.0, 1 - (head - index) % count / (count * _QUARTER)) for index in range(count)]


def _breathe(frame: int, count: int) -> list[float]:
    """The light opens from the top to both sides and closes again, in 3 s, then rests 1 s."""
    breath = max(0.0, math.sin(math.pi * (frame % 120) / 90))
    return [min(1.0, max(0.0, 2 * breath - 2 * min(index, count - index) / count)) for index in range(count)]


def _swing(frame: int, count: int) -> list[float]:
    """Two neighbours, to and fro over half the ring, every 2 s."""
    place = round(count / 4 * (1 - math.cos(2 * math.pi * frame / 60)))
    return [float(index in {place, place + 1}) for index in range(count)]


def _flash_three(frame: int, count: int) -> list[float]:
    return [float(frame % 2 == 0)] * count


COLOURS: dict[str, RGB] = {
    "off": (0, 0, 0),
    "red": (255, 0, 0),
    "amber": (255, 140, 0),
    "green": (0, 255, 0),
    "blue": (0, 0, 255),
    "white": (255, 255, 255),
}

PATTERNS = {
    "off": Pattern(_off, None),
    "steady": Pattern(_steady, None),
    "heartbeat": Pattern(_heartbeat, 0.1),
    "blink": Pattern(_blink, 1.0),
    "chase": Pattern(_chase, 0.15),
    "spin": Pattern(_spin, FRAME_S),
    "breathe": Pattern(_breathe, FRAME_S),
    "swing": Pattern(_swing, FRAME_S),
    "flash-long": Pattern(_steady, 1.0, lasts_s=1.0),
    "flash-three": Pattern(_flash_three, 0.2, lasts_s=1.0),
}

OVERLAYS = {
    "muted": Overlay("red", start=0.0, blink_s=None),
    "link-lost": Overlay("amber", start=0.5, blink_s=0.25),
    "poor-quality": Overlay("amber", start=0.5, blink_s=2.0),
}

OFF = Light("off", "off")
