"""The machine's clock, told and set by a program that speaks as timedatectl does."""

import sys
from datetime import datetime
from pathlib import Path

import pytest

from intercom.errors import ConflictError, IntercomError, RefusedError
from intercom.system.clock import TIMEDATECTL, Clock

PROGRAM = """
import pathlib, sys
log, show, refusal = pathlib.Path({log!r}), {show!r}, {refusal!r}
words = sys.argv[1:]
if words == ["show"]:
    print(show)
elif refusal:
    sys.exit(refusal)
else:
    with log.open("a") as file:
        print(*words, file=file)
"""
UNSET = "Timezone=Europe/Berlin\nLocalRTC=no\nCanNTP=yes\nNTP={ntp}\nNTPSynchronized={synchronised}"


class Timedated:
    """Says whether it asks the network and has an answer; what is to be set is in `log`."""

    def __init__(self, folder: Path, *, ntp: str = "yes", synchronised: str = "no", refusal: str = "") -> None:
        self._log = folder / "log"
        self._log.touch()
        program = folder / "timedatectl.py"
        show = UNSET.format(ntp=ntp, synchronised=synchronised)
        program.write_text(PROGRAM.format(log=str(self._log), show=show, refusal=refusal))
        self.clock = Clock([sys.executable, "-I", str(program)])

    @property
    def log(self) -> list[str]:
        return self._log.read_text().splitlines()


async def test_zone_and_network_are_told(tmp_path: Path) -> None:
    told = await Timedated(tmp_path, synchronised="yes").clock.time()
    assert (told["zone"], told["ntp"], told["synchronised"]) == ("Europe/Berlin", True, True)
    assert abs(datetime.fromisoformat(told["now"]).timestamp() - datetime.now().timestamp()) < 5


async def test_without_timedated_the_time_is_told_but_not_whether_it_is_right() -> None:
    told = await Clock(["/nowhere/timedatectl"]).time()
    assert (told["ntp"], told["synchronised"]) == (None, None)
    assert told["now"]
    with pytest.raises(IntercomError, match="no timedatectl"):
        await Clock(["/nowhere/timedatectl"]).set_time(datetime(2026, 11, 23))


async def test_a_time_is_set_past_a_service_that_waits_for_a_network(tmp_path: Path) -> None:
    timedated = Timedated(tmp_path)
    await timedated.clock.set_time(datetime(2026, 11, 23, 7, 51, 12))
    assert timedated.log == ["set-ntp false", "set-time 2026-11-23 07:51:12", "set-ntp true"]


async def test_a_time_with_its_zone_is_set_as_it_is_here(tmp_path: Path) -> None:
    timedated = Timedated(tmp_path, ntp="no")
    at = datetime.fromisoformat("2026-11-23T07:51:12+09:00")
    await timedated.clock.set_time(at)
    assert timedated.log == [f"set-time {at.astimezone():%Y-%m-%d %H:%M:%S}"]


async def test_a_clock_that_the_network_keeps_right_is_left_alone(tmp_path: Path) -> None:
    timedated = Timedated(tmp_path, synchronised="yes")
    with pytest.raises(ConflictError, match="keeps the clock right"):
        await timedated.clock.set_time(datetime(2026, 11, 23))
    assert timedated.log == []


@pytest.mark.parametrize(
    ("refusal", "kind", "says"),
    [
        ("Failed to set time: Access denied", RefusedError, "no right to set the clock"),
        ("Failed to set time: Interactive authentication required.", RefusedError, "no right to set the clock"),
        (
            "Failed to set time:\n clock on fire",
            IntercomError,
            "timedatectl failed: Failed to set time: clock on fire.",
        ),
    ],
)
async def test_a_refusal_is_told_in_words(tmp_path: Path, refusal: str, kind: type[IntercomError], says: str) -> None:
    with pytest.raises(kind, match=says):
        await Timedated(tmp_path, refusal=refusal).clock.set_time(datetime(2026, 11, 23))


def test_nobody_is_ever_asked_for_a_password() -> None:
    assert "--no-ask-password" in TIMEDATECTL
