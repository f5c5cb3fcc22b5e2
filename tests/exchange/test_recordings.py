"""The recorded clients (official SDKs v1 and v2) against our exchange: their frames in, type and order of ours out."""

from pathlib import Path
from typing import Any

import pytest

from tests.exchange.recorded import Recorded
from tests.exchange.wires import net
from tests.vectors.read import vectors

RECORDINGS: dict[tuple[str, str], list[dict[str, Any]]] = {
    (each["sdk"], each["name"]): each["log"] for each in vectors("transcripts")["scenarios"]
}

# Recordings in which the far side did what no exchange of ours does, and why it does not.
NOT_OURS = {
    ("v1", "errors"): "a script of errors, also malformed ones, without a cause",
    ("v1", "malformed-invite"): "an invite without an offer",
    ("v1", "server-close"): "sent to nobody but who was revoked: tests/exchange/test_signal.py",
    ("v2", "signalling-lost-without-token"): "every call gets a reconnect token",
}

# Where we tell the client something else than the script of the recording did: what, and why.
RINGS = "a caller is always told that it rings"
AT_ONCE = "a call that a client names is confirmed at once, before it registers"
DIFFERENCES = {
    ("v1", "outgoing-flag-off-earlymedia-is-answer"): ("ringing answer hangup", "no early media, so it rings once"),
    ("v1", "incoming-accept-remotehangup"): ("invite hangup", "nobody hangs up the call of others"),
    ("v1", "incoming-reject-then-server-cancel"): ("invite", "who rejects is told nothing more"),
    ("v1", "incoming-cancelled-by-caller"): ("invite cancel", "a pending call is cancelled, never hung up"),
    ("v1", "transport-drop-pending"): ("invite connected ready invite", "who comes back to a call that rings is rung"),
    ("v1", "busy-invite-dropped"): ("ringing answer invite", RINGS),
    ("v1", "busy-invite-accepted"): ("ringing answer invite", RINGS),
    ("v1", "mute"): ("ringing answer", RINGS),
    ("v1", "dtmf-rtp"): ("ringing answer", RINGS),
    ("v1", "dtmf-signalling"): ("ringing answer", RINGS),
    ("v1", "bad-answer-sdp"): ("ringing answer", RINGS),
    ("v1", "transport-drop-open"): ("ringing answer connected ready", RINGS),
    ("v1", "media-lost-restart-off"): ("ringing answer", RINGS),
    ("v1", "media-lost-restart-on"): ("ringing answer ready answer", RINGS),
    ("v2", "message-and-ack"): ("ringing answer ack error message", RINGS + "; a bad message is refused at once"),
    ("v2", "signalling-reconnect-outgoing"): ("ringing answer connected answer ready", f"{RINGS}; {AT_ONCE}"),
    ("v2", "signalling-reconnect-incoming"): ("invite connected answer ready", AT_ONCE),
}


@pytest.mark.parametrize("name", [name for name in RECORDINGS if name not in NOT_OURS], ids=" ".join)
async def test_a_recorded_client_is_told_what_it_was_told_then(tmp_path: Path, name: tuple[str, str]) -> None:
    log = RECORDINGS[name]
    then = [entry["d"]["type"] for entry in log if entry["kind"] == "recv"]
    ours, _why = DIFFERENCES.get(name, (" ".join(then), ""))
    assert name not in DIFFERENCES or ours.split() != then
    async with net(tmp_path / "state") as house, house.exchange():
        client = Recorded(house, name[0])
        await client.replay(log, to="nobody" if "refused" in name[1] else "")
    assert client.told == ours.split()
