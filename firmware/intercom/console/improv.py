"""Improv Wi-Fi's packets on a serial line (https://www.improv-wifi.com/serial/, version 1).  Sans-I/O.

`IMPROV`, version, kind, length, data, checksum: the sum of all before it, modulo 256.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

BEGIN = b"IMPROV"
VERSION = 0x01
HEADER = BEGIN + bytes([VERSION])
SILENCE_S = 0.3  # within a packet, after which it is no more
_HEAD_SIZE = len(HEADER) + 2  # kind and length follow
_MOST = 255


class Kind(IntEnum):
    """What a packet is."""

    STATE = 0x01
    ERROR = 0x02
    COMMAND = 0x03
    RESULT = 0x04


class State(IntEnum):
    """How far it is."""

    READY = 0x02
    PROVISIONING = 0x03
    PROVISIONED = 0x04


class Fault(IntEnum):
    """What went wrong."""

    NONE = 0x00
    INVALID = 0x01
    UNKNOWN = 0x02
    NOT_JOINED = 0x03
    OTHER = 0xFF


JOIN = 0x01  # the command that names a network


class Verb(IntEnum):
    """The other commands."""

    STATE = 0x02
    DEVICE = 0x03
    NETWORKS = 0x04


@dataclass(frozen=True, slots=True)
class Join:
    """A network to join."""

    ssid: str
    password: str


Request = Join | Verb | Fault


class Intake:
    """Collects one packet after its header; a silence ends it."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._packet = bytearray()
        self._heard_s = 0.0

    @property
    def is_begun(self) -> bool:
        """Whether a packet is under way."""
        return bool(self._packet)

    def begin(self) -> None:
        """The header was heard."""
        self._packet[:] = HEADER
        self._heard_s = self._now()

    def wake(self) -> None:
        """Bytes came: where they are too late, no packet is under way."""
        if self._packet and self._now() - self._heard_s > SILENCE_S:
            self._packet.clear()
        self._heard_s = self._now()

    def take(self, byte: int) -> bytes:
        """The packet, when this byte makes it whole."""
        self._packet.append(byte)
        if len(self._packet) < _HEAD_SIZE or len(self._packet) < _HEAD_SIZE + self._packet[_HEAD_SIZE - 1] + 1:
            return b""
        packet = bytes(self._packet)
        self._packet.clear()
        return packet


def packet(kind: Kind, content: bytes) -> bytes:
    """A packet, of at most 255 bytes of content."""
    body = HEADER + bytes([kind, len(content)]) + content
    return body + bytes([sum(body) & 0xFF])


def result(command: int, *texts: str) -> bytes:
    """The packet that answers a command with these texts, each cut to what there is room for."""
    answer = b""
    for text in texts:
        raw = text.encode()[: _MOST - 3 - len(answer)]
        answer += bytes([len(raw)]) + raw
    return packet(Kind.RESULT, bytes([command, len(answer)]) + answer)


def read(whole: bytes) -> Request | None:
    """What a packet asks for, or what is wrong with it; None for one that is not meant for us."""
    kind, content = whole[_HEAD_SIZE - 2], whole[_HEAD_SIZE:-1]
    if sum(whole[:-1]) & 0xFF != whole[-1]:
        return Fault.INVALID
    if kind != Kind.COMMAND:
        return None
    if len(content) < 2 or content[1] != len(content) - 2:
        return Fault.INVALID
    if content[0] == JOIN:
        return _read_join(content[2:])
    return Verb(content[0]) if content[0] in set(Verb) else Fault.UNKNOWN


def _read_join(content: bytes) -> Join | Fault:
    texts = []
    while content:
        length, content = content[0], content[1:]
        if length > len(content):
            return Fault.INVALID
        texts.append(content[:length])
        content = content[length:]
    try:
        ssid, password = (text.decode() for text in texts)
    except ValueError:  # not UTF-8, or not two
        return Fault.INVALID
    return Join(ssid, password)
