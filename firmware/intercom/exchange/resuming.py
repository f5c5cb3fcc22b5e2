"""A client names a call by the reconnect token of its end of it (Voice JS SDK v2, reconnect invite).  Pure.

It does so after every `connected`: on a new socket, and on the living one after a fresh token.  A description that is
not the known one asks for new media: of a device that takes the call over (connectToken), or that began an ICE restart
while its signalling was away.
"""

from intercom.exchange import moves, restarts
from intercom.exchange.calling import Calling
from intercom.exchange.calls import Call, Leg, State
from intercom.exchange.directory import Client, Kind
from intercom.exchange.effects import Send
from intercom.signaling.messages import Answer, Failure, Hangup, Invite, ice_ufrag

UNKNOWN = Failure(31209, "This call is over.")
ELSEWHERE = Failure(31209, "A call that rings can only be answered where it rings.")
IMMOVABLE = Failure(31209, "The far end of this call can't move with it to another device.")

ANSWER_KIND = "a=setup:active"


def receive(calls: Calling, client: Client, message: Invite, now: float) -> None:
    """Bind the end of the call to this client and tell it so by `answer`, or refuse it by `hangup`."""
    call, leg = _find(calls, client, message)
    if call is None or leg is None:
        _refuse(calls, client, message, UNKNOWN)
    elif call.state is State.RINGING and ANSWER_KIND in message.sdp and leg is not call.caller:
        moves.receive(calls, client, Answer(callsid=call.sid, sdp=message.sdp), now)  # what it said before was lost
        _confirm(calls, call, leg)
    elif call.state is State.RINGING:
        _refuse(calls, client, message, ELSEWHERE)
    elif not _is_new_media(leg, message):
        call.bind(leg, client)
        leg.ufrag = ice_ufrag(message.sdp) or leg.ufrag
        _confirm(calls, call, leg)
    else:
        _begin_anew(calls, call, leg, client, message)


def _begin_anew(calls: Calling, call: Call, leg: Leg, client: Client, message: Invite) -> None:
    before = leg.client
    is_moved = before not in {None, client.id} and not leg.is_guess
    if call.other(leg).kind is Kind.STATION:
        call.bind(leg, client)
        restarts.offer(calls, call, leg, message.sdp)
        if before is not None and is_moved:
            calls.outbox.add(Send(before, Hangup(callsid=call.sid)))
    elif is_moved:
        _refuse(calls, client, message, IMMOVABLE)
    else:
        call.bind(leg, client)
        _confirm(calls, call, leg)


def _find(calls: Calling, client: Client, message: Invite) -> tuple[Call, Leg] | tuple[None, None]:
    for call in calls:
        for leg in call.legs if call.sid == message.callsid else ():
            if (leg.reconnect, leg.identity, leg.kind) == (message.reconnect, client.identity, client.kind):
                return call, leg
    return None, None


def _is_new_media(leg: Leg, message: Invite) -> bool:
    """A description of which nothing is known (after a restart of the exchange) is taken for the old one."""
    return bool(leg.ufrag) and ice_ufrag(message.sdp) not in {"", leg.ufrag}


def _confirm(calls: Calling, call: Call, leg: Leg) -> None:
    """An answer to its ICE restart that found this end away is part of it."""
    missed = leg.missed.pop(Answer, None)
    sdp = missed.sdp if isinstance(missed, Answer) else ""
    calls.outbox.send(leg, Answer(callsid=call.sid, sdp=sdp, reconnect=leg.reconnect))


def _refuse(calls: Calling, client: Client, message: Invite, failure: Failure) -> None:
    calls.outbox.add(Send(client.id, Hangup(callsid=message.callsid, error=failure)))
