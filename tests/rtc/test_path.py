"""A path straight to the far end: who reads it, in which thread, and that nothing of others comes over it."""

import asyncio
import socket
import threading
import time
from collections.abc import AsyncIterator
from contextlib import closing

import pytest

from intercom.rtc import path
from intercom.rtc.path import AT_ONCE, Direct

VOICE = b"\x80\x6f" + bytes(40)
REPORT = b"\x80\xc8" + bytes(40)
HANDSHAKE = b"\x16\xfe\xfd" + bytes(40)
CHECK = b"\x00\x01" + bytes(40)


class Ends:
    """A path between two sockets of this machine, and what came over it: packet, thread, time or sender."""

    def __init__(self) -> None:
        self.made, self.far, self.stranger = (_bound() for _ in range(3))
        self.media: list[tuple[bytes, str, float]] = []
        self.others: list[tuple[bytes, str, object]] = []
        self.came = asyncio.Event()
        self.direct = Direct(self.made, self.far.getsockname(), media=self._media, others=self._others)

    def send(self, *packets: bytes) -> None:
        for packet in packets:
            self.far.sendto(packet, self.made.getsockname())

    async def until(self, *, media: int = 0, others: int = 0) -> None:
        async with asyncio.timeout(8):
            while len(self.media) < media or len(self.others) < others:
                self.came.clear()
                await self.came.wait()

    def close(self) -> None:
        self.direct.close()
        for each in (self.made, self.far, self.stranger):
            each.close()

    def _media(self, packet: bytes, at_s: float) -> None:
        self.media.append((packet, threading.current_thread().name, at_s))
        self.came.set()

    def _others(self, packet: bytes, sender: object) -> None:
        self.others.append((packet, threading.current_thread().name, sender))
        self.came.set()


@pytest.fixture
async def ends() -> AsyncIterator[Ends]:
    with closing(Ends()) as ends:
        yield ends


def _bound() -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.bind(("127.0.0.1", 0))
    return made


def fetched(ends: Ends) -> None:
    """Fetch in a thread of its own, as the speaker's does."""
    thread = threading.Thread(target=ends.direct.fetch, name="playback")
    thread.start()
    thread.join()


async def test_while_nobody_fetches_the_loop_reads(ends: Ends) -> None:
    ends.send(VOICE, HANDSHAKE)
    await ends.until(media=1, others=1)
    assert [(packet, thread) for packet, thread, _ in ends.media] == [(VOICE, "MainThread")]
    assert ends.others == [(HANDSHAKE, "MainThread", ends.far.getsockname())]


async def test_who_fetches_takes_voices_and_all_else_goes_to_the_loop(ends: Ends) -> None:
    fetched(ends)
    ends.send(VOICE, REPORT, HANDSHAKE, CHECK, b"", VOICE)
    fetched(ends)
    assert [(packet, thread) for packet, thread, _ in ends.media] == [(VOICE, "playback")] * 2
    await ends.until(others=4)
    assert [packet for packet, *_ in ends.others] == [REPORT, HANDSHAKE, CHECK, b""]
    assert {thread for _, thread, _ in ends.others} == {"MainThread"}


async def test_at_its_end_all_that_has_come_is_taken_and_what_comes_then_is_for_the_first_socket(ends: Ends) -> None:
    for _ in range(3 * AT_ONCE):
        ends.send(VOICE)
    ends.direct.close()
    assert len(ends.media) == 3 * AT_ONCE
    ends.send(VOICE)
    assert ends.made.recv(2048, socket.MSG_DONTWAIT) == VOICE


async def test_what_an_earlier_packet_has_run_into_keeps_nothing_back(ends: Ends) -> None:
    ends.send(VOICE)
    ends.far.close()
    ends.direct.send(VOICE)  # is refused
    fetched(ends)
    assert len(ends.media) == 1


async def test_a_packet_counts_from_when_it_arrived_and_not_from_when_it_was_fetched(ends: Ends) -> None:
    fetched(ends)
    before_s = time.monotonic()
    ends.send(VOICE)
    after_s = time.monotonic()
    while time.monotonic() < after_s + 0.05:
        pass
    fetched(ends)
    assert before_s - 0.001 <= ends.media[0][2] <= after_s + 0.02


async def test_the_loop_reads_again_when_nobody_fetches_any_more(ends: Ends, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(path, "PATIENCE_S", 0.05)
    fetched(ends)
    ends.send(VOICE)
    await ends.until(media=1)
    assert ends.media[0][1] == "MainThread"
    fetched(ends)
    ends.send(VOICE)
    fetched(ends)
    assert ends.media[1][1] == "playback"


async def test_what_others_send_comes_to_the_socket_that_was_there_before(ends: Ends) -> None:
    ends.stranger.sendto(VOICE, ends.made.getsockname())
    assert ends.made.recv(100) == VOICE
    fetched(ends)
    assert ends.media == []


async def test_what_had_arrived_is_taken_before_it_closes_and_what_comes_then_is_the_others(ends: Ends) -> None:
    fetched(ends)
    ends.send(VOICE)
    ends.direct.close()
    assert [thread for _, thread, _ in ends.media] == ["MainThread"]
    ends.send(CHECK)
    assert ends.made.recv(100) == CHECK
    fetched(ends)


async def test_a_flood_keeps_no_thread(ends: Ends) -> None:
    fetched(ends)
    ends.send(*[VOICE] * (AT_ONCE + 5))
    fetched(ends)
    assert len(ends.media) == AT_ONCE
    fetched(ends)
    assert len(ends.media) == AT_ONCE + 5


async def test_it_goes_over_from_path_to_path_of_one_socket(ends: Ends) -> None:
    with closing(Direct(ends.made, ends.far.getsockname(), media=ends._media, others=ends._others)) as second:
        ends.direct.close()
        ends.send(VOICE)
        await ends.until(media=1)
        assert second.send(CHECK)
        assert ends.far.recvfrom(100) == (CHECK, ends.made.getsockname())
