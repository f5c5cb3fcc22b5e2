"""What tests have measured, told at the end of the run; `tests/conftest.py` offers it to every test."""

import pytest

LINES = pytest.StashKey[list[str]]()


class Figures:
    """Takes lines of text, each a figure with what it is about."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines

    def note(self, line: str) -> None:
        self._lines.append(line)


@pytest.fixture(scope="session")
def figures(pytestconfig: pytest.Config) -> Figures:
    return Figures(pytestconfig.stash.setdefault(LINES, []))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print all lines."""
    if lines := config.stash.get(LINES, []):
        terminalreporter.section("measured")
        terminalreporter.write_line("\n".join(lines))
