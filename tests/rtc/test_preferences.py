"""What we ask a far end for by a description, beside what the reference implementation was recorded to do."""

from collections.abc import Callable
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intercom import line
from intercom.audio.profile import Name
from intercom.call.options import Options
from intercom.quality import moments
from intercom.rtc import preferences
from intercom.rtc.coding import Sending
from intercom.rtc.peer import Peer
from intercom.rtc.preferences import Preferences
from intercom.settings.schema import Audio, Rtc, Settings
from tests.rtc.call import End, connect, ends
from tests.rtc.room import Room
from tests.vectors.read import vectors

SDP = vectors("sdp")

# Where we differ: the recorded text to ours.
ORDER_DEVIATIONS: dict[str, Callable[[str], str]] = {
    # The reference drops a section that has no attribute, and a blank line at the end.
    "section_without_attribute": lambda _: SDP["inputs"]["section_without_attribute"],
    "trailing_blank_line": lambda theirs: f"{theirs}\r\n",
}
BITRATE_DEVIATIONS = {
    # The reference asks for a bit rate where a format has no parameters at all, by a line that nobody can read,
    "a=rtpmap:0 PCMU/8000\na=fmtp:111\nx": "a=rtpmap:0 PCMU/8000\na=fmtp:111\nx",
    "a=rtpmap:1337 opus/48000/2\na=fmtp:1337\nx": "a=rtpmap:1337 opus/48000/2\na=fmtp:1337\nx",
    # takes 111 for an 11,
    "a=rtpmap:11 opus/48000/2\na=fmtp:11 a=1\na=fmtp:111 b=1": "a=rtpmap:11 opus/48000/2\n"
    "a=fmtp:11 a=1;maxaveragebitrate=20000\na=fmtp:111 b=1",
    # and does not know Opus in capital letters.
    "a=rtpmap:96 OPUS/48000/2\na=fmtp:96 a=1\na=fmtp:111 b=1": "a=rtpmap:96 OPUS/48000/2\n"
    "a=fmtp:96 a=1;maxaveragebitrate=20000\na=fmtp:111 b=1",
}


def given_to(case: dict[str, Any]) -> str:
    return str(case["input_text"]) if "input_text" in case else str(SDP["inputs"][case["input"]])


def recorded(case: dict[str, Any], member: str = "output") -> str:
    return given_to(case) if case[member] is None else str(case[member])


@pytest.mark.parametrize("case", SDP["codec_preferences"], ids=lambda case: f"{case['input']} {case['prefs']}")
def test_codecs_stand_in_the_order_asked_for(case: dict[str, Any]) -> None:
    ours = ORDER_DEVIATIONS.get(case["input"], str)(recorded(case))
    assert preferences.in_order(given_to(case), case["prefs"]) == ours


@pytest.mark.parametrize("case", SDP["max_average_bitrate"])
def test_a_bit_rate_is_asked_for_within_its_line_and_its_bounds(case: dict[str, Any]) -> None:
    before, bitrate = given_to(case), case["value"]
    if isinstance(bitrate, str):  # JavaScript's NaN is asked for by the reference; text and undefined by neither
        assert preferences.with_max_average_bitrate(before, None) == before
        return
    asked = f";maxaveragebitrate={bitrate}"
    # The reference writes it behind the line's CR.
    ours = BITRATE_DEVIATIONS.get(before, recorded(case).replace(f"\r{asked}", f"{asked}\r"))
    assert preferences.with_max_average_bitrate(before, bitrate) == ours


@pytest.mark.parametrize("case", SDP["preferred_codec"])
def test_the_codec_and_its_parameters_are_reported(case: dict[str, Any]) -> None:
    """The reference reports the first codec of the description, we the one that was agreed on."""
    name = case["codecName"].partition("/")[0]
    report = moments.codec(name, given_to(case))
    assert report.payload == {"selected_codec": case["codecName"], "codec_params": case["codecParams"]}


@pytest.mark.parametrize("case", SDP["ice_lite_filter"], ids=lambda case: case["input"])
def test_a_lite_far_end_can_be_taken_for_a_full_one(case: dict[str, Any]) -> None:
    # The reference does so in Chromium alone; our ICE agent is no browser's, and one.
    assert preferences.without_ice_lite(given_to(case)) == recorded(case, "chrome_output")


@settings(deadline=None)
@given(types=st.lists(st.integers(0, 127), min_size=1, unique=True), names=st.lists(st.sampled_from("abc")))
def test_no_payload_type_is_lost_or_made(types: list[int], names: list[str]) -> None:
    rtpmaps = "".join(f"a=rtpmap:{number} {'abcd'[number % 4]}/8000\r\n" for number in types)
    sdp = f"v=0\r\nm=audio 9 RTP/AVP {' '.join(map(str, types))}\r\n{rtpmaps}"
    after = preferences.in_order(sdp, names)
    line = after.split("\r\n")[1]
    assert sorted(map(int, line.split()[3:])) == sorted(types)
    assert after.replace(line, "") == sdp.replace(sdp.split("\r\n")[1], "")
    assert preferences.in_order(after, names) == after


def test_what_a_script_prefers_stands_first_of_what_the_settings_allow() -> None:
    settings = Preferences(("opus", "pcmu"), 24_000)
    unsaid = settings.preferring((), max_average_bitrate=None, is_nomination_aggressive=False)
    assert (list(unsaid.codecs), unsaid.max_average_bitrate) == (["opus", "pcmu"], 24_000)
    said = settings.preferring(("PCMU", "g722"), max_average_bitrate=40_000, is_nomination_aggressive=True)
    assert (said.codecs, said.max_average_bitrate) == (["pcmu", "opus"], 40_000)
    assert said.understood("v=0\r\na=ice-lite\r\n") == "v=0\r\n"
    assert unsaid.understood("v=0\r\na=ice-lite\r\n") == "v=0\r\na=ice-lite\r\n"


@pytest.mark.parametrize(("wanted", "bitrate"), [(None, 24_000), (12_000, 12_000), (64_000, 24_000)])
def test_we_send_no_more_than_we_may_and_the_far_end_wants(wanted: int | None, bitrate: int) -> None:
    assert Preferences(("opus",), 24_000).sending(wanted).bitrate == bitrate


@pytest.mark.parametrize(
    ("board", "rtc", "sending"),
    [
        ("normal", Rtc(), Sending(20, "voip", 5, 40_000, fec=True, dtx=False)),
        ("low-delay", Rtc(), Sending(10, "lowdelay", 5, 40_000, fec=True, dtx=False)),
        ("light", Rtc(packet_ms=10, fec=False, dtx=True), Sending(10, "voip", 0, 40_000, fec=False, dtx=True)),
        ("light", Rtc(complexity=9, bitrate=20_000), Sending(20, "voip", 9, 20_000, fec=True, dtx=False)),
    ],
)
async def test_settings_say_how_is_sent_and_what_they_leave_open_the_boards_profile(
    board: Name, rtc: Rtc, sending: Sending
) -> None:
    settings = Settings(audio=Audio(profile=board), rtc=rtc)
    peer = line.media(rtc, cast(Any, Room(700)), Options(), strength=line.strength_of(settings), loopback=False)(
        lambda _: None
    )
    assert isinstance(peer, Peer)
    assert peer._preferences.sending(None) == sending
    await peer.close()


@pytest.mark.parametrize("bitrate", [0, 5999, 510_001, -1])
def test_a_bit_rate_that_can_not_be_is_ignored(bitrate: int) -> None:
    settings = Preferences(("opus",), 24_000)
    wished = settings.preferring((), max_average_bitrate=bitrate, is_nomination_aggressive=False)
    assert wished.max_average_bitrate == 24_000


async def test_a_far_end_that_wants_less_is_sent_less() -> None:
    caller, callee = End(Room(700)), End(Room(1100))
    async with ends(caller, callee) as (a, b):
        await connect(a, b, on_the_way=lambda sdp: sdp.replace("maxaveragebitrate=40000", "maxaveragebitrate=8000"))
        await callee.room.until_heard(700)
        record = await a.stats()
        assert 0 < record.bytes_sent / record.packets_sent < 8000 / 8 / 50 * 1.5
