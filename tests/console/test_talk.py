"""Both ends of the machine grammar over a line that alters what it carries, without any waiting."""

import asyncio
import random
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intercom.console.desk import Desk
from intercom.console.frames import Reply, encode
from intercom.console.machine import MachineSession
from intercom.console.session import HumanSession
from intercom.console.talk import Talk
from intercom.errors import ConflictError, IntercomError, NoAnswerError, SerialError, UsageError
from intercom.settings import armour
from tests.console.noise import NoisyLine, alter
from tests.console.station import SmallStation

LETTERS = 'abcdef ~@%!\\"\n\r\x00\x03\x15é☎'


def ids(begin: str = "t") -> Iterator[str]:
    """Ids that are the same in each run."""
    return (f"{begin}{number}" for number in range(10**9))


def commands(number: int, chance: random.Random) -> Iterator[tuple[dict[str, object], str]]:
    """Commands with what the station notes of them."""
    for each in range(number):
        words = "".join(chance.choices(LETTERS, k=chance.randrange(60)))
        yield {"score": each % 5 + 1, "issue": words}, f"feedback {each % 5 + 1} {words}"


def run_through_noise(number: int, *, rate: float, seed: int) -> tuple[list[str], list[str], set[int]]:
    """What was asked, what the station did, and which of what was asked were given up."""
    station, asked = SmallStation(), list[str]()
    given_up = set[int]()
    with NoisyLine(HumanSession(Desk(station, "test")), seed=seed, rate=rate) as line:
        talk = Talk(line, ids=ids())
        talk.hello(patience_s=10_000)
        for arguments, noted in commands(number, random.Random(seed)):
            try:
                assert talk.ask("feedback", arguments, patience_s=1000 if rate < 1e-2 else 20) == arguments
            except NoAnswerError:
                given_up.add(len(asked))
            asked.append(noted)
    return asked, station.log, given_up


def is_in_order(done: list[str], asked: list[str], may_miss: set[int]) -> bool:
    """Whether all was done once and in order, but for what may be missed."""
    rest = iter(done)
    doing = next(rest, None)
    for number, each in enumerate(asked):
        if doing == each:
            doing = next(rest, None)
        elif number not in may_miss:
            return False
    return doing is None


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("rate", [0, 1e-4, 1e-3, 5e-3])
def test_each_command_is_run_exactly_once_and_in_order(rate: float, seed: int) -> None:
    asked, done, given_up = run_through_noise(200, rate=rate, seed=seed)
    assert not given_up
    assert done == asked


def test_where_one_byte_in_fifty_is_altered_nothing_is_doubled_or_altered() -> None:
    asked, done, given_up = run_through_noise(150, rate=2e-2, seed=3)
    assert is_in_order(done, asked, given_up)
    assert 0 < len(given_up) < len(asked)


def test_what_is_done_twice_altered_or_out_of_order_is_noticed_by_this_test() -> None:
    assert is_in_order(["a", "c"], ["a", "b", "c"], {1})
    for done in (["a", "c"], ["a", "b", "b", "c"], ["a", "x", "c"], ["b", "a", "c"]):
        assert not is_in_order(done, ["a", "b", "c"], set())


@pytest.mark.parametrize("rate", [0, 1e-3, 5e-3])
def test_what_is_longer_than_a_line_comes_through_in_both_directions(rate: float) -> None:
    station = SmallStation()
    text = armour.armoured('[station]\nname = "Hof ☎"\nidentity = "hall"\n' + "# words\n" * 200)
    over: list[tuple[int, int]] = []
    with NoisyLine(MachineSession(Desk(station, "test")), seed=5, rate=rate) as line:
        talk = Talk(line, ids=ids())
        told = talk.ask("import", {"text": text}, on_progress=lambda done, whole: over.append((done, whole)))
        assert [change["path"] for change in told["changes"]] == ["station.name"]
        talk.ask("commit", {"comment": "ü" * 60}, patience_s=100)
        assert talk.ask("export")["text"] == armour.export(station.settings)
        assert len(talk.ask("help")["commands"]) > 20
    assert over == sorted(over)
    assert over[-1][0] == over[-1][1]


@pytest.mark.parametrize("verb", ["import", "help"])
def test_what_broke_off_goes_on_where_it_ended(verb: str) -> None:
    over: list[int] = []
    arguments = {"text": armour.armoured("# words\n" * 400)} if verb == "import" else {}
    with NoisyLine(MachineSession(Desk(SmallStation(), "test"))) as line:
        talk = Talk(line, ids=ids())

        def ask() -> None:
            talk.ask(verb, arguments, on_progress=lambda done, _: over.append(done))

        line.alter = lambda data: data if len(over) < 3 else b""
        with pytest.raises(NoAnswerError):
            ask()
        line.alter = lambda data: data
        ask()
    assert over[:3] == [512, 1024, 1536]
    assert over == sorted(set(over))


def test_a_long_request_that_was_altered_on_the_way_is_not_run() -> None:
    station = SmallStation()
    with NoisyLine(MachineSession(Desk(station, "test"))) as line:
        talk = Talk(line, ids=ids())
        with pytest.raises(ConflictError, match="No long request has begun"):
            talk.ask("run")
        talk.ask("push", {"size": 20, "sha256": "0" * 64})
        with pytest.raises(ConflictError, match="Only 0 of 20 bytes are here"):
            talk.ask("run")
        assert talk.ask("chunk", {"at": 3, "chunk": "AAAA"}) == {"at": 0}
        assert talk.ask("chunk", {"at": 0, "chunk": "A" * 80}) == {"at": 20}
        with pytest.raises(IntercomError, match="What arrived is not what was sent"):
            talk.ask("run")
        with pytest.raises(UsageError, match="at most 524288 bytes"):
            talk.ask("import", {"text": "x" * 600_000})
    assert station.log == []


@given(st.lists(st.booleans(), max_size=40), st.booleans())
def test_whatever_is_lost_a_request_is_run_once_and_answered_whole(arrives: list[bool], is_long: bool) -> None:
    station, rest = SmallStation(), iter(arrives)
    words = "x" * (2000 if is_long else 5)
    with NoisyLine(MachineSession(Desk(station, "test"))) as line:
        line.alter = lambda data: data if next(rest, True) else b""
        told = Talk(line, ids=ids()).ask("feedback", {"score": 1, "issue": words}, patience_s=1000)
    assert told == {"score": 1, "issue": words}
    assert station.log == [f"feedback 1 {words}"]


def test_a_program_that_begins_again_with_the_same_ids_says_hello_and_is_not_answered_out_of_memory() -> None:
    station = SmallStation()
    with NoisyLine(HumanSession(Desk(station, "test"))) as line:
        for _ in range(3):
            talk = Talk(line, ids=ids())
            talk.hello()
            talk.ask("mute", {"state": "on"})
    assert station.log == ["mute True"] * 3


def test_without_hello_another_request_with_a_known_id_is_refused() -> None:
    station = SmallStation()
    with NoisyLine(MachineSession(Desk(station, "test"))) as line:
        Talk(line, ids=ids()).ask("mute", {"state": "on"})
        with pytest.raises(ConflictError, match=r"Another request had this id\. Count on, or say `hello` first\."):
            Talk(line, ids=ids()).ask("mute", {"state": "off"})
    assert station.log == ["mute True"]


def test_two_stations_on_one_line_are_told() -> None:
    hall, gate = (MachineSession(Desk(SmallStation(), "test")) for _ in range(2))
    with NoisyLine(hall, gate) as line, pytest.raises(SerialError, match="More than one station answers on this line"):
        Talk(line, ids=ids()).hello()


def test_an_answer_that_comes_late_again_is_no_second_station() -> None:
    with NoisyLine(MachineSession(Desk(SmallStation(), "test"))) as line:
        talk, late = Talk(line, ids=ids()), list[bytes]()

        def delay(data: bytes) -> bytes:
            if data.startswith(b"%") and len(late) < 2:
                late.append(data)
                return b""
            return data + b"".join(late) if data.startswith(b"%t1") else data

        line.alter = delay
        assert talk.ask("mute", {"state": "on"}) == {"state": "on"}
        assert talk.ask("mute", {"state": "off"}) == {"state": "off"}
        talk.ask("diff")


def test_an_answer_to_somebody_else_is_not_taken() -> None:
    with NoisyLine(MachineSession(Desk(SmallStation(), "test"))) as line:
        strange = encode(Reply("x9", is_ok=True, members={"state": "wrong"})).encode() + b"\r\n"
        line.alter = lambda data: strange + data if data.startswith(b"%") else data
        assert Talk(line, ids=ids()).ask("mute", {"state": "on"}) == {"state": "on"}


def test_silence_and_what_is_heard_in_its_place_are_told() -> None:
    with NoisyLine() as line:
        talk = Talk(line)
        with pytest.raises(NoAnswerError, match="doesn't answer within 3 s"):
            talk.hello(patience_s=3)
        assert talk.other == b""
        asyncio.run(line._answer(b"raspberrypi login: "))
        with pytest.raises(NoAnswerError):
            talk.hello(patience_s=3)
        assert talk.other.endswith(b"login: ")


def test_noise_runs_nothing_and_the_console_works_right_after() -> None:
    station, chance = SmallStation(), random.Random(11)
    with NoisyLine(HumanSession(Desk(station, "test"))) as line:
        before = station.settings
        for _ in range(256):
            line.send(chance.randbytes(4096))
        line.send(alter(encode(Reply("1", is_ok=True, members={})).encode() * 1000, chance, 0.5))
        line._coming.clear()
        assert Talk(line).hello().name == "hall"
    assert (station.log, station.settings) == ([], before)
