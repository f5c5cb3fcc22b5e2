"""The state table."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intercom.call.machine import TRANSITIONS, CallMachine, CallState, mermaid

TRIGGERS = sorted({row[0] for row in TRANSITIONS})


def test_every_trigger_of_the_table_is_declared_on_the_class() -> None:
    assert all(callable(getattr(CallMachine, trigger)) for trigger in TRIGGERS)


@given(st.lists(st.sampled_from(TRIGGERS)))
def test_any_triggers_in_any_order_walk_only_the_rows_of_the_table(triggers: list[str]) -> None:
    changes: list[tuple[CallState, CallState]] = []
    machine = CallMachine(lambda before, after: changes.append((before, after)))
    for trigger in triggers:
        before = machine.state
        is_allowed = getattr(machine, trigger)()
        rows = [row for row in TRANSITIONS if row[0] == trigger and before in _sources(row)]
        assert is_allowed is bool(rows)
        assert machine.state is (rows[0][2] if rows else before)
    assert all(after is not before for before, after in changes)


@pytest.mark.parametrize("trigger", TRIGGERS)
def test_a_closed_call_stays_closed(trigger: str) -> None:
    machine = CallMachine(lambda *_: None)
    machine.dismiss()
    assert getattr(machine, trigger)() is False
    assert machine.state is CallState.CLOSED


def test_the_diagram_in_the_readme_is_the_table() -> None:
    assert mermaid() in Path("README.md").read_text()


def _sources(row: list[object]) -> list[object]:
    return row[1] if isinstance(row[1], list) else [row[1]]
