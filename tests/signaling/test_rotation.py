"""Which of several addresses is dialled next, and after how long."""

from itertools import islice

import pytest

from intercom.signaling.backoff import delays, sdk_delays
from intercom.signaling.rotation import Loss, Rotation

OPEN = "open"


@pytest.mark.parametrize(
    ("history", "then"),
    [
        ([], "a"),
        ([Loss.NO_ANSWER], "b"),
        ([Loss.ABNORMAL], "b"),
        ([Loss.ABNORMAL, Loss.ABNORMAL, Loss.NO_ANSWER], "a"),
        ([OPEN, Loss.ORDERLY], "a"),
        ([OPEN, Loss.ABNORMAL], "a"),
        ([OPEN, Loss.ABNORMAL, Loss.ABNORMAL], "b"),
        ([OPEN, Loss.ABNORMAL, OPEN, Loss.ABNORMAL], "a"),
        ([OPEN, Loss.SILENT], "a"),
        ([OPEN, Loss.SILENT, Loss.ABNORMAL], "b"),
        ([OPEN, Loss.ORDERLY, Loss.ABNORMAL], "a"),
        ([OPEN, Loss.ORDERLY, Loss.ABNORMAL, Loss.ABNORMAL], "b"),
        ([OPEN, Loss.ORDERLY, Loss.ORDERLY, Loss.ORDERLY], "a"),
    ],
)
def test_an_address_is_left_when_it_does_not_answer_or_breaks_twice(history: list[Loss | str], then: str) -> None:
    rotation = Rotation(["a", "b", "c"])
    for event in history:
        rotation.lost(event) if isinstance(event, Loss) else rotation.opened()
    assert rotation.uri == then


def test_a_single_address_is_dialled_for_ever() -> None:
    rotation = Rotation(["a"])
    for loss in Loss:
        rotation.lost(loss)
        assert rotation.uri == "a"


def test_delays_double_up_to_their_cap_and_never_end() -> None:
    assert list(islice(delays(uniform=lambda low, _: low), 8)) == [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0]


def test_delays_differ_from_station_to_station() -> None:
    assert list(islice(delays(), 5)) != list(islice(delays(), 5))


@pytest.mark.parametrize(("addresses", "low", "high"), [(1, 0.1, 0.14), (3, 1.0, 7.0)])
def test_towards_twilio_the_delays_are_the_sdks(addresses: int, low: float, high: float) -> None:
    first, *_, last = islice(sdk_delays(addresses), 12)
    assert low <= first <= high
    assert 20.0 <= last <= 28.0
