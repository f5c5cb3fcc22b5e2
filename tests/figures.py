"""What tests have measured, told at the end of the run; `tests/conftest.py` offers it to every test."""

import pytest

FIGURE = "figure"


class Figures:
    """Takes lines of text, each a figure with what it is about."""

    def __init__(self, properties: list[tuple[str, object]]) -> None:
        self._properties = properties

    def note(self, line: str) -> None:
        self._properties.append((FIGURE, line))


@pytest.fixture
def figures(request: pytest.FixtureRequest) -> Figures:
    return Figures(request.node.user_properties)  # they come with the test's report, from another process too


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print all lines."""
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    if lines := [str(line) for report in reports for name, line in report.user_properties if name == FIGURE]:
        terminalreporter.section("measured")
        terminalreporter.write_line("\n".join(lines))
