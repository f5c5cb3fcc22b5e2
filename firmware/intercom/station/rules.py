"""The product as tables: what the ring and the speaker show, and what each button does, in every state.

An installer reads this page as it stands: a row per state, a column per light, tone, press and hold.
"""

from dataclasses import dataclass

from intercom.call.events import End, Ending
from intercom.call.machine import CallState
from intercom.panel.patterns import Light
from intercom.settings.schema import Panel
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
    Shows.RECONNECTING:   Row(Light("swing", "amber"),       "tick",          Action.HANG_UP),
    Shows.ENDED:          Row(Light("flash-long", "green"),  "end",           Action.CALL,              lasts_s=1.0),
    Shows.ENDED_QUIETLY:  Row(Light("flash-long", "green"),  None,            Action.CALL,              lasts_s=1.0),
    Shows.FAILED:         Row(Light("flash-three", "red"),   "failed",        Action.CALL,              lasts_s=2.0),
    Shows.BUSY:           Row(Light("flash-three", "red"),   "busy",          Action.CALL,              lasts_s=3.0),
    Shows.NOT_CONNECTED:  Row(Light("blink", "amber"),       "not-connected", Action.SAY_NOT_CONNECTED, lasts_s=1.5),
    Shows.NOT_CONFIGURED: Row(Light("flash-three", "red"),   "not-configured", Action.CALL,              lasts_s=2.0),
}  # fmt: skip

# What is shown over the state, the first on top, and in which states.
SIGNS: dict[Sign, set[Shows]] = {
    Sign.MUTED:        set(Shows),
    Sign.LINK_LOST:    IN_CALL,
    Sign.POOR_QUALITY: IN_CALL,
}  # fmt: skip

# The optional buttons: what a press does, in which states.
BUTTONS: dict[str, list[tuple[set[Shows], Action]]] = {
    "call":   [(AT_REST, Action.CALL), ({Shows.OFFLINE, Shows.NOT_CONNECTED}, Action.SAY_NOT_CONNECTED)],
    "mute":   [(IN_CALL, Action.TOGGLE_MUTE)],
    "reject": [({Shows.PENDING}, Action.REJECT), (IN_CALL, Action.HANG_UP)],
    "ignore": [({Shows.PENDING}, Action.IGNORE)],
    "volume_up":   [({Shows.PENDING}, Action.RING_UP), (set(Shows), Action.VOLUME_UP)],
    "volume_down": [({Shows.PENDING}, Action.RING_DOWN), (set(Shows), Action.VOLUME_DOWN)],
}  # fmt: skip

BY_CALL_STATE: dict[CallState, Shows] = {
    CallState.PENDING: Shows.PENDING,
    CallState.CONNECTING: Shows.CONNECTING,
    CallState.RINGING: Shows.RINGING,
    CallState.OPEN: Shows.OPEN,
    CallState.RECONNECTING: Shows.RECONNECTING,
}

BUSY_CODE = 31486

BY_ENDING: dict[Ending, Shows] = {
    Ending.HUNG_UP: Shows.ENDED,
    Ending.HUNG_UP_BY_FAR_END: Shows.ENDED,
    Ending.REJECTED: Shows.ENDED_QUIETLY,
    Ending.IGNORED: Shows.ENDED_QUIETLY,
    Ending.CANCELLED: Shows.ENDED_QUIETLY,
    Ending.FAILED: Shows.FAILED,
}


def after(end: End) -> Shows:
    """Return what is shown when a call has ended so."""
    return Shows.BUSY if end.code == BUSY_CODE else BY_ENDING[end.how]


def light(view: View) -> Light:
    """Return the ring's light."""
    base = RULES[view.shows].light
    shown = [str(sign) for sign, states in SIGNS.items() if sign in view.signs and view.shows in states]
    return Light(base.pattern, base.colour, tuple(shown))


def tone(view: View) -> str | None:
    """Return the tone the speaker plays; a far end that sends its own ringing is heard instead of ours."""
    if view.shows is Shows.RINGING and view.has_early_media:
        return None
    return RULES[view.shows].tone


def click(before: View, now: View) -> str | None:
    """Return what is heard once of a change: muting, whoever asked for it."""
    if before.is_muted is now.is_muted or not {before.shows, now.shows} <= IN_CALL:
        return None
    return "muted" if now.is_muted else "unmuted"


def press(button: str, shows: Shows, panel: Panel) -> Action | None:
    """Return what a press of `button` does."""
    if button != "answer":
        return next((action for states, action in BUTTONS.get(button, []) if shows in states), None)
    if shows is Shows.OPEN and panel.open_press == "mute":
        return Action.TOGGLE_MUTE
    return RULES[shows].press


def hold(button: str, shows: Shows, panel: Panel) -> Action | None:
    """Return what holding `button` does; None where a hold means nothing and a press acts at once."""
    if button != "answer" or (shows is Shows.OPEN and panel.open_press == "hangup"):
        return None  # press and hold would do the same, so the press need not wait
    return RULES[shows].hold
