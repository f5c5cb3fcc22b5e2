"""Whole settings files over a line that breaks off: what is over already is not sent again."""

import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from intercom import Remote
from intercom.errors import NoAnswerError
from tests.remote.fixtures import PATIENCE_S, Served, served
from tests.remote.screen import Screen
from tests.system.programs import INTERCOM

COMMENT = "".join(f"# {number}: what the electrician said about this door\n" for number in range(400))
SETTINGS = f"{COMMENT}[station]\nname = 'hall'\nidentity = 'hall'\n[audio]\nvolume = 60\n"


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path) as made:
        yield made


class Counter:
    """Counts what goes to the station; `at` so many bytes it lets nothing pass for as long as it is `held`."""

    def __init__(self, at: int) -> None:
        self.at, self.count = at, 0
        self.is_there, self.may_go = threading.Event(), threading.Event()

    def __call__(self, data: bytes, is_from_station: bool) -> bytes:
        if not is_from_station:
            self.count += len(data)
            if self.count >= self.at:
                self.is_there.set()
                assert self.may_go.wait(PATIENCE_S)
        return data


def test_a_push_that_was_killed_goes_on_where_it_was(station: Served, tmp_path: Path) -> None:
    file = tmp_path / "hall.toml"
    file.write_text(SETTINGS)
    first = Counter(at=len(SETTINGS) * 3 // 4)
    station.wires.carries = first
    with subprocess.Popen([INTERCOM, "console", "--port", station.port, "push", file]) as pushing:
        assert first.is_there.wait(PATIENCE_S)
        pushing.kill()
    first.may_go.set()
    second = Counter(at=10**9)
    station.wires.carries = second
    with Remote(station.port) as remote:
        shown: list[tuple[int, int]] = []
        assert [str(change) for change in remote.push(SETTINGS, lambda *now: shown.append(now))] == [
            "audio.volume = 60  # was 100"
        ]
    assert second.count < len(SETTINGS)
    assert shown[0][0] > len(SETTINGS) / 2 - 600
    assert shown[-1][0] == shown[-1][1]


def test_a_bar_tells_how_far_a_push_is(station: Served, tmp_path: Path) -> None:
    file = tmp_path / "hall.toml"
    file.write_text(SETTINGS)
    with Screen([INTERCOM, "console", "--port", station.port, "push", str(file)]) as person:
        person.has(f"[{'#' * 30}] 100%")
        person.has("audio.volume = 60  # was 100")
        assert person.ends() == 0


def test_a_push_outlasts_a_cable_that_is_pulled(station: Served) -> None:
    counter = Counter(at=len(SETTINGS) // 2)
    station.wires.carries = counter

    def pull_the_cable() -> None:
        assert counter.is_there.wait(PATIENCE_S)
        counter.may_go.set()
        station.wires.unplug()
        station.wires.plug_in()

    puller = threading.Thread(target=pull_the_cable)
    puller.start()
    with Remote(station.port) as remote:
        assert len(remote.push(SETTINGS)) == 1
    puller.join()


def test_without_a_cable_a_push_ends_by_an_error(station: Served) -> None:
    with Remote(station.port) as remote:
        station.wires.unplug()
        with pytest.raises(NoAnswerError, match="hung up"):
            remote.push(SETTINGS)
