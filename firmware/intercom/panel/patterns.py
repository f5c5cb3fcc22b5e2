"""Lights as functions of time: what each LED of a ring shows.  Pure; drivers ask for a frame and write it.

Each pattern moves in its own way, so that a one-colour ring and colour-blind eyes can tell them apart.  A ring of
fewer than six LEDs shows those of a ring of six that lie where its LEDs are: a single one blinks in the pattern's
rhythm.

Overlays lie over the pattern, each in its quarter of the ring and in its own rhythm: a colour ring shows their colour
there, a one-colour ring, or a pattern of that colour, the opposite: so they are seen on a dark ring as on a lit one.
Those of the same quarter take turns of 2 s.  The quarter at the top is that of `muted` alone, which nothing hides.  A
ring of fewer than four LEDs has no quarters: after 2 s of the pattern alone all of it shows `muted`, twice within 1 s,
and one of the others for 2 s, another one each time.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from intercom.panel import drawings

RGB = tuple[int, int, int]
FRAME_S = 1 / 30
STEP_S = 0.2  # of an overlay's rhythm
_SMALLEST = 6
_QUARTER = 1 / 4
_QUARTERS = 4
_TURN = 10  # steps
_AT_TOP = "##.##"


@dataclass(frozen=True, slots=True)
class Light:
    """What a panel shows: a name of PATTERNS, one of COLOURS, and names of OVERLAYS, the first on top."""

    pattern: str
    colour: str
    overlays: tuple[str, ...] = ()


class Pattern(NamedTuple):
    """`draw(frame, count)` gives the brightness (0 to 1) of each LED, clockwise from the top.

    A frame lasts `frame_s` (None: it doesn't change with time), and after `frames` all begins anew; after `lasts_s`
    the pattern is over and dark.  Where it `is_level` the frame is how loud it is, in METER_STEPS, and no time.
    """

    draw: Callable[[int, int], list[float]]
    frame_s: float | None = None
    frames: int = 1
    lasts_s: float = math.inf
    is_level: bool = False


class Overlay(NamedTuple):
    """A quarter of the ring, from `start` (in turns from the top).

    `rhythm` has a mark for each 0.2 s of its 2 s: # where it is seen.
    """

    colour: str
    start: float
    rhythm: str


def colours(light: Light, *, t: float, count: int, level: float = 1.0) -> tuple[RGB, ...]:
    """What each LED of a colour ring shows `t` seconds after the light came up; `level` (0 to 1) is how loud it is."""
    shown = _shown(light.overlays, t, count)
    return _coloured(light.pattern, light.colour, _frame_at(light.pattern, t, level), shown, count)


def lit(light: Light, *, t: float, count: int, level: float = 1.0) -> tuple[bool, ...]:
    """Which LEDs of a one-colour ring are lit `t` seconds after the light came up."""
    shown = _shown(light.overlays, t, count)
    return _lit(light.pattern, _frame_at(light.pattern, t, level), shown, count)


def mixed(light: Light, *, t: float, count: int, level: float = 1.0) -> tuple[bool, ...]:
    """Which of the red, green and blue parts of each LED are on, where they can be on or off and no more."""
    shown = colours(light, t=t, count=count, level=level)
    return tuple(part > 0 for colour in shown for part in colour)


def next_change(light: Light, *, t: float, count: int) -> float | None:
    """The first time after `t` at which the light may look different; None: not by time alone."""
    pattern = PATTERNS[light.pattern]
    clocks = [None if _is_over(pattern, t) else pattern.frame_s]
    is_moving = any("." in OVERLAYS[name].rhythm for name in light.overlays)
    clocks += [STEP_S] if is_moving or (light.overlays and count < _QUARTERS) else []
    return min(((_passed(t, frame_s) + 1) * frame_s for frame_s in clocks if frame_s), default=None)


@lru_cache(maxsize=256)
def _coloured(pattern: str, colour: str, frame: int | None, shown: tuple[str, ...], count: int) -> tuple[RGB, ...]:
    """Cached, for a pattern comes round to the same frames again and again."""
    over = _overlaid(shown, count)
    return tuple(
        _scaled(COLOURS[colour], level) if name is None else _covered(OVERLAYS[name].colour, colour, level)
        for level, name in zip(_levels(pattern, frame, count), over, strict=True)
    )


@lru_cache(maxsize=256)
def _lit(pattern: str, frame: int | None, shown: tuple[str, ...], count: int) -> tuple[bool, ...]:
    over = _overlaid(shown, count)
    return tuple(
        (level > 0) is not bool(name) for level, name in zip(_levels(pattern, frame, count), over, strict=True)
    )


def _frame_at(name: str, t: float, level: float) -> int | None:
    """The number of the pattern's frame; None: it is over."""
    pattern = PATTERNS[name]
    if pattern.is_level:
        return round(level * drawings.METER_STEPS)
    if _is_over(pattern, t):
        return None
    return _passed(t, pattern.frame_s or math.inf) % pattern.frames


def _levels(pattern: str, frame: int | None, count: int) -> list[float]:
    if frame is None:
        return [0.0] * count
    drawn = max(count, _SMALLEST)
    levels = PATTERNS[pattern].draw(frame, drawn)
    return [levels[index * drawn // count] for index in range(count)]


def _shown(names: Sequence[str], t: float, count: int) -> tuple[str, ...]:
    """The overlays that are seen at `t`."""
    if not names:
        return ()
    step = _passed(t, STEP_S)
    return _side_by_side(names, step) if count >= _QUARTERS else _one_by_one(names, step)


def _side_by_side(names: Sequence[str], step: int) -> tuple[str, ...]:
    turn, mark = divmod(step, _TURN)
    places: dict[float, list[str]] = {}
    for name in names:
        places.setdefault(OVERLAYS[name].start, []).append(name)
    seen = [there[turn % len(there)] for there in places.values()]
    return tuple(name for name in seen if OVERLAYS[name].rhythm[mark] == "#")


def _one_by_one(names: Sequence[str], step: int) -> tuple[str, ...]:
    at_top = [name for name in names if OVERLAYS[name].start == 0]
    others = [name for name in names if OVERLAYS[name].start > 0]
    alone, top = "." * _TURN, _AT_TOP if at_top else ""
    turn, mark = divmod(step, len(alone + top) + (_TURN if others else 0))
    other = others[turn % len(others)] if others else ""
    rhythm = alone + top + (OVERLAYS[other].rhythm if other else "")
    name = at_top[0] if mark < len(alone + top) and at_top else other
    return (name,) if rhythm[mark] == "#" else ()


def _overlaid(shown: Sequence[str], count: int) -> list[str | None]:
    """The overlay that lies on each LED."""
    if count < _QUARTERS:
        return [shown[0] if shown else None] * count
    turns = [index / count for index in range(count)]
    starts = {name: OVERLAYS[name].start for name in shown}
    return [next((name for name, start in starts.items() if start <= turn < start + _QUARTER), None) for turn in turns]


def _covered(over: str, colour: str, level: float) -> RGB:
    """What is seen where an overlay lies on an LED of the pattern: its colour, or darkness on the same colour."""
    return COLOURS["off" if over == colour and level > 0 else over]


def _is_over(pattern: Pattern, t: float) -> bool:
    return _passed(t, pattern.lasts_s) > 0


def _passed(t: float, frame_s: float) -> int:
    """How many frames are over at `t`; a timer that wakes a microsecond early has reached the next."""
    return int((t + 1e-6) / frame_s)


def _scaled(colour: RGB, level: float) -> RGB:
    """The colour as bright as `level`; what is lit stays lit in each of its parts."""
    red, green, blue = (math.ceil(part * level) for part in colour)
    return red, green, blue


COLOURS: dict[str, RGB] = {
    "off": (0, 0, 0),
    "red": (255, 0, 0),
    "amber": (255, 140, 0),
    "green": (0, 255, 0),
    "blue": (0, 0, 255),
    "violet": (160, 0, 255),
    "white": (255, 255, 255),
}

PATTERNS = {
    "off": Pattern(drawings.off),
    "steady": Pattern(drawings.steady),
    "heartbeat": Pattern(drawings.heartbeat, 0.1, frames=40),
    "blink": Pattern(drawings.blink, 1.0, frames=4),
    "chase": Pattern(drawings.chase, 0.15, frames=3),
    "spin": Pattern(drawings.spin, FRAME_S, frames=24),
    "breathe": Pattern(drawings.breathe, FRAME_S, frames=120),
    "swing": Pattern(drawings.swing, FRAME_S, frames=60),
    "meter": Pattern(drawings.meter, is_level=True),
    "flash-long": Pattern(drawings.steady, 1.0, lasts_s=1.0),
    "flash-three": Pattern(drawings.flash_three, 0.2, frames=2, lasts_s=1.0),
}

# Right: the door.  At the bottom: the call.  Left: whoever lives here.
OVERLAYS = {
    "muted":          Overlay("red",    0.00, "##########"),
    "tampered":       Overlay("red",    0.25, "##.##.##.."),
    "door-held":      Overlay("amber",  0.25, "#.###....."),
    "door-open":      Overlay("white",  0.25, "####.####."),
    "door-asked":     Overlay("white",  0.25, "#.#.#.#..."),
    "door-granted":   Overlay("white",  0.25, "###......."),
    "door-refused":   Overlay("red",    0.25, "#.#.#....."),
    "link-lost":      Overlay("amber",  0.50, "#.#.#.#.#."),
    "poor-quality":   Overlay("amber",  0.50, "##...##..."),
    "last-minute":    Overlay("white",  0.50, "###.#....."),
    "private":        Overlay("violet", 0.75, "########.."),
    "do-not-disturb": Overlay("violet", 0.75, "#........."),
    "missed":         Overlay("blue",   0.75, "#.#......."),
}  # fmt: skip

OFF = Light("off", "off")
