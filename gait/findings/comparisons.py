"""Where a runner lies among runners at the same speed, value by value; no score, and no limit."""

from __future__ import annotations

import numpy as np

from gait.findings.evidence import Classes, Evidence, Reference
from gait.model import Calibration, Comparison, MetricSummary, MetricTable, Place, Quantity

BEYOND_MPS = 0.25  # of the speeds that the others ran at
MOST_SD = 1.0  # two in three of the others lie within


def compare(metrics: MetricTable, calibration: Calibration, evidence: Evidence) -> tuple[Comparison, ...]:
    """Every value that is shown beside those of others at this speed; none where the speed isn't known."""
    speed = calibration.belt_speed_mps
    if speed is None:
        return ()
    found = []
    for summary in metrics.summary:
        reference = evidence.references.get(summary.name)
        own = _own(summary, reference) if reference is not None else None
        if reference is not None and own is not None and _covers(reference, speed.value):
            found.append(_beside(summary, own, reference, speed))
    return tuple(found)


def _covers(reference: Reference, speed_mps: float) -> bool:
    return reference.speed_mps[0] - BEYOND_MPS <= speed_mps <= reference.speed_mps[-1] + BEYOND_MPS


def _own(summary: MetricSummary, reference: Reference) -> tuple[float, float] | None:
    """The runner's value and its half-width, as that of the others was measured; None where it isn't known."""
    if summary.estimate is None or summary.ci95 is None:
        return None
    if not reference.from_standing:
        return summary.estimate, (summary.ci95[1] - summary.ci95[0]) / 2
    over = summary.over_standing
    return None if over is None else (over.value, over.error)


def _beside(summary: MetricSummary, own: tuple[float, float], reference: Reference, speed: Quantity) -> Comparison:
    """One value beside those of others; what the speed isn't known to makes the place less sure."""
    usual, sd = reference.at(speed.value)
    by_speed = [abs(reference.at(speed.value + step)[0] - usual) for step in (-speed.error, speed.error)]
    error = float(np.hypot(own[1], max(by_speed)))
    away = own[0] - usual
    place: Place = "unknown"
    if sd is not None:
        low, high = (away - error) / sd, (away + error) / sd
        place = "higher" if low > MOST_SD else "lower" if high < -MOST_SD else "not told apart"
    return Comparison(
        name=summary.name,
        side=summary.side,
        usual=usual,
        sd=sd,
        away=away,
        error=error,
        place=place,
        speed_mps=speed.value,
        n=reference.n,
        source=f"{reference.reference} ({'; '.join([reference.status, *_notes(reference)])})",
    )


def _notes(reference: Reference) -> list[str]:
    """What must be known of the others' values."""
    notes = [f"SD {reference.sd_note}"] if reference.sd_note else []
    return [*notes, "angle over that in standing"] if reference.from_standing else notes


def class_of(summary: MetricSummary, classes: Classes) -> str:
    """What a value is called, or between what it may lie; empty where it is withheld."""
    if summary.ci95 is None:
        return ""
    lowest, highest = (int(np.searchsorted(classes.limits, end)) for end in summary.ci95)
    if lowest == highest:
        return classes.names[lowest]
    return f"uncertain, {classes.names[lowest]} to {classes.names[highest]}"
