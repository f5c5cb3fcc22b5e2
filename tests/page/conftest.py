"""A real exchange as the page meets it, in the demo's way and in the house's."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.exchange.wires import Net, net


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[Net]:
    """An exchange that signs this machine's browsers in as `web`."""
    async with net(tmp_path) as made, made.exchange(page="web"):
        yield made


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Net]:
    """An exchange that knows people by their invite links only."""
    async with net(tmp_path) as made, made.exchange():
        yield made


@pytest.fixture
async def bare(tmp_path: Path) -> AsyncIterator[Net]:
    """A net whose exchange the test starts, and starts again."""
    async with net(tmp_path) as made:
        yield made
