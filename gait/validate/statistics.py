"""From tidy rows to figures of accuracy: bias, spread, limits of agreement, slope, coverage, share withheld.

Rows of one clip depend on each other (every contact of a clip shares its folded cycle), so intervals of these figures
count clips and not rows: they are rather too wide than too narrow.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from gait.validate.rows import BY_RULE, Row

if TYPE_CHECKING:
    import pandas as pd

MIN_TRUTHS = 6  # different truths that a slope needs
WIDEST_SLOPE = 0.5  # a slope that isn't known better than this tells nothing
MIN_FOR_LIMITS = 5  # clips
N_REASONS = 3
Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Estimate minus truth: mean, SD, root mean square, and the 95 % limits of agreement, each known to `limits_error`.

    The limits are None with fewer than five clips.
    """

    bias: float
    sd: float | None
    rmse: float
    limits: Interval | None = None
    limits_error: float | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """Slope of the estimate on the truth with its 95 % interval, and their correlation."""

    slope: float
    ci95: Interval
    pearson: float | None


@dataclass(frozen=True, slots=True)
class Intervals:
    """Share of `n` 95 % intervals that hold the truth, with its own 95 % interval, and their median half-width."""

    n: int
    coverage: float
    ci95: Interval
    half_width: float


@dataclass(frozen=True, slots=True)
class Figures:
    """How accurate one metric is under one condition.

    `n` values of `n_clips` clips, of which `n_shown` weren't withheld. `agreement`, `line` and `intervals` are None
    where there is too little to tell. `reasons` are the most frequent ones for withholding, with counts;
    `unshown_rmse` is the error of what was withheld, where it is known.
    """

    suite: str
    condition: str
    metric: str
    unit: str
    n: int
    n_clips: int
    n_shown: int
    truth_range: Interval
    agreement: Agreement | None
    line: Line | None
    intervals: Intervals | None
    reasons: tuple[tuple[str, int], ...]
    unshown_rmse: float | None

    @property
    def withheld(self) -> float:
        """Share of the values that were withheld."""
        return 1 - self.n_shown / self.n


def summarise(rows: Iterable[Row]) -> list[Figures]:
    """Figures by suite, condition and metric, in the order in which they first appear."""
    import pandas as pd

    table = pd.DataFrame([asdict(row) for row in rows])
    if table.empty:
        return []
    for name in ("truth", "estimate", "low", "high", "unshown"):
        table[name] = table[name].astype(float)
    groups = table.groupby(["suite", "condition", "metric"], sort=False)
    return [_figures(str(suite), str(condition), str(metric), group) for (suite, condition, metric), group in groups]


def over_all_conditions(rows: Iterable[Row]) -> list[Figures]:
    """Figures by suite and metric, all conditions in one; a first look only, as conditions differ.

    The comparison with rules of the literature is left out: its conditions are of different rules.
    """
    return summarise(replace(row, condition="all") for row in rows if not row.metric.startswith(BY_RULE))


def _figures(suite: str, condition: str, metric: str, group: pd.DataFrame) -> Figures:
    """The figures of one metric under one condition."""
    shown = group[group["estimate"].notna()]
    unshown = (group["unshown"] - group["truth"]).dropna()
    return Figures(
        suite=suite,
        condition=condition,
        metric=metric,
        unit=str(group["unit"].iloc[0]),
        n=len(group),
        n_clips=int(group["case"].nunique()),
        n_shown=len(shown),
        truth_range=(float(group["truth"].min()), float(group["truth"].max())),
        agreement=_agreement(shown),
        line=_line(shown),
        intervals=_intervals(shown[shown["low"].notna()]),
        reasons=frequent_reasons(reason for reason in group["withheld"] if reason),
        unshown_rmse=float(np.sqrt((unshown**2).mean())) if len(unshown) else None,
    )


def _agreement(shown: pd.DataFrame) -> Agreement | None:
    """Limits of agreement after Bland and Altman 1999, doi:10.1177/096228029900800204."""
    from scipy.stats import t

    if shown.empty:
        return None
    error = (shown["estimate"] - shown["truth"]).to_numpy(dtype=np.float64)
    bias, rmse = float(error.mean()), float(np.sqrt((error**2).mean()))
    sd = float(error.std(ddof=1)) if len(error) > 1 else None
    n_clips = int(shown["case"].nunique())
    if sd is None or n_clips < MIN_FOR_LIMITS:
        return Agreement(bias, sd, rmse)
    limits = (bias - 1.96 * sd, bias + 1.96 * sd)
    limits_error = t.ppf(0.975, n_clips - 1) * sd * np.sqrt(1 / n_clips + 1.96**2 / (2 * (n_clips - 1)))
    return Agreement(bias, sd, rmse, limits, float(limits_error))


def _line(shown: pd.DataFrame) -> Line | None:
    """Least squares, where truths spread enough to tell the slope to +- 0.5."""
    from scipy.stats import linregress, t

    truth, estimate = (shown[name].to_numpy(dtype=np.float64) for name in ("truth", "estimate"))
    n_clips = int(shown["case"].nunique())
    if min(len(np.unique(truth)), n_clips) < MIN_TRUTHS:
        return None
    line = linregress(truth, estimate)
    alike = np.sqrt(len(truth) / n_clips)  # rows of one clip count as one
    half = float(t.ppf(0.975, n_clips - 2) * line.stderr * alike)
    if not half <= WIDEST_SLOPE:
        return None
    slope = float(line.slope)
    return Line(slope, (slope - half, slope + half), float(line.rvalue) if np.ptp(estimate) > 0 else None)


def _intervals(shown: pd.DataFrame) -> Intervals | None:
    """Coverage with its exact binomial interval."""
    from scipy.stats import binomtest

    if shown.empty:
        return None
    held = ((shown["low"] <= shown["truth"]) & (shown["truth"] <= shown["high"])).to_numpy()
    coverage, n_clips = float(held.mean()), int(shown["case"].nunique())
    few, many = (int(whole(round(coverage * n_clips, 9))) for whole in (np.floor, np.ceil))
    ci95 = (
        float(binomtest(few, n_clips).proportion_ci(0.95).low),
        float(binomtest(many, n_clips).proportion_ci(0.95).high),
    )
    return Intervals(len(shown), coverage, ci95, float(((shown["high"] - shown["low"]) / 2).median()))


def frequent_reasons(reasons: Iterable[str], *, most: int = N_REASONS) -> tuple[tuple[str, int], ...]:
    """The most frequent reasons with their counts; the numbers in them are left out, so that alike ones count as one.

    >>> frequent_reasons(["3 good strides are too few", "4 good strides are too few", "not running"])
    (('… good strides are too few', 2), ('not running', 1))
    """
    counts: dict[str, int] = {}
    for reason in reasons:
        alike = re.sub(r"\d+(?:\.\d+)?", "…", reason)
        counts[alike] = counts.get(alike, 0) + 1
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:most])
