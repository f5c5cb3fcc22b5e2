"""ICE restart between two peers: the path is new, DTLS, SRTP and the sound go on."""

import asyncio
import re

import aioice.ice
import pytest

from intercom.call.ports import MediaState
from intercom.errors import MediaError
from intercom.rtc import link, transport
from intercom.rtc.peer import Peer
from tests.rtc.cable import Cable
from tests.rtc.call import OPUS_FIRST, End, connect, ends, leave_nothing, paths, remains, talk, without_candidates
from tests.rtc.room import Room

CONNECTING, CONNECTED, DISCONNECTED = MediaState.CONNECTING, MediaState.CONNECTED, MediaState.DISCONNECTED
FINGERPRINT = re.compile(r"^a=fingerprint:sha-256 .*", re.MULTILINE)
ICE = re.compile(r"^(?:a=(?:ice-|candidate:|setup:|end-of)|o=|m=|c=).*\r\n", re.MULTILINE)


def pair() -> tuple[End, End]:
    return End(Room(700)), End(Room(1100))


async def restart(offering: Peer, following: Peer) -> None:
    await offering.restarted(await following.follow(await offering.restart()))


async def lost(*peers: Peer) -> list[int]:
    return [(await peer.stats()).packets_lost for peer in peers]


@pytest.mark.parametrize("offerer", [0, 1])
@pytest.mark.parametrize("browser", ["", "actpass", "active", "passive"])
async def test_either_end_may_restart_while_both_talk_and_nothing_is_lost(
    offerer: int, browser: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def far_end(sdp: str) -> str:
        """One of the two names no candidates."""
        return without_candidates(sdp) if browser and f"a=setup:{browser}\r" in sdp else sdp

    monkeypatch.setattr(transport, "HOLD_S", 0.5)
    both = caller, callee = pair()
    async with ends(caller, callee) as peers:
        await connect(*peers)
        await talk(caller, callee)
        offering, following = peers[offerer], peers[1 - offerer]
        await offering.restarted(far_end(await following.follow(far_end(await offering.restart()))))
        await asyncio.gather(*(paths(end, 2) for end in both))
        await talk(caller, callee)
        assert await lost(*peers) == [0, 0]
        assert caller.states == callee.states == [CONNECTING, CONNECTED]


async def test_a_restart_changes_ice_alone() -> None:
    caller, callee = pair()
    async with ends(caller, callee) as (a, b):
        first = await a.offer()
        answer = await b.answer(first)
        await a.accept(answer)
        await talk(caller, callee)
        again = await b.restart()
        followed = await a.follow(again)
        assert "a=setup:actpass" in again
        assert re.findall("a=setup:.*", followed) == ["a=setup:passive\r"]
        assert ICE.sub("", again) == ICE.sub("", answer)
        assert ICE.sub("", followed) == ICE.sub("", first)
        for new, old in ((again, answer), (followed, first)):
            assert re.findall(r"ice-(?:ufrag|pwd):.*", new) != re.findall(r"ice-(?:ufrag|pwd):.*", old)
            assert re.findall(r"^o=\S+ (\S+)", new) == re.findall(r"^o=\S+ (\S+)", old)


async def test_twenty_restarts_leave_no_socket_thread_or_task(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link, "LINGER_S", 1.0)  # a busy machine takes that long to read what came by the old path
    both = caller, callee = pair()
    async with ends(caller, callee) as (a, b):
        await connect(a, b)
        await talk(caller, callee)
        before = remains()
        for number in range(20):
            await (restart(a, b) if number % 2 else restart(b, a))
            await asyncio.gather(*(paths(end, number + 2) for end in both))
        await talk(caller, callee)
        await leave_nothing(before)
        assert await lost(a, b) == [0, 0]


async def test_where_both_offer_one_may_drop_its_own_and_follow() -> None:
    both = caller, callee = pair()
    async with ends(caller, callee) as (a, b):
        await connect(a, b)
        await talk(caller, callee)
        ours, theirs = await asyncio.gather(a.restart(), b.restart())
        answer = await b.follow(ours)
        with pytest.raises(MediaError, match="not asked"):
            await b.restarted(theirs.replace("actpass", "active"))
        await a.restarted(answer)
        await asyncio.gather(*(paths(end, 2) for end in both))
        await talk(caller, callee)
        assert await lost(a, b) == [0, 0]


async def test_what_was_lost_on_the_way_is_healed_by_the_next_restart(monkeypatch: pytest.MonkeyPatch) -> None:
    cable = Cable(monkeypatch)
    caller, callee = pair()
    async with ends(caller, callee) as (a, b):
        await connect(a, b)
        await talk(caller, callee)
        cable.is_cut = True
        await asyncio.gather(caller.until(DISCONNECTED), callee.until(DISCONNECTED))
        await a.restart()  # the offer is lost
        await b.follow(await a.restart())  # the answer is lost
        await restart(a, b)
        cable.is_cut = False
        await talk(caller, callee)
        assert caller.states == callee.states == [CONNECTING, CONNECTED, DISCONNECTED, CONNECTED]


async def test_a_path_that_comes_back_long_after_the_restart_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    cable = Cable(monkeypatch)
    caller, callee = pair()
    async with ends(caller, callee) as (a, b):
        await connect(a, b)
        await talk(caller, callee)
        cable.is_cut = True
        await asyncio.gather(caller.until(DISCONNECTED), callee.until(DISCONNECTED))
        await restart(b, a)
        await asyncio.wait([asyncio.create_task(paths(caller, 2))], timeout=5)
        cable.is_cut = False
        async with asyncio.timeout(2.5):
            await talk(caller, callee)


async def test_a_call_that_has_lost_its_path_is_connected_again_by_a_restart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aioice.ice, "CONSENT_INTERVAL", 0.1)
    cable = Cable(monkeypatch)
    caller, callee = pair()
    async with ends(caller, callee) as (a, b):
        await connect(a, b)
        await talk(caller, callee)
        cable.is_cut = True
        await asyncio.gather(caller.until(MediaState.FAILED), callee.until(MediaState.FAILED))
        cable.is_cut = False
        await restart(a, b)
        await talk(caller, callee)
        assert caller.states[-1] is callee.states[-1] is CONNECTED


@pytest.mark.parametrize("first_s", [0.1, link.JOIN_S])
async def test_a_call_that_was_never_connected_is_by_a_restart(first_s: float, monkeypatch: pytest.MonkeyPatch) -> None:
    cable = Cable(monkeypatch)
    cable.is_cut = True
    monkeypatch.setattr(link, "JOIN_S", first_s)
    caller, callee = End(Room(700), patience_s=0.3), End(Room(1100), patience_s=0.3)
    async with ends(caller, callee) as (a, b):
        await connect(a, b)
        await asyncio.gather(caller.until(MediaState.FAILED), callee.until(MediaState.FAILED))
        assert (await a.stats()).packets_sent == 0
        monkeypatch.undo()
        await restart(a, b)
        await talk(caller, callee)
        assert caller.states == callee.states == [CONNECTING, MediaState.FAILED, CONNECTED]


@pytest.mark.parametrize("codecs", [OPUS_FIRST, ("pcmu",)])
@pytest.mark.parametrize("is_offering", [True, False])
async def test_another_fingerprint_is_a_new_association_under_the_same_call(
    is_offering: bool, codecs: tuple[str, ...]
) -> None:
    here, there, elsewhere = End(Room(700)), End(Room(1100)), End(Room(1500), codecs)
    async with ends(here, there) as (a, b), ends(elsewhere, End(Room(0))) as (c, _):
        await connect(a, b)
        await talk(here, there)
        before = await a.stats()
        if is_offering:
            await a.restarted(await c.answer(await a.restart()))
        else:
            await c.accept(await a.follow(await c.offer()))
        await talk(here, elsewhere)
        after = await a.stats()
        assert after.packets_sent > before.packets_sent
        assert after.packets_received > before.packets_received
        assert after.packets_lost == before.packets_lost
        assert a.codec == c.codec
        assert MediaState.CLOSED not in here.states
        await restart(c, a)
        await asyncio.gather(paths(here, 3), paths(elsewhere, 2))
        await talk(here, elsewhere)


async def test_an_offer_of_a_new_association_that_was_answered_shows_the_fingerprint_of_the_old() -> None:
    here, there = pair()
    async with ends(here, there) as (a, b), ends(End(Room(1500)), End(Room(0))) as (c, _):
        first = await a.offer()
        await a.accept(await b.answer(first))
        await talk(here, there)
        await a.restarted(await c.answer(await a.restart()))
        await asyncio.gather(paths(here, 2))
        assert FINGERPRINT.findall(await a.restart()) == FINGERPRINT.findall(first)


async def test_without_an_address_nothing_can_be_offered_until_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    found = aioice.ice.get_host_addresses(use_ipv4=True, use_ipv6=False)
    both = caller, callee = pair()
    caller.loopback = False
    async with ends(caller, callee) as (a, b):
        await connect(a, b)
        await talk(caller, callee)
        monkeypatch.setattr(aioice.ice, "get_host_addresses", lambda **_: [])
        with pytest.raises(MediaError, match="no network address"):
            await a.restart()
        monkeypatch.setattr(aioice.ice, "get_host_addresses", lambda **_: found)
        await restart(a, b)
        await asyncio.gather(*(paths(end, 2) for end in both))
        await talk(caller, callee)


@pytest.mark.parametrize("begun", ["offered", "followed", "joined"])
async def test_a_call_may_end_while_a_restart_is_pending(begun: str, monkeypatch: pytest.MonkeyPatch) -> None:
    cable = Cable(monkeypatch)
    before = remains()
    caller, callee = pair()
    async with ends(caller, callee) as (a, b):
        await connect(a, b)
        await talk(caller, callee)
        cable.is_cut = True
        offer = await a.restart()
        answer = await b.follow(offer) if begun != "offered" else ""
        if begun == "joined":
            await a.restarted(answer)
    await leave_nothing(before)


@pytest.mark.parametrize("moment_ms", range(0, 40, 4))
async def test_a_call_may_end_at_any_moment_of_a_restart(moment_ms: int) -> None:
    unhandled: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: unhandled.append(context))
    before = remains()
    caller, callee = pair()
    async with ends(caller, callee) as (a, b):
        await connect(a, b)
        await caller.until(CONNECTED)
        begun = asyncio.create_task(restart(a, b))
        await asyncio.wait([begun], timeout=moment_ms / 1000)
        await asyncio.gather(a.close(), b.close())
        (outcome,) = await asyncio.gather(begun, return_exceptions=True)
        assert outcome is None or isinstance(outcome, MediaError)
    await leave_nothing(before)
    assert unhandled == []


async def test_what_can_not_be_used_is_refused_and_the_call_goes_on() -> None:
    caller, callee = pair()
    async with ends(caller, callee) as (a, b):
        for too_early in (a.restart(), a.follow(await b.offer())):
            with pytest.raises(MediaError):
                await too_early
    caller, callee = pair()
    async with ends(caller, callee) as (a, b):
        await connect(a, b)
        await talk(caller, callee)
        offer = await a.restart()
        for bad in (b.follow(""), b.follow(offer.replace("opus", "speex").replace("PCMU", "GSM")), a.restarted("v=0")):
            with pytest.raises(MediaError):
                await bad
        await talk(caller, callee)


async def test_the_reports_are_told_what_a_browser_would_tell() -> None:
    caller, callee = pair()
    async with ends(caller, callee) as (a, b):
        await connect(a, b)
        await talk(caller, callee)
        caller.observed.clear()
        await restart(a, b)
        await paths(caller, 1)
        told = [(fact.group, fact.name, fact.level) for fact in caller.observed]
        assert list(dict.fromkeys(told)) == [
            ("signaling-state", "have-local-offer", "DEBUG"),
            ("ice-gathering-state", "gathering", "DEBUG"),
            ("ice-candidate", "ice-candidate", "DEBUG"),
            ("ice-gathering-state", "complete", "DEBUG"),
            ("signaling-state", "stable", "DEBUG"),
            ("ice-candidate", "selected-ice-candidate-pair", "DEBUG"),
        ]
