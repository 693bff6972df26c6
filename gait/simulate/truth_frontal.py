"""The true metrics of the plane across the running direction: z to the right, y up; what a camera behind sees."""

from __future__ import annotations

import numpy as np

from gait.model import FloatArray, Side, other_side
from gait.simulate.source import Moving
from gait.simulate.truth_side import STANCE_POINTS, Joints, between, middle_hip

LOADED = (0.1, 0.8)  # of stance: where peaks are looked for
ANGLES = (
    "femoral_adduction_deg",
    "hip_adduction_deg",
    "contralateral_pelvic_drop_deg",
    "frontal_plane_projection_deg",
    "lateral_trunk_lean_deg",
)
PER_SIDE = (
    *(name for angle in ANGLES for name in (angle, f"peak_{angle}")),
    "medial_knee_displacement_leg_lengths",
    "knee_separation_hip_widths",
)
OUTWARD: dict[Side, float] = {"left": -1.0, "right": 1.0}


def frontal_truths(
    moving: Moving, side: Side, contact: FloatArray, toe_off: FloatArray, leg_m: float
) -> dict[str, FloatArray]:
    """By metric, the value of each stance (s,) of a foot; `leg_m` is hip to floor."""
    joints = between(moving, contact, toe_off)
    lowest = np.arange(len(contact)), middle_hip(joints)[..., 1].argmin(axis=1)
    first, last = (round(share * (STANCE_POINTS - 1)) for share in LOADED)
    found: dict[str, FloatArray] = {}
    for name, angle_deg in _angles(joints, side).items():
        found |= {name: angle_deg[lowest], f"peak_{name}": angle_deg[:, first : last + 1].max(axis=1)}
    return found | {
        "medial_knee_displacement_leg_lengths": _knee_off_line_m(joints, side)[lowest] / leg_m,
        "knee_separation_hip_widths": _apart(joints, side, "knee")[lowest] / _apart(joints, side, "hip")[lowest],
    }


def _angles(joints: Joints, side: Side) -> dict[str, FloatArray]:
    """The angles (...) in degrees over stance."""
    hip, knee, ankle = (joints[f"{side}_{joint}"] for joint in ("hip", "knee", "ankle"))
    thigh_deg, shank_deg = _medial_deg(hip, knee, side), _medial_deg(knee, ankle, side)
    across = joints[f"{other_side(side)}_hip"] - hip
    drop_deg = np.degrees(np.arctan2(-across[..., 1], -OUTWARD[side] * across[..., 2]))
    return {
        "femoral_adduction_deg": thigh_deg,
        "hip_adduction_deg": thigh_deg + drop_deg,
        "contralateral_pelvic_drop_deg": drop_deg,
        "frontal_plane_projection_deg": thigh_deg - shank_deg,
        "lateral_trunk_lean_deg": _trunk_deg(joints, side),
    }


def _trunk_deg(joints: Joints, side: Side) -> FloatArray:
    """Lean (...) of the trunk over a leg; NaN where the runner has no shoulders."""
    middle = middle_hip(joints)
    if "left_shoulder" not in joints:
        return np.full(middle.shape[:-1], np.nan)
    return _medial_deg((joints["left_shoulder"] + joints["right_shoulder"]) / 2, middle, side)


def _medial_deg(upper: FloatArray, lower: FloatArray, side: Side) -> FloatArray:
    """Angle (...) of a hanging segment to the vertical from the rear, + with its lower end towards the midline."""
    span = lower - upper
    return np.asarray(np.degrees(np.arctan2(-OUTWARD[side] * span[..., 2], -span[..., 1])), dtype=np.float64)


def _knee_off_line_m(joints: Joints, side: Side) -> FloatArray:
    """Distance (...) of the knee from the line hip-ankle in the plane, + medial."""
    hip, knee, ankle = (joints[f"{side}_{joint}"][..., 1:] for joint in ("hip", "knee", "ankle"))
    line, out = ankle - hip, knee - hip
    along = (line * out).sum(axis=-1, keepdims=True) / (line**2).sum(axis=-1, keepdims=True)
    off = out - along * line
    medial = np.sign(-OUTWARD[side] * off[..., 1])
    return np.asarray(medial * np.linalg.norm(off, axis=-1), dtype=np.float64)


def _apart(joints: Joints, side: Side, joint: str) -> FloatArray:
    """How far (...) a joint lies outward of the other leg's."""
    between_m = joints[f"{side}_{joint}"] - joints[f"{other_side(side)}_{joint}"]
    return np.asarray(OUTWARD[side] * between_m[..., 2], dtype=np.float64)
