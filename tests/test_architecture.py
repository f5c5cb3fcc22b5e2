"""Who may import whom, which library has which door, what loads nothing heavy."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "firmware/intercom"

# Each part, and what it may import of the others; a part's own modules go without saying.
MAY_IMPORT = {
    "errors": "",
    "vital": "",
    "disk": "",
    "lockout": "",
    "network": "",
    "settings": "disk errors",
    "signaling": "network vital errors settings.schema.Signaling",
    "audio": "disk errors settings.schema.Audio",
    "quality": "errors settings.schema.Quality",
    "rtc": "audio network quality call.ports errors settings.schema.Rtc",
    "call": "signaling.messages signaling.events signaling.parameters quality errors settings.schema.Call",
    "panel": "errors settings.schema.Panel settings.schema.Buttons settings.schema.Ring settings.schema.Door",
    "door": "disk lockout panel vital errors settings.schema.Door",
    "station": (
        "disk call panel door audio quality story console.commands console.gate console.loglines console.timekeeper "
        "console.watch settings vital errors"
    ),
    "story": "disk call quality vital errors",
    "console": "disk lockout settings errors",
    "exchange": (
        "disk network signaling.messages signaling.parameters signaling.token vital errors settings.schema.Exchange"
    ),
    "system": "vital signaling.messages signaling.backoff signaling.trust errors settings.schema.Log",
    "doctor": "places settings signaling audio quality rtc call panel door console station system errors",
    "line": "network settings signaling audio quality rtc call errors",
    "app": "line settings signaling audio quality rtc call panel door console station system exchange errors",
    "demo": "app exchange settings errors",
    "places": "errors",
    "remote": "places disk console settings errors",
    "administration": "places exchange settings errors",
    "passwords": "places console errors",
    "asking": "console.client places settings errors",
    "cli": "asking console.client places settings signaling.token errors",
    "__init__": "",
}
# What a part may import only inside the function that needs it, or for its types alone.
MAY_IMPORT_LATE = {
    "__init__": "line call remote",
    "cli": "app administration exchange demo passwords system doctor remote station.factory station.rulecheck",
    "asking": "door station.showing",
}

# Each library, and the only places that may import it.
DOORS = {
    "aiohttp": (
        "signaling.client signaling.dial signaling.gateway signaling.link signaling.tokens signaling.trust exchange "
        "system.uplink"
    ),
    "aioice": "rtc.lean",
    "alsaaudio": "audio.pcm",
    "aiortc": "rtc.lean",
    "av": "audio.resampler",
    "cryptography": "exchange signaling.trust",
    "gpiod": "panel door.line",
    "gpiozero": "panel",
    "ifaddr": "network",
    "jwt": "signaling.token",
    "msgspec": " ".join(MAY_IMPORT),
    "numpy": "audio quality rtc",
    "prompt_toolkit": "remote.prompt",
    "pyee": "call.emitter",
    "pylibsrtp": "rtc.dtls",
    "serial": "console.device",
    "sqlite3": "exchange",
    "tomlkit": "settings",
    "transitions": "call.machine",
}

HEAVY = {"aiohttp", "aiortc", "av", "livekit", "numpy"}
STATUS = "from intercom.cli import main\ntry: main(['status', '--socket', '/nowhere'])\nexcept SystemExit: pass\n"


def violations(module: str, source: str) -> list[str]:
    """Return the imports that a module (dotted, without `intercom.`) may not make, as `module: name`."""
    part = module.partition(".")[0]
    tree = ast.parse(source)
    late = {node for block in ast.walk(tree) if _is_late(block) for node in ast.walk(block)}
    return [
        f"{module}: {name}"
        for node in ast.walk(tree)
        for name in _names(node)
        if not _may_import(part, module, name, is_late=node in late)
    ]


def _may_import(part: str, module: str, name: str, *, is_late: bool) -> bool:
    library, _, inner = name.partition(".")
    if library != "intercom":
        return library in sys.stdlib_module_names - DOORS.keys() or _within(module, DOORS.get(library, ""))
    allowed = f"{part} {MAY_IMPORT.get(part, '')} {MAY_IMPORT_LATE.get(part, '') if is_late else ''}"
    return inner == "settings.schema" or _within(inner, allowed)


def _within(name: str, places: str) -> bool:
    return any(f"{name}.".startswith(f"{place}.") for place in places.split())


def _names(node: ast.AST) -> Iterator[str]:
    """Yield what a node imports; `schema.Audio` counts as an import of that section."""
    match node:
        case ast.Import():
            yield from (alias.name for alias in node.names)
        case ast.ImportFrom():
            yield from (f"{'.' * node.level}{node.module}.{alias.name}" for alias in node.names)
        case ast.Attribute(value=ast.Name(id="schema")):
            yield f"intercom.settings.schema.{node.attr}"


def _is_late(block: ast.AST) -> bool:
    match block:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
        case _:
            return False


def _module(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts)


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=_module)
def test_a_module_imports_only_what_its_part_may(path: Path) -> None:
    assert violations(_module(path), path.read_text()) == []


def test_every_part_has_its_row() -> None:
    assert {_module(path).partition(".")[0] for path in PACKAGE.rglob("*.py")} <= MAY_IMPORT.keys()


@pytest.mark.parametrize(
    ("module", "source", "is_allowed"),
    [
        ("call.connection", "from intercom.signaling.messages import Invite", True),
        ("call.connection", "from intercom.signaling.client import Client", False),
        ("call.connection", "from intercom.call import ports", True),
        ("call.connection", "from ..rtc import peer", False),
        ("call.connection", "import intercom.rtc.peer", False),
        ("call.connection", "from typing import TYPE_CHECKING\nif TYPE_CHECKING: import aiortc", False),
        ("audio.voice", "from intercom.settings import schema\ndef f(x: schema.Audio): ...", True),
        ("audio.voice", "from intercom.settings import schema\ndef f(x: schema.Panel): ...", False),
        ("audio.voice", "from intercom.settings.schema import Panel", False),
        ("audio.voice", "from intercom.settings.file import load", False),
        ("audio.voice", "import alsaaudio", False),
        ("audio.pcm", "import alsaaudio", True),
        ("audio.alsa", "import requests", False),
        ("cli", "from intercom.app import run", False),
        ("cli", "def run():\n    from intercom.app import run", True),
        ("cli", "def run():\n    from intercom.rtc import peer", False),
    ],
)
def test_the_rules_tell_right_from_wrong(module: str, source: str, is_allowed: bool) -> None:
    assert (violations(module, source) == []) is is_allowed


@pytest.mark.parametrize("program", ["import intercom", "import intercom.cli", STATUS])
def test_no_light_command_pays_for_webrtc(program: str) -> None:
    program += f"\nimport sys\nprint('heavy:', *{HEAVY} & sys.modules.keys())"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=30)
    assert ran.stdout.splitlines()[-1].strip() == "heavy:"


def test_nothing_waits_by_wait_for_which_may_swallow_a_cancellation_before_python_3_12() -> None:
    assert [path.name for path in PACKAGE.rglob("*.py") if "wait_for(" in path.read_text()] == []
