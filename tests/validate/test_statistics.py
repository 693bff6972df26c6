"""Figures of accuracy against hand-made rows and against chance whose law is known."""

from dataclasses import replace

import numpy as np
import pytest

from gait.validate.rows import BY_RULE, Row
from gait.validate.statistics import Figures, frequent_reasons, over_all_conditions, summarise


def rows_of(
    truth: list[float] | np.ndarray,
    estimate: list[float] | np.ndarray,
    *,
    half: float | None = None,
    per_clip: int = 1,
    condition: str = "k",
) -> list[Row]:
    made = []
    for i, (t, e) in enumerate(zip(truth, estimate, strict=True)):
        ends = {} if half is None else {"low": float(e) - half, "high": float(e) + half}
        made.append(Row("s", f"c{i // per_clip}", condition, "m", "left", "deg", float(t), float(e), **ends))
    return made


def one(rows: list[Row]) -> Figures:
    figures = summarise(rows)
    assert len(figures) == 1
    return figures[0]


def test_bias_spread_and_limits_by_hand() -> None:
    figures = one(rows_of([0, 0, 0, 0, 0], [1, 2, 3, 4, 5]))
    assert figures.agreement is not None
    assert figures.agreement.bias == 3
    assert figures.agreement.sd == pytest.approx(np.sqrt(2.5))
    assert figures.agreement.rmse == pytest.approx(np.sqrt(11))
    assert figures.agreement.limits == pytest.approx((3 - 1.96 * np.sqrt(2.5), 3 + 1.96 * np.sqrt(2.5)))
    # Bland and Altman 1999: the variance of a limit is some 3 SD squared over n; Student's factor for four is 2.776.
    expected = 2.776 * np.sqrt(2.5) * np.sqrt(1 / 5 + 1.96**2 / 8)
    assert figures.agreement.limits_error == pytest.approx(expected, rel=1e-3)


def test_limits_need_five_clips_not_five_values() -> None:
    figures = one(rows_of([0] * 8, range(8), per_clip=2))  # type: ignore[arg-type]
    assert (figures.n, figures.n_clips) == (8, 4)
    assert figures.agreement is not None
    assert figures.agreement.limits is None


def test_slope_of_an_estimate_that_shrinks_differences() -> None:
    truth = np.linspace(-5, 15, 40)
    noise = np.random.default_rng(1).normal(0, 1, 40)
    figures = one(rows_of(truth, 0.4 * truth + 3 + noise))
    assert figures.line is not None
    low, high = figures.line.ci95
    assert low < 0.4 < high
    assert high - low < 0.12  # 2 x t x 1 / (SD of the truth x sqrt(n)) = 0.11
    assert figures.line.pearson == pytest.approx(np.corrcoef(truth, 0.4 * truth + 3 + noise)[0, 1])


@pytest.mark.parametrize(
    "truth",
    [np.zeros(40), np.repeat([1.0, 2, 3, 4, 5], 8), np.linspace(0, 0.1, 40)],
    ids=["no spread", "five truths", "spread far below the error"],
)
def test_no_slope_where_truths_hardly_differ(truth: np.ndarray) -> None:
    estimate = truth + np.random.default_rng(2).normal(0, 1, len(truth))
    assert one(rows_of(truth, estimate)).line is None


def test_slope_counts_rows_of_one_clip_as_one() -> None:
    truth = np.repeat(np.linspace(0, 10, 12), 5)
    noise = np.repeat(np.random.default_rng(3).normal(0, 1, 12), 5)
    alike = one(rows_of(truth, truth + noise, per_clip=5)).line
    once = one(rows_of(truth[::5], (truth + noise)[::5])).line
    assert alike is not None
    assert once is not None
    assert alike.slope == pytest.approx(once.slope)
    # The same twelve clips tell the slope as well, however often each is counted.
    assert np.ptp(alike.ci95) == pytest.approx(np.ptp(once.ci95), rel=0.15)


def test_coverage_of_honest_and_of_cocksure_intervals() -> None:
    errors = np.random.default_rng(4).normal(0, 1, 400)
    honest, cocksure = (one(rows_of(np.zeros(400), errors, half=half)).intervals for half in (1.96, 1.0))
    assert honest is not None
    assert cocksure is not None
    assert honest.ci95[0] < 0.95 < honest.ci95[1]
    assert cocksure.ci95[0] < 0.683 < cocksure.ci95[1]  # one SD either way
    assert cocksure.ci95[1] < 0.75
    assert cocksure.half_width == pytest.approx(1.0)


def test_coverage_counts_clips() -> None:
    shown = one(rows_of(np.zeros(100), np.zeros(100), half=1, per_clip=50)).intervals
    assert shown is not None
    assert shown.coverage == 1
    assert shown.ci95[0] == pytest.approx(0.158, abs=0.001)  # two clips of two: Clopper and Pearson's lower end


def test_withheld_values_are_counted_and_their_error_told() -> None:
    hidden = [Row("s", f"h{i}", "k", "m", "left", "deg", 1.0, withheld=f"{i} strides", unshown=4.0) for i in range(3)]
    figures = one([*rows_of([0.0], [1.0]), *hidden])
    assert (figures.n, figures.n_shown, figures.withheld) == (4, 1, 0.75)
    assert figures.unshown_rmse == 3
    assert figures.reasons == (("… strides", 3),)
    assert figures.agreement is not None
    assert figures.agreement.rmse == 1  # of what is shown


def test_nothing_shown_and_nothing_at_all() -> None:
    hidden = one([Row("s", "c", "k", "m", "left", "deg", 1.0, withheld="dark")])
    assert (hidden.agreement, hidden.line, hidden.intervals, hidden.unshown_rmse) == (None, None, None, None)
    assert summarise([]) == []


def test_groups_keep_their_order() -> None:
    rows = [*rows_of([0.0], [1.0], condition="z"), *rows_of([0.0], [2.0], condition="a")]
    assert [figures.condition for figures in summarise(rows)] == ["z", "a"]
    (pooled,) = over_all_conditions(rows)
    assert (pooled.condition, pooled.n) == ("all", 2)


def test_rules_of_the_literature_are_not_pooled_into_one() -> None:
    rows = [replace(row, metric=BY_RULE + row.metric) for row in rows_of([0.0], [1.0])]
    assert len(summarise(rows)) == 1
    assert over_all_conditions(rows) == []


def test_reasons_that_differ_by_numbers_are_one() -> None:
    reasons = ["± 3.2 deg", "± 4 deg", "walking", "± 11.0 deg", "walking", "dark", "cut"]
    assert frequent_reasons(reasons) == (("± … deg", 3), ("walking", 2), ("cut", 1))
