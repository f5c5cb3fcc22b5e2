"""Houses for the tests."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.system.house import House, living


@pytest.fixture
def empty_house(tmp_path: Path, cards: Path) -> House:
    """A house in which nothing runs yet."""
    return House(tmp_path, cards)


@pytest.fixture
async def house(empty_house: House) -> AsyncIterator[House]:
    """An exchange and a station that is registered and idle; its button calls anna."""
    async with living(empty_house) as made:
        yield made
