"""What a call leaves behind: nothing."""

import asyncio

import pytest

from intercom.errors import MediaError
from intercom.rtc.peer import Peer
from intercom.rtc.preferences import Preferences
from tests.rtc.call import End, connect, ends, leave_nothing, remains
from tests.rtc.room import Room


class Nothing:
    """A voice that is never heard and never speaks; notes what is done to it."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def connect(self, sink: object, source: object, constraints: object = None) -> None:
        self.notes.append("taken")

    async def opened(self) -> None: ...

    def delays_ms(self) -> tuple[float, float]:
        return 0.0, 0.0

    @property
    def playback_pcm(self) -> str:
        return "null"

    def play_on(self, pcm: str) -> None: ...

    def disconnect(self) -> None:
        self.notes.append("left")

    def mute(self, flag: bool) -> None:
        self.notes.append("muted")


def peer(voice: Nothing) -> Peer:
    return Peer(preferences=Preferences(["opus"]), voice=voice, on_state=lambda _: None, loopback=True)


async def test_twenty_calls_leave_no_socket_thread_or_task() -> None:
    async def call() -> None:
        caller, callee = End(Room(700)), End(Room(1100))
        async with ends(caller, callee) as (a, b):
            await connect(a, b)
            await callee.room.until_heard(700)
        assert caller.room.takes == caller.room.leaves == 1

    await call()
    before = remains()
    for _ in range(20):
        await call()
    await leave_nothing(before)


@pytest.mark.parametrize("is_cancelled", [True, False])
@pytest.mark.parametrize("moment_ms", range(0, 120, 6))
async def test_a_call_may_end_at_any_moment_of_its_beginning(moment_ms: int, is_cancelled: bool) -> None:
    unhandled: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: unhandled.append(context))
    before = remains()
    a, b = peer(Nothing()), peer(Nothing())
    begin = asyncio.create_task(connect(a, b))
    await asyncio.wait([begin], timeout=moment_ms / 1000)
    if is_cancelled:
        begin.cancel()
    await asyncio.gather(a.close(), b.close())
    (outcome,) = await asyncio.gather(begin, return_exceptions=True)
    assert outcome is None or isinstance(outcome, asyncio.CancelledError | MediaError)
    await leave_nothing(before)
    assert unhandled == []


async def test_closing_twice_or_what_was_never_opened_does_nothing() -> None:
    voice = Nothing()
    one = peer(voice)
    await asyncio.gather(one.close(), one.close())
    await one.close()
    assert voice.notes == []
    with pytest.raises(MediaError):
        await one.offer()


async def test_a_call_that_does_not_have_the_microphone_leaves_it_alone() -> None:
    voice = Nothing()
    talking, ringing = peer(voice), peer(voice)
    await talking.open()
    ringing.mute(True)
    await ringing.close()
    assert voice.notes == ["taken"]
    await talking.close()
    assert voice.notes == ["taken", "left"]


async def test_the_microphone_is_left_before_the_next_call_can_take_it() -> None:
    voice = Nothing()
    first, second = peer(voice), peer(voice)
    await first.open()
    await asyncio.gather(first.close(), second.open())
    assert voice.notes == ["taken", "left", "taken"]
    await second.close()
