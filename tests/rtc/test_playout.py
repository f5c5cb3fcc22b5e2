"""The playout buffer, packet by packet."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from intercom.audio.frames import RATE
from intercom.rtc.playout import Playout
from tests.rtc.farend import decoders, packet, sine

PULL, FADED = 240, 240


def test_until_the_first_packet_there_is_silence() -> None:
    playout = Playout(decoders())
    assert playout.pull(PULL, at_s=0.0) == bytes(2 * PULL)
    assert (playout.wait_ms, playout.concealed_fraction) == (None, 0.0)


def test_what_is_decoded_already_comes_along_in_whole_lots() -> None:
    playout, sizes = Playout(decoders()), []
    for index in range(50):
        playout.put(packet(index), at_s=index * 0.02)
        at_s = index * 0.02
        while at_s < index * 0.02 + 0.0199:
            sizes.append(len(playout.pull(PULL, at_s=at_s, most=4 * PULL)) // 2)
            at_s += sizes[-1] / RATE
    assert {size % PULL for size in sizes} == {0}
    assert sizes.count(4 * PULL) > 40  # a packet each


@given(st.integers(1, 1200), st.integers(0, 3000))
def test_there_are_never_fewer_samples_than_asked_for_nor_more_than_most(samples: int, most: int) -> None:
    playout = Playout(decoders())
    for index in range(5):
        playout.put(packet(index), at_s=index * 0.02)
        size = len(playout.pull(samples, at_s=index * 0.02, most=most)) // 2
        assert samples <= size <= max(samples, most)
        assert size % samples == 0


def test_what_was_said_is_heard() -> None:
    playout, heard = Playout(decoders()), b""
    for index in range(20):
        playout.put(packet(index), at_s=index * 0.02)
        for pull in range(4):
            heard += playout.pull(PULL, at_s=index * 0.02 + pull * 0.005)
    sound = np.frombuffer(heard, np.int16)
    begin = playout.counters.silence_samples
    assert begin <= RATE * 40 // 1000
    assert np.array_equal(sound[begin + FADED :], sine(FADED, len(sound) - begin - FADED))
    assert playout.counters.packets_decoded >= 18
