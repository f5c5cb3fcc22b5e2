"""Parts that outlast a restart as long as what they are made of is as it was."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from intercom.system.shelf import Shelf


class House:
    """Rooms; `log` tells when each begins and ends."""

    def __init__(self) -> None:
        self.log: list[str] = []

    @asynccontextmanager
    async def room(self, name: str, number: int) -> AsyncIterator[str]:
        self.log.append(f"+{name}{number}")
        yield f"{name}{number}"
        self.log.append(f"-{name}{number}")


async def test_a_part_stays_until_what_it_is_made_of_changes_and_all_end_in_turn() -> None:
    house = House()
    async with Shelf() as shelf:
        for kitchen, hall in ((1, 1), (1, 1), (2, 1), (2, 2)):
            assert await shelf.part("kitchen", kitchen, lambda n=kitchen: house.room("k", n)) == f"k{kitchen}"  # type: ignore[misc]
            assert await shelf.part("hall", hall, lambda n=hall: house.room("h", n)) == f"h{hall}"  # type: ignore[misc]
    assert house.log == ["+k1", "+h1", "-k1", "+k2", "-h1", "+h2", "-h2", "-k2"]


async def test_a_part_that_can_not_begin_is_not_kept_and_the_others_end() -> None:
    house = House()

    @asynccontextmanager
    async def broken() -> AsyncIterator[str]:
        raise OSError("no")
        yield ""

    async with Shelf() as shelf:
        await shelf.part("hall", 1, lambda: house.room("h", 1))
        with pytest.raises(OSError, match="no"):
            await shelf.part("cellar", 1, broken)
    assert house.log == ["+h1", "-h1"]
