"""What there is to tell those who watch, from one snapshot of the status to the next."""

from collections.abc import Callable, Iterator
from typing import Any

Snapshot = dict[str, Any]

_RESTLESS = {"sample", "figures", "machine"}  # changes all the time, and is asked for by who wants it
_COUNTING = {"duration_s", "reconnecting_s"}
_FACTS = ("sid", "direction", "from", "to")
_STEPS = {
    ("pending", "open"): "answered",
    ("connecting", "open"): "answered",
    ("ringing", "open"): "answered",
    ("open", "reconnecting"): "reconnecting",
    ("reconnecting", "open"): "reconnected",
}


class Bulletin:
    """Tells news by `tell`, as a newsroom does."""

    def __init__(self, tell: Callable[..., None]) -> None:
        self._tell = tell
        self._before: Snapshot | None = None

    def take(self, snapshot: Snapshot) -> None:
        """Tell what is new in it; of the first one, nothing is."""
        before, self._before = self._before, snapshot
        if before is not None:
            for kind, members in news(before, snapshot):
                self._tell(kind, **members)


def news(before: Snapshot, after: Snapshot) -> Iterator[tuple[str, dict[str, Any]]]:
    """News by kind: `call` with what has become of it, its `state`; `status` with the names of what has `changed`.

    A call begins when it has its id.
    """
    were, are = _calls(before), _calls(after)
    for sid in were.keys() - are.keys():
        yield "call", _told("ended", were[sid])
    for sid in are.keys() - were.keys():
        yield "call", _told("began", are[sid])
    for sid in are.keys() & were.keys():
        if step := _STEPS.get((were[sid]["status"], are[sid]["status"])):
            yield "call", _told(step, are[sid])
    if changed := [name for name in after if name not in _RESTLESS and _still(before.get(name)) != _still(after[name])]:
        yield "status", {"changed": changed}


def _told(state: str, call: dict[str, Any]) -> dict[str, Any]:
    return {"state": state, **{fact: call[fact] for fact in _FACTS}}


def _calls(snapshot: Snapshot) -> dict[str, dict[str, Any]]:
    calls = [snapshot["call"], *snapshot["pending"]]
    return {call["sid"]: call for call in calls if call and call["sid"] and not call["ended"]}


def _still(part: Any) -> Any:
    """The part without what only counts on."""
    if isinstance(part, list):
        return [_still(one) for one in part]
    if isinstance(part, dict):
        return {name: value for name, value in part.items() if name not in _COUNTING}
    return part
