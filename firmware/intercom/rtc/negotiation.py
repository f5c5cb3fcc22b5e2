"""`Negotiation`: offers and answers of one call, at its beginning and whenever its path is lost."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from intercom.errors import MediaError
from intercom.rtc import sdp
from intercom.rtc.generation import Generation
from intercom.rtc.identity import Identity
from intercom.rtc.observer import Observer
from intercom.rtc.ours import Ours
from intercom.rtc.preferences import Preferences
from intercom.rtc.servers import Servers
from intercom.rtc.transport import UNASKED, Ears, Transport


@dataclass(frozen=True, slots=True)
class Drops:
    """Packets of a call: ours that could not be sent, and the far end's that were forged or had come before."""

    unsent: int
    refused: int


class Negotiation:
    """Makes the call's transport, restarts its ICE, and puts a new one in its place where a far end begins anew.

    What describes raises MediaError where no voice can be had, or the call has ended.
    """

    def __init__(
        self,
        ears: Ears,
        observer: Observer,
        *,
        preferences: Preferences,
        servers: Servers,
        loopback: bool,
    ) -> None:
        self._ears, self._observer = ears, observer
        self._preferences, self._servers, self._loopback = preferences, servers, loopback
        self._identity = Identity.new()
        self._first = self._generation()
        self._codec = ""
        self._transports: list[Transport] = []
        self._is_over = False

    async def offer(self) -> str:
        """Return our offer of the settings' codecs, with all our candidates."""
        self._check_new()
        return await self._begin(self._preferences.codecs).offer(self._first)

    async def answer(self, offer: str) -> str:
        """Return our answer to a far end's offer: it names one codec."""
        description = sdp.parse(offer, "offer")
        codec = sdp.choose(description, self._preferences.codecs)
        self._check_new()
        ours = await self._begin([codec]).answer(description, self._first, codec=codec)
        self._agree(description, codec)
        return ours

    async def accept(self, answer: str) -> None:
        """Apply the far end's answer to our offer."""
        description = sdp.parse(self._preferences.understood(answer), "answer")
        codec = sdp.choose(description, self._preferences.codecs)
        if not self._transports:
            raise MediaError(UNASKED)
        self._transports[-1].accept(description)
        self._agree(description, codec)

    async def restart(self) -> str:
        """Return an offer of a new path beside the one in use; it takes the place of any that is pending."""
        return await self._agreed().offer(self._generation())

    async def restarted(self, answer: str) -> None:
        """Look for the path that was offered latest, now that the far end has answered.

        An answer with another fingerprint is that of a new association: the call goes on over it.
        """
        transport, description = self._read(self._preferences.understood(answer), "answer")
        if transport.knows(description):
            transport.accept(description)
            return
        codec = sdp.choose(description, [self._codec, *self._preferences.codecs])
        self._succeed(codec, told=transport.release()).accept(description)
        self._agree(description, codec)

    async def follow(self, offer: str) -> str:
        """Return our answer to the far end's offer of a new path, and look for it.

        An offer with another fingerprint is that of a new association: the call goes on over it.
        """
        transport, description = self._read(offer, "offer")
        generation = self._generation()
        if transport.knows(description):
            return await transport.answer(description, generation, codec=self._codec)
        codec = sdp.choose(description, [self._codec, *self._preferences.codecs])
        ours = await self._succeed(codec).answer(description, generation, codec=codec)
        self._agree(description, codec)
        return ours

    @property
    def ssrc(self) -> int:
        """The SSRC that the far end is told to expect of us, for the whole call."""
        return self._identity.ssrc

    @property
    def cname(self) -> str:
        """Our name in RTCP, for the whole call (RFC 3550, section 6.5.1)."""
        return self._identity.cname

    @property
    def rtt_s(self) -> float | None:
        """The round trip of the path in use, as its check found it."""
        return self._transports[-1].rtt_s if self._transports else None

    @property
    def address(self) -> str:
        """This machine's address that the path in use goes by; empty where it is not known."""
        return self._transports[-1].address if self._transports else ""

    @property
    def drops(self) -> Drops:
        """What did not get through since the call began."""
        return Drops(
            unsent=sum(transport.unsent for transport in self._transports),
            refused=sum(transport.refused for transport in self._transports),
        )

    def begin(self) -> None:
        """Begin to gather our candidates, before they are asked for."""
        self._first.begin()

    def send(self, packet: bytes) -> None:
        """Send RTP or RTCP by the transport in use, from any thread; it is dropped where it can't be sent."""
        if self._transports:
            self._transports[-1].send(packet)

    def fetch(self) -> None:
        """Have RTP that has arrived taken in this thread, as `Transport.fetch`."""
        if self._transports:
            self._transports[-1].fetch()

    async def end(self) -> None:
        """End it; idempotent, leaves nothing behind."""
        self._is_over = True
        await asyncio.gather(*(transport.end() for transport in self._transports))
        await self._first.close()

    def _generation(self) -> Generation:
        return Generation(self._servers, loopback=self._loopback)

    def _check_new(self) -> None:
        if self._transports or self._is_over:
            raise MediaError("This call's media has been set up before, or has ended.")

    def _agreed(self) -> Transport:
        if not self._transports or not self._codec or self._is_over:
            raise MediaError("This call's media is not set up, or has ended.")
        return self._transports[-1]

    def _read(self, text: str, kind: Literal["offer", "answer"]) -> tuple[Transport, sdp.Description]:
        description = sdp.parse(text, kind)
        sdp.choose(description, self._preferences.codecs)
        return self._agreed(), description

    def _succeed(self, codec: str, *, told: tuple[Ours, Generation] | None = None) -> Transport:
        """Put a new transport in the place of the one in use."""
        old = self._agreed()
        heir = self._begin([codec], told=told)
        old.end()
        return heir

    def _begin(self, codecs: Sequence[str], *, told: tuple[Ours, Generation] | None = None) -> Transport:
        preferences = replace(self._preferences, codecs=codecs)
        transport = Transport(self._ears, self._observer, self._identity, preferences=preferences, told=told)
        self._transports.append(transport)
        return transport

    def _agree(self, description: sdp.Description, codec: str) -> None:
        self._codec = codec
        if description.gives_voice:
            self._ears.announced()
        self._ears.agreed(description, codec)
