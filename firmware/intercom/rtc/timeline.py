"""Where a packet stands in the far end's sound."""

from typing import NamedTuple

from intercom.audio.frames import RATE
from intercom.rtc.rtp import Packet

NEWER, OLDER = 3000, 100  # packets ahead of and behind the newest that still belong to its stream (RFC 3550, A.1)
JUMP_S = 1.0  # what no network makes a packet come earlier or later from one to the next
REMEMBERED = 256


class Place(NamedTuple):
    """`number`: the sequence number, `position`: the timestamp in samples at 48 kHz; neither of them wraps."""

    number: int
    position: int


class Timeline:
    """One stream of packets, from one source, without a jump."""

    def __init__(self, first: Packet, rate_hz: int, *, samples: int, at_s: float) -> None:
        self.ssrc, self.first_number = first.ssrc, first.sequence_number
        self._newest = Place(first.sequence_number, 0)
        self._samples = samples
        self._rate_hz = rate_hz
        self._anchors = {rate_hz: (first.timestamp, 0)}
        self._transit_s = at_s
        self._seen = 0

    def place(self, packet: Packet, rate_hz: int, *, samples: int, at_s: float) -> Place | None:
        """Return where a packet with that much sound stands, None where it is none of this stream.

        With another clock the packet follows the newest one: there is no telling what its timestamp starts from.
        """
        number = self._number(packet)
        if number is None:
            return None
        ahead = number - self._newest.number
        if rate_hz not in self._anchors or (ahead > 0 and rate_hz != self._rate_hz):
            position = self._newest.position + self._samples * ahead
        else:
            stamp, anchor = self._anchors[rate_hz]
            position = anchor + _signed(packet.timestamp - stamp, 32) * RATE // rate_hz
        place = Place(number, position)
        return place if self._follows(place, packet.timestamp, rate_hz, samples, at_s=at_s) else None

    def is_repeated(self, number: int) -> bool:
        """Whether a packet of that number has been marked before; marks it."""
        behind = self._newest.number - number
        if behind >= REMEMBERED:
            return True
        if behind < 0:
            return False
        was_seen = bool(self._seen >> behind & 1)
        self._seen |= 1 << behind
        return was_seen

    def mark(self, packet: Packet) -> Place | None:
        """Return the place of a packet without sound; None where it is none of this stream, or was there before."""
        number = self._number(packet)
        if number is None:
            return None
        if number > self._newest.number:
            self._renew(Place(number, self._newest.position))
        return None if self.is_repeated(number) else Place(number, self._newest.position)

    def _number(self, packet: Packet) -> int | None:
        """Return the unwrapped sequence number, None where it is none of this stream."""
        ahead = _signed(packet.sequence_number - self._newest.number, 16)
        if packet.ssrc != self.ssrc or not -OLDER <= ahead <= NEWER:
            return None
        return self._newest.number + ahead

    def _follows(self, place: Place, stamp: int, rate_hz: int, samples: int, *, at_s: float) -> bool:
        if place.number < self._newest.number:
            return True
        transit_s = at_s - place.position / RATE
        if abs(transit_s - self._transit_s) > JUMP_S:
            return False
        self._renew(place)
        self._samples, self._rate_hz, self._transit_s = samples, rate_hz, transit_s
        self._anchors[rate_hz] = stamp, place.position
        return True

    def _renew(self, place: Place) -> None:
        self._seen = (self._seen << (place.number - self._newest.number)) & ((1 << REMEMBERED) - 1)
        self._newest = place


def _signed(difference: int, bits: int) -> int:
    """Return the shortest way from one wrapping number to another."""
    half = 1 << (bits - 1)
    return (difference + half) % (1 << bits) - half
