"""Rules of the literature beside what `gait` finds on the same keypoints of the near leg, as rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from gait.model import SIDES, Analysis, EventKind, Events, FloatArray, Side, Track
from gait.scene import levelled
from gait.validate.compare import EDGE_S, FARTHEST_STRIDES, KnownEvents, Place, event_rows
from gait.validate.frame_rules import FRAME_RULES, FrameRule, events_of
from gait.validate.rows import BY_RULE, Row

OURS = "gait"
BY = ", by "  # between a condition and the rule


@dataclass(frozen=True, slots=True)
class OneLeg:
    """The true events of one leg; the other has none."""

    contact_s: Mapping[Side, FloatArray]
    toe_off_s: Mapping[Side, FloatArray]

    @classmethod
    def of(cls, truth: KnownEvents, side: Side) -> OneLeg:
        """Those of one leg of a runner."""
        none = np.empty(0)
        contact_s, toe_off_s = truth.contact_s[side], truth.toe_off_s[side]
        return cls(
            {s: contact_s if s == side else none for s in SIDES}, {s: toe_off_s if s == side else none for s in SIDES}
        )


def name_of(rule: FrameRule) -> str:
    """What stands in the tables."""
    return f"{rule.name} (approximation)" if rule.is_approximation else rule.name


def rule_rows(
    place: Place, analysis: Analysis, truth: KnownEvents, *, near: Side, start_s: float, end_s: float
) -> list[Row]:
    """The near leg's events between two real times by `gait` and by each rule, as rows of metrics named `by_rule_...`.

    The condition ends in the rule's name. All are made of the events alone and in the same way, `gait`'s too: errors in
    ms of each contact, toe-off and contact time, their means over the clip, the share of contacts found, and the
    cadence (slope of the near leg's contacts over its strides).
    """
    track, speed = _upright(analysis), analysis.calibration.capture_speed.value
    found = {OURS: analysis.events}
    found |= {name_of(rule): events_of(rule, track, analysis.scene, capture_speed=speed) for rule in FRAME_RULES}
    known = OneLeg.of(truth, near)
    rows = []
    for name, events in found.items():
        there, own = replace(place, condition=f"{place.condition}{BY}{name}"), of_one_leg(events, near)
        rows += event_rows(there, replace(analysis, events=own), known, start_s=start_s, end_s=end_s)
        rows += contact_time_rows(there, own, known, near, start_s=start_s, end_s=end_s)
        rows.append(_cadence_row(there, own, known, near, start_s=start_s, end_s=end_s))
    return [replace(row, metric=BY_RULE + row.metric) for row in rows]


def _upright(analysis: Analysis) -> Track:
    """The repaired keypoints as a level camera would have seen them, which is what `gait` reads its events from."""
    if analysis.cycle is None:
        return analysis.track
    return levelled(analysis.track, analysis.cycle, analysis.scene.roll_deg)[0]


def of_one_leg(events: Events, side: Side) -> Events:
    """The events of one leg."""
    chosen = [i for i, other in enumerate(events.side) if other == side]
    return Events(
        file_time_s=events.file_time_s[chosen],
        time_s=events.time_s[chosen],
        kind=tuple(events.kind[i] for i in chosen),
        side=(side,) * len(chosen),
        uncertainty_s=events.uncertainty_s[chosen],
        method=tuple(events.method[i] for i in chosen),
    )


def contact_time_rows(
    place: Place, events: Events, truth: KnownEvents, side: Side, *, start_s: float, end_s: float
) -> list[Row]:
    """Error in ms of the contact time of each true stance between two times, and its mean over the clip.

    A stance of which an end isn't found is a withheld row.
    """
    contact_s, all_toe_off_s = truth.contact_s[side], truth.toe_off_s[side]
    following = np.searchsorted(all_toe_off_s, contact_s)
    whole = following < len(all_toe_off_s)
    contact_s, toe_off_s = contact_s[whole], all_toe_off_s[following[whole]]
    inside = (contact_s > start_s + EDGE_S) & (toe_off_s < end_s - EDGE_S)
    contact_s, toe_off_s = contact_s[inside], toe_off_s[inside]
    farthest_s = FARTHEST_STRIDES * float(np.median(np.diff(contact_s))) if len(contact_s) > 1 else np.inf
    off_s = _errors_s(events, "toe_off", toe_off_s, farthest_s) - _errors_s(
        events, "initial_contact", contact_s, farthest_s
    )
    rows = []
    for error_s in off_s:
        error_ms = 1000 * float(error_s) if np.isfinite(error_s) else None
        withheld = "" if error_ms is not None else "its contact or toe-off wasn't found"
        rows.append(place.row("contact_time_error_ms", "ms", 0.0, error_ms, side=side, withheld=withheld))
    if np.isfinite(off_s).any():
        rows.append(place.row("contact_time_mean_error_ms", "ms", 0.0, 1000 * float(np.nanmean(off_s)), side=side))
    return rows


def _errors_s(events: Events, kind: EventKind, truth_s: FloatArray, farthest_s: float) -> FloatArray:
    """Nearest event minus each true one (m,); NaN where none is near."""
    times_s = events.time_s[events.select(kind)]
    if not len(times_s):
        return np.full(len(truth_s), np.nan)
    errors_s = times_s[np.abs(times_s[:, None] - truth_s).argmin(axis=0)] - truth_s
    return np.asarray(np.where(np.abs(errors_s) <= farthest_s, errors_s, np.nan), dtype=np.float64)


def _cadence_row(place: Place, events: Events, truth: KnownEvents, side: Side, *, start_s: float, end_s: float) -> Row:
    """Cadence by the contacts of one leg between two times."""
    low_s, high_s = start_s + EDGE_S, end_s - EDGE_S
    truth_s, found_s = truth.contact_s[side], events.time_s[events.select("initial_contact")]
    true_spm, found_spm = (cadence_spm(t[(t > low_s) & (t < high_s)]) for t in (truth_s, found_s))
    if np.isnan(found_spm):
        return place.row("cadence_spm", "steps/min", true_spm, None, withheld="fewer than three contacts were found")
    return place.row("cadence_spm", "steps/min", true_spm, found_spm)


def cadence_spm(contact_s: FloatArray) -> float:
    """Steps per minute by the contacts (m,) of one leg: the slope of their times over their strides; NaN below three.

    Where some are missing, the strides between two contacts are counted by their time. The lower quartile of these gaps
    is one stride, also where every second contact is missing.
    """
    if len(contact_s) < 3:
        return np.nan
    gaps_s = np.diff(contact_s)
    stride = np.r_[0, np.cumsum(np.round(gaps_s / np.percentile(gaps_s, 25)))]
    return 120 / float(np.polyfit(stride, contact_s, 1)[0])
