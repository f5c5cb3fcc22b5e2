"""Samples and warnings, against the reference's monitor, second by second."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intercom.quality.monitor import LEAST_SAMPLES, WARM_UP_S, Change, Monitor
from intercom.quality.sample import Record, Sample, following
from intercom.quality.thresholds import THRESHOLDS
from tests.vectors.read import vectors

SCENARIOS = vectors("warnings")["scenarios"]
ORDER = [threshold.warning for threshold in THRESHOLDS]
NOTHING_KNOWN = {"timestamp": 0.0, "codecName": "opus", "jitter": None, "rtt": None}
FINE = {
    "bytesReceived": 8000, "bytesSent": 8000, "packetsReceived": 50, "packetsSent": 50, "packetsLost": 0,
    "packetsLostFraction": 0.0, "audioInputLevel": 0, "audioOutputLevel": 0, "mos": 4.4, "totals": {},
}  # fmt: skip


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario["name"])
def test_every_second_gives_the_references_sample_and_events(scenario: dict[str, Any]) -> None:
    monitor = Monitor(began_at=scenario["warmup_ms"] / 1000 - WARM_UP_S)
    sample: Sample | None = None
    for row in scenario["rows"]:
        levels = {"input_levels": row["volumes_in"], "output_levels": row["volumes_out"]}
        record = msgspec.convert(NOTHING_KNOWN | row["stats"], Record)
        sample = following(sample, record, **levels)
        assert msgspec.to_builtins(sample) == NOTHING_KNOWN | row["sample"]
        for change, event in zip(monitor.feed(sample, **levels, at=row["tick"]), row["events"], strict=True):
            _assert_same(change, event)


def _assert_same(change: Change, event: dict[str, Any]) -> None:
    """The reference forgets the value of the threshold when a warning of packet loss is cleared."""
    evidence = change.evidence
    assert event["type"] == ("warning" if change.is_raised else "warning-cleared")
    assert (evidence.name, evidence.threshold.name) == (event["name"], event["threshold"]["name"])
    assert event["threshold"]["value"] in {evidence.threshold.value, None}
    assert list(evidence.values) == event.get("values", [])
    assert len(evidence.samples) == event.get("samples_count", 0)
    assert evidence.value == (pytest.approx(event["value"]) if "value" in event else None)


seconds = st.fixed_dictionaries(
    {"jitter": st.none() | st.floats(0, 60), "rtt": st.none() | st.floats(0, 800), "mos": st.none() | st.floats(1, 4.5)}
)


@given(st.lists(st.tuples(seconds, st.lists(st.floats(0, 32767), max_size=3)), max_size=40))
def test_a_warning_is_raised_and_cleared_by_turns_in_order_and_lasts_five_seconds(
    call: list[tuple[dict[str, Any], list[float]]],
) -> None:
    monitor, raised_at = Monitor(began_at=0), dict[str, int]()
    for at, (figures, levels) in enumerate(call, 1):
        sample = msgspec.convert(NOTHING_KNOWN | FINE | figures, Sample)
        changes = monitor.feed(sample, input_levels=levels, output_levels=levels, at=at)
        assert not changes or at >= WARM_UP_S
        assert [change.warning for change in changes] == sorted({each.warning for each in changes}, key=ORDER.index)
        for change in changes:
            if change.is_raised:
                assert change.warning not in raised_at
                raised_at[change.warning] = at
            else:
                assert at - raised_at.pop(change.warning) >= LEAST_SAMPLES
