"""Any valid settings and any value that a setting does not allow, drawn from the bounds in the tree itself."""

from functools import cache
from typing import Any

import msgspec
from hypothesis import strategies as st
from msgspec import inspect

from intercom.settings.clashes import PAIRS, RIVALS, clashes
from intercom.settings.paths import SET, Leaf, find, get, leaves, replace, typed
from intercom.settings.schema import Settings

LINE = st.characters(exclude_categories=["Cs", "Cc"])
PATHS = sorted(leaves())

# No setting allows all of these.
WRONG: tuple[Any, ...] = (
    *(True, -1, 28, 10**9, -(10**9), 2**80, 0.5, 1e18, float("nan"), float("inf")),
    *("", " ", "\x07", "a\nb", "\x9b1m", "no such word ☎", "x" * 5000, "60", "true", SET),
    *([], [7], ["\x07"], ["a"] * 300, [[]], {}, {"a": "\x07"}, {"a b": ["c"]}, {"a": {"b": 1}}),
)


def valid_settings(least: int = 0) -> st.SearchStrategy[Settings]:
    """Settings in which a few leaves, or this many, have a value drawn from their bounds; no two contradict each other.

    To draw all leaves takes ten times as long as to draw a few.
    """
    paths = st.lists(st.sampled_from(PATHS), unique=True, min_size=least)
    chosen = paths.flatmap(lambda paths: st.fixed_dictionaries({path: _of_leaf(path) for path in paths}))
    return chosen.map(_tree).filter(lambda settings: not clashes(settings))


def wrong_value(path: str) -> st.SearchStrategy[Any]:
    """What this setting does not allow, as TOML and JSON can say it."""
    return st.sampled_from(_wrong(path))


def is_allowed(leaf: Leaf, value: Any) -> bool:
    """Whether the setting may be that."""
    try:
        typed(leaf, value)
    except msgspec.ValidationError:
        return False
    return True


def of_kind(kind: inspect.Type) -> st.SearchStrategy[Any]:
    """Any value that a type of the tree allows."""
    match kind:
        case inspect.Metadata(type=inner):
            return of_kind(inner)
        case inspect.UnionType(types=(inner, inspect.NoneType())):
            return st.none() | of_kind(inner)
        case inspect.VarTupleType(item_type=item, min_length=low, max_length=high):
            return st.lists(of_kind(item), min_size=low or 0, max_size=high or 5).map(tuple)
        case inspect.DictType(key_type=key, value_type=value):
            return st.dictionaries(of_kind(key), of_kind(value), max_size=3)
        case _:
            return _single(kind)


@cache
def _of_leaf(path: str) -> st.SearchStrategy[Any]:
    return of_kind(inspect.type_info(find(path).kind))


@cache
def _wrong(path: str) -> list[Any]:
    leaf = find(path)
    return [value for value in WRONG if not is_allowed(leaf, value) and not (leaf.is_secret and value == SET)]


def _single(kind: inspect.Type) -> st.SearchStrategy[Any]:
    match kind:
        case inspect.BoolType():
            return st.booleans()
        case inspect.LiteralType(values=values):
            return st.sampled_from(values)
        case inspect.IntType(ge=low, le=high):
            return st.integers(low, high)
        case inspect.FloatType(ge=low, le=high):
            return st.floats(low, high)
        case inspect.StrType(pattern=str(pattern)):
            return st.from_regex(pattern.replace("$", r"\Z").replace(r"[^/\s]", "[a-z0-9.:]"))
        case inspect.StrType(min_length=low, max_length=high):
            return st.text(LINE, min_size=low or 0, max_size=high or 200)
    raise NotImplementedError(kind)


def _tree(values: dict[str, Any]) -> Settings:
    settings = Settings()
    for path, value in values.items():
        settings = replace(settings, path, value)
    pins: dict[int, None] = dict.fromkeys(settings.panel.ring.pins)
    settings = replace(settings, "panel.ring.pins", tuple(pins))
    for pair in PAIRS:
        if not all(get(settings, path) for path in pair):
            settings = _without(settings, *pair)
    for first, *others in RIVALS:
        if get(settings, first):
            settings = _without(settings, *others)
    if not settings.signaling.is_at_twilio:
        settings = _without(settings, "signaling.edge", "signaling.region")
    if not any(uri.startswith("turn") for uri in settings.rtc.ice_servers):
        settings = _without(settings, "rtc.ice_policy")
    return settings


def _without(settings: Settings, *paths: str) -> Settings:
    for path in paths:
        settings = replace(settings, path, leaves()[path].default)
    return settings
