"""What a frame about a call does, by the call's state and who sent it.  Pure.

The first answer wins; a reject ends the ringing for all; what makes no sense, and unknown ids, are met with silence.
"""

from collections.abc import Callable
from typing import Any

from intercom.exchange import restarts
from intercom.exchange.calling import Calling
from intercom.exchange.calls import Call, Leg, Role, State
from intercom.exchange.directory import Client, Kind
from intercom.exchange.effects import Answered, End
from intercom.signaling.messages import Answer, Dtmf, Failure, Hangup, Message, Reinvite, Reject, ice_ufrag

DECLINED = Failure(31603, "The call was declined.")
GONE = Failure(31480, "The called device hung up before it answered.")

Move = Callable[[Calling, Call, Leg, Any, float], None]


def receive(calls: Calling, client: Client, message: Answer | Reject | Hangup | Dtmf | Reinvite, now: float) -> None:
    """Take a client's frame about a call."""
    found = calls.find(message.callsid, client)
    if found:
        call, leg = found
        move = MOVES.get((call.state, call.role(leg), type(message)), _nothing)
        move(calls, call, leg, message, now)
    elif isinstance(message, Answer):  # the call ended a moment ago; whoever answered would wait for ever
        over = Hangup(callsid=message.callsid)
        calls.outbox.deliver(client, over, now=now, again=over)


def _nothing(_calls: Calling, _call: Call, _leg: Leg, _message: Message, _now: float) -> None:
    """It comes too late or too early."""


def _answer(calls: Calling, call: Call, leg: Leg, message: Answer, now: float) -> None:
    for loser in call.legs:
        if loser is not leg and loser is not call.caller:
            calls.cancel(call, loser, is_taken=True)
    call.state, call.callees, call.is_announced = State.OPEN, [leg], True
    leg.ufrag = ice_ufrag(message.sdp)
    calls.outbox.add(Answered(call.sid, End(leg.identity, leg.kind, leg.reconnect)))
    answer = Answer(callsid=call.sid, sdp=message.sdp, reconnect=call.caller.reconnect)
    calls.deliver(call, call.caller, answer, now=now)


def _reject(calls: Calling, call: Call, leg: Leg, _message: Reject, now: float) -> None:
    calls.end(call, now=now, by=leg, failure=DECLINED, is_taken=True)


def _leave(calls: Calling, call: Call, leg: Leg, _message: Hangup, now: float) -> None:
    """A callee accepted and gave up before its answer was out; the others ring on."""
    leg.has_left = True
    if all(each.has_left for each in call.callees):
        calls.end(call, now=now, failure=GONE)
    else:
        calls.note_silence(call, now)


def _hang_up(calls: Calling, call: Call, leg: Leg, message: Hangup, now: float) -> None:
    calls.end(call, now=now, by=leg, is_taken=message.taken and leg.kind is Kind.STATION)


def _restart(calls: Calling, call: Call, leg: Leg, message: Reinvite, _now: float) -> None:
    restarts.offer(calls, call, leg, message.sdp)


def _restarted(calls: Calling, call: Call, leg: Leg, message: Answer, _now: float) -> None:
    restarts.answer(calls, call, leg, message)


def _digits(calls: Calling, call: Call, leg: Leg, message: Dtmf, _now: float) -> None:
    if call.other(leg).kind is Kind.STATION:  # an SDK takes no `dtmf`
        calls.outbox.send(call.other(leg), Dtmf(callsid=call.sid, dtmf=message.dtmf))


MOVES: dict[tuple[State, Role, type[Message]], Move] = {
    (State.RINGING, Role.CALLER, Hangup): _hang_up,
    (State.RINGING, Role.CALLEE, Answer): _answer,
    (State.RINGING, Role.CALLEE, Reject): _reject,
    (State.RINGING, Role.CALLEE, Hangup): _leave,
    (State.OPEN, Role.CALLER, Hangup): _hang_up,
    (State.OPEN, Role.CALLEE, Hangup): _hang_up,
    (State.OPEN, Role.CALLER, Reinvite): _restart,
    (State.OPEN, Role.CALLEE, Reinvite): _restart,
    (State.OPEN, Role.CALLER, Answer): _restarted,
    (State.OPEN, Role.CALLEE, Answer): _restarted,
    (State.OPEN, Role.CALLER, Dtmf): _digits,
    (State.OPEN, Role.CALLEE, Dtmf): _digits,
}
