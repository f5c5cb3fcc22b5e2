"""Frames on their way to the ends of calls, also to ends whose socket is away, or dies before it was heard.  Pure."""

from dataclasses import dataclass

from intercom.exchange.calls import Leg
from intercom.exchange.directory import Client, Kind
from intercom.exchange.effects import Effect, Send
from intercom.signaling.messages import Message

OWED_S = 600.0
UNHEARD_S = 20.0  # the longest for which a socket may be dead unseen


@dataclass(frozen=True, slots=True)
class _Owed:
    identity: str
    kind: Kind
    message: Message
    until: float


@dataclass(frozen=True, slots=True)
class _Sent:
    client: int
    again: Message
    at: float


class Outbox:
    """Collects effects; a frame that found nobody is owed to the next socket of its identity."""

    def __init__(self) -> None:
        self._effects: list[Effect] = []
        self._owed: list[_Owed] = []
        self._sent: list[_Sent] = []

    def add(self, effect: Effect) -> None:
        """Have something done."""
        self._effects.append(effect)

    def take(self) -> list[Effect]:
        """Return what is to be done, in order, and forget it."""
        effects, self._effects = self._effects, []
        return effects

    def send(self, leg: Leg, message: Message) -> None:
        """Send a frame to the socket that carries this leg; one that is away loses it."""
        if leg.client is not None:
            self.add(Send(leg.client, message))

    def deliver(self, client: Client, message: Message, *, now: float, again: Message | None = None) -> None:
        """Send a frame; `again` is owed where the socket is lost a moment later."""
        self.add(Send(client.id, message))
        self._sent = [sent for sent in self._sent if sent.at > now - UNHEARD_S]
        if again:
            self._sent.append(_Sent(client.id, again, now))

    def owe(self, end: Leg | Client, message: Message, *, now: float) -> None:
        """Keep a frame for ten minutes."""
        self._owed.append(_Owed(end.identity, end.kind, message, now + OWED_S))

    def lose(self, client: Client, *, now: float) -> None:
        """Note that a socket is gone: what it may not have heard is owed."""
        for sent in self._sent:
            if sent.client == client.id and sent.at > now - UNHEARD_S:
                self.owe(client, sent.again, now=now)

    def settle(self, client: Client, *, now: float) -> None:
        """Send a new client what its identity is owed."""
        due = [owed for owed in self._owed if (owed.identity, owed.kind) == (client.identity, client.kind)]
        self._owed = [owed for owed in self._owed if owed not in due and owed.until > now]
        for owed in due:
            self.deliver(client, owed.message, now=now, again=owed.message)
