"""A call's sound as scripts read it: fed by a thread, read by any number of iterations."""

import asyncio
from collections.abc import AsyncIterator
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intercom.audio.frames import FRAME_BYTES
from intercom.audio.stream import BOUND_FRAMES, AudioStream


def stream() -> AudioStream:
    return AudioStream(is_muted=lambda: False)


def feed(stream: AudioStream, *pieces: bytes) -> None:
    """Feed pieces from another thread, as an audio thread does, while the loop does nothing."""

    def run() -> None:
        for piece in pieces:
            stream.feed(piece)

    thread = Thread(target=run)
    thread.start()
    thread.join()


def frames(first: int, count: int) -> list[bytes]:
    return [bytes([number % 256]) * FRAME_BYTES for number in range(first, first + count)]


async def begin(stream: AudioStream) -> tuple[AsyncIterator[bytes], "asyncio.Task[bytes]"]:
    """Begin to iterate; return the iteration and its first frame to come."""
    reading = aiter(stream)
    first = asyncio.ensure_future(anext(reading))
    await asyncio.sleep(0)
    return reading, first


async def rest(reading: AsyncIterator[bytes]) -> list[bytes]:
    async with asyncio.timeout(5):
        return [frame async for frame in reading]


async def test_each_iteration_has_every_frame_from_its_beginning_on() -> None:
    heard = stream()
    feed(heard, *frames(0, 2))
    early, first = await begin(heard)
    feed(heard, *frames(2, 2))
    late, first_of_late = await begin(heard)
    feed(heard, *frames(4, 2))
    heard.end()
    assert [await first, *await rest(early)] == frames(2, 4)
    assert [await first_of_late, *await rest(late)] == frames(4, 2)
    assert heard.dropped == 0


async def test_who_reads_too_slowly_loses_the_oldest_frames_and_they_are_counted() -> None:
    heard = stream()
    reading, first = await begin(heard)
    feed(heard, *frames(0, BOUND_FRAMES + 7))
    heard.end()
    assert [await first, *await rest(reading)] == frames(7, BOUND_FRAMES)
    assert heard.dropped == 7


async def test_nothing_is_kept_for_an_iteration_that_was_left() -> None:
    heard = stream()

    async def read_one() -> bytes:
        async for frame in heard:
            return frame
        raise AssertionError

    reading = asyncio.ensure_future(read_one())
    await asyncio.sleep(0)
    feed(heard, *frames(0, 3))
    assert await reading == frames(0, 1)[0]
    for _ in range(3):  # the loop closes what was left
        await asyncio.sleep(0)
    feed(heard, *frames(0, 2 * BOUND_FRAMES))
    assert heard.dropped == 0


async def test_it_ends_with_the_call_for_who_waits_and_for_who_comes_later() -> None:
    heard = stream()
    _, first = await begin(heard)
    heard.end()
    assert heard.ended
    assert await rest(aiter(heard)) == []
    with pytest.raises(StopAsyncIteration):
        await first


@given(st.lists(st.integers(0, 3000), max_size=20))
def test_periods_of_any_length_become_frames(samples: list[int]) -> None:
    async def read() -> list[bytes]:
        heard = stream()
        reading, first = await begin(heard)
        feed(heard, *(bytes(2 * count) for count in samples), bytes(FRAME_BYTES))
        heard.end()
        return [await first, *await rest(reading)]

    found = asyncio.run(read())
    assert {len(frame) for frame in found} == {FRAME_BYTES}
    whole = (2 * sum(samples) + FRAME_BYTES) // FRAME_BYTES
    assert len(found) == min(whole, BOUND_FRAMES)
