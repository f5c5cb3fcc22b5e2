"""A real exchange as the page meets it, in the demo's way and in the house's."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.browser.connections import closed_by_the_browser
from tests.exchange.wires import Net, net


@pytest.fixture
async def bare(tmp_path: Path) -> AsyncIterator[Net]:
    """A net whose exchange the test starts, and starts again."""
    async with net(tmp_path) as made:
        yield made
    await closed_by_the_browser()


@pytest.fixture
async def demo(bare: Net) -> AsyncIterator[Net]:
    """An exchange that signs this machine's browsers in as `web`."""
    async with bare.exchange(page="web"):
        yield bare


@pytest.fixture
async def house(bare: Net) -> AsyncIterator[Net]:
    """An exchange that knows people by their invite links only."""
    async with bare.exchange():
        yield bare
