"""The calls of the recorded SDK once more: its requests beside our reports, member by member."""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from aioice import Candidate

from intercom.call.ports import AudioConstraints, MediaState
from intercom.errors import AudioDeniedError, AudioMissingError
from intercom.rtc import observer
from intercom.signaling.messages import Answer, Cancel, Failure, Hangup, Ringing
from tests.call.reported import Calls, Key
from tests.call.world import ANSWER, SID
from tests.vectors.read import vectors

RECORDED = vectors("insights")

# What a browser alone can tell.
NOT_OURS = {("/v4/EndpointEvents", "INFO", "network-information", "network-change")}

# Told in another order: before `reconnecting`, as its event is.
EARLIER = ("/v4/EndpointEvents", "WARNING", "network-quality-warning-raised", "ice-connectivity-lost")

# Members whose values must differ or do, and why; that they are there counts.
DIFFERENT = {
    "timestamp": "another day",
    "publisher_metadata": "our name and version",
    "payload.sdk_version": "our version",
    "payload.temp_call_sid": "made up for each call",
    "payload.call_sid": "the exchange's",
    "payload.audio_codec": "opus here, PCMU there",
    "payload.selected_codec": "the same",
    "payload.message": "our words",
    "payload.twilioError": "our words",
    "payload.getUserMedia": "the recording put one of its own in the place of the browser's",
    "payload.data.audioConstraints": "here a PCM is asked for by name",
    "payload.data.error": "here with words",
    "payload.data.values": "other figures",
    "payload.ip": "another network",
    "payload.port": "the same",
    "payload.priority": "the same",
    "payload.local_candidate": "the same",
    "payload.remote_candidate": "the same",
}

# What transports do at the times of the recording.
OFFERED = (observer.SIGNALING, "have-local-offer"), (observer.DTLS, "new")
AGREED = (
    (observer.GATHERING, "gathering"), (observer.GATHERING, "complete"), (observer.ICE, "checking"),
    (observer.DTLS, "connecting"), (observer.ICE, "connected"), (observer.SIGNALING, "stable"),
    (observer.DTLS, "connected"), (observer.CONNECTION, "connecting"), (observer.CONNECTION, "connected"),
)  # fmt: skip
LOST = (observer.DTLS, "closed"), (observer.ICE, "disconnected"), (observer.CONNECTION, "disconnected")


class Story(Calls):
    """The calls of the recording, one after another."""

    async def all(self) -> None:
        await self.outgoing()
        self.incoming("CA2").reject()
        self.incoming("CA3").ignore()
        self.incoming("CA4")
        self.wire.receive(Cancel(callsid="CA4"))
        await self.refused()
        for error in (AudioDeniedError("no"), AudioMissingError("no")):
            await self.deaf(error)

    async def outgoing(self) -> None:
        call = self.call(To="bob")
        await self.settle()
        seen = self.sees(OFFERED)
        self.wire.receive(Ringing(callsid=SID))
        self.sees(AGREED)
        candidate = Candidate("1", 1, "udp", 2130706431, "192.0.2.1", 5000, "host")
        seen.gathered([candidate])
        seen.selected((candidate, candidate))
        self.wire.receive(Answer(callsid=SID, sdp=ANSWER))
        await self.settle()
        await self.seconds(call, 10)
        call.mute()
        call.mute(False)
        await call.post_feedback()
        await call.post_feedback(4)
        await call.post_feedback(1, "echo")
        self.sees(LOST)
        await self.seconds(call, 10, heard=0)
        for state in (MediaState.DISCONNECTED, MediaState.CONNECTED):
            self.sounds[-1].becomes(state)
            await self.settle()
        await self.seconds(call, 3)
        call.disconnect()
        await self.settle()

    async def refused(self) -> None:
        await self.answered()
        self.sees([(observer.SIGNALING, "have-remote-offer")])
        self.wire.receive(Hangup(callsid=SID, error=Failure(31480, "x")))
        await self.settle()

    async def deaf(self, error: AudioDeniedError | AudioMissingError) -> None:
        call = self.device.connect({"To": "bob"}, AudioConstraints(pcm="hw:1"))
        self.sounds[-1].unusable["hw:1"] = error
        await self.settle()
        assert call.status() == "closed"

    def sees(self, states: Iterable[tuple[str, str]]) -> observer.Observer:
        seen = observer.Observer(self.sounds[-1].becomes)
        for group, state in states:
            seen.became(group, state)
        return seen


@pytest.fixture
async def ours() -> list[tuple[Key, dict[str, Any]]]:
    story = Story()
    await story.all()
    return story.told


def requests() -> Iterator[Any]:
    for request in RECORDED["requests"]:
        if request["method"] == "POST":
            body = request["body"]
            key = request["path"], body["level"], body["group"], body["name"]
            yield pytest.param(key, body, id=" ".join(key[1:]))


@pytest.mark.parametrize(("key", "theirs"), list(requests()))
def test_a_report_has_the_members_and_values_of_the_sdks(
    ours: list[tuple[Key, dict[str, Any]]], key: Key, theirs: dict[str, Any]
) -> None:
    found = next((body for each, body in ours if each == key), None)
    if key in NOT_OURS:
        assert found is None
    else:
        assert found is not None
        assert compared(found) == compared(theirs)


def compared(body: dict[str, Any]) -> dict[str, Any]:
    """A body's members by their paths; of what differs only that it is there."""
    payload = body["payload"]
    if isinstance(payload, list):  # figures; their members are compared, their values are another test's
        payload = {"figures": dict.fromkeys(payload[1])}
    leaves = dict(flat({**body, "payload": payload}))
    leaves.pop("payload_count", None)
    return leaves


def flat(value: dict[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    for name, each in value.items():
        here = f"{path}{name}"
        if here in DIFFERENT:
            yield here, "different"
        elif isinstance(each, dict):
            yield from flat(each, f"{here}.")
        else:
            yield here, each


def test_they_are_told_in_the_order_of_the_sdks(ours: list[tuple[Key, dict[str, Any]]]) -> None:
    theirs = [key_of(line) for line in RECORDED["order"]]
    told_here = [key for key, _ in ours]
    moved = {EARLIER, *NOT_OURS}
    assert [key for key in told_here if key[1] != "DEBUG" and key not in moved] == [
        key for key in theirs if key[1] != "DEBUG" and key not in moved
    ]


def key_of(line: str) -> Key:
    path, level, group, name = line.split()
    return path, level, group, name
