"""Calls in a row leave nothing behind in the process that made them."""

import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.figures import Figures
from tests.soak.footprint import Footprint

MAY_GROW = {"memory_kib": 4096, "objects": 600, "threads": 0, "files": 0, "tasks": 0}
SHORT, LONG = (10, 30), (50, 500)


@pytest.mark.parametrize(("step", "calls"), [SHORT, pytest.param(*LONG, marks=pytest.mark.soak)])
def test_calls_in_a_row_leave_nothing_behind(cards: Path, figures: Figures, step: int, calls: int) -> None:
    command = [sys.executable, "-W", "error", "-m", "tests.soak.calls", str(cards), str(calls), str(step)]
    ran = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    footprints = [Footprint(**json.loads(line)) for line in ran.stdout.splitlines()]
    for each in footprints:
        figures.note(str(each))
    warm, last = (asdict(footprints[at]) for at in (len(footprints) // 10, -1))
    grown = {name: last[name] - warm[name] for name in last}
    assert last["calls"] == calls
    assert all(grown[name] <= limit for name, limit in MAY_GROW.items()), grown
