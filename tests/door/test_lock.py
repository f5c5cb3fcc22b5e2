"""The lock with its real guard beside it: opened, lost, found again, whatever happens to either of them."""

import asyncio
import logging
import os
import signal
import subprocess
import threading
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from intercom.door import lock as locking
from intercom.door import relay
from intercom.door.events import DoorEvent, GuardLost, LockMoved, LockRefused
from intercom.door.guard_process import GuardProcess
from intercom.door.lock import Lock
from intercom.door.relay import Relay
from intercom.errors import DoorError
from intercom.settings import schema
from tests.door.guards import WITHIN_S, python

DOOR = schema.Door(pin=26, pulse_s=0.3, longest_s=0.5)
OPENED, LOCKED = LockMoved(is_open=True), LockMoved(is_open=False)


class Door:
    """A lock with a simulated line, and what it posts."""

    def __init__(self, state: Path, settings: schema.Door = DOOR, *, is_simulated: bool = True) -> None:
        self._events: asyncio.Queue[DoorEvent] = asyncio.Queue()
        self.lock = Lock(settings, state=state, is_simulated=is_simulated, post=self._events.put_nowait)

    async def posts(self) -> DoorEvent:
        async with asyncio.timeout(WITHIN_S):
            return await self._events.get()

    def is_quiet(self) -> bool:
        return self._events.empty()

    @property
    def pid(self) -> int:
        """Its guard's process."""
        assert self.lock._guard
        return self.lock._guard.pid


async def test_it_comes_up_locked_and_opens_for_the_pulse(tmp_path: Path) -> None:
    door = Door(tmp_path)
    async with door.lock as lock:
        assert (lock.has_lock, lock.status()["lock"]) == (True, "failed")
        assert await door.posts() == LOCKED
        assert (lock.is_open, lock.status()["lock"], lock.status()["level"]) == (False, "locked", "low")
        lock.open()
        assert await door.posts() == OPENED
        assert (lock.is_open, lock.status()["lock"], lock.status()["level"]) == (True, "open", "high")
        assert await door.posts() == LOCKED
        assert (lock.is_open, lock.status()["lock"], lock.status()["why"]) == (False, "locked", "")
        assert door.is_quiet()


async def test_one_that_is_opened_again_and_again_rests_at_last(tmp_path: Path) -> None:
    door = Door(tmp_path)
    async with door.lock as lock:
        assert await door.posts() == LOCKED
        lock.open()
        while (event := await door.posts()) == OPENED:
            lock.open()
        assert event == LOCKED
        while (event := await door.posts()) == OPENED:
            pass
        assert event == LockRefused("It has been open for its longest time and rests for a second.")


async def test_a_loop_that_is_blocked_leaves_it_locked(tmp_path: Path) -> None:
    door = Door(tmp_path, schema.Door(pin=26, pulse_s=30, longest_s=30))
    async with door.lock as lock:
        assert await door.posts() == LOCKED
        lock.open()
        assert await door.posts() == OPENED
        threading.Event().wait(0.8)
        assert await door.posts() == LOCKED
        lock.open()
        assert await door.posts() == OPENED


async def test_a_guard_is_not_blamed_for_a_loop_that_was_blocked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locking, "ANSWERS_WITHIN_S", 1.0)
    monkeypatch.setattr(locking, "ANSWERS_OPEN_WITHIN_S", 1.0)
    door = Door(tmp_path)
    async with door.lock as lock:
        assert await door.posts() == LOCKED
        guard = door.pid
        threading.Event().wait(2.2)
        lock.open()
        assert await door.posts() == OPENED
        assert await door.posts() == LOCKED
        assert door.pid == guard


async def test_a_guard_that_is_killed_is_followed_by_another(tmp_path: Path) -> None:
    door = Door(tmp_path, schema.Door(pin=26, pulse_s=30, longest_s=30))
    async with door.lock as lock:
        assert await door.posts() == LOCKED
        lock.open()
        assert await door.posts() == OPENED
        os.kill(door.pid, signal.SIGKILL)
        assert await door.posts() == GuardLost("Its guard ended (-9).")
        assert lock.is_open  # for all we know: a Pi goes on driving the line
        with pytest.raises(DoorError, match=r"The lock can't be opened: Its guard ended \(-9\)"):
            lock.open()
        assert await door.posts() == LOCKED
        assert not lock.is_open
        lock.open()
        assert await door.posts() == OPENED


@pytest.mark.parametrize("is_open", [False, True])
async def test_a_guard_that_answers_no_more_is_followed_by_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_open: bool
) -> None:
    monkeypatch.setattr(locking, "ANSWERS_OPEN_WITHIN_S" if is_open else "ANSWERS_WITHIN_S", 1.0)
    door = Door(tmp_path, schema.Door(pin=26, pulse_s=30, longest_s=30))
    async with door.lock as lock:
        assert await door.posts() == LOCKED
        if is_open:
            lock.open()
            assert await door.posts() == OPENED
        os.kill(door.pid, signal.SIGSTOP)
        assert await door.posts() == GuardLost("Its guard ended (-9).")
        assert await door.posts() == LOCKED


async def test_a_locked_one_waits_for_a_guard_that_is_slow_until_it_is_to_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locking, "ANSWERS_OPEN_WITHIN_S", 0.5)
    door = Door(tmp_path)
    async with door.lock as lock:
        assert await door.posts() == LOCKED
        guard = door.pid
        os.kill(guard, signal.SIGSTOP)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(2.5):  # ticks go unanswered
                await door._events.get()
        assert door.pid == guard
        lock.open()
        assert await door.posts() == GuardLost("Its guard ended (-9).")
        assert await door.posts() == LOCKED


@pytest.fixture
def logged() -> Iterator[Callable[[str], Awaitable[None]]]:
    """Returns when that has been said in the lock's log."""
    said, more = [], asyncio.Event()

    def hear(record: logging.LogRecord) -> bool:
        said.append(record.getMessage())
        more.set()
        return True

    async def is_logged(words: str) -> None:
        async with asyncio.timeout(WITHIN_S):
            while not any(words in each for each in said):
                more.clear()
                await more.wait()

    logger = logging.getLogger("intercom.door.lock")
    logger.addFilter(hear)
    yield is_logged
    logger.removeFilter(hear)


async def test_a_line_that_can_not_be_had_is_told_once_and_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, logged: Callable[[str], Awaitable[None]]
) -> None:
    monkeypatch.setenv("INTERCOM_GPIOCHIP", "/nonexistent")
    door = Door(tmp_path, is_simulated=False)
    async with door.lock as lock:
        match await door.posts():
            case GuardLost(why):
                assert why.startswith("/nonexistent can't be opened as a GPIO chip")
            case event:
                raise AssertionError(event)
        assert (lock.status()["lock"], lock.status()["why"]) == ("failed", why)
        with pytest.raises(DoorError, match="The lock can't be opened: /nonexistent"):
            lock.open()
        monkeypatch.setenv("INTERCOM_GPIOCHIP", "/elsewhere")
        event = await door.posts()
        assert isinstance(event, GuardLost)
        assert event.why.startswith("/elsewhere can't be opened")
        await logged("The lock may be open: /elsewhere can't be opened")
    assert relay.Relay.read((tmp_path / relay.NAME).read_text()).line == 26


async def test_a_state_folder_that_can_not_be_written_is_told_and_the_lock_works(
    tmp_path: Path, logged: Callable[[str], Awaitable[None]]
) -> None:
    (tmp_path / relay.NAME).mkdir()
    door = Door(tmp_path)
    async with door.lock:
        await logged("after a crash nobody would know the relay's line")
        assert await door.posts() == LOCKED


async def test_without_a_pin_there_is_no_lock_and_nothing_is_driven_after_a_crash(tmp_path: Path) -> None:
    (tmp_path / relay.NAME).write_text("of a relay that was there before")
    async with Door(tmp_path, schema.Door()).lock as lock:
        assert (lock.has_lock, lock.status()["lock"], lock.status()["pin"]) == (False, "none", None)
        with pytest.raises(DoorError, match=r"This station has no lock\. Name the pin"):
            lock.open()
        assert not (tmp_path / relay.NAME).exists()


# A station that opens its lock and then does nothing but keep its loop going round.
STATION = """
import asyncio, sys
from pathlib import Path
from intercom.door.events import LockMoved
from intercom.door.guard_process import GuardProcess
from intercom.door.lock import Lock
from intercom.door.relay import Relay
from intercom.settings import schema

async def live():
    events = asyncio.Queue()
    door = schema.Door(pin=26, pulse_s=30, longest_s=60)
    async with Lock(door, state=Path(sys.argv[1]), is_simulated=True, post=events.put_nowait) as lock:
        assert await events.get() == LockMoved(is_open=False)
        lock.open()
        assert await events.get() == LockMoved(is_open=True)
        print(lock._guard.pid, flush=True)
        await asyncio.Event().wait()

asyncio.run(live())
"""


def log_after(state: Path, end: Callable[[subprocess.Popen[str], int], None]) -> str:
    """Have a station open its lock, `end` it; return the log, which is whole when its guard has ended too."""
    with subprocess.Popen(
        [*python(STATION), state], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as station:
        assert station.stdout
        guard = int(station.stdout.readline())
        end(station, guard)
        return station.communicate(timeout=WITHIN_S)[1]


def test_a_station_that_is_killed_leaves_it_locked(tmp_path: Path) -> None:
    log = log_after(tmp_path, lambda station, _: station.kill())
    assert log == "The lock is safe, its line low. The station is gone.\n"


def test_ctrl_c_in_its_terminal_reaches_the_station_alone_and_leaves_it_locked(tmp_path: Path) -> None:
    def interrupt(station: subprocess.Popen[str], guard: int) -> None:
        assert os.getsid(guard) == os.getpgid(guard) == guard
        os.killpg(station.pid, signal.SIGINT)

    assert "The lock is safe, its line low. The station is gone.\n" in log_after(tmp_path, interrupt)


async def test_what_a_guard_says_last_is_heard_though_it_has_not_read_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERCOM_GPIOCHIP", "/nonexistent")
    heard = list[str]()
    async with GuardProcess(Relay(26, is_safe_high=False, pulse_s=1, longest_s=1), heard.append) as guard:
        guard.say("tick 0")  # it ends before it would read this
        guard._process.wait(WITHIN_S)  # and before the loop goes round
        assert await guard.ended() == 1
    assert [words.partition(" ")[0] for words in heard] == ["failed"]
