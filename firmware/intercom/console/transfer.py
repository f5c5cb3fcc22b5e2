"""All settings at once: told as a block of text, and taken as one that is pasted line by line, or sent in parts."""

import asyncio
from functools import partial
from typing import Any

from msgspec import Struct

from intercom.console.access import Access
from intercom.console.changes import told_diff
from intercom.console.command import Command, Nothing, Result, say
from intercom.console.desk import Desk
from intercom.errors import ConflictError
from intercom.settings import armour
from intercom.settings.file import parse
from intercom.settings.transaction import Candidate


class Import(Struct, forbid_unknown_fields=True):
    """A whole block, or a part of one; empty: a block begins."""

    text: str = ""


async def export(desk: Desk, _: Nothing) -> Result:
    """The settings in use."""
    return {"text": armour.export(desk.operator.settings), "revision": desk.operator.revision}


async def import_(desk: Desk, given: Import) -> Result:
    """Take a block; when it is whole, it is what is edited, in place of what was."""
    if not given.text:
        desk.pasted = ""
    elif armour.is_whole_block(given.text):
        return await _taken(desk, given.text)
    elif desk.pasted is None:
        raise ConflictError("No import has begun.", "`import` alone begins one.")
    else:
        desk.pasted = armour.bounded(desk.pasted + given.text)
        if armour.is_whole(desk.pasted):
            return await _taken(desk, desk.pasted)
    return {"state": "begun", "changes": []}


def told_import(result: dict[str, Any]) -> str:
    """What a commit of it would change."""
    if result["state"] == "begun":
        return "Paste what `export` told; ^C drops it."
    return "\n".join([told_diff(result), "`commit` applies."]) if result["changes"] else told_diff(result)


async def _taken(desk: Desk, pasted: str) -> Result:
    desk.pasted = None
    operator, text = desk.operator, armour.opened(pasted)
    reading = partial(parse, text, source="import", also=operator.problems, secrets=operator.settings)
    draft = await asyncio.to_thread(reading)  # as it may be long
    desk.replace(Candidate(operator.settings, draft))
    return {"state": "taken", "changes": desk.candidate.diff()}


COMMANDS = [
    Command(
        "export",
        "",
        "The settings as text to keep or to paste, without secrets.",
        Access.VIEWER,
        Nothing,
        export,
        say("{text}"),
    ),
    Command(
        "import",
        "[TEXT]",
        "Edit what `export` told, which is pasted after it; `commit` applies.",
        Access.OPERATOR,
        Import,
        import_,
        told_import,
    ),
]
