"""One call as the exchange sees it: its state, its ends.  Pure."""

from dataclasses import dataclass, field
from enum import StrEnum, auto

from intercom.exchange.allowance import Allowance
from intercom.exchange.directory import Client, Kind
from intercom.signaling.messages import IncomingInvite, Message

MAIL_PER_S = 10.0
NEVER = float("inf")


class State(StrEnum):
    """How far a call is."""

    RINGING = auto()
    OPEN = auto()
    ENDED = auto()


class Role(StrEnum):
    """The two ends of a call."""

    CALLER = auto()
    CALLEE = auto()


@dataclass(slots=True, eq=False)
class Leg:
    """One end of a call; `client` is the socket that carries it, None while that is lost.

    After a loss the next socket of the identity is taken for it: that is a guess until the client names the call.
    `ufrag` tells the latest description of this end from others, `is_restarting` whether that is a `reinvite` which is
    not answered yet; `missed` are the latest frames, one of a type, that found the socket away; `mail` is what it may
    send in messages.
    """

    identity: str
    kind: Kind
    client: int | None = None
    reconnect: str = ""
    is_guess: bool = False
    has_left: bool = False
    lost_until: float = NEVER
    ufrag: str = ""
    is_restarting: bool = False
    missed: dict[type[Message], Message] = field(default_factory=dict)
    mail: Allowance = field(default_factory=lambda: Allowance(MAIL_PER_S))

    def bind(self, client: Client, *, is_guess: bool = False) -> None:
        """Let this client carry the leg."""
        self.client, self.is_guess, self.lost_until = client.id, is_guess, NEVER

    def lose(self, until: float) -> None:
        """Note that the socket is gone, and for how long the leg is kept."""
        self.client, self.is_guess, self.lost_until = None, False, until

    def may_be(self, client: Client) -> bool:
        """Whether this client may be whose leg it is: a newer socket may have followed one that died unseen."""
        is_open_to_all = self.client is None or self.is_guess or self.client <= client.id
        return is_open_to_all and (self.identity, self.kind) == (client.identity, client.kind)


@dataclass(slots=True, eq=False)
class Call:
    """A call from `invite` to its end; `temporary` is the caller's own id for it, `invite` what the callees get.

    It rings until `deadline`, and until `silent_until` when no socket is left that rings; `rung` are all that did.
    `is_announced` says that the caller knows the real id, unless its socket died before it heard that.
    """

    sid: str
    temporary: str
    to: str
    caller: Leg
    invite: IncomingInvite
    deadline: float
    silent_until: float = NEVER
    callees: list[Leg] = field(default_factory=list)
    members: frozenset[str] = frozenset()
    rung: set[int] = field(default_factory=set)
    state: State = State.RINGING
    is_announced: bool = False

    @property
    def legs(self) -> list[Leg]:
        """Both ends; while it rings, every end that does."""
        return [self.caller, *(leg for leg in self.callees if not leg.has_left)]

    def role(self, leg: Leg) -> Role:
        """Return which end this leg is."""
        return Role.CALLER if leg is self.caller else Role.CALLEE

    def other(self, leg: Leg) -> Leg:
        """Return the opposite end of an open call."""
        return self.callees[0] if leg is self.caller else self.caller

    def others(self, leg: Leg) -> list[Leg]:
        """Return the opposite ends: all that ring, for the caller."""
        return [each for each in self.legs if (each is self.caller) != (leg is self.caller)]

    def sid_for(self, leg: Leg) -> str:
        """Return the id by which this end knows the call by now."""
        return self.sid if self.is_announced or leg is not self.caller else self.temporary

    def carried_by(self, client_id: int) -> Leg | None:
        """Return the leg that this socket carries."""
        return next((leg for leg in self.legs if leg.client == client_id), None)

    def bind(self, leg: Leg, client: Client) -> None:
        """Let a client that named this call by its real id carry a leg of it."""
        leg.bind(client)
        self.is_announced = self.is_announced or leg is self.caller

    def leg_of(self, client: Client) -> Leg | None:
        """Return the leg of a client that named this call; one of its identity becomes its own by that.

        Never one that it lost to another device: a late frame of a loser does not touch the winner's call.
        """
        leg = self.carried_by(client.id)
        if leg is None and client.id not in self.rung:
            leg = next((leg for leg in self.legs if leg.may_be(client)), None)
        if leg:
            leg.bind(client)
        return leg

    def occupies(self, client_id: int) -> bool:
        """Whether a device of ours on this socket takes no other call because of this one."""
        leg = self.carried_by(client_id)
        return leg is not None and (leg is self.caller or self.state is State.OPEN)
