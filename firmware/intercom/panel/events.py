"""What a panel reports."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Edge:
    """A button's contact closed (`is_down`) or opened; `at` in seconds of `time.monotonic`, the loop's clock.

    `is_found`: it was found so when the panel was opened, or after a flood, which is no press and no release.
    """

    button: str
    is_down: bool
    at: float
    is_found: bool = False


@dataclass(frozen=True, slots=True)
class Flood:
    """A button's contact closes and opens as no finger does, until `at` at least: its edges are dropped meanwhile.

    What passed since it moves without a pause, `since`, was no finger's either.
    """

    button: str
    at: float
    since: float


PanelEvent = Edge | Flood


@dataclass(frozen=True, slots=True)
class Contact:
    """A door's or a case's contact closed or opened; `at` as an Edge's.

    `is_at_start`: it was found so when the panel was opened.
    """

    name: str
    is_closed: bool
    at: float
    is_at_start: bool = False
