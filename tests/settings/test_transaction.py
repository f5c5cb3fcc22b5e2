"""A candidate: edits that are compared and validated as a whole before they are written."""

import pytest

from intercom.errors import SettingsError, UsageError
from intercom.settings.schema import Settings
from intercom.settings.transaction import Candidate


def test_a_diff_shows_each_change_with_what_it_was() -> None:
    edited = Candidate.of(Settings()).set("call.to", "kitchen").set("audio.volume", "60")
    assert [str(change) for change in edited.diff()] == [
        'call.to = "kitchen"  # was ""',
        "audio.volume = 60  # was 100",
    ]


def test_setting_a_value_back_leaves_no_change() -> None:
    assert Candidate.of(Settings()).set("audio.volume", 60).set("audio.volume", 100).diff() == []


def test_unset_is_the_default() -> None:
    edited = Candidate.of(Candidate.of(Settings()).set("panel.buttons.answer", 17).validated())
    assert edited.unset("panel.buttons.answer").validated() == Settings()
    with pytest.raises(UsageError):
        edited.unset("panel.buttons.quux")


def test_a_secret_never_shows_in_a_diff() -> None:
    edited = Candidate.of(Settings()).set("signaling.api_secret", "hunter2")
    assert [str(change) for change in edited.diff()] == ['signaling.api_secret = "<set>"  # was ""']


def test_a_contradiction_may_stand_in_between_but_is_not_validated() -> None:
    edited = Candidate.of(Settings()).set("panel.buttons.answer", 17).set("panel.buttons.call", 17)
    with pytest.raises(SettingsError, match=r"^panel\.buttons\.call must have a pin of its own"):
        edited.validated()
    assert edited.set("panel.buttons.call", 27).validated().panel.buttons.call == 27


def test_edits_move_onto_what_another_writer_has_written() -> None:
    mine = Candidate.of(Settings()).set("audio.volume", 60)
    theirs = Candidate.of(Settings()).set("call.to", "hall").validated()
    moved = mine.rebased(theirs)
    assert [str(change) for change in moved.diff()] == ["audio.volume = 60  # was 100"]
    assert moved.validated().call.to == "hall"


def test_two_writers_may_change_two_keys_of_one_table() -> None:
    mine = Candidate.of(Settings()).set("panel.rules.idle.light", "off")
    theirs = Candidate.of(Settings()).set("panel.rules.pending.tone", "busy").validated()
    moved = mine.rebased(theirs)
    assert [str(change) for change in moved.diff()] == ['panel.rules.idle.light = "off"  # was none']
    assert moved.validated().panel.rules == {"pending.tone": "busy", "idle.light": "off"}
    assert moved.unset("panel.rules.pending.tone").validated().panel.rules == {"idle.light": "off"}
