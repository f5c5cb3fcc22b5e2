"""What is remembered of the talk with a program."""

from dataclasses import dataclass, field

from intercom.console.answers import Answers
from intercom.console.parcels import Parcels


@dataclass(slots=True)
class Memory:
    """Of one line: answers of this `sitting`, what arrives in chunks, until when the line is the program's alone."""

    answers: Answers = field(default_factory=Answers)
    parcels: Parcels = field(default_factory=Parcels)
    sitting: int = 0
    alone_until_s: float = 0.0

    def forget(self, sitting: int) -> None:
        """Another one sits there: nothing of what was told before is for them."""
        self.sitting = sitting
        self.answers.forget()
        self.parcels.interrupt()
