"""What a far end is told of us, read back: by ourselves, and by aiortc as another implementation."""

import re
from typing import Literal

import pytest
from aiortc.sdp import SessionDescription
from hypothesis import given, settings
from hypothesis import strategies as st

from intercom.rtc import ours, sdp
from intercom.rtc.generation import Generation
from intercom.rtc.identity import Identity
from intercom.rtc.ours import Ours
from intercom.rtc.preferences import Preferences
from intercom.rtc.servers import Servers
from tests.rtc.test_sdp import CHROMIUM

PACKETS_MS: tuple[Literal[10, 20], ...] = (10, 20)
IDENTITY = Identity.new()
CODECS = st.lists(st.sampled_from(["opus", "pcmu"]), min_size=1, unique=True)
BOTH = Preferences(["opus", "pcmu"])


async def told(description: Ours, *, setup: str = "actpass") -> str:
    """Return it with the candidates of this machine."""
    path = Generation(Servers(), loopback=True)
    await path.gather_candidates()
    text = ours.render(description, path, setup=setup)
    await path.close()
    return text


def lines(text: str, name: str) -> list[str]:
    return re.findall(rf"^a={name}:(.*)\r$", text, re.MULTILINE)


async def test_an_offer_names_all_codecs_and_telephone_events_in_the_clock_of_each() -> None:
    text = await told(ours.offering(IDENTITY, BOTH))
    assert re.search(r"^m=audio \d+ UDP/TLS/RTP/SAVPF 111 0 110 126\r$", text, re.MULTILINE)
    assert lines(text, "rtpmap") == [
        "111 opus/48000/2",
        "0 PCMU/8000",
        "110 telephone-event/48000",
        "126 telephone-event/8000",
    ]
    assert lines(text, "fmtp") == ["111 minptime=10;useinbandfec=1", "110 0-15", "126 0-15"]
    assert lines(text, "setup") == ["actpass"]
    assert lines(text, "ssrc") == [f"{IDENTITY.ssrc} cname:{IDENTITY.cname}"]
    assert "video" not in text
    assert text.count("\n") == text.count("\r\n")


@pytest.mark.parametrize(
    ("codec", "rtpmaps"),
    [
        ("opus", ["111 opus/48000/2", "110 telephone-event/48000"]),
        ("pcmu", ["0 PCMU/8000", "126 telephone-event/8000"]),
    ],
)
async def test_an_answer_names_one_codec_and_its_events_in_the_numbers_of_the_offer(
    codec: str, rtpmaps: list[str]
) -> None:
    text = CHROMIUM.replace("a=mid:0", "a=mid:voice").replace("BUNDLE 0", "BUNDLE voice")
    answer = ours.answering(IDENTITY, BOTH, offer=sdp.parse(text, "offer"), codec=codec)
    assert lines(await told(answer, setup="active"), "rtpmap") == rtpmaps
    assert lines(await told(answer, setup="active"), "mid") == ["voice"]


async def test_events_are_not_answered_where_none_were_offered_in_the_codecs_clock() -> None:
    offer = sdp.parse(CHROMIUM.replace("a=rtpmap:110 telephone-event/48000\r\n", ""), "offer")
    answer = ours.answering(IDENTITY, BOTH, offer=offer, codec="opus")
    assert lines(await told(answer, setup="active"), "rtpmap") == ["111 opus/48000/2"]


@pytest.mark.parametrize(
    ("theirs", "answered"),
    [("sendrecv", "sendrecv"), ("sendonly", "recvonly"), ("recvonly", "sendonly"), ("inactive", "inactive")],
)
def test_one_way_is_answered_by_the_other(theirs: str, answered: str) -> None:
    offer = sdp.parse(CHROMIUM.replace("a=sendrecv", f"a={theirs}"), "offer")
    assert ours.answering(IDENTITY, BOTH, offer=offer, codec="opus").direction == answered


async def test_what_the_far_end_is_asked_to_send_is_as_set() -> None:
    text = await told(ours.offering(IDENTITY, Preferences(["opus"], is_dtx=True, packet_ms=10)))
    assert lines(text, "fmtp")[0] == "111 minptime=10;useinbandfec=1;usedtx=1"
    assert lines(text, "ptime") == ["10"]


async def test_the_default_candidate_is_one_of_those_named() -> None:
    text = await told(ours.offering(IDENTITY, BOTH))
    (port,), (host,) = re.findall(r"^m=audio (\d+)", text, re.MULTILINE), re.findall(r"^c=IN IP4 (\S+)\r", text, re.M)
    assert any(f" {host} {port} typ host" in candidate for candidate in lines(text, "candidate"))


async def test_a_path_without_a_candidate_is_told_as_none() -> None:
    text = ours.render(ours.offering(IDENTITY, BOTH), Generation(Servers(), loopback=True), setup="actpass")
    assert "m=audio 9 " in text
    assert "c=IN IP4 0.0.0.0\r" in text


@settings(max_examples=50, deadline=None)
@given(codecs=CODECS, is_dtx=st.booleans(), packet_ms=st.sampled_from(PACKETS_MS))
async def test_whatever_is_offered_is_read_as_it_is_meant(
    codecs: list[str], is_dtx: bool, packet_ms: Literal[10, 20]
) -> None:
    preferences = Preferences(codecs, is_dtx=is_dtx, packet_ms=packet_ms)
    text = preferences.told(await told(ours.offering(IDENTITY, preferences)))
    understood = sdp.parse(text, "offer")
    assert list(understood.payload_types) == codecs
    assert understood.event_types.keys() == {48_000 if name == "opus" else 8_000 for name in codecs}
    assert understood.fingerprints == (IDENTITY.fingerprint,)
    assert understood.max_average_bitrate == (preferences.max_average_bitrate if "opus" in codecs else None)
    (media,) = SessionDescription.parse(text).media
    numbers = [*understood.payload_types.values(), *understood.event_types.values()]
    assert [codec.payloadType for codec in media.rtp.codecs] == numbers
    assert [each.ssrc for each in media.ssrc] == [IDENTITY.ssrc]
    assert media.rtcp_mux
    assert media.ice
    assert media.ice.usernameFragment == understood.ice_ufrag
    assert len(media.ice_candidates) == len(understood.candidates) > 0
