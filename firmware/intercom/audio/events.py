"""What the audio part tells the station."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

SideName = Literal["capture", "playback"]


class DeviceState(StrEnum):
    """What is known of a PCM: not in use, in use, or why it can't be used."""

    IDLE = "idle"
    OPEN = "open"
    MISSING = "missing"
    BUSY = "busy"
    FAILED = "failed"
    TEST_VOICE = "test voice"


@dataclass(frozen=True, slots=True)
class AudioChanged:
    """The microphone's or the speaker's PCM came, went, or was opened; `why` is a sentence where it can't be used."""

    side: SideName
    state: DeviceState
    why: str = ""


AudioEvent = AudioChanged
