"""Our client in the 35 scenarios in which the official SDK v1 was recorded: the same lines in the same order, but for
those that DIFFERENCES tells.

Each is played from its frames and from what its application did.  Sounds are compared on their own: ours stop ringing
when a call is taken, the SDK's when it opens.
"""

import difflib
from dataclasses import dataclass

import pytest

from tests.call.clock import jumping
from tests.call.lines import recorded, recorded_sounds
from tests.call.recorded import Player
from tests.call.scripts import BEFORE, OPTIONS, SCRIPTS, USUAL, do, register
from tests.vectors.read import vectors

RECORDED = {each["name"]: each["log"] for each in vectors("transcripts")["scenarios"] if each["sdk"] == "v1"}


@dataclass(frozen=True, slots=True)
class Difference:
    """What we do (+) in place of what the SDK did (-), and why."""

    why: str
    lines: tuple[str, ...]
    sounds: tuple[str, ...] | None = None


NAMED = "the seed promises that an error names its call"
CODED = "an error always has a code"
ENDED = "a call whose media can't be agreed on has ended, with its reason, also when the fault is in the offer"
TRANSPORT = "`transportClose` is no event of the seed; the device tells `offline` and `error`"

DIFFERENCES = {
    "outgoing-disconnect-before-capture": Difference(
        "a call ends once (Q1)", ("- call.disconnect closed",), ("play end",)
    ),
    "incoming-reject-then-server-cancel": Difference(
        "a call ends once (Q2)", ("- call.cancel closed", "- device.cancel ready")
    ),
    "incoming-ignore-then-server-cancel": Difference("a call ends once (Q2)", ("- call.cancel closed",)),
    "busy-invite-accepted": Difference(
        "a device is busy from accepting a call on",
        ("- device.disconnect ready", "+ device.disconnect busy"),
    ),
    "disconnectAll-leaves-pending": Difference(
        "a call that rings on is still among those that ring",
        ("- state pending connections=0", "+ state pending connections=1"),
    ),
    "mute": Difference(
        "who mutes a call before it opens is not heard when it does",
        ("- call.mute connecting false", "- call.mute open true"),
    ),
    "token-and-presence": Difference("`ready` tells that calls can come now", ("- device.ready ready",)),
    "errors": Difference(
        f"{CODED}; a call that is not there is no call",
        (
            "- device.error ready 31999/53000 connection=None", "+ device.error ready 31999/53000",
            "- device.error ready -/53000", "+ device.error ready 31000/53000",
        ),
    ),
    "capture-denied": Difference(
        NAMED,
        (
            "- call.error closed 31208/-", "+ call.error closed 31208/- connection",
            "- device.error ready 31208/-", "+ device.error ready 31208/- connection=closed",
        ),
    ),
    "capture-failed": Difference(
        NAMED,
        (
            "- call.error closed 31201/-", "+ call.error closed 31201/- connection",
            "- device.error ready 31201/-", "+ device.error ready 31201/- connection=closed",
        ),
    ),
    "malformed-invite": Difference(CODED, ("- device.error ready -/31400", "+ device.error ready 31400/31400")),
    "bad-answer-sdp": Difference(
        ENDED,
        (
            "- device.error busy 31000/53402 connection=connecting",
            '- status "connecting"',
            '- send hangup {"callsid": "CA00000000000000000000000000000029"}',
            '+ send hangup {"callsid": "CA00000000000000000000000000000029", "message": "<text>"}',
            "+ device.error ready 31000/53402 connection=closed",
            '+ status "closed"',
        ),
    ),
    "bad-offer-sdp": Difference(
        f"{ENDED}; it rings no longer once the call is taken",
        (
            "+ call.error connecting 31000/53402 connection",
            '- unhandled-rejection "OperationError"',
            '- status "connecting"',
            '- send hangup {"callsid": "CA00000000000000000000000000000030"}',
            '+ send hangup {"callsid": "CA00000000000000000000000000000030", "message": "<text>"}',
            "+ device.error ready 31000/53402 connection=closed",
            '+ status "closed"',
        ),
        ("play ringtone", "stop", "play end"),
    ),
    "transport-drop-pending": Difference(
        f"{TRANSPORT}; what rang can't be answered any more, so it is cancelled",
        (
            "+ call.cancel closed",
            "- call.transportClose closed", "- call.transportClose closed", "- call.transportClose pending",
            "+ device.cancel offline",
        ),
    ),
    "transport-drop-open": Difference(
        f"{TRANSPORT}; a hang-up during the outage goes out after it, so that the far end is not left waiting",
        (
            "- call.transportClose closed", "- call.transportClose closed", "- call.transportClose pending",
            "- call.transportClose open",
            '+ send hangup {"callsid": "CA00000000000000000000000000000032"}',
        ),
    ),
    "media-lost-restart-on": Difference(
        f"`ready` tells that calls can come now; {NAMED}",
        (
            "- device.ready busy",
            "- call.reconnecting reconnecting 53405/53405",
            "+ call.reconnecting reconnecting 53405/53405 connection",
        ),
    ),
    "server-close": Difference(
        "a call that can't be placed now fails as in any other outage: no script need tell these apart",
        (
            '- connect-throws "InvalidArgumentError"',
            "+ call.error connecting 31000/53001 connection", "+ call.disconnect closed",
            "+ device.error offline 31000/53001 connection=closed", "+ device.disconnect offline",
        ),
        ("play end",),
    ),
}  # fmt: skip


def test_each_scenario_has_its_script() -> None:
    assert SCRIPTS.keys() == RECORDED.keys()
    assert len(SCRIPTS) == 35
    assert DIFFERENCES.keys() <= SCRIPTS.keys()


@pytest.mark.parametrize("name", SCRIPTS)
@jumping
async def test_our_client_does_what_the_sdk_did(name: str) -> None:
    log = RECORDED[name]
    player = Player(log, OPTIONS.get(name, USUAL))
    await do(player, BEFORE.get(name, [register]))
    player.log.clear()
    await do(player, SCRIPTS[name])
    assert await player.end() == []
    expected = DIFFERENCES.get(name, Difference("", ()))
    assert tuple(line for line in difflib.ndiff(recorded(log), player.log) if line[0] in "-+") == expected.lines
    sounds = recorded_sounds(log) if expected.sounds is None else expected.sounds
    assert player.sounds == list(sounds)
