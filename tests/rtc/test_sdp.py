"""What a far end's SDP says to us, and what of it is refused."""

import re

import pytest
from aioice import Candidate
from aiortc.sdp import SessionDescription
from hypothesis import example, given, settings
from hypothesis import strategies as st

from intercom.errors import MediaError
from intercom.rtc import ours, sdp
from intercom.rtc.generation import Generation
from intercom.rtc.identity import Identity
from intercom.rtc.preferences import Preferences
from intercom.rtc.servers import Servers

CHROMIUM = """v=0
o=- 4611731400430051336 2 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE 0
a=extmap-allow-mixed
a=msid-semantic: WMS stream
m=audio 9 UDP/TLS/RTP/SAVPF 0 111 63 9 8 13 110 126
c=IN IP4 0.0.0.0
a=rtcp:9 IN IP4 0.0.0.0
a=ice-ufrag:EsAw
a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1
a=ice-options:trickle
a=fingerprint:sha-256 d2:fa:0e:c3:22:59:5e:14:95:69:92:3d:13:b4:84:24:2c:c2:a2:c0:3e:fd:34:8e:5e:ea:6f:af:52:ce:e6:0f
a=setup:actpass
a=mid:0
a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
a=sendrecv
a=msid:stream track
a=rtcp-mux
a=rtcp-rsize
a=rtpmap:111 opus/48000/2
a=rtcp-fb:111 transport-cc
a=fmtp:111 minptime=10;useinbandfec=1
a=rtpmap:63 red/48000/2
a=fmtp:63 111/111
a=rtpmap:9 G722/8000
a=rtpmap:8 PCMA/8000
a=rtpmap:13 CN/8000
a=rtpmap:110 telephone-event/48000
a=rtpmap:126 telephone-event/8000
a=ssrc:2594389520 cname:f9Nm8nGyZOm0bo8x
""".replace("\n", "\r\n")

HOST = "a=candidate:1 1 udp 2113937151 192.0.2.7 50000 typ host generation 0 network-cost 999"

REFUSED = {
    "empty": (r"[\s\S]*", "", "0 media sections"),
    "two voices": (r"\Z", "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\n", "2 media sections"),
    "many sections": (r"\Z", "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n" * 500, "501 media sections"),
    "no voice": (r"m=audio", "m=video", "no voice section"),
    "section that is cut": (r"(m=audio 9 UDP)[^\r]*", r"\1", "no voice section"),
    "payload type that is no number": (r" 111 63", " x 63", "no voice section"),
    "refused voice": (r"m=audio 9", "m=audio 0", "takes no voice"),
    "too long": (r"\Z", "a=x:" + "y" * 40_000, "too long"),
    "no common codec": (r" 0 111 63", " 63", "none of our codecs"),
    "codec at a rate of its own": (r" 0 111 63 [^\r]*", " 111", "none of our codecs"),
    "type of another's range": (r" 0 111", " 64", "none of our codecs"),
    "no fingerprint": (r"a=fingerprint:.*\r\n", "", "no DTLS fingerprint"),
    "old digest": (r"sha-256", "sha-1", "no DTLS fingerprint"),
    "short fingerprint": (r":0f\r", "\r", "no DTLS fingerprint"),
    "no role": (r"a=setup:.*\r\n", "", "setup attribute"),
    "unknown role": (r"actpass", "holdconn", "setup attribute"),
    "no ICE name": (r"a=ice-ufrag:.*\r\n", "", "ice-ufrag attribute"),
    "ICE name that is no text": (r"(ice-ufrag:)....", "\\1\x00\x00\x00\x00", "ice-ufrag attribute"),
    "short ICE password": (r"(ice-pwd:)\S+", r"\1short", "ice-pwd attribute"),
    "bad mid": (r"a=mid:0", "a=mid:a b", "mid attribute"),
    "own port for RTCP": (r"a=rtcp-mux\r\n", "", "RTCP"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_gives_no_voice_is_refused_with_its_reason(case: str) -> None:
    pattern, replacement, reason = REFUSED[case]
    text = re.sub(pattern, replacement, CHROMIUM, count=1)
    if case == "codec at a rate of its own":
        text = text.replace("opus/48000/2", "opus/16000")
    with pytest.raises(MediaError, match=reason):
        sdp.choose(sdp.parse(text, "offer"), ["opus", "pcmu"])


def test_an_offer_of_a_browser_is_understood() -> None:
    offer = sdp.parse(CHROMIUM, "offer")
    assert offer.payload_types == {"pcmu": 0, "opus": 111}
    assert offer.event_types == {48_000: 110, 8_000: 126}
    assert offer.max_average_bitrate is None
    assert (offer.mid, offer.setup, offer.direction) == ("0", "actpass", "sendrecv")
    assert (offer.ice_ufrag, offer.ice_pwd) == ("EsAw", "P2uYro0UCOQ4zxjKXaWCBui1")
    assert offer.fingerprints[0].startswith("sha-256 D2:FA:0E")
    assert offer.candidates == ()


@pytest.mark.parametrize(
    ("ours", "chosen"), [(["opus", "pcmu"], "opus"), (["pcmu", "opus"], "pcmu"), (["pcmu"], "pcmu")]
)
def test_our_order_decides_whatever_the_far_end_prefers(ours: list[str], chosen: str) -> None:
    assert sdp.choose(sdp.parse(CHROMIUM, "offer"), ours) == chosen


@pytest.mark.parametrize(
    ("format_", "bitrate"),
    [
        ("111 maxaveragebitrate=20000", 20_000),
        ("111 minptime=10;useinbandfec=1;maxaveragebitrate=20000", 20_000),
        ("111 minptime=10; maxaveragebitrate=510000 ;stereo=1", 510_000),
        ("111 xmaxaveragebitrate=20000", None),
        ("111 maxaveragebitrate=5999", None),
        ("111 maxaveragebitrate=510001", None),
        ("111 maxaveragebitrate=lots", None),
        ("63 maxaveragebitrate=20000", None),
    ],
)
def test_how_much_a_far_end_wants_is_understood(format_: str, bitrate: int | None) -> None:
    assert sdp.parse(f"{CHROMIUM}a=fmtp:{format_}\r\n", "offer").max_average_bitrate == bitrate


@pytest.mark.parametrize(
    ("rtpmap", "types"),
    [
        ("a=rtpmap:110 telephone-event/48000", {48_000: 110, 8_000: 126}),
        ("a=rtpmap:110 TELEPHONE-EVENT/48000/1", {48_000: 110, 8_000: 126}),
        ("a=rtpmap:110 telephone-event/16000", {8_000: 126}),
        ("a=rtpmap:13 telephone-event/48000", {8_000: 126}),
        ("", {8_000: 126}),
    ],
)
def test_telephone_events_count_in_the_clock_of_a_codec_and_by_a_number_that_is_free(
    rtpmap: str, types: dict[int, int]
) -> None:
    text = CHROMIUM.replace("a=rtpmap:110 telephone-event/48000", rtpmap)
    assert sdp.parse(text, "offer").event_types == types


def test_bare_line_feeds_and_attributes_of_the_session_are_understood() -> None:
    lines = CHROMIUM.replace("\r\n", "\n").split("\n")
    of_session = [line for line in lines if re.match(r"a=(ice-ufrag|ice-pwd|fingerprint|setup)", line)]
    rest = [line for line in lines if line not in of_session]
    moved = "\n".join([*rest[:4], *of_session, *rest[4:]])
    assert sdp.parse(moved, "offer") == sdp.parse(CHROMIUM, "offer")


def test_an_answer_needs_a_role_and_is_taken_to_mean_our_section() -> None:
    answer = CHROMIUM.replace("actpass", "active").replace("a=mid:0", "a=mid:other")
    assert sdp.parse(answer, "answer").mid == sdp.OUR_MID
    with pytest.raises(MediaError, match="setup attribute"):
        sdp.parse(CHROMIUM, "answer")


@pytest.mark.parametrize(
    ("candidate", "is_kept"),
    [
        ("1 1 udp 2113937151 192.0.2.7 50000 typ host generation 0", True),
        ("1 1 UDP 2113937151 fd00::7 50000 typ srflx raddr 0.0.0.0 rport 9", True),
        ("1 1 udp 2113937151 0b1c2d3e-0000-4000-8000-0123456789ab.local 50000 typ host", False),
        ("1 2 udp 2113937151 192.0.2.7 50000 typ host", False),
        ("1 1 tcp 2113937151 192.0.2.7 9 typ host tcptype active", False),
        ("1 1 udp 2113937151 fe80::7 50000 typ host", False),
        ("1 1 udp 2113937151 0.0.0.0 50000 typ host", False),
        ("1 1 udp 2113937151 224.0.0.1 50000 typ host", False),
        ("1 1 udp 2113937151 192.0.2.7 70000 typ host", False),
        ("1 1 udp 99999999999 192.0.2.7 50000 typ host", False),
        ("1 1 udp 2113937151 192.0.2.7 50000 typ prflx", False),
        ("1 1 udp 2113937151 999.0.2.7 50000 typ host", False),
        ("", False),
    ],
)
def test_only_candidates_that_can_be_tried_at_once_are_kept(candidate: str, is_kept: bool) -> None:
    offer = sdp.parse(f"{CHROMIUM}a=candidate:{candidate}\r\na=end-of-candidates\r\n", "offer")
    assert len(offer.candidates) == is_kept
    for kept in offer.candidates:
        assert Candidate.from_sdp(kept).type in {"host", "srflx"}


def test_a_flood_of_candidates_is_cut() -> None:
    flood = "".join(f"a=candidate:1 1 udp 1 192.0.2.7 {port} typ host\r\n" for port in range(1000, 1400))
    assert len(sdp.parse(CHROMIUM + flood, "offer").candidates) == sdp.MAX_CANDIDATES


LINES = [*CHROMIUM.split("\r\n"), HOST]
IDENTITY = Identity.new()
NOISE = st.one_of(st.text(max_size=40), st.binary(max_size=40).map(lambda noise: noise.decode("latin1")))
TEXTS = st.one_of(NOISE, st.sampled_from(LINES))


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """An offer with parts of it cut, doubled, replaced by noise or by other lines of it."""
    text = draw(st.sampled_from([CHROMIUM, f"{CHROMIUM}{HOST}\r\n", CHROMIUM.replace("actpass", "active")]))
    for _ in range(draw(st.integers(1, 4))):
        begin = draw(st.integers(0, len(text)))
        end = draw(st.integers(begin, min(len(text), begin + 60)))
        text = text[:begin] + draw(TEXTS) * draw(st.integers(1, 3)) + text[end:]
    return text


@settings(max_examples=300, deadline=None)
@given(text=st.one_of(mutated(), st.text()), is_offer=st.booleans())
@example(text=CHROMIUM, is_offer=True)
def test_whatever_is_not_refused_can_be_answered_and_connected_to(text: str, is_offer: bool) -> None:
    try:
        understood = sdp.parse(text, "offer" if is_offer else "answer")
        codec = sdp.choose(understood, ["opus", "pcmu"])
    except MediaError:
        return
    for candidate in understood.candidates:
        assert Candidate.from_sdp(candidate).component == 1
    for fingerprint in understood.fingerprints:
        algorithm, value = fingerprint.split(" ")
        assert len(value.split(":")) == sdp.DIGEST_BYTES[algorithm]
    answer = ours.answering(IDENTITY, Preferences(["opus", "pcmu"]), offer=understood, codec=codec)
    (media,) = SessionDescription.parse(ours.render(answer, Generation(Servers(), loopback=True), setup="active")).media
    assert media.rtp.muxId == understood.mid
    assert media.rtp.codecs[0].payloadType == understood.payload_types[codec]
    assert {each.payloadType for each in media.rtp.codecs[1:]} <= set(understood.event_types.values())
