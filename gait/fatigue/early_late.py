"""Early against late in the clip, as plain numbers without a verdict."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gait.errors import check_ranges
from gait.model import Drift, DriftEntry, FloatArray, MetricSummary, MetricTable

NOTE = (
    "Mean of the first part of the clip against the last part, with the 95 % interval of the change. No verdict is "
    "given: strides follow each other closely and a short clip can't tell fatigue from chance."
)


@dataclass(frozen=True, slots=True)
class FatigueRules:
    """Settings: the share of the clip that counts as early and as late, and the strides needed in each."""

    share: float = 1 / 3
    min_strides: int = 5

    def __post_init__(self) -> None:
        check_ranges(self, share=(0.01, 0.5), min_strides=(2, 10_000))


def early_against_late(metrics: MetricTable, rules: FatigueRules) -> Drift:
    """Change from the first to the last part of the clip, of every metric that isn't withheld."""
    good = metrics.values[metrics.values["rejected"] == ""]
    if good.empty:
        return Drift((), None, None, "There are no strides to compare.")
    start, end = float(good["time_s"].min()), float(good["end_s"].max())
    early_end, late_start = start + rules.share * (end - start), end - rules.share * (end - start)
    entries = []
    for summary in metrics.summary:
        if summary.estimate is None:
            continue
        rows = good if summary.side == "both" else good[good["side"] == summary.side]
        early, late = (
            rows.loc[part, summary.name].dropna().to_numpy(dtype=np.float64)
            for part in (rows["time_s"] < early_end, rows["time_s"] >= late_start)
        )
        if min(len(early), len(late)) >= rules.min_strides:
            entries.append(_entry(summary, early, late))
    if not entries:
        note = f"The clip is too short to compare its beginning with its end ({rules.min_strides} strides a part)."
        return Drift((), None, None, note)
    return Drift(tuple(entries), (start, early_end), (late_start, end), NOTE)


def _entry(summary: MetricSummary, early: FloatArray, late: FloatArray) -> DriftEntry:
    """Means, change and its interval (Welch, unequal variances)."""
    from scipy.stats import ttest_ind

    change = float(late.mean() - early.mean())
    if early.std() + late.std() < 1e-12:
        interval = (change, change)
    else:
        welch = ttest_ind(late, early, equal_var=False).confidence_interval(0.95)
        interval = (float(welch.low), float(welch.high))
    return DriftEntry(
        summary.name, summary.side, float(early.mean()), float(late.mean()), change, interval, len(early), len(late)
    )
