"""The playout buffer on networks good and bad: recorded arrivals, the same each time."""

import pytest

from tests.rtc.airing import Airing, air, said
from tests.rtc.farend import STEP
from tests.vectors.read import vectors

TRACES: dict[str, list[int | None]] = vectors("arrivals")["traces"]


def aired(name: str) -> Airing:
    return air(said(TRACES[name]))


@pytest.mark.parametrize("name", TRACES)
def test_no_network_makes_it_click(name: str) -> None:
    assert aired(name).click() <= STEP


@pytest.mark.parametrize("name", ["wifi", "30-100-30", "loss 20"])
def test_the_same_packets_at_the_same_times_sound_the_same(name: str) -> None:
    first, second = aired(name), aired(name)
    assert first.sound.tobytes() == second.sound.tobytes()
    assert first.playout.counters == second.playout.counters


@pytest.mark.parametrize(
    ("samples", "pull", "most_ms"), [(480, 240, 11), (960, 240, 11), (960, 480, 16), (2880, 240, 11)]
)
def test_on_a_clean_path_sound_waits_for_a_pull_and_a_margin(samples: int, pull: int, most_ms: float) -> None:
    airing = air(said([0] * (480_000 // samples), samples=samples), pull=pull, samples=samples)
    begin_ms = airing.delay_ms(0, 1)
    assert begin_ms[1] <= 40
    assert airing.delay_ms(8, 10)[1] <= most_ms
    assert airing.playout.concealed_fraction == 0


def test_a_busy_machine_stumbles_now_and_then_and_is_fast_in_between() -> None:
    airing = aired("loopback")
    assert airing.playout.concealed_fraction < 0.02
    assert airing.delay_ms(0, 20)[0] <= 20


def test_one_lost_packet_stalls_for_no_longer_than_itself_and_leaves_no_delay() -> None:
    airing = aired("one lost")
    before, after = airing.delay_ms(4, 5), airing.delay_ms(6.1, 7)
    assert airing.longest_stall_ms() <= 21
    assert after[1] <= before[1] + 1
    assert airing.playout.counters.concealed_samples == 960


@pytest.mark.parametrize(
    ("name", "most"), [("loss 1", 0.012), ("loss 5", 0.012), ("loss 10", 0.025), ("loss 20", 0.055)]
)
def test_most_of_what_is_lost_again_and_again_is_repeated_by_the_next_packet(name: str, most: float) -> None:
    airing = aired(name)
    assert airing.playout.concealed_fraction <= most
    assert airing.delay_ms(0, 30)[1] <= 36


def test_who_repeats_nothing_is_not_waited_for() -> None:
    airing = air(said(TRACES["loss 5"], repeats=False))
    assert airing.playout.counters.packets_recovered == 0
    assert airing.delay_ms(20, 30)[0] <= 12


def test_the_delay_follows_the_jitter_and_is_back_two_seconds_after() -> None:
    airing = aired("30-100-30")
    assert airing.delay_ms(8, 12)[1] <= 45
    assert airing.delay_ms(14, 24)[0] >= 85
    assert airing.delay_ms(26.1, 40)[1] <= 45
    assert airing.playout.concealed_fraction <= 0.005


def test_peaks_that_recur_are_waited_for() -> None:
    airing = aired("wifi")
    assert airing.playout.concealed_fraction <= 0.02
    assert airing.delay_ms(0, 20)[1] <= 120


@pytest.mark.parametrize("name", ["gap lost", "gap late"])
def test_a_gap_of_200_ms_heals_within_three_seconds(name: str) -> None:
    airing = aired(name)
    assert airing.longest_stall_ms() <= 205
    assert airing.delay_ms(8.2, 10)[1] <= airing.delay_ms(4, 5)[1] + 8


def test_bursts_of_60_ms_leave_no_delay() -> None:
    airing = aired("bursts lost")
    assert airing.delay_ms(10, 20)[1] <= 12
    assert airing.longest_stall_ms() <= 61


def test_a_packet_behind_its_successor_is_recovered_and_counted_late() -> None:
    airing = aired("swapped")
    counters = airing.playout.counters
    assert counters.packets_recovered + counters.packets_late + counters.concealed_samples // 480 > 0
    assert airing.delay_ms(3, 10)[1] <= 40


@pytest.mark.parametrize("ppm", [300.0, -300.0])
def test_two_clocks_apart_keep_the_delay_for_ten_minutes(ppm: float) -> None:
    calm = [min(delay_us or 0, 2_000) for delay_us in TRACES["loopback"]]
    airing = air(said(calm * 30, ppm=ppm), pull=48, ppm=ppm)
    counters = airing.playout.counters
    earliest, latest = airing.delay_ms(30, 600)
    assert latest - earliest <= 5
    assert airing.playout.skew_ppm == pytest.approx(ppm, abs=30)
    assert counters.shrunk_samples + counters.stretched_samples <= 1000  # at the beginning, if at all
    assert (counters.removed_samples if ppm > 0 else counters.inserted_samples) > 8000
    assert airing.click() <= STEP


def test_jitter_does_not_hide_a_drift() -> None:
    airing = air(said(TRACES["wifi"] * 6, ppm=-200.0), ppm=-200.0)
    assert airing.playout.skew_ppm == pytest.approx(-200, abs=100)
