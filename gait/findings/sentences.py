"""Findings in plain words. They describe; they never diagnose, predict or score risk."""

from __future__ import annotations

from collections.abc import Sequence

from gait.findings.change import changed, with_side
from gait.findings.comparisons import class_of
from gait.findings.evidence import Evidence
from gait.model import (
    Comparison,
    Drift,
    Finding,
    MetricSummary,
    MetricTable,
    Scene,
)

# What leads the report, in this order.
HEADLINES = (
    "cadence_spm",
    "ankle_to_hip_at_contact_leg_lengths",
    "femoral_adduction_deg",
    "hip_adduction_deg",
    "frontal_plane_projection_deg",
    "trunk_lean_deg",
    "peak_stance_knee_flexion_deg",
    "contact_time_s",
)
# How the foot lands, cue by cue: what is looked at for overstriding. There is no score of them: a runner who does as
# most do would have been flagged by the fixed limits that are in use.
LANDING_CUES = (
    "ankle_to_hip_at_contact_leg_lengths",
    "heel_to_hip_at_contact_leg_lengths",
    "shank_angle_at_contact_deg",
    "shank_angle_at_loading_deg",
    "foot_strike_angle_deg",
    "knee_flexion_at_contact_deg",
)


def describe(
    metrics: MetricTable,
    scene: Scene,
    evidence: Evidence,
    comparisons: Sequence[Comparison] = (),
    drift: Drift | None = None,
) -> tuple[Finding, ...]:
    """What was seen, most important first, each with its interval; then what limits it."""
    if scene.is_running is False:
        text = f"This does not look like running: {scene.not_running}. Nothing that describes running is shown."
        return (Finding(text, kind="limit"),)
    findings = [_headline(name, metrics, evidence) for name in HEADLINES]
    findings += [_crossing(metrics, evidence), _classes(metrics, evidence), _landing(metrics, comparisons)]
    findings.append(changed(metrics, drift))
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


def _crossing(metrics: MetricTable, evidence: Evidence) -> Finding | None:
    """How far apart the feet land, and whether they cross; None where that is withheld."""
    for name in ("step_width_cm", "step_width_leg_lengths"):
        summary, info = metrics.get(name), metrics.info[name]
        if summary is not None and summary.ci95 is not None:
            low, high = summary.ci95
            crossing = "the feet don't cross" if low > 0 else "the feet cross" if high < 0 else ""
            told = crossing or "whether the feet cross can't be told"
            orientation, _ = evidence.orientation.get("step_width_cm", ("", ""))
            text = f"Step width: {_value(summary, info.unit, info.decimals)}; {told}. {orientation}".strip()
            return Finding(text, metrics=(name,))
    return None


def _classes(metrics: MetricTable, evidence: Evidence) -> Finding | None:
    """What the foot strike is called; None where its angle is withheld."""
    name = "foot_strike_angle_deg"
    shown = [summary for summary in metrics.summary if summary.name == name and summary.estimate is not None]
    if not shown:
        return None
    called = ", ".join(f"{summary.side} {class_of(summary, evidence.classes[name])}" for summary in shown)
    values = ", ".join(_value(summary, "deg", metrics.info[name].decimals) for summary in shown)
    return Finding(f"Foot strike: {called}. Angle: {values}.", metrics=(name,))


def _landing(metrics: MetricTable, comparisons: Sequence[Comparison]) -> Finding | None:
    """Where the landing lies among runners at this speed, cue by cue; None where nothing can be compared."""
    cues = [one for one in comparisons if one.name in LANDING_CUES and one.place != "unknown"]
    if not cues:
        return None
    told = []
    for place in ("higher", "lower"):
        names = [with_side(metrics.info[one.name], one.side) for one in cues if one.place == place]
        told += [f"{place} than in most of them: {', '.join(names)}"] if names else []
    names = [with_side(metrics.info[one.name], one.side) for one in cues if one.place == "not told apart"]
    told += [f"not told apart from them: {', '.join(names)}"] if names else []
    text = f"Landing beside that of other runners at {cues[0].speed_mps:.1f} m/s, cue by cue; {'; '.join(told)}."
    return Finding(f"{text} No cue alone makes a stride too long.", metrics=tuple(dict.fromkeys(c.name for c in cues)))


def _value(summary: MetricSummary, unit: str, decimals: int) -> str:
    """An estimate with its interval in words."""
    if summary.estimate is None or summary.ci95 is None:
        raise ValueError(f"{summary.name} is withheld")
    low, high = summary.ci95
    who = "" if summary.side == "both" else f"{summary.side} "
    words = {"deg": "degrees", "ratio": ""}.get(unit, unit)
    return f"{who}{summary.estimate:.{decimals}f} {words}".rstrip() + f" ({low:.{decimals}f} to {high:.{decimals}f})"
