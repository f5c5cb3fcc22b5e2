"""Opus, against the real libopus: what it costs in delay, what it sounds like, what fills a loss, what junk does."""

import ctypes
from dataclasses import replace
from itertools import pairwise
from typing import Any, cast

import numpy as np
import pytest
from aiortc.codecs.opus import OpusDecoder, OpusEncoder
from aiortc.jitterbuffer import JitterFrame
from av import AudioFrame
from hypothesis import given
from hypothesis import strategies as st

from intercom.audio.frames import RATE
from intercom.errors import MediaError
from intercom.rtc import libopus
from intercom.rtc.coding import Sending
from intercom.rtc.opus import MOST_SAMPLES, Decoder, Encoder, repeats
from tests.rtc.sounds import distance_db, heard, later, level_db, noise, packets, snr_db, speech, tone

VOIP = Sending(20, "voip", 5, 40_000, fec=True, dtx=False)
LOW_DELAY = Sending(10, "lowdelay", 5, 64_000, fec=False, dtx=False)
WAYS = [VOIP, replace(VOIP, packet_ms=10), replace(VOIP, complexity=0, bitrate=24_000), LOW_DELAY]
NAMES = ["voip", "voip of 10 ms", "least work", "low delay"]
SET_MAX_BANDWIDTH, NARROW, MIDDLE, WIDE, FULL = 4004, 1101, 1102, 1103, 1105


def far_end(channels: int, packet_ms: float, bandwidth: int, bitrate: int, *, application: str = "voip") -> list[bytes]:
    """Return packets of an encoder that is set otherwise than ours."""
    library = libopus.library()
    state = ctypes.create_string_buffer(library.opus_encoder_get_size(channels))
    kind = {"voip": libopus.VOIP, "lowdelay": libopus.LOW_DELAY}[application]
    assert library.opus_encoder_init(state, RATE, channels, kind) == 0
    for request, value in (
        (SET_MAX_BANDWIDTH, bandwidth),
        (libopus.SET_BITRATE, bitrate),
        (libopus.SET_IN_BAND_FEC, 1),
        (libopus.SET_PACKET_LOSS, 10),
    ):
        assert library.opus_encoder_ctl(state, request, ctypes.c_int32(value)) == 0
    size, packet, made = int(RATE * packet_ms / 1000), ctypes.create_string_buffer(4000), []
    for at in range(0, 2 * RATE - size + 1, size):
        pcm = np.repeat(speech()[at : at + size], channels).tobytes()
        length = library.opus_encode(state, pcm, size, packet, 4000)
        made.append(packet.raw[:length])
    return made


FAR_ENDS = [
    (2, 20, FULL, 96_000),
    (2, 60, WIDE, 32_000),
    (1, 60, WIDE, 24_000),
    (2, 40, NARROW, 24_000),
    (1, 40, MIDDLE, 20_000),
    (1, 20, NARROW, 24_000),
    (2, 10, WIDE, 40_000),
    (1, 120, WIDE, 24_000),
    (2, 5, FULL, 128_000),
    (1, 2.5, FULL, 64_000),
]


@pytest.mark.parametrize(("how", "delay_ms"), [(VOIP, 6.5), (LOW_DELAY, 2.5)])
def test_sound_comes_out_later_by_as_much_as_is_said(how: Sending, delay_ms: float) -> None:
    encoder, sound = Encoder(how), noise(3_000, seconds=1)
    assert encoder.look_ahead_ms == delay_ms
    out = heard(Decoder(), packets(encoder, sound, packet_ms=how.packet_ms)).astype(float)
    found = int(np.argmax(np.correlate(out, sound[4_800 : RATE // 2].astype(float), "valid"))) - 4_800
    assert abs(found - RATE * delay_ms / 1000) < 10


@pytest.mark.parametrize(("how", "most_db"), list(zip(WAYS, [2.5, 3, 5, 1.5], strict=True)), ids=NAMES)
def test_a_voice_sounds_as_it_did(how: Sending, most_db: float) -> None:
    encoder = Encoder(how)
    out = heard(Decoder(), packets(encoder, speech(), packet_ms=how.packet_ms))
    assert distance_db(later(speech(), int(encoder.look_ahead_ms * RATE // 1000)), out) < most_db


@pytest.mark.parametrize(
    ("how", "kilobits"), list(zip(WAYS, [(28, 42), (28, 43), (15, 26), (55, 72)], strict=True)), ids=NAMES
)
def test_the_bit_rate_is_kept_on_average(how: Sending, kilobits: tuple[int, int]) -> None:
    sent = packets(Encoder(how), speech(), packet_ms=how.packet_ms)
    least, most = kilobits
    assert least < sum(map(len, sent)) * 8 / (len(sent) * how.packet_ms) < most


@pytest.mark.parametrize("how", [VOIP, replace(VOIP, packet_ms=10)], ids=NAMES[:2])
def test_fec_sounds_better_than_concealment_and_that_better_than_silence(how: Sending) -> None:
    encoder = Encoder(how)
    sent = packets(encoder, speech(), packet_ms=how.packet_ms)
    lost = {number for number in range(5, len(sent)) if number % 10 == number // 10 % 7}
    whole = heard(Decoder(), sent)
    fec, plc, silence = (
        distance_db(whole, heard(Decoder(), sent, lost=lost, by=by)) for by in ("fec", "plc", "silence")
    )
    assert fec < 0.7 * plc
    assert plc < 0.85 * silence


def test_a_lost_packet_leaves_no_seam() -> None:
    sent = packets(Encoder(LOW_DELAY), tone(440), packet_ms=10)
    out = heard(Decoder(), sent, lost={20, 30, 31}, by="plc").astype(int)
    steepest = 2 * np.pi * 440 / RATE * 8_000
    assert np.abs(np.diff(out[RATE // 20 :])).max() < 1.5 * steepest


def test_what_lacks_for_long_fades_to_the_noise_behind_it() -> None:
    decoder = Decoder()
    heard(decoder, packets(Encoder(VOIP), speech()[:RATE]))
    assert level_db(decoder.conceal(RATE)[-RATE // 2 :]) < -60


@pytest.mark.parametrize("far", FAR_ENDS, ids=str)
def test_what_any_far_end_sends_is_heard_and_its_length_told_before(far: tuple[int, float, int, int]) -> None:
    sent, decoder = far_end(*far), Decoder()
    assert {decoder.duration(payload) for payload in sent} == {int(RATE * far[1] / 1000)}
    out = heard(decoder, sent)
    assert len(out) == sum(map(decoder.duration, sent))
    assert abs(level_db(out) - level_db(speech()[: len(out)])) < 3


def twin(decoder: Decoder) -> Decoder:
    """Return another that has heard the same."""
    other = Decoder()
    ctypes.memmove(other._state, decoder._state, len(decoder._state))
    other._was_celt = decoder._was_celt
    return other


@pytest.mark.parametrize("far", FAR_ENDS, ids=str)
def test_libopus_agrees_on_which_packets_repeat_the_one_before(far: tuple[int, float, int, int]) -> None:
    sent, decoder, latest, told = far_end(*far), Decoder(), b"", 0
    samples = decoder.duration(sent[0])
    for before, payload in pairwise(sent):
        recovered = twin(decoder).recover(payload, samples)
        by_libopus = twin(decoder)._run(payload, decoder.duration(payload), is_lost=True)
        if latest[:1] != payload[:1]:
            pass  # libopus makes ready for what the packet is, whether it repeats or not
        elif recovered is None:
            assert np.array_equal(by_libopus, twin(decoder).conceal(samples))
        else:
            assert not np.array_equal(by_libopus, twin(decoder).conceal(samples))
            assert np.array_equal(recovered[-len(by_libopus) :], by_libopus)
            told += 1
        decoder.decode(before)
        latest = before
    assert (told > len(sent) // 4) == (far[1] >= 10)


def test_low_delay_repeats_nothing() -> None:
    assert not any(map(repeats, packets(Encoder(replace(LOW_DELAY, fec=True)), speech(), packet_ms=10)))


def test_without_the_setting_nothing_is_repeated() -> None:
    encoder = Encoder(replace(VOIP, fec=False))
    encoder.adapt(loss=0.3)
    assert not any(map(repeats, packets(encoder, speech())))


@pytest.mark.parametrize("complexity", [0, 5, 9])
@pytest.mark.parametrize("packet_ms", [10, 20])
@pytest.mark.parametrize("bitrate", [32_000, 40_000, 64_000])
def test_speech_is_repeated_before_any_loss_is_reported(bitrate: int, packet_ms: Any, complexity: int) -> None:
    how = Sending(packet_ms, "voip", complexity, bitrate, fec=True, dtx=False)
    sent = packets(Encoder(how), speech(), packet_ms=packet_ms)
    assert sum(map(repeats, sent)) > 0.6 * len(sent)


def test_a_loss_of_two_packets_is_concealed_and_then_recovered() -> None:
    sent, decoder = packets(Encoder(VOIP), speech()), Decoder()
    number = next(at for at in range(20, len(sent)) if repeats(sent[at]))
    heard(decoder, sent[: number - 2])
    recovered = decoder.recover(sent[number], 2 * 960)
    assert recovered is not None
    assert len(recovered) == 2 * 960
    assert decoder.recover(sent[number], 480) is None  # half of a frame is not there


def test_of_a_pause_its_first_empty_packet_is_sent_and_then_now_and_then_one() -> None:
    encoder, decoder = Encoder(replace(VOIP, dtx=True)), Decoder()
    sent = packets(encoder, np.concatenate((speech()[:RATE], noise(5))))
    pause = sent[60:]
    assert pause.count(b"") > 0.8 * len(pause)
    empty = [number for number, payload in enumerate(sent) if 0 < len(payload) <= 2]
    assert empty
    for number in empty:
        assert sent[number + 1] == b""
        assert decoder.duration(sent[number]) == len(decoder.decode(sent[number])) == 960


def test_without_the_setting_each_packet_is_sent() -> None:
    assert all(len(payload) > 2 for payload in packets(Encoder(VOIP), noise(5)))


def test_aiortc_hears_what_we_send() -> None:
    decoder = OpusDecoder()
    out = [decoder.decode(JitterFrame(payload, 0)) for payload in packets(Encoder(VOIP), tone(440))]
    samples = np.concatenate([cast("AudioFrame", frame).to_ndarray()[0, ::2] for frames in out for frame in frames])
    assert abs(level_db(samples) - level_db(tone(440))) < 1


def test_we_hear_what_aiortc_sends_in_stereo() -> None:
    encoder, sent = OpusEncoder(), []
    for at in range(0, RATE, 960):
        frame = AudioFrame.from_ndarray(speech()[None, at : at + 960], format="s16", layout="mono")
        frame.sample_rate, frame.pts = RATE, at
        sent += encoder.encode(frame)[0]
    out = heard(Decoder(), sent)
    assert snr_db(later(speech()[:RATE], 312), out) > 8


@pytest.mark.parametrize("size", [0, 2, 1918, 1921, 1922, 3840])
def test_an_encoder_takes_whole_packets_alone(size: int) -> None:
    with pytest.raises(ValueError, match="a packet holds 1920 bytes"):
        Encoder(VOIP).encode(bytes(size))


PAYLOADS = st.binary(max_size=60) | st.deferred(lambda: st.sampled_from([far_end(*far)[10] for far in FAR_ENDS]))
CUT = st.builds(
    lambda payload, at, byte: payload[:at] + byte + payload[at + 1 :],
    PAYLOADS,
    st.integers(0, 50),
    st.binary(max_size=1),
)


@given(st.lists(st.tuples(st.sampled_from(["decode", "recover", "conceal"]), PAYLOADS | CUT, st.integers(0, 12_000))))
def test_any_bytes_in_any_order_are_sound_or_a_value_error(steps: list[tuple[str, bytes, int]]) -> None:
    decoder = Decoder()
    for step, payload, samples in steps:
        try:
            match step:
                case "decode":
                    assert len(decoder.decode(payload)) == decoder.duration(payload) <= MOST_SAMPLES
                case "recover":
                    recovered = decoder.recover(payload, samples)
                    assert recovered is None or len(recovered) == samples
                case _:
                    assert len(decoder.conceal(samples)) == samples
        except ValueError:
            assert step == "decode"


@pytest.mark.parametrize("payload", [b"", b"\x03", b"\x03\x00", b"\xfb\x31", b"\x1b\x03"], ids=bytes.hex)
def test_a_packet_of_no_length_or_over_120_ms_is_none(payload: bytes) -> None:
    with pytest.raises(ValueError, match=r"2.5 to 120 ms|at least one byte"):
        Decoder().duration(payload)


@pytest.mark.parametrize("name", ["libopus-of-nowhere.so.0", "libm.so.6"])
def test_where_libopus_is_missing_the_error_names_the_package(name: str) -> None:
    with pytest.raises(MediaError, match="apt-get install libopus0"):
        libopus.load(name)


def test_what_libopus_refuses_is_an_error_for_people() -> None:
    with pytest.raises(MediaError, match="Look at the settings of rtc"):
        Encoder(replace(VOIP, complexity=11))
