"""The product's tables."""

from itertools import combinations, product

import pytest

from intercom.audio.tones import CADENCES
from intercom.call.events import End, Ending
from intercom.call.machine import CallState
from intercom.panel import patterns
from intercom.panel.gestures import Kind
from intercom.settings.schema import Panel, Settings
from intercom.station import rules
from intercom.station.actions import REFUSALS, TURNS, Action
from intercom.station.rulebook import Rulebook
from intercom.station.view import IN_CALL, Shows, Sign, View

BOOK = Rulebook.of(Settings())
SILENT = {
    Shows.OFFLINE, Shows.IDLE, Shows.CONNECTING, Shows.OPEN, Shows.LAST_MINUTE, Shows.ENDED_QUIETLY,
}  # fmt: skip
SAID_BY_SIGN = {Shows.LAST_MINUTE}  # told from the state that it is part of by an overlay
LASTING = [Shows.OFFLINE, Shows.IDLE, *rules.BY_CALL_STATE.values()]
LASTING_PAIRS = list(combinations(LASTING, 2))
EVERY_VIEW = [
    View(shows, frozenset(signs))
    for shows, count in product(Shows, range(len(Sign) + 1))
    for signs in combinations(Sign, count)
]
MUTED = frozenset({Sign.MUTED})


def test_every_state_has_a_row_and_every_call_state_is_shown() -> None:
    assert set(rules.RULES) == set(Shows)
    assert set(rules.BY_CALL_STATE) == set(CallState) - {CallState.CLOSED}
    assert set(rules.BY_ENDING) == set(Ending)


def test_what_is_shown_for_a_while_says_how_long_and_what_lasts_does_not() -> None:
    assert {shows for shows, row in rules.RULES.items() if row.lasts_s is None} == set(LASTING) | SAID_BY_SIGN


@pytest.mark.parametrize(("one", "other"), LASTING_PAIRS)
def test_no_two_lasting_states_look_alike_on_a_ring_of_one_colour(one: Shows, other: Shows) -> None:
    def film(shows: Shows) -> list[tuple[bool, ...]]:
        return [patterns.lit(BOOK.light(View(shows)), t=frame / 30, count=6) for frame in range(120)]

    assert film(one) != film(other)


@pytest.mark.parametrize("shows", Shows)
def test_mute_is_seen_in_every_state_and_every_sign_where_its_row_says_so_whatever_else_is_shown(shows: Shows) -> None:
    for view in (view for view in EVERY_VIEW if view.shows is shows):
        seen = {sign for sign, states in rules.SIGNS.items() if sign in view.signs and shows in states}
        assert set(BOOK.light(view).overlays) == seen
        assert (Sign.MUTED in seen) is view.is_muted
    assert {sign for sign, states in rules.SIGNS.items() if shows in states} >= (
        {Sign.MUTED, Sign.LINK_LOST, Sign.POOR_QUALITY} if shows in IN_CALL else {Sign.MUTED}
    )


def test_every_sign_that_is_shown_has_its_overlay_and_mute_is_on_top_of_all() -> None:
    assert {str(sign) for sign in rules.SIGNS} <= set(patterns.OVERLAYS)
    assert next(iter(rules.SIGNS)) is Sign.MUTED


@pytest.mark.parametrize(
    ("shows", "press", "hold"),
    [
        (Shows.OFFLINE, Action.SAY_NOT_CONNECTED, None),
        (Shows.IDLE, Action.CALL, None),
        (Shows.PENDING, Action.ACCEPT, Action.REJECT),
        (Shows.CONNECTING, Action.HANG_UP, None),
        (Shows.RINGING, Action.HANG_UP, None),
        (Shows.OPEN, Action.HANG_UP, Action.HANG_UP),
        (Shows.RECONNECTING, Action.HANG_UP, None),
        (Shows.FAILED, Action.CALL, None),
    ],
)
def test_the_answer_button_does_what_the_panel_in_words_says(shows: Shows, press: Action, hold: Action | None) -> None:
    assert BOOK.action("answer", shows) is press
    assert BOOK.action("answer", shows, Kind.HOLD) is hold


def test_a_press_need_not_wait_where_a_hold_would_do_the_same() -> None:
    assert BOOK.reach("answer", Shows.PENDING).hold_s == 1.0
    assert BOOK.reach("answer", Shows.OPEN).hold_s is None
    assert Rulebook.of(Settings(panel=Panel(open_press="mute"))).reach("answer", Shows.OPEN).hold_s == 1.0


def test_the_answer_button_mutes_in_a_call_where_the_settings_say_so_and_then_a_hold_hangs_up() -> None:
    book = Rulebook.of(Settings(panel=Panel(open_press="mute")))
    assert book.action("answer", Shows.OPEN) is Action.TOGGLE_MUTE
    assert book.action("answer", Shows.OPEN, Kind.HOLD) is Action.HANG_UP


def test_no_default_asks_for_what_makes_no_sense_there() -> None:
    for (shows, button, kind), action in BOOK.actions.items():
        assert shows in rules.MEANT_IN.get(action, set(Shows)), f"{shows}.{button}.{kind}"


def test_what_makes_no_sense_everywhere_is_refused_with_a_reason() -> None:
    assert rules.MEANT_IN.keys() - {Action.SAY_NOT_CONNECTED} <= REFUSALS.keys()
    assert not rules.MEANT_IN.keys() & TURNS.keys()


@pytest.mark.parametrize(
    ("button", "shows", "action"),
    [
        ("call", Shows.IDLE, Action.CALL),
        ("call", Shows.PENDING, None),
        ("call", Shows.OFFLINE, Action.SAY_NOT_CONNECTED),
        ("mute", Shows.OPEN, Action.TOGGLE_MUTE),
        ("mute", Shows.IDLE, None),
        ("reject", Shows.PENDING, Action.REJECT),
        ("reject", Shows.OPEN, Action.HANG_UP),
        ("ignore", Shows.PENDING, Action.IGNORE),
        ("unknown", Shows.IDLE, None),
        ("volume_up", Shows.OPEN, Action.VOLUME_UP),
        ("volume_down", Shows.IDLE, Action.VOLUME_DOWN),
        ("volume_up", Shows.PENDING, Action.RING_UP),
        ("volume_down", Shows.PENDING, Action.RING_DOWN),
    ],
)
def test_the_other_buttons_have_one_meaning_each(button: str, shows: Shows, action: Action | None) -> None:
    assert BOOK.action(button, shows) is action


@pytest.mark.parametrize(
    ("end", "shows"),
    [
        (End(Ending.HUNG_UP_BY_FAR_END), Shows.ENDED),
        (End(Ending.CANCELLED), Shows.ENDED_QUIETLY),
        (End(Ending.FAILED, 31486, "Busy."), Shows.BUSY),
        (End(Ending.FAILED, 31404, "Unknown."), Shows.FAILED),
    ],
)
def test_an_end_is_shown_by_its_reason(end: End, shows: Shows) -> None:
    assert rules.after(end) is shows


@pytest.mark.parametrize("shows", sorted(set(Shows) - SILENT))
def test_what_needs_an_ear_has_a_sound_that_there_is(shows: Shows) -> None:
    assert BOOK.tone(View(shows)) in CADENCES


@pytest.mark.parametrize(
    ("before", "now", "click"),
    [
        (View(Shows.OPEN), View(Shows.OPEN, MUTED), "muted"),
        (View(Shows.OPEN, MUTED), View(Shows.OPEN), "unmuted"),
        (View(Shows.RINGING, MUTED), View(Shows.OPEN, MUTED), None),
        (View(Shows.OPEN, MUTED), View(Shows.ENDED), None),
        (View(Shows.PENDING), View(Shows.CONNECTING), None),
    ],
)
def test_muting_is_heard_once_and_the_end_of_a_muted_call_is_not(before: View, now: View, click: str | None) -> None:
    assert rules.click(before, now) == click


def test_ringback_is_silent_where_the_far_end_sends_its_own() -> None:
    assert BOOK.tone(View(Shows.RINGING)) == "ringback"
    assert BOOK.tone(View(Shows.RINGING, has_early_media=True)) is None
