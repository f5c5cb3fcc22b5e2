"""The commands about buttons: what each does in which state, what one would do now, and trying them."""

from textwrap import wrap
from typing import Annotated, Any

from msgspec import Meta, Struct

from intercom.console.access import Access
from intercom.console.command import Command, Result, say
from intercom.console.desk import Desk

WIDTH = 100
NAMES, LIGHTS, TONES = 22, 20, 16  # columns
NOTHING = "–"


class Press(Struct, forbid_unknown_fields=True, rename={"for_s": "for", "stays_down": "down"}):
    """Which button to press, and how long."""

    button: str
    for_s: Annotated[float, Meta(gt=0, le=60)] = 0.1
    stays_down: bool = False


class Release(Struct, forbid_unknown_fields=True):
    """Which button to let go."""

    button: str


class Rules(Struct, forbid_unknown_fields=True, rename={"what_if": "what-if", "is_all": "all"}):
    """Whether the buttons without a pin too; or the one button of which to tell what it would do now."""

    what_if: str = ""
    is_all: bool = False


class Trial(Struct, forbid_unknown_fields=True, rename={"for_s": "for"}):
    """How long to wait for something to be done with a button."""

    for_s: Annotated[float, Meta(gt=0, le=60)] = 10.0


async def press(desk: Desk, given: Press) -> Result:
    """Press a simulated button."""
    await desk.operator.press(given.button, for_s=given.for_s, stays_down=given.stays_down)
    return {"button": given.button, "down": given.stays_down}


async def release(desk: Desk, given: Release) -> Result:
    """Let go of a simulated button."""
    desk.operator.release(given.button)
    return {"button": given.button, "down": False}


async def rules(desk: Desk, given: Rules) -> Result:
    """The rules, or what one button would do now."""
    if given.what_if:
        return desk.operator.what_if(given.what_if)
    return desk.operator.rules(is_all=given.is_all)


async def try_buttons(desk: Desk, given: Trial) -> Result:
    """What is done with the buttons, which do nothing else meanwhile."""
    return {"seen": await desk.operator.try_buttons(given.for_s)}


def told_rules(result: Result) -> str:
    """The table, a row for each state and then one for each button beside the answer button; or one button's lines."""
    if "does" in result:
        return _what_if(result)
    states = result["states"]
    rows = [_row("state", "ring", "sound", "answer"), *(_state(name, state) for name, state in states.items())]
    names = [button for state in list(states.values())[:1] for button in state["buttons"] if button != "answer"]
    others = [line for button in names for line in _other(button, states)]
    changed = [f"Changed by panel.rules: {', '.join(result['changed'])}."] if result["changed"] else []
    return "\n".join([*rows, *([""] if others else []), *others, *([""] if changed else []), *_wrapped(changed)])


def told_trial(result: Result) -> str:
    """One line for each thing that was done."""
    lines = [f"{one['button']}: {one['what']}" for one in result["seen"]]
    return "\n".join(lines) or "No button was touched."


def _what_if(result: Result) -> str:
    if result["why_not"]:
        return str(result["why_not"])
    does = result["does"]
    words = [f"{_gesture(kind, result['hold_s'])}: {action}" for kind, action in does.items()]
    return f"Now ({result['state']}), {result['button']} does {'; '.join(words) if words else 'nothing'}."


def _gesture(kind: str, hold_s: float) -> str:
    words = {"hold": f"held {hold_s:g} s", "double": "pressed twice", "talk": "while it is down"}
    return words.get(kind, "pressed")


def _state(name: str, state: dict[str, Any]) -> str:
    lasts = f" ({state['lasts_s']:g} s)" if state["lasts_s"] else ""
    return _row(name + lasts, state["light"], state["tone"], _does(state["buttons"].get("answer", {})))


def _row(state: str, light: str, tone: str, does: str) -> str:
    return f"{state:{NAMES}}{light:{LIGHTS}}{tone or NOTHING:{TONES}}{does or NOTHING}"


def _does(means: dict[str, str]) -> str:
    return "; ".join(action if kind == "press" else f"{kind}: {action}" for kind, action in means.items())


def _other(button: str, states: dict[str, Any]) -> list[str]:
    """What a button does, and in which states."""
    where: dict[str, list[str]] = {}
    for name, state in states.items():
        if does := _does(state["buttons"][button]):
            where.setdefault(does, []).append(name)
    if len(where) > 1 and sum(map(len, where.values())) == len(states):
        most = max(where, key=lambda does: len(where[does]))
        where = {does: names for does, names in where.items() if does != most} | {most: ["otherwise"]}
    told = [f"{does} – {'always' if len(names) == len(states) else ', '.join(names)}" for does, names in where.items()]
    return [f"{'' if index else button:{NAMES}}{line}" for index, line in enumerate(_wrapped(told or [NOTHING]))]


def _wrapped(texts: list[str]) -> list[str]:
    return [
        line for text in texts for line in wrap(text, WIDTH - NAMES, subsequent_indent="  ", break_on_hyphens=False)
    ]


COMMANDS = [
    Command(
        "press",
        "BUTTON [--for S] [--down]",
        "Press a simulated button: a tap, S seconds, or until `release`.",
        Access.OPERATOR,
        Press,
        press,
        say("Pressed {button}."),
    ),
    Command(
        "release",
        "BUTTON",
        "Let go of a simulated button.",
        Access.OPERATOR,
        Release,
        release,
        say("Released {button}."),
    ),
    Command(
        "rules",
        "[--what-if BUTTON] [--all]",
        "What each button does in which state; or what one would do now.",
        Access.VIEWER,
        Rules,
        rules,
        told_rules,
    ),
    Command(
        "test buttons",
        "[--for S]",
        "Tell what is done with the buttons, which do nothing else meanwhile.",
        Access.OPERATOR,
        Trial,
        try_buttons,
        told_trial,
    ),
]
