"""What a script has of a call's sound: it records, it chooses its cards, it is told how long the voice takes."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from intercom import AudioConstraints, Device
from intercom.call.connection import Connection
from intercom.call.emitter import Emitter
from intercom.call.ports import RemoteAudio
from tests.exchange.wires import Net, net
from tests.rig.ear import is_steady, mouth_to_ear_ms, until_heard
from tests.rig.simcard import SimCard
from tests.system.house import House
from tests.system.test_script import settings

SECOND = 50
HALL_HZ, ATTIC_HZ, HEADSET_HZ = 440, 880, 1500
TOLERANCE_MS = 60


class Ends:
    """Two scripts of one process, at an exchange of their own; each has its card, the hall a headset too."""

    def __init__(self, caller: Any, callee: Any) -> None:
        self.caller, self.callee = caller, callee
        self._incoming = asyncio.Queue[Connection]()
        callee.on("incoming", self._incoming.put_nowait)

    async def rung(self) -> tuple[Connection, Connection]:
        """Place a call and return it at both ends, not yet answered."""
        outgoing = self.caller.connect({"To": "attic"})
        async with asyncio.timeout(20):
            return outgoing, await self._incoming.get()

    async def talk(self) -> tuple[Connection, Connection]:
        """Place a call and answer it."""
        outgoing, incoming = await self.rung()
        opened = event(outgoing, "accept")
        incoming.accept()
        await opened
        return outgoing, incoming


@pytest.fixture
def rooms(cards: Path, plug_in: Callable[..., None]) -> dict[str, SimCard]:
    found = {name: SimCard(cards / name) for name in ("hall", "attic", "headset")}
    for card, hertz in zip(found.values(), (HALL_HZ, ATTIC_HZ, HEADSET_HZ), strict=True):
        card.hum(hertz)
    plug_in(**found)
    return found


@pytest.fixture
async def ends(tmp_path: Path, rooms: dict[str, SimCard]) -> AsyncIterator[Ends]:
    async with (
        net(tmp_path) as house,
        house.exchange(),
        registered(house, "hall") as caller,
        registered(house, "attic") as callee,
    ):
        yield Ends(caller, callee)


@asynccontextmanager
async def registered(house: Net | House, name: str) -> AsyncIterator[Any]:
    async with Device(settings(house, name)) as device:
        await event(device, "ready")
        yield device


async def event(emitter: Emitter, name: str) -> Any:
    """Wait for an event and return its first argument."""
    came = asyncio.get_running_loop().create_future()
    emitter.once(name, lambda *arguments: came.set_result(arguments[0] if arguments else None))
    async with asyncio.timeout(20):
        return await came


async def record(frames: AsyncIterator[bytes], count: int) -> np.ndarray[Any, np.dtype[np.int16]]:
    return np.frombuffer(b"".join([await anext(frames) for _ in range(count)]), np.int16)


async def test_a_script_records_a_second_of_the_far_end_and_hears_its_tone(ends: Ends) -> None:
    call, _ = await ends.talk()
    remote, local = call.remote_stream(), call.local_stream()
    assert remote is not None
    assert local is not None
    theirs, ours = aiter(remote), aiter(local)
    async with asyncio.timeout(20):
        while not is_steady(await record(theirs, SECOND), ATTIC_HZ):
            pass
        while not is_steady(await record(ours, SECOND), HALL_HZ):
            pass
        call.disconnect()
        async for _ in theirs:  # to its end, which is the call's
            pass
    assert (call.local_stream(), call.remote_stream()) == (None, remote)
    assert remote.ended


async def test_the_far_ends_voice_is_turned_down_and_moved_by_its_audio_event(
    ends: Ends, rooms: dict[str, SimCard]
) -> None:
    outgoing, incoming = await ends.rung()
    coming = asyncio.ensure_future(event(outgoing, "audio"))
    incoming.accept()
    audio: RemoteAudio = await coming
    assert audio.pcm == "hall"
    loud = await until_heard(rooms["hall"], ATTIC_HZ)
    audio.play_on("headset")
    audio.volume = 0.25
    async with asyncio.timeout(10):
        while (await until_heard(rooms["headset"], ATTIC_HZ)).dbfs > loud.dbfs - 11.5:
            pass


async def test_a_call_may_be_answered_with_another_microphone(ends: Ends, rooms: dict[str, SimCard]) -> None:
    outgoing, incoming = await ends.rung()
    opened = asyncio.ensure_future(event(outgoing, "accept"))
    incoming.accept(AudioConstraints(pcm="headset"))
    await opened
    await until_heard(rooms["hall"], HEADSET_HZ)


async def test_a_microphone_that_is_not_there_ends_the_call_that_asked_for_it(ends: Ends) -> None:
    _, incoming = await ends.rung()
    failing = asyncio.ensure_future(event(incoming, "error"))
    incoming.accept(AudioConstraints(pcm="nowhere"))
    error = await failing
    assert error.code == 31201
    assert "no PCM nowhere" in error.message
    assert incoming.status() == "closed"


async def test_the_estimate_of_mouth_to_ear_is_near_what_the_rig_measures(
    ends: Ends, rooms: dict[str, SimCard]
) -> None:
    call, _ = await ends.talk()
    await until_heard(rooms["hall"], ATTIC_HZ)
    async with asyncio.timeout(40):
        while True:
            measured = await mouth_to_ear_ms(rooms["attic"], rooms["hall"])
            await event(call, "sample")
            figures = call.quality.figures
            assert figures is not None
            if measured and figures.mouth_to_ear and abs(figures.mouth_to_ear - measured) < TOLERANCE_MS:
                return
