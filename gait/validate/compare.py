"""An analysis beside the truth, as rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from gait.config import Config
from gait.metrics import in_order
from gait.model import SIDES, Analysis, EventKind, FloatArray, MetricSummary, Side, SideOrBoth, other_side
from gait.validate.rows import NO_SIDE, SHARE, Row, row_of_summary

KINDS: tuple[EventKind, EventKind] = ("initial_contact", "toe_off")
# An event farther from every true one isn't that event at the wrong time, but another one (a quarter of a stride).
FARTHEST_STRIDES = 0.25
EDGE_S = 0.5  # events so near to a clip's ends may lie outside of it


class KnownEvents(Protocol):
    """Whatever knows its contacts and toe-offs in real seconds."""

    @property
    def contact_s(self) -> Mapping[Side, FloatArray]:
        """Initial contacts of each leg, sorted."""
        ...

    @property
    def toe_off_s(self) -> Mapping[Side, FloatArray]:
        """Toe-offs of each leg, sorted."""
        ...


@dataclass(frozen=True, slots=True)
class Place:
    """Where rows belong: suite, case and condition."""

    suite: str
    case: str
    condition: str

    def row(self, metric: str, unit: str, truth: float, estimate: float | None, **others: Any) -> Row:
        """A row here; `others` are further fields of `Row`."""
        return Row(
            self.suite, self.case, self.condition, metric, others.pop("side", NO_SIDE), unit, truth, estimate, **others
        )

    def share(self, metric: str, right: float, **others: Any) -> Row:
        """A row of what came out right (or of the share that did): the truth is 1."""
        return self.row(metric, SHARE, 1.0, float(right), **others)


def with_known(**known: float) -> Config:
    """The default settings with what is known of a clip: its height, speed or capture rate."""
    return Config().with_values({"calibration": known}, source="gait validate")


def running_row(place: Place, analysis: Analysis, *, is_running: bool) -> Row:
    """Whether running was told from what isn't; withheld where `gait` doesn't judge it."""
    scene = analysis.scene
    if scene.is_running is None:
        return place.row("running_right", SHARE, 1.0, None, withheld=f"not judged: {scene.not_running}")
    return place.share("running_right", scene.is_running is is_running)


def metric_rows(
    place: Place,
    analysis: Analysis,
    truths: Mapping[tuple[str, SideOrBoth], float],
    names: Iterable[str],
    *,
    sides: Iterable[SideOrBoth] = ("left", "right", "both"),
) -> list[Row]:
    """Rows of the named metrics on some sides, as far as their truth is known."""
    rows = []
    for name in names:
        for side in sides:
            if (name, side) in truths and in_order()[name].info.per_side == (side != "both"):
                summary = analysis.metrics.get(name, side)
                rows.append(
                    row_of_summary(
                        summary,
                        truths[name, side],
                        suite=place.suite,
                        case=place.case,
                        condition=place.condition,
                        metric=name,
                        unit=in_order()[name].info.unit,
                        unshown=_unshown(analysis, summary),
                    )
                )
    return rows


def _unshown(analysis: Analysis, summary: MetricSummary | None) -> float | None:
    """What would have been said of a value that was withheld for the width of its interval alone."""
    if summary is None or summary.too_wide is None:
        return None
    values = analysis.metrics.values
    good = values[values["rejected"] == ""]
    if summary.name == "cadence_spm":
        return 120 / float((good["end_s"] - good["time_s"]).mean())
    own = good if summary.side == "both" else good[good["side"] == summary.side]
    contact_s = own["toe_off_s"] - own["time_s"]
    if summary.name == "contact_time_s":
        mean = float(contact_s.mean())
    elif summary.name == "duty_factor":
        mean = float((contact_s / (own["end_s"] - own["time_s"])).mean())
    elif summary.name in ("step_time_s", "flight_time_s") and summary.side != "both":
        other = good.loc[good["side"] == other_side(summary.side), "time_s"].to_numpy(dtype=np.float64)
        start = own["time_s" if summary.name == "step_time_s" else "toe_off_s"].to_numpy(dtype=np.float64)
        mean = _mean_until_next(start, other)
    else:
        mean = float(own[summary.name].mean())
    return mean if np.isfinite(mean) else None


def _mean_until_next(starts: FloatArray, ends: FloatArray) -> float:
    """Mean time from each start to the next end, without those after which none comes within a second."""
    following = np.r_[np.sort(ends), np.inf][np.searchsorted(np.sort(ends), starts)]
    gaps = (following - starts)[following - starts < 1]
    return float(gaps.mean()) if len(gaps) else np.nan


def event_rows(place: Place, analysis: Analysis, truth: KnownEvents, *, start_s: float, end_s: float) -> list[Row]:
    """Contacts and toe-offs between two real times: each one's error in ms, the mean error of a clip, how many found.

    The truth of an error is 0. An event that nothing comes near is a withheld row.
    """
    rows, matched, n_true, n_found = [], 0, 0, 0
    low_s, high_s = start_s + EDGE_S, end_s - EDGE_S
    for side in SIDES:
        for kind in KINDS:
            truth_s = (truth.contact_s if kind == "initial_contact" else truth.toe_off_s)[side]
            own = rows_of_kind(place, analysis, truth_s[(truth_s > low_s) & (truth_s < high_s)], kind, side)
            errors = np.array([row.error for row in own if row.error is not None])
            rows += own
            if len(errors):
                rows.append(place.row(f"{kind}_mean_error_ms", "ms", 0.0, float(errors.mean()), side=side))
            if kind == "initial_contact":
                matched, n_true = matched + len(errors), n_true + len(own)
                times_s = analysis.events.time_s[analysis.events.select(kind, side)]
                n_found += int(((times_s > low_s) & (times_s < high_s)).sum())
    return [*rows, place.share("contacts_found", 2 * matched / max(n_true + n_found, 2 * matched, 1))]


def rows_of_kind(
    place: Place, analysis: Analysis, truth_s: FloatArray, kind: EventKind, side: Side, *, truth_error_s: float = 0.0
) -> list[Row]:
    """A row per true event (m,) of one kind and leg, in real seconds.

    `truth_error_s` is how well the truth is known (95 %); the intervals are widened by it.
    """
    chosen = analysis.events.select(kind, side)
    times_s, errors_s = analysis.events.time_s[chosen], analysis.events.uncertainty_s[chosen]
    farthest_s = FARTHEST_STRIDES * float(np.median(np.diff(truth_s))) if len(truth_s) > 1 else np.inf
    rows, name = [], f"{kind}_error_ms"
    for true_s in truth_s:
        nearest = int(np.abs(times_s - true_s).argmin()) if len(times_s) else None
        if nearest is None or abs(times_s[nearest] - true_s) > farthest_s:
            rows.append(place.row(name, "ms", 0.0, None, side=side, withheld="no such event was found near it"))
            continue
        error_ms = 1000 * float(times_s[nearest] - true_s)
        half_ms = 1000 * float(np.hypot(errors_s[nearest], truth_error_s))
        ends = {"low": error_ms - half_ms, "high": error_ms + half_ms} if np.isfinite(half_ms) else {}
        rows.append(place.row(name, "ms", 0.0, error_ms, side=side, **ends))
    return rows
