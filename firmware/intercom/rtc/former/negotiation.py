"""`Negotiation`: offers and answers of one call, at its beginning and whenever its path is lost."""

import asyncio
from dataclasses import replace
from typing import Literal

from aiortc.stats import RTCStats

from intercom.errors import MediaError
from intercom.rtc import sdp
from intercom.rtc.former.identity import Identity
from intercom.rtc.former.transport import UNASKED, Ears, Transport
from intercom.rtc.generation import Generation
from intercom.rtc.observer import Observer
from intercom.rtc.preferences import Preferences
from intercom.rtc.sender import Sender
from intercom.rtc.servers import Servers


class Negotiation:
    """Makes the call's transport, restarts its ICE, and puts a new one in its place where a far end begins anew.

    All methods but the last three raise MediaError where no voice can be had, or the call has ended.
    """

    def __init__(
        self,
        sender: Sender,
        ears: Ears,
        observer: Observer,
        *,
        preferences: Preferences,
        servers: Servers,
        loopback: bool,
    ) -> None:
        self._sender, self._ears, self._observer = sender, ears, observer
        self._preferences, self._servers, self._loopback = preferences, servers, loopback
        self._first = self._generation()
        self._codec = ""
        self._transport: Transport | None = None
        self._earlier: list[RTCStats] = []
        self._endings: list[asyncio.Task[None]] = []
        self._is_over = False

    async def offer(self) -> str:
        """Return our offer of the settings' codecs, with all our candidates."""
        self._transport = self._begin(self._preferences)
        return await self._transport.offer()

    async def answer(self, offer: str) -> str:
        """Return our answer to a far end's offer: it names one codec."""
        description = sdp.parse(offer, "offer")
        codec = sdp.choose(description, self._preferences.codecs)
        self._transport = self._begin(replace(self._preferences, codecs=[codec]))
        ours = await self._transport.answer(description)
        self._agree(description, codec)
        return ours

    async def accept(self, answer: str) -> None:
        """Apply the far end's answer to our offer."""
        description = sdp.parse(self._preferences.understood(answer), "answer")
        codec = sdp.choose(description, self._preferences.codecs)
        if self._transport is None:
            raise MediaError(UNASKED)
        await self._transport.accept(description)
        self._agree(description, codec)

    async def restart(self) -> str:
        """Return an offer of a new path beside the one in use; it takes the place of any that is pending."""
        return await self._agreed().restart(self._generation(is_controlling=True))

    async def restarted(self, answer: str) -> None:
        """Look for the path that was offered latest, now that the far end has answered.

        An answer with another fingerprint is that of a new association: the call goes on over it.
        """
        transport, description = self._read(self._preferences.understood(answer), "answer")
        if transport.knows(description):
            transport.restarted(description)
            return
        codec = sdp.choose(description, [self._codec, *self._preferences.codecs])
        heir = await self._succeed(codec, *transport.release())
        await heir.offer()  # as the far end has been told
        await heir.accept(description)
        self._agree(description, codec)

    async def follow(self, offer: str) -> str:
        """Return our answer to the far end's offer of a new path, and look for it.

        An offer with another fingerprint is that of a new association: the call goes on over it.
        """
        transport, description = self._read(offer, "offer")
        generation = self._generation(is_controlling=description.is_ice_lite)
        if transport.knows(description):
            return await transport.follow(description, generation)
        codec = sdp.choose(description, [self._codec, *self._preferences.codecs])
        heir = await self._succeed(codec, generation)
        ours = await heir.answer(description)
        self._agree(description, codec)
        return ours

    @property
    def rtt_s(self) -> float | None:
        """The round trip of the path in use, as its check found it."""
        return self._transport.rtt_s if self._transport else None

    def begin(self) -> None:
        """Begin to gather our candidates, before they are asked for."""
        self._first.begin()

    async def sent(self) -> list[RTCStats]:
        """Return what has been counted of what we sent, by each transport that the call has had."""
        return [*self._earlier, *(await self._transport.sent() if self._transport else [])]

    async def end(self) -> None:
        """End it; idempotent, leaves nothing behind."""
        self._is_over = True
        if self._transport:
            self._endings.append(self._transport.end())
        await asyncio.gather(*self._endings)
        await self._first.close()

    def _generation(self, *, is_controlling: bool = False) -> Generation:
        return Generation(self._servers, loopback=self._loopback, is_controlling=is_controlling)

    def _begin(self, preferences: Preferences) -> Transport:
        if self._transport is not None or self._is_over:
            raise MediaError("This call's media has been set up before, or has ended.")
        return Transport(self._sender, self._ears, self._observer, preferences=preferences, first=self._first)

    def _agreed(self) -> Transport:
        if self._transport is None or not self._codec or self._is_over:
            raise MediaError("This call's media is not set up, or has ended.")
        return self._transport

    def _read(self, text: str, kind: Literal["offer", "answer"]) -> tuple[Transport, sdp.Description]:
        description = sdp.parse(text, kind)
        sdp.choose(description, self._preferences.codecs)
        return self._agreed(), description

    async def _succeed(self, codec: str, first: Generation, identity: Identity | None = None) -> Transport:
        """Put a new transport in the place of the one in use; what was counted stays counted."""
        old = self._agreed()
        self._earlier += await old.sent()
        only = replace(self._preferences, codecs=[codec])
        self._transport = Transport(
            self._sender, self._ears, self._observer, preferences=only, first=first, identity=identity
        )
        self._endings.append(old.end())
        return self._transport

    def _agree(self, description: sdp.Description, codec: str) -> None:
        self._codec = codec
        self._ears.agreed(description, codec)
