"""The reports with words and figures of their own; what people may say of a call is the recorded SDK's."""

from typing import Any

import pytest

from intercom.errors import AudioBusyError, AudioDeniedError, AudioFormatError, AudioMissingError, UsageError
from intercom.quality import moments
from intercom.quality.monitor import Change, Evidence, Limit
from intercom.quality.report import Report
from tests.vectors.read import vectors

SAID = {"<undefined>": None, "<NaN>": float("nan")}
# By an accident of JavaScript the names of its scores pass as scores too; here a score is a number.
ACCIDENTS = {"One", "Five"}
SDP = """v=0\r
a=rtpmap:111 opus/48000/2\r
a=fmtp:111 minptime=10;useinbandfec=1 more\r
a=rtpmap:0 PCMU/8000\r
"""


@pytest.mark.parametrize("case", vectors("feedback")["cases"], ids=lambda case: f"{case['score']} {case['issue']}")
def test_a_score_and_an_issue_are_told_or_refused_as_by_the_sdk(case: dict[str, Any]) -> None:
    score, issue = (SAID.get(str(each), each) for each in (case["score"], case["issue"]))
    if "throws" in case or score in ACCIDENTS:
        with pytest.raises(UsageError):
            moments.feedback(score, issue)
    else:
        group, name, payload = case["published"]
        payload = {name: value for name, value in (payload or {}).items() if value is not None}
        assert moments.feedback(score, issue) == Report(group, name, "INFO", payload)


@pytest.mark.parametrize(
    ("warning", "is_raised", "group", "level"),
    [
        ("high-rtt", True, "network-quality-warning-raised", "WARNING"),
        ("high-rtt", False, "network-quality-warning-cleared", "INFO"),
        ("constant-audio-input-level", True, "audio-level-warning-raised", "WARNING"),
        ("constant-audio-input-level", False, "audio-level-warning-cleared", "INFO"),
        ("constant-audio-output-level", True, "audio-level-warning-raised", "INFO"),
        ("constant-audio-output-level", False, "audio-level-warning-cleared", "INFO"),
    ],
)
def test_a_warning_has_its_group_and_level(warning: str, is_raised: bool, group: str, level: str) -> None:
    evidence = Evidence(name="rtt", threshold=Limit("max", 400), values=(401.234, 400.005, 7))
    assert moments.warning(Change(warning, is_raised, evidence)) == Report(
        group, warning, level, {"data": {"threshold": 400, "values": [401.23, 400.01, 7]}}
    )


def test_a_deviation_of_nothing_is_told_too() -> None:
    evidence = Evidence(name="audioInputLevel", threshold=Limit("minStandardDeviation", 327.67), value=0.0)
    told = moments.warning(Change("constant-audio-input-level", is_raised=True, evidence=evidence))
    assert told.payload == {"data": {"threshold": 327.67, "value": 0.0}}


@pytest.mark.parametrize(
    ("error", "name", "browsers_name"),
    [
        (AudioDeniedError("no"), "denied", "NotAllowedError"),
        (AudioMissingError("no"), "failed", "NotFoundError"),
        (AudioBusyError("no"), "failed", "NotReadableError"),
        (AudioFormatError("no"), "failed", "OverconstrainedError"),
    ],
)
def test_what_a_microphone_has_against_it_is_told_by_its_name_in_browsers(
    error: Any, name: str, browsers_name: str
) -> None:
    told = moments.capture({"pcm": "hw:1"}, error)
    data = {"audioConstraints": {"pcm": "hw:1"}, "error": {"name": browsers_name, "message": "no"}}
    assert told == Report("get-user-media", name, "ERROR", {"data": data})


@pytest.mark.parametrize(
    ("name", "sdp", "payload"),
    [
        ("opus", SDP, {"selected_codec": "opus/48000/2", "codec_params": "minptime=10;useinbandfec=1"}),
        ("PCMU", SDP, {"selected_codec": "PCMU/8000", "codec_params": ""}),
        ("opus", "", {"selected_codec": "opus", "codec_params": ""}),
    ],
)
def test_the_codec_that_is_spoken_is_told_as_our_description_has_it(
    name: str, sdp: str, payload: dict[str, str]
) -> None:
    assert moments.codec(name, sdp) == Report("settings", "codec", "INFO", payload)
