"""The product as tables: what the ring and the speaker show, and what each button does, in every state.

An installer reads this page as it stands: a row per state, a column per light, tone, press and hold.
"""

from dataclasses import dataclass

from intercom.call.events import End, Ending
from intercom.call.machine import CallState
from intercom.panel.patterns import Light
from intercom.station.actions import Action
from intercom.station.view import AT_REST, IN_CALL, Shows, Sign, View


@dataclass(frozen=True, slots=True)
class Row:
    """A state's light and tone, and what the answer button does in it; `lasts_s` where it ends by itself."""

    light: Light
    tone: str | None = None
    press: Action | None = None
    hold: Action | None = None
    lasts_s: float | None = None


RULES: dict[Shows, Row] = {
    # state                   ring: pattern, colour          tone             answer: press             hold
    Shows.OFFLINE:        Row(Light("blink", "amber"),       None,            Action.SAY_NOT_CONNECTED),
    Shows.IDLE:           Row(Light("heartbeat", "white"),   None,            Action.CALL),
    Shows.PENDING:        Row(Light("chase", "blue"),        "ringtone",      Action.ACCEPT,            Action.REJECT),
    Shows.CONNECTING:     Row(Light("spin", "white"),        None,            Action.HANG_UP),
    Shows.RINGING:        Row(Light("breathe", "white"),     "ringback",      Action.HANG_UP),
    Shows.OPEN:           Row(Light("steady", "green"),      None,            Action.HANG_UP,           Action.HANG_UP),
    Shows.LAST_MINUTE:    Row(Light("steady", "green"),      None,            Action.PROLONG,           Action.HANG_UP),
    Shows.RECONNECTING:   Row(Light("swing", "amber"),       "tick",          Action.HANG_UP),
    Shows.ENDED:          Row(Light("flash-long", "green"),  "end",           Action.CALL,              lasts_s=1.0),
    Shows.ENDED_QUIETLY:  Row(Light("flash-long", "green"),  None,            Action.CALL,              lasts_s=1.0),
    Shows.FAILED:         Row(Light("flash-three", "red"),   "failed",        Action.CALL,              lasts_s=2.0),
    Shows.BUSY:           Row(Light("flash-three", "red"),   "busy",          Action.CALL,              lasts_s=3.0),
    Shows.NO_ANSWER:      Row(Light("flash-three", "amber"), "no-answer",     Action.CALL,              lasts_s=2.0),
    Shows.NOT_CONNECTED:  Row(Light("blink", "amber"),       "not-connected", Action.SAY_NOT_CONNECTED, lasts_s=1.5),
    Shows.NOT_CONFIGURED: Row(Light("flash-three", "red"),   "not-configured", Action.CALL,              lasts_s=2.0),
}  # fmt: skip

# What is shown over the state, the first on top, and in which states.
SIGNS: dict[Sign, set[Shows]] = {
    Sign.MUTED:        set(Shows),
    Sign.LINK_LOST:    IN_CALL,
    Sign.POOR_QUALITY: IN_CALL,
    Sign.LAST_MINUTE:  {Shows.LAST_MINUTE, Shows.RECONNECTING},
    Sign.PRIVATE:      set(Shows),
    Sign.MISSED:       set(Shows) - IN_CALL,
    Sign.DO_NOT_DISTURB: set(Shows) - IN_CALL,
    Sign.TAMPERED:     set(Shows),
    Sign.DOOR_HELD:    set(Shows),
    Sign.DOOR_OPEN:    set(Shows),
    Sign.DOOR_ASKED:   set(Shows),
    Sign.DOOR_GRANTED: set(Shows),
    Sign.DOOR_REFUSED: set(Shows),
}  # fmt: skip

# What is heard in place of a state's tone while a sign is shown; None: nothing.
HEARD: dict[tuple[Shows, Sign], str | None] = {
    (Shows.PENDING, Sign.HUSHED): None,
    (Shows.PENDING, Sign.ANNOUNCED): "announcement",
}

# What is heard once when it comes to be shown.
SIGNALS: dict[Sign, str] = {
    Sign.PRIVATE:      "private",
    Sign.DOOR_OPEN:    "door-opened",
    Sign.DOOR_HELD:    "door-held",
    Sign.DOOR_ASKED:   "door-asked",
    Sign.DOOR_GRANTED: "door-granted",
    Sign.DOOR_REFUSED: "door-refused",
}  # fmt: skip

# The optional buttons: what a press does, in which states.
BUTTONS: dict[str, list[tuple[set[Shows], Action]]] = {
    "call":   [(AT_REST, Action.CALL), ({Shows.OFFLINE, Shows.NOT_CONNECTED}, Action.SAY_NOT_CONNECTED)],
    "mute":   [(IN_CALL, Action.TOGGLE_MUTE)],
    "reject": [({Shows.PENDING}, Action.REJECT), (IN_CALL, Action.HANG_UP)],
    "ignore": [({Shows.PENDING}, Action.IGNORE), ({Shows.IDLE, Shows.OFFLINE}, Action.TOGGLE_DO_NOT_DISTURB)],
    "door":   [({Shows.PENDING} | IN_CALL, Action.ASK_DOOR)],
    "volume_up":   [({Shows.PENDING}, Action.RING_UP), (set(Shows), Action.VOLUME_UP)],
    "volume_down": [({Shows.PENDING}, Action.RING_DOWN), (set(Shows), Action.VOLUME_DOWN)],
}  # fmt: skip

# Where an action makes sense, if not everywhere.
MEANT_IN: dict[Action, set[Shows]] = {
    Action.CALL:        set(Shows) - IN_CALL - {Shows.PENDING},
    Action.ACCEPT:      {Shows.PENDING},
    Action.REJECT:      {Shows.PENDING},
    Action.IGNORE:      {Shows.PENDING},
    Action.HANG_UP:     IN_CALL,
    Action.TOGGLE_MUTE: IN_CALL | {Shows.PENDING},
    Action.TALK:        IN_CALL,
    Action.ASK_DOOR:    IN_CALL | {Shows.PENDING},
    Action.PROLONG:     {Shows.LAST_MINUTE},
    Action.SAY_NOT_CONNECTED: {Shows.OFFLINE, Shows.NOT_CONNECTED},
}  # fmt: skip

# And what holding one does.
HOLDS: dict[str, list[tuple[set[Shows], Action]]] = {
    "mute": [(set(Shows), Action.TOGGLE_PRIVACY)],
}

BY_CALL_STATE: dict[CallState, Shows] = {
    CallState.PENDING: Shows.PENDING,
    CallState.CONNECTING: Shows.CONNECTING,
    CallState.RINGING: Shows.RINGING,
    CallState.OPEN: Shows.OPEN,
    CallState.RECONNECTING: Shows.RECONNECTING,
}

BY_CODE: dict[int, Shows] = {31480: Shows.NO_ANSWER, 31486: Shows.BUSY}

BY_ENDING: dict[Ending, Shows] = {
    Ending.HUNG_UP: Shows.ENDED,
    Ending.HUNG_UP_BY_FAR_END: Shows.ENDED,
    Ending.REJECTED: Shows.ENDED_QUIETLY,
    Ending.IGNORED: Shows.ENDED_QUIETLY,
    Ending.CANCELLED: Shows.ENDED_QUIETLY,
    Ending.TAKEN: Shows.ENDED_QUIETLY,
    Ending.FAILED: Shows.FAILED,
}


def shows(state: CallState, signs: frozenset[Sign]) -> Shows:
    """Return what is shown of a call."""
    is_last = state is CallState.OPEN and Sign.LAST_MINUTE in signs
    return Shows.LAST_MINUTE if is_last else BY_CALL_STATE[state]


def after(end: End) -> Shows:
    """Return what is shown when a call has ended so."""
    return BY_CODE.get(end.code, BY_ENDING[end.how])


def click(before: View, now: View) -> str | None:
    """Return what is heard once of a change: what comes to be shown, and muting, whoever asked for it."""
    if signal := next((SIGNALS[sign] for sign in SIGNALS if sign in now.signs - before.signs), None):
        return signal
    if Sign.PRIVATE in before.signs - now.signs:
        return "not-private"
    if before.is_muted is now.is_muted or not {before.shows, now.shows} <= IN_CALL:
        return None
    return "muted" if now.is_muted else "unmuted"
