"""What a board has the strength for: the length of packets and periods, the work of codec and canceller."""

from dataclasses import dataclass
from typing import Literal

Name = Literal["normal", "low-delay", "light"]


@dataclass(frozen=True, slots=True)
class Profile:
    """`packet_ms`: what one packet holds.  `application` and `complexity` are libopus's (0 least work, 10 most)."""

    packet_ms: Literal[10, 20]
    application: Literal["voip", "lowdelay"]
    complexity: int
    capture_period_ms: int
    playback_period_ms: int
    echo_rate_hz: Literal[16_000, 48_000]


PROFILES: dict[Name, Profile] = {
    "normal": Profile(20, "voip", 5, capture_period_ms=20, playback_period_ms=5, echo_rate_hz=48_000),
    "low-delay": Profile(10, "lowdelay", 5, capture_period_ms=10, playback_period_ms=5, echo_rate_hz=48_000),
    "light": Profile(20, "voip", 0, capture_period_ms=20, playback_period_ms=10, echo_rate_hz=16_000),
}


def of(setting: Literal["auto", Name]) -> Profile:
    """Return the profile that `audio.profile` names."""
    return PROFILES["normal" if setting == "auto" else setting]
