"""What is told of a call while it goes on, and what people say of it."""

import pytest

from intercom.errors import NoAnswerError, UsageError
from intercom.quality import report
from intercom.signaling.messages import Ringing
from tests.call.reported import QUIET, Calls
from tests.call.world import SID


@pytest.mark.parametrize(
    ("seconds", "batches"), [(0, []), (1, [1]), (9, [9]), (10, [10]), (11, [10, 1]), (25, [10, 10, 5])]
)
async def test_figures_come_by_tens_and_the_rest_at_the_end(seconds: int, batches: list[int]) -> None:
    calls = Calls()
    call = await calls.answered()
    await calls.seconds(call, seconds)
    call.disconnect()
    told_figures = [body["payload"] for path, body in calls.office.reports if path == report.METRICS]
    assert [len(payload) for payload in told_figures] == batches
    counted = [each["total_packets_sent"] for payload in told_figures for each in payload]
    assert counted == [50 * (number + 1) for number in range(seconds)]


async def test_a_call_is_told_by_its_temporary_name_until_it_has_one() -> None:
    calls = Calls()
    call = calls.call(To="bob")
    await calls.settle()
    calls.wire.receive(Ringing(callsid=SID))
    first, *_, last = [body["payload"] for _, body in calls.office.reports]
    assert "call_sid" not in first
    assert (last["call_sid"], last["temp_call_sid"]) == (SID, call.outbound_connection_id)
    assert first["temp_call_sid"] == call.outbound_connection_id


async def test_a_dead_microphone_is_told_unless_muted_and_a_dead_speaker_to_the_gateway_alone() -> None:
    calls = Calls()
    call = await calls.answered()
    events: list[str] = []
    call.on("warning", lambda name, _: events.append(name))
    call.mute()
    await calls.seconds(call, 12, voice=(QUIET, QUIET))
    groups = {(body["level"], body["name"]) for _, body in calls.office.reports if "audio-level" in body["group"]}
    assert (groups, events) == ({("INFO", "constant-audio-output-level")}, [])


async def test_what_people_say_is_taken_in_every_state_or_refused() -> None:
    calls = Calls()
    call = calls.incoming()
    await call.post_feedback(3)
    call.ignore()
    await call.post_feedback(4, "echo")
    await call.post_feedback()
    told_scores = [
        body["payload"].get("quality_score") for _, body in calls.office.reports if "feedback" in body["group"]
    ]
    assert told_scores == [3, 4, None]
    with pytest.raises(UsageError):
        await call.post_feedback(6)
    calls.office.fault = NoAnswerError("The report was not taken.")
    with pytest.raises(NoAnswerError):
        await call.post_feedback(5)
