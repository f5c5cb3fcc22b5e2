"""The playout buffer, packet by packet."""

import numpy as np

from intercom.audio.frames import RATE
from intercom.rtc.playout import Playout
from tests.rtc.farend import decoders, packet, sine

PULL, FADED = 240, 240


def test_until_the_first_packet_there_is_silence() -> None:
    playout = Playout(decoders())
    assert playout.pull(PULL, at_s=0.0) == bytes(2 * PULL)
    assert (playout.wait_ms, playout.concealed_fraction) == (None, 0.0)


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
