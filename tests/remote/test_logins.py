"""Logging in from the far side, first passwords and changed ones, at a real terminal."""

from collections.abc import Callable
from pathlib import Path

import pytest

from intercom import Remote
from intercom.console.gate import Gate
from intercom.errors import RefusedError
from tests.console.gates import PASSWORDS, locked
from tests.console.station import SmallStation
from tests.remote.fixtures import guarded, served
from tests.remote.screen import Screen
from tests.system.programs import INTERCOM

NEW = "three green bicycles"
CHOOSE = [("New password:", NEW), ("Again:", NEW)]


def with_gate(gate: Gate) -> Callable[[], SmallStation]:
    def make() -> SmallStation:
        station = SmallStation()
        station.gate = gate
        return station

    return make


def answer(person: Screen, questions: list[tuple[str, str]]) -> None:
    for question, told in questions:
        person.shows(question)
        person.type(f"{told}\r")


@pytest.mark.parametrize(
    ("make", "words", "questions", "told"),
    [
        (Gate, ["login"], CHOOSE, "You are logged in as admin."),
        (
            lambda state: locked(state, is_first=True),
            ["login"],
            [("Password:", PASSWORDS["admin"]), *CHOOSE],
            "You are logged in as admin.",
        ),
        (
            locked,
            ["--user", "admin", "password"],
            [("Password of admin:", PASSWORDS["admin"]), ("Your password:", PASSWORDS["admin"]), *CHOOSE],
            "The password is changed.",
        ),
    ],
    ids=["none yet", "the installation's", "one's own"],
)
def test_a_password_is_chosen_unseen_and_good_from_then_on(
    tmp_path: Path, make: Callable[[Path], Gate], words: list[str], questions: list[tuple[str, str]], told: str
) -> None:
    with served(tmp_path, make=with_gate(make(tmp_path))) as station:
        with Screen([INTERCOM, "console", "--port", station.port, *words]) as person:
            answer(person, questions)
            person.has(told)
            assert person.ends() == 0
            assert NEW not in "\n".join(person.lines)
        with Remote(station.port, password=NEW) as remote:
            assert remote.history()


def test_who_left_a_terminal_logged_in_left_no_right_to_another_password(tmp_path: Path) -> None:
    with served(tmp_path, make=lambda: guarded(tmp_path)) as station:
        with Screen([INTERCOM, "console", "--port", station.port, "--user", "admin", "password"]) as person:
            answer(person, [("Password of admin:", PASSWORDS["admin"]), ("Your password:", "hunter2")])
            person.has("Name or password is wrong.")
            assert person.ends() == 3
        with pytest.raises(RefusedError), Remote(station.port, password=NEW):
            pass
