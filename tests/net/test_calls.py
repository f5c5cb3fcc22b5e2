"""Calls through the network: with both SDKs and between stations, one after the other, heard at both ends."""

import asyncio
import time
from statistics import median

import pytest

from tests.figures import Figures
from tests.net.talk import Talk
from tests.net.town import Town
from tests.soak.footprint import memory_kib

MAY_GROW_KIB = 4096

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize("times", [10, pytest.param(167, marks=pytest.mark.soak)])
async def test_calls_in_a_row_are_heard_at_both_ends(town: Town, figures: Figures, times: int) -> None:
    await asyncio.gather(*(call_in_a_row(talk, times, figures) for talk in town.talks))


async def call_in_a_row(talk: Talk, times: int, figures: Figures) -> None:
    """Call to and fro; the two hear each other each time, and the station's memory stays as it was."""
    took_s, memory = [], []
    for number in range(times):
        began = time.monotonic()
        await talk.begin(is_called=bool(number % 2))
        took_s.append(time.monotonic() - began)
        await talk.end()
        memory.append(memory_kib(talk.station.program.pid))
    warm, last = memory[times // 3], memory[-1]
    figures.note(
        f"{times} calls with {talk.title:8} heard {median(took_s):.2f} s after the call, {max(took_s):.2f} s at most; "
        f"memory of the station {warm / 1024:.1f} MiB, then {last / 1024:.1f} MiB"
    )
    assert last - warm < MAY_GROW_KIB
