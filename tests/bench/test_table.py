"""The table: medians with their ranges, ratios, and goals met or missed."""

from bench.goals import Goal, Row, rows
from bench.table import table

FOUND = {
    ("clean", "intercom"): {"delay_ms": [50.0, 60.0, 52.0], "xruns": [1.0, 2.0], "pesq": [3.0]},
    ("clean", "baresip"): {"delay_ms": [230.0, 228.0, 240.0], "xruns": [0.0, 0.0]},
    ("clean", "chromium"): {"pesq": [2.9]},
}
ROWS = (
    Row("clean", "delay_ms", "mouth to ear, ms", 0, Goal(most_ratio=0.25, most=50)),
    Row("clean", "xruns", "xruns", of_all=sum),
    Row("clean", "pesq", "speech", 2, Goal(least_ratio=1)),
    Row("echo", "erle_db", "echo", 0, Goal(least=30)),
)


def test_a_line_tells_median_range_ratio_and_goal_and_is_left_out_without_figures() -> None:
    assert table(ROWS, lambda cell, side: FOUND.get((cell, side), {})).splitlines() == [
        "| figure           | intercom    | baresip        | chromium | ratio | goal           |        |",
        "|------------------|-------------|----------------|----------|-------|----------------|--------|",
        "| mouth to ear, ms | 52 [50..60] | 230 [228..240] |          | 0.23  | ≤ 0.25 ×, ≤ 50 | missed |",
        "| xruns            | 3 [1..2]    | 0              |          |       |                |        |",
        "| speech           | 3.00        |                | 2.90     |       | ≥ 1 ×          | met    |",
    ]


def test_a_goal_beside_the_other_side_needs_the_other_side() -> None:
    assert Goal(most_ratio=1.2).is_met(2.4, [2.0]) is True
    assert Goal(most_ratio=1.2).is_met(2.5, [2.0]) is False
    assert Goal(most_ratio=1.2).is_met(2.4, []) is None
    assert Goal(least=30).is_met(31, []) is True


def test_every_figure_is_in_the_table_once() -> None:
    places = [(row.cell, row.figure) for row in rows()]
    assert len(places) == len(set(places))
