"""How late packets come, and what is waited for."""

import pytest

from intercom.rtc.arrival import START_S, WINDOW_S, Arrival
from intercom.rtc.peaks import Peaks

PACKET_S = 0.02


def after(transits_s: list[float]) -> Arrival:
    arrival = Arrival(transits_s[0], at_s=0.0)
    for index, transit_s in enumerate(transits_s):
        arrival.arrived(transit_s, at_s=index * PACKET_S)
    return arrival


TABLE = [
    ("the first packet may have been the fastest one", [0.0], START_S),
    ("a clean path", [0.0] * 100, 0.0),
    ("one late packet among 50 is none to wait for", [0.0] * 80 + [0.08] + [0.0] * 20, 0.0),
    ("two are", [0.0] * 80 + [0.08, 0.07] + [0.0] * 20, 0.07),
    ("what was late long ago is forgotten", [0.0] * 50 + [0.08] * 20 + [0.0] * 70, 0.0),
    ("a longer route", [0.0] * 100 + [0.05] * 100, 0.05),
    ("nobody waits for more than half a second", [0.0] * 80 + [3.0] * 20, 0.5),
]


@pytest.mark.parametrize(("name", "transits_s", "bound_s"), TABLE)
def test_what_is_waited_for(name: str, transits_s: list[float], bound_s: float) -> None:
    assert after(transits_s).bound_s(PACKET_S) == pytest.approx(bound_s), name


def lossy(arrival: Arrival, packets: int, *, every: int) -> Arrival:
    for index in range(packets):
        arrival.played(is_after_loss=index % every == 0)
    return arrival


@pytest.mark.parametrize(("every", "bound_s"), [(100, 0.0), (20, PACKET_S), (5, PACKET_S)])
def test_where_packets_are_lost_the_next_one_is_waited_for(every: int, bound_s: float) -> None:
    assert lossy(after([0.0] * 100), 600, every=every).bound_s(PACKET_S) == bound_s


def test_it_is_not_when_the_loss_is_over() -> None:
    arrival = lossy(after([0.0] * 100), 600, every=10)
    assert lossy(arrival, 700, every=1_000).bound_s(PACKET_S) == 0


def test_nor_when_it_repeats_nothing_until_that_is_tried_again() -> None:
    arrival = lossy(after([0.0] * 100), 600, every=10)
    for _ in range(16):
        arrival.tried(is_repeated=False)
    assert arrival.bound_s(PACKET_S) == 0
    lossy(arrival, 900, every=10)
    assert arrival.bound_s(PACKET_S) == PACKET_S


@pytest.mark.parametrize(
    ("times_s", "at_s", "height_s"),
    [
        ([0.0, 1.0], 1.5, 0.0),
        ([0.0, 1.0, 2.0], 2.5, 0.05),
        ([0.0, 0.1, 0.2, 0.3], 0.4, 0.0),
        ([0.0, 1.0, 2.0], 5.5, 0.0),
        ([0.0, 5.0, 10.0], 10.5, 0.0),
    ],
)
def test_peaks_that_recur_are_expected(times_s: list[float], at_s: float, height_s: float) -> None:
    peaks = Peaks()
    for time_s in times_s:
        peaks.rose(0.05, at_s=time_s)
    assert peaks.height_s(at_s=at_s) == height_s


def test_peaks_that_recur_are_waited_for() -> None:
    transits_s = [0.0] * 400
    for index in range(50, 350, 100):
        transits_s[index] = 0.06
    assert after(transits_s[:300]).bound_s(PACKET_S) == pytest.approx(0.06)
    assert WINDOW_S < 100 * PACKET_S
