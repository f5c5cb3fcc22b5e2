"""Chains of LEDs at the end of an SPI bus: what they read out of a transfer, as their data sheets say."""

import re
import socket
from typing import NamedTuple

from intercom.panel.patterns import RGB
from intercom.settings import schema


class Times(NamedTuple):
    """How long a chain's wire must be high for 0 and 1 and low after that, at least and at most, in ns."""

    high: tuple[tuple[float, float], tuple[float, float]]
    low: tuple[tuple[float, float], tuple[float, float]]
    reset_us: float


# WS2812B as of 2013 and of 2019, SK6812 as of 2015.  A longer low is no harm until it is a reset.
DATA_SHEETS = {
    "ws2812": [
        Times(high=((250, 550), (650, 950)), low=((700, 5000), (300, 5000)), reset_us=50),
        Times(high=((220, 380), (580, 1000)), low=((580, 5000), (220, 5000)), reset_us=280),
    ],
    "sk6812": [Times(high=((150, 450), (450, 750)), low=((750, 5000), (450, 5000)), reset_us=80)],
}
CLOCKS_HZ = {"asked": 3_300_000, "Pi 3, Zero 2": 250e6 / 76, "Pi 4": 500e6 / 152, "Pi 5": 200e6 / 62}


class Chain:
    """A bus whose transfers are kept; give `open` to whoever opens a bus."""

    def __init__(self, ring: schema.Ring) -> None:
        self.ring = ring
        self.hz = 0
        self.path = ""
        self._ours, self._theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)

    def open(self, path: str, hz: int) -> int:
        """Open its other end."""
        self.path, self.hz = path, hz
        return self._theirs.detach()

    def transfers(self) -> list[bytes]:
        """Return what was sent until it was closed."""
        self._ours.settimeout(5)
        with self._ours:
            return list(iter(lambda: self._ours.recv(1 << 16), b""))

    def shown(self) -> list[tuple[RGB, ...]]:
        """Return what the LEDs showed, in the chain's order, after each transfer."""
        return [read(transfer, self.ring) for transfer in self.transfers()]


def read(transfer: bytes, ring: schema.Ring) -> tuple[RGB, ...]:
    """Return what the LEDs show after a transfer; a white part counts to each of its colours."""
    if ring.kind == "apa102":
        return read_clocked(transfer, ring.count)
    parts = read_pulses(transfer, ring.kind)
    if not ring.white:
        return tuple((r, g, b) for g, r, b in zip(*[iter(parts)] * 3, strict=True))
    return tuple((r + w, g + w, b + w) for g, r, b, w in zip(*[iter(parts)] * 4, strict=True))


def read_pulses(transfer: bytes, kind: str, hz: float = 3_300_000) -> list[int]:
    """Return the bytes that the widths of the pulses say, by each data sheet; a width of neither is a mistake."""
    wire = "".join(f"{byte:08b}" for byte in transfer)
    start, pulses, end = re.fullmatch(r"(0*)((?:1+0+)*?1+)?(0*)", wire).groups("")  # type: ignore[union-attr]
    ns = 1e9 / hz
    bits = ""
    runs = re.findall(r"(1+)(0*)", pulses + "0" * 8)
    for sheet in DATA_SHEETS[kind]:
        assert len(start) * ns >= sheet.reset_us * 1000
        assert len(end) * ns >= sheet.reset_us * 1000
        bits = "".join(_bit(sheet, len(high) * ns, len(low) * ns) for high, low in runs)
    return [int(bits[at : at + 8], 2) for at in range(0, len(bits), 8)]


def read_clocked(transfer: bytes, count: int) -> tuple[RGB, ...]:
    """Return what APA102s show: their dimmer's 31 steps times the colours; the end must clock out to the last."""
    assert transfer[:4] == bytes(4)
    frames, end = transfer[4 : 4 + 4 * count], transfer[4 + 4 * count :]
    assert len(end) * 8 >= 32 + count / 2
    assert not any(end)
    assert all(dimmer >> 5 == 7 for dimmer in frames[::4])
    return tuple(
        (r * (dimmer & 31), g * (dimmer & 31), b * (dimmer & 31))
        for dimmer, b, g, r in zip(*[iter(frames)] * 4, strict=True)
    )


def _bit(sheet: Times, high_ns: float, low_ns: float) -> str:
    fits = [
        digit
        for digit, high, low in zip("01", sheet.high, sheet.low, strict=True)
        if high[0] <= high_ns <= high[1] and low_ns >= low[0]
    ]
    assert len(fits) == 1, f"{high_ns:.0f} ns high, {low_ns:.0f} ns low"
    return fits[0]
