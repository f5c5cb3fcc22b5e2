"""`/panel`, without its sockets: who shows which panel to whom, and who may press.  Pure.

Frames are JSON `{"type", "payload"}`; the first from either side is `listen`.
"""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Raw, Struct

from intercom.errors import ConflictError, RefusedError, RemoteProtocolError, UsageError

HELD_AT_MOST = 32  # buttons that one page holds down
Name = Annotated[str, Meta(min_length=1, max_length=64)]


class Listen(Struct, frozen=True):
    """The first frame: the token, and what this client is."""

    token: Annotated[str, Meta(max_length=8192)]
    role: Literal["station", "page"]
    simulated: bool = False


class Snapshot(Struct, frozen=True):
    """A station's status, as `intercom status --json`; `station` and `simulated` are set on the way to a page."""

    status: dict[str, Any]
    station: str = ""
    simulated: bool = False


class Gone(Struct, frozen=True):
    """A station went away."""

    station: str


class Press(Struct, frozen=True, omit_defaults=True):
    """A button goes down; `station` is named by a page and taken away on the way to the station."""

    button: Name
    station: str = ""


class Release(Struct, frozen=True, omit_defaults=True):
    """A button goes up."""

    button: Name
    station: str = ""


class Connected(Struct, frozen=True):
    """The token was good."""


class Problem(Struct, frozen=True):
    code: int
    message: str


class Failed(Struct, frozen=True):
    """What was asked for was refused."""

    error: Problem


Frame = Listen | Snapshot | Gone | Press | Release | Connected | Failed
TYPES: dict[str, type[Frame]] = {
    "listen": Listen,
    "connected": Connected,
    "error": Failed,
    "snapshot": Snapshot,
    "gone": Gone,
    "press": Press,
    "release": Release,
}
NAMES = {kind: name for name, kind in TYPES.items()}


@dataclass(slots=True)
class Panel:
    """One station's panel as the pages see it."""

    client: int
    simulated: bool
    status: dict[str, Any] | None = None


class Panels:
    """All panels and the pages that watch them; clients are numbers, answers are (client, frame)."""

    def __init__(self) -> None:
        self._panels: dict[str, Panel] = {}
        self._pages: set[int] = set()
        self._held: dict[int, set[tuple[str, str]]] = {}

    def join(self, client: int, identity: str, listen: Listen) -> list[tuple[int, Frame]]:
        """Take in a client whose token was verified."""
        if listen.role == "station":
            self._panels[identity] = Panel(client, listen.simulated)
            return [(client, Connected())]
        self._pages.add(client)
        seen = [(client, _shown(name, panel)) for name, panel in self._panels.items() if panel.status is not None]
        return [(client, Connected()), *seen]

    def leave(self, client: int) -> list[tuple[int, Frame]]:
        """Forget a client; the buttons that a page held down go up."""
        self._pages.discard(client)
        held = self._held.pop(client, set())
        released = [
            (self._panels[station].client, Release(button)) for station, button in held if station in self._panels
        ]
        gone = [name for name, panel in self._panels.items() if panel.client == client]
        for name in gone:
            del self._panels[name]
        return [*released, *((page, Gone(name)) for name in gone for page in self._pages)]

    def receive(self, client: int, frame: Frame) -> list[tuple[int, Frame]]:
        """Take a frame; raises RefusedError, UsageError or ConflictError."""
        match frame:
            case Snapshot(status=status):
                name, panel = self._panel_of(client)
                panel.status = status
                return [(page, _shown(name, panel)) for page in self._pages]
            case Press() | Release() if client in self._pages:
                panel = self._pressable(frame.station)
                self._note(client, frame)
                return [(panel.client, type(frame)(frame.button))]
            case _:
                raise RefusedError("Only a page may press, and only a station may show its panel.")

    def _note(self, page: int, frame: Press | Release) -> None:
        held, button = self._held.setdefault(page, set()), (frame.station, frame.button)
        if isinstance(frame, Release):
            held.discard(button)
        elif len(held) < HELD_AT_MOST:
            held.add(button)

    def _panel_of(self, client: int) -> tuple[str, Panel]:
        for name, panel in self._panels.items():
            if panel.client == client:
                return name, panel
        raise RefusedError("This station's panel was taken over by another program with its key.")

    def _pressable(self, station: str) -> Panel:
        panel = self._panels.get(station)
        if panel is None:
            raise UsageError("There is no such station at the moment.", "Wait until it is back.")
        if not panel.simulated:
            raise ConflictError("This station has real buttons.", "Press them at the station.")
        return panel


def decode(text: str) -> Frame:
    """Read a frame of a client; raises RemoteProtocolError."""
    try:
        envelope = _envelopes.decode(text)
        return msgspec.json.decode(envelope.payload, type=TYPES[envelope.type])
    except (msgspec.MsgspecError, LookupError, UnicodeError, RecursionError) as error:
        raise RemoteProtocolError(f"A frame of {len(text)} characters can't be read.") from error


def encode(frame: Frame) -> str:
    """Return the frame's text."""
    return msgspec.json.encode({"type": NAMES[type(frame)], "payload": frame}).decode()


def _shown(name: str, panel: Panel) -> Snapshot:
    return Snapshot(panel.status or {}, station=name, simulated=panel.simulated)


class _Envelope(Struct):
    type: str
    payload: Raw = Raw(b"{}")


_envelopes = msgspec.json.Decoder(_Envelope)
