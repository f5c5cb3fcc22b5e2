"""The end of a test that served a browser from its own event loop."""

import asyncio

POLL_S = 0.01


async def closed_by_the_browser(*, within_s: float = 5) -> None:
    """Wait until no connection of this event loop is open any more.

    Chromium closes those of a page some moments after the page itself, also ones on which it never said a word; a loop
    that ends before leaves them unclosed, which is a warning, which is an error.
    """
    async with asyncio.timeout(within_s):
        while _open_connections():  # noqa: ASYNC110  (a transport tells nobody that it has closed)
            await asyncio.sleep(POLL_S)


def _open_connections() -> int:
    loop = asyncio.get_running_loop()
    sockets = [transport.get_extra_info("socket") for transport in loop._transports.values()]  # type: ignore[attr-defined]
    return sum(socket is not None and socket.fileno() != -1 for socket in sockets)
