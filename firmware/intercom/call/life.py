"""The life of one call: its state, the work that goes on for it, and its end."""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from intercom.call import codes
from intercom.call.events import CallError, End, Ending
from intercom.call.machine import ACCEPTED, CallMachine, CallState
from intercom.call.ports import Media, Ports
from intercom.errors import IntercomError, MediaError
from intercom.signaling.messages import Hangup

if TYPE_CHECKING:
    from intercom.call.connection import Connection

logger = logging.getLogger(__name__)


class Life:
    """From `pending` to `closed`; at the end the work is cancelled and the media closed, once.

    The orders of frames and events are those of the Voice JS SDK v1, teardown A to D.
    """

    def __init__(self, call: "Connection", ports: Ports, media: Media) -> None:
        self.ended: End | None = None
        self.machine = CallMachine(self._announce)
        self._call, self._ports, self._media = call, ports, media
        self._work: set[asyncio.Task[None]] = set()
        self._opened_at = self._closed_at = 0.0

    @property
    def state(self) -> CallState:
        """What `Connection.status()` returns."""
        return self.machine.state

    @property
    def duration_s(self) -> float:
        """How long the call has been open, in seconds; 0 before."""
        return (self._closed_at or time.monotonic()) - self._opened_at if self._opened_at else 0.0

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        """Do a piece of work for this call; a failure in it ends this call, never the station."""
        task = self._ports.spawn(self._guarded(work))
        self._work.add(task)
        task.add_done_callback(self._work.discard)
        task.add_done_callback(lambda _: work.close())  # which a call that ends at once has not begun

    def moves(self, trigger: Callable[[], bool]) -> bool:
        """Pull a trigger of the machine; returns whether the call moved, and no listener of `state` has ended it."""
        return trigger() and self.state is not CallState.CLOSED

    def open(self) -> None:
        """Both ends have agreed: `accept`, the first time."""
        if self.moves(self.machine.open):
            self._opened_at = time.monotonic()
            self._call.emit("accept", self._call)

    def dismiss(self, end: End) -> bool:
        """End a call that nobody accepted here; returns whether it was pending."""
        return self.state is CallState.PENDING and self._settle(end, self.machine.dismiss)

    def hang_up(self, end: End, message: str = "", *, is_taken: bool = False) -> bool:
        """End an accepted call with a word to the exchange; returns whether it was one.

        `is_taken`: nobody who is still rung for it has missed it.
        """
        sid = self._call.sid
        if not self._end(end):
            return False
        self._ports.stream.send(Hangup(callsid=sid, message=message, taken=is_taken))
        self._call.emit("disconnect", self._call)
        return True

    def give_up(self, how: Ending = Ending.CANCELLED) -> None:
        """End the call without a word to the exchange: the caller gave up, or another station took it."""
        end = End(how)
        if self.dismiss(end) or self._end(end):
            self._call.emit("cancel")

    def far_end_hangs_up(self, message: Hangup) -> None:
        """The exchange ended the call: `error` where it names one, then `disconnect`."""
        if self.state not in ACCEPTED:
            return
        end, error = End(Ending.HUNG_UP_BY_FAR_END), message.error
        if error is not None:
            end = End(Ending.FAILED, error.code or codes.UNKNOWN, error.message or "The exchange ended the call.")
            self._call.emit("error", CallError(end.code, end.message, self._call, codes.TWILIO_CALL_FAILED))
        if self._end(end):
            self._call.emit("disconnect", self._call)

    def lose(self, error: CallError, *, is_told: bool) -> None:
        """End a call whose media can't be had: `disconnect`, then `error`; `is_told`: the exchange hears the reason."""
        if self.hang_up(End(Ending.FAILED, error.code, error.message), error.message if is_told else ""):
            self._call.emit("error", error)

    def fail(self, error: CallError) -> None:
        """End a call that could not be set up: `error`, then `disconnect`."""
        self._call.emit("error", error)
        self.hang_up(End(Ending.FAILED, error.code, error.message), error.message)

    def _end(self, end: End) -> bool:
        return self.state in ACCEPTED and self._settle(end, self.machine.end)

    def _settle(self, end: End, close: Callable[[], bool]) -> bool:
        self.ended = end
        self._closed_at = time.monotonic()
        self._call.quality.stop()
        close()
        for task in self._work - {asyncio.current_task()}:
            task.cancel()
        self._ports.spawn(self._media.close())
        return True

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        call = self._call
        try:
            await work
        except MediaError as error:
            logger.warning("call %s: %s", call.sid, error)
            self.fail(CallError(codes.UNKNOWN, str(error), call, codes.TWILIO_REMOTE_DESCRIPTION))
        except IntercomError as error:
            self.fail(CallError(codes.UNKNOWN, str(error), call))
        except Exception as fault:  # a bug ends its call (error 31000), not the station
            logger.exception("call %s: unexpected failure", call.sid)
            message = "The call failed by a fault in this program; the log tells more."
            self.fail(CallError(codes.UNKNOWN, message, call, fault=fault))

    def _announce(self, before: CallState, after: CallState) -> None:
        logger.info("call %s: %s → %s", self._call.sid, before, after)
        self._call.emit("state", after)
