"""Which plots docs/accuracy.md shows, and what is said of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from gait.validate.labels import label_of
from gait.validate.page_tables import HEADLINES
from gait.validate.results import SuiteResult


@dataclass(frozen=True, slots=True)
class Plot:
    """One plot of a suite: of which metrics, under which condition (by its beginning; "": all)."""

    kind: Literal["errors", "against_truth", "coverage", "before_after"]
    metrics: tuple[str, ...]
    caption: str
    condition: str = ""


_LIMITS = "Mark: bias. Line: 95 % limits of agreement (paler with fewer than five clips)."
_POINTS = (
    "A point per clip and leg with its 95 % interval, an orange square where that misses the truth; hollow: withheld, "
    "what would have been said. On the line, `gait` says the truth."
)
_HELD = "Mark: share of the 95 % intervals that hold the truth. Line: how well that share is known. Orange: below 95 %."
PLOTS = {
    "events": [Plot("errors", ("initial_contact_error_ms", "toe_off_error_ms"), f"Contact and toe-off. {_LIMITS}")],
    "angles": [
        Plot(
            "against_truth",
            (
                "ankle_to_hip_at_contact_leg_lengths",
                "shank_angle_at_contact_deg",
                "trunk_lean_deg",
                "knee_flexion_at_contact_deg",
                "peak_stance_knee_flexion_deg",
            ),
            f"60 fps, MediaPipe's errors, as filmed, near leg. {_POINTS}",
            "60 fps, MediaPipe's errors, as filmed",
        )
    ],
    "frontal": [
        Plot(
            "against_truth",
            ("frontal_plane_projection_deg", "femoral_adduction_deg", "step_width_cm"),
            f"From the rear, 60 fps, MediaPipe's errors, as filmed. {_POINTS}",
            "rear, MediaPipe's errors, as filmed",
        )
    ],
    "rearview": [
        Plot(
            "against_truth",
            ("frontal_plane_projection_deg", "femoral_adduction_deg", "lateral_trunk_lean_deg", "step_width_cm"),
            f"From the rear, upright phone, 30 fps, light of a gym, cameras up to ten degrees aside. {_POINTS}",
            "rear, indoor, 30 fps",
        )
    ],
    "scene": [
        Plot(
            "errors",
            ("yaw_deg", "roll_deg", "trunk_lean_by_roll_deg"),
            f"Yaw and roll as `gait` reads them, and what the roll leaves in the trunk's lean. {_LIMITS}",
        )
    ],
    "identity": [
        Plot(
            "before_after",
            ("legs_right", "near_knee_curve_deg", "far_knee_curve_deg"),
            "Before repair (hollow) and after (filled): frames with the right leg, and the root mean square error of "
            "the knee's angle.",
        )
    ],
    "drift": [
        Plot(
            "coverage",
            ("change_of_cadence_spm", "change_of_trunk_lean_deg", "change_of_ankle_to_hip_at_contact_leg_lengths"),
            f"Intervals of the change from early to late against the programmed change. {_HELD}",
        )
    ],
    "forceplate": [Plot("errors", ("initial_contact_error_ms", "toe_off_error_ms"), f"Contact, toe-off. {_LIMITS}")],
}


def overview(results: Sequence[SuiteResult], images: Path, link: Path) -> str:
    """How often intervals hold the truth, over the main figures of all suites."""
    from gait.validate import plots

    found = {(f.suite, f.condition, f.metric): f for result in results for f in result.figures}
    lines = []
    for key in HEADLINES:
        figures = found.get(key)
        if figures is not None and figures.intervals is not None and figures.n_clips > 1:
            label = label_of(figures.metric, figures.unit)
            lines.append(plots.Coverage(f"{label.text} ({figures.suite})", figures.intervals))
    if not lines:
        return ""
    plots.coverage(lines, images / "overview.png")
    return _picture(f"How sure `gait` should be, for the figures above. {_HELD}", link / "overview.png")


def of_suite(result: SuiteResult, images: Path, link: Path) -> str:
    """The plots of a suite, drawn into `images`, as Markdown."""
    parts = []
    for number, plot in enumerate(PLOTS.get(result.name, [])):
        name = f"{result.name}.png" if number == 0 else f"{result.name}_{number + 1}.png"
        if _draw(result, plot, images / name):
            parts.append(_picture(plot.caption, link / name))
    return "\n\n".join(parts)


def _picture(caption: str, path: Path) -> str:
    """A picture with its caption; the alternative text is the caption without markup."""
    plain = caption.replace("`", "")
    return f"![{plain}]({path.as_posix()})\n\n*{caption}*"


def _draw(result: SuiteResult, plot: Plot, path: Path) -> bool:
    """Draw one plot; False where there is nothing to draw."""
    from gait.validate import plots

    figures = [f for metric in plot.metrics for f in result.figures if f.metric == metric]
    rows = [
        row
        for metric in plot.metrics
        for row in result.rows
        if row.metric == metric and row.condition == plot.condition
    ]
    if plot.kind == "against_truth":
        if rows:
            plots.estimate_against_truth(rows, path)
        return bool(rows)
    if plot.kind == "coverage":
        held = [
            plots.Coverage(f"{label_of(f.metric, f.unit).text}: {f.condition}", f.intervals)
            for f in figures
            if f.intervals is not None
        ]
        if held:
            plots.coverage(held, path)
        return bool(held)
    if plot.kind == "before_after":
        found = {(f.condition, f.metric): f for f in result.figures}
        pairs = [
            (found[f.condition, before], f)
            for f in figures
            if (before := _before(f.metric)) and (f.condition, before) in found
        ]
        if pairs:
            plots.before_and_after(pairs, path)
        return bool(pairs)
    if figures:
        plots.errors_by_condition(figures, path)
    return bool(figures)


def _before(metric: str) -> str:
    """The metric of the same before repair."""
    return f"{metric.removesuffix('_deg')}_before_deg" if metric.endswith("_deg") else f"{metric}_before"
