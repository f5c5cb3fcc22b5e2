"""The sockets that the exchange listens on."""

import errno
import socket

from intercom.errors import PortInUseError, SettingsError
from intercom.exchange.addresses import LOOPBACK

EVERYWHERE = ("0.0.0.0", "::")
BACKLOG = 128


def listen(host: str, port: int) -> list[socket.socket]:
    """Return sockets that listen at `host`: an address or name; empty: every address; `localhost`: both loopbacks.

    Port 0 takes a free one, the same for all.  Raises PortInUseError, SettingsError.
    """
    hosts = {"": EVERYWHERE, "localhost": LOOPBACK}.get(host, (host,))
    sockets: list[socket.socket] = []
    try:
        for each in hosts:
            if made := _bind(each, sockets[0].getsockname()[1] if sockets else port, is_optional=bool(sockets)):
                sockets.append(made)
    except OSError as error:
        for made in sockets:
            made.close()
        raise _named(error, host, port) from error
    return sockets


def _bind(host: str, port: int, *, is_optional: bool) -> socket.socket | None:
    """Return None for the second of two families where this machine does not have it."""
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family, backlog=BACKLOG)
    except OSError as error:
        if is_optional and error.errno in {errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL, socket.EAI_ADDRFAMILY}:
            return None
        raise


def _named(error: OSError, host: str, port: int) -> PortInUseError | SettingsError:
    if error.errno == errno.EADDRINUSE:
        return PortInUseError(f"Another program listens at port {port}.")
    where = f"{host or 'every address'}, port {port}"
    return SettingsError(
        f"The exchange can't listen at {where}: {error.strerror}.", "Correct exchange.host and exchange.port."
    )
