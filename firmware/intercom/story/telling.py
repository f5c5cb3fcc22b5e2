"""A call's story in plain sentences.  Pure; `at` is the local time at which the call began, empty where not known."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from ipaddress import ip_address
from typing import Any

from msgspec import to_builtins

from intercom.call.events import Ending
from intercom.story import worth
from intercom.story.causes import cause
from intercom.story.record import CUT, NEVER, Outage, Ring, Route, Story

RINGS = {
    None: "",
    Ring.ALOUD: "It rang here.",
    Ring.HUSHED: "It rang here without a sound, as do-not-disturb was on.",
    Ring.UNHEARD: "It rang here unheard: the ringing is turned down to 0, or the speaker can't be used (see `status`).",
}
AT_ONCE_S = 1.0
WAYS = {
    "direct": "The sound went straight from one to the other ({ends}).",
    "router": "The sound went straight from one to the other, through a router's address translation ({ends}).",
    "relay": "The sound went through a TURN relay ({ends}), which adds delay.",
}
DOORS = {"opened": "it opened", "refused": "it was refused", "failed": "it did not open"}
# How a call ended; `{peer}` is the far end, `{by}` who did it here.
ENDINGS = {
    "": "It is under way.",
    Ending.HUNG_UP: "It was hung up here{by}.",
    Ending.HUNG_UP_BY_FAR_END: "{peer} hung up.",
    Ending.REJECTED: "It was rejected here{by}.",
    Ending.IGNORED: "It was ignored here{by}; elsewhere it may have rung on.",
    Ending.CANCELLED: "{peer} gave up before anybody answered.",
    Ending.TAKEN: "Somebody else who was rung took it.",
    Ending.FAILED: "It failed.",
    NEVER: "It did not come to be.",
    CUT: "It broke off: the station lost its power, or was killed.",
}
ADVICE = {
    Ending.CANCELLED: "`missed` lists who found nobody.",
    NEVER: "`status` shows whether that is so still.",
    CUT: "`status` tells whether the supply is too weak; the log tells of a crash.",
}


def sentences(story: Story, *, at: str) -> list[str]:
    """Return the whole story; never empty."""
    parts = [_began(story, at), *_rang(story), *_answered(story), *_sound(story), *_doors(story), ended(story)]
    if story.how == Ending.FAILED:
        parts.append(cause(story.code).advice)
    elif advice := ADVICE.get(story.how):
        parts.append(advice)
    return [part for part in parts if part]


def ended(story: Story) -> str:
    """Return how a call ended, in a sentence or two."""
    by = f" by {story.ended_by}" if story.ended_by else ""
    text = ENDINGS.get(story.how, "It ended.").format(peer=_far_end(story), by=by)
    if story.how == Ending.FAILED:
        text = f"It failed with code {story.code}. {cause(story.code).meaning}"
    if story.message and story.message not in text:
        text += f" {story.message}"
    return text


def shown(story: Story, *, at: str) -> dict[str, Any]:
    """Return a call as JSON: what is kept of it, its local time, and its end in words."""
    kept: dict[str, Any] = to_builtins(story)
    told = {"at": at, "began_at": story.at, "ended": ended(story), "quality": worth.figures(story.heard)}
    return kept | told | {"way": way(story.route) if story.route else None}


def at_door(records: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return what records of the door's log tell."""
    return [_at_door(record) for record in records]


def way(route: Route) -> str:
    """Return which of WAYS the sound went."""
    if "relay" in {route.ours, route.theirs}:
        return "relay"
    ends = ((route.ours, route.our_address), (route.theirs, route.their_address))
    return "router" if any(_is_translated(*end) for end in ends) else "direct"


def span(seconds: float) -> str:
    """Return a time in words: `42 s`, `3 min 5 s`, `2 h 10 min`."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def _began(story: Story, at: str) -> str:
    when = f" on {at[:10]} at {at[11:19]}" if at else ", at a time when the station's clock was not set"
    hand = f" by {story.hand}" if story.hand else ""
    if story.is_incoming:
        return f"Call {story.n}: {_far_end(story)} called{when}."
    again = f", {story.times} times in a row" if story.times > 1 else ""
    meant = "was to be called" if story.how == NEVER else "was called"
    return f"Call {story.n}: {_far_end(story)} {meant}{hand}{when}{again}."


def _rang(story: Story) -> Iterator[str]:
    if story.is_incoming:
        yield RINGS[story.ring]
    elif story.rang_s is not None:
        yield "It rang there at once." if story.rang_s < AT_ONCE_S else f"It rang there after {span(story.rang_s)}."
    elif story.answered_s is None and story.how not in {NEVER, ""}:
        yield "It was never heard to ring there."


def _answered(story: Story) -> Iterator[str]:
    if story.answered_s is None:
        return
    if not story.is_incoming:
        who = f"{_far_end(story)} answered"
    else:
        who = f"{_capital(story.answered_by)} took it" if story.answered_by else "It was taken"
    yield f"{who} after {span(story.answered_s)}."
    if story.lasted_s is None and story.how:
        yield "Both ends never came to hear each other."
    elif story.lasted_s is not None:
        yield f"They could talk for {span(story.lasted_s)}."


def _sound(story: Story) -> Iterator[str]:
    if story.route:
        ends = f"{story.route.our_address} to {story.route.their_address}"
        yield WAYS[way(story.route)].format(ends=ends)
    yield from worth.sentences(story.heard, story.codec, story.warnings)
    yield from map(_outage, story.outages)


def _is_translated(kind: str, address: str) -> bool:
    """Whether a router stands before this candidate; one that showed itself only when it sent may hide its name."""
    with suppress(ValueError):
        return kind == "srflx" or (kind == "prflx" and ip_address(address).is_global)
    return False


def _outage(outage: Outage) -> str:
    when = f"{_capital(span(outage.at_s))} after the call began the far end was lost"
    if outage.lasted_s is None:
        return f"{when} and not found again."
    return f"{when}; it was found again after {span(outage.lasted_s)}."


def _doors(story: Story) -> Iterator[str]:
    for told in story.doors:
        result = DOORS.get(told.result, told.result)
        yield f"The door of the other end was asked for, and {result}{f': {told.why}' if told.why else '.'}"


def _at_door(record: Mapping[str, Any]) -> str:
    who, how, why = (record.get(key, "") for key in ("who", "how", "why"))
    allowed = {True: "allowed", False: "refused", None: ""}[record.get("allowed")]
    facts = ", ".join(filter(None, (who, how and f"by {how}", record["what"], allowed)))
    return f"The door of this station at {record['at'][11:19]}: {facts}{f': {why}' if why else ''}".rstrip(".") + "."


def _far_end(story: Story) -> str:
    return story.peer or ("somebody unknown" if story.is_incoming else "nobody")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
