"""From the capture thread to aiortc: when it is encoded, what is kept, how it is stamped."""

import asyncio
from threading import Thread

import pytest
from aiortc.mediastreams import MediaStreamError

from intercom.audio.frames import FRAME_MS, SILENCE
from intercom.rtc.codecs import CODECS
from intercom.rtc.sender import HANDOFF_PACKETS, Sender

# How many frames the first packet takes: conversion to 8 kHz looks a little ahead.
FIRST = {"opus": 1, "pcmu": 2}


def put(sender: Sender, frames: int) -> None:
    """Put frames from another thread, as the capture thread does, while the loop does nothing."""

    def run() -> None:
        for _ in range(frames):
            sender.put(SILENCE)

    thread = Thread(target=run)
    thread.start()
    thread.join()


async def opened(codec: str) -> Sender:
    """Return a sender whose first packet has just been read."""
    sender = Sender(asyncio.get_running_loop())
    sender.codec = CODECS[codec]
    put(sender, 3)  # too early
    reading = asyncio.create_task(sender.recv())
    await asyncio.sleep(0)
    put(sender, FIRST[codec])
    assert (await reading).pts == 0
    return sender


async def next_ms(sender: Sender) -> float:
    packet = await sender.recv()
    assert packet.pts is not None
    return float(packet.pts * packet.time_base * 1000)


@pytest.mark.parametrize("codec", CODECS)
async def test_what_is_put_before_the_far_end_can_be_sent_to_is_not_kept(codec: str) -> None:
    sender = await opened(codec)
    assert (sender.sent, sender.dropped, len(sender._packets)) == (1, 0, 0)


@pytest.mark.parametrize("codec", CODECS)
async def test_stamps_count_samples_and_leave_a_hole_where_the_oldest_had_to_go(codec: str) -> None:
    sender = await opened(codec)
    put(sender, HANDOFF_PACKETS + 3)
    assert sender.dropped == 3
    assert [await next_ms(sender) for _ in range(HANDOFF_PACKETS)] == [FRAME_MS * n for n in range(4, 9)]


@pytest.mark.parametrize("codec", CODECS)
async def test_after_its_end_it_takes_nothing_and_gives_nothing(codec: str) -> None:
    sender = await opened(codec)
    sender.stop()
    put(sender, 2)
    assert len(sender._packets) == 0
    with pytest.raises(MediaStreamError):
        await sender.recv()
