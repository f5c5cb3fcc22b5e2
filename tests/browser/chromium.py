"""A real Chromium for tests: one for all of them, a fresh context for each page."""

import itertools
import shutil
import tempfile
import wave
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from tests.browser.driver import HERE, Driver

EXECUTABLE = shutil.which("chromium") or "/usr/bin/chromium"
MICROPHONE_HZ = 660
WITHIN_S = 10.0
STARTS_WITHIN_S = 120.0
SAMPLE_RATE = 48_000


class Chromium:
    """One headless browser; a context manager.  Its microphone is a steady tone of `microphone_hz`.

    It reaches this machine's own address and `hosts`, nothing else.  `within` are words that run the command after
    them somewhere else, such as in a network namespace.
    """

    def __init__(
        self, *, microphone_hz: int = MICROPHONE_HZ, hosts: Sequence[str] = (), within: Sequence[str] = ()
    ) -> None:
        self.microphone_hz = microphone_hz
        self.files = ""
        self._hosts = list(hosts)
        self._driver = Driver(within)
        self._names = itertools.count(1)

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="chromium-")
        microphone = Path(self._folder.name) / "microphone.wav"
        write_tone(microphone, hz=self.microphone_hz)
        self._driver.__enter__()
        order = {"executable": EXECUTABLE, "microphone": str(microphone), "hosts": self._hosts}
        launched = self._driver.order("launch", **order)
        self.files = launched.result(timeout=STARTS_WITHIN_S)
        self._warm_up()
        return self

    def __exit__(self, *_: object) -> None:
        self._driver.__exit__()
        self._folder.cleanup()

    def page(self, **options: Any) -> "Page":
        """Return a page in a fresh context (no cookies), to be entered with `async with`; options as of `opening`."""
        return Page(*self.opening(**options))

    def opening(
        self,
        *,
        width: int = 1280,
        height: int = 800,
        is_dark: bool = False,
        is_motion_reduced: bool = False,
        before: str = "",
    ) -> tuple[Driver, str, dict[str, Any], str]:
        """Return what a Page, or a kind of Page, is made of.

        `before` is JavaScript that runs in each document before its own.
        """
        options = {
            "viewport": {"width": width, "height": height},
            "colorScheme": "dark" if is_dark else "light",
            "reducedMotion": "reduce" if is_motion_reduced else "no-preference",
        }
        return self._driver, f"page {next(self._names)}", options, before

    def _warm_up(self) -> None:
        """Show and shut a page: the first takes longer, on a busy machine until a silent client has been let go."""
        _, name, options, before = self.opening()
        for verb, given in (
            ("open", {"name": name, "options": options, "before": before}),
            ("goto", {"page": name, "url": "about:blank"}),
            ("shut", {"page": name}),
        ):
            self._driver.order(verb, **given).result(timeout=STARTS_WITHIN_S)


class Page:
    """One page; an async context manager that closes it.  Selectors are CSS or Playwright's (`text=Call`)."""

    def __init__(self, driver: Driver, name: str, options: dict[str, Any], before: str) -> None:
        self._driver, self._name, self._options = driver, name, options
        self._before = (HERE / "ear.js").read_text() + before

    async def __aenter__(self) -> Self:
        await self._driver.do("open", name=self._name, options=self._options, before=self._before)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        if error is not None:
            error.add_note("\n".join(["The page's console:", *dict.fromkeys(await self.said())]))
        await self._do("shut")

    async def goto(self, url: str) -> str:
        """Load the page and return where it ended up."""
        return str(await self._do("goto", url=url))

    async def reload(self) -> None:
        await self._do("reload")

    async def evaluate(self, script: str, argument: Any = None) -> Any:
        """Return the value of an expression, or of a function called with `argument`; promises are awaited."""
        return await self._do("evaluate", script=script, **_given(argument))

    async def wait(self, script: str, argument: Any = None, *, within_s: float = WITHIN_S) -> Any:
        """Wait until an expression (or a function of `argument`) is true and return its value."""
        return await self._do("wait", script=script, within_ms=within_s * 1000, **_given(argument))

    async def shows(self, text: str, *, within_s: float = WITHIN_S) -> None:
        """Wait until the page shows the text, in whatever case its style sets it."""
        script = "t => document.body.innerText.toLowerCase().includes(t.toLowerCase())"
        await self.wait(script, text, within_s=within_s)

    async def text(self, selector: str = "body") -> str:
        """Return the text that a person sees in the first match."""
        return str(await self.evaluate("s => document.querySelector(s).innerText", selector))

    async def click(self, selector: str, *, within_s: float = WITHIN_S) -> None:
        await self._do("click", selector=selector, within_ms=within_s * 1000)

    async def fill(self, selector: str, text: str, *, within_s: float = WITHIN_S) -> None:
        await self._do("fill", selector=selector, text=text, within_ms=within_s * 1000)

    async def focus(self, selector: str, *, within_s: float = WITHIN_S) -> None:
        await self._do("focus", selector=selector, within_ms=within_s * 1000)

    async def pointer_down(self, selector: str, *, within_s: float = WITHIN_S) -> None:
        await self._do("hover", selector=selector, within_ms=within_s * 1000)
        await self._do("mouse", action="down")

    async def pointer_up(self) -> None:
        await self._do("mouse", action="up")

    async def press(self, key: str) -> None:
        """Press and release a key, by its DOM name: Enter, Tab, m."""
        await self._do("keyboard", action="press", key=key)

    async def key_down(self, key: str) -> None:
        await self._do("keyboard", action="down", key=key)

    async def key_up(self, key: str) -> None:
        await self._do("keyboard", action="up", key=key)

    async def screenshot(self, path: Path, *, whole: bool = False) -> Path:
        return Path(await self._do("screenshot", path=str(path), whole=whole))

    async def said(self) -> list[str]:
        """Return the console's lines and uncaught errors so far, as `type: text`."""
        return list(await self._do("said"))

    async def _do(self, verb: str, **arguments: Any) -> Any:
        return await self._driver.do(verb, page=self._name, **arguments)


def write_tone(path: Path, *, hz: int, seconds: int = 1, dbfs: float = -12) -> None:
    """Write a WAV (mono, 48 kHz, 16 bit) that holds whole periods, so that it can be looped."""
    amplitude = 32_767 * 10 ** (dbfs / 20)
    turns = hz * np.arange(SAMPLE_RATE * seconds) / SAMPLE_RATE
    samples = np.rint(amplitude * np.sin(2 * np.pi * turns)).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, SAMPLE_RATE, 0, "NONE", ""))
        file.writeframes(samples.tobytes())


def _given(argument: Any) -> dict[str, Any]:
    return {} if argument is None else {"argument": argument}
