"""The animated picture of all lights in the README, drawn by the functions that light the ring: `make picture`."""

import math
import sys
from collections.abc import Iterator
from itertools import pairwise

from intercom.panel.drawings import METER_STEPS
from intercom.panel.patterns import COLOURS, PATTERNS, RGB, STEP_S, Light, colours
from intercom.station import showing
from intercom.station.rules import RULES

LEDS = 12
COLUMNS, CELL, HEAD = 7, 116, 34
ROWS = (164, 142)  # how high: states have a line more
RADIUS, PLATE = 34, 50
# How an LED of that colour looks behind frosted plastic; a screen's own primaries glare.
TINTS = {"red": "#ff5a4d", "amber": "#ffb224", "green": "#3ddc84", "blue": "#4c8dff", "violet": "#b07cff",
         "white": "#fff6e5"}  # fmt: skip
FLASH_S = 4.0  # a light that comes once comes again after this
SPEECH = "0259b8c7a4203895a7ca6310059cb84200"  # how loud a voice is, in twelfths, ten times a second
SPEECH_S = 0.1
HEADINGS = ("The states", "Over the light of a call, and of any other state")
STYLE = (
    "text{font:600 13px system-ui,sans-serif;text-anchor:middle;fill:#24292f}"
    ".soft{font-weight:400;font-size:12px;fill:#57606a}"
    ".head{font-size:15px;text-anchor:start}"
    "@media(prefers-color-scheme:dark){text{fill:#e6edf3}.soft{fill:#9198a1}}"
)
Film = list[tuple[RGB, ...]]


def picture() -> str:
    """Return it as SVG; it moves by itself, in light and dark mode."""
    lights = showing.lights(RULES)
    parts = [
        {name: light for name, light in lights.items() if bool(light.overlays) is is_over} for is_over in (False, True)
    ]
    drawn, top = [], 0
    for heading, part, row in zip(HEADINGS, parts, ROWS, strict=True):
        drawn.append(f'<text class="head" x="12" y="{top + 22}">{heading}</text>')
        drawn += [_cell(*item, at=at, top=top + HEAD, row=row) for at, item in enumerate(part.items())]
        top += HEAD + math.ceil(len(part) / COLUMNS) * row
    size = f'width="{COLUMNS * CELL}" height="{top}" viewBox="0 0 {COLUMNS * CELL} {top}"'
    title = "<title>What the ring shows</title>"
    return "\n".join([f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{title}', _DEFINED, *drawn, "</svg>", ""])


_DEFINED = (
    f"<style>{STYLE}</style><defs>"
    '<g id="l"><circle r="10" opacity=".16"/><circle r="7.5" opacity=".22"/><circle r="5"/>'
    '<circle r="2.2" fill="#fff" opacity=".45"/></g>'
    f'<g id="p"><circle r="{PLATE}" fill="#17191c"/><circle r="{PLATE - 1}" fill="none" stroke="#3b4046"/>'
    f'<circle r="{RADIUS}" fill="none" stroke="#24282d" stroke-width="13"/><circle r="17" fill="#202327"/></g></defs>'
)


def _cell(name: str, light: Light, *, at: int, top: int, row: int) -> str:
    down, right = divmod(at, COLUMNS)
    x, y = right * CELL + CELL // 2, top + down * row + PLATE + 10
    what = "" if light.overlays else f'<text class="soft" y="{PLATE + 36}">{light.pattern}, {light.colour}</text>'
    label = f'<text y="{PLATE + 20}">{name.replace("-", " ")}</text>{what}'
    return f'<g transform="translate({x},{y})"><use href="#p"/>{"".join(_leds(light))}{label}</g>'


def _leds(light: Light) -> Iterator[str]:
    film, frame_s = _film(light)
    for index, shown in enumerate(zip(*film, strict=True)):
        turn = 2 * math.pi * index / LEDS
        place = f'x="{RADIUS * math.sin(turn):.1f}" y="{-RADIUS * math.cos(turn):.1f}"'
        looks = [_look(colour) for colour in shown]
        tints, levels = (list(each) for each in zip(*looks, strict=True))
        lit = [tint for tint in tints if tint]
        if not lit:
            continue
        tints = [tint or lit[0] for tint in tints]
        moves = _animate("fill", tints, frame_s) + _animate("opacity", levels, frame_s)
        still = f'fill="{tints[0]}" opacity="{levels[0]}"'
        yield f'<use href="#l" {place} {still}>{moves}</use>' if moves else f'<use href="#l" {place} {still}/>'


def _film(light: Light) -> tuple[Film, float]:
    """Return the frames of a light until it begins anew, and how long each of them is."""
    pattern = PATTERNS[light.pattern]
    if pattern.is_level:
        levels = [round(int(mark, 13) / 12 * METER_STEPS) / METER_STEPS for mark in SPEECH]
        return [colours(light, t=0, count=LEDS, level=level) for level in levels], SPEECH_S
    frame_s = STEP_S if light.overlays else pattern.frame_s or 1.0
    count = 10 if light.overlays else pattern.frames if math.isinf(pattern.lasts_s) else round(FLASH_S / frame_s)
    return [colours(light, t=(frame + 0.5) * frame_s, count=LEDS) for frame in range(count)], frame_s


def _animate(attribute: str, values: list[str], frame_s: float) -> str:
    """Return an animation by steps, a value only where it changes; nothing where it stays."""
    starts = [0, *(at for at, (one, other) in enumerate(pairwise(values), 1) if one != other)]
    if len(starts) == 1:
        return ""
    times = ";".join(f"{start / len(values):.4g}".replace("0.", ".") for start in starts)
    changes = ";".join(values[start] for start in starts)
    return (
        f'<animate attributeName="{attribute}" calcMode="discrete" dur="{len(values) * frame_s:.4g}s" '
        f'repeatCount="indefinite" values="{changes}" keyTimes="{times}"/>'
    )


def _look(colour: RGB) -> tuple[str, str]:
    """Return the tint, none of what is dark, and the opacity of an LED."""
    most = max(colour)
    if not most:
        return "", "0"
    hue = [part * 255 / most for part in colour]
    name = min(TINTS, key=lambda name: math.dist(COLOURS[name], hue))
    return TINTS[name], f"{(most / 255) ** 0.6:.2g}".replace("0.", ".")


if __name__ == "__main__":
    sys.stdout.write(picture())
