"""Which engines treat a microphone: what this machine has of what is asked for."""

from dataclasses import dataclass
from typing import Literal, Protocol

from intercom.audio.aec3 import Aec3
from intercom.audio.halfduplex import HalfDuplex
from intercom.audio.narrow import Narrow
from intercom.audio.speex import Speex

Echo = Literal["auto", "aec3", "speex", "half-duplex", "off"]

BEST_FIRST = ("aec3", "speex")


@dataclass(frozen=True, slots=True)
class Treatment:
    """What is to be done to one call's microphone."""

    echo: Echo = "off"
    noise: bool = False
    level: bool = False
    gain_db: float = 0.0

    @property
    def needs_engine(self) -> bool:
        """Whether more than a factor is asked for."""
        return self.echo != "off" or self.smooths

    @property
    def cancels(self) -> bool:
        """Whether an echo is to be calculated and taken out."""
        return self.echo in ("auto", *BEST_FIRST)

    @property
    def smooths(self) -> bool:
        """Whether the sound is to be changed where nothing plays, too."""
        return self.noise or self.level


class Engine(Protocol):
    """Cleans the microphone's sound: mono at 48 kHz, blocks of 10 ms, all calls from one thread."""

    @property
    def name(self) -> str:
        """What `status` calls it."""

    @property
    def smooths(self) -> bool:
        """Whether it takes out noise, or keeps the level, where that was asked for."""

    @property
    def reach_ms(self) -> int:
        """How much later than the sound its echo may begin, and yet be found."""

    def clean(self, near: bytes, far: bytes) -> bytes:
        """Return the microphone's block without the echo of `far` and the blocks before; raises RuntimeError.

        `far` is of the time when its echo is about to come.
        """


def load(treatment: Treatment) -> tuple[tuple[Engine, ...], str]:
    """Return the engines that do what is asked for, in their order, and in words why it is not the best or not all.

    The first one in a process takes a while to load.
    """
    gates = (HalfDuplex(),) if treatment.echo == "half-duplex" else ()
    why = ""
    for name in _names(treatment):
        try:
            return (_make(name, treatment), *gates), why
        except (ImportError, RuntimeError) as error:
            why = f"{why} {error}".strip()
    return gates, why


def _names(treatment: Treatment) -> tuple[str, ...]:
    if treatment.echo in BEST_FIRST:
        return (treatment.echo,)
    return BEST_FIRST if treatment.cancels or treatment.smooths else ()


def _make(name: str, treatment: Treatment) -> Engine:
    wanted = {"echo": treatment.cancels, "noise": treatment.noise, "level": treatment.level}
    return Aec3(**wanted) if name == "aec3" else Narrow(Speex(**wanted))
