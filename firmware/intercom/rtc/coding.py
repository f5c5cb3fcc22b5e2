"""What is asked of a codec; samples are mono, S16, 48 kHz, whatever travels."""

from typing import Protocol

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.int16]


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
    """All in the playback thread; samples follow each other without a seam, whichever method they are from."""

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
