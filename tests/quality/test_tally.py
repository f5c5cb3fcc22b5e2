"""A call's figures, of those of its seconds."""

from hypothesis import given
from hypothesis import strategies as st

from intercom.quality.sample import Figures, Sample, Totals
from intercom.quality.tally import Heard, Tally


def sample(
    *, mos: float | None = None, jitter: float | None = None, rtt: float | None = None, lost: float = 0
) -> Sample:
    return Sample(
        timestamp=0, codec_name="opus", bytes_received=0, bytes_sent=0, packets_received=50, packets_sent=50,
        packets_lost=0, packets_lost_fraction=0, jitter=jitter, rtt=rtt, mos=mos, audio_input_level=0,
        audio_output_level=0, totals=Totals(packets_lost_fraction=lost),
    )  # fmt: skip


def test_a_call_of_no_second_has_no_figures() -> None:
    assert Tally().sum() is None


def test_means_and_worst_are_of_the_seconds_that_have_the_figure_and_loss_is_the_whole_call_s() -> None:
    tally = Tally()
    tally.add(sample(), None)
    tally.add(sample(mos=4.4, jitter=2, rtt=10, lost=5), Figures(mouth_to_ear=100, loss_there=0.02))
    tally.add(sample(mos=3.4, jitter=40, rtt=30, lost=2), Figures(mouth_to_ear=140, concealed_fraction=0.01))
    assert tally.sum() == Heard(
        seconds=3, mos=3.9, lowest_mos=3.4, loss_percent=2.0, loss_there_percent=2.0, jitter_ms=21.0,
        worst_jitter_ms=40.0, rtt_ms=20.0, worst_rtt_ms=30.0, mouth_to_ear_ms=120.0, concealed_percent=1.0,
    )  # fmt: skip


@given(st.lists(st.floats(1, 4.5), min_size=1))
def test_the_mean_lies_between_the_lowest_and_the_best(scores: list[float]) -> None:
    tally = Tally()
    for mos in scores:
        tally.add(sample(mos=mos), None)
    heard = tally.sum()
    assert heard
    assert heard.mos is not None
    assert heard.lowest_mos == round(min(scores), 2)
    assert heard.lowest_mos <= heard.mos <= round(max(scores), 2)
