"""`intercom doctor audio` on simulated cards, with air between speaker and microphone."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from intercom.audio import history
from intercom.cli import main
from intercom.doctor import audio
from intercom.errors import AudioMissingError
from intercom.settings import schema
from tests.rig.air import Air
from tests.rig.simcard import SimCard


def test_two_cards_with_two_clocks_are_measured_and_noted(
    cards: Path, plug_in: Callable[..., None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    speaker, microphone = SimCard(cards / "speaker"), SimCard(cards / "microphone", ppm=120)
    plug_in(a=speaker, b=microphone)
    settings = tmp_path / "intercom.toml"
    settings.write_text('[audio]\nplayback = "a"\ncapture = "b"\n')
    with Air(speaker, microphone, delay_ms=60, loss_db=22):
        assert main(["doctor", "audio", "--json", "--config", str(settings), "--state", str(tmp_path / "state")]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {finding["verdict"] for finding in told["findings"]} == {"fine"}
    (known,) = history.read(tmp_path / "state")
    assert known.echo_loss_db == pytest.approx(22, abs=1)
    assert known.loop_ms == pytest.approx(60, abs=15)
    assert known.drift_ppm == pytest.approx(120, abs=10)


def test_a_microphone_that_hears_nothing_ends_with_1(
    card: SimCard, plug_in: Callable[..., None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plug_in(default=card)
    settings = tmp_path / "intercom.toml"
    settings.write_text("")
    assert main(["doctor", "audio", "--config", str(settings), "--state", str(tmp_path)]) == 1
    assert "wrong  The microphone gives nothing but zeros." in capsys.readouterr().out


def test_a_missing_card_is_told_at_once(card: SimCard, plug_in: Callable[..., None], tmp_path: Path) -> None:
    plug_in(default=card)
    with pytest.raises(AudioMissingError):
        audio.examine(schema.Audio(capture="nowhere"), tmp_path)
