"""The Tab key at a terminal."""

import pytest

from intercom.console.desk import Desk
from intercom.console.session import HumanSession
from tests.console.station import SmallStation

KEYS = [
    # typed                       shown
    (b"hangu\t", b"hangup "),
    (b"set consol\tba\t", b"set console.baud "),
    (b"mute \tn\r", b"mute on\r\nMute on.\r\nhall> "),
    (b"door code \t", b"door code \r\nadd  remove  list\r\nhall> door code "),
    (b"quux \t", b"quux "),
    (b"\xff\t", b"\xff"),
]


@pytest.mark.parametrize(("typed", "shown"), KEYS)
async def test_tab_types_what_is_sure_and_shows_what_may_follow(typed: bytes, shown: bytes) -> None:
    assert await screen(typed) == shown


async def test_a_long_list_stays_within_the_screen() -> None:
    lines = (await screen(b"\t")).decode().split("\r\n")
    assert max(map(len, lines)) <= 79
    assert "hangup" in lines[1].split() or "hangup" in lines[2].split()


async def test_in_what_is_pasted_it_is_a_space() -> None:
    assert (await screen(b"import\rset\tx")).endswith(b"| set x")


async def test_what_it_showed_may_be_typed() -> None:
    assert (await screen(b"\t\x15commit \x7f\t\x15diff\r")).endswith(b"Nothing is changed.\r\nhall> ")


async def screen(typed: bytes) -> bytes:
    """What a terminal shows."""
    shown: list[bytes] = []

    async def write(data: bytes) -> None:
        shown.append(data)

    await HumanSession(Desk(SmallStation(), "test")).feed(typed, write)
    return b"".join(shown)
