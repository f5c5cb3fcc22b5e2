"""The door within the station: buttons and console, what is seen and heard, what is written down."""

import pytest

from intercom.door.events import DoorForced, DoorHeld, DoorMoved, GuardLost, LockMoved, Tampered
from intercom.door.verdict import How
from intercom.errors import DoorError, RefusedError
from intercom.station import opening
from intercom.station.actions import Action
from intercom.station.opening import Wish
from tests.station.gatehouse import Gatehouse, living


async def test_a_button_opens_and_that_is_seen_and_heard_until_the_lock_locks() -> None:
    async with living(Gatehouse()) as house:
        house.station.do(Action.OPEN_DOOR)
        await house.settle()
        assert house.porter.told == ["a button by button: may", "a button opened"]
        assert (house.light.overlays, house.tones) == (("door-open",), ["door-opened"])
        assert house.doorway.status()["lock"] == "open"
        house.bolt.close()
        await house.settle()
        assert (house.light.overlays, house.doorway.status()["lock"]) == ((), "locked")


async def test_a_door_that_stays_open_for_longer_sounds_once() -> None:
    async with living(Gatehouse()) as house:
        for _ in range(2):
            house.station.do(Action.OPEN_DOOR)
            await house.settle()
        assert (house.bolt.opened, house.tones) == (2, ["door-opened"])


async def test_a_button_that_opens_nothing_says_why() -> None:
    async with living(Gatehouse()) as house:
        house.bolt.fault = DoorError("The guard is gone.")
        house.station.do(Action.OPEN_DOOR)
        await house.settle()
        assert house.asked == {"step": "failed", "why": "The guard is gone."}
        assert (house.light.overlays, house.tones) == (("door-refused",), ["door-refused"])


async def test_the_console_opens_under_the_name_of_who_asks() -> None:
    async with living(Gatehouse()) as house:
        await house.doorway.open("uid 1000", how=How.SOCKET)
        assert house.porter.told == ["uid 1000 by socket: may", "uid 1000 opened"]


async def test_the_console_is_told_why_not() -> None:
    async with living(Gatehouse()) as house:
        house.bolt.refusal = "It rests for a second."
        with pytest.raises(DoorError, match="It rests"):
            await house.doorway.open("uid 0", how=How.SOCKET)
        house.porter.is_tampered = True
        with pytest.raises(RefusedError, match="not allowed"):
            await house.doorway.open("uid 0", how=How.SOCKET)


async def test_a_lock_that_says_nothing_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "MOVES_WITHIN_S", 0.01)
    async with living(Gatehouse()) as house:
        monkeypatch.setattr(house.bolt, "open", lambda: None)
        with pytest.raises(DoorError, match="has not said"):
            await house.doorway.open("uid 0", how=How.SOCKET)


async def test_a_wish_that_the_disk_has_kept_waiting_opens_for_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "GOOD_FOR_S", 0.0)
    async with living(Gatehouse()) as house:
        house.station.do(Action.OPEN_DOOR)
        await house.settle()
        assert (house.bolt.opened, house.asked) == (0, {"step": "failed", "why": opening.SLOW})
        assert house.porter.told == ["a button by button: may", f"a button failed {opening.SLOW}"]


async def test_a_lock_that_is_seen_open_has_opened_though_its_word_is_late(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "MOVES_WITHIN_S", 0.01)
    async with living(Gatehouse()) as house:
        house.bolt.post = lambda _: None
        await house.doorway.open("uid 0", how=How.SOCKET)
        assert house.porter.told[-1] == "uid 0 opened"


async def test_a_guard_that_is_lost_while_it_opens_has_not_opened() -> None:
    async with living(Gatehouse()) as house:
        house.bolt.post = lambda _: house.inbox.put_nowait(GuardLost("Its guard ended."))
        with pytest.raises(DoorError, match="Its guard ended"):
            await house.doorway.open("uid 0", how=How.SOCKET)


async def test_so_many_may_wait_and_no_more() -> None:
    house = Gatehouse()
    told: list[str] = []
    line = opening.Opening(house.bolt, house.porter)
    for _ in range(opening.MOST_WAITING + 1):
        line.wish(Wish(lambda: house.porter.ask("kitchen", call=""), tell=lambda result: told.append(result.why)))
    assert told == [opening.BUSY.why]


async def test_a_forced_door_and_one_held_open_are_alarms_until_it_is_closed() -> None:
    async with living(Gatehouse()) as house:
        for event in (DoorMoved(is_closed=False), DoorForced(), DoorHeld()):
            house.inbox.put_nowait(event)
        await house.settle()
        assert house.doorway.status()["alarm"] == "forced open"
        assert (house.light.overlays, house.tones) == (("door-held",), ["door-held"])
        house.inbox.put_nowait(DoorMoved(is_closed=True))
        await house.settle()
        assert (house.light.overlays, house.doorway.status()["alarm"]) == ((), "")
        assert house.porter.told == ["forced", "held open", "closed"]


async def test_a_door_that_is_used_as_it_should_be_is_not_worth_a_line() -> None:
    async with living(Gatehouse()) as house:
        for event in (LockMoved(True), DoorMoved(False), DoorMoved(True), LockMoved(False), Tampered(False)):
            house.inbox.put_nowait(event)
        await house.settle()
        assert house.porter.told == []


async def test_a_case_that_was_opened_locks_the_door_and_is_seen() -> None:
    async with living(Gatehouse()) as house:
        house.inbox.put_nowait(Tampered(is_open=True))
        await house.settle()
        house.inbox.put_nowait(Tampered(is_open=False))
        house.station.do(Action.OPEN_DOOR)
        await house.settle()
        assert house.porter.told == ["tampered", "a button by button: may not"]
        assert "tampered" in house.light.overlays


async def test_while_the_case_stands_open_a_reset_opens_nothing() -> None:
    async with living(Gatehouse()) as house:
        house.bolt.is_case_open = True
        assert not house.porter.is_tampered
        house.station.do(Action.OPEN_DOOR)
        await house.settle()
        assert house.porter.told == ["a button by button: may", f"a button failed {opening.CASE_OPEN}"]
        assert (house.bolt.opened, house.asked) == (0, {"step": "refused", "why": opening.CASE_OPEN})
        assert "tampered" in house.light.overlays


async def test_a_contact_that_flaps_does_not_fill_the_log() -> None:
    async with living(Gatehouse()) as house:
        for _ in range(100):
            house.inbox.put_nowait(DoorForced())
            house.inbox.put_nowait(DoorMoved(is_closed=True))
        await house.settle()
        assert house.porter.told == ["forced", "closed"]
