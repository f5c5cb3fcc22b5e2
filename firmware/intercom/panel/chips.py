"""GPIO chips of the kernel: finding the one that a Pi's header is wired to, and taking a line of it."""

import errno
import os
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from typing import Protocol

import gpiod
from gpiod import ChipInfo, EdgeEvent, LineInfo, LineSettings
from gpiod.line import Value

from intercom.errors import PinError

LABELS = ("pinctrl-rp1", "pinctrl-bcm2711", "pinctrl-bcm2835")  # Pi 5, Pi 4, all before and Zero 2
CONSUMER = "intercom"
HINT = "Use another pin; `gpioinfo` lists them."
Config = dict[Iterable[int | str] | int | str, LineSettings | None]


class Request(Protocol):
    """Lines that we hold (gpiod.LineRequest)."""

    @property
    def fd(self) -> int: ...
    def get_value(self, line: int | str) -> Value: ...
    def set_value(self, line: int | str, value: Value) -> None: ...
    def reconfigure_lines(self, config: Config) -> None: ...
    def wait_edge_events(self, timeout: timedelta | float | None = None) -> bool: ...
    def read_edge_events(self, max_events: int | None = None) -> list[EdgeEvent]: ...
    def release(self) -> None: ...


class Chip(Protocol):
    """An open chip (gpiod.Chip)."""

    def get_info(self) -> ChipInfo: ...
    def get_line_info(self, line: int | str) -> LineInfo: ...
    def request_lines(self, config: Config, consumer: str | None = None) -> Request: ...
    def close(self) -> None: ...


def open_chip(opened: Callable[[str], Chip] = gpiod.Chip, folder: Path = Path("/dev")) -> Chip:
    """Open the chip that INTERCOM_GPIOCHIP names, else the first in `folder` that is a Pi's; raises PinError."""
    if named := os.environ.get("INTERCOM_GPIOCHIP"):
        return _open(opened, named)
    refused: PinError | None = None
    for path in sorted(folder.glob("gpiochip*")):
        try:
            chip = _open(opened, str(path))
        except PinError as error:
            refused = refused or error
            continue
        if chip.get_info().label in LABELS:
            return chip
        chip.close()
    raise refused or PinError(
        "This machine has no GPIO chip of a Raspberry Pi.",
        'Run it on a Pi, or set panel.factory = "sim" for a simulated panel.',
    )


def take_line(chip: Chip, line: int, settings: LineSettings, *, consumer: str = CONSUMER) -> Request:
    """Take a line, its direction and level in one system call; raises PinError.  `consumer` is who `gpioinfo` names."""
    try:
        return chip.request_lines({line: settings}, consumer)
    except (OSError, ValueError) as error:
        raise _refusal(chip, line, error) from error


def change_line(chip: Chip, request: Request, line: int, settings: LineSettings) -> None:
    """Set up anew a line that we hold; raises PinError."""
    try:
        request.reconfigure_lines({line: settings})
    except OSError as error:
        raise _refusal(chip, line, error) from error


def _refusal(chip: Chip, line: int, error: OSError | ValueError) -> PinError:
    """Say in words why the kernel refuses a line."""
    if isinstance(error, ValueError):
        return PinError(f"GPIO {line} is no line of this chip.", HINT)
    if error.errno != errno.EBUSY:
        return PinError(f"GPIO {line} can't be used: {error.strerror}.", HINT)
    consumer = chip.get_line_info(line).consumer or "another program"
    return PinError(f"GPIO {line} is held by {consumer}.", "End that program, or use another pin.")


def _open(opened: Callable[[str], Chip], path: str) -> Chip:
    try:
        return opened(path)
    except PermissionError as error:
        raise PinError(
            f"This user may not open {path}.",
            "Add it to the group gpio (`sudo usermod -aG gpio USER`), and log in again.",
        ) from error
    except OSError as error:
        raise PinError(
            f"{path} can't be opened as a GPIO chip: {error.strerror}.", "`gpiodetect` lists the chips."
        ) from error
