"""The command about volumes."""

from msgspec import Struct

from intercom.console.access import Access
from intercom.console.command import Command, Result
from intercom.console.desk import Desk
from intercom.console.texts import settings
from intercom.errors import UsageError
from intercom.settings.paths import get

VOLUMES = {"voice": "audio.volume", "ring": "audio.ring_volume", "mic": "audio.mic_gain_db"}


class Volume(Struct, forbid_unknown_fields=True):
    """What to make louder or quieter, and how loud; a number alone is the far end's voice, nothing tells all."""

    which: str | int | float = ""
    level: str | int | float | None = None


async def volume(desk: Desk, given: Volume) -> Result:
    """Set one volume alive and for good, or tell them."""
    paths, level = _meant(given)
    changes, notes = await desk.change(paths[0], level) if level is not None else ([], [])
    settings = desk.operator.settings
    return {"settings": {path: get(settings, path) for path in paths}, "changes": changes, "notes": notes}


def told(result: Result) -> str:
    """One line per volume, then where a new one is kept."""
    return "\n".join([settings(result), *result["notes"]])


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


COMMANDS = [
    Command(
        "volume",
        "[WHICH] [LEVEL]",
        "How loud: LEVEL or `ring` LEVEL in percent, `mic` LEVEL in dB; at once, and kept.",
        Access.OPERATOR,
        Volume,
        volume,
        told,
    ),
]
