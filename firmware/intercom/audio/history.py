"""What `intercom doctor audio` measured: one line of JSON each time, the oldest go."""

import contextlib
import time
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from intercom import disk

FILE = "audio-history.jsonl"
MOST = 500


class Measured(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One examination of microphone and speaker; None: the chirps were not heard."""

    at: str
    capture: str
    playback: str
    noise_dbfs: float
    clipped_share: float = 0.0
    level_dbfs: float | None = None
    echo_loss_db: float | None = None
    loop_ms: Annotated[float, Meta(ge=-1000, le=1000)] | None = None
    drift_ppm: float | None = None


def now() -> str:
    """Return this moment as it stands in the history."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def read(state: Path) -> list[Measured]:
    """Return what is known, the oldest first; lines that can't be read are passed over."""
    known = []
    with contextlib.suppress(OSError):
        for line in (state / FILE).read_bytes().splitlines():
            with contextlib.suppress(msgspec.DecodeError, msgspec.ValidationError):
                known.append(msgspec.json.decode(line, type=Measured))
    return known


def of(state: Path, *, capture: str, playback: str) -> list[Measured]:
    """Return what is known of this microphone with this speaker, the oldest first."""
    return [each for each in read(state) if (each.capture, each.playback) == (capture, playback)]


def loop_ms(state: Path, *, capture: str, playback: str) -> float:
    """Return the latest way from this speaker's buffer to this microphone's sound; 0 where it is not known."""
    ways_ms = [each.loop_ms for each in of(state, capture=capture, playback=playback)]
    return next((way_ms for way_ms in reversed(ways_ms) if way_ms is not None), 0.0)


def add(state: Path, measured: Measured) -> None:
    """Write it down; raises OSError."""
    lines = [msgspec.json.encode(each) for each in [*read(state), measured][-MOST:]]
    disk.write(state / FILE, b"\n".join(lines) + b"\n")
