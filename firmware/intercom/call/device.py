"""`Device`: the calls of one identity and whether it is registered (Voice JS SDK v1, Device)."""

import asyncio
import logging
from collections.abc import Coroutine, Mapping
from types import TracebackType
from typing import Any, Literal, Self

from intercom.call.connection import Connection
from intercom.call.emitter import Emitter
from intercom.call.events import CallError
from intercom.call.machine import CallState
from intercom.call.options import Options
from intercom.call.ports import Gateway, MediaFactory, NoGateway, NoSounds, Ports, Sounds, Stream
from intercom.errors import ConflictError
from intercom.signaling.events import StreamState
from intercom.signaling.messages import Answer, Cancel, Dtmf, ErrorFrame, Hangup, IncomingInvite, Message, Ringing

logger = logging.getLogger(__name__)

UNKNOWN = 31000


class Device(Emitter):
    """The calls that share one signalling stream; an async context manager, which hangs up at its end.

    Events: `ready(device)`, `offline(device)`, `incoming(connection)`, `connect(connection)`, `cancel(connection)`,
    `disconnect(connection)`, `error(CallError)`.  Those that a connection causes come one turn of the loop after the
    connection's own.  `faults` counts the calls that a bug in this program has ended.
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
        self._stream = stream
        self._ports = Ports(stream, media, self._spawn, sounds or NoSounds(), gateway or NoGateway())
        self._options = options or Options()
        self._pending: list[Connection] = []
        self._active: Connection | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.faults = 0
        stream.listen(self._receive, self._stream_changed)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._active:
            self._active.disconnect()
        for connection in self.connections:
            connection.give_up()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def is_registered(self) -> bool:
        """Whether calls can come."""
        return self._stream.state is StreamState.READY

    @property
    def connections(self) -> list[Connection]:
        """The pending incoming calls, the oldest first."""
        return list(self._pending)

    def active_connection(self) -> Connection | None:
        """Return the call under way, else the first pending one (Voice JS SDK v1, activeConnection)."""
        return self._active or next(iter(self._pending), None)

    def status(self) -> Literal["ready", "offline", "busy"]:
        """Return `busy` in a call, else whether calls can come (Voice JS SDK v1, Device.status)."""
        if self._active:
            return "busy"
        return "ready" if self.is_registered else "offline"

    def connect(self, params: Mapping[str, object] | None = None) -> Connection:
        """Place a call; `params` travel with it, `To` names whom.  Pending calls are ignored.

        Raises ConflictError during a call (Voice JS SDK v1, Device.connect).
        """
        if self._active:
            raise ConflictError("A call is under way already.")
        connection = self._wire(Connection(self._ports, self._options, params=params or {}))
        self._active = connection
        for pending in self.connections:
            pending.ignore()
        connection.accept()
        return connection

    def disconnect_all(self) -> None:
        """Hang up the call under way; pending calls ring on (Voice JS SDK v1, disconnectAll)."""
        if self._active:
            self._active.disconnect()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _receive(self, message: Message) -> None:
        match message:
            case IncomingInvite():
                self._invited(message)
            case ErrorFrame(error=failure) if failure:
                self.emit("error", CallError(failure.code or UNKNOWN, failure.message, self._named(message.callsid)))
            case Ringing() | Answer():
                self._deliver(message, self._named(message.callsid) or self._unnamed())
            case Dtmf():
                self._deliver(message, self._named(message.callsid))
            case Hangup() | Cancel():
                self._deliver(message, self._named(message.callsid) if message.callsid else self._active)

    def _invited(self, invite: IncomingInvite) -> None:
        if self._named(invite.callsid):
            return  # an exchange that was restarted may repeat itself
        if self._active and not self._options.allow_incoming_while_busy:
            logger.info("call %s: not shown, a call is under way", invite.callsid)
            return
        connection = self._wire(Connection(self._ports, self._options, invite=invite))
        self._pending.append(connection)
        self.emit("incoming", connection)

    def _deliver(self, message: Message, connection: Connection | None) -> None:
        if connection:
            connection.receive(message)

    def _named(self, sid: str) -> Connection | None:
        known = [*self._pending, *([self._active] if self._active else [])]
        return next((each for each in known if sid and sid in {each.sid, each.outbound_connection_id}), None)

    def _unnamed(self) -> Connection | None:
        """Return our call that the exchange has not named yet: a new CallSid can only be its."""
        active = self._active
        return active if active and "CallSid" not in active.parameters else None

    def _stream_changed(self, state: StreamState) -> None:
        match state:
            case StreamState.READY:
                self.emit("ready", self)
            case StreamState.DISCONNECTED | StreamState.OFFLINE:
                if state is StreamState.DISCONNECTED:
                    for pending in self.connections:
                        pending.give_up()
                self.emit("offline", self)

    def _wire(self, connection: Connection) -> Connection:
        connection.on("state", lambda state: self._follow(connection, state))
        connection.on("accept", lambda _: self._later("connect", connection))
        connection.on("error", self._failed)
        connection.on("cancel", lambda: self._later("cancel", connection))
        connection.on("disconnect", lambda _: self._later("disconnect", connection))
        return connection

    def _failed(self, error: CallError) -> None:
        self.faults += error.fault is not None
        self._later("error", error)

    def _follow(self, connection: Connection, state: CallState) -> None:
        """Keep the lists right: an accepted call becomes the active one, after the other was hung up."""
        if state in {CallState.CONNECTING, CallState.CLOSED} and connection in self._pending:
            self._pending.remove(connection)
        if state is CallState.CONNECTING and self._active is not connection:
            self.disconnect_all()
            self._active = connection
        elif state is CallState.CLOSED and self._active is connection:
            self._active = None

    def _later(self, event: str, value: object) -> None:
        asyncio.get_running_loop().call_soon(self.emit, event, value)
