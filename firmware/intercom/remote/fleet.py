"""One command on many stations side by side, each on a device of its own."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from glob import glob
from typing import Any

from intercom.console.codes import failure
from intercom.errors import IntercomError, SerialError
from intercom.remote.terminal import Told


@dataclass(frozen=True, slots=True)
class Row:
    """What became of it at one port: `name` is the station's, empty where none answered."""

    port: str
    name: str
    told: Told | IntercomError

    @property
    def exit_code(self) -> int:
        """0, or that of its error."""
        return self.told.exit_code if isinstance(self.told, IntercomError) else 0

    @property
    def text(self) -> str:
        """The result, or the error, for people."""
        return f"! {self.told}" if isinstance(self.told, IntercomError) else self.told.text

    @property
    def members(self) -> dict[str, Any]:
        """The row for programs."""
        outcome = (
            {"error": failure(self.told)} if isinstance(self.told, IntercomError) else {"result": self.told.result}
        )
        return {"port": self.port, "name": self.name, "exit_code": self.exit_code, **outcome}


def ports(pattern: str) -> list[str]:
    """The devices that a pattern such as `/dev/ttyUSB*` names; raises SerialError where there are none."""
    found = sorted(glob(pattern))  # noqa: PTH207 - Path.glob takes no absolute pattern
    if not found:
        raise SerialError(f"No device is named {pattern}.", "`ls /dev/serial/by-id` shows those that are plugged in.")
    return found


def side_by_side(devices: Sequence[str], act: Callable[[str], Row]) -> list[Row]:
    """Act on all of them at the same time; the rows in the order of the devices."""
    with ThreadPoolExecutor(max_workers=len(devices)) as threads:
        return list(threads.map(act, devices))


def table(rows: Sequence[Row]) -> str:
    """One line per station, more where its result has more."""
    cells = [("port", "station", "result"), *((row.port, row.name or "-", row.text) for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in (0, 1)]
    return "\n".join(_line(row, widths) for row in cells)


def worst(rows: Sequence[Row]) -> int:
    """The highest exit code."""
    return max(row.exit_code for row in rows)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    port, name, text = cells
    first, *more = text.splitlines() or [""]
    indent = " " * (sum(widths) + 4)
    return "\n".join([f"{port:{widths[0]}}  {name:{widths[1]}}  {first}".rstrip(), *(indent + line for line in more)])
