"""The page's files, without a browser."""

import json
import re
import subprocess
from pathlib import Path
from urllib.parse import quote

import pytest

from intercom.panel import patterns
from intercom.panel.patterns import Light, colours

WEB = Path(patterns.__file__).parents[1] / "exchange/web"
MODULES = sorted(WEB.glob("*.js"))
COUNTS = [1, 2, 6, 7, 12, 16, 24]
TIMES = [round(0.05 * step + 0.013, 3) for step in range(100)]
LEDS = """
import { leds } from %s;
const cases = JSON.parse(await new Response(process.stdin).text());
const ring = ({ light, t, count }) => leds(light, { t, count }).map(({ colour, level }) => [colour, level]);
console.log(JSON.stringify(cases.map(ring)));
"""
PALETTE = re.compile(r"--([\w-]+): (#[0-9a-f]{3,6});")
READABLE = [
    ("ink", "paper"), ("ink", "card"), ("soft", "paper"), ("soft", "card"), ("accent", "paper"), ("accent", "card"),
    ("on-accent", "accent"), ("alert", "card"), ("soft", "line"),
]  # fmt: skip


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_a_module_is_valid_javascript(module: Path) -> None:
    _node("--check", "--input-type=module", given=module.read_text())


@pytest.mark.parametrize("pattern", sorted(patterns.PATTERNS))
def test_the_page_draws_each_pattern_as_the_station_does(pattern: str) -> None:
    lights = [Light(pattern, "amber"), Light(pattern, "blue", tuple(patterns.OVERLAYS))]
    cases = [(light, t, count) for light in lights for t in TIMES for count in COUNTS]
    drawn = _drawn(cases)
    for (light, t, count), ring in zip(cases, drawn, strict=True):
        shown = [tuple(part * level for part in patterns.COLOURS[colour]) for colour, level in ring]
        for led, expected in zip(shown, colours(light, t=t, count=count), strict=True):
            assert led == pytest.approx(expected, abs=1.01), (light, t, count)  # the station rounds up


def test_a_pattern_of_a_newer_station_is_dark_and_its_overlays_are_left_out() -> None:
    [ring] = _drawn([(Light("juggle", "blue", ("unheard-of",)), 0.5, 6)])
    assert {level for _, level in ring} == {0}


def test_the_page_has_words_for_each_overlay_and_a_tint_for_each_colour() -> None:
    words, ring = (WEB / "words.js").read_text(), (WEB / "ring.js").read_text()
    told = words.partition("const OVERLAYS = {")[2].partition("};")[0]
    tints = ring.partition("const TINTS = {")[2].partition("};")[0]
    assert set(re.findall(r'^ *"?([\w-]+)"?: "', told, re.MULTILINE)) == set(patterns.OVERLAYS)
    assert set(re.findall(r"(\w+): \"", tints)) == set(patterns.COLOURS)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), READABLE)
def test_text_stands_out_from_its_ground(scheme: str, text: str, ground: str) -> None:
    light, dark = re.split(r"prefers-color-scheme: dark", (WEB / "style.css").read_text(), maxsplit=1)
    palette = dict(PALETTE.findall(light)) | (dict(PALETTE.findall(dark.partition("}")[0])) if scheme == "dark" else {})
    assert _contrast(palette[text], palette[ground]) >= 4.5  # WCAG 2.2, 1.4.3


def test_the_page_loads_nothing_from_elsewhere() -> None:
    for path in WEB.iterdir():
        text = path.read_text().replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?://|(?<!:)//\w+\.\w", text), path.name


def _drawn(cases: list[tuple[Light, float, int]]) -> list[list[tuple[str, float]]]:
    asked = [
        {"light": {"pattern": light.pattern, "colour": light.colour, "overlays": light.overlays}, "t": t, "count": n}
        for light, t, n in cases
    ]
    module = quote((WEB / "patterns.js").read_text())  # Node 18 takes a file named .js for CommonJS
    script = LEDS % json.dumps(f"data:text/javascript,{module}")
    out = _node("--input-type=module", "--eval", script, given=json.dumps(asked))
    drawn: list[list[tuple[str, float]]] = json.loads(out)
    return drawn


def _node(*arguments: str, given: str) -> str:
    done = subprocess.run(["node", *arguments], input=given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
