"""What holds for the playout buffer whatever comes."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from intercom.audio.frames import RATE
from intercom.rtc.playout import INBOX, Playout
from intercom.rtc.rtp import Packet
from intercom.rtc.shelf import HELD, HELD_SAMPLES
from tests.rtc.airing import air, said
from tests.rtc.farend import HEAD, STEP, VOICE, SineDecoder

DECODERS = {VOICE: SineDecoder, 0: lambda: SineDecoder(8_000), 96: lambda: SineDecoder(16_000)}

payloads = st.one_of(
    st.binary(max_size=12),
    st.builds(
        HEAD.pack,
        st.integers(0, 0xFFFFFFFF),
        st.sampled_from([0, 1, 120, 480, 960, 1_920, 2_880, 5_760, 65_535]),
        st.sampled_from([0, 480, 960]),
    ),
)
junk = st.builds(
    Packet,
    st.sampled_from([VOICE, 0, 96, 13, 101]),
    st.integers(0, 0xFFFF),
    st.integers(0, 0xFFFFFFFF),
    st.sampled_from([7, 7, 7, 8]),
    payloads,
)
steps = st.tuples(
    st.sampled_from([0, 1, 1, 1, 1, 2, 5, -1, 300, 40_000]), st.sampled_from([0, 960, 960, 960, 48_000, 1 << 31])
)
seconds = st.sampled_from([0.0, 0.005, 0.005, 0.02, 0.02, 0.3, 2.0])


def _bounded(playout: Playout) -> bool:
    stream = playout._intake.stream
    is_bounded = stream is None or (stream.shelf.samples <= HELD_SAMPLES and len(stream.shelf._items) <= HELD)
    return is_bounded and len(playout._inbox) <= INBOX


@given(st.lists(st.tuples(junk, seconds, st.integers(0, 3_000), st.floats(-1, 1)), max_size=60))
def test_whatever_comes_whenever_there_are_as_many_samples_as_are_asked_for(
    comings: list[tuple[Packet, float, int, float]],
) -> None:
    playout, now_s = Playout(DECODERS), 0.0
    for packet, after_s, samples, early_s in comings:
        now_s += after_s
        playout.put(packet, at_s=now_s - early_s)
        assert len(playout.pull(samples, at_s=now_s)) == 2 * samples
        assert _bounded(playout)
        assert 0 <= playout.concealed_fraction <= 1


@given(st.lists(st.tuples(steps, payloads, seconds, st.sampled_from([VOICE, VOICE, VOICE, 0, 13, 101])), max_size=80))
def test_a_stream_may_jump_as_it_likes(comings: list[tuple[tuple[int, int], bytes, float, int]]) -> None:
    playout, now_s, number, stamp = Playout(DECODERS), 0.0, 65_530, 0xFFFFFF00
    for (ahead, later), payload, after_s, kind in comings:
        number, stamp, now_s = (number + ahead) & 0xFFFF, (stamp + later) & 0xFFFFFFFF, now_s + after_s
        playout.put(Packet(kind, number, stamp, 7, payload), at_s=now_s)
        assert len(playout.pull(480, at_s=now_s)) == 960
        assert _bounded(playout)


@given(st.integers(1, 400), st.integers(101, 600))
def test_nothing_that_was_not_pulled_piles_up(few: int, many: int) -> None:
    playout = Playout(DECODERS)
    for index in range(many):
        payload = HEAD.pack(index * 960, 960, 960)
        playout.put(Packet(VOICE, index, index * 960, 7, payload), at_s=index * 0.02)
    playout.pull(few, at_s=many * 0.02)
    assert _bounded(playout)


@settings(max_examples=40, deadline=None)
@given(
    delays_us=st.lists(st.one_of(st.none(), st.integers(0, 2_000), st.integers(0, 90_000)), min_size=30, max_size=150),
    samples=st.sampled_from([480, 960, 1_920, 2_880]),
    pull=st.sampled_from([48, 240, 480, 441]),
    ppm=st.floats(-500, 500),
)
def test_no_network_makes_a_sine_click(delays_us: list[int | None], samples: int, pull: int, ppm: float) -> None:
    packets = said(delays_us, samples=samples, ppm=ppm)
    if packets:
        airing = air(packets, pull=pull, ppm=ppm, samples=samples)
        assert airing.click() <= STEP
        assert len(airing.sound) % pull == 0


@given(st.integers(1, 2_000))
def test_before_anything_comes_there_is_silence(samples: int) -> None:
    playout = Playout(DECODERS)
    assert not np.frombuffer(playout.pull(samples, at_s=RATE), np.int16).any()
