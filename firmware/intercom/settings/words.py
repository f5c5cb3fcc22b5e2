"""Settings types and values in words: what a setting allows, and how TOML writes its value."""

import json
import re
from typing import Any

from msgspec import inspect

BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


def allowed(kind: inspect.Type) -> str:
    """What a setting of this type may be, to stand after "must be"."""
    match kind:
        case inspect.Metadata(extra={"allowed": str(words)}):
            return words
        case inspect.Metadata(type=inner) | inspect.UnionType(types=(inner, inspect.NoneType())):
            return allowed(inner)
        case _:
            return _bounds(kind)


def written(value: Any) -> str:
    """A setting's value as TOML writes it, on one line."""
    match value:
        case None:
            return "none"
        case bool():
            return "true" if value else "false"
        case str():
            return json.dumps(value, ensure_ascii=False)
        case dict():
            pairs = (f"{key(name)} = {written(one)}" for name, one in value.items())
            return f"{{ {', '.join(pairs)} }}" if value else "{}"
        case list() | tuple():
            return f"[{', '.join(map(written, value))}]"
        case _:
            return str(value)


def key(name: str) -> str:
    """A name as TOML writes it to the left of a value."""
    return name if BARE_KEY.fullmatch(name) else written(name)


def _bounds(kind: inspect.Type) -> str:
    match kind:
        case inspect.BoolType():
            return "true or false"
        case inspect.LiteralType(values=values):
            *others, last = map(written, values)
            return f"{', '.join(others)} or {last}"
        case inspect.IntType(ge=int(low), le=int(high)):
            return f"a whole number from {low} to {high}"
        case inspect.FloatType(ge=(int() | float()) as low, le=(int() | float()) as high):
            return f"a number from {low:g} to {high:g}"
        case inspect.StrType(min_length=low, max_length=high):
            return f"one line of text{_count(low, high, 'characters')}"
        case inspect.VarTupleType(item_type=item, min_length=low, max_length=high):
            return f"a list{_count(low, high, 'items')}, each {allowed(item)}"
    raise NotImplementedError(f"{kind} has no words: give it `allowed` in its Meta's extra")


def _count(low: int | None, high: int | None, what: str) -> str:
    if high is not None:
        return f" of {low or 0} to {high} {what}"
    return ", not empty" if low else ""
