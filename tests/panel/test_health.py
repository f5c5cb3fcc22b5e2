"""Which buttons can't be trusted, and since when they can again."""

from hypothesis import given
from hypothesis import strategies as st

from intercom.panel.events import Edge, Flood
from intercom.panel.health import STUCK_S, Health
from intercom.panel.sieve import QUIET_S, TELL_S

DOWN, UP = True, False


def test_a_button_that_stays_down_is_named_after_a_minute_until_it_is_released() -> None:
    health = Health()
    health.feed(Edge("answer", DOWN, 10.0))
    assert health.due() == 10.0 + STUCK_S
    assert health.tick(69.9) == []
    assert health.faults == {}
    assert health.tick(70.0) == ["answer"]
    assert health.faults["answer"].startswith("The button answer seems stuck: it has been down for 60 s.")
    assert (health.due(), health.tick(200.0)) == (None, [])
    health.feed(Edge("answer", UP, 300.0))
    assert health.faults == {}


def test_a_button_that_is_found_down_is_named_at_once_and_is_stuck_later() -> None:
    health = Health()
    health.feed(Edge("answer", DOWN, 10.0, is_found=True))
    assert health.faults["answer"].startswith("The button answer was found down.")
    health.tick(70.0)
    assert "stuck" in health.faults["answer"]
    health.feed(Edge("answer", UP, 71.0))
    assert health.faults == {}


def test_a_button_that_floods_is_named_until_it_was_quiet() -> None:
    health = Health()
    health.feed(Edge("mute", DOWN, 9.99))
    health.feed(Flood("mute", 10.0, 9.9))
    health.feed(Flood("mute", 11.0, 9.9))
    assert health.faults["mute"].startswith("The button mute bounces or floats")
    assert health.due() == 11.0 + TELL_S + QUIET_S
    assert health.trust(14.9) == []
    assert health.trust(15.0) == ["mute"]
    assert (health.faults, health.due()) == ({}, None)


def test_a_button_that_is_heard_again_is_trusted_at_once() -> None:
    health = Health()
    health.feed(Flood("mute", 10.0, 9.9))
    health.feed(Edge("mute", DOWN, 13.5))
    assert health.faults == {}


EVENTS = st.builds(Edge, st.sampled_from("ab"), st.booleans(), st.just(0.0), st.booleans()) | st.builds(
    Flood, st.sampled_from("ab"), st.just(0.0), st.just(0.0)
)


@given(st.lists(st.tuples(st.floats(0, 100), EVENTS)))
def test_whatever_came_released_buttons_are_trusted_in_the_end(story: list[tuple[float, Edge | Flood]]) -> None:
    health, now = Health(), 0.0
    for after, event in story:
        now += after
        health.trust(now)
        health.tick(now)
        match event:
            case Edge(button=button, is_down=is_down, is_found=is_found):
                health.feed(Edge(button, is_down, now, is_found))
            case Flood(button=button):
                health.feed(Flood(button, now, now))
        assert health.due() is None or health.due() > now - 1e-9  # type: ignore[operator]
    for button in "ab":
        health.feed(Edge(button, UP, now))
    assert (health.faults, health.due()) == ({}, None)
