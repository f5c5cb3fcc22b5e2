"""Which warnings there are, and how the settings move them."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from intercom.quality.monitor import Monitor
from intercom.quality.sample import Record, following
from intercom.quality.thresholds import SET_BY, THRESHOLDS, chosen
from intercom.settings.schema import Quality

# Voice JS SDK v1, warning: its statistic and kind, and the event's name.
NAMES = {
    "audioInputLevel minStandardDeviation": "constant-audio-input-level",
    "audioOutputLevel minStandardDeviation": "constant-audio-output-level",
    "bytesReceived min": "low-bytes-received",
    "bytesSent min": "low-bytes-sent",
    "jitter max": "high-jitter",
    "mos min": "low-mos",
    "packetsLostFraction max": "high-packet-loss",
    "packetsLostFraction maxAverage": "high-packets-lost-fraction",
    "rtt max": "high-rtt",
}


def camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))


def test_the_warnings_are_those_of_the_seed() -> None:
    assert {f"{camel(each.stat)} {each.kind}": each.warning for each in THRESHOLDS} == NAMES


def test_the_defaults_are_the_references() -> None:
    assert chosen(Quality()) == THRESHOLDS


@given(
    st.builds(
        Quality,
        high_jitter_ms=st.integers(1, 1000),
        high_rtt_ms=st.integers(1, 10_000),
        high_loss_percent=st.floats(0, 100),
        high_mean_loss_percent=st.floats(0, 100),
        low_mos=st.floats(1, 4.5),
    )
)
def test_each_setting_moves_its_own_threshold_and_what_is_raised_can_be_cleared(settings: Quality) -> None:
    moved = {each.warning: each for each in chosen(settings)}
    assert [*moved] == [each.warning for each in THRESHOLDS]
    for usual in THRESHOLDS:
        now = moved[usual.warning]
        assert now.clear_value <= now.value
        assert now.value == (getattr(settings, SET_BY[usual.warning]) if usual.warning in SET_BY else usual.value)


def test_a_call_is_warned_by_the_thresholds_that_were_chosen() -> None:
    monitor = Monitor(began_at=-10, thresholds=chosen(Quality(high_jitter_ms=5)))
    record = Record(
        timestamp=0.0, codec_name="opus", jitter=6.0, rtt=40.0, packets_lost=0,
        bytes_received=1, bytes_sent=1, packets_received=1, packets_sent=1,
    )  # fmt: skip
    told: list[str] = []
    for second in range(1, 4):
        more = {"bytes_received": 1000 * second, "bytes_sent": 1000 * second}
        sample = following(None, msgspec.structs.replace(record, **more), input_levels=(), output_levels=())
        changes = monitor.feed(sample, input_levels=(), output_levels=(), at=second)
        told += [f"{second} {change.warning} {change.evidence.threshold.value:g}" for change in changes]
    assert told == ["3 high-jitter 5"]
