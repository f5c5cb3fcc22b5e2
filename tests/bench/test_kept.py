"""Results by commit: what was measured is there again, what is planned otherwise now is not."""

from dataclasses import replace
from pathlib import Path

from bench.cells import CELLS
from bench.figures import Outcome
from bench.goals import rows
from bench.kept import Results
from bench.table import SIDES

CELL = CELLS[1]


def test_a_cell_is_kept_by_commit_with_its_plan(tmp_path: Path) -> None:
    Results("abc", {"cores": "2"}, folder=tmp_path).put(
        CELL, {"intercom": Outcome({"delay_ms": [50.0]}, ([(1.0, 50.0)],)), "baresip": Outcome({})}
    )
    again = Results("abc", {}, folder=tmp_path)
    assert again.has(CELL, SIDES[:2])
    assert again.figures(CELL.name, "intercom") == {"delay_ms": [50.0]}
    assert again.curves(CELL.name, "intercom") == [[(1.0, 50.0)]]
    assert again.figures("no such cell", "intercom") == {}
    assert not again.has(CELL, SIDES)
    assert not again.has(replace(CELL, seconds=5), SIDES[:1])
    assert not Results("def", {}, folder=tmp_path).has(CELL, SIDES[:1])


def test_another_side_is_added_to_what_was_measured_before(tmp_path: Path) -> None:
    results = Results("abc", {}, folder=tmp_path)
    for side in SIDES:
        results.put(CELL, {side: Outcome({"pesq": [3.0]})})
    assert results.has(CELL, SIDES)
    results.put(replace(CELL, seconds=5), {SIDES[0]: Outcome({})})
    assert results.figures(CELL.name, SIDES[1]) == {}


def test_of_a_tree_with_changes_nothing_is_kept(tmp_path: Path) -> None:
    Results("abc-dirty", {}, folder=tmp_path).put(CELL, {SIDES[0]: Outcome({})})
    assert not Results("abc-dirty", {}, folder=tmp_path).has(CELL, SIDES[:1])


def test_the_table_asks_for_cells_that_there_are() -> None:
    names = {cell.name for cell in CELLS}
    assert {row.cell for row in rows()} <= names
    assert len(names) == len(CELLS)
