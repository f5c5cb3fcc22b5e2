"""Where things are when nobody says: settings files and state folders."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from intercom.errors import NoAnswerError

STATION_FILE = Path("/etc/intercom/intercom.toml")
EXCHANGE_FILE = Path("/etc/intercom-exchange/exchange.toml")
INSTALLED_STATION = Path("/var/lib/intercom")
INSTALLED_EXCHANGE = Path("/var/lib/intercom-exchange")
DATABASE = "exchange.db"


def station_file() -> Path | None:
    """Return the installed station's settings file, if there is one that we may read."""
    return STATION_FILE if os.access(STATION_FILE, os.R_OK) else None


def exchange_file() -> Path | None:
    """Return the installed exchange's settings file, if there is one that we may read."""
    return EXCHANGE_FILE if os.access(EXCHANGE_FILE, os.R_OK) else None


def station_state() -> Path:
    """Return the state folder of `intercom run`: the unit's, else the user's."""
    return _unit_state() or _user_state() / "station"


def station_to_examine(named: Path | None) -> Path:
    """Return the state folder of the station that a check is about: the one named, the installed one's or our own."""
    is_installed = os.access(INSTALLED_STATION, os.W_OK)
    return named or (INSTALLED_STATION if is_installed else station_state())


def exchange_state() -> Path:
    """Return the state folder of `intercom exchange`: the unit's, else the user's."""
    return _unit_state() or _user_state() / "exchange"


def demo_state() -> Path:
    """Return the state folder of `intercom demo`."""
    return _user_state() / "demo"


def console_history() -> Path:
    """Return the file of the lines that this user gave at `intercom console`."""
    return _user_state() / "console-history"


def exchange_to_administer(named: Path | None) -> Path:
    """Return the state folder of the exchange that a command is about.

    It is the one named (a demo's holds its exchange's), the running demo's, the installed one's, or this user's own.
    Raises NoAnswerError where there is none.
    """
    demo = demo_state()
    if named is not None:
        if not named.is_dir():
            raise NoAnswerError(f"There is no folder {named}.", "Name the state folder of an exchange (--state).")
        return named / "exchange" if (named / "exchange").is_dir() else named
    found = [demo / "exchange"] if _is_running(demo) else []
    found += [INSTALLED_EXCHANGE, exchange_state(), demo / "exchange"]
    known = [state for state in found if os.access(state / DATABASE, os.R_OK)]
    if not known:
        raise NoAnswerError(
            "There is no exchange on this machine that you may administer.",
            "Start one with `make run` or `systemctl start intercom-exchange`, name its folder (--state), or use sudo.",
        )
    return known[0]


@contextmanager
def as_owner(folder: Path) -> Iterator[Path]:
    """Act on a service's folder as the user it belongs to, when we are root: what root makes there it could not use."""
    if os.geteuid() != 0:
        yield folder
        return
    owner = folder.stat()
    os.setegid(owner.st_gid)
    os.seteuid(owner.st_uid)
    try:
        yield folder
    finally:
        os.seteuid(0)
        os.setegid(0)


def _unit_state() -> Path | None:
    folders = os.environ.get("STATE_DIRECTORY", "")
    return Path(folders.split(":")[0]) if folders else None


def _user_state() -> Path:
    base = os.environ.get("XDG_STATE_HOME")
    return (Path(base) if base else Path.home() / ".local/state") / "intercom"


def _is_running(demo: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(demo / "control.sock")) == 0
