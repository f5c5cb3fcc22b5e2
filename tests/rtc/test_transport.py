"""Packets of a call between two ends on this machine: RTP and RTCP in clear, over real UDP, DTLS and SRTP."""

import asyncio
import re
import socket
from collections import deque
from threading import Event, Thread

import aioice.ice
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from intercom.call.ports import MediaState
from intercom.rtc.negotiation import Drops
from intercom.rtc.path import EXPEDITED
from tests.rtc.cable import Cable, is_dtls
from tests.rtc.call import leave_nothing, remains
from tests.rtc.party import CONNECTED, RECEIVER_REPORT, Party, connect, parties, pass_packets, restart


async def test_packets_pass_both_ways_in_the_order_sent_whichever_thread_sends_them() -> None:
    caller, callee = Party(), Party()
    async with parties(caller, callee):
        await connect(caller, callee)
        sent = [caller.packet(number) for number in range(100)]
        sent[50:50] = [RECEIVER_REPORT]
        thread = Thread(target=lambda: deque(map(caller.negotiation.send, sent)))
        thread.start()
        await callee.until_received(sent[-1])
        thread.join()
        await pass_packets(caller, callee, 1000)
        assert callee.packets[: len(sent)] == sent
        assert caller.negotiation.drops == callee.negotiation.drops == Drops(0, 0)


async def test_both_are_told_once_what_was_agreed_on_and_that_the_other_sends() -> None:
    caller, callee = Party(), Party()
    async with parties(caller, callee):
        await connect(caller, callee)
        await restart(caller, callee)
        for party in (caller, callee):
            assert [codec for _, codec in party.agreements] == ["opus"]
            assert party.announcements == 1
            assert party.states[:2] == [MediaState.CONNECTING, CONNECTED]


async def test_a_far_end_that_says_that_it_does_not_send_is_not_announced() -> None:
    caller, callee = Party(), Party()
    async with parties(caller, callee):
        await callee.negotiation.answer((await caller.negotiation.offer()).replace("sendrecv", "recvonly"))
        assert (callee.announcements, len(callee.agreements)) == (0, 1)


async def test_what_is_sent_before_there_is_a_way_is_dropped_and_counted() -> None:
    caller, callee = Party(), Party()
    async with parties(caller, callee):
        caller.negotiation.send(caller.packet(0))  # before there is a transport: nobody could have meant it
        offer = await caller.negotiation.offer()
        caller.negotiation.send(caller.packet(1))
        await caller.negotiation.accept(await callee.negotiation.answer(offer))
        caller.negotiation.send(caller.packet(2))
        await asyncio.gather(caller.until(CONNECTED), callee.until(CONNECTED))
        await pass_packets(caller, callee, 3)
        assert callee.packets == [caller.packet(3)]
        assert caller.negotiation.drops == Drops(unsent=2, refused=0)


async def test_a_packet_that_the_kernel_refuses_is_dropped_and_counted() -> None:
    caller, callee = Party(), Party()
    async with parties(caller, callee):
        await connect(caller, callee)
        path = caller.negotiation._transports[-1]._path
        path.__dict__["_socket"].shutdown(socket.SHUT_WR)
        caller.negotiation.send(caller.packet(0))
        assert caller.negotiation.drops.unsent == 1


async def test_nothing_leaves_after_the_end_and_nothing_remains() -> None:
    before = remains()
    caller, callee = Party(), Party()
    async with parties(caller, callee):
        await connect(caller, callee)
        is_over = Event()

        def talk() -> None:
            while not is_over.wait(0.0001):
                caller.negotiation.send(caller.packet(7))

        thread = Thread(target=talk)
        thread.start()
        await callee.until_received(caller.packet(7))
        await caller.negotiation.end()
        is_over.set()
        thread.join()
        await callee.until(MediaState.CLOSED)
    await leave_nothing(before)
    assert caller.states == [MediaState.CONNECTING, CONNECTED]


async def test_a_restart_takes_the_packets_over_a_new_path_at_once() -> None:
    caller, callee = Party(), Party()
    async with parties(caller, callee):
        await connect(caller, callee)
        for number in range(6):
            await restart(*((caller, callee) if number % 2 else (callee, caller)))
            await pass_packets(caller, callee, number)
        assert caller.negotiation.drops == callee.negotiation.drops == Drops(0, 0)


async def test_another_pair_of_the_same_path_is_followed() -> None:
    caller, callee = Party(), Party()
    async with parties(caller, callee):
        await connect(caller, callee)
        ours, theirs = (party.negotiation._transports[-1]._link.active for party in (caller, callee))
        assert ours
        assert theirs
        local = next(each for each in ours._protocols if each.local_candidate.host == "127.0.0.1")
        remote = next(each for each in theirs.local_candidates if each.host == "127.0.0.1")
        remote._network_host = remote.host
        pair = aioice.ice.CandidatePair(local, remote)
        ours._check_list.append(pair)
        ours.check_start_task(pair)  # its first check nominates it, as browsers do
        await asyncio.gather(caller.until_path(2), callee.until_path(2))
        for party in (caller, callee):
            path = party.negotiation._transports[-1]._path
            assert path.__dict__["_socket"].getpeername()[0] == "127.0.0.1"
        await pass_packets(caller, callee, 0)


async def test_a_far_end_with_another_certificate_is_sent_nothing() -> None:
    def forge(sdp: str) -> str:
        return re.sub(r"(a=fingerprint:\S+ )(\S+)", lambda match: match[1] + match[2][::-1], sdp)

    caller, callee = Party(), Party()
    async with parties(caller, callee):
        offer = forge(await caller.negotiation.offer())
        await caller.negotiation.accept(await callee.negotiation.answer(offer))
        await callee.until(MediaState.FAILED)
        callee.negotiation.send(callee.packet(0))
        assert callee.negotiation.drops.unsent == 1
        assert CONNECTED not in callee.states


async def test_a_handshake_whose_packets_are_lost_is_begun_again(monkeypatch: pytest.MonkeyPatch) -> None:
    cable = Cable(monkeypatch)
    lost: list[bytes] = []

    def loses(packet: bytes) -> bool:
        if is_dtls(packet) and len(lost) < 2:
            lost.append(packet)
        return packet in lost

    cable.loses = loses
    caller, callee = Party(), Party()
    async with parties(caller, callee):
        await connect(caller, callee)
        await pass_packets(caller, callee, 0)
        assert len(lost) == 2


async def test_a_fault_in_taking_packets_is_logged_once_and_fails_the_call(caplog: pytest.LogCaptureFixture) -> None:
    caller, callee = Party(), Party(fault=RuntimeError("no room"))
    async with parties(caller, callee):
        await connect(caller, callee)
        for number in range(5):
            caller.negotiation.send(caller.packet(number))
        await callee.until(MediaState.FAILED)
        callee.negotiation.send(callee.packet(9))
        await caller.until_received(callee.packet(9))
        assert callee.packets == [caller.packet(0)]
        assert [record.message for record in caplog.records if record.exc_info] == [
            "a packet of the far end can't be taken"
        ]


def address(party: Party) -> tuple[str, int]:
    """Return where its packets arrive."""
    active = party.negotiation._transports[-1]._link.active
    assert active
    assert active.selected
    return active.selected[0].host, active.selected[0].port


async def test_a_packet_that_comes_twice_or_from_a_stranger_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    cable = Cable(monkeypatch)
    seen: list[bytes] = []

    def notes(packet: bytes) -> bool:
        seen.append(packet)
        return False

    cable.loses = notes
    caller, callee = Party(), Party()
    async with parties(caller, callee):
        await connect(caller, callee)
        await pass_packets(caller, callee, 0)
        (sent,) = [packet for packet in seen if packet[0] >> 6 == 2 and packet[2:12] == caller.packet(0)[2:12]]
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            for packet in (sent, caller.packet(1), RECEIVER_REPORT + bytes(20), b"\x80" * 1600):
                stranger.sendto(packet, address(callee))
        for number in (2, 3):  # the stranger's come by another socket
            await pass_packets(caller, callee, number)
        assert callee.packets == [caller.packet(number) for number in (0, 2, 3)]
        assert callee.negotiation.drops == Drops(unsent=0, refused=4)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(packets=st.lists(st.binary(max_size=200), min_size=10))
@example(packets=[b"", b"\x80", b"\x80\xc8", b"\x16\xfe\xfd", b"\x16\xfe\xfd" + bytes(10), b"\x80" * 2000])
def test_no_packet_from_the_network_ends_a_call(packets: list[bytes]) -> None:
    async def call() -> None:
        caller, callee = Party(), Party()
        async with parties(caller, callee):
            await connect(caller, callee)
            active = callee.negotiation._transports[-1]._link.active
            assert active
            for packet in packets:
                active.data_received(packet, 1)
            await pass_packets(caller, callee, 0)
            assert callee.states[-1] is CONNECTED

    asyncio.run(call())


async def test_packets_are_marked_for_routers_to_prefer() -> None:
    caller, callee = Party(), Party()
    async with parties(caller, callee):
        await connect(caller, callee)
        path = caller.negotiation._transports[-1]._path
        made: socket.socket = path.__dict__["_socket"]
        options = {
            socket.AF_INET: (socket.IPPROTO_IP, socket.IP_TOS),
            socket.AF_INET6: (socket.IPPROTO_IPV6, socket.IPV6_TCLASS),
        }
        assert made.getsockopt(*options[made.family]) == EXPEDITED
