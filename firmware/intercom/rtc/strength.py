"""What a board has the strength for, by how long it takes to code a voice."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import cycle
from time import thread_time

import numpy as np

from intercom.audio.frames import RATE, SAMPLE_BYTES
from intercom.audio.profile import Name
from intercom.rtc.coding import Sending
from intercom.rtc.opus import Decoder, Encoder

SECONDS = 1.0  # of work, for all that is measured
BITRATE = 40_000
MEASURED = (
    Sending(20, "voip", 0, BITRATE, fec=True, dtx=False),
    Sending(20, "voip", 5, BITRATE, fec=True, dtx=False),
    Sending(20, "voip", 9, BITRATE, fec=True, dtx=False),
    Sending(10, "lowdelay", 5, BITRATE, fec=False, dtx=False),
)
YARDSTICK = MEASURED[1]
# What a call takes besides its codec, canceller included, in times of the yardstick; from shares of a desktop's core.
REST: Mapping[Name, float] = {"normal": 4.0, "low-delay": 5.0, "light": 3.0}


@dataclass(frozen=True, slots=True)
class Cost:
    """Microseconds of processor time for one packet, at one way of coding."""

    how: Sending
    encode_us: float
    decode_us: float

    @property
    def share(self) -> float:
        """Of one core, both ways."""
        return (self.encode_us + self.decode_us) / (self.how.packet_ms * 1000)


@dataclass(frozen=True, slots=True)
class Choice:
    """`share` of one core, that a call will use by it."""

    profile: Name
    complexity: int
    share: float


# The best first, and which share of one core a call may use by it at most: the station does other things too.
LIMITS: tuple[tuple[Name, Sending, float], ...] = (
    ("normal", MEASURED[2], 0.25),
    ("normal", MEASURED[1], 0.60),
    ("light", MEASURED[0], float("inf")),
)


def measure(seconds: float = SECONDS) -> list[Cost]:
    """Code and decode a voice for about so long, in each of the ways of MEASURED; raises MediaError as codecs do."""
    return [_cost(how, seconds / len(MEASURED)) for how in MEASURED]


def choose(costs: Iterable[Cost]) -> Choice:
    """Return the best that the board has the strength for."""
    shares = {cost.how: cost.share for cost in costs}
    choices = [Choice(name, how.complexity, shares[how] + REST[name] * shares[YARDSTICK]) for name, how, _ in LIMITS]
    return next(choice for choice, (_, _, most) in zip(choices, LIMITS, strict=True) if choice.share <= most)


def _cost(how: Sending, seconds: float) -> Cost:
    encoder, decoder = Encoder(how), Decoder()
    packets, encode_s, decode_s = 0, 0.0, 0.0
    for frame in _voice(RATE * how.packet_ms // 1000):
        begun = thread_time()
        packet = encoder.encode(frame)
        encoded = thread_time()
        decoder.decode(packet)
        packets, encode_s, decode_s = packets + 1, encode_s + encoded - begun, decode_s + thread_time() - encoded
        if encode_s + decode_s >= seconds:
            break
    return Cost(how, encode_s / packets * 1e6, decode_s / packets * 1e6)


def _voice(samples: int) -> Iterator[bytes]:
    """Yield frames of a voice for ever: harmonics of 120 Hz that sink and swell, and breath."""
    at = np.arange(RATE) / RATE
    buzz = sum(np.sin(2 * np.pi * 120 * k * at + k * k) / k for k in range(1, 30))
    breath = np.random.default_rng(1).normal(0, 0.1, RATE)
    swell = 1.05 - np.cos(2 * np.pi * 4 * at)
    pcm = np.asarray(3000 * swell * (buzz + breath), np.int16).tobytes()
    size = samples * SAMPLE_BYTES
    return cycle(pcm[begin : begin + size] for begin in range(0, len(pcm), size))
