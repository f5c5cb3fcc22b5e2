"""Sessions over a small working station: machines' frames, people's lines, and noise."""

import asyncio
from secrets import token_hex

from hypothesis import given, settings
from hypothesis import strategies as st

from intercom.console.answers import REMEMBERED
from intercom.console.desk import Desk, Desks
from intercom.console.frames import Reply, Request, decode_reply, encode
from intercom.console.machine import MachineSession
from intercom.console.session import HumanSession
from intercom.settings.paths import replace
from tests.console.station import SmallStation


class Heard:
    """What a session wrote."""

    def __init__(self) -> None:
        self.data = b""

    async def write(self, data: bytes) -> None:
        self.data += data


async def ask(session: MachineSession, verb: str, /, **arguments: object) -> Reply:
    """One frame, and its answer."""
    answer = await session.answer(encode(Request(token_hex(4), verb, arguments)))
    reply = decode_reply(answer.decode().rstrip())
    assert reply is not None
    return reply


async def test_a_frame_is_answered_under_its_id() -> None:
    session, heard = MachineSession(Desk(SmallStation(), "test")), Heard()
    await session.feed(encode(Request("7", "call", {"to": "a"})).encode() + b"\n", heard.write)
    assert heard.data == encode(Reply("7", is_ok=True, members={"to": "a"})).encode() + b"\r\n"


async def test_a_failure_has_code_message_and_hint() -> None:
    reply = await ask(MachineSession(Desk(SmallStation(), "test")), "hangup")
    assert reply == Reply(
        reply.id,
        is_ok=False,
        members={
            "code": "conflict",
            "message": "There is no call.",
            "hint": "`intercom status` shows the state it is in.",
        },
    )


async def test_an_unknown_verb_and_wrong_arguments_are_usage_errors() -> None:
    session = MachineSession(Desk(SmallStation(), "test"))
    assert (await ask(session, "quux")).members["code"] == "usage"
    assert (await ask(session, "call", too="a")).members["code"] == "usage"
    assert (await ask(session, "set", path="audio.volume", value=[1])).members["code"] == "usage"


async def test_a_frame_that_comes_again_is_answered_again_but_not_run_again() -> None:
    station = SmallStation()
    session = MachineSession(Desk(station, "test"))
    frames = [encode(Request(str(n), "mute", {"state": "on"})) for n in range(REMEMBERED)]
    first = [await session.answer(frame) for frame in frames]
    assert [await session.answer(frame) for frame in frames] == first
    assert len(station.log) == REMEMBERED


async def test_a_person_and_a_modem_manager_on_the_socket_get_silence() -> None:
    session, heard = MachineSession(Desk(SmallStation(), "test")), Heard()
    await session.feed(b"status\r\nAT\r\n\xff\r\n@1 status {} ~00000000\r\n", heard.write)
    assert heard.data == b""


async def test_a_modem_managers_probe_gets_no_answer_but_its_echo() -> None:
    session, heard = HumanSession(Desk(SmallStation(), "test")), Heard()
    await session.feed(b"AT+GMI\r", heard.write)
    assert heard.data == b"AT+GMI\r\n"


async def test_a_frame_among_a_persons_lines_is_answered_on_a_line_of_its_own() -> None:
    session, heard = HumanSession(Desk(SmallStation(), "test")), Heard()
    await session.feed(encode(Request("1", "mute", {"state": "on"})).encode() + b"\r", heard.write)
    assert heard.data.startswith(b'\r\n%1 ok {"state":"on"} ~')
    assert heard.data.endswith(b"\r\n")


async def test_each_writer_edits_a_candidate_of_its_own_and_the_slower_one_is_told() -> None:
    station = SmallStation()
    mine, theirs = Desk(station, "mine"), Desk(station, "theirs")
    assert (await ask(MachineSession(mine), "set", path="audio.volume", value=60)).is_ok
    assert (await ask(MachineSession(theirs), "set", path="call.to", value="hall")).is_ok
    assert (await ask(MachineSession(theirs), "commit")).is_ok
    assert (await ask(MachineSession(mine), "commit")).members["code"] == "conflict"
    changes = (await ask(MachineSession(mine), "diff")).members["changes"]
    assert changes == [{"path": "audio.volume", "value": 60, "was": 100}]
    assert (await ask(MachineSession(mine), "commit")).is_ok
    assert (station.settings.audio.volume, station.settings.call.to) == (60, "hall")


async def test_while_nothing_is_edited_the_settings_in_use_are_shown() -> None:
    station = SmallStation()
    session = MachineSession(Desk(station, "test"))
    assert (await ask(session, "diff")).members["changes"] == []
    station.settings = replace(station.settings, "audio.volume", 3)
    shown = await session.answer(encode(Request("2", "show", {"path": "audio.volume"})))
    assert b'{"settings":{"audio.volume":3},"changes":[]}' in shown


def test_a_user_who_comes_back_finds_the_edits() -> None:
    desks = Desks(SmallStation())
    desks.of("uid 1").candidate = desks.of("uid 1").candidate.set("audio.volume", 3)
    assert desks.of("uid 1").candidate.paths() == ["audio.volume"]
    assert desks.of("uid 2").candidate.paths() == []


NOISE = st.lists(
    st.binary(max_size=60)
    | st.sampled_from([b"set ", b"show ", b"press answer", b"commit\r", b"help ", b"@1 ", b" ~", b"\r", b"--for "])
    | st.just(encode(Request("1", "set", {"path": "audio.volume", "value": 3})).encode() + b"\r"),
    max_size=30,
)


@given(NOISE)
@settings(max_examples=300, deadline=None)
def test_after_any_noise_the_console_works(noise: list[bytes]) -> None:
    times_s = [0.0]

    async def type_it() -> bytes:
        session, heard = HumanSession(Desk(SmallStation(), "test"), now=lambda: times_s[-1]), Heard()
        await session.feed(b"".join(noise), heard.write)
        heard.data = b""
        times_s.append(0.5)  # after which a packet of Improv's that was begun is none
        await session.feed(b"\x15unset call.to\r", heard.write)
        return heard.data

    shown = asyncio.run(type_it())
    assert b'call.to = ""' in shown
    assert b"Traceback" not in shown
