"""The tidy table: what a row may hold, and that it comes back from disk as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gait.model import MetricSummary
from gait.validate.rows import Row, read_rows, row_of_summary, write_rows

NUMBERS = st.floats(allow_nan=False, allow_infinity=False, width=64)


def row(**values: object) -> Row:
    known = {"suite": "s", "case": "c", "condition": "k", "metric": "m", "side": "left", "unit": "deg", "truth": 1.0}
    return Row(**(known | values))  # type: ignore[arg-type]


@pytest.mark.parametrize("suffix", [".csv", ".json"])
@given(truth=NUMBERS, estimate=NUMBERS, reason=st.text(min_size=1).filter(lambda text: "\r" not in text))
def test_rows_come_back_as_they_were(
    tmp_path_factory: pytest.TempPathFactory, suffix: str, truth: float, estimate: float, reason: str
) -> None:
    path = tmp_path_factory.mktemp("rows") / f"rows{suffix}"
    rows = [
        row(truth=truth, estimate=estimate, low=min(estimate, 0.1), high=max(estimate, 0.1)),
        row(truth=truth, withheld=reason, unshown=estimate),
        row(truth=truth, estimate=estimate),
    ]
    write_rows(rows, path)
    assert read_rows(path) == rows


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({}, "an estimate, or a reason"),
        ({"estimate": 1.0, "withheld": "hidden"}, "an estimate, or a reason"),
        ({"estimate": float("nan")}, "estimate is nan"),
        ({"estimate": 1.0, "truth": float("inf")}, "truth is inf"),
        ({"estimate": 1.0, "low": 0.0}, "two ends"),
        ({"estimate": 1.0, "low": 2.0, "high": 0.0}, "upside down"),
    ],
)
def test_a_row_that_makes_no_sense_is_refused(values: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        row(**values)


def test_error_and_cover() -> None:
    assert row(estimate=1.5, low=0.9, high=2.1).error == 0.5
    assert row(estimate=1.5, low=0.9, high=2.1).covered is True
    assert row(estimate=1.5, low=1.1, high=1.9).covered is False
    assert row(estimate=1.5, low=1.0, high=1.9).covered is True  # the end belongs to it
    assert row(estimate=1.5).covered is None
    assert row(withheld="hidden").error is None


def test_row_of_a_summary() -> None:
    place = {"suite": "s", "case": "c", "condition": "k", "metric": "m", "unit": "deg"}
    shown = MetricSummary("m", "left", 3.0, (2.0, 4.0), 20, "A")
    assert row_of_summary(shown, 2.5, **place) == row(truth=2.5, estimate=3.0, low=2.0, high=4.0)
    hidden = MetricSummary("m", "left", None, None, 20, None, "too wide", 9.0)
    assert row_of_summary(hidden, 2.5, **place, unshown=3.1) == row(truth=2.5, withheld="too wide", unshown=3.1)
    absent = row_of_summary(None, 2.5, **place)
    assert (absent.side, absent.estimate, absent.withheld) == ("both", None, "not measured in this view")
