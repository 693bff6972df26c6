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
        if reference is not None and summary.ci95 is not None and _covers(reference, speed.value):
            found.append(_beside(summary, reference, speed))
    return tuple(found)


def _covers(reference: Reference, speed_mps: float) -> bool:
    return reference.speed_mps[0] - BEYOND_MPS <= speed_mps <= reference.speed_mps[-1] + BEYOND_MPS


def _beside(summary: MetricSummary, reference: Reference, speed: Quantity) -> Comparison:
    """One value beside those of others; what the speed isn't known to makes the place less sure."""
    if summary.estimate is None or summary.ci95 is None:
        raise ValueError(f"{summary.name} is withheld")
    usual, sd = reference.at(speed.value)
    slow, fast = (reference.at(speed.value + step)[0] for step in (-speed.error, speed.error))
    error = float(np.hypot((summary.ci95[1] - summary.ci95[0]) / 2, (fast - slow) / 2))
    away = summary.estimate - usual
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
        source=f"{reference.reference} ({reference.status})",
    )


def class_of(summary: MetricSummary, classes: Classes) -> str:
    """What a value is called, or between what it may lie; empty where it is withheld."""
    if summary.ci95 is None:
        return ""
    lowest, highest = (int(np.searchsorted(classes.limits, end)) for end in summary.ci95)
    if lowest == highest:
        return classes.names[lowest]
    return f"uncertain, {classes.names[lowest]} to {classes.names[highest]}"
