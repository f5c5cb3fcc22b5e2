"""RTCP packets as they stand on the wire (RFC 3550, section 6): a compound of reports.  Pure."""

import struct
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from intercom.rtc.rtp import PADDED, VERSION

SENDER, RECEIVER, DESCRIPTION, BYE = 200, 201, 202, 203
CNAME = 1
COUNT = 0x1F

_HEADER = struct.Struct("!BBH")
_SOURCE = struct.Struct("!I")
_SENT = struct.Struct("!IQIII")
_BLOCK = struct.Struct("!IIIIII")


class Block(NamedTuple):
    """What arrived of one source; `jitter` in ticks of its clock, `last_report` and `delay` in 1/65536 s."""

    source: int
    fraction_lost: int  # of 256, since the report before
    lost: int  # since the beginning, -2^23 to 2^23 - 1
    highest: int  # sequence number, with the wraps counted in the upper 16 bits
    jitter: int
    last_report: int  # the middle 32 bits of `ntp` in the source's latest report; 0: none
    delay: int


class SenderReport(NamedTuple):
    """What a source has sent, and what it has received; `ntp` in 2^-32 s since 1900, `timestamp` at that moment."""

    source: int
    ntp: int
    timestamp: int
    packets: int
    payload_bytes: int
    blocks: tuple[Block, ...] = ()


class ReceiverReport(NamedTuple):
    """What has been received by one that sends nothing."""

    source: int
    blocks: tuple[Block, ...] = ()


class Name(NamedTuple):
    """A source's canonical name."""

    source: int
    cname: str


class Bye(NamedTuple):
    """Sources that send no more."""

    sources: tuple[int, ...]


Report = SenderReport | ReceiverReport | Name | Bye


def parse(packet: bytes) -> list[Report]:
    """Return what is understood of a compound packet; raises ValueError for one that is none."""
    found: list[Report] = []
    at = 0
    try:
        while True:
            first, kind, words = _HEADER.unpack_from(packet, at)
            end = at + 4 * (words + 1)
            if first >> 6 != VERSION >> 6 or end > len(packet):
                raise ValueError("an RTCP packet is of version 2 and as long as it says")
            body = packet[at + _HEADER.size : end - (packet[end - 1] if first & PADDED else 0)]
            if read := _READERS.get(kind):
                found += read(body, first & COUNT)
            if end == len(packet):
                return found
            at = end
    except (struct.error, IndexError) as error:
        raise ValueError("an RTCP packet holds what its header counts") from error


def pack(*reports: Report) -> bytes:
    """Return a compound packet; by the RFC a report of a sender or receiver is the first, and a name is among them."""
    return b"".join(map(_packed, reports))


def _packed(report: Report) -> bytes:
    match report:
        case SenderReport(source, ntp, timestamp, packets, payload_bytes, blocks):
            sent = _SENT.pack(source, ntp, timestamp, packets & 0xFFFFFFFF, payload_bytes & 0xFFFFFFFF)
            return _framed(SENDER, len(blocks), sent + _packed_blocks(blocks))
        case ReceiverReport(source, blocks):
            return _framed(RECEIVER, len(blocks), _SOURCE.pack(source) + _packed_blocks(blocks))
        case Name(source, cname):
            text = cname.encode()
            item = _SOURCE.pack(source) + bytes([CNAME, len(text)]) + text
            return _framed(DESCRIPTION, 1, item + bytes(4 - len(item) % 4))
        case Bye(sources):
            return _framed(BYE, len(sources), b"".join(map(_SOURCE.pack, sources)))


def _framed(kind: int, count: int, body: bytes) -> bytes:
    return _HEADER.pack(VERSION | count, kind, len(body) // 4) + body


def _packed_blocks(blocks: Iterable[Block]) -> bytes:
    return b"".join(
        _BLOCK.pack(each.source, each.fraction_lost << 24 | each.lost & 0xFFFFFF, *each[3:]) for each in blocks
    )


def _sender_report(body: bytes, count: int) -> list[Report]:
    source, ntp, timestamp, packets, payload_bytes = _SENT.unpack_from(body)
    return [SenderReport(source, ntp, timestamp, packets, payload_bytes, _blocks(body, _SENT.size, count))]


def _receiver_report(body: bytes, count: int) -> list[Report]:
    (source,) = _SOURCE.unpack_from(body)
    return [ReceiverReport(source, _blocks(body, _SOURCE.size, count))]


def _blocks(body: bytes, at: int, count: int) -> tuple[Block, ...]:
    read = (_BLOCK.unpack_from(body, at + place * _BLOCK.size) for place in range(count))
    return tuple(
        Block(source, losses >> 24, (losses & 0xFFFFFF ^ 0x800000) - 0x800000, *rest) for source, losses, *rest in read
    )


def _names(body: bytes, count: int) -> list[Report]:
    """Return the names; each source has a list of items that ends with a zero, and begins at a whole word."""
    found: list[Report] = []
    at = 0
    for _ in range(count):
        (source,) = _SOURCE.unpack_from(body, at)
        at += _SOURCE.size
        while body[at]:
            end = at + 2 + body[at + 1]
            if body[at] == CNAME:
                found.append(Name(source, body[at + 2 : end].decode(errors="replace")))
            at = end
        at += 4 - at % 4
    return found


def _bye(body: bytes, count: int) -> list[Report]:
    return [Bye(struct.unpack_from(f"!{count}I", body))]


_READERS: Mapping[int, Callable[[bytes, int], list[Report]]] = {
    SENDER: _sender_report,
    RECEIVER: _receiver_report,
    DESCRIPTION: _names,
    BYE: _bye,
}
