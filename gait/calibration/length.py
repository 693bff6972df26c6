"""Leg length in pixels, and pixels to metres from the belt or the runner's height."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gait.cycle import half_width
from gait.errors import check_ranges
from gait.model import Calibration, Cycle, FloatArray, Quantity, Scene, Side, Stance, Track

# Hip to floor over stature (Winter, used by Morin et al. 2005, doi:10.1123/jab.21.2.167; `leg_length_053`).
LEG_PER_STATURE = 0.53
LEG_PER_STATURE_ERROR = 0.05  # of the value, 95 %: the model's hip is not the joint, and builds differ
LEG_PIXELS_ERROR = 0.05
BELT_SCALE_ERROR = 0.05  # of the value, 95 %: 1 to 5 % on force-plate keypoints
DISAGREEMENT = 0.05  # between two ways to the scale, said when more


@dataclass(frozen=True, slots=True)
class Known:
    """What the user knows: belt or running speed, incline, stature, the camera's rate; None where it wasn't said."""

    speed_mps: float | None = None
    incline_pct: float | None = None
    height_m: float | None = None
    capture_fps: float | None = None

    def __post_init__(self) -> None:
        check_ranges(self, speed_mps=(0.5, 13), incline_pct=(-50, 50), height_m=(1, 2.5), capture_fps=(1, 100_000))


def calibrate(
    track: Track, scene: Scene, cycle: Cycle, stances: dict[Side, Stance], *, known: Known, speed: Quantity
) -> Calibration:
    """Leg length in pixels, and pixels per metre from the belt's speed, else from the runner's height."""
    leg = leg_length_px(track, scene, cycle, stances)
    near = scene.near_side
    from_belt = from_height = None
    if known.speed_mps and near and np.isfinite(stances[near].foot_speed_px[0]):
        px_per_s = stances[near].foot_speed_px / (cycle.period_s * speed.value)
        spread = half_width(px_per_s[1:], cycle.draws.shape[1]) / known.speed_mps
        value = float(px_per_s[0]) / known.speed_mps
        from_belt = Quantity(value, float(np.hypot(spread, BELT_SCALE_ERROR * value)), "belt speed and stance foot")
    if known.height_m and leg:
        value = leg.value / (LEG_PER_STATURE * known.height_m)
        error = float(np.hypot(LEG_PER_STATURE_ERROR, leg.error / leg.value)) * value
        from_height = Quantity(value, error, "stature and leg length in pixels")
    warnings = []
    if from_belt and from_height and abs(from_belt.value / from_height.value - 1) > DISAGREEMENT:
        ratio = from_belt.value / from_height.value - 1
        warnings.append(f"The scale from the belt's speed is {ratio:+.0%} off the one from the runner's height.")
    return Calibration(
        capture_speed=speed,
        leg_length_px=leg,
        px_per_m=from_belt or from_height,
        belt_speed_mps=Quantity(known.speed_mps, 0.0, "entered") if known.speed_mps else None,
        incline_pct=known.incline_pct or 0.0,
        warnings=tuple(warnings),
    )


def leg_length_px(track: Track, scene: Scene, cycle: Cycle, stances: dict[Side, Stance]) -> Quantity | None:
    """Hip to floor of the standing leg: thigh and shank at midstance and the ankle's height over the sole.

    From the rear or front the bent knee points at the camera and shortens both; there the straightest posture of the
    cycle is taken. None where the legs aren't seen.
    """
    sides: tuple[Side, ...] = (scene.near_side,) if scene.near_side else ("left", "right")
    lengths = [_one_leg_px(track, cycle, stances[side], frontal=scene.is_frontal_view) for side in sides]
    value = float(np.mean(lengths))
    if not np.isfinite(value):
        return None
    error = LEG_PIXELS_ERROR * (2 if scene.is_frontal_view else 1) * value
    return Quantity(value, error, "thigh, shank and ankle height in the picture")


def _one_leg_px(track: Track, cycle: Cycle, stance: Stance, *, frontal: bool) -> float:
    """Leg length of one side in pixels from its folded keypoints; NaN where its stance isn't known."""
    middle = (stance.contact_phase[0] + 0.4 * float(stance.duration[0])) % 1
    if not np.isfinite(middle):
        return np.nan
    hip, knee, ankle, heel, toe = (
        cycle.mean[track.skeleton.index(f"{stance.side}_{joint}")]
        for joint in ("hip", "knee", "ankle", "heel", "foot_index")
    )
    bones = _length(hip - knee) + _length(knee - ankle)
    sole = np.maximum(heel[:, 1], toe[:, 1]) - ankle[:, 1]
    at = int(bones.argmax()) if frontal else int(middle * len(cycle.grid)) % len(cycle.grid)
    return float(bones[at] + max(sole[int(middle * len(cycle.grid)) % len(cycle.grid)], 0.0))


def _length(spans: FloatArray) -> FloatArray:
    """Lengths of vectors (g, 2)."""
    return np.asarray(np.hypot(spans[:, 0], spans[:, 1]), dtype=np.float64)
