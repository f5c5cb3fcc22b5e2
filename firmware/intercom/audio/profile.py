"""What a board has the strength for: the length of packets and periods, the work of codec and canceller."""

from dataclasses import dataclass, replace
from typing import Literal, Protocol

Name = Literal["normal", "low-delay", "light"]


@dataclass(frozen=True, slots=True)
class Profile:
    """`packet_ms`: what one packet holds.  `application` and `complexity` are libopus's (0 least work, 10 most)."""

    packet_ms: Literal[10, 20]
    application: Literal["voip", "lowdelay"]
    complexity: int
    capture_period_ms: int
    playback_period_ms: int


PROFILES: dict[Name, Profile] = {
    "normal": Profile(20, "voip", 5, capture_period_ms=20, playback_period_ms=5),
    "low-delay": Profile(10, "lowdelay", 5, capture_period_ms=10, playback_period_ms=5),
    "light": Profile(20, "voip", 0, capture_period_ms=20, playback_period_ms=5),
}


class Measured(Protocol):
    """What a board was found to have the strength for."""

    @property
    def profile(self) -> Name: ...

    @property
    def complexity(self) -> int: ...


def of(
    setting: Literal["auto", Name],
    measured: Measured | None = None,
    *,
    packet_ms: Literal[0, 10, 20] = 0,
    complexity: int = -1,
    period_ms: int = 0,
) -> Profile:
    """Return the profile that `audio.profile` names; for auto what was measured to fit, normal where nothing was.

    What is set by itself goes first: lengths other than 0 (`period_ms` for both directions), a complexity from 0 on.
    """
    found = PROFILES["normal" if setting == "auto" else setting]
    if setting == "auto" and measured:
        found = replace(PROFILES[measured.profile], complexity=measured.complexity)
    return replace(
        found,
        packet_ms=packet_ms or found.packet_ms,
        complexity=found.complexity if complexity < 0 else complexity,
        capture_period_ms=period_ms or found.capture_period_ms,
        playback_period_ms=period_ms or found.playback_period_ms,
    )
