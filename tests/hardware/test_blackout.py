"""The power goes while settings are written, again and again; before the house lives, which would have to start anew.

What was told as done is there afterwards, what was not is there or not, but whole; what nobody confirmed is undone.
So it is with the keys of an exchange.
"""

import json
import tomllib
from functools import partial
from typing import Any

import pytest

from tests.hardware.guest.commits import DONE, TEXT, WORKERS
from tests.hardware.house import House

pytestmark = pytest.mark.hardware

CUTS = 2
COMMITS = ["python", "/clone/guest/commits.py"]
FOLDER = "/clone/commits"
ACCOUNTS, EXCHANGE = "/clone/accounts", "/clone/exchange.toml"


def test_a_power_cut_amid_commits_leaves_the_old_or_the_new_settings_whole(dark_house: House) -> None:
    house = dark_house
    for cut in range(1, CUTS + 1):
        house.machine.do("start", name="commits", words=[*COMMITS, "work", FOLDER])
        house.until(partial(are_under_way, house, 2 * cut), "each has committed a few times")
        before = done(house)
        house.cut()
        found = json.loads(house.machine.do("run", words=[*COMMITS, "look", FOLDER]))
        for name, way in WORKERS.items():
            is_whole(found[name], number=before[name][0], is_exact=way == "undo")


def test_a_power_cut_takes_back_neither_a_key_nor_its_revocation_nor_the_exchanges_identity(dark_house: House) -> None:
    dark_house.machine.do("write", path=EXCHANGE, text="")
    words = ["intercom", "exchange", "--config", EXCHANGE, "--state", ACCOUNTS]
    dark_house.machine.do("start", name="exchange", words=words)
    dark_house.until(lambda: "ready https" in dark_house.log("exchange"), "the exchange runs, and has its file open")
    added = [stations(dark_house, "add", identity) for identity in ("lobby", "attic")]
    stations(dark_house, "revoke", "attic")
    dark_house.cut()
    listed = [line.split() for line in stations(dark_house, "list").splitlines() if line]
    assert [(identity, state) for identity, _, _, state in listed] == [("lobby", "good"), ("attic", "revoked")]
    added.append(stations(dark_house, "add", "cellar"))
    assert len({tomllib.loads(settings)["signaling"]["ca_pin"] for settings in added}) == 1


def stations(house: House, *words: str) -> str:
    return str(house.machine.do("run", words=["intercom", "station", *words, "--state", ACCOUNTS]))


def is_whole(found: dict[str, Any], *, number: int, is_exact: bool) -> None:
    """Whether a number that was told as done is there, or (unless exactly that one must be) a later one."""
    to = int(found["to"])
    assert to == number if is_exact else to >= number
    assert found["started"] == TEXT.format(to)
    assert found["found"] in (TEXT.format(to), TEXT.format(to + 1))
    assert found["newest"] == found["to"]
    assert found["revisions"] == list(range(found["revisions"][0], found["revisions"][-1] + 1))


def are_under_way(house: House, least: int) -> bool:
    return all(times >= least for _, times in done(house).values())


def done(house: House) -> dict[str, tuple[int, int]]:
    """What each worker has told of: the number that stays, and how often it has committed since power-on."""
    told = house.machine.do("run", words=["sh", "-c", f"grep -H . {DONE}/* 2>/dev/null || true"])
    found = dict.fromkeys(WORKERS, (-1, 0))
    for line in told.splitlines():
        name, _, numbers = line.rpartition("/")[2].partition(":")
        number, times = map(int, numbers.split())
        found[name] = (number, times)
    return found
