"""Calls that a station answers by itself."""

from pathlib import Path

import pytest

from intercom.signaling.messages import Cancel
from intercom.station.actions import Action
from intercom.station.view import Shows, Sign
from tests.call.world import SID
from tests.station.home import ALLOWED, at_home


async def test_a_call_is_answered_by_itself_after_it_was_announced(tmp_path: Path) -> None:
    async with at_home(tmp_path, ALLOWED) as home:
        call = home.incoming(From="client:kitchen")
        await home.shows(Shows.PENDING)
        assert home.tones == ["announcement"]
        await home.later(2.9)
        assert call.status() == "pending"
        await home.later(3)
        await home.shows(Shows.OPEN)
        assert home.tones == ["announcement", None]


@pytest.mark.parametrize(
    ("caller", "is_audible", "quiet", "private"),
    [
        ("client:hall", True, False, False),
        ("kitchen", True, False, False),
        ("client:kitchen", False, False, False),
        ("client:kitchen", True, True, False),
        ("client:kitchen", True, False, True),
    ],
)
async def test_no_other_call_is_and_none_unheard_or_while_somebody_wants_to_be_left_alone(
    tmp_path: Path, caller: str, is_audible: bool, quiet: bool, private: bool
) -> None:
    async with at_home(tmp_path, ALLOWED) as home:
        home.is_audible = is_audible
        if quiet:
            home.comfort.do_not_disturb(True)
        if private:
            home.comfort.switch_privacy(True)
        call = home.incoming(From=caller)
        await home.later(10)
        assert call.status() == "pending"
        assert Sign.ANNOUNCED not in home.signs
        assert "announcement" not in home.tones[-1:]


async def test_privacy_that_is_switched_on_while_it_is_announced_comes_in_time(tmp_path: Path) -> None:
    async with at_home(tmp_path, ALLOWED) as home:
        call = home.incoming(From="client:kitchen")
        await home.shows(Shows.PENDING)
        home.station.do(Action.TOGGLE_PRIVACY)
        await home.later(10)
        assert call.status() == "pending"
        assert home.tones[-1] == "ringtone"


async def test_a_call_that_is_cancelled_before_its_own_announcement_is_over_is_not_answered(tmp_path: Path) -> None:
    async with at_home(tmp_path, ALLOWED) as home:
        call = home.incoming(From="client:kitchen")
        home.wire.receive(Cancel(callsid=SID))
        await home.later(5)
        assert call.ended
        assert home.sounds[0].is_open is False
