"""RTP packets as they stand on the wire (RFC 3550, section 5.1)."""

import struct
from typing import NamedTuple

HEADER = struct.Struct("!BBHII")
VERSION, PADDED, EXTENDED, SOURCES = 0x80, 0x20, 0x10, 0x0F
MARKER, TYPE = 0x80, 0x7F
RTCP_TYPES = range(64, 96)  # of the second byte without the marker (RFC 5761, section 4)


class Packet(NamedTuple):
    """One packet, without its contributing sources, header extension and padding."""

    payload_type: int
    sequence_number: int
    timestamp: int
    ssrc: int
    payload: bytes
    marker: bool = False


def is_rtcp(packet: bytes) -> bool:
    """Tell RTP from RTCP, which share a port; they do so under SRTP too."""
    return packet[1] & TYPE in RTCP_TYPES


def is_rtp(packet: bytes) -> bool:
    """Tell RTP from all else that comes over the same path (RFC 7983, section 7)."""
    return len(packet) >= HEADER.size and packet[0] >> 6 == 2 and not is_rtcp(packet)


def parse(packet: bytes) -> Packet:
    """Return what a packet says; raises ValueError for one that is none."""
    if len(packet) < HEADER.size:
        raise ValueError("an RTP packet has at least 12 bytes")
    first, second, number, timestamp, ssrc = HEADER.unpack_from(packet)
    if first >> 6 != 2:
        raise ValueError("an RTP packet is of version 2")
    begin, end = HEADER.size + 4 * (first & SOURCES), len(packet)
    if first & EXTENDED:
        begin += 4 + 4 * int.from_bytes(packet[begin + 2 : begin + 4])
    if first & PADDED:
        end -= packet[-1]
    if begin > end:
        raise ValueError("an RTP packet is as long as its header says")
    return Packet(second & TYPE, number, timestamp, ssrc, packet[begin:end], bool(second & MARKER))


def pack(packet: Packet) -> bytes:
    """Return it as it goes out."""
    kind = packet.payload_type | (MARKER if packet.marker else 0)
    return HEADER.pack(VERSION, kind, packet.sequence_number, packet.timestamp, packet.ssrc) + packet.payload
