"""What the door keeps beside its log: codes, lock-outs, the device key, and that somebody was at the case."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import msgspec

from intercom import disk
from intercom.door import key
from intercom.door.codes import Codes
from intercom.door.lockout import Lockouts
from intercom.errors import DoorError

CODES, LOCKOUTS, TAMPERED = "codes.json", "lockouts.json", "tampered"

Kept = TypeVar("Kept", Codes, Lockouts)


class Shelf:
    """Values and the files they lie in, 0600; what is put is on the disk before it counts.  Blocks.

    All that touches a file raises DoorError with the reason.  `running_s` is a clock that no one can set.
    """

    def __init__(self, folder: Path, *, running_s: Callable[[], float]) -> None:
        self.codes, self.lockouts, self.key = Codes(), Lockouts(), b""
        self._folder, self._running_s, self._since_s = folder, running_s, running_s()

    @property
    def age_s(self) -> float:
        """How long this station has run in all its lives, as far as that was kept."""
        return self.lockouts.age_s + max(0.0, self._running_s() - self._since_s)

    @property
    def is_open(self) -> bool:
        """Whether all was read."""
        return bool(self.key)

    def open(self) -> None:
        """Read all of it; what isn't there yet is made or empty."""
        with _telling("can't be read"):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.codes = _read(self._folder / CODES, Codes)
            lockouts = _read(self._folder / LOCKOUTS, Lockouts)
            self.key = key.load(self._folder)
        self._take(lockouts)

    def is_tampered(self) -> bool:
        """Whether the case was opened, and nobody has looked after it since."""
        with _telling("can't be read"):
            return (self._folder / TAMPERED).exists()

    def put_codes(self, codes: Codes) -> None:
        """Keep these from now on."""
        with _telling("can't be written"):
            disk.write(self._folder / CODES, msgspec.json.encode(codes))
        self.codes = codes

    def put_lockouts(self, lockouts: Lockouts) -> None:
        """Keep these from now on; their age is now."""
        with _telling("can't be written"):
            disk.write(self._folder / LOCKOUTS, msgspec.json.encode(lockouts))
        self._take(lockouts)

    def put_tampered(self, is_tampered: bool) -> None:
        """Keep in mind that somebody was at the case, or forget it."""
        with _telling("can't be written"):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if is_tampered:
                disk.write(self._folder / TAMPERED, b"")
            else:
                disk.remove(self._folder / TAMPERED)

    def _take(self, lockouts: Lockouts) -> None:
        self.lockouts, self._since_s = lockouts, self._running_s()


def _read(path: Path, kind: type[Kept]) -> Kept:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind) if path.exists() else kind()
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise ValueError(f"{path.name} is damaged") from error


@contextmanager
def _telling(what: str) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise DoorError(f"The door's files {what}: {reason}.", "See to the disk and to the state folder.") from error
