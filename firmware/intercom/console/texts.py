"""Results as people read them; each function takes the result as it comes out of JSON."""

from collections.abc import Iterator
from typing import Any

from intercom.console import door
from intercom.settings.transaction import Change
from intercom.settings.words import written

_WIDEST = 32  # of the words of a command that stand beside what it does
_NAMES = ("pcm", "port", "exchange", "gateway", "edge", "file", "source")  # what a part calls what it is about

_MACHINE = {
    "temperature_c": "{} °C",
    "disk_free_mb": "{} MB of disk free",
    "memory_free_mb": "{} MB of memory free",
}


def settings(result: dict[str, Any]) -> str:
    """One line per setting; a changed one tells what is in use."""
    changed = {change["path"]: str(Change(**change)) for change in result["changes"]}
    lines = (changed.get(path, f"{path} = {written(value)}") for path, value in result["settings"].items())
    return "\n".join(lines)


def help_(result: dict[str, Any]) -> str:
    """One line per command, two where its words are long, then the settings that were asked for."""
    usages = [one["usage"] for one in result["commands"]]
    width = max((len(usage) for usage in usages if len(usage) <= _WIDEST), default=0)
    breaks = ["" if len(usage) <= width else f"\n{'':{width}}" for usage in usages]
    commands = [
        f"{one['usage']:{width}}{break_}  {one['help']}" for one, break_ in zip(result["commands"], breaks, strict=True)
    ]
    described = [
        f"{one['path']}: {one['description']} It must be {one['allowed']}; without, it is {written(one['default'])}."
        for one in result["settings"]
    ]
    return "\n".join(commands + described)


def status(snapshot: dict[str, Any]) -> str:
    """The snapshot in a few lines, what matters most first; then each part that tells its state."""
    light = snapshot["light"]
    rows = [
        ("station", f"{snapshot['identity']}, {snapshot['registration']}"),
        ("call", _call(snapshot["call"])),
        *(("pending", _call(call)) for call in snapshot["pending"]),
        ("light", " ".join([light["colour"], light["pattern"], *light["overlays"]])),
        *(("warning", str(warning)) for warning in snapshot["warnings"]),
        *_machine(snapshot.get("machine") or {}),
        *door.standing(snapshot.get("door", {})),
        *_parts(snapshot, ""),
    ]
    return "\n".join(f"{name:<15} {text}" for name, text in rows)


def _call(call: dict[str, Any] | None) -> str:
    if call is None:
        return "none"
    far_end = f"from {call['from']}" if call["direction"] == "incoming" else f"to {call['to']}"
    reason = (call.get("ended") or {}).get("message")
    facts = [
        call["status"],
        far_end,
        f"{call['duration_s'] or 0:.0f} s",
        call["codec"],
        "muted" * call["muted"],
        reason,
    ]
    return ", ".join(fact for fact in facts if fact)


def _machine(machine: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What an installer wants to know of the machine; what nobody knows is left out."""
    if not machine:
        return
    facts = [
        f"intercom {machine['version']}",
        *(
            words.format(value)
            for name, words in _MACHINE.items()
            if (value := machine.get(name)) is not None and value is not False
        ),
        f"up {_span(machine['uptime_s'])}",
    ]
    if machine["boot_s"] is not None:
        facts.append(f"machine up {_span(machine['boot_s'])}")
    yield "machine", ", ".join(facts)
    yield from (("warning", warning) for warning in machine["warnings"])


def _span(seconds: int) -> str:
    """A time in words, by its two largest units."""
    days, hours, minutes = seconds // 86_400, seconds // 3_600 % 24, seconds // 60 % 60
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def _parts(snapshot: dict[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    for name, part in snapshot.items():
        if not isinstance(part, dict):
            continue
        if "state" in part:
            until = part.get("expires")
            facts = [part["state"], *(part.get(key) for key in _NAMES), until and f"until {until}", part.get("why")]
            yield f"{prefix}{name}", ", ".join(fact for fact in facts if fact)
        yield from _parts(part, f"{prefix}{name} ")
