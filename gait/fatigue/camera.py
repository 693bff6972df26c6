"""What the camera shows that can't tire: where it changes, nothing is known about the runner's change.

The runner's size in the picture, the place and slope of the belt under the standing foot and the pose model's
confidence don't depend on how somebody runs; a camera that zooms, sinks, turns or goes out of focus changes them. The
speed of the foot on the belt is the belt's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from gait.fatigue.memory import epochs_of, gaps_in
from gait.fatigue.regression import fit, line_over_run, shape_weights, steps
from gait.model import SIDES, Cycle, FloatArray, Scene, Side, Track
from gait.signals import evaluate_cycle, median_of_known

if TYPE_CHECKING:
    import pandas as pd

FALSE_ALARMS = 0.05  # of all looks at the camera together (Bonferroni)
STANCE = (0.05, 0.65)  # of the stance: what the foot does there beside the belt is in the mean stride as well
FEWEST_STRIDES = 20
# Changes from the first to the last stride that could pass for the runner's, judged: 1.5 % of a length is 0.004 leg
# lengths of an ankle's distance, half a degree of the belt half a degree of the trunk.
MATERIAL = {"size": 0.015, "belt_deg": 0.5, "axis_deg": 0.7, "floor": 0.03, "confidence": 0.03}
SAME_SPEED = 1e-3  # of the belt, relative: said to be the same
ALONG_WITH_TIME = 0.9  # correlation of clips' speeds and times, judged: beyond it nothing else tells them apart
MATERIAL_BELT_SPEED = 0.03  # a foot that lands otherwise is drawn otherwise: 2 % in a rendered clip with drift
N_PLACES = 19  # at which the belt may have been set to another speed
STEP_STRIDES = 10  # at least, before and after
FEWEST_FRAMES = 5  # of a stride
LEG = ("hip", "knee", "ankle", "heel", "foot_index")
BONES = (("hip", "knee"), ("knee", "ankle"))
WORDS = {
    "size": "the runner's size in the picture changed by {:+.1%}: the camera zoomed, or the runner moved on the belt",
    "belt_deg": "the belt's direction in the picture turned by {:+.1f} degrees: the camera turned",
    "axis_deg": "the runner's axis in the picture turned by {:+.1f} degrees: the camera turned",
    "floor": "the floor moved by {:+.1%} of the runner's size in the picture: the camera moved",
    "confidence": "the pose model's confidence changed by {:+.2f}: focus, light or clothes changed",
}


@dataclass(frozen=True, slots=True, eq=False)
class Unchanging:
    """Why no verdict can be given, what is said of the belt, and the belt's speed (s,) where it changed.

    `is_belt` tells that a verdict can't be given for the belt, which changes everything, and not for the camera.
    """

    voided: str = ""
    is_belt: bool = False
    belt: str = ""
    time_s: FloatArray | None = None
    speed: FloatArray | None = None

    def belt_speed_at(self, time_s: FloatArray) -> FloatArray | None:
        """Relative to its first, at some moments of the run; None where it didn't change."""
        if self.time_s is None or self.speed is None:
            return None
        return np.asarray(np.interp(time_s, self.time_s, self.speed), dtype=np.float64)


def look_at_camera(
    track: Track, scene: Scene, cycle: Cycle | None, strides: pd.DataFrame, *, capture_speed: float
) -> Unchanging:
    """Whether anything that can't tire changed from stride to stride.

    Parameters
    ----------
    track, cycle
        As seen by the camera, or turned by one angle for the whole clip, and folded.
    strides
        With their times; those with a reason in `rejected` aren't used.
    capture_speed
        Real seconds in a second of the file.
    """
    good = strides[(strides["rejected"] == "") & (strides["side"] == (scene.near_side or "left"))]
    if len(good) < FEWEST_STRIDES or cycle is None:
        return Unchanging()
    seen = _per_stride(track, scene, cycle, good, capture_speed)
    time_s = good["time_s"].to_numpy(dtype=np.float64)
    changes = {name: _change(time_s, values, FALSE_ALARMS / len(seen)) for name, values in seen.items()}
    found = [
        WORDS[name].format(change) for name, change in changes.items() if abs(change) >= MATERIAL.get(name, np.inf)
    ]
    if found or "belt_speed" not in seen:
        return Unchanging(voided="; ".join(found))
    return _belt(time_s, seen["belt_speed"])


def at_said_speeds(unchanging: Unchanging, start_s: FloatArray, end_s: FloatArray, speed_mps: FloatArray) -> Unchanging:
    """The same where somebody said how fast the belt ran (c,) in each clip, which began and ended then (c,)."""
    seen = replace(unchanging, voided="" if unchanging.is_belt else unchanging.voided, is_belt=False, belt="")
    if float(np.ptp(speed_mps)) < SAME_SPEED * float(speed_mps[0]):
        return replace(seen, time_s=None, speed=None)
    kmh = ", ".join(f"{3.6 * speed:.1f}" for speed in speed_mps)
    if len(speed_mps) < 3 or abs(float(np.corrcoef(start_s, speed_mps)[0, 1])) > ALONG_WITH_TIME:
        why = f"the belt was set to {kmh} km/h, so that what it changed in the running can't be told from drift"
        return replace(seen, voided=why, is_belt=True)
    return replace(
        seen,
        belt=f"The belt was set to {kmh} km/h; every change is told at the same speed.",
        time_s=np.column_stack([start_s, end_s]).ravel(),
        speed=np.repeat(speed_mps / speed_mps[0] - 1, 2),
    )


def _stride_s(time_s: FloatArray) -> float:
    return float(np.median(np.diff(time_s)))


def _belt(time_s: FloatArray, speed: FloatArray) -> Unchanging:
    """Whether the belt's speed (s,) was changed at once, or steadily over the run."""
    known, stride_s = np.isfinite(speed), _stride_s(time_s)
    if known.sum() < FEWEST_STRIDES:
        return Unchanging()
    epochs = epochs_of((time_s[known] - time_s[0]) / stride_s, speed[known])
    if len(epochs.values) <= 2 * STEP_STRIDES:
        return Unchanging()
    counted = np.cumsum(epochs.count)
    inner = epochs.middle[(counted > STEP_STRIDES) & (counted <= counted[-1] - STEP_STRIDES)]
    places = np.linspace(float(inner[0]), float(inner[-1]), N_PLACES)
    along = (epochs.middle - epochs.middle.mean()) / float(np.ptp(epochs.middle))
    shapes = np.column_stack([steps(epochs, places), along])
    best = int(shape_weights(epochs, shapes).argmax())
    change = fit(epochs, np.column_stack([np.ones(len(along)), shapes[:, best]])).coefficients[1]
    if change.p * shapes.shape[1] >= FALSE_ALARMS or abs(change.value) < MATERIAL_BELT_SPEED:
        return Unchanging()
    changed = f"the belt's speed changed by {change.value:+.1%}"
    if best == N_PLACES:
        why = "steadily over the run, so that what it changed in the running can't be told from drift"
        return Unchanging(voided=f"{changed}, {why}", is_belt=True)
    after_min = (time_s[0] + places[best] * stride_s) / 60
    said = f"T{changed[1:]} after {after_min:.1f} minutes; every change is told at the same speed."
    return Unchanging(
        belt=said,
        time_s=time_s,
        speed=np.interp((time_s - time_s[0]) / stride_s, epochs.middle, shapes[:, best] * change.value),
    )


def _change(time_s: FloatArray, values: FloatArray, level: float) -> float:
    """From the first to the last stride along a straight line, or from clip to clip; 0 where it may be chance."""
    known = np.isfinite(values)
    if known.sum() < FEWEST_STRIDES or float(np.std(values[known])) < 1e-12:
        return 0.0
    stride, values = (time_s[known] - time_s[0]) / _stride_s(time_s), values[known]
    epochs, gaps = epochs_of(stride, values), gaps_in(stride)
    level /= 1 + (len(gaps) > 0)  # two ways to change
    ways = [line_over_run(stride, values).or_nothing(level)]
    if len(gaps):
        shapes = steps(epochs, gaps)
        best = shapes[:, int(shape_weights(epochs, shapes).argmax())]
        step = fit(epochs, np.column_stack([np.ones(len(best)), best])).coefficients[1]
        ways.append(step.or_nothing(level / len(gaps)))
    return max(ways, key=abs)


def _per_stride(
    track: Track, scene: Scene, cycle: Cycle, strides: pd.DataFrame, capture_speed: float
) -> dict[str, FloatArray]:
    """What can't tire, a value per stride (s,): lengths over their median, angles in degrees."""
    near: tuple[Side, ...] = (scene.near_side,) if scene.near_side else SIDES
    time_s, feet, usual_feet = track.video.file_time_s, _feet(track, near), _usual_foot(track, cycle, near[0])
    size = _size_px(track, near if scene.is_side_view else ())
    usual = float(median_of_known(size))
    sure = track.confidence[:, [track.skeleton.index(f"{side}_{joint}") for side in near for joint in LEG]].mean(axis=1)
    rows, (strides_from, strides_to, offs) = [], _file_times(strides, capture_speed)
    for start, end, off in zip(strides_from, strides_to, offs, strict=True):
        whole = slice(*np.searchsorted(time_s, [start, end]))
        standing = slice(*np.searchsorted(time_s, start + np.array(STANCE) * (off - start)))
        rows.append(
            [
                float(np.nanmean(size[whole])) / usual if np.isfinite(size[whole]).any() else np.nan,
                float(np.nanmax(feet[whole, 1], initial=-np.inf)) / usual,
                float(np.mean(sure[whole])),
                *_turn_and_speed(time_s[standing], feet[standing], usual_feet[standing]),
            ]
        )
    size_of, floor, confidence, turned, faster = np.array(rows, dtype=np.float64).T
    floor[~np.isfinite(floor)] = np.nan
    found = {"size": size_of, "floor": floor, "confidence": confidence}
    if scene.is_side_view:
        duration_s = (strides["end_s"] - strides["time_s"]).to_numpy(dtype=np.float64)
        speed = faster / duration_s  # a quicker stride goes through the mean one's way faster
        found["belt_deg"], found["belt_speed"] = turned, speed / float(median_of_known(speed))
    elif scene.is_frontal_view:
        found["axis_deg"] = _axis_deg(track, starts=strides_from, ends=strides_to)
    return found


def _axis_deg(track: Track, *, starts: FloatArray, ends: FloatArray) -> FloatArray:
    """By how many degrees the line from the ankles' middle to that of the shoulders leans, in the mean of strides (s,).

    Positive clockwise. Whoever doesn't fall over keeps it plumb, as seen from the rear or front.
    """
    lower, upper, time_s = track.point("mid_ankle"), track.point("mid_shoulder"), track.video.file_time_s
    spans = upper - lower
    means = []
    for start, end in zip(starts, ends, strict=True):
        inside = spans[slice(*np.searchsorted(time_s, [start, end]))]
        inside = inside[np.isfinite(inside).all(axis=1)]
        means.append(inside.mean(axis=0) if len(inside) >= FEWEST_FRAMES else np.full(2, np.nan))
    across, up = np.array(means).T
    return np.asarray(np.degrees(np.arctan2(across, -up)), dtype=np.float64)


def _file_times(strides: pd.DataFrame, capture_speed: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Start, end and toe-off of the strides in the file's time."""
    start, end, off, file = (
        strides[name].to_numpy(dtype=np.float64) for name in ("time_s", "end_s", "toe_off_s", "file_time_s")
    )
    return file, file + (end - start) / capture_speed, file + (off - start) / capture_speed


def _size_px(track: Track, legs: tuple[Side, ...]) -> FloatArray:
    """In pixels (n,): trunk, thigh and shank of legs that are seen from the side, else shoulders and hips across.

    From the rear and front trunk and legs are shortened by leaning and bending.
    """
    if legs:
        spans = [track.point("mid_shoulder") - track.point("mid_hip")]
        spans += [track.point(f"{side}_{a}") - track.point(f"{side}_{b}") for side in legs for a, b in BONES]
    else:
        spans = [track.point(f"left_{joint}") - track.point(f"right_{joint}") for joint in ("shoulder", "hip")]
    return np.asarray(np.sum([np.hypot(*span.T) for span in spans], axis=0), dtype=np.float64)


def _feet(track: Track, sides: tuple[Side, ...]) -> FloatArray:
    """Middle of heel and forefoot (n, 2); of both feet the lower one's height."""
    middles = [(track.point(f"{side}_heel") + track.point(f"{side}_foot_index")) / 2 for side in sides]
    return np.asarray(np.fmax.reduce(middles), dtype=np.float64)


def _usual_foot(track: Track, cycle: Cycle, side: Side) -> FloatArray:
    """Middle of heel and forefoot (n, 2) in the mean stride, at each frame's phase."""
    joints = [track.skeleton.index(f"{side}_{joint}") for joint in ("heel", "foot_index")]
    both = [evaluate_cycle(cycle.coefficients[joint], cycle.phase % 1).T for joint in joints]
    return np.asarray(np.mean(both, axis=0), dtype=np.float64)


def _turn_and_speed(time_s: FloatArray, foot: FloatArray, usual: FloatArray) -> tuple[float, float]:
    """By how many degrees (clockwise) the standing foot travels otherwise than usual, and how many times as fast.

    NaN where it isn't seen in three frames.
    """
    known = np.isfinite(foot).all(axis=1) & np.isfinite(usual).all(axis=1)
    if known.sum() < 3:
        return np.nan, np.nan
    time = time_s[known] - time_s[known].mean()
    (across, down), (usual_across, usual_down) = (time @ points[known] for points in (foot, usual))
    turned = np.arctan2(down * usual_across - across * usual_down, across * usual_across + down * usual_down)
    return float(np.degrees(turned)), float(np.hypot(across, down) / np.hypot(usual_across, usual_down))
