"""Volumes, set while somebody talks, and after the program was started again."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.rig.ear import hear, until, until_heard
from tests.rig.simcard import SimCard
from tests.system.house import MICROPHONE_HZ, House, living
from tests.system.test_streams import event, registered

HALF_DB, FAR_HZ = 12.04, 880  # what 50 % is less than 100 %


async def until_at(card: SimCard, dbfs: float) -> None:
    await until(lambda: hear(card).dbfs == pytest.approx(dbfs, abs=0.7), what=f"{dbfs:.1f} dBFS")


async def test_volumes_set_in_a_call_are_heard_at_once_and_are_still_there_after_a_restart(
    empty_house: House, cards: Path, plug_in: Callable[..., None]
) -> None:
    anna = SimCard(cards / "anna")
    anna.hum(FAR_HZ)
    plug_in(default=empty_house.card, anna=anna)
    async with living(empty_house) as house:
        async with registered(house, "anna") as far_end:
            call = far_end.connect({"To": "hall"})
            opened = asyncio.create_task(event(call, "accept"))
            await house.is_in("pending")
            await house.ask("answer")
            await opened
            full = (await until_heard(house.card, FAR_HZ)).dbfs
            sent = (await until_heard(anna, MICROPHONE_HZ)).dbfs
            assert (await house.ask("volume", "50"))["settings"] == {"audio.volume": 50}
            await until_at(house.card, full - HALF_DB)
            await house.ask("volume", "mic", "-6")
            await until_at(anna, sent - 6)
            await house.ask("set", "audio.volume", "100")
            await house.ask("commit")
            await until_at(house.card, full)
            assert house.states == ["pending", "connecting", "open"]  # one call, never interrupted
        await house.is_in(None)
        await house.ask("volume", "30")
        await house.station.end()
        await house.station.__aenter__()
        await house.tells(lambda status: status["registration"] == "ready")
        kept = {"audio.volume": 30, "audio.ring_volume": 60, "audio.mic_gain_db": -6.0}
        assert (await house.ask("volume"))["settings"] == kept
