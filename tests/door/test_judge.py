"""Who may open the door, in which order that is judged, and what a restart, a kill or a full disk changes in it."""

import json
from pathlib import Path

import pytest

from intercom.door import judge as judging
from intercom.door.entry import SHORTEST
from intercom.door.judge import Judge
from intercom.door.lockout import DAY_S, MOST_A_DAY
from intercom.door.verdict import How, Verdict, What
from intercom.errors import ConflictError, DoorError, UsageError
from intercom.settings.schema import Door
from tests.door.wardens import CODE, OTHER, SETTINGS, WRONG, World, full_disk, given, records


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def judge(world: World, tmp_path: Path) -> Judge:
    judge = world.judge(tmp_path)
    judge.add_code(given("postman", CODE), who="uid 0")
    judge.add_code(given("anna", OTHER), who="uid 0")
    return judge


def attempt(judge: Judge, digits: str, identity: str = "web") -> Verdict:
    return judge.attempt(digits, identity=identity, call="CA1")


def test_a_right_code_opens_and_a_wrong_one_does_not(judge: Judge, tmp_path: Path) -> None:
    assert attempt(judge, CODE) == Verdict(True, "", "web", How.CODE, "CA1", "postman")
    assert attempt(judge, WRONG) == Verdict(False, judging.WRONG, "web", How.CODE, "CA1")
    assert records(tmp_path)[2:] == [
        {"what": "asked", "who": "web", "how": "code", "allowed": True, "why": "postman", "call": "CA1"},
        {"what": "asked", "who": "web", "how": "code", "allowed": False, "why": "no such code", "call": "CA1"},
    ]


@pytest.mark.parametrize("digits", [CODE, OTHER, WRONG, CODE[:-1] + "0", "640318", CODE[::-1]])
def test_each_guess_makes_the_same_number_of_comparisons(judge: Judge, world: World, digits: str) -> None:
    attempt(judge, digits)
    assert len(world.compared) == 2


def test_an_attempt_is_on_the_disk_before_it_is_compared(world: World, tmp_path: Path) -> None:
    seen: list[bool] = []

    def compare(one: bytes, other: bytes) -> bool:
        seen.append("web" in json.loads((tmp_path / "door/lockouts.json").read_text())["wrong"])
        return one == other

    judge = Judge(SETTINGS, tmp_path / "door", judging.Senses(compare=compare))
    judge.add_code(given("postman", CODE), who="uid 0")
    assert attempt(judge, CODE).is_allowed
    assert seen == [True]
    assert json.loads((tmp_path / "door/lockouts.json").read_text())["wrong"] == {}


def test_a_right_code_that_is_sent_while_locked_opens_nothing_and_is_not_compared(judge: Judge, world: World) -> None:
    judge.add_code(given("once", "640318", once=True), who="uid 0")
    for wait_s in (1, 2, 4, 8):
        attempt(judge, WRONG)
        world.compared.clear()
        world.pass_s(wait_s - 0.001)
        assert attempt(judge, "640318").why.startswith("Too many codes were wrong; none is tried before 12:00:")
        assert world.compared == []
        world.pass_s(0.002)
    assert attempt(judge, "640318").is_allowed


def test_a_right_code_between_wrong_ones_makes_no_wait_shorter(judge: Judge, world: World) -> None:
    for wait_s in (1, 2, 4, 8, 16):
        attempt(judge, WRONG)
        (lock,) = judge.shelf.lockouts.locks(judge.shelf.age_s)
        assert lock.until_s - judge.shelf.age_s == pytest.approx(wait_s)
        world.pass_s(wait_s)
        assert attempt(judge, CODE).is_allowed


def test_a_one_time_code_opens_once_and_is_forgotten_before_it_does(judge: Judge, world: World, tmp_path: Path) -> None:
    judge.add_code(given("once", "640318", once=True), who="uid 0")
    assert attempt(judge, "640318").is_allowed
    assert "once" not in {code["name"] for code in json.loads((tmp_path / "door/codes.json").read_text())["codes"]}
    assert not attempt(world.judge(tmp_path), "640318").is_allowed


def test_a_code_out_of_its_hours_is_a_wrong_one_to_who_sends_it_and_named_in_the_log(
    judge: Judge, world: World, tmp_path: Path
) -> None:
    judge.add_code(given("cleaner", "640318", days="tue"), who="uid 0")
    assert attempt(judge, "640318").why == judging.WRONG
    assert records(tmp_path)[-1]["why"] == "cleaner: it is not for this hour"
    world.pass_s(DAY_S)
    assert attempt(judge, "640318").is_allowed


@pytest.mark.parametrize("digits", ["7", CODE[: SHORTEST - 1], "7394826173948"])
def test_what_can_be_no_code_is_no_guess(judge: Judge, world: World, digits: str) -> None:
    assert attempt(judge, digits).why == "A code has 6 to 12 digits."
    assert world.compared == []
    assert attempt(judge, CODE).is_allowed


def test_the_button_of_who_is_allowed_opens_and_no_others(judge: Judge, tmp_path: Path) -> None:
    assert judge.ask("kitchen", call="CA1").is_allowed
    assert judge.ask("kitchen2", call="CA2").why == "You may not open this door."
    assert [(one["who"], one["how"], one["allowed"]) for one in records(tmp_path)[2:]] == [
        ("kitchen", "station", True),
        ("kitchen2", "station", False),
    ]


def test_the_limit_over_all_blocks_strangers_and_never_who_is_allowed(judge: Judge, world: World) -> None:
    for n in range(MOST_A_DAY):
        attempt(judge, WRONG, f"web{n}")
    assert attempt(judge, CODE, "stranger").why.startswith("Too many codes were wrong")
    assert attempt(judge, CODE, "kitchen").is_allowed
    assert judge.ask("kitchen", call="CA1").is_allowed
    world.pass_s(DAY_S)
    assert attempt(judge, CODE, "stranger").is_allowed


def test_after_somebody_was_at_the_case_nothing_opens_until_it_is_reset(
    judge: Judge, world: World, tmp_path: Path
) -> None:
    judge.note(What.TAMPERED, who="", why="The case is open.")
    for life in (judge, world.judge(tmp_path)):
        assert life.is_tampered
        assert not attempt(life, CODE).is_allowed
        assert not life.ask("kitchen", call="CA1").is_allowed
        assert not life.grant("a button", how=How.BUTTON).is_allowed
    assert world.compared == []
    assert judge.reset("uid 0") is True
    assert judge.reset("uid 0") is False
    assert not world.judge(tmp_path).is_tampered
    assert attempt(judge, CODE).is_allowed
    assert [one["what"] for one in records(tmp_path)].count("reset") == 1


def test_that_somebody_was_at_the_case_is_known_as_soon_as_a_folder_that_was_away_is_back(
    judge: Judge, world: World, tmp_path: Path
) -> None:
    judge.note(What.TAMPERED, who="", why="")
    (tmp_path / "door").rename(tmp_path / "away")
    (tmp_path / "door").write_text("no folder")
    life = world.judge(tmp_path)
    assert life.ask("kitchen", call="CA1").is_allowed
    (tmp_path / "door").unlink()
    (tmp_path / "away").rename(tmp_path / "door")
    assert not life.ask("kitchen", call="CA1").is_allowed
    assert not life.grant("a button", how=How.BUTTON).is_allowed
    assert not attempt(life, CODE).is_allowed


def test_the_outcome_stands_in_the_log_and_the_name_a_network_gives_can_not_steer_a_terminal(
    judge: Judge, tmp_path: Path
) -> None:
    verdict = judge.grant("\x1b[2Jnobody\n", how=How.CONSOLE)
    judge.outcome(verdict, is_open=False, why="The lock is stuck.")
    assert records(tmp_path)[-1] == {
        "what": "not opened",
        "who": "?[2Jnobody?",
        "how": "console",
        "why": "The lock is stuck.",
    }


def test_who_shakes_a_contact_can_not_push_older_records_out(judge: Judge, tmp_path: Path) -> None:
    for _ in range(1500):
        judge.note(What.FORCED, who="", why="")
    forced = [one for one in records(tmp_path) if one["what"] == "forced"]
    assert len(forced) < 110
    assert sum(one.get("times", 1) for one in forced) == 1024
    judge.note(What.TAMPERED, who="", why="")
    assert records(tmp_path)[-1] == {"what": "tampered"}


def test_who_asks_very_often_can_not_push_older_records_out(judge: Judge, tmp_path: Path) -> None:
    for _ in range(1500):
        judge.ask("stranger", call="CA1")
    told = [one.get("times", 1) for one in records(tmp_path) if one.get("who") == "stranger"]
    assert len(told) == 104
    assert sum(told) == 1024


def test_without_room_nothing_opens_by_code_but_who_is_allowed_still_opens(
    judge: Judge, world: World, tmp_path: Path
) -> None:
    judge.add_code(given("once", "640318", once=True), who="uid 0")
    with full_disk():
        refused = attempt(judge, "640318")
        assert refused.why == "Nothing opens by code: The door's files can't be written: File too large."
        assert (refused.is_allowed, world.compared) == (False, [])
        assert judge.ask("kitchen", call="CA1").is_allowed
        assert judge.grant("a button", how=How.BUTTON).is_allowed
        assert judge.logbook.why == "The door's log can't be written: File too large."
        with pytest.raises(DoorError, match="can't be written"):
            judge.add_code(given("otto", "9081726"), who="uid 0")
    assert attempt(judge, "640318").is_allowed
    assert (judge.why, judge.logbook.why) == ("", "")
    assert world.judge(tmp_path).logbook.read().why == ""


def test_where_only_the_log_has_no_room_no_code_opens(judge: Judge, tmp_path: Path) -> None:
    (log,) = (tmp_path / "door").glob("audit.*.jsonl")
    for n in range(10):
        judge.note(What.CLOSED, who="", why=f"{n}" * 200)
    with full_disk(bytes_left=log.stat().st_size):
        assert attempt(judge, CODE).why == "Nothing opens by code: The door's log can't be written: File too large."
    assert attempt(judge, CODE).is_allowed


def test_a_state_folder_that_can_not_be_had_keeps_codes_shut_and_lets_who_is_allowed_open(
    world: World, tmp_path: Path
) -> None:
    (tmp_path / "door").write_text("in the way")
    judge = world.judge(tmp_path)
    assert judge.why == "The door's files can't be read: File exists."
    assert attempt(judge, CODE).why.startswith("Nothing opens by code: ")
    assert judge.ask("kitchen", call="CA1").is_allowed
    (tmp_path / "door").unlink()
    judge.add_code(given("postman", CODE), who="uid 0")
    assert attempt(judge, CODE).is_allowed


@pytest.mark.parametrize("name", ["codes.json", "lockouts.json"])
@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[" * 100_000, b'{"wrong": 5, "codes": 5}'])
def test_a_damaged_file_keeps_codes_shut_and_is_named(
    judge: Judge, world: World, tmp_path: Path, name: str, content: bytes
) -> None:
    attempt(judge, WRONG)
    (tmp_path / "door" / name).write_bytes(content)
    again = world.judge(tmp_path)
    assert (
        attempt(again, CODE, "anna").why == f"Nothing opens by code: The door's files can't be read: {name} is damaged."
    )


def test_the_key_is_its_owners_alone_or_a_credential(
    judge: Judge, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert {path.stat().st_mode & 0o077 for path in (tmp_path / "door").iterdir()} == {0}
    (tmp_path / "credentials").mkdir()
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path / "credentials"))
    assert attempt(world.judge(tmp_path), CODE).is_allowed
    (tmp_path / "credentials/door-key").write_bytes(b"another key of some length")
    other = world.judge(tmp_path)
    assert attempt(other, CODE).why == "The codes were made under another device key."
    with pytest.raises(ConflictError, match="under another device key"):
        other.add_code(given("otto"), who="uid 0")
    for name in ("postman", "anna"):
        other.remove_code(name, who="uid 0")
    other.add_code(given("postman", CODE), who="uid 0")
    assert attempt(other, CODE).is_allowed
    (tmp_path / "credentials/door-key").write_bytes(b"short")
    assert world.judge(tmp_path).why == "The door's files can't be read: the device key has 5 bytes, and needs 16."


def test_a_code_that_is_removed_opens_nothing_and_an_unknown_name_is_told(judge: Judge) -> None:
    judge.remove_code("postman", who="uid 0")
    assert not attempt(judge, CODE).is_allowed
    with pytest.raises(UsageError, match="There is no code of that name"):
        judge.remove_code("postman", who="uid 0")


def test_a_door_without_codes_refuses_every_code(world: World, tmp_path: Path) -> None:
    assert attempt(world.judge(tmp_path, Door()), CODE).why == judging.WRONG


def test_what_is_paid_back_is_written_no_more(judge: Judge, world: World, tmp_path: Path) -> None:
    attempt(judge, WRONG)
    lockouts = tmp_path / "door/lockouts.json"
    for _ in range(3):
        world.pass_s(DAY_S)
        judge.keep()
    assert json.loads(lockouts.read_text())["wrong"] == {}
    before = lockouts.stat().st_ino
    world.pass_s(DAY_S)
    judge.keep()
    assert lockouts.stat().st_ino == before
