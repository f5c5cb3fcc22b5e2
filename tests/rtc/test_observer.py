"""What the reports are told of a call's transport: names, levels and payloads of Insights."""

import pytest

from intercom.call.ports import MediaState, Observed
from intercom.rtc.observer import CONNECTION, DTLS, GATHERING, ICE, SIGNALING, Observer
from tests.rtc.call import End, connect, ends, talk
from tests.rtc.room import Room

CANDIDATE = {
    "candidate_type", "deleted", "ip", "is_remote", "port", "priority", "protocol", "related_address", "related_port",
    "tcp_type", "transport_id",
}  # fmt: skip


@pytest.mark.parametrize(
    ("group", "state", "level"),
    [
        (SIGNALING, "stable", "DEBUG"),
        (GATHERING, "complete", "DEBUG"),
        (GATHERING, "none", "WARNING"),
        (ICE, "disconnected", "DEBUG"),
        (ICE, "failed", "ERROR"),
        (DTLS, "failed", "ERROR"),
        (CONNECTION, "failed", "WARNING"),
    ],
)
def test_each_state_has_the_level_of_insights_and_is_told_once(group: str, state: str, level: str) -> None:
    told: list[Observed] = []
    observer = Observer(told.append)
    observer.became(group, state)
    observer.became(group, state)
    assert told == [Observed(group, state, level)]


def test_a_connection_that_failed_with_its_dtls_is_an_error() -> None:
    told: list[Observed] = []
    observer = Observer(told.append)
    observer.became(DTLS, "failed")
    observer.became(CONNECTION, "failed")
    assert told[-1] == Observed(CONNECTION, "failed", "ERROR")


async def test_a_call_is_told_from_its_first_description_to_its_loss() -> None:
    caller, callee = End(Room(700)), End(Room(1100))
    async with ends(caller, callee) as (a, b):
        await connect(a, b)
        await talk(caller, callee)
        callee.room.disconnect()
        await caller.until(MediaState.DISCONNECTED)
        callee.room.connect(b._sound, b._receiver)
        await talk(caller, callee)
    told: dict[str, list[str]] = {}
    for fact in caller.observed:
        told.setdefault(fact.group, []).append(fact.name)
    assert told.pop("ice-candidate")[-1] == "selected-ice-candidate-pair"
    assert told == {
        SIGNALING: ["have-local-offer", "stable"],
        GATHERING: ["gathering", "complete"],
        DTLS: ["new", "connecting", "connected"],
        ICE: ["checking", "connected", "disconnected", "connected"],
        CONNECTION: ["connecting", "connected", "disconnected", "connected"],
    }
    assert {fact.level for fact in caller.observed} == {"DEBUG"}
    *locals_, pair = [fact.payload for fact in caller.observed if fact.group == "ice-candidate"]
    for candidate in (*locals_, pair["local_candidate"], pair["remote_candidate"]):
        assert set(candidate) == CANDIDATE
    assert [pair[side]["is_remote"] for side in ("local_candidate", "remote_candidate")] == [False, True]
