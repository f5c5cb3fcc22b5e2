"""The one door of pyserial: a serial device of ours alone, raw, with the reason where it can't be had."""

import errno
import fcntl
import struct
import termios
import time
from contextlib import suppress
from types import TracebackType
from typing import NamedTuple, Self

import serial

from intercom.console import holders
from intercom.errors import SerialError

LINGER_S, LOOK_S = 0.5, 0.02

_TIOCGEXCL = 0x80045440  # ioctl_tty(2); the module termios lacks it


class Reason(NamedTuple):
    """Why a device can't be had, and the next step."""

    why: str
    hint: str


GONE = Reason("there is no such device", "Plug it in, or set console.port to a name from `ls /dev/serial/by-id`.")
HELD = Reason("another program holds it", "Close the program that `sudo fuser -v` names.")
DEAD = Reason("there is nothing behind it", "See `dmesg`; on a Pi, `enable_uart=1` in config.txt switches a UART on.")
STRANGE = Reason("it is not a serial device that can be set up", "`ls /dev/serial/by-id` names those that are.")
REASONS = {
    errno.ENOENT: GONE,
    errno.ENXIO: GONE,
    errno.ENODEV: GONE,
    errno.EACCES: Reason("no permission", "Add the user to the group `dialout` (`usermod -aG dialout NAME`)."),
    errno.EAGAIN: HELD,
    errno.EBUSY: HELD,
    errno.EIO: DEAD,
}


class Device:
    """A serial device that is open: raw, not blocking, refused to others; `file` is its descriptor.

    An empty read means that the other end is gone.  Opening and closing may block for seconds.  Raises SerialError.
    """

    def __init__(self, path: str, baud: int) -> None:
        try:
            if login := holders.login_at(path):
                raise _refused(path, Reason(f"a login prompt is on it ({login})", login.way_out))
            self._port = serial.Serial(path, baud, timeout=0, exclusive=True)
        except (OSError, ValueError) as error:
            raise _refused(path, _reason(path, error)) from error
        self.file = self._port.fileno()
        if _flag(self.file, _TIOCGEXCL) and holders.user_of(path):  # root gets in all the same; who was killed left it
            self._port.close()
            raise _refused(path, _held(path))
        fcntl.ioctl(self.file, termios.TIOCEXCL)
        _tell_nothing_from_the_end(self.file)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let others have it; what nobody takes within half a second is dropped, lest the kernel wait for longer."""
        with suppress(OSError, termios.error):  # it may be gone
            end = time.monotonic() + LINGER_S
            while _flag(self.file, termios.TIOCOUTQ) and time.monotonic() < end:
                time.sleep(LOOK_S)
            if _flag(self.file, termios.TIOCOUTQ):
                termios.tcflush(self.file, termios.TCOFLUSH)
            fcntl.ioctl(self.file, termios.TIOCNXCL)
        self._port.close()


def _tell_nothing_from_the_end(file: int) -> None:
    """Have a read of nothing fail, so that an empty one is the end; pyserial makes both the same."""
    attributes = termios.tcgetattr(file)
    attributes[6][termios.VMIN] = 1
    termios.tcsetattr(file, termios.TCSANOW, attributes)


def _refused(path: str, reason: Reason) -> SerialError:
    return SerialError(f"The serial port {path} can't be opened: {reason.why}.", reason.hint)


def _reason(path: str, error: OSError | ValueError) -> Reason:
    number = getattr(error, "errno", None)
    if number is None and isinstance(error.__context__, termios.error):
        number = error.__context__.args[0]
    reason = REASONS.get(number or 0, STRANGE)
    return _held(path) if reason is HELD else reason


def _held(path: str) -> Reason:
    holder = holders.user_of(path)
    return Reason(f"{holder} holds it", holder.way_out) if holder else HELD


def _flag(file: int, request: int) -> int:
    value: int = struct.unpack("i", fcntl.ioctl(file, request, b"\0" * 4))[0]
    return value
