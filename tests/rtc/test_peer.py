"""Two peers over real UDP, DTLS and SRTP."""

import asyncio
import re
from collections.abc import Awaitable, Callable

import aioice.ice
import pytest

from intercom.call.ports import MediaState
from intercom.errors import MediaError
from intercom.network import Network
from intercom.rtc.peer import Peer
from tests.rtc.cable import Cable
from tests.rtc.call import OPUS_FIRST, PCMU_FIRST, End, connect, ends, without_candidates
from tests.rtc.room import Room

CONNECTING, CONNECTED = MediaState.CONNECTING, MediaState.CONNECTED


@pytest.mark.parametrize(
    ("caller_codecs", "callee_codecs", "pull_samples", "codec"),
    [
        (OPUS_FIRST, OPUS_FIRST, 960, "opus"),
        (OPUS_FIRST, PCMU_FIRST, 441, "PCMU"),
        (PCMU_FIRST, OPUS_FIRST, 1024, "opus"),
        (("pcmu",), OPUS_FIRST, 960, "PCMU"),
        (OPUS_FIRST, ("pcmu",), 240, "PCMU"),
    ],
)
async def test_each_hears_the_others_tone(
    caller_codecs: tuple[str, ...], callee_codecs: tuple[str, ...], pull_samples: int, codec: str
) -> None:
    caller = End(Room(700, pull_samples=pull_samples), caller_codecs)
    callee = End(Room(1100, pull_samples=pull_samples), callee_codecs)
    async with ends(caller, callee) as (a, b):
        await connect(a, b)
        await caller.room.until_heard(1100)
        await callee.room.until_heard(700)
        assert (a.codec, b.codec) == (codec, codec)
        assert caller.states == callee.states == [CONNECTING, CONNECTED]
        assert a.status()["sent"] > 0
        assert a.status()["received"] > 0
        assert a.status()["heard_s"] < 1


@pytest.mark.parametrize("strip", [r"^v=0[\s\S]*setup:actpass[\s\S]*", r"^v=0[\s\S]*setup:active[\s\S]*"])
async def test_a_far_end_that_names_no_candidate_is_found_in_either_role(strip: str) -> None:
    def browser(sdp: str) -> str:
        return without_candidates(sdp) if re.match(strip, sdp) else sdp

    caller, callee = End(Room(700)), End(Room(1100))
    async with ends(caller, callee) as (a, b):
        await connect(a, b, on_the_way=browser)
        await caller.room.until_heard(1100)
        await callee.room.until_heard(700)


async def test_names_of_browsers_are_not_asked_for_on_the_network() -> None:
    mdns = "a=candidate:1 1 udp 2122260223 0b1c2d3e-0000-4000-8000-0123456789ab.local 50000 typ host\r\n"
    caller, callee = End(Room(700)), End(Room(1100))
    async with ends(caller, callee) as (a, b), asyncio.timeout(1):
        await connect(a, b, on_the_way=lambda sdp: without_candidates(sdp) + mdns if "actpass" in sdp else sdp)
        await callee.until(CONNECTED)


async def test_the_offer_names_the_settings_codecs_in_order_and_the_answer_one() -> None:
    def codecs(sdp: str) -> list[str]:
        return re.findall(r"a=rtpmap:\d+ (\w+)/", sdp)

    caller, callee = End(Room(700), PCMU_FIRST), End(Room(1100), OPUS_FIRST)
    async with ends(caller, callee) as (a, b):
        offer = await a.offer()
        answer = await b.answer(offer)
        assert codecs(offer) == ["PCMU", "opus"]
        assert codecs(answer) == ["opus"]
        for sdp in (offer, answer):
            assert re.search(r"^a=candidate:\S+ 1 udp \d+ 127\.0\.0\.1 \d+ typ host\r$", sdp, re.MULTILINE)
            assert sdp.count("\n") == sdp.count("\r\n")


async def test_mute_sends_silence_and_unmute_the_voice() -> None:
    caller, callee = End(Room(700)), End(Room(1100))
    async with ends(caller, callee) as (a, b):
        await connect(a, b)
        await callee.room.until_heard(700)
        a.mute(True)
        await callee.room.until_heard(0)
        await caller.room.until_heard(1100)
        a.mute(False)
        await callee.room.until_heard(700)


async def test_an_address_that_is_gone_is_told_at_once_and_what_arrives_all_the_same_brings_the_call_back() -> None:
    addresses = {"192.0.2.7"}
    network = Network(lambda: frozenset(addresses))
    caller, callee = End(Room(700), network=network), End(Room(1100))
    async with ends(caller, callee) as (a, b):
        await connect(a, b)
        await caller.room.until_heard(1100)
        addresses.add("192.0.2.8")
        network.look()
        assert caller.states == [CONNECTING, CONNECTED, MediaState.DISCONNECTED]
        while caller.states[-1] is not CONNECTED:
            await caller.news()
    addresses.add("192.0.2.9")
    network.look()
    assert caller.states == [CONNECTING, CONNECTED, MediaState.DISCONNECTED, CONNECTED]


async def test_no_connection_within_its_patience_is_a_failure() -> None:
    lost, other = End(Room(700), patience_s=0.3), End(Room(1100))
    async with ends(lost, other) as (a, b):
        await a.accept(without_candidates(await b.answer(without_candidates(await a.offer()))))
        await lost.until(MediaState.FAILED)
        assert lost.states == [CONNECTING, MediaState.FAILED]


async def test_a_far_end_with_another_certificate_is_a_failure() -> None:
    def forge(sdp: str) -> str:
        return re.sub(r"(a=fingerprint:\S+ )(\S+)", lambda match: match[1] + match[2][::-1], sdp)

    caller, callee = End(Room(700)), End(Room(1100))
    async with ends(caller, callee) as (a, b):
        await connect(a, b, on_the_way=forge)
        await callee.until(MediaState.FAILED)
        assert callee.peer.status()["sent"] == 0


async def test_a_far_end_that_closes_is_told_from_one_that_vanishes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aioice.ice, "CONSENT_INTERVAL", 0.1)
    cable = Cable(monkeypatch)

    async def vanish(_: Peer) -> None:
        cable.is_cut = True

    for leave, told in ((Peer.close, MediaState.CLOSED), (vanish, MediaState.FAILED)):
        here, there = End(Room(700)), End(Room(1100))
        async with ends(here, there) as (a, b):
            await connect(a, b)
            await here.room.until_heard(1100)
            await leave(b)
            await here.until(told)
            await here.room.until_heard(0)
            states = [state for state in here.states if state is not MediaState.DISCONNECTED]
            assert states == [CONNECTING, CONNECTED, told]


async def test_a_far_end_that_falls_silent_on_the_network_is_missed_until_it_is_back() -> None:
    here, there = End(Room(700)), End(Room(1100))
    async with ends(here, there) as (a, b):
        await connect(a, b)
        await here.room.until_heard(1100)
        there.room.disconnect()
        await here.until(MediaState.DISCONNECTED)
        there.room.connect(b._sound, b._receiver)
        await here.room.until_heard(1100)
        assert here.states == [CONNECTING, CONNECTED, MediaState.DISCONNECTED, CONNECTED]


async def test_both_ends_report_to_each_other_what_arrives() -> None:
    caller, callee = End(Room(700)), End(Room(1100))
    async with ends(caller, callee) as (a, b):
        await connect(a, b)
        async with asyncio.timeout(8):
            while None in (a.figures().loss_there, b.figures().loss_there):
                await caller.room.played()
        assert (a.figures().loss_there, b.figures().loss_there) == (0.0, 0.0)
        assert a.status()["refused"] == b.status()["refused"] == 0


async def test_packets_may_be_of_10_ms() -> None:
    caller, callee = End(Room(700), packet_ms=10), End(Room(1100))
    async with ends(caller, callee) as (a, b):
        await connect(a, b)
        await callee.room.until_heard(700)
        await caller.room.until_heard(1100)
        assert [len(pcm) for pcm in (a.newest()[0], b.newest()[0])] == [960, 1920]


async def test_whatever_comes_in_place_of_packets_the_call_goes_on() -> None:
    caller, callee = End(Room(700)), End(Room(1100))
    async with ends(caller, callee) as (a, b):
        await connect(a, b)
        await caller.room.until_heard(1100)
        for length in range(12, 60):
            for first in (0x80, 0xB1, 0x00, 0xFF):
                for second in (0, 111, 200, 201, 203, 255):
                    b._negotiation.send(bytes([first, second, 0, 1]) + bytes(length))
        await callee.room.until_heard(700)
        caller.room.forget()
        await caller.room.until_heard(1100)
        assert MediaState.FAILED not in caller.states


@pytest.mark.parametrize(("direction", "hears", "is_heard"), [("sendonly", 700, False), ("recvonly", 0, True)])
async def test_a_far_end_may_be_deaf_or_dumb(direction: str, hears: float, is_heard: bool) -> None:
    def one_way(sdp: str) -> str:
        return sdp.replace("a=sendrecv", f"a={direction}") if "actpass" in sdp else sdp

    caller, callee = End(Room(700)), End(Room(1100))
    async with ends(caller, callee) as (a, b):
        await connect(a, b, on_the_way=one_way)
        await callee.until(CONNECTED)
        await callee.room.until_heard(hears)
        await caller.room.until_heard(1100 if is_heard else 0)
        assert bool(b.status()["sent"]) is is_heard
        assert b.status()["send_dropped"] == 0


@pytest.mark.parametrize(
    "misuse",
    [
        lambda peer, offer: peer.accept(offer.replace("actpass", "active")),
        lambda peer, offer: peer.answer(offer.replace("opus/48000/2", "opus/16000").replace("PCMU", "PCMA")),
        lambda peer, offer: peer.answer(""),
    ],
)
async def test_what_can_not_be_used_is_refused_with_a_sentence(
    misuse: Callable[[Peer, str], Awaitable[object]],
) -> None:
    caller, callee = End(Room(700)), End(Room(1100))
    async with ends(caller, callee) as (a, b):
        with pytest.raises(MediaError, match=r"^The far end.*\.$"):
            await misuse(b, await a.offer())
