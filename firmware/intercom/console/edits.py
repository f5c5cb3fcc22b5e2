"""The commands that show settings and edit them; what they take and do."""

from typing import Any

from msgspec import Struct

from intercom.console import texts
from intercom.console.access import Access
from intercom.console.command import Command, Result
from intercom.console.desk import Desk
from intercom.settings.paths import find, get, shown, under


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


def _changed(desk: Desk, path: str) -> Result:
    value = shown(find(path), get(desk.candidate.draft, path))
    return {"settings": {path: value}, "changes": [one for one in desk.candidate.diff() if one.path == path]}


COMMANDS = [
    Command("show", "[PATH]", "The settings, or those of a section.", Access.VIEWER, Show, show, texts.settings),
    Command("set", "PATH VALUE", "Change a setting; `commit` applies.", Access.OPERATOR, Set, set_, texts.settings),
    Command("unset", "PATH", "Give a setting its default.", Access.OPERATOR, Unset, unset, texts.settings),
]
