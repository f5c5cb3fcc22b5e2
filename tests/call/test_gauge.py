"""How a call is measured and what is told of it."""

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise
from typing import Any

import msgspec
import pytest

from intercom.call.connection import Connection
from intercom.call.machine import CallState
from intercom.call.options import Options
from intercom.call.ports import MediaState
from intercom.quality.monitor import Evidence
from intercom.quality.sample import Record, Sample
from tests.call.world import World

LOUD = b"\x00\x40\x00\xc0" * 480
SPEECH, DEAD = (LOUD, b""), (b"", b"")
EVENTS = ("sample", "warning", "warning-cleared", "reconnecting", "reconnected", "disconnect")


class Measured(World):
    """A call that is open, and the seconds of it."""

    def __init__(self) -> None:
        super().__init__(Options(enable_ice_restart=True))
        self.told: list[str] = []
        self.given: dict[str, Any] = {}
        self._began_at = asyncio.get_running_loop().time()
        self._second = 0

    async def opened(self) -> Connection:
        connection = self.incoming()
        for event in EVENTS:
            connection.on(event, lambda *arguments, name=event: self._hear(name, arguments))
        connection.accept()
        await self.settle()
        assert connection.status() is CallState.OPEN
        return connection

    async def seconds(
        self, connection: Connection, number: int, *, packets: int = 50, microphone: tuple[bytes, bytes] = SPEECH
    ) -> None:
        """Let that many seconds pass in which each side sends so many packets, and the far end is heard."""
        sound = self.sounds[-1]
        for _ in range(number):
            self._second += 1
            for pcm in zip(microphone, SPEECH, strict=True):
                sound.pcm = pcm
                connection.quality.listen()
            counters = msgspec.structs.asdict(sound.record)
            more = {"packets_sent": packets, "packets_received": packets}
            more |= {"bytes_sent": 80 * packets, "bytes_received": 80 * packets}
            sound.record = Record(**counters | {name: counters[name] + count for name, count in more.items()})
            await connection.quality.measure(at=self._began_at + self._second)

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        is_named = event.startswith("warning")
        name = f"{event} {arguments[0]}" if is_named else event
        self.told.append(name)
        self.given[name] = arguments[-1] if arguments else None


@pytest.fixture
async def world() -> AsyncIterator[Measured]:
    world = Measured()
    async with world.device:
        yield world


async def test_a_line_that_falls_silent_is_told_before_its_sample_and_cleared_when_it_is_back(world: Measured) -> None:
    call = await world.opened()
    await world.seconds(call, 6)
    assert world.told == ["sample"] * 6
    world.told.clear()
    await world.seconds(call, 3, packets=0)
    assert world.told == ["sample", "sample", "warning low-bytes-received", "warning low-bytes-sent", "sample"]
    assert call.quality.warnings == ["low-bytes-received", "low-bytes-sent"]
    evidence = world.given["warning low-bytes-sent"]
    assert isinstance(evidence, Evidence)
    assert (evidence.name, evidence.values, len(evidence.samples)) == ("bytesSent", (0, 0, 0), 3)
    world.told.clear()
    await world.seconds(call, 5)
    assert world.told[4:] == ["warning-cleared low-bytes-received", "warning-cleared low-bytes-sent", "sample"]
    assert world.given["warning-cleared low-bytes-sent"] is None
    assert call.quality.warnings == []


async def test_a_dead_microphone_is_told_unless_it_is_muted(world: Measured) -> None:
    call = await world.opened()
    await world.seconds(call, 10, microphone=DEAD)
    assert call.quality.warnings == ["constant-audio-input-level"]
    other = Measured()
    async with other.device:
        muted = await other.opened()
        muted.mute()
        await other.seconds(muted, 12, microphone=DEAD)
        assert (other.told, muted.quality.warnings) == (["sample"] * 12, [])
        muted.mute(False)
        await other.seconds(muted, 8)
        assert other.told == ["sample"] * 20  # neither is what was not raised cleared


async def test_a_sample_has_the_seeds_members(world: Measured) -> None:
    call = await world.opened()
    await world.seconds(call, 2, microphone=DEAD)
    sample = msgspec.to_builtins(call.quality.sample)
    totals = sample.pop("totals")
    assert sample == {
        "timestamp": 0.0, "codecName": "opus", "bytesReceived": 4000, "bytesSent": 4000, "packetsReceived": 50,
        "packetsSent": 50, "packetsLost": 0, "packetsLostFraction": 0.0, "jitter": 2.0, "rtt": 40.0,
        "mos": pytest.approx(4.41, abs=0.01), "audioInputLevel": 0,
        "audioOutputLevel": sample["audioOutputLevel"],
    }  # fmt: skip
    assert sample["audioOutputLevel"] > 0
    assert totals == {
        "bytesReceived": 8000, "bytesSent": 8000, "packetsReceived": 100, "packetsSent": 100, "packetsLost": 0,
        "packetsLostFraction": 0.0,
    }  # fmt: skip


async def test_volumes_are_told_while_somebody_listens(world: Measured) -> None:
    call = await world.opened()
    world.sounds[0].pcm = LOUD, b""
    told: list[tuple[float, float]] = []

    def note(ours: float, theirs: float) -> None:
        told.append((ours, theirs))

    call.quality.listen()
    call.on("volume", note)
    call.quality.listen()
    call.remove_listener("volume", note)
    call.quality.listen()
    ((ours, theirs),) = told
    assert theirs == 0 < ours <= 1


async def test_a_lost_link_is_a_warning_before_the_call_reconnects(world: Measured) -> None:
    call = await world.opened()
    world.sounds[0].becomes(MediaState.DISCONNECTED)
    assert call.quality.warnings == ["ice-connectivity-lost"]
    world.sounds[0].becomes(MediaState.CONNECTED)
    assert world.told == [
        "warning ice-connectivity-lost", "reconnecting", "warning-cleared ice-connectivity-lost", "reconnected",
    ]  # fmt: skip


async def test_who_hangs_up_at_a_warning_hears_nothing_after_the_end(world: Measured) -> None:
    call = await world.opened()
    await world.seconds(call, 4)
    call.on("warning", lambda *_: call.disconnect())
    await world.seconds(call, 3, packets=0)
    assert world.told[-3:] == ["sample", "warning low-bytes-received", "disconnect"]


async def test_samples_come_each_second_and_volumes_twenty_times_at_most_until_the_call_ends(world: Measured) -> None:
    call = await world.opened()
    loop = asyncio.get_running_loop()
    sampled_at: list[float] = []
    volumes: list[int] = []
    is_enough = asyncio.Event()

    def note(sample: Sample) -> None:
        assert sample is call.quality.sample
        sampled_at.append(loop.time())
        if len(sampled_at) == 3:
            is_enough.set()

    call.on("sample", note)
    call.on("volume", lambda *_: volumes.append(len(sampled_at)))
    async with asyncio.timeout(10):
        await is_enough.wait()
    assert all(0.5 <= after - before <= 1.5 for before, after in pairwise(sampled_at))
    assert 0 < volumes.count(1) <= 20
    call.disconnect()
    await world.settle()
    assert asyncio.all_tasks() == {asyncio.current_task()}
