"""What the speaker plays of several sounds: none is lost, none clicks, none clips."""

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from intercom.audio.frames import RATE
from intercom.audio.mixer import FALL, KNEE, LOWERED, PEAK, RISE, Fader, Mixer, amplify, bend, blend
from tests.rig.simcard import Pcm

BLOCK = RATE // 200
FALL_SAMPLES, RISE_SAMPLES = round((1 - LOWERED) / FALL), round((1 - LOWERED) / RISE)
ANY_PCM = arrays.arrays(np.int16, BLOCK)
FACTORS = st.floats(0, 1)


def hum(samples: int, *, peak: float = 8000, hertz: float = 300) -> Pcm:
    return (peak * np.sin(2 * np.pi * hertz * np.arange(samples) / RATE)).astype(np.int16)


def blocks(pcm: Pcm) -> Iterator[bytes]:
    return (pcm[at : at + BLOCK].tobytes() for at in range(0, len(pcm), BLOCK))


def samples(pcm: bytes | None) -> Pcm:
    assert pcm is not None
    return np.frombuffer(pcm, np.int16)


def levels(mixer: Mixer, *, voice: bool, tone: bool = False, key: bool = False, rings: bool = False) -> Iterator[float]:
    """Yield, block by block, how loud a steady voice (or, without one, a tone) comes out; 1.0 is as it went in.

    What is over it is one sample at the beginning of a block, that it can be left out.
    """
    steady, over = np.full(BLOCK, 8000, np.int16).tobytes(), np.eye(1, BLOCK, dtype=np.int16).tobytes()
    while True:
        given = steady if voice else None, (over if voice and not rings else steady) if tone else None
        mixed = mixer.mix(*given, over if key else None, is_ringing=rings)
        yield float(samples(mixed)[-1]) / 8000


def after(levels: Iterator[float], count: int) -> float:
    """Return the level after that many samples."""
    return [next(levels) for _ in range(count // BLOCK)][-1]


@given(ANY_PCM)
def test_a_voice_alone_is_the_very_same_bytes_and_nothing_is_none(voice: Pcm) -> None:
    pcm, mixer = voice.tobytes(), Mixer()
    assert mixer.mix(pcm) is pcm
    assert mixer.mix(None) is None


@given(ANY_PCM | st.none(), ANY_PCM | st.none(), ANY_PCM | st.none(), FACTORS, FACTORS, st.booleans())
def test_any_sounds_keep_their_length_and_one_at_full_volume_keeps_its_samples(
    voice: Pcm | None, tone: Pcm | None, key: Pcm | None, volume: float, tone_volume: float, is_ringing: bool
) -> None:
    given = [None if one is None else one.tobytes() for one in (voice, tone, key)]
    mixed = Mixer(volume=volume, tone_volume=tone_volume).mix(*given, is_ringing=is_ringing)
    assert (mixed is None) is (given == [None] * 3)
    assert mixed is None or len(mixed) == BLOCK * 2


@given(arrays.arrays(np.float32, 50, elements=st.floats(-200_000, 200_000, width=32)))
def test_what_is_too_loud_is_bent_within_16_bits_and_what_is_not_stays(loud: np.typing.NDArray[np.float32]) -> None:
    bent = bend(loud)
    assert np.abs(bent).max() <= PEAK
    quiet = np.abs(loud) <= KNEE
    assert np.array_equal(bent[quiet], loud[quiet])
    assert np.all(np.diff(bent[np.argsort(loud)]) >= 0)  # louder stays louder: nothing is folded over


def test_two_sounds_are_added() -> None:
    first, second = hum(BLOCK), hum(BLOCK, hertz=1000)
    assert np.array_equal(samples(blend([first.tobytes(), second.tobytes()])), first + second)


@pytest.mark.parametrize(("factor", "peak"), [(1.0, 8000), (0.5, 4000), (2.0, 16_000), (31.6, PEAK)])
def test_a_gain_makes_louder_and_never_wraps(factor: float, peak: int) -> None:
    loud = samples(amplify(hum(RATE // 10).tobytes(), factor))
    assert np.abs(loud.astype(int)).max() == pytest.approx(peak, abs=1)
    assert np.all(loud.astype(int) * hum(RATE // 10) >= 0)


@pytest.mark.parametrize(
    ("lower", "over"),
    [
        ({"voice": True}, {"voice": True, "tone": True}),
        ({"voice": True}, {"voice": True, "key": True}),
        ({"voice": False, "tone": True}, {"voice": False, "tone": True, "key": True}),
    ],
    ids=["voice under tone", "voice under key", "tone under key"],
)
def test_what_matters_less_gives_way_in_30_ms_and_is_back_in_200(lower: dict[str, bool], over: dict[str, bool]) -> None:
    mixer = Mixer()
    under, alone = levels(mixer, **over), levels(mixer, **lower)
    assert next(alone) == 1.0
    assert after(under, FALL_SAMPLES - BLOCK) > LOWERED
    assert after(under, BLOCK) == LOWERED
    assert after(alone, RISE_SAMPLES - BLOCK) < 1.0
    assert after(alone, BLOCK) == 1.0


def test_a_ringing_gives_way_to_a_voice_and_the_voice_stays() -> None:
    mixer, ring, voice = Mixer(), hum(BLOCK).tobytes(), bytes(BLOCK * 2)
    assert mixer.mix(None, ring, is_ringing=True) == ring
    for _ in range(FALL_SAMPLES // BLOCK + 1):
        mixed = mixer.mix(voice, ring, is_ringing=True)
    assert np.abs(samples(mixed) - samples(ring) * LOWERED).max() < 2
    assert next(levels(mixer, voice=True, tone=True, rings=True)) == 1.0 + LOWERED


def test_a_tones_pauses_and_a_tone_at_no_volume_lower_nothing() -> None:
    voice = hum(BLOCK).tobytes()
    assert Mixer().mix(voice, bytes(BLOCK * 2)) == voice
    assert Mixer(tone_volume=0.0).mix(voice, voice, voice) == voice


def test_a_sound_begins_at_its_volume_however_the_one_before_it_ended() -> None:
    mixer, tone = Mixer(), hum(BLOCK).tobytes()
    after(levels(mixer, voice=False, tone=True, key=True), FALL_SAMPLES)
    mixer.mix(None)
    mixer.tone_volume = 0.5
    assert np.abs(samples(mixer.mix(None, tone)) - samples(tone) * 0.5).max() <= 0.5


@given(st.lists(st.tuples(st.booleans(), st.booleans(), FACTORS), min_size=1, max_size=30), st.integers(0, PEAK))
def test_neither_giving_way_nor_a_new_volume_clicks(steps: list[tuple[bool, bool, float]], peak: int) -> None:
    """Between neighbours the voice moves no more than it did, plus what one step of the fader and the knee may."""
    mixer, played = Mixer(), []
    voice = hum(len(steps) * BLOCK, peak=peak)
    silent_tone = np.eye(1, BLOCK, dtype=np.int16).tobytes()  # one unit high: it lowers, and is not heard
    for block, (has_tone, has_key, volume) in zip(blocks(voice), steps, strict=True):
        mixer.volume = volume
        played.append(samples(mixer.mix(block, silent_tone if has_tone else None, silent_tone if has_key else None)))
    most = np.abs(np.diff(voice.astype(int))).max(initial=0) + peak * max(FALL, RISE) + 3 + (PEAK - bend_of(PEAK))
    assert np.abs(np.diff(np.concatenate(played).astype(int))).max() <= most


def bend_of(height: float) -> float:
    return float(bend(np.array([height], np.float32))[0])


@given(st.lists(FACTORS, min_size=1, max_size=5), st.lists(st.integers(0, 2000), min_size=1, max_size=20))
def test_a_fader_does_the_same_in_blocks_of_any_size(targets: list[float], sizes: list[int]) -> None:
    whole, parts = Fader(), Fader()
    for target in targets:
        voice = hum(sum(sizes)).tobytes()
        ends = np.cumsum(sizes) * 2
        cut = b"".join(parts.feed(voice[end - 2 * size : end], target) for size, end in zip(sizes, ends, strict=True))
        assert np.abs(samples(cut).astype(int) - samples(whole.feed(voice, target))).max(initial=0) <= 1
