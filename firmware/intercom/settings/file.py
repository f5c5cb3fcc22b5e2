"""Reads a settings file: all its errors at once, each with its line, what is allowed and the nearest right name."""

import re
import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import msgspec

from intercom.errors import SettingsError
from intercom.settings.clashes import clashes
from intercom.settings.paths import SET, SectionT, get, is_section, leaves, nearest, typed
from intercom.settings.positions import KeyPath, positions
from intercom.settings.schema import Settings
from intercom.settings.words import key

TOLD = 200  # of problems: more than there are settings

Problem = tuple[KeyPath, str]
Check = Callable[[Settings], Iterable[tuple[str, str]]]  # path and problem, as `clashes` tells them


def load(path: Path, *, also: Check | None = None) -> Settings:
    """The settings that the file holds, with defaults for what it leaves out; raises SettingsError.

    `also` knows more of what is wrong with settings than this package can.
    """
    return parse(text_of(path), source=str(path), also=also)


def text_of(path: Path) -> str:
    """The file's text; raises SettingsError."""
    try:
        return path.read_text("utf-8-sig")
    except OSError as error:
        raise SettingsError(f"The settings file {path} can't be read: {error.strerror}.", _remedy(error)) from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"The settings file {path} is not UTF-8 text.", "Save it as UTF-8.") from error


def parse(
    text: str, *, source: str = "settings", also: Check | None = None, secrets: Settings | None = None
) -> Settings:
    """The settings that a TOML text holds; raises SettingsError, one line `source:line: problem` per problem.

    The first 200 are told; none quotes a value: it may be a secret.  One written as `<set>` is that of `secrets`.
    """
    try:
        tree = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise SettingsError(f"{source}:{_line_of(error, text)}: {_syntax(error)}") from error
    settings, problems = _convert(Settings, _uncovered(tree, secrets, ()), ())
    found = [*clashes(settings), *(also(settings) if also else ())]
    problems += [(tuple(path.split(".")), words) for path, words in found]
    if problems:
        where = {".".join(path): line for path, line in positions(text).items()}
        placed = sorted((_line(where, path), _named(path), words) for path, words in problems)
        told = [f"{source}:{line}: {name} {words}" for line, name, words in placed[:TOLD]]
        more = [f"{source}: and {len(placed) - TOLD} problems more."] if len(placed) > TOLD else []
        raise SettingsError("\n".join([*told, *more]))
    return settings


def _convert(section: type[SectionT], tree: dict[str, Any], prefix: KeyPath) -> tuple[SectionT, list[Problem]]:
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    fields = {field.name: field for field in msgspec.structs.fields(section)}
    for name, value in tree.items():
        path = (*prefix, name)
        if name not in fields:
            problems.append((path, _unknown(path, list(fields))))
        elif is_section(fields[name].type):
            values[name], inner = _section(fields[name].type, value, path)
            problems += inner
        else:
            leaf = leaves()[".".join(path)]
            try:
                values[name] = typed(leaf, value)
            except msgspec.ValidationError:
                problems.append((path, f"must be {leaf.allowed}."))
    return section(**values), problems


def _uncovered(tree: dict[str, Any], secrets: Settings | None, prefix: KeyPath) -> dict[str, Any]:
    """The tree with the secrets in place of each `<set>`; without secrets, what no setting may be."""
    uncovered = dict(tree)
    for name, value in tree.items():
        path = (*prefix, name)
        leaf = leaves().get(".".join(path))
        if isinstance(value, dict):
            uncovered[name] = _uncovered(value, secrets, path)
        elif leaf and leaf.is_secret and value == SET:
            uncovered[name] = get(secrets, leaf.path) if secrets else None
    return uncovered


def _section(section: type[SectionT], value: Any, path: KeyPath) -> tuple[SectionT, list[Problem]]:
    if isinstance(value, dict):
        return _convert(section, value, path)
    return section(), [(path, f"is a section: write it as [{'.'.join(path)}], with its settings below.")]


def _unknown(path: KeyPath, siblings: list[str]) -> str:
    what = "is no setting" if len(path) > 1 else "is no section"
    sibling = nearest(path[-1], siblings)
    elsewhere = [leaf for leaf in leaves() if leaf.endswith(f".{path[-1]}")]
    if sibling:
        return f"{what}; did you mean {'.'.join((*path[:-1], sibling))}?"
    if elsewhere:
        return f"{what}; did you mean {' or '.join(elsewhere)}?"
    return f"{what}; there are {', '.join(siblings)}."


def _named(path: KeyPath) -> str:
    return ".".join(key(name[:64]) for name in path)


def _line(where: dict[str, int], path: KeyPath) -> int:
    """The line of the key, or of the nearest table that holds it; a key with dots in it may be quoted or not."""
    while path and ".".join(path) not in where:
        path = path[:-1]
    return where.get(".".join(path), 1)


def _line_of(error: Exception, text: str) -> int:
    found = re.search(r"at line (\d+)", str(error))
    if found:
        return int(found[1])
    return text.count("\n") + 1 if "end of document" in str(error) else 1


def _syntax(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "lists or tables are nested too deeply."
    what = re.sub(r" \(at .*", "", str(error), flags=re.DOTALL)
    return f"this is not TOML: {what[:1].lower()}{what[1:]}."


def _remedy(error: OSError) -> str:
    match error:
        case FileNotFoundError():
            return "`intercom config template` prints one to start from."
        case PermissionError():
            return "Run this as the station's user, or as root."
        case _:
            return "Name a readable file with --config."
