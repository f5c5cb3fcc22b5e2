"""The bodies of the reports; `tests/call/test_insights.py` holds them against the recorded SDK's."""

import msgspec
import pytest

from intercom.quality import report
from intercom.quality.report import About, Report
from intercom.quality.sample import Sample, Totals

ABOUT = About(direction="INCOMING", sid="CA1", temporary_sid="TJS1")
SAMPLE = Sample(
    timestamp=1_795_348_431_539.4, codec_name="opus", bytes_received=1, bytes_sent=2, packets_received=3,
    packets_sent=4, packets_lost=5, packets_lost_fraction=6.125, jitter=7.5, rtt=None, mos=4.4321, audio_input_level=9,
    audio_output_level=10, totals=Totals(bytes_received=11, packets_lost=12),
)  # fmt: skip


def test_a_second_is_told_with_rounded_figures_and_counters() -> None:
    told = report.record(SAMPLE, ABOUT, volumes=(0.071, 0.262))
    assert told["timestamp"] == "2026-11-22T11:53:51.539Z"
    assert (told["packets_lost_fraction"], told["mos"], told["jitter"], told["rtt"]) == (6.13, 4.43, 7.5, None)
    assert (told["total_bytes_received"], told["total_packets_lost"], told["packets_lost"]) == (11, 12, 5)
    assert (told["call_volume_input"], told["call_volume_output"]) == (0.071, 0.262)


def test_the_first_second_has_no_score() -> None:
    assert report.record(msgspec.structs.replace(SAMPLE, mos=None), ABOUT, volumes=(0, 0))["mos"] is None


@pytest.mark.parametrize(("value", "told"), [(0, 0), (0.005, 0.01), (1.005, 1.0), (2.675, 2.68), (-59819, -59819)])
def test_figures_are_rounded_as_javascript_does(value: float, told: float) -> None:
    assert report.rounded(value) == told


def test_a_moment_s_own_members_go_over_the_common_ones_and_unknown_ones_are_left_out() -> None:
    body = report.event(Report("connection", "outgoing", "INFO", {"dscp": False}), ABOUT, at_s=0)
    assert body["payload"]["dscp"] is False
    assert not {"audio_codec", "gateway", "region"} & body["payload"].keys()
    assert body["timestamp"] == "1970-01-01T00:00:00.000Z"
    assert body["publisher_metadata"]["app_name"] == "intercom"
