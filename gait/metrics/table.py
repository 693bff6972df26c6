"""All metrics of a clip, each with its interval and grade or the reason why it is withheld."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from gait.cycle import half_width
from gait.errors import check_ranges
from gait.metrics.base import Z95, Leg, Measured, Metric, in_order
from gait.metrics.frontal import not_told_apart
from gait.model import (
    SIDES,
    Calibration,
    Cycle,
    Grade,
    MetricSummary,
    MetricTable,
    PoseAccuracy,
    Scene,
    Side,
    SideOrBoth,
    Stance,
    Track,
    axis_name,
)

if TYPE_CHECKING:
    import pandas as pd

GRADES: tuple[Grade, ...] = ("A", "B", "C", "D")
SQUARE = {
    "rear": "straight behind the runner",
    "front": "straight before the runner",
    "left": "where the camera looks straight across the running direction",
}
# What a camera aside adds was measured up to 10 degrees, and is taken off a little beyond.
FARTHEST_ASIDE_DEG = 15.0
# Scaling exponent of the strides' deviations, judged: those of runners' stride times are 0.8 to 1.0 (Meardon et al.
# 2011, doi:10.1016/j.gaitpost.2010.09.020).
STRIDE_MEMORY = 0.9
# So many times the pose model's error, which was found in legs well seen, judged: the knees of legs rendered in poor
# light are read 13 degrees off.
BADLY_SEEN: Mapping[Grade, float] = MappingProxyType({"A": 1.0, "B": 1.0, "C": 1.5, "D": 2.0})
STRIDE_COLUMNS = ["stride", "side", "time_s", "file_time_s", "toe_off_s", "end_s", "phase", "rejected"]


@dataclass(frozen=True, slots=True)
class MetricRules:
    """Settings of the metrics.

    `placement_error` is the 95 % half-width, in leg lengths, of where the pose model puts a joint on average against
    where it is: the median distance was 1.2 to 3.5 % of the leg on rendered runners of ten builds. The far leg of a
    side view counts as `far_leg_factor` times worse. `outline_error` is the same of a limb's middle between the edges
    of its outline: 0.4 % SD on rendered runners, and twice that for people, whose limbs aren't as even and whose
    clothes have folds. A mean of fewer than `min_strides` strides is withheld.
    """

    placement_error: float = 0.03
    outline_error: float = 0.016
    far_leg_factor: float = 2.0
    min_strides: int = 5
    full_grade_strides: int = 10

    def __post_init__(self) -> None:
        check_ranges(
            self,
            placement_error=(0, 1),
            outline_error=(0, 1),
            far_leg_factor=(1, 10),
            min_strides=(2, 1000),
            full_grade_strides=(2, 1000),
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Inputs:
    """What all metrics of a clip share."""

    scene: Scene
    calibration: Calibration
    stances: Mapping[Side, Stance]
    largest_useful: Mapping[str, float]
    pose_error: Mapping[str, PoseAccuracy]
    no_strides: str
    no_times: str
    missing: str
    has_outline: bool
    one_leg: Mapping[Side, str]
    rules: MetricRules


def measure(
    track: Track,
    cycle: Cycle | None,
    stances: Mapping[Side, Stance],
    strides: pd.DataFrame,
    *,
    scene: Scene,
    calibration: Calibration,
    largest_useful: Mapping[str, float],
    pose_error: Mapping[str, PoseAccuracy],
    no_strides: str = "",
    no_times: str = "",
    rules: MetricRules,
) -> MetricTable:
    """Every registered metric of the clip.

    Parameters
    ----------
    strides
        A row per stride and side; those with a reason in `rejected` aren't used.
    largest_useful
        By metric, the widest 95 % half-width at which a value is still worth showing, in the metric's unit.
    pose_error
        By metric, the pose model's own error where it is known to be larger than that of misplaced keypoints.
    no_strides
        Why there is nothing to measure (no strides, not running); empty where there is.
    no_times
        Why real time isn't known; the metrics in seconds and steps per minute are then withheld.
    """
    good = strides[strides["rejected"] == ""]
    legs: dict[Side, Leg] = {}
    if cycle is not None and not no_strides:
        for each in SIDES:
            own = good[good["side"] == each]
            legs[each] = Leg(each, track, scene, cycle, dict(stances), calibration, own, good)
    inputs = _Inputs(
        scene=scene,
        calibration=calibration,
        stances=stances,
        largest_useful=largest_useful,
        pose_error=pose_error,
        no_strides=no_strides,
        no_times=no_times,
        missing=_missing(track),
        has_outline=axis_name("left", "knee") in track.skeleton,
        one_leg={side: not_told_apart(leg) for side, leg in legs.items()} if scene.is_frontal_view else {},
        rules=rules,
    )
    values, metrics = strides.copy(), in_order()
    summary = []
    for name, metric in metrics.items():
        sides: tuple[SideOrBoth, ...] = SIDES if metric.info.per_side else ("both",)
        if name not in values:
            values[name] = np.nan
        for side in sides:
            leg = legs.get(scene.near_side or "left") if side == "both" else legs.get(side)
            reason = _reason_before(metric, side, inputs)
            measured = metric.function(leg) if leg is not None and not reason else None
            if measured is not None and leg is not None:
                values.loc[leg.strides.index, name] = measured.strides
            else:
                values.loc[(values["side"] == side) | (side == "both"), name] = np.nan
            summary.append(_summarise(metric, side, measured, reason, inputs))
    columns = [c for c in STRIDE_COLUMNS if c in values] + list(metrics)
    info = {name: metric.info for name, metric in metrics.items()}
    return MetricTable(values.reindex(columns=columns), info, tuple(summary))


def with_effect_of_repair(table: MetricTable, unrepaired: MetricTable) -> MetricTable:
    """The table with what the repair did to each estimate; `unrepaired` is the same of the keypoints as found."""
    before = {(summary.name, summary.side): summary.estimate for summary in unrepaired.summary}
    told = []
    for summary in table.summary:
        old = before.get((summary.name, summary.side))
        by_repair = None if summary.estimate is None or old is None else summary.estimate - old
        told.append(replace(summary, by_repair=by_repair))
    return replace(table, summary=tuple(told))


def _reason_before(metric: Metric, side: SideOrBoth, inputs: _Inputs) -> str:
    """Why a metric can't be measured at all in this clip; empty where it can."""
    scene, info = inputs.scene, metric.info
    if metric.needs_feet and scene.feet_hidden:
        return scene.feet_hidden
    if inputs.no_strides:
        return inputs.no_strides
    if info.view == "side" and not scene.is_side_view:
        return f"needs a side view; this clip is seen {_from(scene)}"
    if info.view == "frontal" and not scene.is_frontal_view:
        return f"needs a view from the rear or front; this clip is seen {_from(scene)}"
    if info.view == "frontal" and (found_twice := [why for leg in _legs_of(side) if (why := inputs.one_leg.get(leg))]):
        return found_twice[0]
    if metric.seen_ahead and abs(scene.yaw_deg) > FARTHEST_ASIDE_DEG:
        return f"the camera stands {abs(scene.yaw_deg):.0f} degrees aside: film from {SQUARE[scene.view]}"
    if metric.needs_times and inputs.no_times:
        return inputs.no_times
    if metric.impossible is not None and (why := metric.impossible(inputs.calibration)):
        return why
    if metric.needs_length and _no_length(metric, inputs.calibration):
        return _no_length(metric, inputs.calibration)
    if metric.needs_feet:
        looked_at = [stance for leg, stance in inputs.stances.items() if metric.needs_both_legs or leg == side]
        return next((stance.withheld for stance in looked_at if stance.withheld), "")
    return ""


def _legs_of(side: SideOrBoth) -> tuple[Side, ...]:
    return SIDES if side == "both" else (side,)


def _missing(track: Track) -> str:
    """Which points that metrics may need are missing throughout, as a reason; empty where none is."""
    lacking = [
        joint.replace("foot_index", "toe")
        for joint in ("shoulder", "hip", "knee", "ankle", "heel", "foot_index")
        if not track.has(joint)
    ]
    return f"the keypoint file has no {' or '.join(lacking)} points" if lacking else ""


def _from(scene: Scene) -> str:
    """The view in words."""
    return "obliquely" if scene.view == "oblique" else f"from the {scene.view}"


def _no_length(metric: Metric, calibration: Calibration) -> str:
    """Why a length can't be given; empty where it can."""
    if metric.info.unit == "cm" and calibration.px_per_m is None:
        return "the scale isn't known: say how tall the runner is, for instance --height-cm 172"
    if calibration.leg_length_px is None:
        return "the leg's length can't be seen"
    return ""


def _summarise(
    metric: Metric, side: SideOrBoth, measured: Measured | None, reason: str, inputs: _Inputs
) -> MetricSummary:
    """Estimate, interval and grade; or the reason."""
    name, rules = metric.info.name, inputs.rules
    n = measured.n if measured is not None else 0
    if measured is None or reason:
        return MetricSummary(name, side, None, None, 0, None, reason or "no strides were found")
    if inputs.missing and not np.isfinite(measured.draws[0]):
        return MetricSummary(name, side, None, None, n, None, inputs.missing)
    if n < rules.min_strides:
        why = f"{n} good strides are too few (at least {rules.min_strides}); film for 20 s or more"
        return MetricSummary(name, side, None, None, n, None, why)
    estimate, error = float(measured.draws[0]), _error(metric, side, measured, n, inputs)
    useful = inputs.largest_useful[name]
    if not np.isfinite(estimate) or not np.isfinite(error):
        return MetricSummary(name, side, None, None, n, None, "it can't be read from what is seen")
    if error > useful:
        why = _too_wide(metric, side, error, inputs)
        return MetricSummary(name, side, None, None, n, None, why, too_wide=error, unshown=estimate)
    legs = _legs_behind(metric, side, inputs.scene)
    return MetricSummary(
        name,
        side,
        estimate,
        (estimate - error, estimate + error),
        n,
        _grade(error / useful, n, legs, inputs),
        detectable_change=_detectable_change(measured, n),
    )


def _detectable_change(measured: Measured, n: int) -> float | None:
    """Smallest difference (95 %) between two clips of one run that strides and events wouldn't make by chance.

    Deviations of strides last, so their mean hardly gets surer with their number (fractional noise). None where no
    single stride tells the metric.
    """
    told = int(np.isfinite(measured.strides).sum())
    if told < 2:
        return None
    wanders = Z95 * float(np.nanstd(measured.strides, ddof=1)) * told ** (STRIDE_MEMORY - 1)
    return float(np.sqrt(2) * np.hypot(half_width(measured.draws[1:], n), wanders))


def _too_wide(metric: Metric, side: SideOrBoth, error: float, inputs: _Inputs) -> str:
    """Why a value with a wide interval is withheld, and what would help where that is known."""
    name, unit, places = metric.info.name, metric.info.unit, metric.info.decimals
    useful = inputs.largest_useful[name]
    why = f"its 95 % interval would be +- {error:.{places}f} {unit}, wider than a useful +- {useful:.{places}f}"
    if name in inputs.pose_error and inputs.pose_error[name].half_width > useful:
        return f"{why}; the pose model is the reason: {inputs.pose_error[name].source}"
    if _yaw_error(metric, inputs.scene) > error / 2:
        aside = f"the camera may stand {_aside_deg(inputs.scene):.0f} degrees aside"
        return f"{why}; {aside}: film from {SQUARE.get(inputs.scene.view, SQUARE['left'])}"
    if inputs.scene.is_frontal_view and metric.info.group == "temporal":
        return f"{why}; landing and push-off can't be timed sharply from the {inputs.scene.view}: film from the side"
    if inputs.scene.is_side_view and side not in ("both", inputs.scene.near_side):
        return f"{why}; this leg is the far one: film from the {side}"
    return why


def _error(metric: Metric, side: SideOrBoth, measured: Measured, n: int, inputs: _Inputs) -> float:
    """95 % half-width: strides and events (bootstrap), the pose model's placement, camera roll, yaw and scale."""
    scene, name = inputs.scene, metric.info.name
    far = scene.is_side_view and side not in ("both", scene.near_side)
    rules = inputs.rules
    placed = rules.outline_error if metric.by_outline and inputs.has_outline else rules.placement_error
    placement = placed * (rules.far_leg_factor if far else 1.0) * metric.per_leg_length
    if metric.info.unit == "cm":
        placement *= _cm_per_leg_length(inputs.calibration)
    picture = float(np.hypot(placement, metric.per_roll_deg * scene.roll_error_deg))
    if name in inputs.pose_error:  # found with real cameras, so their roll is in it
        seen = [BADLY_SEEN[scene.legs[leg].grade] for leg in _legs_behind(metric, side, scene) if leg in scene.legs]
        picture = max(picture, inputs.pose_error[name].half_width * max([1.0, *seen]))
    drawn = half_width(measured.draws[1:], n)
    length = abs(float(measured.draws[0])) * _length_error(metric, inputs) if metric.needs_length else 0.0
    return float(np.sqrt(drawn**2 + picture**2 + length**2 + _yaw_error(metric, scene) ** 2))


def _yaw_error(metric: Metric, scene: Scene) -> float:
    """What a camera that stands aside adds, in the metric's unit: by as much as it seems to, or is said to at most.

    Of what is taken off, only what isn't known of the yaw.
    """
    unknown_deg = min(scene.yaw_error_deg, 90.0)
    adds = metric.out_of_plane * np.sin(np.radians(_aside_deg(scene)))
    return float(np.hypot(adds, metric.seen_ahead * np.sin(np.radians(unknown_deg))))


def _aside_deg(scene: Scene) -> float:
    """Yaw together with its error."""
    return min(float(np.hypot(scene.yaw_deg, scene.yaw_error_deg)), 90.0)


def _length_error(metric: Metric, inputs: _Inputs) -> float:
    """Relative 95 % error of the length that a metric is given in, yaw included."""
    scene, calibration = inputs.scene, inputs.calibration
    length = calibration.px_per_m if metric.info.unit == "cm" else calibration.leg_length_px
    foreshortening = 1 - float(np.cos(np.radians(scene.yaw_deg))) if scene.is_side_view else 0.0
    return float(np.hypot(length.error / length.value, foreshortening)) if length else np.nan


def _cm_per_leg_length(calibration: Calibration) -> float:
    """The leg's length in centimetres."""
    leg, scale = calibration.leg_length_px, calibration.px_per_m
    return 100 * leg.value / scale.value if leg and scale else np.nan


def _legs_behind(metric: Metric, side: SideOrBoth, scene: Scene) -> tuple[Side, ...]:
    """The legs on which a value rests; of both legs' from the side the near one alone, unless it compares them."""
    if side != "both":
        return (side,)
    return SIDES if metric.needs_both_legs or scene.near_side is None else (scene.near_side,)


def _grade(share: float, n: int, legs: tuple[Side, ...], inputs: _Inputs) -> Grade:
    """From the interval's width over the widest useful one; no better than its legs are seen, nor A of few strides."""
    number = 0 if share <= 0.25 else 1 if share <= 0.5 else 2 if share <= 0.75 else 3
    if n < inputs.rules.full_grade_strides:
        number = max(number, 1)
    seen = [GRADES.index(inputs.scene.legs[side].grade) for side in legs if side in inputs.scene.legs]
    return GRADES[max([number, *seen])]
