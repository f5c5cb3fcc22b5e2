"""What the speaker tells of what it plays, turn by turn; the card is a script."""

import time

import pytest

from intercom.audio.frames import RATE, SAMPLE_BYTES
from intercom.audio.mixer import Mixer
from intercom.audio.pcm import Shape
from intercom.audio.speaker import Speaker


class Card:
    """Says that so much is queued."""

    shape: Shape | None = None

    def __init__(self) -> None:
        self.is_queued_ms = 0.0

    def close(self) -> None:
        pass

    def due(self) -> int:
        return RATE // 200

    def write(self, pcm: bytes) -> bool:
        return True

    def queued_ms(self) -> float:
        return self.is_queued_ms


class FarEnd:
    """Has all at once that is asked for."""

    def pull(self, samples: int, *, most: int = 0) -> bytes:
        return bytes(most * SAMPLE_BYTES)


@pytest.mark.parametrize("queues_ms", [[10.0, 10.0, 10.0], [15.0, 2.0, 0.0, 40.0, 15.0]])
def test_each_turn_is_told_with_the_moment_at_which_its_end_is_heard(queues_ms: list[float]) -> None:
    told: list[tuple[bytes, float]] = []
    speaker = Speaker("none", period_ms=5, mixer=Mixer(), report=lambda _: None)
    speaker.connect(FarEnd(), lambda pcm, *, ends_at: told.append((pcm, ends_at)))
    card = Card()
    for queued_ms in queues_ms:
        card.is_queued_ms, before = queued_ms, time.monotonic()
        assert speaker.turn(card)
        pcm, ends_at = told[-1]
        takes_s = queued_ms / 1000 + len(pcm) / SAMPLE_BYTES / RATE
        assert before + takes_s <= ends_at <= time.monotonic() + takes_s
    assert len(told) == len(queues_ms)
