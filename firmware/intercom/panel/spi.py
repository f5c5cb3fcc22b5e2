"""An SPI bus that is only written to: spidev of the kernel, and the one thread that waits for its transfers."""

import errno
import fcntl
import logging
import os
import struct
import threading
from queue import SimpleQueue

from intercom.errors import PinError

# linux/spi/spidev.h
_WR_MODE = 0x40016B01
_WR_BITS_PER_WORD = 0x40016B03
_WR_MAX_SPEED_HZ = 0x40046B04
_REFUSALS = {
    errno.ENOENT: (
        "There is no SPI bus {path}.",
        "Switch SPI on (`sudo raspi-config nonint do_spi 0`, or dtparam=spi=on in config.txt), and start the Pi anew.",
    ),
    errno.EACCES: (
        "This user may not open {path}.",
        "Add it to the group spi (`sudo usermod -aG spi USER`), and log in again.",
    ),
    errno.EBUSY: ("{path} is held by another program.", "End that program; `fuser {path}` names it."),
}

logger = logging.getLogger(__name__)


def open_bus(path: str, hz: int) -> int:
    """Return a descriptor each write to which is a transfer at this speed; raises PinError."""
    bus = None
    try:
        bus = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        fcntl.ioctl(bus, _WR_MODE, struct.pack("=B", 0))
        fcntl.ioctl(bus, _WR_BITS_PER_WORD, struct.pack("=B", 8))
        fcntl.ioctl(bus, _WR_MAX_SPEED_HZ, struct.pack("=I", hz))
    except OSError as error:
        if bus is not None:
            os.close(bus)
        words = f"{{path}} can't be used as an SPI bus: {error.strerror}.", "`ls /dev/spidev*` lists them."
        message, hint = _REFUSALS.get(error.errno or 0, words)
        raise PinError(message.format(path=path), hint.format(path=path)) from error
    return bus


class Bus:
    """Sends transfers from a thread of its own, as one may take 10 ms; closes its descriptor at the end.

    Where one fails that is logged once, and the next is tried all the same.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._transfers: SimpleQueue[bytes | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="ring", daemon=True)
        self._thread.start()

    def send(self, transfer: bytes) -> None:
        """Have it sent after those before it."""
        self._transfers.put(transfer)

    def close(self) -> None:
        """Return when all is sent."""
        self._transfers.put(None)
        self._thread.join()
        os.close(self._descriptor)

    def _run(self) -> None:
        is_working = True
        while (transfer := self._transfers.get()) is not None:
            try:
                os.write(self._descriptor, transfer)
                is_working = True
            except OSError as error:
                if is_working:
                    logger.warning("the ring can't be written: %s", error)
                is_working = False
