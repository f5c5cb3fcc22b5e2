"""What is asked of a codec; samples are mono, S16, 48 kHz, whatever travels."""

from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt

GRAIN = 120  # samples, 2.5 ms
Samples = npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Sending:
    """How to encode.

    All but `packet_ms` is for Opus alone: `application` and `complexity` (0 least work, 10 most) are libopus's, where
    `lowdelay` has no FEC; `bitrate` is in bits a second, `fec` sends each packet's sound once more, coarser, in the
    next one, `dtx` next to nothing while nobody speaks.
    """

    packet_ms: Literal[10, 20]
    application: Literal["voip", "lowdelay"]
    complexity: int
    bitrate: int
    fec: bool
    dtx: bool


class Encoder(Protocol):
    """All but `adapt` in the capture thread."""

    @property
    def rate_hz(self) -> int:
        """The clock of the packets' timestamps."""

    @property
    def look_ahead_ms(self) -> float:
        """How much later than its sound a packet is, beyond its own length."""

    def encode(self, pcm: bytes) -> bytes:
        """Return the payload of one packet of mono 48 kHz sound; empty where nothing needs to be sent (DTX)."""

    def adapt(self, *, loss: float) -> None:
        """Take the share of packets, 0 to 1, that the far end says is lost; any thread."""


class Decoder(Protocol):
    """All in the playback thread; samples follow each other without a seam, whichever method they are from.

    What is lost is counted in multiples of GRAIN; of another count the last grain is cut off, with a seam.
    """

    @property
    def rate_hz(self) -> int:
        """The clock of the packets' timestamps."""

    def duration(self, payload: bytes) -> int:
        """Return how many samples it decodes to; raises ValueError for a payload that is none."""

    def decode(self, payload: bytes) -> Samples:
        """Return a packet's sound; raises ValueError for a payload that is none."""

    def recover(self, following: bytes, samples: int) -> Samples | None:
        """Return the sound of the lost packet right before this one, as this one repeats it; None: it does not."""

    def conceal(self, samples: int) -> Samples:
        """Return what may stand for that many lost samples; called again for more of them, fading out by itself."""
