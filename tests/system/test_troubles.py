"""What is wrong in a house: each trouble is one sentence with the next step, and the station goes on where it can."""

import socket
from pathlib import Path

import pytest

from intercom.audio.alsa import Capture
from tests.browser.chromium import Chromium
from tests.browser.softphone import SoftPhone
from tests.system.house import House, living
from tests.system.programs import Program
from tests.system.test_calls import ready


async def ends_with(*words: str, folder: Path) -> tuple[int, str]:
    """Run a command to its end; return its exit code and what it logged."""
    async with Program(*words, log=folder / "program.log") as program:
        return await program.ends(), program.log


async def test_a_port_in_use_is_named_with_the_next_step(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, log = await ends_with("demo", "--port", str(port), "--state", str(tmp_path), folder=tmp_path)
    assert code == 1
    assert f"port {port}" in log.lower()
    assert "another port" in log
    assert "Traceback" not in log


async def test_a_second_station_on_one_state_folder_is_told_so(house: House) -> None:
    words = ("run", "--config", str(house.file), "--state", str(house.folder / "station"))
    code, log = await ends_with(*words, folder=house.folder)
    assert (code, "Another station listens" in log) == (1, True)


async def test_every_mistake_of_a_settings_file_is_told_at_once(tmp_path: Path) -> None:
    file = tmp_path / "intercom.toml"
    file.write_text('[audio]\nvolume = 140\ncaptur = "default"\n\n[panel.ring]\npins = [17, 17]\nkind = "gpio"\n')
    code, log = await ends_with("run", "--config", str(file), "--state", str(tmp_path / "s"), folder=tmp_path)
    assert code == 2
    for told in (":2: audio.volume", ":3: audio.captur", "audio.capture", "panel.ring.pins"):
        assert told in log


async def test_a_file_that_no_longer_loads_leaves_the_station_with_the_last_good_one(house: House) -> None:
    await house.station.end()
    house.file.write_text("[call]\nto = 7\n")
    await house.station.__aenter__()
    status = await house.tells(lambda status: status["registration"] == "ready")
    assert status["settings"]["state"] == "last good"
    assert "call.to" in status["settings"]["why"]
    assert (await house.ask("show", "call.to"))["settings"] == {"call.to": "anna"}


@pytest.mark.parametrize(
    ("setting", "value", "told"),
    [
        ("ca_pin", "A" * 43 + "=", "is not the one that signaling.ca_pin names"),
        ("api_secret", "0" * 32, "not signed by its key"),
        ("url", "wss://localhost:9/signal", "can't be reached"),
    ],
)
async def test_what_keeps_a_station_from_its_exchange_is_told(
    empty_house: House, setting: str, value: str, told: str
) -> None:
    async with empty_house.exchange:
        await empty_house.exchange.says("ready")
        empty_house.write_settings()
        old = empty_house.file.read_text().splitlines()
        new = [f'{setting} = "{value}"' if line.startswith(setting) else line for line in old]
        empty_house.file.write_text("\n".join(new))
        async with empty_house.station:
            status = await empty_house.tells(lambda status: told in status["network"]["why"])
        assert (status["registration"], status["light"]["pattern"]) == ("offline", "blink")


async def test_without_a_sound_card_the_call_still_opens_and_status_says_what_is_missing(
    empty_house: House, chromium: Chromium
) -> None:
    nowhere = {"capture": "nowhere", "playback": "nowhere"}
    async with living(empty_house, **nowhere) as house, SoftPhone(chromium) as phone:
        audio = (await house.ask("status"))["audio"]
        for side in ("capture", "playback"):
            assert (audio[side]["state"], "no PCM nowhere" in audio[side]["why"]) == ("missing", True)
            assert "arecord -L" in audio[side]["why"]
        await ready(phone, house)
        await phone.connect(To="hall")
        await house.shows(pattern="chase")
        await house.ask("press", "answer")
        await phone.saw("connection accept")
        await phone.hears_silence()


async def test_a_microphone_that_another_program_holds_is_busy_and_comes_back(
    empty_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(empty_house.conf))
    holder = Capture("default", period_ms=10)
    async with living(empty_house) as house:
        status = await house.tells(lambda status: status["audio"]["capture"]["state"] == "busy")
        assert "Another program" in status["audio"]["capture"]["why"]
        holder.close()
        await house.tells(lambda status: status["audio"]["capture"]["state"] == "idle")


async def test_pins_that_can_not_be_used_leave_the_panel_dark_and_the_station_alive(empty_house: House) -> None:
    more = "\n[panel.buttons]\nanswer = 17\n"
    async with living(empty_house, more=more) as house:
        status = await house.ask("status")
        assert status["panel"]["state"] == "failed"
        assert "GPIO" in status["panel"]["why"]
        assert status["registration"] == "ready"


async def test_a_program_that_is_told_to_stop_stops_with_zero_and_leaves_no_socket(house: House) -> None:
    await house.station.end()
    assert not (house.folder / "station" / "control.sock").exists()
    assert "Traceback" not in house.station.log


async def test_commands_say_where_they_looked_for_a_station(tmp_path: Path) -> None:
    code, log = await ends_with("status", "--socket", str(tmp_path / "nothing.sock"), folder=tmp_path)
    assert code == 5
    assert "nothing.sock" in log
