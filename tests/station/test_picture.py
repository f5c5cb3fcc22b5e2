"""The picture in the README shows what the ring does."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from intercom.panel.patterns import COLOURS, Light, colours
from intercom.station import picture, showing
from intercom.station.rules import RULES

FILE = Path(__file__).parents[2] / "config/ring.svg"
SVG = "{http://www.w3.org/2000/svg}"
NAMES = [name.replace("-", " ") for name in showing.lights(RULES)]
RINGS = ElementTree.fromstring(FILE.read_text()).findall(f"{SVG}g")


def test_the_file_in_config_is_the_generated_picture() -> None:
    assert FILE.read_text() == picture.picture(), "`make picture` draws it anew"
    assert FILE.stat().st_size < 150_000


def test_every_light_stands_there_under_its_name() -> None:
    texts = [[text.text for text in ring.findall(f"{SVG}text")] for ring in RINGS]
    assert [names[0] for names in texts] == NAMES


@pytest.mark.parametrize("t", [0.05, 0.5, 1.1, 1.7, 3.3])
@pytest.mark.parametrize("name", ["pending", "connecting", "ringing", "reconnecting", "muted", "door-asked"])
def test_an_led_of_the_picture_is_lit_when_that_of_the_ring_is(name: str, t: float) -> None:
    light = showing.lights(RULES)[name]
    leds = [led for led in RINGS[list(showing.lights(RULES)).index(name)].findall(f"{SVG}use") if led.get("x")]
    drawn = {(led.get("x"), led.get("y")): shown(led, t) for led in leds}
    ring = colours(light, t=t, count=picture.LEDS)
    assert sum(float(opacity) > 0 for _, opacity in drawn.values()) == sum(colour != COLOURS["off"] for colour in ring)
    assert {fill for fill, opacity in drawn.values() if float(opacity) > 0} == tints(light, ring)


def tints(light: Light, ring: tuple[tuple[int, int, int], ...]) -> set[str]:
    return {picture._look(colour)[0] for colour in ring if colour != COLOURS["off"]}


def shown(led: ElementTree.Element, t: float) -> tuple[str, str]:
    """Return fill and opacity of an LED at that time."""
    now = {name: led.get(name, "") for name in ("fill", "opacity")}
    for move in led:
        at = t / float(move.attrib["dur"].rstrip("s")) % 1
        steps = zip(move.attrib["values"].split(";"), map(float, move.attrib["keyTimes"].split(";")), strict=True)
        now[move.attrib["attributeName"]] = [value for value, time in steps if time <= at + 1e-3][-1]
    return now["fill"], now["opacity"]
