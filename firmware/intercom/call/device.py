"""`Device`: the calls of one identity and whether it is registered (Voice JS SDK v1, Device)."""

import asyncio
import logging
from collections.abc import Coroutine, Mapping
from types import TracebackType
from typing import Any, Literal, Self

from intercom.call import codes
from intercom.call.calls import Calls
from intercom.call.chimes import Chimes
from intercom.call.connection import Connection
from intercom.call.emitter import Emitter
from intercom.call.events import CallError, refusal
from intercom.call.machine import CallState
from intercom.call.options import Options
from intercom.call.ports import AudioConstraints, Gateway, MediaFactory, NoGateway, NoSounds, Ports, Sounds, Stream
from intercom.errors import ConflictError, UsageError
from intercom.signaling.events import StreamError, StreamState
from intercom.signaling.messages import CallMessage, ErrorFrame, IncomingInvite, Message

logger = logging.getLogger(__name__)


class Device(Emitter):
    """The calls that share one signalling stream; an async context manager, which hangs up at its end.

    Events: `ready(device)`, `offline(device)`, `incoming(connection)`, `connect(connection)`, `cancel(connection)`,
    `disconnect(connection)`, `error(CallError)`.  Those that a connection causes come one turn of the loop after the
    connection's own.  `faults` counts the calls that a bug in this program has ended; `sounds` says what is heard here.
    """

    def __init__(
        self,
        stream: Stream,
        media: MediaFactory,
        options: Options | None = None,
        *,
        sounds: Sounds | None = None,
        gateway: Gateway | None = None,
    ) -> None:
        super().__init__()
        self.faults = 0
        self.sounds = Chimes(sounds or NoSounds())
        self._stream, self._options = stream, options or Options()
        self._ports = Ports(stream, media, self._spawn, sounds or NoSounds(), gateway or NoGateway())
        self._calls = Calls()
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_destroyed = False
        stream.listen(self._receive, self._stream_changed, self._stream_failed)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leave()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def is_registered(self) -> bool:
        """Whether calls can come."""
        return self._stream.state is StreamState.READY

    @property
    def connections(self) -> list[Connection]:
        """The pending incoming calls, the oldest first."""
        return list(self._calls.pending)

    @property
    def token(self) -> str:
        """The access token shown last; empty before the first (Voice JS SDK v1, Device.token)."""
        return self._stream.token

    @property
    def edge(self) -> str | None:
        """The edge that we are connected to; None while we are not (Voice JS SDK v1, Device.edge)."""
        return self._stream.edge

    @property
    def region(self) -> str | None:
        """The region that we are connected to; None while we are not (Voice JS SDK v1, Device.region)."""
        return self._stream.region

    def active_connection(self) -> Connection | None:
        """Return the call under way, else the first pending one (Voice JS SDK v1, activeConnection)."""
        return self._calls.active or next(iter(self._calls.pending), None)

    def status(self) -> Literal["ready", "offline", "busy"]:
        """Return `busy` in a call, else whether calls can come (Voice JS SDK v1, Device.status)."""
        if self._calls.active:
            return "busy"
        return "ready" if self.is_registered else "offline"

    def connect(
        self, params: Mapping[str, object] | None = None, constraints: AudioConstraints | None = None
    ) -> Connection:
        """Place a call; `params` travel with it, `To` names whom.  Pending calls are ignored.

        Raises ConflictError during a call and after `destroy` (Voice JS SDK v1, Device.connect).
        """
        if self._calls.active or self._is_destroyed:
            raise ConflictError("This device was destroyed." if self._is_destroyed else "A call is under way already.")
        connection = self._wire(Connection(self._ports, self._options, params=params or {}))
        self._calls.active = connection
        for pending in self.connections:
            pending.ignore()
        connection.accept(constraints)
        return connection

    def disconnect_all(self) -> None:
        """Hang up the call under way; pending calls ring on (Voice JS SDK v1, disconnectAll)."""
        if self._calls.active:
            self._calls.active.disconnect()

    def update_token(self, token: str) -> None:
        """Use this access token from now on; a closed stream opens again (Voice JS SDK v1, updateToken).

        Raises UsageError for an empty one.
        """
        if not token:
            raise UsageError("The access token is empty.", "`intercom token IDENTITY` mints one.")
        self._stream.renew(token)

    def register_presence(self) -> None:
        """Ask for calls, as a new device does (Voice JS SDK v1, registerPresence)."""
        self._stream.register(True)

    def unregister_presence(self) -> None:
        """Ask for no more calls; ours can be placed all the same (Voice JS SDK v1, unregisterPresence)."""
        self._stream.register(False)

    def destroy(self) -> None:
        """Hang up, take no more calls and forget all listeners; the socket goes with the context (v1, destroy)."""
        self._is_destroyed = True
        self._leave()
        self._stream.register(False)
        self.remove_all_listeners()

    def _leave(self) -> None:
        self.disconnect_all()
        for connection in self.connections:
            connection.give_up()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _receive(self, message: Message) -> None:
        call = self._calls.addressed(message)
        match message:
            case IncomingInvite():
                self._invited(message)
            case ErrorFrame(error=failure, voiceeventsid="") if failure:
                self.emit("error", refusal(failure, call))
            case _ if call:
                call.receive(message)
            case CallMessage():
                logger.warning("a message came for no call that there is")

    def _invited(self, invite: IncomingInvite) -> None:
        if not invite.callsid or not invite.sdp:
            message = "The exchange announced a call without its id or its description."
            self.emit("error", CallError(codes.BAD_REQUEST, message, None, codes.BAD_REQUEST))
        elif self._calls.named(invite.callsid) or self._is_destroyed:
            pass  # an exchange that was restarted may repeat itself
        elif self._calls.active and not self._options.allow_incoming_while_busy:
            logger.info("call %s: not shown, a call is under way", invite.callsid)
        else:
            connection = self._wire(Connection(self._ports, self._options, invite=invite))
            self._calls.pending.append(connection)
            self.sounds.ring(self._calls.may_ring)
            self.emit("incoming", connection)

    def _stream_changed(self, state: StreamState) -> None:
        match state:
            case StreamState.READY:
                self.emit("ready", self)
            case StreamState.CONNECTED if self._calls.active:
                self._calls.active.linked()
            case StreamState.DISCONNECTED | StreamState.OFFLINE:
                if state is StreamState.DISCONNECTED:
                    for pending in self.connections:
                        pending.give_up()
                self.emit("offline", self)

    def _stream_failed(self, error: StreamError) -> None:
        self.emit("error", CallError(error.code, error.message, None, error.twilio_code))

    def _wire(self, connection: Connection) -> Connection:
        connection.on("state", lambda state: self._follow(connection, state))
        connection.on("accept", lambda _: self._later("connect", connection))
        connection.on("error", self._failed)
        connection.on("cancel", lambda: self._later("cancel", connection))
        connection.on("disconnect", lambda _: self._later("disconnect", connection))
        return connection

    def _follow(self, connection: Connection, state: CallState) -> None:
        is_opening = state is CallState.OPEN and not connection.duration_s
        self._calls.follow(connection, state)
        self.sounds.ring(self._calls.may_ring)
        if is_opening and connection.direction == "OUTGOING":
            self.sounds.opened()
        if connection.ended:
            self.sounds.ended(connection.ended.how)

    def _failed(self, error: CallError) -> None:
        self.faults += error.fault is not None
        self._later("error", error)

    def _later(self, event: str, value: object) -> None:
        asyncio.get_running_loop().call_soon(self.emit, event, value)
