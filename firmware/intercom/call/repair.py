"""Brings a call's media back: carries out what `Recovery` decides."""

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING, assert_never

from intercom.call import codes
from intercom.call.events import CallError, End, Ending
from intercom.call.life import Life
from intercom.call.machine import CallState
from intercom.call.ports import Media, MediaState, Stream
from intercom.call.recovery import NEVER, Attempt, Follow, GiveUp, Recovery
from intercom.errors import MediaError
from intercom.signaling.events import StreamState
from intercom.signaling.messages import Answer, Reinvite, ice_ufrag

if TYPE_CHECKING:
    from intercom.call.connection import Connection

logger = logging.getLogger(__name__)


class Repair:
    """Offers new paths while the media is lost, if `is_enabled`, and follows those that the far end offers.

    A failed attempt never ends the call; only time does (`Recovery`).
    """

    def __init__(self, call: "Connection", life: Life, media: Media, stream: Stream, *, is_enabled: bool) -> None:
        self._call, self._life, self._media, self._stream = call, life, media, stream
        self._is_enabled = is_enabled
        self._recovery = Recovery(yields=call.direction == "INCOMING")
        self._loop = asyncio.get_running_loop()
        self._woken = asyncio.Event()
        self._offered = ""

    @property
    def lasts_s(self) -> float | None:
        """For how many seconds nothing has been heard; None while there is nothing to repair."""
        lost_at = self._recovery.lost_at
        return None if lost_at is None else self._loop.time() - lost_at

    async def run(self) -> None:
        """Do what is to be done, until cancelled."""
        while True:
            self._woken.clear()
            match self._recovery.step(self._loop.time(), is_linked=self._is_linked):
                case Attempt():
                    await self._offer()
                case Follow(offer):
                    await self._follow(offer)
                case GiveUp():
                    self._lose("The far end could not be heard again.")
                    return
                case None:
                    await self._wait()
                case never:
                    assert_never(never)

    def link(self, state: MediaState) -> None:
        """Take the news of the media's connection."""
        life, machine = self._life, self._life.machine
        match state:
            case MediaState.CONNECTED if life.moves(machine.find_media):
                self._recovery.found()
                self._stream.hurry()
                self._call.emit("reconnected")
            case MediaState.DISCONNECTED | MediaState.FAILED if self._is_enabled and life.moves(machine.lose_media):
                self._begin()
            case MediaState.CLOSED:
                life.hang_up(End(Ending.HUNG_UP_BY_FAR_END))
            case MediaState.FAILED if life.state is not CallState.RECONNECTING:
                self._lose("No sound came through between both ends.")

    def linked(self) -> None:
        """The exchange is back after an outage."""
        self._recovery.linked(self._loop.time())
        self._woken.set()

    def far_end_offers(self, message: Reinvite) -> None:
        """Take the far end's offer of a new path."""
        self._recovery.far_end_offers(message.sdp, self._loop.time())
        self._woken.set()

    def far_end_answers(self, message: Answer) -> None:
        """Take the far end's answer to our latest offer; one to an earlier offer, or to none, is dropped."""
        is_to_latest = message.offer_ufrag in {"", ice_ufrag(self._offered)}
        if message.sdp and is_to_latest and self._recovery.answered():
            self._woken.set()
            self._life.run(self._take(message.sdp))

    @property
    def _is_linked(self) -> bool:
        return self._stream.state is not StreamState.DISCONNECTED

    def _begin(self) -> None:
        self._recovery.lost(self._loop.time())
        self._woken.set()
        message = "The far end is not heard any more."
        error = CallError(codes.TWILIO_MEDIA_LOST, message, self._call, codes.TWILIO_MEDIA_LOST)
        self._call.emit("reconnecting", error)

    async def _offer(self) -> None:
        try:
            sdp = await self._media.restart()
        except MediaError as error:
            logger.info("call %s: no new path can be offered yet: %s", self._call.sid, error)
            self._recovery.offer_failed(self._loop.time())
        else:
            if self._is_linked and self._recovery.may_offer():
                self._offered = sdp
                self._stream.send(Reinvite(callsid=self._call.sid, sdp=sdp))

    async def _follow(self, offer: str) -> None:
        try:
            sdp = await self._media.follow(offer)
        except MediaError as error:
            logger.warning("call %s: the new path that the far end offers can't be used: %s", self._call.sid, error)
        else:
            if self._is_linked:
                self._stream.send(Answer(callsid=self._call.sid, sdp=sdp, offer_ufrag=ice_ufrag(offer)))

    async def _take(self, answer: str) -> None:
        try:
            await self._media.restarted(answer)
        except MediaError as error:
            logger.warning("call %s: the far end's answer to the new path can't be used: %s", self._call.sid, error)

    def _lose(self, message: str) -> None:
        error = CallError(codes.MEDIA_LOST, message, self._call, codes.TWILIO_MEDIA_LOST)
        self._life.lose(error, is_told=True)

    async def _wait(self) -> None:
        due = self._recovery.due
        with suppress(TimeoutError):
            async with asyncio.timeout_at(None if due == NEVER else due):
                await self._woken.wait()
