"""Calls through the network: both SDKs and stations, one call after the other, heard at both ends."""

import asyncio

import pytest

from tests.net.talk import Talk
from tests.net.town import Town

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def call_in_a_row(talk: Talk, times: int) -> None:
    """Call to and fro; the two hear each other each time."""
    for number in range(times):
        await talk.begin(is_called=bool(number % 2))
        await talk.end()


async def test_thirty_calls_in_a_row_are_heard_at_both_ends(town: Town) -> None:
    await asyncio.gather(*(call_in_a_row(talk, 10) for talk in town.talks))
