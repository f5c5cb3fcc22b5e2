"""`Transport`: one DTLS association of a call, over any number of ICE restarts."""

import asyncio
import logging
from dataclasses import replace
from threading import Lock
from typing import Protocol

from intercom.call.ports import MediaState
from intercom.errors import MediaError
from intercom.rtc import ours, sdp
from intercom.rtc.dtls import Dtls
from intercom.rtc.generation import Generation
from intercom.rtc.identity import Identity
from intercom.rtc.link import Link, Remote
from intercom.rtc.observer import CONNECTION, DTLS, GATHERING, ICE, SIGNALING, Observer
from intercom.rtc.ours import Ours
from intercom.rtc.path import Path
from intercom.rtc.preferences import Preferences

logger = logging.getLogger(__name__)

HOLD_S = 3.0
UNASKED = "The far end answered what was not asked."
ANSWERED = {"actpass": "active", "passive": "active", "active": "passive"}


class Ears(Protocol):
    """Who is told of what a transport brings, in the loop, until its end."""

    def agreed(self, description: sdp.Description, codec: str) -> None:
        """Take what both ends have agreed on: the far end's description, and our name of the codec that we send."""

    def announced(self) -> None:
        """Take the news that the far end is going to send."""

    def link_changed(self, state: MediaState) -> None:
        """Take the news that there is a path or none; FAILED may be followed by CONNECTED, after a restart."""

    def received(self, packet: bytes, at_s: float) -> None:
        """Take a packet as the far end made it and when it arrived: RTCP in the loop, RTP there or in `fetch`."""


class Transport:
    """Carries packets to and fro, between the first description and `end`.

    `unsent`: packets of ours that found no path, or a full socket.  `told`: what an earlier transport has offered, and
    the pending path that it has released.
    """

    def __init__(
        self,
        ears: Ears,
        observer: Observer,
        identity: Identity,
        *,
        preferences: Preferences,
        told: tuple[Ours, Generation] | None = None,
    ) -> None:
        self._ears, self._observer, self._identity, self._preferences = ears, observer, identity, preferences
        self._loop = asyncio.get_running_loop()
        self.unsent = 0
        self._setup = ""
        self._fingerprints: tuple[str, ...] = ()
        self._ours: Ours | None = None
        self._offered: Generation | None = None
        self._handshake: asyncio.Task[None] | None = None
        self._ending: asyncio.Task[None] | None = None
        self._sending = Lock()
        self._path: Path | None = None
        self._is_deaf = False
        self._dtls = Dtls(identity.certificate, send=self._send_dtls, opened=self._opened, changed=self._dtls_changed)
        self._link = Link(changed=self._path_changed, received=self._dtls.received)
        if told:
            self._ours, self._offered = told
            self._link.adopt(self._offered)
        observer.became(DTLS, self._dtls.state)

    async def offer(self, generation: Generation) -> str:
        """Return our offer of a path, the first or a new one; raises MediaError where there is no address to offer."""
        generation.ice_controlling = True
        description = self._ours or ours.offering(self._identity, self._preferences)
        offer = await self._describe(description, generation, signaling_state="have-local-offer", setup="actpass")
        self._offered = generation
        return offer

    def accept(self, answer: sdp.Description) -> None:
        """Begin to look for the path that the latest `offer` named; raises MediaError where none did."""
        self._take_offered()
        self._agree("passive" if answer.setup == "active" else "active", answer)
        self._join(answer)

    async def answer(self, offer: sdp.Description, generation: Generation, *, codec: str) -> str:
        """Return the answer to an offer of a path, the first or a new one, and begin to look for it."""
        is_first, generation.ice_controlling = self._ours is None, offer.is_ice_lite
        self._agree(ANSWERED[offer.setup], offer)
        description = self._ours or ours.answering(self._identity, self._preferences, offer=offer, codec=codec)
        answer = await self._describe(description, generation, signaling_state="have-remote-offer", setup=self._setup)
        self._join(offer, hold_s=0.0 if is_first or offer.is_ice_lite else HOLD_S)
        return answer

    def knows(self, description: sdp.Description) -> bool:
        """Return whether it speaks of this association: whether ICE alone is to be restarted."""
        return not set(self._fingerprints).isdisjoint(description.fingerprints)

    def release(self) -> tuple[Ours, Generation]:
        """Give away what the latest `offer` told, to a new transport; raises MediaError where nothing is unanswered."""
        self._take_offered()
        assert self._ours
        return self._ours, self._link.release()

    @property
    def refused(self) -> int:
        """How many packets of the far end were none of its own, or seen before."""
        return self._dtls.refused

    @property
    def rtt_s(self) -> float | None:
        """The round trip of the path in use, as its check found it."""
        return self._link.active.rtt_s if self._link.active else None

    @property
    def address(self) -> str:
        """This machine's address that the path in use goes by; empty where it is not known."""
        return self._link.active.address if self._link.active else ""

    def send(self, packet: bytes) -> None:
        """Send RTP or RTCP, from any thread; it is dropped where there is no path, or nobody at its end yet."""
        with self._sending:
            path = self._path
            protected = self._dtls.protect(packet) if path else None
            if not (path and protected and path.send(protected)):
                self.unsent += 1

    def fetch(self) -> None:
        """Have RTP that has arrived taken in this thread and not in the loop, where that is possible; never waits."""
        if (path := self._path) and self._dtls.has_keys:
            path.fetch()

    def end(self) -> asyncio.Task[None]:
        """Begin to end it: nobody is told of it any more, and when the task has ended nothing is left of it."""
        self._ending = self._ending or asyncio.create_task(self._end())
        return self._ending

    async def _describe(self, description: Ours, path: Generation, *, signaling_state: str, setup: str) -> str:
        self._offered = None
        self._observer.became(SIGNALING, signaling_state)
        self._observer.became(GATHERING, "gathering")
        await self._link.renew(path)
        if self._ours and not path.has_address:
            self._observer.became(GATHERING, "none")
            raise MediaError("This machine has no network address to offer.")
        self._observer.gathered(path.local_candidates)
        self._observer.became(GATHERING, "complete")
        self._ours = replace(description, version=description.version + 1)
        return self._preferences.told(ours.render(self._ours, path, setup=setup))

    def _take_offered(self) -> None:
        if self._offered is None:
            raise MediaError(UNASKED)
        self._offered = None

    def _agree(self, setup: str, description: sdp.Description) -> None:
        """Take our role in DTLS and whose certificate to expect: the first descriptions decide."""
        if not self._setup:
            self._setup, self._fingerprints = setup, description.fingerprints

    def _join(self, description: sdp.Description, *, hold_s: float = 0.0) -> None:
        self._observer.became(SIGNALING, "stable")
        if self._dtls.state == "new":
            self._observer.became(ICE, "checking")
            self._observer.became(CONNECTION, "connecting")
            self._ears.link_changed(MediaState.CONNECTING)
        remote = Remote(
            description.ice_ufrag, description.ice_pwd, description.candidates, is_lite=description.is_ice_lite
        )
        self._link.join(remote, hold_s=hold_s)

    def _path_changed(self, generation: Generation | None) -> None:
        if self._ending:
            return
        self._use(generation.path() if generation else None)
        self._observer.became(ICE, "connected" if generation else "failed")
        if generation and generation.selected:
            mine, theirs = generation.selected
            logger.info("path: %s %s to %s %s", mine.type, mine.host, theirs.type, theirs.host)
            self._observer.selected(generation.selected)
        if self._dtls.state == "connected":
            self._ears.link_changed(MediaState.CONNECTED if generation else MediaState.FAILED)
        elif self._handshake is None:
            shaking = self._dtls.start(setup=self._setup, fingerprints=self._fingerprints)
            self._handshake = asyncio.create_task(shaking)

    def _dtls_changed(self, state: str) -> None:
        if self._ending:
            return
        self._observer.became(DTLS, state)
        if state in {"connected", "failed"}:
            self._observer.became(CONNECTION, state)
        if state != "connecting":
            self._ears.link_changed(MediaState(state))
        if state == "closed":
            self.end()

    async def _send_dtls(self, packet: bytes) -> None:
        await self._link.send(packet)

    def _opened(self, packet: bytes, at_s: float) -> None:
        if self._ending or self._is_deaf:
            return
        try:
            self._ears.received(packet, at_s)
        except Exception as error:  # noqa: BLE001 (a bug ends its call, not the socket that aioice reads)
            self._is_deaf = True
            self._loop.call_soon_threadsafe(self._fail, error)

    def _fail(self, error: Exception) -> None:
        logger.error("a packet of the far end can't be taken", exc_info=error)
        self._ears.link_changed(MediaState.FAILED)

    def _use(self, path: Path | None) -> None:
        with self._sending:
            old, self._path = self._path, path
        if old:
            old.close()

    async def _end(self) -> None:
        self._use(None)
        await self._dtls.stop()
        await self._link.close()
        if self._handshake:
            await asyncio.wait([self._handshake])
