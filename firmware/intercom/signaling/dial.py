"""How a WebSocket to an exchange is opened."""

import asyncio

import aiohttp

from intercom.errors import NoAnswerError
from intercom.signaling.messages import LIMIT_CHARACTERS
from intercom.signaling.rotation import Loss, Rotation
from intercom.signaling.trust import Trust

PATIENCE_S = 5.0


class Dial:
    """Opens one WebSocket at a time, to an exchange that `trust` knows."""

    def __init__(self, trust: Trust) -> None:
        self._trust = trust
        self._patience: asyncio.Timeout | None = None
        self._is_hurried = False

    async def dial(self, http: aiohttp.ClientSession, rotation: Rotation) -> aiohttp.ClientWebSocketResponse:
        """Return an open WebSocket to the address that is next; raises NoAnswerError, RefusedError."""
        uri, self._is_hurried = rotation.uri, False
        try:
            async with asyncio.timeout(PATIENCE_S) as self._patience:
                tls = await self._trust.context(http)
                socket = await http.ws_connect(uri, ssl=tls, max_msg_size=LIMIT_CHARACTERS * 4)
        except TimeoutError as error:
            if self._is_hurried:
                raise NoAnswerError(f"no answer from {uri} before the network changed; trying again") from error
            rotation.lost(Loss.NO_ANSWER)
            why = f"no answer from {uri} within {PATIENCE_S:.0f} s; check the address and the network"
            raise NoAnswerError(why) from error
        except (aiohttp.ClientError, OSError) as error:
            rotation.lost(Loss.ABNORMAL)
            self._trust.forget()
            why = f"{uri} can't be reached ({error}); check the address and that the exchange runs"
            raise NoAnswerError(why) from error
        finally:
            self._patience = None
        rotation.opened()
        return socket

    def hurry(self) -> None:
        """Give up the attempt under way: what it waits for may have been lost."""
        if self._patience and not self._patience.expired():
            self._is_hurried = True
            self._patience.reschedule(asyncio.get_running_loop().time())
