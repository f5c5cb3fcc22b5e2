"""Privacy: who may undo it, from where."""

from itertools import product

import pytest
from msgspec.structs import replace

from intercom.errors import RefusedError
from intercom.settings.schema import Buttons, Call, Panel, Settings
from intercom.station import privacy

REAL = Panel(buttons=Buttons(answer=17, mute=22))


@pytest.mark.parametrize(("is_on", "wanted", "may"), list(product([True, False], repeat=3)))
def test_from_afar_it_is_switched_off_only_where_that_is_allowed(is_on: bool, wanted: bool, may: bool) -> None:
    settings = Call(privacy_remote=may)
    if is_on and not wanted and not may:
        with pytest.raises(RefusedError, match="only somebody at the panel"):
            privacy.check_switch(is_on, wanted=wanted, settings=settings)
    else:
        privacy.check_switch(is_on, wanted=wanted, settings=settings)


@pytest.mark.parametrize(("is_private", "flag"), list(product([True, False], repeat=2)))
def test_no_call_is_said_to_be_heard_again_while_it_is_private(is_private: bool, flag: bool) -> None:
    if is_private and not flag:
        with pytest.raises(RefusedError, match="stays silent"):
            privacy.check_mute(flag, is_private=is_private)
    else:
        privacy.check_mute(flag, is_private=is_private)


@pytest.mark.parametrize(
    ("before", "after", "is_refused"),
    [
        (Settings(panel=REAL), Settings(panel=REAL, call=Call(privacy_remote=True)), True),
        (Settings(panel=REAL), Settings(panel=replace(REAL, factory="sim")), True),
        (Settings(panel=REAL), Settings(), True),  # a panel that names no pin is simulated
        (Settings(panel=REAL), Settings(panel=REAL, call=Call(to="web")), False),
        (Settings(panel=REAL, call=Call(privacy_remote=True)), Settings(panel=REAL), False),
        (Settings(), Settings(panel=REAL), False),
    ],
)
def test_settings_that_let_it_be_undone_from_afar_wait_until_it_is_off(
    before: Settings, after: Settings, is_refused: bool
) -> None:
    privacy.check_commit(False, before=before, after=after)
    if is_refused:
        with pytest.raises(RefusedError, match="undone from afar"):
            privacy.check_commit(True, before=before, after=after)
    else:
        privacy.check_commit(True, before=before, after=after)
