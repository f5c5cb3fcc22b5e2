"""The commands about who may open the door: their arguments, what they do, and their results as people read them."""

from collections.abc import Iterator
from typing import Annotated, Any

from msgspec import Meta, Struct, to_builtins

from intercom.console.access import Access
from intercom.console.command import Command, Nothing, Result, say
from intercom.console.desk import Desk
from intercom.settings.kinds import Secret


class NewCode(Struct, forbid_unknown_fields=True, rename={"begin": "from", "end": "to"}):
    """A code's name, its digits (none: they are made), and when it is good."""

    name: str
    code: Secret = ""
    once: bool = False
    begin: str = ""
    end: str = ""
    days: str = ""
    until: str = ""

    def __repr__(self) -> str:
        return f"NewCode({self.name!r})"


class OldCode(Struct, forbid_unknown_fields=True):
    """A code by its name."""

    name: str


class Forgiven(Struct, forbid_unknown_fields=True):
    """Who may try codes again; without identity: everybody."""

    identity: str = ""


class Log(Struct, forbid_unknown_fields=True):
    """How many records, or whether all are as they were written."""

    count: Annotated[int, Meta(ge=1, le=200)] = 20
    verify: bool = False


async def open_(desk: Desk, _: Nothing) -> Result:
    """Open the door."""
    await desk.operator.open_door(desk.who)
    return {}


async def add(desk: Desk, given: NewCode) -> Result:
    """Keep a code."""
    return await desk.operator.door.add_code(to_builtins(given), who=desk.who)


async def remove(desk: Desk, given: OldCode) -> Result:
    """Forget a code."""
    return await desk.operator.door.remove_code(given.name, who=desk.who)


async def codes(desk: Desk, _: Nothing) -> Result:
    """The codes by name."""
    return desk.operator.door.codes()


async def lockouts(desk: Desk, _: Nothing) -> Result:
    """The lock-outs under way."""
    return desk.operator.door.lockouts()


async def forgive(desk: Desk, given: Forgiven) -> Result:
    """End lock-outs."""
    return await desk.operator.door.forgive(given.identity, who=desk.who)


async def log(desk: Desk, given: Log) -> Result:
    """The log's last records, or how it is."""
    door = desk.operator.door
    return await (door.verify() if given.verify else door.log(given.count))


async def reset(desk: Desk, _: Nothing) -> Result:
    """End what the case's contact began."""
    return await desk.operator.door.reset(desk.who)


def told_add(result: Result) -> str:
    """What is to be known of a new code, once."""
    if result["code"]:
        return f"The code of {result['name']} is {result['code']}.  Nobody can show it again."
    return f"{result['name']} has a code now."


def told_codes(result: Result) -> str:
    """One line per code."""
    lines = [
        ", ".join(
            filter(None, (one["name"], one["hours"], one["until"] and f"until {one['until']}", "once" * one["once"]))
        )
        for one in result["codes"]
    ]
    return "\n".join(lines) or "There is no code."


def told_lockouts(result: Result) -> str:
    """One line per lock-out."""
    return "\n".join(map(locked, result["lockouts"])) or "Nobody is locked out."


def told_forgive(result: Result) -> str:
    """Who may try again."""
    return f"{result['identity'] or 'Everybody'} may try codes again."


def locked(lock: dict[str, Any]) -> str:
    """One lock-out."""
    who = lock["identity"] or "all who are not in door.allow"
    return f"{who}, until {_time(lock['until'])}, {lock['wrong']} wrong"


def told_log(result: Result) -> str:
    """One line per record, or what was verified."""
    if "records" in result:
        return "\n".join(map(_record, result["records"])) or "Nothing is written down yet."
    count = result["last"] - result["first"] + 1
    told = f"{count} record{'s' * (count != 1)}, as written; the last is number {result['last']}, {result['hash']}."
    return f"{told} {result['why']}".strip()


def standing(door: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The rows of the status on lock, door, case and who is locked out; none where there is no lock."""
    if door.get("lock", "none") != "none":
        case = "somebody was at the case" * door["tampered"]
        leaf = door["contact"] and f"door {door['contact']}"
        yield "door", ", ".join(filter(None, (f"lock {door['lock']}", leaf, door["alarm"], case, door["why"])))
    for lock in door.get("lockouts", []):
        yield "locked out", locked(lock)


def told_reset(result: Result) -> str:
    """Whether there was anything to end."""
    return "The door can be opened again." if result["was_tampered"] else "Nobody was at the case."


def _record(one: dict[str, Any]) -> str:
    return f"{_time(one['at'])}  {', '.join(_facts(one))}"


def _facts(one: dict[str, Any]) -> Iterator[str]:
    yield from filter(None, (one.get("who"), one.get("how"), one["what"]))
    if "allowed" in one:
        yield "allowed" if one["allowed"] else "refused"
    yield from filter(None, (one.get("why"), one.get("call")))
    if "times" in one:
        yield f"{one['times']} times"


def _time(text: str) -> str:
    return text[:19].replace("T", " ")


COMMANDS = [
    Command("door open", "", "Open this station's door.", Access.OPERATOR, Nothing, open_, say("The door is open.")),
    Command(
        "door code add",
        "NAME [CODE] [--once] [--from TIME] [--to TIME] [--days DAYS] [--until DATE]",
        "A code that opens the door; without CODE one is made.",
        Access.OPERATOR,
        NewCode,
        add,
        told_add,
    ),
    Command("door code remove", "NAME", "Forget a code.", Access.OPERATOR, OldCode, remove, say("Removed {name}.")),
    Command("door code list", "", "The codes by name.", Access.VIEWER, Nothing, codes, told_codes),
    Command(
        "door log",
        "[COUNT] [--verify]",
        "Who opened the door, or wanted to; `--verify`: all is as it was written.",
        Access.VIEWER,
        Log,
        log,
        told_log,
    ),
    Command(
        "door lockouts",
        "",
        "Whom wrong codes keep from trying.",
        Access.VIEWER,
        Nothing,
        lockouts,
        told_lockouts,
    ),
    Command(
        "door forgive",
        "[IDENTITY]",
        "End the lock-out of IDENTITY, or all of them.",
        Access.OPERATOR,
        Forgiven,
        forgive,
        told_forgive,
    ),
    Command(
        "door reset",
        "",
        "Let the door be opened again after its case was.",
        Access.OPERATOR,
        Nothing,
        reset,
        told_reset,
    ),
]
