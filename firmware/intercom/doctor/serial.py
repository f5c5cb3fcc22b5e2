"""`intercom doctor serial`: can the serial console be served, and will it be after the next plugging in?"""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import msgspec

from intercom.console import client
from intercom.console.device import Device
from intercom.doctor.findings import Finding, Verdict
from intercom.errors import NoAnswerError, RefusedError, SerialError
from intercom.settings import schema

STABLE_NAMES, KERNEL_CONSOLES = Path("/dev/serial/by-id"), Path("/sys/class/tty/console/active")
CHANGING_NAMES = ("ttyUSB", "ttyACM")


class Line(msgspec.Struct):
    """`state` and `why` are as in the station's status; `stable` is another name of the port, which never changes."""

    port: str
    baud: int
    state: str
    why: str
    stable: str
    is_kernel_console: bool


def examine(settings: schema.Console, state: Path) -> tuple[Line, list[Finding]]:
    """Ask the station that runs, else open the port and close it."""
    served = _served(settings.port, state) or _opened(settings)
    device = Path(settings.port).resolve()
    line = Line(
        port=settings.port,
        baud=settings.baud,
        state=served["state"],
        why=served["why"],
        stable=_stable(settings.port, device),
        is_kernel_console=bool(settings.port) and device.name in _kernel_consoles(),
    )
    return line, list(findings(line))


def findings(line: Line) -> Iterator[Finding]:
    """Say what was found."""
    match line.state:
        case "off":
            yield Finding(Verdict.FINE, "There is no serial console.", "`console.port` would name its device.")
        case "closed":
            yield Finding(Verdict.WRONG, line.why)
        case _ if line.why:
            yield Finding(Verdict.LOOK, f"The serial console is served at {line.port}, but {line.why}.")
        case _:
            yield Finding(Verdict.FINE, f"The serial console can be served at {line.port}, {line.baud} baud.")
    if line.stable:
        text = f"{line.port} may be the name of another device after the next plugging in."
        yield Finding(Verdict.LOOK, text, f'Set `console.port = "{line.stable}"`.')
    if line.is_kernel_console:
        text = f"The kernel prints its own messages at {line.port}, too."
        yield Finding(Verdict.LOOK, text, "Take `console=` of that line out of /boot/firmware/cmdline.txt, and reboot.")


def _served(port: str, state: Path) -> dict[str, str] | None:
    """What a station that runs tells of that port; None: none does, or it has another."""
    with suppress(NoAnswerError, RefusedError):
        told: dict[str, str] = client.ask(["status"], state=state).result["serial"]
        return told if told["port"] == port else None
    return None


def _opened(settings: schema.Console) -> dict[str, str]:
    if not settings.port:
        return {"state": "off", "why": ""}
    try:
        with Device(settings.port, settings.baud):
            return {"state": "open", "why": ""}
    except SerialError as error:
        return {"state": "closed", "why": str(error)}


def _stable(port: str, device: Path) -> str:
    if not Path(port).name.startswith(CHANGING_NAMES) or not STABLE_NAMES.is_dir():
        return ""
    return next((str(name) for name in STABLE_NAMES.iterdir() if name.resolve() == device), "")


def _kernel_consoles() -> list[str]:
    with suppress(OSError):
        return KERNEL_CONSOLES.read_text().split()
    return []
