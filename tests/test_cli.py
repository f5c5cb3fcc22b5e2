"""The command line, as far as it needs no running station."""

import re
from pathlib import Path

import pytest

from intercom import places
from intercom.cli import main
from intercom.exchange import accounts, addresses
from intercom.settings import file
from intercom.settings.template import template
from intercom.signaling import token


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user without an exchange; nothing is installed on this machine."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    for name in ("STATE_DIRECTORY", "RUNTIME_DIRECTORY", "XDG_RUNTIME_DIR"):
        monkeypatch.delenv(name, raising=False)
    for name in ("STATION_FILE", "EXCHANGE_FILE", "INSTALLED_EXCHANGE"):
        monkeypatch.setattr(places, name, tmp_path / "not-installed" / name)
    return tmp_path


@pytest.fixture
def state(home: Path) -> Path:
    """The state folder of this user's exchange."""
    accounts.mint_token(places.exchange_state(), "web", 1)
    return places.exchange_state()


def test_without_an_exchange_the_next_step_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["token", "anna"]) == 5
    assert "There is no exchange on this machine that you may administer. Start one with" in capsys.readouterr().err


def test_a_folder_that_is_not_there_is_no_exchange(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["station", "list", "--state", str(tmp_path / "elsewhere")]) == 5
    assert f"There is no folder {tmp_path}/elsewhere. Name the state folder" in capsys.readouterr().err


def test_a_token_is_printed_alone(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["token", "anna", "--ttl", "60"]) == 0
    printed = capsys.readouterr().out.strip()
    assert token.issuer(printed).startswith("SK")


def test_a_demos_state_folder_names_its_exchange(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["token", "anna", "--state", str(state.parent)]) == 0


def test_a_station_is_added_listed_and_revoked(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["station", "add", "hall"]) == 0
    added = capsys.readouterr().out
    settings = file.parse(added)
    assert (settings.station.identity, len(settings.signaling.api_secret)) == ("hall", 32)
    main(["station", "list"])
    assert re.search(rf"hall +{settings.signaling.api_key} .* good", capsys.readouterr().out)
    main(["station", "revoke", "hall"])
    assert "1 revoked" in capsys.readouterr().out
    assert main(["station", "revoke", "hall"]) == 2


def test_a_stations_key_goes_into_its_settings_file(state: Path, tmp_path: Path) -> None:
    path = tmp_path / "intercom.toml"
    path.write_text(template())
    assert main(["station", "add", "hall", "--into", str(path)]) == 0
    settings = file.load(path)
    assert settings.station.identity == "hall"
    assert settings.signaling.api_key.startswith("SK")
    assert path.stat().st_mode & 0o077 == 0


def test_an_invite_is_a_link_that_works_once(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["invite", "anna"]) == 0
    link = capsys.readouterr().out.strip()
    assert link.startswith(f"https://{addresses.own_name()}:8443/join#")
    _, _, code = link.partition("/join#")
    assert accounts.redeem(state, code)[1].identity == "anna"


def test_a_persons_browsers_are_signed_out(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cookie, _ = accounts.redeem(state, accounts.invite(state, "anna").removeprefix("/join#"))
    assert main(["invite", "anna", "--revoke"]) == 0
    assert "1 signed out" in capsys.readouterr().out
    assert accounts.person_of(state, cookie) is None


def test_an_invite_names_the_address_at_which_the_exchange_listens(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    addresses.note(state, "localhost:9443")
    main(["invite", "anna"])
    assert capsys.readouterr().out.startswith("https://localhost:9443/join#")


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["stats"], 2, "Did you mean `intercom status`?"),
        (["station", "add"], 2, "needs the station's identity"),
        (["config", "check"], 2, "needs the file"),
        (["config", "check", "/nowhere.toml"], 2, "/nowhere.toml"),
        (["press"], 2, "press BUTTON"),
        (["status", "--socket"], 2, "--socket needs a value"),
    ],
)
def test_wrong_words_are_told_in_a_sentence(
    state: Path, words: list[str], code: int, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == code
    assert told in capsys.readouterr().err


def test_the_template_is_a_file_that_checks_fine(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["config", "template"])
    path = tmp_path / "made.toml"
    path.write_text(capsys.readouterr().out)
    assert main(["config", "check", str(path)]) == 0


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    printed = capsys.readouterr().out
    assert all(name in printed for name in ("run", "demo", "invite", "status", "mute on|off", "commit"))
