"""An analysis beside the truth, as rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from gait.config import Config
from gait.metrics import in_order
from gait.model import SIDES, Analysis, EventKind, FloatArray, Side, SideOrBoth
from gait.simulate.source import Moving
from gait.simulate.truth_side import true_curve
from gait.validate.rows import NO_SIDE, SHARE, Row, row_of_summary

KINDS: tuple[EventKind, EventKind] = ("initial_contact", "toe_off")
# An event farther from every true one isn't that event at the wrong time, but another one (a quarter of a stride).
FARTHEST_STRIDES = 0.25
CURVES = ("knee_flexion_deg", "shank_angle_deg")
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
                        unshown=None if summary is None else summary.unshown,
                    )
                )
    return rows


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


def scale_rows(place: Place, analysis: Analysis, *, px_per_m: float, belt_mps: float) -> list[Row]:
    """How far the scale from the belt's speed and the standing foot is off, and how far the one that is used."""
    ways = (("belt_scale", analysis.calibration.foot_px_per_s, belt_mps), ("scale", analysis.calibration.px_per_m, 1.0))
    rows = []
    for name, found, by in ways:
        if found is not None:
            off, error = 100 * (found.value / by / px_per_m - 1), 100 * found.error / by / px_per_m
            rows.append(place.row(f"{name}_error_pct", "%", 0.0, off, low=off - error, high=off + error))
    return rows


def curve_rows(
    place: Place, analysis: Analysis, moving: Moving, side: Side, *, start_s: float, end_s: float
) -> list[Row]:
    """How far the mean curves of a leg are from the true ones over the gait cycle: the root mean square, truth 0."""
    rows = []
    for curve in analysis.angles.curves:
        if curve.side == side and curve.name in CURVES:
            truth = true_curve(moving, side, curve.name, start_s=start_s, end_s=end_s)
            off = float(np.sqrt(np.mean((curve.mean - truth) ** 2)))
            rows.append(place.row(f"{curve.name}_curve_error", "deg", 0.0, off, side=side))
    return rows
