"""Verdicts: drifted, stable, or can't tell and why, of all metrics of a run together."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, replace

import numpy as np

from gait.fatigue.regression import Estimate
from gait.model import DriftEntry, Verdict

FALSE_ALARMS = 0.05  # of all changes that are told, at most so many by chance (Benjamini-Hochberg)
# A change is found with 80 % probability where it is so many 95 % half-widths beyond the bound: 0.84 / 1.96.
FOUND_BEYOND = 0.43
# What would be enough is told up to this length, and where more film helps at all.
LONGEST_RUN_MIN, LEAST_POWER = 180.0, 0.02


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """An entry without its verdict, and what is known of its change by the slope; None where nothing ever changes."""

    entry: DriftEntry
    change: Estimate | None = None


def judged(
    measured: list[Measured],
    voided: str,
    largest_useful: Mapping[str, float],
    of_time_alone: Set[str],
    span_s: float,
) -> tuple[DriftEntry, ...]:
    """The entries with their verdicts, the false discoveries among all that are judged held down together."""
    from scipy.stats import false_discovery_control

    is_void = [bool(voided) and one.entry.name not in of_time_alone for one in measured]
    judged = [one for one, void in zip(measured, is_void, strict=True) if not void]
    q = iter(false_discovery_control([1.0 if one.entry.p is None else one.entry.p for one in judged]) if judged else ())
    found = []
    for one, void in zip(measured, is_void, strict=True):
        if void:
            found.append(replace(one.entry, verdict="can't tell", reason=voided, begins_s=None))
            continue
        least = None if one.change is None else smallest_found(one.change, len(judged))
        entry = replace(one.entry, q=float(next(q)), detectable=least)
        verdict, reason = _verdict(entry, largest_useful[entry.name], span_s)
        begins_s = entry.begins_s if verdict == "drifted" else None
        found.append(replace(entry, verdict=verdict, reason=reason, begins_s=begins_s))
    return tuple(found)


def smallest_found(change: Estimate, n_metrics: int = 1) -> float:
    """The change that is found in 80 of 100 runs where nothing else of so many metrics changed."""
    low, high = change.interval(1 - FALSE_ALARMS / n_metrics)
    usual_low, usual_high = change.interval()
    return (high - low) / 2 + FOUND_BEYOND * (usual_high - usual_low) / 2


def _verdict(entry: DriftEntry, worth: float, span_s: float) -> tuple[Verdict, str]:
    """Drifted, stable, or can't tell and why."""
    differs = not entry.ci95[0] <= 0 <= entry.ci95[1]
    trend = entry.q is not None and entry.q < FALSE_ALARMS
    if trend and differs:
        return "drifted", ""
    if trend or differs or (entry.p is not None and entry.p < FALSE_ALARMS):
        return "can't tell", "there may be a change, but it isn't told from chance beyond doubt"
    if entry.detectable is not None and entry.detectable > worth:
        return "can't tell", f"not enough to tell: {_what_would_do(entry, entry.detectable / worth, span_s)}"
    return "stable", ""


def _what_would_do(entry: DriftEntry, times: float, span_s: float) -> str:
    """How long a run, filmed as densely, would show a change that is so many times smaller.

    The mean of noise with memory alpha gets surer with the time to the power of 1 - alpha.
    """
    power = 1 - (entry.memory if entry.memory is not None else 1.0)
    minutes = span_s / 60 * times ** (1 / power) if power > LEAST_POWER else np.inf
    if minutes > LONGEST_RUN_MIN:
        return "strides vary too much, and for too long, for any run to show a change that is worth finding"
    return (
        f"for a change that is worth finding the run must last, and be filmed for, some {_rounded_up(minutes)} minutes"
    )


def _rounded_up(minutes: float) -> int:
    """To whole minutes up to ten, then to tens."""
    unit = 1 if minutes <= 10 else 10
    return unit * int(np.ceil(minutes / unit))
