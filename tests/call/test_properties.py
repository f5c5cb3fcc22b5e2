"""Whatever happens to a device, in whatever order: its calls live by the table, end once, and leave nothing behind."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from intercom.call.connection import Connection
from intercom.call.machine import TRANSITIONS, CallState
from intercom.call.options import Options
from intercom.call.ports import AudioReady, DigitHeard, DigitSource, MediaFact, MediaState
from intercom.errors import AudioError, ConflictError, MediaError
from intercom.signaling.events import StreamState
from intercom.signaling.messages import (
    Answer,
    CallMessage,
    Cancel,
    Dtmf,
    ErrorFrame,
    Failure,
    Hangup,
    IncomingInvite,
    Message,
    Reinvite,
    Reject,
    Ringing,
)
from tests.call.clock import JumpingLoop
from tests.call.world import ANSWER, OFFER, Remote, World

STEPS = {
    (source, target)
    for _, sources, target in TRANSITIONS
    for source in (sources if isinstance(sources, list) else [sources])
}
TERMINAL = {"cancel", "disconnect", "reject"}
EVENTS = [
    "accept", "audio", "cancel", "digit", "disconnect", "error", "message", "mute", "reconnecting", "reconnected",
    "reject", "ringing", "state",
]  # fmt: skip
SDPS = st.sampled_from([ANSWER, "bad", ""])
FRAMES: dict[str, Callable[[str, str], Message]] = {
    "ringing": lambda sid, sdp: Ringing(callsid=sid, sdp=sdp),
    "answer": lambda sid, sdp: Answer(callsid=sid, sdp=sdp),
    "hangup": lambda sid, _: Hangup(callsid=sid),
    "hangup with error": lambda sid, _: Hangup(callsid=sid, error=Failure(31480, "Nobody is there.")),
    "cancel": lambda sid, _: Cancel(callsid=sid),
    "reinvite": lambda sid, sdp: Reinvite(callsid=sid, sdp=sdp),
    "dtmf": lambda sid, _: Dtmf(callsid=sid, dtmf="12"),
    "message": lambda sid, _: CallMessage(callsid=sid, messagetype="note", voiceeventsid="KX1", content="hello"),
    "error": lambda sid, _: ErrorFrame(callsid=sid, error=Failure(31999, "Something.")),
    "error of a message": lambda sid, _: ErrorFrame(callsid=sid, voiceeventsid="KX1", error=Failure(31206, "No.")),
}
ACTS: dict[str, Callable[[Connection], object]] = {
    "accept": lambda call: call.accept(),
    "reject": lambda call: call.reject(),
    "ignore": lambda call: call.ignore(),
    "disconnect": lambda call: call.disconnect(),
    "mute": lambda call: call.mute(),
    "unmute": lambda call: call.mute(False),
    "send_digits": lambda call: call.send_digits("1w2"),
    "send_message": lambda call: call.send_message("hello", messagetype="note"),
}
FACTS: list[MediaFact] = [*MediaState, DigitHeard("1", DigitSource.RTP), AudioReady(Remote())]


class Strict(World):
    """A world that sees every frame leave and every event of every call."""

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.known: list[Connection] = []
        self.events: dict[Connection, list[str]] = {}
        self.broken: list[str] = []
        self.farewells: dict[Connection, int] = {}
        setattr(self.wire, "send", self._send)  # noqa: B010

    def follow(self, connection: Connection) -> Connection:
        self.known.append(connection)
        self.events[connection] = []
        self.farewells[connection] = 0
        states = [connection.status()]
        for event in EVENTS:
            connection.on(event, lambda *_, name=event: self._hear(connection, name))

        def step(state: CallState) -> None:
            if (states[-1], state) not in STEPS:
                self.broken.append(f"{states[-1]} to {state}")
            states.append(state)

        connection.on("state", step)
        return connection

    def hang_up_at(self, connection: Connection, event: str) -> None:
        connection.once(event, lambda *_: connection.disconnect())

    def _hear(self, connection: Connection, event: str) -> None:
        if connection.status() is CallState.CLOSED and event not in {*TERMINAL, "state", "error"}:
            self.broken.append(f"{event} after the end")
        self.events[connection].append(event)

    def _send(self, message: Message) -> None:
        sid = getattr(message, "callsid", "")
        call = next(call for call in reversed(self.known) if sid in {call.sid, call.outbound_connection_id})
        if isinstance(message, Hangup | Reject):
            self.farewells[call] += 1
        elif call.status() is CallState.CLOSED:
            self.broken.append(f"{message.kind} after the end")


class Life(RuleBasedStateMachine):
    """Local calls, frames, facts of the media and of the link, and time, in any order."""

    @initialize(rings=st.booleans(), restarts=st.booleans(), shows=st.booleans())
    def begin(self, rings: bool, restarts: bool, shows: bool) -> None:
        self.runner = asyncio.Runner(loop_factory=JumpingLoop)
        options = Options(
            enable_ringing_state=rings, enable_ice_restart=restarts, allow_incoming_while_busy=shows, warnings=False
        )
        self.count = 0

        async def build() -> Strict:
            return Strict(options)

        self.world = self.runner.run(build())

    @rule()
    def is_called(self) -> None:
        self.count += 1
        self._do(lambda: self.world.wire.receive(IncomingInvite(callsid=f"CA{self.count}", sdp=OFFER)))

    @rule()
    def calls(self) -> None:
        def connect() -> None:
            self.world.follow(self.world.device.connect({"To": "bob"}))

        self._do(connect)

    @precondition(lambda self: self.world.known)
    @rule(data=st.data(), act=st.sampled_from(sorted(ACTS)))
    def acts(self, data: st.DataObject, act: str) -> None:
        call = data.draw(st.sampled_from(self.world.known[-3:]))
        self._do(lambda: ACTS[act](call))

    @precondition(lambda self: self.world.known)
    @rule(data=st.data(), event=st.sampled_from(EVENTS))
    def means_to_hang_up(self, data: st.DataObject, event: str) -> None:
        self.world.hang_up_at(data.draw(st.sampled_from(self.world.known[-3:])), event)

    @precondition(lambda self: self.world.known)
    @rule(data=st.data(), frame=st.sampled_from(sorted(FRAMES)), sdp=SDPS)
    def hears(self, data: st.DataObject, frame: str, sdp: str) -> None:
        newest = self.world.known[-3:]
        self.count += 1
        sid = data.draw(st.sampled_from(["", f"CA{self.count}", *(call.sid for call in newest)]))
        self._do(lambda: self.world.wire.receive(FRAMES[frame](sid, sdp)))

    @precondition(lambda self: self.world.sounds)
    @rule(data=st.data(), fact=st.sampled_from(FACTS))
    def media(self, data: st.DataObject, fact: MediaFact) -> None:
        sound = data.draw(st.sampled_from(self.world.sounds[-3:]))
        self._do(lambda: sound.becomes(fact))

    @precondition(lambda self: self.world.sounds)
    @rule(is_open=st.booleans(), is_quick=st.booleans(), is_able=st.booleans())
    def media_is(self, is_open: bool, is_quick: bool, is_able: bool) -> None:
        sound = self.world.sounds[-1]
        sound.unusable = {} if is_open else {None: AudioError("It is gone.")}
        sound.fault = None if is_able else MediaError("No network is up.")
        for gate in (sound.may_open, sound.may_restart):
            gate.set() if is_quick else gate.clear()

    @rule(state=st.sampled_from(list(StreamState)))
    def link(self, state: StreamState) -> None:
        if state is not self.world.wire.state:
            self._do(lambda: self.world.wire.becomes(state))

    @rule(seconds=st.sampled_from([0.1, 2.5, 11.0, 35.0]))
    def time_passes(self, seconds: float) -> None:
        self.runner.run(asyncio.sleep(seconds))

    @invariant()
    def is_sound(self) -> None:
        if not hasattr(self, "world"):
            return
        world = self.world
        assert world.broken == []
        for call, events in world.events.items():
            is_over = call.status() is CallState.CLOSED
            assert is_over == (call.ended is not None)
            assert sum(events.count(event) for event in TERMINAL) == is_over
            assert events.count("accept") <= 1
            assert world.farewells[call] <= is_over
        active, pending = world.device._calls.active, world.device.connections
        assert active is None or active.status() not in {CallState.PENDING, CallState.CLOSED}
        assert all(call.status() is CallState.PENDING for call in pending)
        assert [sound.closed for sound in world.sounds] == [
            int(call.status() is CallState.CLOSED) for call in world.known
        ]

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return

        async def leave() -> set[asyncio.Task[Any]]:
            async with self.world.device:
                pass
            await self.world.settle()
            return asyncio.all_tasks() - {asyncio.current_task()}

        with self.runner:
            assert self.runner.run(leave()) == set()
        self.is_sound()
        assert all(sound.closed == 1 for sound in self.world.sounds)

    def _do(self, act: Callable[[], object]) -> None:
        async def run() -> None:
            with suppress(ConflictError):
                act()
            await self.world.settle()

        self.runner.run(run())


Life.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None, phases=[Phase.generate])
TestACall = Life.TestCase
