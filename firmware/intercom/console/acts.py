"""What each command does, and the arguments it takes."""

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from intercom.console.command import Result
from intercom.console.desk import Desk
from intercom.errors import UsageError
from intercom.settings.paths import find, get, shown, under

VOLUMES = {"voice": "audio.volume", "ring": "audio.ring_volume", "mic": "audio.mic_gain_db"}


class Nothing(Struct, forbid_unknown_fields=True):
    """No arguments."""


class Call(Struct, forbid_unknown_fields=True):
    """Whom to call."""

    to: Annotated[str, Meta(min_length=1, max_length=128)]


class Mute(Struct, forbid_unknown_fields=True):
    """Whether to mute."""

    state: Literal["on", "off"]


class Feedback(Struct, forbid_unknown_fields=True):
    """How a call was, from 1 (bad) to 5, and what was wrong with it."""

    score: int
    issue: str | None = None


class Digits(Struct, forbid_unknown_fields=True):
    """What to send."""

    digits: Annotated[str, Meta(min_length=1)]


class Volume(Struct, forbid_unknown_fields=True):
    """What to make louder or quieter, and how loud; a number alone is the far end's voice, nothing tells all."""

    which: str | int | float = ""
    level: str | int | float | None = None


class Press(Struct, forbid_unknown_fields=True, rename={"for_s": "for", "stays_down": "down"}):
    """Which button to press, and how long."""

    button: str
    for_s: Annotated[float, Meta(gt=0, le=60)] = 0.1
    stays_down: bool = False


class Release(Struct, forbid_unknown_fields=True):
    """Which button to let go."""

    button: str


class Show(Struct, forbid_unknown_fields=True):
    """A setting or a section; empty: all."""

    path: str = ""


class Set(Struct, forbid_unknown_fields=True):
    """A setting and its value: words, or a JSON value of its type."""

    path: str
    value: Any


class Unset(Struct, forbid_unknown_fields=True):
    """A setting."""

    path: str


async def status(desk: Desk, _: Nothing) -> Result:
    """The station's snapshot."""
    return desk.operator.status()


async def call(desk: Desk, given: Call) -> Result:
    """Call someone."""
    desk.operator.call(given.to)
    return {"to": given.to}


async def answer(desk: Desk, _: Nothing) -> Result:
    """Accept the call that rings."""
    desk.operator.answer()
    return {}


async def reject(desk: Desk, _: Nothing) -> Result:
    """Reject it for all."""
    desk.operator.reject()
    return {}


async def ignore(desk: Desk, _: Nothing) -> Result:
    """Stop the ringing here."""
    desk.operator.ignore()
    return {}


async def hangup(desk: Desk, _: Nothing) -> Result:
    """End or cancel the call."""
    desk.operator.hangup()
    return {}


async def mute(desk: Desk, given: Mute) -> Result:
    """Mute the microphone or open it."""
    desk.operator.mute(given.state == "on")
    return {"state": given.state}


async def feedback(desk: Desk, given: Feedback) -> Result:
    """Tell how the call was."""
    await desk.operator.feedback(given.score, given.issue)
    return {"score": given.score, "issue": given.issue}


async def digits(desk: Desk, given: Digits) -> Result:
    """Send digits; the result never tells them, as they may be a door's code."""
    desk.operator.digits(given.digits)
    return {}


async def volume(desk: Desk, given: Volume) -> Result:
    """Set one volume alive and for good, or tell them."""
    paths, level = _meant(given)
    changes, notes = await desk.change(paths[0], level) if level is not None else ([], [])
    settings = desk.operator.settings
    return {"settings": {path: get(settings, path) for path in paths}, "changes": changes, "notes": notes}


async def press(desk: Desk, given: Press) -> Result:
    """Press a simulated button."""
    await desk.operator.press(given.button, for_s=given.for_s, stays_down=given.stays_down)
    return {"button": given.button, "down": given.stays_down}


async def release(desk: Desk, given: Release) -> Result:
    """Let go of a simulated button."""
    desk.operator.release(given.button)
    return {"button": given.button, "down": False}


async def show(desk: Desk, given: Show) -> Result:
    """The settings as this desk would commit them, and which of them differ from those in use."""
    candidate, inside = desk.candidate, under(given.path)
    paths = {leaf.path for leaf in inside}
    return {
        "settings": {leaf.path: shown(leaf, get(candidate.draft, leaf.path)) for leaf in inside},
        "changes": [change for change in candidate.diff() if change.path in paths],
    }


async def set_(desk: Desk, given: Set) -> Result:
    """Change one setting of the candidate."""
    desk.candidate = desk.candidate.set(given.path, given.value)
    return _changed(desk, given.path)


async def unset(desk: Desk, given: Unset) -> Result:
    """Give one setting of the candidate its default."""
    desk.candidate = desk.candidate.unset(given.path)
    return _changed(desk, given.path)


async def diff(desk: Desk, _: Nothing) -> Result:
    """What this desk has changed and not committed."""
    return {"changes": desk.candidate.diff()}


def _changed(desk: Desk, path: str) -> Result:
    value = shown(find(path), get(desk.candidate.draft, path))
    return {"settings": {path: value}, "changes": [one for one in desk.candidate.diff() if one.path == path]}


def _meant(given: Volume) -> tuple[list[str], str | int | float | None]:
    """Return the settings that are meant, and the level for the only one of them."""
    match given:
        case Volume("", None):
            return list(VOLUMES.values()), None
        case Volume(str(which), level) if which in VOLUMES:
            return [VOLUMES[which]], level
        case Volume("", level) | Volume(level, None):
            return [VOLUMES["voice"]], level
        case _:
            raise UsageError(f"There is no such volume; there are {', '.join(VOLUMES)}.", "`help volume` tells more.")
