"""The score, against the reference's own results."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intercom.quality.mos import HIGHEST, mos
from tests.vectors.read import vectors

CASES = vectors("mos")["cases"]
SPELLED = {"NaN": math.nan, "Infinity": math.inf}


def _number(given: Any) -> float | None:
    """What JavaScript does not take for a number (`"50"`, true) is none here either."""
    return given if type(given) in {int, float} else SPELLED.get(given)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['rtt']}-{case['jitter']}-{case['loss']}")
def test_it_is_the_references(case: dict[str, Any]) -> None:
    score = mos(*(_number(case[name]) for name in ("rtt", "jitter", "loss")))
    assert score == (None if case["mos"] is None else pytest.approx(case["mos"], rel=1e-12))


@given(st.floats() | st.none(), st.floats() | st.none(), st.floats() | st.none())
def test_no_figures_take_it_out_of_its_range(rtt: float | None, jitter: float | None, loss: float | None) -> None:
    score = mos(rtt, jitter, loss)
    assert score is None or 1 <= score < HIGHEST
