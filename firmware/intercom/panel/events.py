"""What a panel reports."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Edge:
    """A button's contact closed (`is_down`) or opened; `at` in seconds of `time.monotonic`, the loop's clock."""

    button: str
    is_down: bool
    at: float
