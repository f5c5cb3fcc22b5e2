"""Results of cells, kept by commit in bench/results: what was measured need not be measured again."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.cells import Cell
from bench.figures import Curve, Outcome
from bench.machine import DIRTY
from bench.measure import Figures

FOLDER = Path(__file__).with_name("results")


class Results:
    """Cells of one commit; each `put` is on disk when it returns.

    A tree with changes is no commit: what was measured of it before is forgotten.
    """

    def __init__(self, commit: str, facts: dict[str, str], *, folder: Path = FOLDER) -> None:
        folder.mkdir(exist_ok=True)
        self.path = folder / f"{commit}.json"
        self.facts = facts
        is_known = self.path.exists() and not commit.endswith(DIRTY)
        kept = json.loads(self.path.read_text()) if is_known else {}
        self._cells: dict[str, Any] = kept.get("cells", {})

    def has(self, cell: Cell, sides: Iterable[str]) -> bool:
        """Whether this very cell was measured on these sides."""
        kept = self._cells.get(cell.name)
        return kept is not None and kept["plan"] == _plan(cell) and set(sides) <= set(kept["sides"])

    def put(self, cell: Cell, outcomes: dict[str, Outcome]) -> None:
        """Keep what a cell was like on these sides, and on the others what is known, if the plan is the same."""
        kept = self._cells.get(cell.name, {})
        others = kept["sides"] if kept.get("plan") == _plan(cell) else {}
        sides = others | {name: asdict(each) for name, each in outcomes.items()}
        self._cells[cell.name] = {"plan": _plan(cell), "sides": sides}
        text = json.dumps({"machine": self.facts, "cells": self._cells}, indent=1)
        fresh = self.path.with_suffix(".new")
        fresh.write_text(text + "\n")
        fresh.replace(self.path)

    def figures(self, cell: str, side: str) -> Figures:
        """Return what was measured, nothing where nothing was."""
        found: Figures = self._side(cell, side).get("figures", {})
        return found

    def curves(self, cell: str, side: str) -> list[Curve]:
        """Return the delay over time of both ways."""
        return [[(at_s, delay_ms) for at_s, delay_ms in curve] for curve in self._side(cell, side).get("curves", [])]

    @property
    def cells(self) -> list[str]:
        return list(self._cells)

    def _side(self, cell: str, side: str) -> dict[str, Any]:
        found: dict[str, Any] = self._cells.get(cell, {}).get("sides", {}).get(side, {})
        return found


def _plan(cell: Cell) -> dict[str, Any]:
    plan: dict[str, Any] = json.loads(json.dumps(asdict(cell), default=lambda kind: kind.value))
    return plan
