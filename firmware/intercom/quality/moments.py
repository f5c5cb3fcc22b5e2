"""The moments of a call that are reported with words or figures of their own (Voice JS SDK v1, Insights).  Pure."""

import re
from typing import Any

from intercom.errors import AudioBusyError, AudioDeniedError, AudioError, AudioMissingError, UsageError
from intercom.quality.monitor import Change
from intercom.quality.report import Report, rounded

ISSUES = ("audio-latency", "choppy-audio", "dropped-call", "echo", "noisy-call", "one-way-audio")
LINK_LOST = "ice-connectivity-lost"
OUTPUT_LEVEL = "constant-audio-output-level"  # told to the gateway alone, and never as a warning
# The browser's name for what a microphone may have against being used (W3C Media Capture and Streams).
CAPTURE_ERRORS = {
    AudioDeniedError: "NotAllowedError",
    AudioMissingError: "NotFoundError",
    AudioBusyError: "NotReadableError",
}
MEDIA_LOST = {
    "code": 53405,
    "description": "The media connection failed",
    "explanation": "Nothing is heard of the far end any more.",
    "causes": ["The network between the two ends was lost.", "One end changed its network address."],
    "solutions": ["The call looks for a new path by itself.", "Check the network on both sides."],
}


def capture(constraints: dict[str, Any] | None, error: AudioError | None = None) -> Report:
    """Return the report of the microphone that was asked for, and of what it had against it."""
    data: dict[str, Any] = {"audioConstraints": constraints or True}
    if error is None:
        return Report("get-user-media", "succeeded", "INFO", {"data": data})
    data["error"] = {"name": CAPTURE_ERRORS.get(type(error), "OverconstrainedError"), "message": error.message}
    name = "denied" if isinstance(error, AudioDeniedError) else "failed"
    return Report("get-user-media", name, "ERROR", {"data": data})


def codec(name: str, sdp: str) -> Report:
    """Return the report of the codec that both ends agreed on, as our own description `sdp` has it."""
    selected = re.search(rf"^a=rtpmap:(\d+) ({re.escape(name)}/\S+)", sdp, re.MULTILINE | re.IGNORECASE)
    kind, mapped = selected.groups() if selected else ("", name)
    params = re.search(rf"^a=fmtp:{kind} (\S+)", sdp, re.MULTILINE)
    payload = {"selected_codec": mapped, "codec_params": params[1] if params else ""}
    return Report("settings", "codec", "INFO", payload)


def warning(change: Change) -> Report:
    """Return the report of a warning that was raised or cleared."""
    evidence = change.evidence
    found = {"values": [rounded(value) for value in evidence.values]}
    data = {"threshold": evidence.threshold.value, **(found if evidence.value is None else {"value": evidence.value})}
    kind = "audio-level" if change.warning.startswith("constant-") else "network-quality"
    is_grave = change.is_raised and change.warning != OUTPUT_LEVEL
    return _warning(kind, change.warning, {"data": data}, is_raised=change.is_raised, is_grave=is_grave)


def link(*, is_lost: bool) -> Report:
    """Return the report of the media's connection that was lost, or found again."""
    message = "The media's connection was lost." if is_lost else "The media's connection is back."
    return _warning("network-quality", LINK_LOST, {"message": message}, is_raised=is_lost, is_grave=is_lost)


def feedback(score: object, issue: object) -> Report:
    """Return the report of what a person says of a call; raises UsageError (Voice JS SDK v1, postFeedback).

    `score` is 1 (bad) to 5; None: they said nothing.
    """
    if score is None:
        return Report("feedback", "received-none", "INFO")
    if type(score) is not int or not 1 <= score <= 5:
        raise UsageError("A call's score is a whole number from 1 (bad) to 5 (excellent).", "Leave it out for none.")
    if issue is not None and issue not in ISSUES:
        raise UsageError("There is no such issue.", f"It is one of {', '.join(ISSUES)}, or left out.")
    return Report("feedback", "received", "INFO", {"quality_score": score, **({"issue_name": issue} if issue else {})})


def _warning(kind: str, name: str, payload: dict[str, Any], *, is_raised: bool, is_grave: bool) -> Report:
    group = f"{kind}-warning-{'raised' if is_raised else 'cleared'}"
    return Report(group, name, "WARNING" if is_grave else "INFO", payload)
