"""Privacy at a station: seen, and undone by nobody from afar."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from intercom.call.connection import Connection
from intercom.errors import IntercomError, RefusedError
from intercom.signaling.messages import Answer, Cancel, IncomingInvite
from intercom.station.actions import Action
from intercom.station.view import Sign
from tests.call.world import ANSWER, OFFER, SID
from tests.station.home import ALLOWED, CALM, Home, at_home


async def test_privacy_holds_for_every_call_and_nobody_undoes_it_from_afar(tmp_path: Path) -> None:
    async with at_home(tmp_path) as home:
        home.comfort.switch_privacy(True)
        await home.settle()
        assert (home.is_private, home.light.overlays, home.tones) == (True, ("private",), ["private"])
        call = await home.open()
        assert home.light.overlays == ("muted", "private")
        with pytest.raises(RefusedError):
            home.station.phone.mute(False)
        with pytest.raises(RefusedError):
            home.comfort.switch_privacy(False)
        call.mute(False)
        home.tap("mute")
        await home.later(0.2)
        assert home.is_private
        assert home.light.overlays == ("muted", "private")
        assert home.tones[-1] == "refused"


async def test_privacy_is_undone_by_holding_the_mute_button_after_a_restart_too(tmp_path: Path) -> None:
    async with at_home(tmp_path) as home:
        home.edge("mute", is_down=True)
        await home.sees(Sign.PRIVATE, is_there=True)
    async with at_home(tmp_path) as home:
        assert home.is_private
        assert home.light.overlays == ("private",)
        home.edge("mute", is_down=True)
        await home.sees(Sign.PRIVATE, is_there=False)
        await home.settle()
        assert not home.is_private
        assert home.tones == ["not-private"]


async def test_privacy_may_be_undone_from_afar_where_that_is_allowed(tmp_path: Path) -> None:
    async with at_home(tmp_path, replace(CALM, privacy_remote=True)) as home:
        home.comfort.switch_privacy(True)
        home.comfort.switch_privacy(False)
        assert not home.is_private


async def test_a_station_whose_memory_is_broken_starts_private_and_says_why(tmp_path: Path) -> None:
    (tmp_path / "comfort.json").write_text("{")
    async with at_home(tmp_path) as home:
        assert home.is_private
        assert "can't be read" in home.comfort.status()["privacy"]["why"]


def under_way(home: Home) -> list[Connection]:
    """Return the calls that are not over."""
    active = home.device.active_connection()
    return [*home.device.connections, *([active] if active else [])]


# What can be done to a station from afar: by its console, by scripts, by the exchange and by a far end.
FROM_AFAR: dict[str, Callable[[Home], object]] = {
    "privacy off": lambda home: home.comfort.switch_privacy(False),
    "mute off": lambda home: home.station.phone.mute(False),
    "mute on": lambda home: home.station.phone.mute(True),
    "script": lambda home: [call.mute(False) for call in under_way(home)],
    "dnd": lambda home: home.comfort.do_not_disturb(True),
    "missed clear": lambda home: home.comfort.forget_missed(),
    "call": lambda home: home.station.phone.call("web"),
    "answer": lambda home: home.station.do(Action.ACCEPT),
    "prolong": lambda home: home.station.do(Action.PROLONG),
    "hangup": lambda home: home.station.do(Action.HANG_UP),
    "talk": lambda home: home.station.do(Action.TALK),
    "invite": lambda home: home.wire.receive(
        IncomingInvite(callsid=f"CA{len(home.log)}", sdp=OFFER, parameters={"From": "client:kitchen"})
    ),
    "answered": lambda home: home.wire.receive(Answer(callsid=SID, sdp=ANSWER)),
    "cancel": lambda home: [home.wire.receive(Cancel(callsid=call.sid)) for call in under_way(home)],
    "message": lambda home: home.tells(prolong=True, privacy=False),
    "time": lambda home: home.comfort.tick(asyncio.get_running_loop().time() + 3600),
}


@settings(deadline=None, max_examples=30)
@given(st.lists(st.sampled_from(sorted(FROM_AFAR)), max_size=12))
def test_whatever_is_done_from_afar_privacy_stays_and_is_seen(steps: list[str]) -> None:
    async def live(state: Path) -> None:
        async with at_home(state, ALLOWED) as home:
            home.comfort.switch_privacy(True)
            for step in steps:
                with suppress(IntercomError):
                    FROM_AFAR[step](home)
                await home.settle()
                assert home.is_private
                assert "private" in home.light.overlays

    with TemporaryDirectory() as folder:
        asyncio.run(live(Path(folder)))
