"""The two sides that are compared, as the measurement sees them."""

from dataclasses import dataclass
from typing import Protocol

from bench.wire import Wire
from tests.rig.simcard import SimCard


@dataclass(frozen=True, slots=True)
class End:
    """One end of the call: its process and its sound card."""

    pid: int
    card: SimCard


@dataclass(frozen=True, slots=True)
class Rung:
    """A call that rings; moments in ns of CLOCK_MONOTONIC."""

    asked_ns: int
    ringing_ns: int


@dataclass(frozen=True, slots=True)
class Answered:
    """A call that was answered: when the callee was told to, and when the caller took the call for open."""

    answered_ns: int
    open_ns: int


class Side(Protocol):
    """Two programs that can call each other, registered and idle at first."""

    @property
    def name(self) -> str: ...

    @property
    def caller(self) -> End: ...

    @property
    def callee(self) -> End: ...

    @property
    def wire(self) -> Wire: ...

    @property
    def between(self) -> int | None:
        """The process that both need besides, if any."""

    async def ring(self) -> Rung:
        """Call, until the caller knows that it rings."""

    async def answer(self) -> Answered:
        """Answer, until the caller takes the call for open."""

    async def hang_up(self) -> None:
        """Hang up at the caller, until both ends are idle."""
