"""Phones that behave as their SDKs do, for any interleaving of what they do and what they have not heard yet."""

from collections.abc import Callable
from enum import StrEnum, auto

from intercom.signaling.messages import Answer, Cancel, Hangup, IncomingInvite, Message, Ringing


class Seen(StrEnum):
    """A call as the phone sees it."""

    PENDING = auto()
    ACTIVE = auto()


class Phone:
    """One phone; frames wait in `inbox` until they are heard.

    `calls` are those that it has, by the first id that it knows, `names` the real ids of those that it placed, `tokens`
    its reconnect tokens, by real ids.
    """

    def __init__(self, name: str, kind: str, say: Callable[[str], None]) -> None:
        self.name, self.kind = name, kind
        self.inbox: list[Message] = []
        self.calls: dict[str, Seen] = {}
        self.names: dict[str, str] = {}
        self.tokens: dict[str, str] = {}
        self.is_here = False
        self._say = say
        self._placed = 0

    @property
    def active(self) -> str | None:
        """The id of the one call that it is in."""
        return next((sid for sid, seen in self.calls.items() if seen is Seen.ACTIVE), None)

    @property
    def pending(self) -> list[str]:
        """The ids of the calls that ring."""
        return [sid for sid, seen in self.calls.items() if seen is Seen.PENDING]

    def come(self) -> None:
        """Connect and register; an SDK v2 names its call."""
        self.is_here = True
        self._say(f"+ {self.name} {self.kind}")
        sid = self.names.get(self.active or "", self.active)
        if self.kind == "sdk2" and sid in self.tokens:
            self._frame(f"invite {sid} {self.tokens[sid]}")

    def go(self) -> None:
        """Lose the socket, with all that was not heard; a call that is on goes on, one that rings is forgotten."""
        self.is_here = False
        self.inbox.clear()
        self.calls = {sid: seen for sid, seen in self.calls.items() if seen is Seen.ACTIVE}
        self._say(f"- {self.name}")

    def place(self, to: str) -> None:
        """Call; what rings here is ignored."""
        self._placed += 1
        callsid = f"T{self.name}{self._placed}"
        self.calls = {callsid: Seen.ACTIVE}
        self._frame(f"invite {callsid} To={to}")

    def accept(self) -> None:
        """Take the first call that rings."""
        sid = self.pending[0]
        self.calls[sid] = Seen.ACTIVE
        self._frame(f"answer {sid}")

    def reject(self) -> None:
        """Refuse the first call that rings."""
        sid = self.pending[0]
        del self.calls[sid]
        self._frame(f"reject {sid}")

    def hang_up(self) -> None:
        """End the call."""
        sid = self.active
        if sid:
            del self.calls[sid]
            self._frame(f"hangup {self.names.get(sid, sid)}")

    def hear(self) -> None:
        """Take the next frame."""
        message = self.inbox.pop(0)
        sid = self._known(getattr(message, "callsid", ""))
        match message:
            case IncomingInvite(callsid=callsid, reconnect=token) if not self.active:
                self.calls[callsid], self.tokens[callsid] = Seen.PENDING, token
            case Ringing(callsid=callsid) if self.active:
                self.names.setdefault(self.active, callsid)
            case Answer(callsid=callsid, reconnect=token) if self.active:
                self.names.setdefault(self.active, callsid)
                self.tokens[callsid] = token
            case Hangup() if self.calls.get(sid) is Seen.ACTIVE:
                del self.calls[sid]
            case Cancel():
                self.calls.pop(sid, None)

    def _known(self, callsid: str) -> str:
        """Return the first id of a call that the exchange names."""
        return next((first for first, real in self.names.items() if real == callsid), callsid)

    def _frame(self, words: str) -> None:
        self._say(f"{self.name} > {words}")
