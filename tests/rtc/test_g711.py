"""PCMU: the table of ITU-T G.711, the telephone band, what fills a loss."""

from itertools import pairwise

import numpy as np
import pytest
from aiortc.codecs.g711 import PcmuDecoder, PcmuEncoder
from aiortc.jitterbuffer import JitterFrame
from av import AudioFrame
from hypothesis import given
from hypothesis import strategies as st

from intercom.audio.frames import RATE
from intercom.rtc.g711 import Decoder, Encoder, compress, expand
from tests.rtc.sounds import distance_db, heard, later, level_db, packets, snr_db, speech, tone

DELAY = 144  # samples, there and back
# S16 and what audioop makes of it.
PUBLISHED = [
    (0, 0xFF), (3, 0xFF), (4, 0xFE), (100, 0xF2), (-101, 0x72), (1_000, 0xCE), (-1_000, 0x4E), (8_000, 0xA0),
    (-8_000, 0x20), (16_000, 0x90), (32_635, 0x80), (32_767, 0x80), (-32_768, 0x00),
]  # fmt: skip


def s16(*samples: int) -> np.typing.NDArray[np.int16]:
    return np.array(samples, np.int16)


@pytest.mark.parametrize(("sample", "code"), PUBLISHED)
def test_samples_are_the_bytes_that_are_published(sample: int, code: int) -> None:
    assert compress(s16(sample)) == bytes([code])


def test_each_byte_comes_back_but_for_the_second_zero() -> None:
    every = bytes(range(256))
    assert compress(expand(every).astype(np.int16)) == every.replace(b"\x7f", b"\xff")


def test_the_ends_of_the_table_are_those_of_the_standard() -> None:
    assert expand(bytes([0x00, 0x7E, 0x7F, 0xFF, 0xFE, 0x80])).tolist() == [-32_124, -8, 0, 0, 8, 32_124]


@given(st.integers(-32_124, 32_124))
def test_no_sample_is_off_by_more_than_half_a_step(sample: int) -> None:
    step = max(8, 2 ** ((abs(sample) + 132).bit_length() - 5))
    assert abs(float(expand(compress(s16(sample)))[0]) - sample) <= step / 2


def test_louder_is_never_quieter() -> None:
    every = np.arange(-32_768, 32_768).astype(np.int16)
    assert (np.diff(expand(compress(every))) >= 0).all()


@pytest.mark.parametrize("hertz", [50, 200, 300, 1_000, 2_000, 3_000, 3_400])
def test_there_and_back_is_flat_to_3400_hertz(hertz: int) -> None:
    sound = tone(hertz)
    out = heard(Decoder(), packets(Encoder(), sound))
    assert abs(level_db(out[4_800:]) - level_db(sound[4_800:])) < 0.15


@pytest.mark.parametrize("hertz", [4_600, 5_000, 6_000, 7_000, 8_000, 12_000, 15_900, 20_000, 23_000])
def test_what_is_above_the_band_is_not_heard_within_it(hertz: int) -> None:
    out = heard(Decoder(), packets(Encoder(), tone(hertz, peak=16_000)))
    assert level_db(out[4_800:]) < level_db(tone(hertz, peak=16_000)) - 50


@pytest.mark.parametrize("hertz", [300, 1_000, 3_400])
def test_what_comes_back_has_no_image_above_the_band(hertz: int) -> None:
    spectrum = np.abs(np.fft.rfft(heard(Decoder(), packets(Encoder(), tone(hertz)))[4_800:] * np.hanning(19_200)))
    above = int(4_600 * 19_200 / RATE)
    assert spectrum[above:].max() < spectrum.max() / 10 ** (50 / 20)


def test_it_comes_back_three_ms_later() -> None:
    sound = tone(997)
    encoder = Encoder()
    assert encoder.look_ahead_ms == 1.5
    assert snr_db(later(sound, DELAY)[4_800 : len(sound)], heard(Decoder(), packets(encoder, sound))[4_800:]) > 33


@given(st.lists(st.binary(min_size=1, max_size=200), max_size=8))
def test_it_does_not_matter_how_sound_is_cut_into_packets(sent: list[bytes]) -> None:
    cut, whole = heard(Decoder(), [b"\xff", *sent]), Decoder().decode(b"".join([b"\xff", *sent]))
    assert np.abs(cut.astype(int) - whole).max() <= 1


@pytest.mark.parametrize("packet_ms", [10, 20])
def test_what_stands_for_lost_sound_is_better_than_silence(packet_ms: int) -> None:
    sent = packets(Encoder(), speech(), packet_ms=packet_ms)
    lost = {number for number in range(5, len(sent)) if number % 10 == number // 10 % 7}
    whole = heard(Decoder(), sent)
    plc, silence = (heard(Decoder(), sent, lost=lost, by=by) for by in ("plc", "silence"))
    assert distance_db(whole, plc) < 0.6 * distance_db(whole, silence)
    assert snr_db(whole, plc) > snr_db(whole, silence) + 0.5


@pytest.mark.parametrize("hertz", [110, 160, 440])
def test_a_tone_goes_on_over_a_loss_without_a_seam(hertz: int) -> None:
    sent = packets(Encoder(), tone(hertz), packet_ms=10)
    out = heard(Decoder(), sent, lost={20})[4_800:].astype(int)
    assert np.abs(np.diff(out)).max() < 1.3 * 2 * np.pi * hertz / RATE * 8_000
    assert snr_db(heard(Decoder(), sent)[4_800:], out) > 20


def test_it_fades_by_a_fifth_each_10_ms_and_is_silent_after_60() -> None:
    decoder = Decoder()
    heard(decoder, packets(Encoder(), tone(400, peak=10_000)))
    peaks = [int(np.abs(decoder.conceal(480)[120:]).max()) for _ in range(8)]
    assert all(after <= before for before, after in pairwise(peaks))
    assert peaks[0] > 9_500
    assert peaks[3] < 7_000
    assert peaks[7] == 0


def test_nothing_is_recovered_as_nothing_is_repeated() -> None:
    assert Decoder().recover(bytes(160), 960) is None


@given(st.lists(st.binary(max_size=300) | st.integers(0, 9_000)))
def test_any_bytes_in_any_order_are_sound_or_a_value_error(steps: list[bytes | int]) -> None:
    decoder = Decoder()
    for step in steps:
        if isinstance(step, int):
            assert len(decoder.conceal(step)) == step
        elif step:
            assert len(decoder.decode(step)) == decoder.duration(step) == 6 * len(step)
        else:
            with pytest.raises(ValueError, match="at least one byte"):
                decoder.decode(step)


def test_aiortc_hears_what_we_send() -> None:
    frames = [PcmuDecoder().decode(JitterFrame(payload, 0))[0] for payload in packets(Encoder(), tone(440))]
    out = np.concatenate([frame.to_ndarray()[0] for frame in frames if isinstance(frame, AudioFrame)])
    assert out.tolist() == expand(b"".join(packets(Encoder(), tone(440)))).tolist()


def test_we_hear_what_aiortc_sends() -> None:
    frame = AudioFrame.from_ndarray(tone(440)[None, ::6][:, :160].copy(), format="s16", layout="mono")
    frame.sample_rate, frame.pts = 8_000, 0
    out = np.concatenate([Decoder().decode(payload) for payload in PcmuEncoder().encode(frame)[0]])
    assert abs(level_db(out[200:]) - level_db(tone(440)[: len(out) - 200])) < 1
