"""What is made of the contacts of door and case while the loop goes round."""

import asyncio

import pytest

from intercom.door.events import DoorEvent, DoorForced, DoorHeld, DoorMoved, Tampered
from intercom.door.sensors import Sensors
from intercom.panel.events import Contact
from intercom.settings import schema

DOOR = schema.Door(pin=26, contact=4, tamper=7, held_open_s=5)


@pytest.fixture
def posted() -> asyncio.Queue[DoorEvent]:
    return asyncio.Queue()


def now() -> float:
    return asyncio.get_running_loop().time()


async def test_a_door_that_was_let_open_and_one_that_was_forced(posted: asyncio.Queue[DoorEvent]) -> None:
    sensors = Sensors(DOOR, posted.put_nowait)
    sensors.lock(is_open=True)
    sensors.feel(Contact("contact", is_closed=False, at=now()))
    assert (posted.get_nowait(), sensors.status()["contact"]) == (DoorMoved(is_closed=False), "open")
    sensors.feel(Contact("contact", is_closed=True, at=now()))
    assert (posted.get_nowait(), sensors.status()["contact"]) == (DoorMoved(is_closed=True), "closed")
    sensors.lock(is_open=False)
    sensors.feel(Contact("contact", is_closed=False, at=now() + 60))
    assert posted.get_nowait() == DoorMoved(is_closed=False)
    assert (posted.get_nowait(), sensors.status()["contact"]) == (DoorForced(), "forced")
    sensors.close()


async def test_a_door_that_stands_open_is_told_by_time_alone(posted: asyncio.Queue[DoorEvent]) -> None:
    sensors = Sensors(DOOR, posted.put_nowait)
    sensors.feel(Contact("contact", is_closed=False, at=now() - 4.9, is_at_start=True))
    assert posted.get_nowait() == DoorMoved(is_closed=False)
    async with asyncio.timeout(5):
        assert await posted.get() == DoorHeld()
    assert sensors.status()["contact"] == "held"


async def test_the_case_is_told_of_when_it_is_opened_and_when_it_is_closed(posted: asyncio.Queue[DoorEvent]) -> None:
    sensors = Sensors(DOOR, posted.put_nowait)
    sensors.feel(Contact("tamper", is_closed=True, at=now(), is_at_start=True))
    assert (posted.empty(), sensors.status()["tamper"]) == (True, "closed")
    sensors.feel(Contact("tamper", is_closed=False, at=now()))
    assert (posted.get_nowait(), sensors.status()["tamper"]) == (Tampered(is_open=True), "open")
    assert sensors.is_case_open
    sensors.feel(Contact("tamper", is_closed=True, at=now()))
    assert posted.get_nowait() == Tampered(is_open=False)


async def test_a_case_that_is_open_at_start_is_told_of(posted: asyncio.Queue[DoorEvent]) -> None:
    Sensors(DOOR, posted.put_nowait).feel(Contact("tamper", is_closed=False, at=now(), is_at_start=True))
    assert posted.get_nowait() == Tampered(is_open=True)


async def test_contacts_that_are_not_there_are_null_in_the_status_and_those_not_read_unknown(
    posted: asyncio.Queue[DoorEvent],
) -> None:
    assert Sensors(DOOR, posted.put_nowait).status() == {"contact": "unknown", "tamper": "unknown"}
    assert Sensors(schema.Door(pin=26), posted.put_nowait).status() == {"contact": None, "tamper": None}
