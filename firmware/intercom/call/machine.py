"""The life of a call as one table, and the only module that imports `transitions`.

States are those of the Voice JS SDK v1 (`Connection.status()`), with `reconnecting` as in its `enableIceRestart`.
"""

import logging
from collections.abc import Callable
from enum import StrEnum, auto
from typing import Any

from transitions import EventData, Machine

# It warns, for each call, of every method that `model_override` leaves unbound on purpose.
logging.getLogger("transitions").setLevel(logging.ERROR)


class CallState(StrEnum):
    """`Connection.status()`."""

    PENDING = auto()
    CONNECTING = auto()
    RINGING = auto()
    OPEN = auto()
    RECONNECTING = auto()
    CLOSED = auto()


DIALLING = [CallState.CONNECTING, CallState.RINGING]
ACCEPTED = [*DIALLING, CallState.OPEN, CallState.RECONNECTING]

# Rows are lists because `transitions` refuses tuples.
TRANSITIONS: list[list[Any]] = [
    # trigger       from                         to
    ["establish",   CallState.PENDING,           CallState.CONNECTING],
    ["dismiss",     CallState.PENDING,           CallState.CLOSED],
    ["alert",       DIALLING,                    CallState.RINGING],
    ["open",        DIALLING,                    CallState.OPEN],
    ["lose_media",  CallState.OPEN,              CallState.RECONNECTING],
    ["find_media",  CallState.RECONNECTING,      CallState.OPEN],
    ["end",         ACCEPTED,                    CallState.CLOSED],
]  # fmt: skip


class CallMachine:
    """One call's state; a trigger returns whether the table allowed it, and never raises.

    `announce(before, after)` is called after each change of state.
    """

    state: CallState

    def __init__(self, announce: Callable[[CallState, CallState], None]) -> None:
        self._announce = announce
        Machine(
            self,
            states=CallState,
            transitions=TRANSITIONS,
            initial=CallState.PENDING,
            auto_transitions=False,
            ignore_invalid_triggers=True,
            send_event=True,
            model_override=True,
            after_state_change=self._changed,
        )

    def establish(self) -> bool:
        """Begin: we accepted it, or we call."""
        raise AssertionError("bound by transitions")

    def dismiss(self) -> bool:
        """End a call that nobody accepted here."""
        raise AssertionError("bound by transitions")

    def alert(self) -> bool:
        """The far end rings."""
        raise AssertionError("bound by transitions")

    def open(self) -> bool:
        """Both ends have agreed on their media."""
        raise AssertionError("bound by transitions")

    def lose_media(self) -> bool:
        """Nothing is heard of the far end any more."""
        raise AssertionError("bound by transitions")

    def find_media(self) -> bool:
        """The far end is heard again."""
        raise AssertionError("bound by transitions")

    def end(self) -> bool:
        """Hang up, by either side or by a failure."""
        raise AssertionError("bound by transitions")

    def _changed(self, event: EventData) -> None:
        if event.transition is not None and event.transition.source != event.transition.dest:
            self._announce(CallState[event.transition.source], self.state)


def mermaid() -> str:
    """Return the state diagram of the README in Mermaid's language."""
    rows = [
        f"    {source} --> {target}: {trigger}"
        for trigger, sources, target in TRANSITIONS
        for source in (sources if isinstance(sources, list) else [sources])
        if source is not target
    ]
    return "\n".join(["stateDiagram-v2", "    [*] --> pending", *rows, "    closed --> [*]"])
