"""Findings in plain words. They describe; they never diagnose, predict or score risk."""

from __future__ import annotations

from gait.findings.evidence import Evidence
from gait.model import Finding, MetricSummary, MetricTable, Scene

# What leads the report, in this order.
HEADLINES = (
    "cadence_spm",
    "ankle_to_hip_at_contact_leg_lengths",
    "femoral_adduction_deg",
    "frontal_plane_projection_deg",
    "trunk_lean_deg",
    "peak_stance_knee_flexion_deg",
    "contact_time_s",
)


def describe(metrics: MetricTable, scene: Scene, evidence: Evidence) -> tuple[Finding, ...]:
    """What was seen, most important first, each with its interval; then what limits it."""
    if scene.is_running is False:
        text = f"This does not look like running: {scene.not_running}. Nothing that describes running is shown."
        return (Finding(text, kind="limit"),)
    findings = [_headline(name, metrics, evidence) for name in HEADLINES]
    found = [finding for finding in findings if finding is not None]
    if not found:
        found.append(
            Finding(
                f"No value could be measured well enough to be shown: {_why_nothing(metrics, scene)}.", kind="limit"
            )
        )
    elif scene.feet_hidden:
        found.append(Finding(f"What needs the feet is withheld: {scene.feet_hidden}.", kind="limit"))
    return tuple(found)


def _why_nothing(metrics: MetricTable, scene: Scene) -> str:
    """The reason behind all others where nothing is shown; cadence is what a clip gives up last."""
    cadence = metrics.get("cadence_spm")
    return scene.feet_hidden or scene.not_running or (cadence.withheld if cadence else "") or "nothing was found"


def _headline(name: str, metrics: MetricTable, evidence: Evidence) -> Finding | None:
    """One metric as a sentence with its orientation; None where it is withheld."""
    shown = [summary for summary in metrics.summary if summary.name == name and summary.estimate is not None]
    if not shown:
        return None
    info = metrics.info[name]
    values = ", ".join(_value(summary, info.unit, info.decimals) for summary in shown)
    orientation, _ = evidence.orientation.get(name, ("", ""))
    text = f"{info.label}: {values}. {info.plain} {orientation}".strip()
    return Finding(text, metrics=(name,))


def _value(summary: MetricSummary, unit: str, decimals: int) -> str:
    """An estimate with its interval in words."""
    if summary.estimate is None or summary.ci95 is None:
        raise ValueError(f"{summary.name} is withheld")
    low, high = summary.ci95
    who = "" if summary.side == "both" else f"{summary.side} "
    words = {"deg": "degrees", "ratio": ""}.get(unit, unit)
    return f"{who}{summary.estimate:.{decimals}f} {words}".rstrip() + f" ({low:.{decimals}f} to {high:.{decimals}f})"
