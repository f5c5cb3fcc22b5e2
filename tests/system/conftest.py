"""A living house for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.system.house import House, living


@pytest.fixture
async def house(tmp_path: Path, cards: Path) -> AsyncIterator[House]:
    """An exchange and a station that is registered and idle; its button calls anna."""
    async with living(House(tmp_path, cards)) as made:
        yield made
