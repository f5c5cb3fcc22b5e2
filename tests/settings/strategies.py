"""Any valid settings, drawn from the bounds in the tree itself."""

from typing import Any

from hypothesis import strategies as st
from msgspec import inspect

from intercom.settings.clashes import PAIRS, RIVALS, clashes
from intercom.settings.paths import get, leaves, replace
from intercom.settings.schema import Settings

LINE = st.characters(exclude_categories=["Cs", "Cc"])


def valid_settings() -> st.SearchStrategy[Settings]:
    """Settings in which each leaf is within its bounds and no two contradict each other."""
    values = {leaf.path: of_kind(inspect.type_info(leaf.kind)) for leaf in leaves().values()}
    return st.fixed_dictionaries({}, optional=values).map(_tree).filter(lambda settings: not clashes(settings))


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
