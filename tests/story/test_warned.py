"""How long warnings hold."""

from intercom.story.record import Warned
from intercom.story.warned import Warnings


def test_the_times_of_a_warning_that_comes_again_are_added() -> None:
    warnings = Warnings()
    warnings.raised("high-jitter", 5.0)
    warnings.raised("low-mos", 6.0)
    warnings.cleared("high-jitter", 8.0)
    warnings.raised("high-jitter", 20.0)
    assert warnings.told(22.5) == (Warned("high-jitter", 2, 5.5), Warned("low-mos", 1, 16.5))
    assert Warnings().told(9.0) == ()


def test_a_warning_that_never_came_is_not_cleared() -> None:
    warnings = Warnings()
    warnings.cleared("high-rtt", 3.0)
    assert warnings.told(4.0) == ()
