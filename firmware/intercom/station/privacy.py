"""Privacy: a mute that holds for all calls, and that only somebody at the panel can undo.  Pure."""

from intercom.errors import RefusedError
from intercom.panel.pins import is_simulated
from intercom.settings.schema import Call, Settings

WHERE = "Hold the mute button at the station, or allow it by `call.privacy_remote` while privacy is off."


def check_switch(is_on: bool, *, wanted: bool, settings: Call) -> None:
    """Raise RefusedError where somebody from afar may not switch it so."""
    if is_on and not wanted and not settings.privacy_remote:
        raise RefusedError("Privacy is on, and only somebody at the panel can switch it off.", WHERE)


def check_mute(flag: bool, *, is_private: bool) -> None:
    """Raise RefusedError for who wants to open a microphone (False) that would stay silent all the same."""
    if is_private and not flag:
        raise RefusedError("Privacy is on, so the microphone stays silent.", WHERE)


def check_commit(is_on: bool, *, before: Settings, after: Settings) -> None:
    """Raise RefusedError where new settings would let somebody from afar undo it."""
    is_allowed = after.call.privacy_remote and not before.call.privacy_remote
    is_simulation = is_simulated(after.panel) and not is_simulated(before.panel)
    if is_on and (is_allowed or is_simulation):
        raise RefusedError(
            "Privacy is on, and these settings would let it be undone from afar.",
            "Switch it off at the panel, then commit.",
        )
