"""What the tests measured, for the end of the run."""

from dataclasses import dataclass, field

import pytest


@dataclass
class Figures:
    """Lines of text, each a figure with what it is about."""

    lines: list[str] = field(default_factory=list)

    def note(self, line: str) -> None:
        self.lines.append(line)


KEY = pytest.StashKey[Figures]()
