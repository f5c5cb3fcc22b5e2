"""The lines that a person gave, kept for the next time; what may be a secret never is."""

import os
from contextlib import suppress
from pathlib import Path

from msgspec import inspect, structs

from intercom import disk
from intercom.console import commands
from intercom.console.command import Command
from intercom.errors import IntercomError
from intercom.settings.paths import find

KEPT = 1000

_OWN = ("push", "pull")  # which the station's table does not have
_TALKS_OF_PASSWORDS = ("login", "password", "auth")


def worth_keeping(line: str) -> str:
    """The line as it may be kept; empty where it may hold a secret.

    Only a whole command is kept: what is none may be a password that was typed at the wrong moment.  Of a command
    that takes a secret, the name is.
    """
    line = " ".join(line.split())
    first = line.partition(" ")[0]
    if first in _OWN:
        return line
    if first in _TALKS_OF_PASSWORDS:
        return ""
    try:
        command, given = commands.read_line(line)
        if command.name == "set":
            return f"set {given['path']}" if find(given["path"]).is_secret else line
        command.checked(given)
    except (IntercomError, KeyError):
        return ""
    return command.name if secret_arguments(command) & given.keys() else line


def secret_arguments(command: Command) -> set[str]:
    """Which of its arguments are secrets, by their type."""
    return {
        field.encode_name
        for field in structs.fields(command.arguments)
        if (getattr(inspect.type_info(field.type), "extra", None) or {}).get("secret")
    }


def kept(path: Path) -> list[str]:
    """The lines that were kept, the oldest first; none where the file can't be read."""
    try:
        lines = path.read_text("utf-8").splitlines()
        if len(lines) > 2 * KEPT:
            disk.write(path, "".join(f"{line}\n" for line in lines[-KEPT:]).encode(), strict=False)
    except (OSError, UnicodeDecodeError):
        return []
    return lines[-KEPT:]


def keep(path: Path, line: str) -> None:
    """Add a line to the file, which is its owner's alone; one that can't be written is not kept."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        with os.fdopen(file, "a", encoding="utf-8") as stream:
            stream.write(f"{line}\n")
