"""A run seen from the side and from the rear or front: what both tell, and all that either tells as one table."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gait.events import step_timing
from gait.model import (
    SIDES,
    Agreement,
    MetricSummary,
    Quantity,
    SessionClip,
    SessionPair,
    SideOrBoth,
    StepTiming,
)

SAME_CADENCE = 0.03  # a runner whose cadence differs by more ran otherwise in the other clip
COMPARED: tuple[tuple[str, tuple[SideOrBoth, ...]], ...] = (("cadence_spm", ("both",)), ("contact_time_s", SIDES))


def paired(clips: Sequence[SessionClip]) -> list[tuple[int, int]]:
    """Numbers of a clip from the side and one from the rear or front: for each of the latter the nearest in the run."""
    from_side = [i for i, clip in enumerate(clips) if clip.analysis.scene.is_side_view]
    return [
        (min(from_side, key=lambda i: abs(clips[i].run_s - clip.run_s)), number)
        for number, clip in enumerate(clips)
        if clip.analysis.scene.is_frontal_view and from_side
    ]


def timing_of(side: SessionClip, frontal: SessionClip) -> tuple[StepTiming | None, str]:
    """What the clip from the side tells of the other's events; or None, and why not."""
    names = [clip.analysis.provenance.file_name for clip in (side, frontal)]
    cadences = [clip.analysis.metrics.get("cadence_spm") for clip in (side, frontal)]
    known = [summary.estimate for summary in cadences if summary is not None and summary.estimate is not None]
    if len(known) < 2:
        return None, f"Landings aren't carried over from {names[0]}: the cadence isn't known in both clips."
    if abs(known[1] / known[0] - 1) > SAME_CADENCE:
        apart = f"{known[0]:.0f} and {known[1]:.0f} steps per minute"
        return None, f"Landings aren't carried over from {names[0]} to {names[1]}: {apart} aren't the same running."
    timing = step_timing(side.analysis)
    if timing is None:
        return None, f"Landings aren't carried over from {names[0]}: its feet aren't seen well enough."
    return timing, ""


def agreements(side: SessionClip, frontal: SessionClip) -> tuple[Agreement, ...]:
    """Cadence and contact time of both views, each by itself, also where one is too wide to be shown alone."""
    found = []
    for name, sides in COMPARED:
        for leg in sides:
            told = [_told(clip, name, leg) for clip in (side, frontal)]
            if told[0] is not None and told[1] is not None:
                apart = abs(told[0].value - told[1].value)
                agrees = apart <= float(np.hypot(told[0].error, told[1].error))
                found.append(Agreement(name, leg, told[0], told[1], agrees))
    return tuple(found)


def _told(clip: SessionClip, name: str, side: SideOrBoth) -> Quantity | None:
    """A metric with its half-width, shown or too wide to be."""
    summary = clip.analysis.metrics.get(name, side)
    if summary is None:
        return None
    source = clip.analysis.provenance.file_name
    if summary.estimate is not None:
        return Quantity(summary.estimate, _half(summary), source)
    if summary.unshown is not None and summary.too_wide is not None:
        return Quantity(summary.unshown, summary.too_wide, source)
    return None


def one_table(clips: Sequence[SessionClip], numbers: tuple[int, int]) -> tuple[tuple[MetricSummary, int], ...]:
    """Each metric and side that either clip shows, from the one whose interval is narrower."""
    best: dict[tuple[str, SideOrBoth], tuple[MetricSummary, int]] = {}
    for number in numbers:
        for summary in clips[number].analysis.metrics.summary:
            key = summary.name, summary.side
            if summary.estimate is not None and (key not in best or _half(summary) < _half(best[key][0])):
                best[key] = summary, number
    order = [(summary.name, summary.side) for summary in clips[numbers[0]].analysis.metrics.summary]
    return tuple(best[key] for key in order if key in best)


def pair_of(
    clips: Sequence[SessionClip], numbers: tuple[int, int], agreement: tuple[Agreement, ...], why_not: str
) -> SessionPair:
    """The two clips together; `why_not` says why no events were carried over, if none were."""
    differing = [one.name.removesuffix("_spm").removesuffix("_s") for one in agreement if not one.agrees]
    note = why_not
    if differing and not note:
        what = " and ".join(dict.fromkeys(name.replace("_", " ") for name in differing))
        note = f"The two views don't agree on {what}: were they filmed in the same running?"
    return SessionPair(*numbers, agreement, one_table(clips, numbers), borrowed=not why_not, note=note)


def _half(summary: MetricSummary) -> float:
    """Half-width of a shown value's interval."""
    return np.inf if summary.ci95 is None else (summary.ci95[1] - summary.ci95[0]) / 2
