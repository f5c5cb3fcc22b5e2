"""A line that alters what it carries, between a talk and a station, without any waiting: its clock only counts."""

import asyncio
import random
from collections.abc import Callable
from typing import Protocol, Self

from intercom.console.machine import Write


def alter(data: bytes, chance: random.Random, rate: float) -> bytes:
    """The bytes, of which that share is lost, flipped in one bit, doubled, or followed by another that nobody sent."""
    return b"".join(_altered(byte, chance) if chance.random() < rate else bytes([byte]) for byte in data)


def _altered(byte: int, chance: random.Random) -> bytes:
    match chance.randrange(4):
        case 0:
            return b""
        case 1:
            return bytes([byte ^ 1 << chance.randrange(8)])
        case 2:
            return bytes([byte, byte])
        case _:
            return bytes([byte, chance.randrange(256)])


class Session(Protocol):
    """The station's side."""

    async def feed(self, data: bytes, write: Write) -> None: ...


class NoisyLine:
    """The far side's end of a line to sessions, each of which hears all that is sent and may answer."""

    byte_s = 0.0
    hint = "See to the line."

    def __init__(self, *sessions: Session, seed: int = 0, rate: float = 0.0) -> None:
        self._sessions, self._chance, self.rate = sessions, random.Random(seed), rate
        self._coming: list[bytes] = []
        self._time_s = 0.0
        self._runner = asyncio.Runner()
        self.alter: Callable[[bytes], bytes] = lambda data: alter(data, self._chance, self.rate)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._runner.close()

    def send(self, data: bytes) -> None:
        arrived = self.alter(data)
        for session in self._sessions:
            self._runner.run(session.feed(arrived, self._answer))

    def receive(self, timeout_s: float) -> bytes:
        if self._coming:
            return self._coming.pop(0)
        self._time_s += timeout_s
        return b""

    def now_s(self) -> float:
        return self._time_s

    async def _answer(self, data: bytes) -> None:
        self._coming.append(self.alter(data))
