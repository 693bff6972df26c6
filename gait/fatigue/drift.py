"""Which metrics changed over the run, by more than strides that remember each other wander anyway."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from gait.errors import check_ranges
from gait.fatigue.camera import Unchanging
from gait.fatigue.memory import Epochs, epochs_of
from gait.fatigue.regression import Estimate, Fit, fit, ramps, shape_weights
from gait.fatigue.verdict import FALSE_ALARMS, Measured, judged
from gait.model import SIDES, Drift, DriftEntry, FloatArray, MetricSummary, MetricTable

if TYPE_CHECKING:
    import pandas as pd

SAME_SPEED = 1e-6  # of the belt, relative
SHORT_RUN_S = 660.0  # below, a change within the clip isn't called one of the run
N_PLACES = 46  # at which the beginning of a change is looked for
NOTE = (
    "Mean of the first part against that of the last, with the 95 % interval of the change. Strides remember each "
    "other, which makes a mean wander without any cause; the interval allows for that, with the memory that this run "
    "shows. Of all metrics together at most one in twenty changes is called drift by chance."
)
TOO_SHORT = (
    "Not enough to tell: {} good strides are needed in the first and in the last third. Film 20 seconds or more, and "
    "of a long run its whole length, or a minute of every few; `gait plan drift` says what that would show."
)
SHORT = "The clip is too short to speak of the whole run: a change within it may come from settling in as well. "


@dataclass(frozen=True, slots=True)
class FatigueRules:
    """Settings: the share of the clip that counts as early and as late, and the strides needed in each."""

    share: float = 1 / 3
    min_strides: int = 5

    def __post_init__(self) -> None:
        check_ranges(self, share=(0.01, 0.5), min_strides=(2, 10_000))


def find_drift(
    metrics: MetricTable,
    unchanging: Unchanging,
    rules: FatigueRules,
    *,
    largest_useful: Mapping[str, float],
    of_time_alone: Set[str] = frozenset(),
) -> Drift:
    """Change over the run of every metric that isn't withheld, with a verdict.

    Parameters
    ----------
    unchanging
        What the camera shows that can't tire; where it changed, every verdict is void, but of time alone.
    largest_useful
        By metric, the change that is worth finding: where a run couldn't show it, "stable" isn't said.
    of_time_alone
        Metrics that no change of the camera can change.
    """
    good = metrics.values[metrics.values["rejected"] == ""]
    if good.empty:
        return Drift((), None, None, "There are no strides to compare.")
    span = float(good["time_s"].min()), float(good["end_s"].max())
    parts = _Parts(span[0], span[0] + rules.share * (span[1] - span[0]), span[1] - rules.share * (span[1] - span[0]))
    stride_s = float((good["end_s"] - good["time_s"]).median())
    entries = list[Measured]()
    for summary in metrics.summary:
        rows = good[np.isfinite(good[summary.name].to_numpy(dtype=np.float64))].sort_values("time_s")
        rows = rows[rows["side"] == (_fuller_side(rows) if summary.side == "both" else summary.side)]
        early, late = rows["time_s"] < parts.early_end_s, rows["time_s"] >= parts.late_start_s
        if summary.estimate is not None and min(early.sum(), late.sum()) >= rules.min_strides:
            entries.append(_entry(summary, rows, parts, stride_s, unchanging))
    spared = frozenset[str]() if unchanging.is_belt else of_time_alone
    if not entries:
        note = TOO_SHORT.format(rules.min_strides)
        return Drift((), None, None, note)
    return Drift(
        entries=judged(entries, unchanging.voided, largest_useful, spared, span[1] - span[0]),
        early_s=(span[0], parts.early_end_s),
        late_s=(parts.late_start_s, span[1]),
        note=(SHORT if span[1] - span[0] < SHORT_RUN_S else "") + NOTE,
        voided=unchanging.voided,
        belt=unchanging.belt,
    )


def _fuller_side(rows: pd.DataFrame) -> str:
    """Of what both legs tell: strides of left and right share half of their time, so those of one are taken."""
    return max(SIDES, key=lambda side: int((rows["side"] == side).sum()))


@dataclass(frozen=True, slots=True)
class _Parts:
    """Start of the run, end of its early and start of its late part, in seconds."""

    start_s: float
    early_end_s: float
    late_start_s: float


def _entry(
    summary: MetricSummary, rows: pd.DataFrame, parts: _Parts, stride_s: float, unchanging: Unchanging
) -> Measured:
    """Means, change, slope and memory of one metric; the verdict comes when all of them are known."""
    time_s, values = (rows[name].to_numpy(dtype=np.float64) for name in ("time_s", summary.name))
    is_early, is_late = time_s < parts.early_end_s, time_s >= parts.late_start_s
    early, late = float(values[is_early].mean()), float(values[is_late].mean())
    entry = DriftEntry(
        summary.name, summary.side, early, late, late - early, (late - early,) * 2, int(is_early.sum()),
        int(is_late.sum()),
    )  # fmt: skip
    if float(values.std()) < 1e-9 * max(1.0, abs(float(values.mean()))):
        return Measured(entry)
    epochs = epochs_of((time_s - parts.start_s) / stride_s, values)
    fitted, speed = _line(epochs, stride_s, unchanging.belt_speed_at(parts.start_s + epochs.middle * stride_s))
    slope = fitted.coefficients[1]
    by_slope = slope.times(float(time_s[is_late].mean() - time_s[is_early].mean()) / 600)
    change = by_slope
    if speed is None:
        change = fitted.contrast(_late_less_early(epochs, parts, stride_s), epochs.values)
    else:  # what there would be at the same speed
        entry = replace(entry, change=by_slope.value)
        epochs = replace(epochs, values=epochs.values - fitted.coefficients[2].value * speed)
    begins_s = None
    if slope.p < FALSE_ALARMS:
        low, middle, high = (parts.start_s + stride_s * place for place in beginning(epochs))
        begins_s = (low, middle, high)
    entry = replace(
        entry,
        ci95=_around(change, entry.change),
        per_10_min=slope.value,
        per_10_min_ci95=slope.interval(),
        p=slope.p,
        memory=fitted.alpha,
        begins_s=begins_s,
    )
    return Measured(entry, by_slope)


def _line(epochs: Epochs, stride_s: float, speed: FloatArray | None) -> tuple[Fit, FloatArray | None]:
    """A straight line in units of ten minutes, with the belt's speed beside it where that changed meanwhile."""
    per_10_min = epochs.middle * stride_s / 600
    columns = [np.ones(len(per_10_min)), per_10_min - per_10_min.mean()]
    if speed is not None and float(np.ptp(speed)) < SAME_SPEED:
        speed = None
    if speed is not None:
        speed = speed - speed.mean()
        columns.append(speed)
    return fit(epochs, np.column_stack(columns)), speed


def _late_less_early(epochs: Epochs, parts: _Parts, stride_s: float) -> FloatArray:
    """Weights of the epochs (k,) that make the late mean less the early one."""
    time_s = parts.start_s + epochs.middle * stride_s
    weights = np.zeros(len(time_s))
    for inside, sign in ((time_s < parts.early_end_s, -1.0), (time_s >= parts.late_start_s, 1.0)):
        weights[inside] = sign * epochs.count[inside] / max(epochs.count[inside].sum(), 1.0)
    return weights


def _around(estimate: Estimate, value: float) -> tuple[float, float]:
    """The interval, put around the value that is told."""
    low, high = estimate.interval()
    return low + value - estimate.value, high + value - estimate.value


def beginning(epochs: Epochs) -> tuple[float, float, float]:
    """When a change may have begun: low, median and high (95 %) in strides, of a constant that turns into a ramp."""
    first, last = float(epochs.middle[0]), float(epochs.middle[-1])
    places = first + np.linspace(0.05, 0.95, N_PLACES) * (last - first)
    weight = shape_weights(epochs, ramps(epochs, places))
    low, middle, high = np.interp([0.025, 0.5, 0.975], np.cumsum(weight) - weight / 2, places)
    return float(low), float(middle), float(high)
