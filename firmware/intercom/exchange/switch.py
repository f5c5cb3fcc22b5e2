"""The switch: frames and times in, effects out.  Pure: no socket, no clock, no disk.

Follows the Voice JS SDK v1 and v2 (PStream): `listen` is taken care of by the token check in front, which then
attaches the client here.
"""

from collections.abc import Callable, Iterable

from intercom.exchange import mail, moves, resuming
from intercom.exchange.calling import LOST_OPEN_S, Calling
from intercom.exchange.calls import NEVER, Call, Leg, State
from intercom.exchange.directory import Client, Directory
from intercom.exchange.effects import Answered, Effect, End, Send, Started
from intercom.exchange.outbox import Outbox
from intercom.exchange.routing import EXPIRED, NO_GRANT, can_meet, choose
from intercom.signaling import parameters
from intercom.signaling.messages import (
    Answer,
    CallMessage,
    Close,
    Connected,
    Dtmf,
    ErrorFrame,
    Failure,
    Hangup,
    IncomingInvite,
    Invite,
    Message,
    Offline,
    Ready,
    Register,
    Reinvite,
    Reject,
    ice_ufrag,
)
from intercom.signaling.token import ACCOUNT

API_VERSION = "2010-04-01"
REGION = "local"
RESTARTED = Failure(31480, "The exchange was restarted while it rang.")


class Switch:
    """Clients, registration, calls."""

    def __init__(self, directory: Directory, *, no_answer_s: float, new_id: Callable[[str], str]) -> None:
        self.directory = directory
        self._outbox = Outbox()
        self.calls = Calling(directory, self._outbox, new_id)
        self._no_answer_s, self._new_id = no_answer_s, new_id

    def restore(self, started: Iterable[tuple[Started, Answered | None]], now: float) -> list[Effect]:
        """Take up the calls that were live when the exchange stopped; those that rang are over."""
        for call, answered in started:
            self._restore(call, answered, now)
        return self._outbox.take()

    def attach(self, client: Client, now: float) -> list[Effect]:
        """Take in a client whose token was verified, or the fresh token of one that is here."""
        known = self.directory.get(client.id)
        is_here = known is not None and known.identity == client.identity
        if known and is_here:
            client.is_registered = known.is_registered
        elif known:
            self.calls.lose(known, now)
        self.directory.add(client)
        self._send(client, _connected(client, now))
        if not is_here:
            self.calls.regain(client)
            self._outbox.settle(client, now=now)
        return self._outbox.take()

    def detach(self, client_id: int, now: float) -> list[Effect]:
        """Note that a socket is gone."""
        client = self.directory.get(client_id)
        if client:
            self.directory.remove(client_id)
            self.calls.lose(client, now)
        return self._outbox.take()

    def evict(self, client_id: int, failure: Failure, now: float) -> list[Effect]:
        """Send away a client whose key was revoked; its calls end."""
        client = self.directory.get(client_id)
        if client:
            for call in self.calls:
                if leg := call.carried_by(client_id):
                    self.calls.dismiss(call, leg, now=now)
                    moves.receive(self.calls, client, Hangup(callsid=call.sid), now)
            self._send(client, ErrorFrame(error=failure))
            self._send(client, Close())
            self.directory.remove(client_id)
        return self._outbox.take()

    def receive(self, client_id: int, message: Message, now: float) -> list[Effect]:
        """Take a frame of an attached client."""
        client = self.directory.get(client_id)
        match message:
            case _ if client is None:
                pass
            case Register():
                self._register(client, message)
            case Invite() if message.reconnect:
                resuming.receive(self.calls, client, message, now)
            case Invite():
                self._invite(client, message, now)
            case CallMessage():
                mail.receive(self.calls, client, message, now)
            case Answer() | Reject() | Hangup() | Dtmf() | Reinvite():
                moves.receive(self.calls, client, message, now)
        return self._outbox.take()

    def tick(self, now: float) -> list[Effect]:
        """Do what is due; to be called every second."""
        self.calls.tick(now)
        for client in self.directory:
            if client.expires_at <= now and not client.is_expired:
                client.is_expired, client.is_registered = True, False
                self._send(client, ErrorFrame(error=EXPIRED))
                self._send(client, Offline())
        return self._outbox.take()

    def _register(self, client: Client, message: Register) -> None:
        failure = EXPIRED if client.is_expired else None if client.may_receive else NO_GRANT
        if message.media.audio and failure:
            self._send(client, ErrorFrame(error=failure))
            return
        client.is_registered = message.media.audio
        self._send(client, Ready() if client.is_registered else Offline())
        if client.is_registered:
            self._join_ringing(client)

    def _join_ringing(self, client: Client) -> None:
        """Ring a client that comes (back) while its identity is being called."""
        for call in self.calls:
            is_new = call.state is State.RINGING and all(
                leg.client != client.id for leg in [call.caller, *call.callees]
            )
            is_meant = client.identity in call.members and not self.calls.is_busy(client)
            if is_new and is_meant and can_meet(call.caller.kind, call.invite.sdp, client.kind):
                self.calls.ring(call, client)

    def _invite(self, client: Client, message: Invite, now: float) -> None:
        if self.calls.find(message.callsid, client):
            return
        self.calls.doubt(client, now)
        call = self._begin(client, message, now)
        chosen = choose(client, to=call.to, invite=message, directory=self.directory, is_busy=self.calls.is_busy)
        if isinstance(chosen, Failure):
            self.calls.end(call, now=now, failure=chosen)
            return
        self.calls.add(call)
        for callee in chosen:
            self.calls.ring(call, callee)
        self.calls.announce(call, client)

    def _begin(self, client: Client, message: Invite, now: float) -> Call:
        to, params = parameters.split(message.twilio.params)
        sid = self._new_id("CA")
        told = {
            "CallSid": sid,
            "AccountSid": ACCOUNT,
            "From": f"client:{client.identity}",
            "To": f"client:{to.removeprefix('client:')}",
            "ApiVersion": API_VERSION,
            "Params": params,
        }
        caller = Leg(client.identity, client.kind, client.id, reconnect=self._new_id("RT"))
        caller.ufrag = ice_ufrag(message.sdp)
        invite = IncomingInvite(callsid=sid, sdp=message.sdp, parameters=told)
        self._outbox.add(Started(sid, message.callsid, to, End(caller.identity, caller.kind, caller.reconnect)))
        deadline = now + self._no_answer_s
        members = self.directory.members(to)
        return Call(sid, message.callsid, to, caller, invite, deadline, members=members)

    def _restore(self, started: Started, answered: Answered | None, now: float) -> None:
        caller = Leg(started.caller.identity, started.caller.kind, reconnect=started.caller.reconnect)
        invite = IncomingInvite(callsid=started.sid, sdp="")
        call = Call(started.sid, started.temporary, started.to, caller, invite, NEVER)
        if answered is None:
            self.calls.end(call, now=now, failure=RESTARTED)
            return
        callee = Leg(answered.callee.identity, answered.callee.kind, reconnect=answered.callee.reconnect)
        call.state, call.callees, call.is_announced = State.OPEN, [callee], True
        for leg in call.legs:
            leg.lose(now + LOST_OPEN_S)
        self.calls.add(call)

    def _send(self, client: Client, message: Message) -> None:
        self._outbox.add(Send(client.id, message))


def _connected(client: Client, now: float) -> Connected:
    token = {"identity": client.identity, "ttl": int(client.expires_at - now)}
    beat_s = client.beat_s if client.is_ours else 0
    return Connected(region=REGION, edge=REGION, home=REGION, token=token, heartbeat_s=beat_s)
