"""What is told of a call, as Twilio's event gateway takes it (Voice JS SDK v1, EventPublisher).  Pure."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from intercom.quality.sample import Sample

EVENTS, METRICS = "/v4/EndpointEvents", "/v4/EndpointMetrics"
SAMPLES_A_BATCH = 10
PUBLISHER = "twilio-js-sdk"  # the name that the gateway knows this format by; who writes it stands in the metadata
VERSION = version("intercom")
UNNAMED = "TJ"  # begins a call's temporary id, which is no call_sid

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Report:
    """One thing that happened to a call; `level` is DEBUG, INFO, WARNING or ERROR."""

    group: str
    name: str
    level: str = "DEBUG"
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What is known of the call at that moment; what is empty is left out of its reports.

    `origin` is what the exchange last said of itself: `gateway`, `region`.
    """

    direction: str
    sid: str
    temporary_sid: str
    codec: str | None = None
    origin: Mapping[str, str] = field(default_factory=dict)
    may_restart_ice: bool = False


def event(report: Report, about: About, *, at_s: float) -> Body:
    """Return the body of an EndpointEvents request; `at_s` in seconds since the epoch."""
    known = {
        "call_sid": "" if about.sid.startswith(UNNAMED) else about.sid,
        "temp_call_sid": about.temporary_sid,
        "audio_codec": about.codec,
    }
    payload = {
        "aggressive_nomination": False,
        "browser_extension": False,
        "dscp": True,
        "ice_restart_enabled": about.may_restart_ice,
        "platform": "WebRTC",
        "sdk_version": VERSION,
        "direction": about.direction,
        **{name: value for name, value in known.items() if value},
        **about.origin,
        **report.payload,
    }
    return _body(report, payload, at_s)


def metrics(records: Sequence[Body], *, at_s: float) -> Body:
    """Return the body of an EndpointMetrics request: records of `record`, the oldest first."""
    return _body(Report("quality-metrics-samples", "metrics-sample", "INFO"), list(records), at_s)


def record(sample: Sample, about: About, *, volumes: tuple[float, float]) -> Body:
    """Return what is told of one second; `volumes` are the latest of microphone and speaker, 0 to 1."""
    totals = sample.totals
    return {
        "timestamp": timestamp(sample.timestamp / 1000),
        "total_packets_received": totals.packets_received,
        "total_packets_lost": totals.packets_lost,
        "total_packets_sent": totals.packets_sent,
        "total_bytes_received": totals.bytes_received,
        "total_bytes_sent": totals.bytes_sent,
        "packets_received": sample.packets_received,
        "packets_lost": sample.packets_lost,
        "packets_lost_fraction": rounded(sample.packets_lost_fraction),
        "bytes_received": sample.bytes_received,
        "bytes_sent": sample.bytes_sent,
        "audio_codec": sample.codec_name,
        "audio_level_in": sample.audio_input_level,
        "audio_level_out": sample.audio_output_level,
        "call_volume_input": volumes[0],
        "call_volume_output": volumes[1],
        "jitter": sample.jitter,
        "rtt": sample.rtt,
        "mos": None if sample.mos is None else rounded(sample.mos),
        "call_sid": about.sid,
        "dscp": True,
        "sdk_version": VERSION,
        "direction": about.direction,
    }


def timestamp(at_s: float) -> str:
    """Return a time as the gateway has it: ISO 8601 in UTC with milliseconds."""
    return datetime.fromtimestamp(at_s, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def rounded(value: float) -> float:
    """Return a figure with two decimals, a half upwards as in JavaScript."""
    return math.floor(value * 100 + 0.5) / 100


def _body(report: Report, payload: Body | list[Body], at_s: float) -> Body:
    return {
        "publisher": PUBLISHER,
        "group": report.group,
        "name": report.name,
        "timestamp": timestamp(at_s),
        "level": report.level,
        "payload_type": "application/json",
        "private": False,
        "payload": payload,
        "publisher_metadata": {"app_name": "intercom", "app_version": VERSION},
    }
