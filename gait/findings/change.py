"""What changed over a run, in words, and what studies found beside it."""

from __future__ import annotations

from dataclasses import replace

from gait.findings.evidence import Evidence
from gait.model import Beside, Drift, DriftEntry, Finding, MetricInfo, MetricTable, SideOrBoth

TIRING_S = 660.0  # a shorter run is no run to tire in: what happens there may be settling in


def changed(metrics: MetricTable, drift: Drift | None) -> Finding | None:
    """What changed over the clip or the run, along the chain; None where nothing was compared."""
    if drift is None or not drift.entries:
        return None
    span = "run" if _span_s(drift) >= TIRING_S else "clip"
    if drift.voided and all(entry.reason == drift.voided for entry in drift.entries):
        return Finding(f"No change over the {span} can be told: {drift.voided}.", kind="limit")
    drifted = [entry for entry in drift.entries if entry.verdict == "drifted"]
    same, unknown = (sum(entry.verdict == verdict for entry in drift.entries) for verdict in ("stable", "can't tell"))
    told = [_change_of(entry, metrics.info[entry.name]) for entry in drifted]
    first = f"Changed over the {span}: {', '.join(told)}." if told else f"No value changed for sure over the {span}."
    text = f"{first} {_rest(len(told), same, unknown, drift.voided)}".strip()
    return Finding(text, metrics=tuple(dict.fromkeys(entry.name for entry in drifted)))


def _rest(changed: int, same: int, unknown: int, voided: str) -> str:
    """Of the values that didn't change for sure, how many show no change, and of how many it can't be told."""
    which, why = "the other values" if changed else "the values", f", most of them since {voided}" if voided else ""
    if same and unknown:
        return f"Of {which} {same} show no change, of {unknown} it can't be told{why}."
    if unknown:
        return f"Of {which} nothing can be told{why}."
    return "The other values show no change." if changed and same else ""


def with_literature(drift: Drift, evidence: Evidence) -> Drift:
    """The drift with what studies found in its metrics, where the run was long enough to tire."""
    if _span_s(drift) < TIRING_S:
        return drift
    names = {entry.name for entry in drift.entries}
    beside = (Beside(one.metrics, one.text, one.references) for one in evidence.fatigue if names & set(one.metrics))
    return replace(drift, beside=tuple(beside))


def with_side(info: MetricInfo, side: SideOrBoth) -> str:
    """A metric and its leg as they stand within a sentence."""
    label = info.label[:1].lower() + info.label[1:]
    return label if side == "both" else f"{label} ({side})"


def _span_s(drift: Drift) -> float:
    """From the first to the last stride that was compared; 0 where none was."""
    return drift.late_s[1] - drift.early_s[0] if drift.early_s and drift.late_s else 0.0


def _change_of(entry: DriftEntry, info: MetricInfo) -> str:
    """A metric, its leg and its change in words."""
    unit = {"deg": "degrees", "ratio": ""}.get(info.unit, info.unit)
    low, high = (f"{end:+.{info.decimals}f}" for end in entry.ci95)
    change = f"{entry.change:+.{info.decimals}f} {unit}".strip()
    return f"{with_side(info, entry.side)} by {change} ({low} to {high})"
