"""`intercom demo` as `make run` starts it: the page, the panel on it, and a call with sound from end to end."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from intercom.console import client
from tests.browser.chromium import Chromium
from tests.browser.webphone import WebPhone
from tests.rig.ear import until_heard, until_silent
from tests.rig.simcard import SimCard, write_conf
from tests.system.programs import Program, free_port

MICROPHONE_HZ = 440


@dataclass(frozen=True)
class Demo:
    """A running demo: its page's address and its sound card."""

    program: Program
    url: str
    card: SimCard


@pytest.fixture
async def demo(tmp_path: Path, cards: Path) -> AsyncIterator[Demo]:
    card = SimCard(cards / "demo")
    card.hum(MICROPHONE_HZ)
    environment = {"ALSA_CONFIG_PATH": str(write_conf(cards / "asound.conf", {"default": card}))}
    words = ("demo", "--port", str(free_port()), "--state", str(tmp_path / "state"))
    async with Program(*words, log=tmp_path / "demo.log", environment=environment) as program:
        url = (await program.says("ready")).removeprefix("ready ")
        yield Demo(program, url, card)


async def test_a_commit_writes_nothing_of_the_demos_own(tmp_path: Path) -> None:
    file, state = tmp_path / "intercom.toml", tmp_path / "state"
    file.write_text('# Mine\n[station]\nname = "Hall"\n')
    words = ("demo", "--port", str(free_port()), "--state", str(state), "--config", str(file))
    async with Program(*words, log=tmp_path / "demo.log") as program:
        await program.says("ready")
        for asked in (["set", "station.name", "Porch"], ["commit"]):
            await asyncio.to_thread(client.ask, asked, path=state / "control.sock")
    assert file.read_text() == '# Mine\n[station]\nname = "Porch"\n'


async def tap(page: WebPhone, button: str) -> None:
    await page.click(f"[data-station=intercom] [data-button={button}]")


async def test_the_page_calls_and_the_answer_button_on_it_lets_both_hear_each_other(
    demo: Demo, chromium: Chromium
) -> None:
    async with WebPhone(chromium) as page:
        await page.open(demo.url)
        await page.call("intercom")
        await page.sees("intercom", "blue, chasing")
        await page.reaches("ringing")
        await tap(page, "answer")
        await page.reaches("open")
        await page.sees("intercom", "green, steady")
        await page.hears(MICROPHONE_HZ)
        await until_heard(demo.card, chromium.microphone_hz)
        await tap(page, "mute")
        await page.hears_silence()
        await tap(page, "mute")
        await page.hears(MICROPHONE_HZ)
        await page.hang_up()
        await until_silent(demo.card)
        await page.shows("headphones")


async def test_the_button_calls_the_page_which_answers_mutes_and_hears_the_hangup(
    demo: Demo, chromium: Chromium
) -> None:
    async with WebPhone(chromium) as page:
        await page.open(demo.url)
        await tap(page, "answer")
        await page.reaches("pending")
        await page.accept()
        await page.reaches("open")
        await page.hears(MICROPHONE_HZ)
        await until_heard(demo.card, chromium.microphone_hz)
        await page.toggle_mute()
        await until_silent(demo.card)
        await tap(page, "answer")
        await page.reaches("closed")
