"""Walks over the settings tree: its leaves by dotted path, reading a value for one, getting and changing one.

All functions are pure; a path or value that is not good raises UsageError, which never quotes it.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from types import MappingProxyType
from typing import Any, TypeVar, get_args

import msgspec
from msgspec import inspect

from intercom.errors import UsageError
from intercom.settings.schema import Section, Settings
from intercom.settings.words import allowed

SET = "<set>"

SectionT = TypeVar("SectionT", bound=Section)

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_SPOKEN = {"on": "true", "yes": "true", "off": "false", "no": "false"}


@dataclass(frozen=True, slots=True)
class Leaf:
    """One setting: `kind` is the type its value has, `allowed` says so in words, to stand after "must be"."""

    path: str
    kind: Any
    default: Any
    description: str
    allowed: str
    example: Any
    is_secret: bool


@cache
def leaves() -> MappingProxyType[str, Leaf]:
    """Every setting by its dotted path, in the order of the tree."""
    return MappingProxyType({leaf.path: leaf for leaf in _walk(Settings, "")})


def find(path: str) -> Leaf:
    """The leaf of that path; what a table holds is one too, such as `exchange.groups.house`."""
    table, entry = split(path)
    leaf = leaves().get(table)
    if leaf and entry:
        leaf = _entry_of(leaf, entry)
    if leaf:
        return leaf
    raise UsageError("There is no such setting.", _advice(path))


def under(path: str) -> list[Leaf]:
    """The leaf of that path, or all of that section (of the tree, for an empty path)."""
    inside = [leaf for leaf in leaves().values() if leaf.path.startswith(f"{path}." if path else "")]
    return inside or [find(path)]


def split(path: str) -> tuple[str, str]:
    """The setting, and the key where the path goes into its table; else the path and nothing."""
    if path not in leaves():
        for table, leaf in leaves().items():
            if isinstance(leaf.default, dict) and path.startswith(f"{table}."):
                return table, path.removeprefix(f"{table}.")
    return path, ""


def nearest(word: str, choices: Iterator[str] | list[str]) -> str | None:
    """The choice that was probably meant."""
    close = get_close_matches(word, list(choices), n=1, cutoff=0.6)
    return close[0] if close else None


def read(path: str, value: Any) -> Any:
    """The value for that setting, from a JSON or TOML value, or from words such as `60`, `on`, `opus, pcmu`."""
    leaf = find(path)
    if leaf.is_secret and value == SET:
        raise UsageError(f"{path} must be the secret itself: {SET} only stands for one that is not shown.")
    for reading in _readings(value):
        try:
            return typed(leaf, reading)
        except msgspec.ValidationError:
            continue
    raise UsageError(f"{path} must be {leaf.allowed}.", f"`help {path}` tells more.")


def typed(leaf: Leaf, value: Any) -> Any:
    """The value as the leaf's type; raises msgspec.ValidationError."""
    result = msgspec.convert(_flat(value) if isinstance(leaf.default, dict) else value, leaf.kind)
    if any(_CONTROL.search(text) for text in _texts(result)):
        raise msgspec.ValidationError("Control characters")
    return result


def get(settings: Section, path: str) -> Any:
    """The value of that setting; None for a key that its table doesn't hold."""
    table, entry = split(path)
    for name in table.split("."):
        settings = getattr(settings, name)
    return settings.get(entry) if isinstance(settings, dict) and entry else settings


def replace(settings: SectionT, path: str, value: Any) -> SectionT:
    """The same settings but for one typed value; None takes a key out of its table."""
    table, entry = split(path)
    if entry:
        changed = {**get(settings, table), entry: value}
        return replace(settings, table, {name: each for name, each in changed.items() if each is not None})
    name, _, rest = path.partition(".")
    inner = replace(getattr(settings, name), rest, value) if rest else value
    return msgspec.structs.replace(settings, **{name: inner})


def is_section(kind: Any) -> bool:
    """Whether a field's type is a section, not a setting."""
    return isinstance(kind, type) and issubclass(kind, Section)


def shown(leaf: Leaf, value: Any) -> Any:
    """The value as people and programs may see it: a secret is `<set>`."""
    return SET if leaf.is_secret and value else value


def _walk(section: type[Section], prefix: str) -> Iterator[Leaf]:
    for field in msgspec.structs.fields(section):
        path = f"{prefix}{field.name}"
        if is_section(field.type):
            yield from _walk(field.type, f"{path}.")
        else:
            yield _leaf(path, field, inspect.type_info(field.type))


def _leaf(path: str, field: Any, kind: inspect.Type) -> Leaf:
    notes, extra = getattr(kind, "extra_json_schema", None) or {}, getattr(kind, "extra", None) or {}
    return Leaf(
        path=path,
        kind=field.type,
        default=field.default if field.default_factory is msgspec.NODEFAULT else field.default_factory(),
        description=notes["description"],
        allowed=allowed(kind),
        example=next(iter(notes.get("examples", [])), None),
        is_secret=extra.get("secret", False),
    )


def _entry_of(table: Leaf, key: str) -> Leaf | None:
    """One key of a table as a setting of its own; None where the table can't hold it."""
    key_kind, kind = get_args(get_args(table.kind)[0])
    try:
        msgspec.convert(key, key_kind)
    except msgspec.ValidationError:
        return None
    return Leaf(
        path=f"{table.path}.{key}",
        kind=kind,
        default=None,
        description=table.description,
        allowed=allowed(inspect.type_info(kind)),
        example=None,
        is_secret=table.is_secret,
    )


def _flat(table: Any) -> Any:
    """A table with tables in it as one of dotted keys: `a.b = 1` and `"a.b" = 1` mean the same."""
    if not isinstance(table, dict):
        return table
    flat: dict[str, Any] = {}
    for name, value in table.items():
        inner = _flat(value)
        flat |= {f"{name}.{key}": each for key, each in inner.items()} if isinstance(inner, dict) else {name: inner}
    return flat


def _readings(value: Any) -> Iterator[Any]:
    if not isinstance(value, str):
        yield value
        return
    try:
        read_as_toml = tomllib.loads(f"value = {_SPOKEN.get(value, value)}")
        if read_as_toml.keys() == {"value"}:
            yield read_as_toml["value"]
    except (ValueError, RecursionError):
        pass
    yield value
    words = value.replace(",", " ").split()
    yield words
    if all(word.isdecimal() for word in words):
        yield [int(word) for word in words]


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            yield from (text for pair in value.items() for one in pair for text in _texts(one))
        case tuple():
            yield from (text for one in value for text in _texts(one))


def _advice(path: str) -> str:
    inside = [leaf for leaf in leaves() if leaf.startswith(f"{path}.")]
    if inside:
        return f"It is a section; its settings are {', '.join(inside)}."
    meant = nearest(path, list(leaves())) or next((leaf for leaf in leaves() if leaf.endswith(f".{path}")), None)
    return f"Did you mean {meant}?" if meant else "`show` names them all."
