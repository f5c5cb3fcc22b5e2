"""The conversation of `intercom console --port` at a real terminal, by its screen."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from intercom.settings import armour
from tests.console.gates import PASSWORDS
from tests.remote.fixtures import Served, guarded, served
from tests.remote.screen import Screen
from tests.system.programs import INTERCOM

GREETING = "This is hall. Type `help` for what can be said, ^D to leave."


@contextmanager
def talking(station: Served, home: Path) -> Iterator[Screen]:
    """Somebody who has begun to talk."""
    environment = {"XDG_STATE_HOME": str(home)}
    with Screen([INTERCOM, "console", "--port", station.port], environment=environment) as person:
        person.shows(GREETING, "hall>")
        yield person


def history(home: Path) -> Path:
    return home / "intercom/console-history"


def test_lines_are_edited_completed_run_and_remembered(tmp_path: Path) -> None:
    with served(tmp_path) as station:
        with talking(station, tmp_path) as person:
            person.type("set audio.vol\t")
            person.shows("hall> set audio.volume")
            person.type("60\r")
            person.shows("hall> set audio.volume 60", "audio.volume = 60  # was 100", "hall>")
            person.type("hangup\r")
            person.shows("hall> hangup", "! There is no call. `intercom status` shows the state it is in.", "hall>")
            assert person.colour("! There is no call.") == "red"
            assert person.colour("hall> hangup") == "green"
            person.type("stat\x01\x0b\x1b[A\x1b[A\r")  # ^A ^K, then two lines up
            person.shows("hall> set audio.volume 60", "audio.volume = 60  # was 100", "hall>")
            person.type("set station.name Porch\r")
            person.shows('station.name = "Porch"  # was "hall"', "hall>")
            person.type("commit\r")
            person.shows("2 settings written.", "The station starts anew with it now.", "Porch>")
            person.type("\x04")
            assert person.ends() == 0
        assert history(tmp_path).read_text().splitlines() == [
            "set audio.volume 60",
            "hangup",
            "set audio.volume 60",
            "set station.name Porch",
            "commit",
        ]
        assert history(tmp_path).stat().st_mode & 0o777 == 0o600


def test_no_secret_is_shown_or_remembered(tmp_path: Path) -> None:
    with served(tmp_path, make=partial(guarded, tmp_path)) as station, talking(station, tmp_path) as person:
        person.type("logi\t")
        person.shows("hall> login")
        person.type("\r")
        person.shows("Password:")
        person.type(f"{PASSWORDS['admin']}\r")
        person.shows("You are logged in as admin.", "hall>")
        person.type("set signaling.api_secret hunter2\r")
        person.shows('signaling.api_secret = "<set>"  # was ""', "hall>")
        person.type("set exchange.metrics_token\r")
        person.shows("exchange.metrics_token:")
        person.type("a-token-of-many-letters\r")
        person.shows('exchange.metrics_token = "<set>"  # was ""', "hall>")
        person.type("hunter2\r")
        person.shows("! There is no such command. Type `help` for the commands and their words.", "hall>")
        person.type("exit\r")
        assert person.ends() == 0
        assert "a-token-of-many" not in "\n".join(person.lines)
        assert PASSWORDS["admin"] not in "\n".join(person.lines)
    assert history(tmp_path).read_text().splitlines() == [
        "set signaling.api_secret",
        "set exchange.metrics_token",
    ]


def test_an_export_is_pasted_at_once(tmp_path: Path) -> None:
    block = armour.armoured('[station]\nname = "porch"\nidentity = "hall"\n')
    with served(tmp_path) as station, talking(station, tmp_path) as person:
        person.type(f"\x1b[200~import\n{block}\n\x1b[201~\r")
        person.shows('station.name = "porch"  # was "hall"', "`commit` applies.", "hall>")


def test_a_cable_that_is_pulled_is_waited_for(tmp_path: Path) -> None:
    with served(tmp_path) as station, talking(station, tmp_path) as person:
        station.wires.unplug()
        person.type("status\r")
        person.has("Waiting for the station; ^C ends it.")
        station.wires.plug_in()
        person.has("Here is hall again; `diff` shows what is left of your edits.")
        person.has("station         hall, ready")
        person.type("diff\r")
        person.shows("hall> diff", "Nothing is changed.", "hall>")
