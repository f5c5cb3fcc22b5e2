"""What is sent, heard and told in a scenario, as one line of text each: for a recording and for us alike."""

import json
from typing import Any

from intercom.call.connection import Connection
from intercom.call.events import CallError
from intercom.quality.monitor import Evidence
from tests.call.world import Remote

Entry = dict[str, Any]

VARIES = {"sdp": "<sdp>", "token": "<jwt>", "browserinfo": "<client>", "message": "<text>"}


def recorded(log: list[Entry]) -> list[str]:
    """Return the lines of a recording, but for its sounds."""
    return [_line(entry["kind"], entry.get("d")) for entry in log if not entry["kind"].startswith("sound.")]


def recorded_sounds(log: list[Entry]) -> list[str]:
    """Return what a recording lets be heard; to stop what does not sound is nothing."""
    names = {"incoming": "ringtone", "outgoing": "outgoing", "disconnect": "end"}
    sounds: list[str] = []
    for entry in log:
        if entry["kind"] == "sound.play":
            sounds.append(f"play {names[entry['d']]}")
        elif entry["kind"] == "sound.stop" and sounds[-1:] == ["play ringtone"]:
            sounds.append("stop")
    return sounds


def sent_or_heard(way: str, frame: Entry) -> str:
    """Return the line of a frame; what must differ from recording to recording is left open."""
    payload = {name: VARIES.get(name, value) for name, value in frame.get("payload", {}).items()}
    if str(payload.get("callsid", "")).startswith("TJS"):
        payload["callsid"] = "TJS"
    return f"{way} {frame['type']} {json.dumps(payload, sort_keys=True)}"


def told(kind: str, entry: Entry) -> str:
    """Return the line of an event."""
    argument = entry.get("arg")
    state = entry.get("status") or entry.get("device")
    if argument is None:
        return f"{kind} {state}"
    is_error = isinstance(argument, dict) and "keys" in argument
    return f"{kind} {state} {_error_line(argument) if is_error else json.dumps(argument, sort_keys=True)}"


def _error_line(error: Entry) -> str:
    """Return its two codes, and whether it names its call; on a device also that call's state."""
    codes = f"{error.get('code', '-')}/{error.get('twilioError', '-')}"
    if "connection" not in error["keys"]:
        return codes
    return f"{codes} connection" + (f"={error['connection']}" if "connection" in error else "")


def _line(kind: str, value: Any) -> str:
    if kind in {"send", "recv"}:
        return sent_or_heard(kind, value)
    if kind.startswith(("call.", "device.")):
        return told(kind, value)
    if kind == "state":
        return f"state {value['status']} connections={value['connections']}"
    return kind if value is None or kind == "ws-connect" else f"{kind} {json.dumps(value)}"


def plain(values: tuple[Any, ...], connection: Connection) -> Any:
    """Return an event's arguments as the recording has them."""
    match values:
        case () | (Connection(),) | (Remote(),):
            return None
        case (CallError() as error,):
            return error_entry(error)
        case (bool() as flag, *_):
            return flag
        case (str() as warning, Evidence() as evidence):
            threshold = {"name": evidence.threshold.name, "value": evidence.threshold.value}
            return [warning, {"name": evidence.name, "threshold": threshold, "values": list(evidence.values)}]
        case _:
            return list(values)


def error_entry(error: CallError) -> Entry:
    """Return an error as the recording has them."""
    entry: Entry = {"code": error.code, "message": error.message}
    keys = ["code", *(["connection"] if error.connection else []), "message"]
    if error.twilio_code:
        entry["twilioError"] = error.twilio_code
        keys.append("twilioError")
    return entry | {"keys": keys}
