"""The bar of what goes over the line."""

import io

import pytest

from intercom.remote.progress import Progress, Sum, bar


@pytest.mark.parametrize(
    ("done", "whole", "after_s", "shown"),
    [
        (0, 2000, 0.0, f"[{'.' * 30}]   0%  0 of 2000 bytes"),
        (500, 2000, 5.0, f"[{'#' * 8}{'.' * 22}]  25%  500 of 2000 bytes, 15 s left"),
        (2000, 2000, 9.0, f"[{'#' * 30}] 100%  2000 of 2000 bytes"),
        (0, 0, 0.0, f"[{'#' * 30}] 100%  0 of 0 bytes"),
    ],
)
def test_the_bar_tells_share_and_what_is_left(done: int, whole: int, after_s: float, shown: str) -> None:
    assert bar(done, whole, after_s=after_s) == shown


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_it_is_drawn_on_one_line_of_a_terminal_and_nowhere_else() -> None:
    terminal, file = Terminal(), io.StringIO()
    for stream in (terminal, file):
        progress = Progress(stream)
        progress.show(1, 2)
        progress.show(2, 2)
        progress.close()
        progress.close()
    assert terminal.getvalue().count("\r[") == 2
    assert terminal.getvalue().count("\n") == 1
    assert file.getvalue() == ""


def test_that_of_many_is_their_sum() -> None:
    told: list[tuple[int, int]] = []
    together = Sum(lambda done, whole: told.append((done, whole)))
    first, second = together.of("ttyUSB0"), together.of("ttyUSB1")
    first(1, 10)
    second(5, 20)
    first(10, 10)
    assert told == [(1, 10), (6, 30), (15, 30)]
