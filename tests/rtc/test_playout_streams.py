"""The playout buffer, when what comes is more than one even stream of voice."""

from collections.abc import Sequence

import numpy as np
import pytest

from intercom.audio.frames import RATE
from intercom.rtc.playout import Playout
from intercom.rtc.rtp import Packet
from tests.rtc.farend import HEAD, STEP, VOICE, SineDecoder, packet

PULL, EVENT, NOISE, PCMU = 240, 101, 13, 0
DECODERS = {VOICE: SineDecoder, PCMU: lambda: SineDecoder(8_000)}


def play(playout: Playout, packets: Sequence[tuple[float, Packet]], *, until_s: float, begin_s: float = 0.001) -> bytes:
    """Return what is heard in that time; the packets come at their times."""
    heard, coming, now_s = bytearray(), sorted(packets), begin_s
    while now_s < until_s:
        while coming and coming[0][0] <= now_s:
            at_s, one = coming.pop(0)
            playout.put(one, at_s=at_s)
        heard += playout.pull(PULL, at_s=now_s)
        now_s += PULL / RATE
    return bytes(heard)


def clicks(heard: bytes) -> int:
    return int(np.abs(np.diff(np.frombuffer(heard, np.int16).astype(int))).max())


def voice(indices: range, *, begin_s: float = 0.0, first: int = 0, stamp: int = 0) -> list[tuple[float, Packet]]:
    return [(begin_s + index * 0.02, packet(index, first=first, stamp=stamp)) for index in indices]


def test_numbers_and_timestamps_wrap() -> None:
    playout = Playout(DECODERS)
    play(playout, voice(range(100), first=65_500, stamp=0xFFFFFFFF - 40_000), until_s=2)
    assert (playout.counters.packets_decoded, playout.counters.resets) == (100, 0)
    assert playout.concealed_fraction == 0


def test_a_packet_that_comes_twice_is_heard_once() -> None:
    playout = Playout(DECODERS)
    play(playout, voice(range(50)) + voice(range(50), begin_s=0.003), until_s=1)
    assert (playout.counters.packets_decoded, playout.counters.packets_repeated) == (50, 50)
    assert playout.concealed_fraction == 0


def test_another_source_is_heard_at_once() -> None:
    playout = Playout(DECODERS)
    other = [(at_s, one._replace(ssrc=8)) for at_s, one in voice(range(50), begin_s=1.0, first=9_000, stamp=77)]
    heard = play(playout, voice(range(50)) + other, until_s=2)
    assert playout.counters.resets == 1
    assert playout.counters.packets_decoded >= 98
    assert playout.wait_ms is not None
    assert playout.wait_ms < 40
    assert clicks(heard) <= STEP


@pytest.mark.parametrize(
    ("first", "stamp"), [(0, 5_000_000), (0, -5_000_000), (30_000, 0), (30_000, 9), (-20_000, 1 << 31)]
)
def test_a_far_end_may_restart_with_other_numbers(first: int, stamp: int) -> None:
    playout = Playout(DECODERS)
    heard = play(playout, voice(range(53)) + voice(range(53, 100), first=first, stamp=stamp), until_s=2)
    assert playout.counters.resets == 1
    assert playout.counters.packets_decoded >= 98
    assert playout.concealed_fraction < 0.03
    assert clicks(heard) <= STEP


def test_a_single_stray_packet_does_no_harm() -> None:
    playout = Playout(DECODERS)
    stray = [(0.505, packet(3, first=40_000)._replace(ssrc=99)), (0.705, packet(9, stamp=1 << 31, first=30_000))]
    play(playout, voice(range(50)) + stray, until_s=1)
    assert (playout.counters.packets_decoded, playout.counters.resets) == (50, 0)
    assert playout.concealed_fraction == 0


def test_a_pause_of_the_far_end_is_no_loss() -> None:
    playout = Playout(DECODERS)
    later = [(at_s, one._replace(sequence_number=one.sequence_number - 150)) for at_s, one in voice(range(200, 250))]
    heard = play(playout, voice(range(50)) + later, until_s=5)
    counters = playout.counters
    assert counters.packets_decoded == 100
    assert (counters.packets_recovered, counters.resets) == (0, 0)
    assert playout.concealed_fraction == 0
    assert counters.noise_samples > 2.5 * RATE
    assert clicks(heard) <= STEP


def test_a_pause_takes_up_what_delay_there_is_too_much() -> None:
    playout = Playout(DECODERS)
    late = [(at_s + 0.1, one) for at_s, one in voice(range(50, 100))]
    later = [(at_s, one._replace(sequence_number=one.sequence_number - 100)) for at_s, one in voice(range(200, 250))]
    play(playout, voice(range(50)) + late, until_s=2.2)
    before = playout.counters.shrunk_samples
    play(playout, later, begin_s=2.2, until_s=5)
    assert playout.counters.shrunk_samples == before
    assert playout.wait_ms is not None
    assert playout.wait_ms < 40


def test_comfort_noise_is_as_loud_as_the_far_end_says() -> None:
    playout = Playout(DECODERS)
    quiet = [
        (1.0 + at * 0.2, Packet(NOISE, 50 + at, 48_000 + at * 9_600, 7, bytes([40, 120, 130]))) for at in range(10)
    ]
    heard = play(playout, voice(range(50)) + quiet, until_s=3)
    noise = np.frombuffer(heard, np.int16)[-RATE:].astype(float)
    assert np.sqrt(np.mean(noise**2)) == pytest.approx(32_768 * 10 ** (-40 / 20), rel=0.1)
    assert playout.concealed_fraction == 0


def events(numbers: range, *, stamp: int) -> list[tuple[float, Packet]]:
    return [(number * 0.02, Packet(EVENT, number, stamp, 7, b"\x05\x0a\x03\xc0")) for number in numbers]


def test_an_event_holds_its_place_and_sounds_as_silence() -> None:
    playout = Playout(DECODERS)
    noise = [(1.0, Packet(NOISE, 50, 48_000, 7, b"\x28"))]
    digit = events(range(51, 60), stamp=48_000)
    heard = play(playout, voice(range(50)) + noise + digit + voice(range(60, 100)), until_s=2)
    counters = playout.counters
    assert (counters.packets_decoded, counters.packets_recovered, counters.resets) == (90, 0, 0)
    assert playout.concealed_fraction == 0
    sound = np.frombuffer(heard, np.int16)[int(1.06 * RATE) : int(1.19 * RATE)]
    assert not sound.any()
    assert clicks(heard) <= STEP


def test_events_between_packets_of_voice_disturb_none() -> None:
    playout, packets = Playout(DECODERS), []
    for index in range(100):
        number = index * 2
        packets.append((index * 0.02, packet(index)._replace(sequence_number=number)))
        packets.append((index * 0.02 + 0.001, Packet(EVENT, number + 1, 960, 7, b"\x05\x0a\x03\xc0")))
    play(playout, packets, until_s=2)
    assert playout.counters.packets_decoded == 100
    assert playout.concealed_fraction == 0


def test_the_codec_may_change_within_a_call() -> None:
    playout = Playout(DECODERS)
    narrow = [
        (at_s, one._replace(payload_type=PCMU, timestamp=53 * 960 + index * 160))
        for index, (at_s, one) in enumerate(voice(range(53, 100)))
    ]
    heard = play(playout, voice(range(53)) + narrow + voice(range(100, 150)), until_s=3)
    assert (playout.counters.packets_decoded, playout.counters.resets) == (150, 0)
    assert playout.concealed_fraction < 0.02
    assert clicks(heard) <= STEP


def test_payload_types_may_be_agreed_on_anew() -> None:
    playout = Playout({})
    play(playout, voice(range(10)), until_s=0.2)
    assert playout.counters.packets_decoded == 0
    playout.agree(DECODERS)
    play(playout, voice(range(10, 60)), begin_s=0.2, until_s=1.4)
    assert playout.counters.packets_decoded == 50


@pytest.mark.parametrize("junk", [b"x", b"far too long for the decoder", HEAD.pack(0, 0, 0), HEAD.pack(0, 60_000, 0)])
def test_a_payload_that_is_none_is_a_lost_packet(junk: bytes) -> None:
    playout, packets = Playout(DECODERS), voice(range(100))
    packets[50] = packets[50][0], packets[50][1]._replace(payload=junk)
    heard = play(playout, packets, until_s=2)
    assert (playout.counters.packets_decoded, playout.counters.packets_unreadable) == (99, 1)
    assert playout.counters.concealed_samples + playout.counters.recovered_samples == 960
    assert clicks(heard) <= STEP


def test_a_speaker_that_was_away_does_not_hear_old_sound() -> None:
    playout = Playout(DECODERS)
    play(playout, voice(range(50)), until_s=1)
    for at_s, one in voice(range(50, 500)):
        playout.put(one, at_s=at_s)
    play(playout, voice(range(500, 550)), begin_s=10.0, until_s=11)
    assert playout.wait_ms is not None
    assert playout.wait_ms < 40
    assert playout.counters.packets_dropped + playout.counters.dropped_samples > 0


def test_the_latest_pull_can_be_looked_at() -> None:
    playout = Playout(DECODERS)
    assert playout.newest == b""
    assert playout.pull(PULL, at_s=0.0) == playout.newest == bytes(2 * PULL)
