"""What the serial console's login keeps: the accounts, and the wrong passwords of each port.  Blocks."""

import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import msgspec

from intercom import disk
from intercom.console import accounts
from intercom.console.accounts import Accounts
from intercom.console.lockouts import Lockouts
from intercom.errors import IntercomError

FOLDER, ACCOUNTS, LOCKOUTS = "console", "accounts.json", "lockouts.json"

Kept = TypeVar("Kept", Accounts, Lockouts)

logger = logging.getLogger(__name__)


class Keyring:
    """The files in the station's state folder, 0600.  `running_s` is a clock that no one can set.

    The accounts are read whenever they are asked for: a password that root set by the command line is good at once.
    """

    def __init__(self, state: Path, *, running_s: Callable[[], float] = time.monotonic) -> None:
        self._folder, self._running_s = state / FOLDER, running_s
        self._since_s = running_s()
        self._lockouts: Lockouts | None = None

    @property
    def age_s(self) -> float:
        """How long this station has run in all its lives, as far as that was kept."""
        return self.lockouts.age_s + max(0.0, self._running_s() - self._since_s)

    @property
    def accounts(self) -> Accounts:
        """The accounts; raises IntercomError where they can't be read, for then nobody may choose a first password."""
        try:
            return _read(self._folder / ACCOUNTS, Accounts)
        except FileNotFoundError:
            return accounts.none_yet()
        except (OSError, ValueError) as error:
            raise _lost("read", error) from error

    @accounts.setter
    def accounts(self, changed: Accounts) -> None:
        """Raises IntercomError where they can't be written."""
        try:
            self._write(ACCOUNTS, changed)
        except OSError as error:
            raise _lost("written", error) from error

    @property
    def lockouts(self) -> Lockouts:
        """The lock-outs; none where they can't be read: a damaged file must not lock out for ever."""
        if self._lockouts is None:
            try:
                self._lockouts = _read(self._folder / LOCKOUTS, Lockouts)
            except FileNotFoundError:
                self._lockouts = Lockouts()
            except (OSError, ValueError) as error:
                logger.warning("the console's lock-outs can't be read: %s", _reason(error))
                self._lockouts = Lockouts()
        return self._lockouts

    @lockouts.setter
    def lockouts(self, changed: Lockouts) -> None:
        """They hold until the restart where they can't be written: who is to clear a full disk must get in."""
        self._lockouts, self._since_s = changed, self._running_s()
        try:
            self._write(LOCKOUTS, changed)
        except OSError as error:
            logger.warning("the console's lock-outs can't be written: %s", _reason(error))

    def _write(self, name: str, kept: Accounts | Lockouts) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        disk.write(self._folder / name, msgspec.json.encode(kept), strict=False)


def _read(path: Path, kind: type[Kept]) -> Kept:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise ValueError(f"{path.name} is damaged") from error


def _lost(what: str, error: OSError | ValueError) -> IntercomError:
    return IntercomError(
        f"The console's accounts can't be {what}: {_reason(error)}.",
        "Root on this machine sees to the state folder, and sets a password by `intercom password`.",
    )


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror or "") if isinstance(error, OSError) else str(error)
