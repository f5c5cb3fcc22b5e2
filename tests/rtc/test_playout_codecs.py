"""The playout buffer with the real codecs: a voice-like sound, there and back."""

from collections.abc import Callable

import numpy as np
import pytest

from intercom.audio.frames import RATE
from intercom.rtc import g711, opus
from intercom.rtc.coding import Decoder, Encoder, Samples, Sending
from intercom.rtc.playout import Playout
from intercom.rtc.rtp import Packet
from tests.rtc.airing import BEGIN_S, Stamped

SECONDS, PULL, BLOCK = 4, 240, 960
KINDS = {"opus": 111, "pcmu": 0}
DECODERS: dict[int, Callable[[], Decoder]] = {111: opus.Decoder, 0: g711.Decoder}
HARMONICS = np.arange(1, 20)


def voice() -> Samples:
    """Return a buzz of 120 Hz with two formants, which grows louder and softer three times a second."""
    at = np.arange(SECONDS * RATE) / RATE
    weights = np.exp(-(((HARMONICS * 120 - 500) / 400) ** 2)) + 0.3 * np.exp(-(((HARMONICS * 120 - 1_500) / 300) ** 2))
    buzz = weights @ np.sin(2 * np.pi * 120 * np.outer(HARMONICS, at) + HARMONICS[:, None])
    sound: Samples = (2_500 * buzz * (0.6 + 0.4 * np.sin(2 * np.pi * 3 * at))).astype(np.int16)
    return sound


def encoder(name: str, *, packet_ms: int = 20, dtx: bool = False) -> Encoder:
    if name == "pcmu":
        return g711.Encoder()
    made = opus.Encoder(
        Sending(packet_ms=20, application="voip", complexity=5, bitrate=32_000, fec=True, dtx=dtx)
        if packet_ms == 20
        else Sending(packet_ms=10, application="lowdelay", complexity=5, bitrate=32_000, fec=False, dtx=dtx)
    )
    made.adapt(loss=0.1)
    return made


def packets(name: str, sound: Samples, *, packet_ms: int = 20, dtx: bool = False) -> list[Stamped]:
    """Return what is sent, with the time when it is."""
    codec, samples = encoder(name, packet_ms=packet_ms, dtx=dtx), packet_ms * RATE // 1000
    payloads = [codec.encode(sound[at : at + samples].tobytes()) for at in range(0, len(sound), samples)]
    sent: list[Stamped] = []
    clock = samples * codec.rate_hz // RATE
    for index, payload in enumerate(payloads):
        if payload:
            packet = Packet(KINDS[name], len(sent), index * clock, 7, payload)
            sent.append(((index + 1) * samples / RATE, packet))
    return sent


def hear(playout: Playout, coming: list[Stamped], *, until_s: float = SECONDS) -> Samples:
    heard, now_s, coming = bytearray(), BEGIN_S, list(coming)
    while now_s < until_s:
        while coming and coming[0][0] <= now_s:
            playout.put(coming[0][1], at_s=coming[0][0])
            del coming[0]
        heard += playout.pull(PULL, at_s=now_s)
        now_s += PULL / RATE
    return np.frombuffer(bytes(heard), np.int16)


def loudness(sound: Samples) -> list[float]:
    """Return the rms of each 20 ms, from 200 ms on."""
    blocks = sound[RATE // 5 : len(sound) // BLOCK * BLOCK].reshape(-1, BLOCK).astype(float)
    return [float(rms) for rms in np.sqrt((blocks**2).mean(axis=1))]


CODECS = [("opus", 20), ("opus", 10), ("pcmu", 20), ("pcmu", 10)]


@pytest.mark.parametrize(("name", "packet_ms"), CODECS)
def test_a_voice_arrives_whole(name: str, packet_ms: int) -> None:
    playout = Playout(DECODERS)
    heard = hear(playout, packets(name, voice(), packet_ms=packet_ms))
    assert min(loudness(heard)) > 0.7 * min(loudness(voice()))
    assert playout.concealed_fraction == 0
    assert playout.wait_ms is not None
    assert playout.wait_ms < 20


@pytest.mark.parametrize(("name", "packet_ms"), CODECS)
@pytest.mark.parametrize("gap", [1, 3])
def test_a_loss_now_and_then_is_no_hole(name: str, packet_ms: int, gap: int) -> None:
    playout = Playout(DECODERS)
    left = [one for index, one in enumerate(packets(name, voice(), packet_ms=packet_ms)) if index % 50 >= gap]
    heard = hear(playout, left)
    assert min(loudness(heard)) > 0.15 * min(loudness(voice()))
    assert playout.counters.concealed_samples > 0


def test_what_opus_repeats_is_recovered() -> None:
    playout, sent = Playout(DECODERS), packets("opus", voice())
    repeated = sum(opus.repeats(sent[index + 1][1].payload) for index in range(8, len(sent) - 8, 8))
    hear(playout, [one for index, one in enumerate(sent) if index % 8])
    assert playout.counters.packets_recovered >= repeated - 3
    assert repeated >= 10


def test_pauses_of_opus_are_no_loss() -> None:
    sound = voice()
    sound[RATE : 3 * RATE] = np.random.default_rng(1).normal(0, 12, 2 * RATE).astype(np.int16)
    playout = Playout(DECODERS)
    sent = packets("opus", sound, dtx=True)
    hear(playout, sent)
    assert len(sent) < 150
    assert playout.counters.noise_samples > RATE // 2
    assert playout.concealed_fraction == 0


@pytest.mark.parametrize(("first", "second"), [("opus", "pcmu"), ("pcmu", "opus")])
def test_one_codec_follows_another_without_a_hole(first: str, second: str) -> None:
    playout, half = Playout(DECODERS), SECONDS * 25
    heard = hear(playout, packets(first, voice())[:half] + packets(second, voice())[half:])
    assert min(loudness(heard)) > 0.4 * min(loudness(voice()))
    assert playout.counters.resets == 0


@pytest.mark.parametrize("name", KINDS)
def test_junk_in_a_stream_is_survived(name: str) -> None:
    random, playout = np.random.default_rng(3), Playout(DECODERS)
    sent = packets(name, voice())
    for index in range(20, 200, 10):
        at_s, one = sent[index]
        sent[index] = at_s, one._replace(payload=random.bytes(int(random.integers(1, 60))))
    assert len(hear(playout, sent)) > 3 * RATE
