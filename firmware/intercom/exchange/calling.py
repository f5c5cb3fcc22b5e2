"""The calls that are on: ring, lose, regain, end.  Pure: times in, effects out.

A pending call is ended by `cancel` and an accepted one by `hangup`, never the other way round: the SDKs would miss it.
"""

from collections.abc import Callable, Iterator

from msgspec.structs import replace

from intercom.exchange.calls import NEVER, Call, Leg, State
from intercom.exchange.directory import Client, Directory, Kind
from intercom.exchange.effects import Ended
from intercom.exchange.outbox import Outbox
from intercom.signaling.messages import Answer, Cancel, Failure, Hangup, IncomingInvite, Message, Ringing

LOST_RINGING_S = 5.0
LOST_OPEN_S = 60.0

NO_ANSWER = Failure(31480, "Nobody answered.")
LOST = Failure(31003, "The other end lost its connection.")


class Calling:
    """All calls that ring or are open."""

    def __init__(self, directory: Directory, outbox: Outbox, new_id: Callable[[str], str]) -> None:
        self.outbox = outbox
        self._directory, self._new_id = directory, new_id
        self._calls: dict[str, Call] = {}

    def __iter__(self) -> Iterator[Call]:
        return iter(tuple(self._calls.values()))

    def add(self, call: Call) -> None:
        """Take in a call that has begun."""
        self._calls[call.sid] = call

    def find(self, callsid: str, client: Client) -> tuple[Call, Leg] | None:
        """Return the call that a client names, by its real or the caller's temporary id, and the client's leg of it."""
        for call in self:
            if callsid in {call.sid, call.temporary} and (leg := call.leg_of(client)):
                if callsid == call.sid:
                    call.bind(leg, client)
                return call, leg
        return None

    def is_busy(self, client: Client) -> bool:
        """Whether a device of ours is in a call; a foreign SDK is left to its own rule."""
        return client.is_ours and any(call.occupies(client.id) for call in self)

    def ring(self, call: Call, client: Client) -> None:
        """Ring a client; one that rang before its socket was lost keeps its leg."""
        lost = (leg for leg in call.callees if leg.client is None and leg.may_be(client) and not leg.has_left)
        leg = next(lost, None)
        if leg is None:
            leg = Leg(client.identity, client.kind, reconnect=self._new_id("RT"))
            call.callees.append(leg)
        leg.bind(client)
        call.rung.add(client.id)
        call.silent_until = NEVER
        invite = IncomingInvite(
            callsid=call.sid, sdp=call.invite.sdp, parameters=call.invite.parameters, reconnect=leg.reconnect
        )
        self.outbox.send(leg, invite)

    def announce(self, call: Call, caller: Client) -> None:
        """Tell the caller that it rings; an SDK v1 that has other calls would mix their ids up and is not told."""
        if not caller.is_v1 or not any(each.carried_by(caller.id) for each in self if each is not call):
            call.is_announced = True
            self.outbox.send(call.caller, Ringing(callsid=call.sid))

    def end(
        self,
        call: Call,
        *,
        now: float,
        by: Leg | None = None,
        failure: Failure | None = None,
        is_taken: bool = False,
    ) -> None:
        """End a call for all but the leg that ended it; the caller is told why, stations whether it was taken."""
        for leg in call.legs:
            if leg is not by:
                self.dismiss(call, leg, now=now, failure=failure, is_taken=is_taken)
        call.state = State.ENDED
        self._calls.pop(call.sid, None)
        code, reason = (failure.code or 0, failure.message) if failure else (0, "hung up")
        self.outbox.add(Ended(call.sid, code, reason))

    def dismiss(
        self, call: Call, leg: Leg, *, now: float, failure: Failure | None = None, is_taken: bool = False
    ) -> None:
        """Tell one leg that the call is over for it."""
        if leg is call.caller or call.state is State.OPEN:
            self.deliver(call, leg, Hangup(callsid=call.sid_for(leg), error=failure), now=now)
        else:
            self.cancel(call, leg, is_taken=is_taken)

    def cancel(self, call: Call, leg: Leg, *, is_taken: bool) -> None:
        """Tell one leg that it need ring no more; a station also whether another took the call."""
        self.outbox.send(leg, Cancel(callsid=call.sid, taken=is_taken and leg.kind is Kind.STATION))

    def deliver(self, call: Call, leg: Leg, message: Answer | Hangup, *, now: float) -> None:
        """Send a frame that must arrive: to each socket that may carry this leg, and where there is none, later."""
        clients = [
            client for client in self._directory if leg.client == client.id or self._may_carry(call, leg, client)
        ]
        again = _again(call, leg, message)
        for client in clients:
            self.outbox.deliver(client, message, now=now, again=again)
        if not clients:
            self.outbox.owe(leg, again or message, now=now)

    def send_later(self, leg: Leg, message: Message) -> None:
        """Send a frame to the socket that carries this leg; one that is away gets it on its return, the latest only."""
        if leg.client is None:
            leg.missed[type(message)] = message
        else:
            self.outbox.send(leg, message)

    def lose(self, client: Client, now: float) -> None:
        """Note that a socket is gone: its calls are kept for a while, or carried by one that followed it already."""
        self.outbox.lose(client, now=now)
        for call in self:
            if leg := call.carried_by(client.id):
                keep_s = LOST_OPEN_S if call.state is State.OPEN else LOST_RINGING_S
                leg.lose(now + max(keep_s, client.keep_s))
                call.is_announced = call.is_announced and leg is not call.caller
                self.note_silence(call, now)
                for heir in self._directory:
                    if heir.id > client.id:
                        self._regain(call, heir)

    def regain(self, client: Client) -> None:
        """Let a new socket carry what its identity has lost."""
        for call in self:
            self._regain(call, client)

    def _regain(self, call: Call, client: Client) -> None:
        """Guess; an SDK v2 will name the call itself, and can use what it missed only then."""
        legs = call.legs if call.state is State.OPEN else [call.caller]
        leg = next((leg for leg in legs if leg.client is None and self._may_carry(call, leg, client)), None)
        if leg is None:
            return
        leg.bind(client, is_guess=True)
        if not client.names_its_calls:
            for message in leg.missed.values():
                self.outbox.send(leg, message)
            leg.missed.clear()

    def doubt(self, client: Client, now: float) -> None:
        """A device that starts anew no longer has the calls that were taken for its own."""
        for call in self:
            leg = call.carried_by(client.id)
            if leg and leg.is_guess:
                self.end(call, now=now, by=leg)

    def note_silence(self, call: Call, now: float) -> None:
        """Where nobody rings any more, wait only as long as a lost socket may take to come back."""
        if call.state is State.RINGING and all(leg.client is None for leg in call.legs[1:]):
            call.silent_until = now + LOST_RINGING_S

    def tick(self, now: float) -> None:
        """End what rang, or was lost, for too long."""
        for call in self:
            is_ringing = call.state is State.RINGING
            needed = [call.caller] if is_ringing else call.legs
            if is_ringing and min(call.deadline, call.silent_until) <= now:
                self.end(call, now=now, failure=NO_ANSWER)
            elif any(leg.lost_until <= now for leg in needed):
                self.end(call, now=now, failure=LOST)

    def _may_carry(self, call: Call, leg: Leg, client: Client) -> bool:
        carried = [each for other in self if (each := other.carried_by(client.id))]
        return leg.may_be(client) and client.id not in call.rung and all(each.is_guess for each in carried)


def _again(call: Call, leg: Leg, message: Answer | Hangup) -> Message | None:
    """Return what to say once more on a new socket.

    Who called knows its own id for sure.  No answer: an SDK could take it for that to an ICE restart.
    """
    if isinstance(message, Answer):
        return None
    return replace(message, callsid=call.temporary) if leg is call.caller else message
