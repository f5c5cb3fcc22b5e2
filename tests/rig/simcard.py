"""A simulated sound card behind the real libasound: its far side, where the room is.

The program under test opens it by ALSA name through the plugin in `simcard.c`.  A test holds the same card here:
what the microphone hears is put in, what the speaker played is read out, both by card time (samples at the card's
rate since its epoch).  Both rings are `RING` samples long, about 22 s, and wrap: what fills the microphone's whole
ring is heard for ever without a feeder.
"""

import hashlib
import os
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

Pcm = npt.NDArray[np.int16]

RING = 1 << 20
HEADER_BYTES = 4096
HEADER = np.dtype(
    [
        ("epoch_ns", "<u8"), ("rate", "<u4"), ("ring", "<u4"), ("ppm", "<f8"),
        ("min_channels", "<u4"), ("max_channels", "<u4"), ("unplugged", "<u4"),
        ("playback_xruns", "<u4"), ("capture_xruns", "<u4"), ("suspends", "<u4"), ("written_until", "<u8"),
        ("least_period", "<u4"), ("most_period", "<u4"), ("stuck", "<u4"),
    ]
)  # fmt: skip
SOURCES = tuple(Path(__file__).with_name(name) for name in ("simcard.c", "card.h"))


class SimCard:
    """One card with a microphone and a speaker, in a file; S16, one rate; `channels` and `period`: least and most."""

    def __init__(
        self,
        path: Path,
        *,
        rate: int = 48_000,
        channels: tuple[int, int] = (1, 2),
        period: tuple[int, int] = (32, 9600),
        ppm: float = 0.0,
    ) -> None:
        with path.open("wb") as file:
            file.truncate(HEADER_BYTES + 2 * 2 * RING)
        self.path = path
        self.rate = rate
        self._header = np.memmap(path, dtype=HEADER, mode="r+", shape=(1,))
        self._speaker, self._microphone = np.memmap(path, "<i2", "r+", HEADER_BYTES, shape=(2, RING))
        self._header[0] = (time.monotonic_ns() - 10**9, rate, RING, ppm, *channels, 0, 0, 0, 0, 0, *period, 0)

    def now(self) -> int:
        """Return the card time."""
        return self.time_at(time.monotonic_ns())

    def time_at(self, moment_ns: int) -> int:
        """Return the card time at a moment of CLOCK_MONOTONIC."""
        return int((moment_ns - int(self._header["epoch_ns"][0])) * self.samples_per_ns)

    def moment_ns(self, card_time: int) -> int:
        """Return the moment of CLOCK_MONOTONIC at which the card time is reached."""
        return int(self._header["epoch_ns"][0]) + int(card_time / self.samples_per_ns)

    def say(self, pcm: Pcm, *, at: int) -> None:
        """Let the microphone hear this from card time `at` on (and again each time the ring comes round)."""
        self._microphone[np.arange(at, at + len(pcm)) % RING] = pcm

    def hum(self, hertz: float, *, dbfs: float = -12.0) -> float:
        """Let the microphone hear a tone for ever; return its frequency, within 0.03 Hz of the one asked for."""
        cycles = round(hertz * RING / self.rate)
        peak = 32768 * 10 ** (dbfs / 20) * np.sqrt(2)
        self._microphone[:] = np.rint(peak * np.sin(2 * np.pi * cycles * np.arange(RING) / RING))
        return cycles * self.rate / RING

    def hush(self) -> None:
        """Let the microphone hear nothing."""
        self._microphone[:] = 0

    def played(self, ms: int) -> Pcm:
        """Return what the speaker played in the latest `ms`."""
        samples = self.rate * ms // 1000
        return self.played_from(self.now() - samples, samples)

    def played_from(self, at: int, samples: int) -> Pcm:
        """Return what the speaker played from card time `at` on; what was never written is silence."""
        times = np.arange(at, at + samples)
        return np.where(times < self._header["written_until"][0], self._speaker[times % RING], 0).astype(np.int16)

    def unplug(self) -> None:
        self._header["unplugged"] = 1

    def plug_in(self) -> None:
        self._header["unplugged"] = 0

    def suspend(self) -> None:
        """End what is running, as a machine's sleep does."""
        self._header["suspends"] += 1

    def stick(self, flag: bool) -> None:
        """Let no stream move on, as a wedged driver does (True), or all again."""
        self._header["stuck"] = flag

    def skip(self, ms: int) -> None:
        """Move card time on at once: streams that buffer less get an overrun and an underrun."""
        self._header["epoch_ns"] -= ms * 10**6

    @property
    def ppm(self) -> float:
        """By how much its clock is too fast."""
        return float(self._header["ppm"][0])

    def drift(self, ppm: float) -> None:
        """Let the clock go wrong by this much from now on; for a card that nobody has open."""
        now_ns, now = time.monotonic_ns(), self.now()
        self._header["ppm"] = ppm
        self._header["epoch_ns"] = now_ns - round(now / self.samples_per_ns)

    def xruns(self) -> tuple[int, int]:
        """Return how many underruns and overruns there were."""
        return int(self._header["playback_xruns"][0]), int(self._header["capture_xruns"][0])

    @property
    def samples_per_ns(self) -> float:
        """How fast the card's clock runs."""
        return self.rate * (1 + self.ppm * 1e-6) * 1e-9


def build_plugin() -> Path:
    """Compile the plugin once, outside the clone, under the hash of its source; return where it is."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "intercom"
    digest = hashlib.sha256(b"".join(source.read_bytes() for source in SOURCES)).hexdigest()
    plugin = cache / f"simcard-{digest[:16]}.so"
    if not plugin.exists():
        cache.mkdir(parents=True, exist_ok=True)
        fresh = plugin.with_suffix(f".{os.getpid()}")
        command = ["gcc", "-O2", "-Wall", "-Wextra", "-Werror", "-fPIC", "-shared", "-DPIC", "-o"]
        subprocess.run([*command, fresh, SOURCES[0], "-lasound"], check=True)
        fresh.replace(plugin)
    return plugin


def write_conf(path: Path, cards: Mapping[str, SimCard], *, converts: bool = True) -> Path:
    """Write an ALSA configuration with one PCM for each name, and nothing of this machine's; return `path`.

    With `converts` each is a `plug` PCM that takes any rate and channel count; without, it is the card itself.
    Point ALSA_CONFIG_PATH to it.
    """
    lines = [f'pcm_type.simcard {{ lib "{build_plugin()}" }}']
    for name, card in cards.items():
        raw = f'{{ type simcard card "{card.path}" }}'
        lines.append(f"pcm.{name} {{ type plug slave.pcm {raw} }}" if converts else f"pcm.{name} {raw}")
    path.write_text("\n".join(lines) + "\n")
    return path
