"""The control socket and its far side, over real Unix sockets."""

import asyncio
import logging
import os
import socket
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import pytest

from intercom.console import address, client
from intercom.console.control import control_socket
from intercom.console.frames import Reply, Request, decode_reply, encode
from intercom.errors import (
    ConflictError,
    IntercomError,
    NoAnswerError,
    PortInUseError,
    RefusedError,
    SettingsError,
    UsageError,
)
from tests.console.station import SmallStation

NOBODY = 65534


@pytest.fixture(autouse=True)
def folders(monkeypatch: pytest.MonkeyPatch) -> None:
    """No socket of this machine is met: the state folder is the only place."""
    monkeypatch.delenv("RUNTIME_DIRECTORY", raising=False)
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.setattr(address, "SYSTEM", Path("/nowhere"))


async def ask(path: Path, *words: str) -> client.Answer:
    return await asyncio.to_thread(client.ask, words, path=path)


async def test_a_command_comes_back_as_json_and_as_words(tmp_path: Path) -> None:
    async with control_socket(SmallStation(), state=tmp_path) as path:
        answer = await ask(path, "status")
    assert answer.result["identity"] == "hall"
    assert answer.text.startswith("station         hall, ready\n")
    assert answer.json.startswith('{\n  "identity": "hall"')


async def test_the_log_is_followed(tmp_path: Path) -> None:
    station = SmallStation()

    def write(text: str) -> None:
        station.log_lines.handle(logging.LogRecord("intercom", logging.INFO, "", 0, text, (), None))

    def follow(path: Path) -> list[str]:
        answers = client.tail(partial(client.ask, path=path), every_s=0.01)
        first = next(answers).text
        write("after")
        return [first, next(answers).text]

    write("before")
    async with control_socket(station, state=tmp_path) as path:
        lines = await asyncio.to_thread(follow, path)
    assert [line.split()[1] for line in lines] == ["before", "after"]


async def test_a_program_may_subscribe_in_the_first_thing_that_it_says(tmp_path: Path) -> None:
    station = SmallStation()
    said = f"{encode(Request('1', 'subscribe', {'kinds': ['call']}))}\r\n".encode("ascii")
    async with asyncio.timeout(5), control_socket(station, state=tmp_path) as path:
        program = socket.socket(socket.AF_UNIX)
        program.connect(str(path))
        program.sendall(said)  # it is there before the station looks
        reader, writer = await asyncio.open_unix_connection(sock=program)
        with closing(writer):
            answer = decode_reply((await reader.readline()).decode("ascii").strip())
            assert answer == Reply("1", True, {"kinds": ["call"]})
            station.news.tell("call", state="began")
            assert (await reader.readline()).startswith(b'!1 call {"state":"began"} ~')


async def test_what_the_station_raises_is_raised_at_the_far_side(tmp_path: Path) -> None:
    async with control_socket(SmallStation(), state=tmp_path) as path:
        with pytest.raises(ConflictError, match=r"^There is no call\. `intercom status` shows"):
            await ask(path, "hangup")
        with pytest.raises(RefusedError, match="The panel is real"):
            await ask(path, "release", "answer")
        with pytest.raises(UsageError, match="There is no such command"):
            await ask(path, "quux")
        with pytest.raises(UsageError, match="It is used as `press"):
            await ask(path, "press", "answer", "--for", "inf")
        with pytest.raises(UsageError, match=r"call\.to must be"):
            await ask(path, "set", "call.to", "x" * 2000)


async def test_edits_stay_from_one_connection_to_the_next(tmp_path: Path) -> None:
    station = SmallStation()
    async with control_socket(station, state=tmp_path) as path:
        await ask(path, "set", "audio.volume", "60")
        assert (await ask(path, "diff")).text == "audio.volume = 60  # was 100"
        assert (await ask(path, "commit")).text == "1 setting written.\nWritten to hall.toml."
    assert station.settings.audio.volume == 60


async def test_an_export_or_a_plain_file_is_imported_whole_or_not_at_all(tmp_path: Path) -> None:
    async with control_socket(SmallStation(), state=tmp_path) as path:
        await ask(path, "set", "station.name", "Hof ☎ " * 9)
        await ask(path, "commit", "a name")
        told = (await ask(path, "export")).text
        await ask(path, "unset", "station.name")
        await ask(path, "commit")

        def send(text: str) -> client.Answer:
            return client.send(partial(client.ask, path=path), text)

        assert [one["path"] for one in (await asyncio.to_thread(send, told)).result["changes"]] == ["station.name"]
        assert (await ask(path, "commit")).result["revision"] == 4
        with pytest.raises(SettingsError, match="The end of the export is missing"):
            await asyncio.to_thread(send, told[:-3])
        plain = '[station]\nname = "plain"  # words\n'
        assert (await asyncio.to_thread(send, plain)).result["changes"][0]["value"] == "plain"
        with pytest.raises(ConflictError, match="No import has begun"):
            await ask(path, "import", "text")


async def test_a_press_that_lasts_keeps_nobody_else_waiting(tmp_path: Path) -> None:
    station = SmallStation()
    async with control_socket(station, state=tmp_path) as path, asyncio.TaskGroup() as both:
        pressing = both.create_task(ask(path, "press", "answer", "--for", "20"))
        await ask(path, "mute", "on")
        station.may_let_go.set()
        assert (await pressing).text == "Pressed answer."


async def test_a_far_side_that_is_killed_in_a_command_harms_nobody(tmp_path: Path) -> None:
    station = SmallStation()
    async with control_socket(station, state=tmp_path) as path:
        for garbage in (b"", b"@1 status", b"\xff\x00\n" * 100, b"@" * 5000):
            with socket.socket(socket.AF_UNIX) as far:
                far.connect(str(path))
                far.sendall(garbage)
        assert (await ask(path, "status")).result["identity"] == "hall"


async def test_a_far_side_that_never_leaves_does_not_keep_the_station_from_ending(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as far:
        async with asyncio.timeout(10), control_socket(SmallStation(), state=tmp_path) as path:
            far.connect(str(path))
            await ask(path, "status")


async def test_the_log_names_the_user(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    async with control_socket(SmallStation(), state=tmp_path) as path:
        await ask(path, "mute", "on")
    assert f"uid {os.geteuid()}: mute" in caplog.messages


async def test_only_the_owner_may_connect_where_the_group_does_not_exist(tmp_path: Path) -> None:
    async with control_socket(SmallStation(), state=tmp_path) as path:
        assert stat.S_IMODE(path.stat().st_mode) in (0o600, 0o660)
        path.chmod(0)
        with somebody(), pytest.raises(RefusedError, match="You may not use the control socket"):
            client.ask(["status"], path=path)


async def test_a_socket_left_behind_is_replaced_and_a_living_one_is_not(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(tmp_path / "control.sock"))
    async with control_socket(SmallStation(), state=tmp_path) as path:
        with pytest.raises(PortInUseError, match="Another station listens at"):
            async with control_socket(SmallStation(), state=tmp_path):
                pass
        assert (await ask(path, "status")).result["identity"] == "hall"
    assert not path.exists()


async def test_a_file_in_the_way_and_a_path_too_long_are_told(tmp_path: Path) -> None:
    (tmp_path / "control.sock").write_text("precious")
    with pytest.raises(IntercomError, match="can't be made: Address already in use"):
        async with control_socket(SmallStation(), state=tmp_path):
            pass
    assert (tmp_path / "control.sock").read_text() == "precious"
    (tmp_path / ("x" * 120)).mkdir()
    with pytest.raises(IntercomError, match="can't be made: AF_UNIX path too long"):
        async with control_socket(SmallStation(), state=tmp_path / ("x" * 120)):
            pass


async def test_what_fails_beside_the_socket_comes_out_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(ConflictError):
        async with control_socket(SmallStation(), state=tmp_path):
            raise ConflictError("Something else.")


def test_no_station_is_told_with_all_places_that_were_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/run/user/0")
    with pytest.raises(NoAnswerError) as raised:
        client.ask(["status"], state=tmp_path)
    places = f"/run/user/0/intercom/control.sock, /nowhere/control.sock, {tmp_path}/control.sock"
    assert raised.value.message == f"No station answers at {places}."


def test_the_station_listens_at_the_first_place_it_may_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert address.to_listen(tmp_path) == tmp_path / "control.sock"
    (tmp_path / "user").mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "user"))
    assert address.to_listen(tmp_path) == tmp_path / "user/intercom/control.sock"
    (tmp_path / "unit").mkdir()
    monkeypatch.setenv("RUNTIME_DIRECTORY", f"{tmp_path}/unit:{tmp_path}/other")
    assert address.to_listen(tmp_path) == tmp_path / "unit/control.sock"
    assert address.candidates(tmp_path)[0] == tmp_path / "unit/control.sock"


def test_a_station_that_says_nothing_is_told(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(tmp_path / "control.sock"))
        silent.listen()
        with pytest.raises(NoAnswerError, match="doesn't answer within"):
            client.ask(["status"], state=tmp_path, patience_s=0.05)


async def test_watching_gives_the_status_now_and_at_each_change(tmp_path: Path) -> None:
    station = SmallStation()
    async with control_socket(station, state=tmp_path) as path:
        watching = client.watch(partial(client.ask, path=path), every_s=0.01)
        assert (await asyncio.to_thread(next, watching)).result["call"] is None
        station.ring()
        assert (await asyncio.to_thread(next, watching)).result["call"]["status"] == "pending"


@contextmanager
def somebody() -> Iterator[None]:
    """Be somebody whom the file's rights bind, for a moment."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
