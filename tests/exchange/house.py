"""A switch and its clients, driven by a transcript.

    + bob station as kitchen    a client connects (station, page, sdk1, sdk2) and registers; `as`: its identity
    - bob                       its socket is lost
    bob > invite T1 To=anna     it sends a frame: type, callsid, and what else the frame has
    bob < hangup T1 31404       it gets a frame: type, callsid, error code
    bob > reinvite CA1 ~b2      the description in the frame has this ICE user name fragment
    anna > answer CA1 ~a2 ~b2   and answers the offer with that
    at 60                       the clock shows 60 s

Each line that does something must be followed by all that comes of it, in order; `connected` and `ready` at a
connection go without saying.  Call ids count CA1, CA2, …, reconnect tokens RT1, RT2, …
"""

import itertools
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from intercom.exchange.directory import Client, Directory, Kind
from intercom.exchange.effects import Effect, Send
from intercom.exchange.switch import Switch
from intercom.signaling.messages import (
    Answer,
    CallMessage,
    Connected,
    Dtmf,
    Hangup,
    Invite,
    MediaWanted,
    Message,
    Ready,
    Register,
    Reinvite,
    Reject,
    TwilioParams,
    ice_ufrag,
)

KINDS = {"station": Kind.STATION, "page": Kind.PAGE, "sdk1": Kind.FOREIGN, "sdk2": Kind.FOREIGN}
SDK = {"sdk1": "1.15.1", "sdk2": "2.18.5"}
GROUPS = {"house": ("kitchen", "hall")}
KNOWN = frozenset({"anna", "bob", "carl", "kitchen", "hall"})
TOKEN_LIFE_S = 3600.0
SDP = "v=0\r\n"
LINES = {"candidates": "a=candidate:1 1 udp 1 192.168.1.2 5000 typ host\r\n", "active": "a=setup:active\r\n"}


class House:
    """The exchange of a small house; `effects` are those of the last step that are not frames."""

    def __init__(self) -> None:
        counters: dict[str, Iterator[int]] = {}
        self.now = 0.0
        self.effects: list[Effect] = []
        self.frames: list[tuple[str, Message]] = []
        self.switch = Switch(
            Directory(GROUPS),
            no_answer_s=60,
            new_id=lambda prefix: f"{prefix}{next(counters.setdefault(prefix, itertools.count(1)))}",
        )
        self.switch.directory.known = KNOWN
        self._numbers: dict[str, int] = {}
        self._next_number = itertools.count(1)

    def do(self, line: str) -> list[str]:
        """Do what a line of a transcript says; returns what comes of it, as the transcript would say."""
        match line.split():
            case ["+", name, kind, *words]:
                self._connect(name, kind, words)
            case ["-", name]:
                self._note(self.switch.detach(self._numbers.pop(name), self.now))
            case ["at", seconds]:
                self.now = float(seconds)
                self._note(self.switch.tick(self.now))
            case [name, ">", *words]:
                self._note(self.switch.receive(self._numbers[name], frame(*words), self.now))
            case _:
                raise ValueError(line)
        return [f"{name} < {text(message)}" for name, message in self.frames]

    def _connect(self, name: str, kind: str, words: list[str]) -> None:
        identity = words[words.index("as") + 1] if "as" in words else name
        number = self._numbers.setdefault(name, next(self._next_number))
        client = Client(
            number,
            identity,
            KINDS[kind],
            expires_at=self.now + TOKEN_LIFE_S,
            may_receive="deaf" not in words,
            may_call="dumb" not in words,
            sdk=SDK.get(kind, ""),
        )
        effects = self.switch.attach(client, self.now)
        if "deaf" not in words and "unregistered" not in words:
            effects += self.switch.receive(number, Register(media=MediaWanted(audio=True)), self.now)
        self._note(effect for effect in effects if not _goes_without_saying(effect))

    def _note(self, effects: Iterable[Effect]) -> None:
        every = list(effects)
        names = {number: name for name, number in self._numbers.items()}
        self.effects = [effect for effect in every if not isinstance(effect, Send)]
        self.frames = [(names[effect.client], effect.message) for effect in every if isinstance(effect, Send)]


def scenarios(path: Path) -> dict[str, list[str]]:
    """Return the transcripts of a file by their titles, which begin with `# `."""
    sections = path.read_text().split("# ")[1:]
    lines = {section.partition("\n")[0]: section.splitlines()[1:] for section in sections}
    return {title: [line for line in body if line] for title, body in lines.items()}


def frame(kind: str, callsid: str = "", *words: str) -> Message:
    """Return a client's frame."""
    fragments = [word.removeprefix("~") for word in words if word.startswith("~")]
    lines = [LINES[word] for word in words if word in LINES] + [f"a=ice-ufrag:{each}\r\n" for each in fragments[:1]]
    sdp = SDP + "".join(lines)
    reconnect = next((word for word in words if word.startswith("RT")), "")
    params = TwilioParams(next((word for word in words if "=" in word), ""))
    made: dict[str, Callable[[], Message]] = {
        "register": lambda: Register(media=MediaWanted(audio=callsid == "yes")),
        "invite": lambda: Invite(
            callsid=callsid, sdp=sdp, twilio=params, reconnect=reconnect, preflight="preflight" in words
        ),
        "answer": lambda: Answer(callsid=callsid, sdp=sdp, offer_ufrag="".join(fragments[1:])),
        "reinvite": lambda: Reinvite(callsid=callsid, sdp=sdp),
        "dtmf": lambda: Dtmf(callsid=callsid, dtmf=words[0]),
        "message": lambda: CallMessage(callsid=callsid, voiceeventsid="KX1", messagetype=words[0], content=words[1:]),
        "hangup": lambda: Hangup(callsid=callsid),
        "reject": lambda: Reject(callsid=callsid),
    }
    return made[kind]()


def text(message: Message) -> str:
    """Return an exchange's frame as transcripts write it."""
    error = getattr(message, "error", None)
    fragments = [ice_ufrag(getattr(message, "sdp", "")), getattr(message, "offer_ufrag", "")]
    words = [message.kind, getattr(message, "callsid", ""), str(error.code) if error else ""]
    words += [f"~{fragment}" for fragment in fragments if fragment]
    return " ".join(word for word in words if word)


def _goes_without_saying(effect: Effect) -> bool:
    return isinstance(effect, Send) and isinstance(effect.message, Connected | Ready)
