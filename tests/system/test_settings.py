"""Settings of a running station that are changed for a while, in a call, and over a crash."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from intercom.settings import archive
from tests.browser.chromium import Chromium
from tests.browser.softphone import SoftPhone
from tests.rig.ear import until
from tests.system.house import House
from tests.system.sight import WITHIN_S
from tests.system.test_calls import ready
from tests.system.test_console import Terminal


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    made = Terminal()
    yield made
    made.close()


def threads(house: House) -> set[str]:
    """Return the station's threads, such as those of its sound."""
    return {path.name for path in Path(f"/proc/{house.station.pid}/task").iterdir()}


async def test_a_crash_undoes_what_nobody_confirmed(house: House) -> None:
    text = house.file.read_text()
    await house.ask("set", "station.name", "Porch")
    await house.ask("commit", "confirm", "600", "a try")
    status = await house.tells(lambda status: bool(status["name"] == "Porch"))
    assert status["settings"]["confirm_within_s"] > 500
    await house.station.kill()
    async with house.station:
        status = await house.tells(lambda status: bool(status["name"] == "Hall"))
        assert status["settings"]["state"] == "returned"
        assert house.file.read_text() == text
        told = (await house.ask("history"))["revisions"]
        assert [(one["revision"], one["comment"]) for one in told][1:] == [
            (2, "a try"),
            (3, "Revision 2 was not confirmed: back to 1."),
        ]


async def test_a_loop_of_crashes_undoes_it_too_whenever_each_comes(house: House) -> None:
    text, marker = house.file.read_text(), house.folder / "station" / archive.MARKER
    await house.ask("set", "call.to", "nobody")
    await house.ask("commit", "confirm", "600")
    assert marker.exists()
    await house.station.kill()
    async with house.station:
        await house.station.kill()  # before it has done anything
    async with house.station:
        await until(lambda: not marker.exists(), what="the return", timeout_s=WITHIN_S)
        await house.station.kill()  # before it has told of it
    for _ in range(2):
        async with house.station:
            await house.tells(lambda status: bool(status["identity"]))
            await house.station.kill()
    assert house.file.read_text() == text


async def test_without_a_crash_it_is_undone_in_time_and_what_is_confirmed_stays(house: House) -> None:
    before = threads(house)
    await house.ask("set", "station.name", "Porch")
    await house.ask("commit", "confirm", "5")
    await house.tells(lambda status: bool(status["name"] == "Porch"))
    await house.tells(lambda status: bool(status["name"] == "Hall"))
    assert (await house.ask("status"))["settings"]["revision"] == 3
    assert len(before - threads(house)) <= 1  # the warden's; both of the sound go on over what is not about it
    await house.ask("rollback", "2")
    await house.ask("commit", "confirm", "600")
    await house.ask("confirm")
    await house.tells(lambda status: bool(status["name"] == "Porch"))
    await house.station.kill()
    async with house.station:
        status = await house.tells(lambda status: bool(status["name"] == "Porch"))
        assert (status["settings"]["state"], status["settings"]["revision"]) == ("ok", 4)


async def test_a_call_goes_on_over_a_commit_which_says_what_waits(
    house: House, terminal: Terminal, chromium: Chromium
) -> None:
    async with SoftPhone(chromium) as phone:
        await ready(phone, house)
        await house.ask("call", "anna")
        await phone.saw("device incoming")
        await house.ask("set", "console.port", terminal.port)
        await house.ask("set", "station.name", "Porch")
        notes = (await house.ask("commit"))["notes"][1:]
        assert notes == [
            "The serial line is opened anew with it now.",
            "The station starts anew with it when the call has ended.",
        ]
        await terminal.shows("> ")
        status = await house.ask("status")
        assert (status["name"], status["call"]["status"]) == ("Hall", "ringing")
        await house.ask("hangup")
        await phone.saw("device cancel")
        await house.tells(lambda status: bool(status["name"] == "Porch"))
