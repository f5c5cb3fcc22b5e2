"""`/signal`: the sockets of the phones, around the switch."""

import asyncio
import logging
import secrets
import time
from collections.abc import Callable
from typing import TypeVarTuple

from aiohttp import WSCloseCode, web

from intercom.errors import IntercomError, TokenError
from intercom.exchange import accounts, ledger
from intercom.exchange.credentials import Admission, Credentials
from intercom.exchange.database import Store
from intercom.exchange.directory import Client, Kind
from intercom.exchange.effects import Answered, Effect, Ended, Send, Started
from intercom.exchange.line import BEAT_S, STATION_BEAT_S, Line, Lines
from intercom.exchange.switch import Switch
from intercom.signaling.messages import (
    EXCHANGE_VERSION,
    ErrorFrame,
    Failure,
    Invite,
    Listen,
    Message,
    decode_from_client,
    encode,
)
from intercom.signaling.token import MALFORMED

logger = logging.getLogger(__name__)

BAD_FRAME = 31100
REVOKED = Failure(MALFORMED, "The key of this access token was revoked.")
NOT_SIGNED_IN = Failure(MALFORMED, "No good access token was shown on this line.")
SDK_VERSION_CHARACTERS = 32

Words = TypeVarTuple("Words")


class SignalLines:
    """Lines that are named by number towards the switch."""

    def __init__(self, store: Store, switch: Switch) -> None:
        self._store, self._switch = store, switch
        self._lines = Lines()
        self._clock = asyncio.get_running_loop().time
        self._order = asyncio.Lock()

    async def restore(self) -> None:
        """Take up the calls that were live when the exchange stopped."""
        await self._store.run(ledger.prune, time.time())
        await self._do(self._switch.restore, await self._store.run(ledger.live))

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Carry one client's socket until it closes."""
        return await self._lines.serve(request, take=self._take, leave=self._leave)

    async def tend(self, credentials: Credentials) -> None:
        """Run the timers; cut off who was revoked.  To be called every second."""
        self._switch.directory.known = credentials.identities
        for line in self._lines.revoked(credentials):
            logger.info("%s was revoked: cut off", line.identity)
            await self._do(self._switch.evict, line.number, REVOKED)
            line.end(WSCloseCode.POLICY_VIOLATION)
        await self._do(self._switch.tick)

    def end(self) -> None:
        """Close all lines; calls stay in the ledger."""
        self._lines.end()

    async def _take(self, line: Line, text: str) -> None:
        """Take one frame; whatever is in it, the session lives on."""
        try:
            message = decode_from_client(text)
            if isinstance(message, Listen):
                await self._listen(line, message)
            elif line.is_stranger:
                _send(line, ErrorFrame(error=NOT_SIGNED_IN))
            else:
                await self._receive(line.number, message)
        except TokenError as error:
            logger.info("a client at %s was refused: %s", line.address, error.message)
            _send(line, ErrorFrame(error=Failure(error.code, error.message)))
        except IntercomError as error:
            _send(line, ErrorFrame(error=Failure(BAD_FRAME, error.message)))

    async def _leave(self, number: int) -> None:
        await self._do(self._switch.detach, number)

    async def _listen(self, line: Line, message: Listen) -> None:
        credentials = await self._store.run(accounts.read)
        self._switch.directory.known = credentials.identities
        admission = credentials.admit(message.token, now=time.time())
        client = self._client(line.number, admission, message)
        line.welcome(admission.claims, beat_s=client.beat_s)
        await self._do(self._switch.attach, client)

    async def _receive(self, number: int, message: Message) -> None:
        if isinstance(message, Invite):
            self._switch.directory.known = (await self._store.run(accounts.read)).identities
        await self._do(self._switch.receive, number, message)

    def _client(self, number: int, admission: Admission, message: Listen) -> Client:
        claims = admission.claims
        return Client(
            number,
            claims.identity,
            admission.kind,
            expires_at=self._clock() + claims.expires_at - time.time(),
            may_receive=claims.may_receive,
            may_call=claims.may_call,
            sdk=str(message.browserinfo.get("v", ""))[:SDK_VERSION_CHARACTERS],
            keep_s=message.reconnectTimeout,
            beat_s=STATION_BEAT_S if admission.kind is Kind.STATION else BEAT_S,
        )

    async def _do(self, act: Callable[[*Words, float], list[Effect]], *words: *Words) -> None:
        """Let the switch act and carry out what it wants, in order: a call is on record before anybody hears of it."""
        async with self._order:
            for effect in act(*words, self._clock()):
                match effect:
                    case Send(number, message):
                        if line := self._lines.get(number):
                            _send(line, message)
                    case Started() | Answered() | Ended():
                        await self._record(effect)

    async def _record(self, effect: Started | Answered | Ended) -> None:
        _log(effect)
        try:
            await self._store.run(ledger.write, effect, time.time())
        except IntercomError as error:
            logger.warning("call %s: not on record: %s", effect.sid, error)


def new_id(prefix: str) -> str:
    """Return an id that nobody guesses: `CA…` for a call, `RT…` for a reconnect token."""
    return prefix + secrets.token_hex(16)


def _send(line: Line, message: Message) -> None:
    try:
        line.send(encode(message, version=EXCHANGE_VERSION))
    except IntercomError as error:
        logger.warning("a %s frame could not be relayed: %s", message.kind, error.message)


def _log(effect: Started | Answered | Ended) -> None:
    match effect:
        case Started(sid, _, to, caller):
            logger.info("call %s: %s calls %s", sid, caller.identity, to)
        case Answered(sid, callee):
            logger.info("call %s: answered by %s", sid, callee.identity)
        case Ended(sid, code, reason):
            logger.info("call %s: ended, %s (%d)", sid, reason, code)
