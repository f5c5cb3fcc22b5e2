"""What is done with changed settings: written for good or for a while, and told of afterwards."""

from typing import Annotated, Any

from msgspec import Meta, Struct

from intercom.console.access import Access
from intercom.console.command import Command, Nothing, Result, say
from intercom.console.desk import Desk
from intercom.settings.transaction import Change

Comment = Annotated[str, Meta(max_length=200, pattern=r"^[^\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]*\Z")]


class Commit(Struct, forbid_unknown_fields=True):
    """Why."""

    comment: Comment = ""


class Trial(Struct, forbid_unknown_fields=True):
    """How long what is committed stays without `confirm`, in seconds, and why it is."""

    seconds: Annotated[int, Meta(ge=5, le=86_400)]
    comment: Comment = ""


class Old(Struct, forbid_unknown_fields=True):
    """A revision; none: the one before the last."""

    revision: Annotated[int, Meta(ge=1)] | None = None


async def diff(desk: Desk, _: Nothing) -> Result:
    """What this desk has changed and not committed."""
    return {"changes": desk.candidate.diff()}


async def commit(desk: Desk, given: Commit) -> Result:
    """Write what was changed and apply it."""
    changes, notes = await desk.commit(given.comment)
    return {"changes": changes, "notes": notes, "revision": desk.operator.revision}


async def commit_confirm(desk: Desk, given: Trial) -> Result:
    """The same, to be undone unless it is confirmed."""
    changes, notes = await desk.commit(given.comment, confirm_s=given.seconds)
    if changes:
        notes.append(f"`confirm` within {given.seconds} s keeps it; without, the station goes back.")
    return {"changes": changes, "notes": notes, "revision": desk.operator.revision}


async def confirm(desk: Desk, _: Nothing) -> Result:
    """Let it stay."""
    return {"revision": await desk.operator.confirm()}


async def rollback(desk: Desk, given: Old) -> Result:
    """Edit old settings."""
    revision = await desk.roll_back(given.revision)
    return {"revision": revision, "changes": desk.candidate.diff()}


async def history(desk: Desk, _: Nothing) -> Result:
    """Who changed what."""
    return {"revisions": await desk.operator.history()}


def told_commit(result: dict[str, Any]) -> str:
    """What was written, and what waits."""
    count = len(result["changes"])
    done = f"{count} setting{'s' * (count != 1)} written." if count else "Nothing is changed."
    return "\n".join([done, *result["notes"]])


def told_diff(result: dict[str, Any]) -> str:
    """One line per change."""
    return "\n".join(str(Change(**one)) for one in result["changes"]) or "Nothing is changed."


def told_rollback(result: dict[str, Any]) -> str:
    """What a commit of it would change."""
    return "\n".join([told_diff(result), f"These are the settings of revision {result['revision']}: `commit` applies."])


def told_history(result: dict[str, Any]) -> str:
    """One line per revision, the newest last."""
    return "\n".join(map(_revision, result["revisions"])) or "There is no history."


def _revision(entry: dict[str, Any]) -> str:
    comment = f"  # {entry['comment']}" if entry["comment"] else ""
    return f"{entry['revision']:>4}  {entry['at'][:16]}  {entry['who']}: {', '.join(entry['paths']) or '-'}{comment}"


COMMANDS = [
    Command("diff", "", "What you changed and didn't commit.", Access.VIEWER, Nothing, diff, told_diff),
    Command(
        "commit",
        "[COMMENT]",
        "Write your changes and apply them.",
        Access.OPERATOR,
        Commit,
        commit,
        told_commit,
    ),
    Command(
        "commit confirm",
        "SECONDS [COMMENT]",
        "The same, undone by itself unless `confirm` comes in time.",
        Access.OPERATOR,
        Trial,
        commit_confirm,
        told_commit,
    ),
    Command(
        "confirm",
        "",
        "Let what is committed stay.",
        Access.OPERATOR,
        Nothing,
        confirm,
        say("Revision {revision} stays."),
    ),
    Command(
        "rollback",
        "[REVISION]",
        "Edit old settings, without REVISION those before the last; `commit` applies.",
        Access.OPERATOR,
        Old,
        rollback,
        told_rollback,
    ),
    Command("history", "", "Who changed which settings when.", Access.VIEWER, Nothing, history, told_history),
]
