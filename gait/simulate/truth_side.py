"""The true metrics of the plane of running: x forward, y up; what a camera at the side sees."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from gait.model import FloatArray, Side
from gait.simulate.source import Moving

MIDSTANCE = 0.4  # of stance: where the foot is flat and the other leg passes
LOADING_S = 0.020  # after contact: where the shoe has begun to give way
STANCE_POINTS = 101  # at which a stance or a swing is looked at: 5 ms apart or less
GRAVITY = 9.81
MASS_KG = 70.0  # of everybody: a leg's stiffness goes with it, and nothing else does
OF_BOTH_LEGS = (
    "trunk_lean_deg",
    "trunk_lean_at_midstance_deg",
    "vertical_oscillation_cm",
    "vertical_ratio_pct",
)
PER_SIDE = (
    "ankle_to_hip_at_contact_leg_lengths",
    "heel_to_hip_at_contact_leg_lengths",
    "ankle_to_knee_at_contact_leg_lengths",
    "shank_angle_at_contact_deg",
    "shank_angle_at_loading_deg",
    "foot_strike_angle_deg",
    "knee_flexion_at_contact_deg",
    "step_length_m",
    "peak_stance_knee_flexion_deg",
    "knee_flexion_excursion_deg",
    "thigh_extension_at_toe_off_deg",
    "hip_extension_at_toe_off_deg",
    "ankle_dorsiflexion_deg",
    "swing_knee_flexion_deg",
    "leg_stiffness_kn_per_m",
)

Joints = Mapping[str, FloatArray]


def side_truths(
    moving: Moving, side: Side, times: tuple[FloatArray, FloatArray, FloatArray], other_s: FloatArray, leg_m: float
) -> dict[str, FloatArray]:
    """By metric, the value of each stride (s,) of a foot.

    `times` are its contacts, toe-offs and next contacts (s,), `other_s` the other foot's contacts between (NaN where
    there is none), `leg_m` hip to floor.
    """
    contact, toe_off, end = times
    step_m = moving.belt_speed_mps_at(contact) * (other_s - contact)
    at_contact, over_stance = _at_contact(moving, side, contact, leg_m), _over_stance(moving, side, contact, toe_off)
    flat_deg = _foot_deg(moving.joints_at(contact + MIDSTANCE * (toe_off - contact)), side)
    strike_deg = _foot_deg(moving.joints_at(contact), side) - flat_deg
    oscillation_m = _oscillation_m(moving, contact, other_s, end)
    return {
        **at_contact,
        **over_stance,
        **_at_toe_off(moving, side, toe_off),
        "shank_angle_at_loading_deg": shank_deg(moving.joints_at(contact + LOADING_S), side),
        "foot_strike_angle_deg": strike_deg,
        "step_length_m": step_m,
        "knee_flexion_excursion_deg": over_stance["peak_stance_knee_flexion_deg"]
        - at_contact["knee_flexion_at_contact_deg"],
        "ankle_dorsiflexion_deg": _peak_dorsiflexion_deg(moving, side, contact, toe_off) - flat_deg,
        "swing_knee_flexion_deg": knee_deg(between(moving, toe_off, end), side).max(axis=1),
        "vertical_oscillation_cm": 100 * oscillation_m,
        "vertical_ratio_pct": 100 * oscillation_m / step_m,
        "leg_stiffness_kn_per_m": _stiffness_kn_per_m(
            toe_off - contact, other_s - toe_off, moving.belt_speed_mps_at(contact), leg_m
        ),
    }


def true_curve(moving: Moving, side: Side, name: str, *, start_s: float, end_s: float) -> FloatArray:
    """Mean of an angle (101,) over the strides of a foot between two times, from contact to contact."""
    of_angle = {"knee_flexion_deg": knee_deg, "shank_angle_deg": shank_deg}[name]
    contacts = moving.contact_s[side]
    contacts = contacts[(contacts >= start_s) & (contacts <= end_s)]
    joints = between(moving, contacts[:-1], contacts[1:])
    return np.asarray(of_angle(joints, side).mean(axis=0), dtype=np.float64)


def forward_deg(upper: FloatArray, lower: FloatArray) -> FloatArray:
    """Angle (...) of a hanging segment (..., 3) to the vertical in the plane of running, + with its lower end ahead."""
    span = lower - upper
    return np.asarray(np.degrees(np.arctan2(span[..., 0], -span[..., 1])), dtype=np.float64)


def shank_deg(joints: Joints, side: Side) -> FloatArray:
    """Lean (...) of the shank, + with the ankle ahead of the knee."""
    return forward_deg(joints[f"{side}_knee"], joints[f"{side}_ankle"])


def thigh_deg(joints: Joints, side: Side) -> FloatArray:
    """Lean (...) of the thigh, + with the knee ahead of the hip."""
    return forward_deg(joints[f"{side}_hip"], joints[f"{side}_knee"])


def knee_deg(joints: Joints, side: Side) -> FloatArray:
    """Knee flexion (...), within the full circle from bent forward to folded."""
    return (thigh_deg(joints, side) - shank_deg(joints, side) + 90) % 360 - 90


def middle_hip(joints: Joints) -> FloatArray:
    """Between the hips (..., 3)."""
    return (joints["left_hip"] + joints["right_hip"]) / 2


def trunk_deg(joints: Joints) -> FloatArray:
    """Forward lean (...) of the trunk; NaN where the runner has no shoulders."""
    middle = middle_hip(joints)
    if "left_shoulder" not in joints:
        return np.full(middle.shape[:-1], np.nan)
    return -forward_deg((joints["left_shoulder"] + joints["right_shoulder"]) / 2, middle)


def between(moving: Moving, start: FloatArray, end: FloatArray) -> Joints:
    """Joints (s, STANCE_POINTS, 3) at times evenly spread from each start (s,) to its end."""
    time_s = start[:, None] + np.linspace(0, 1, STANCE_POINTS) * (end - start)[:, None]
    return {name: places.reshape(*time_s.shape, 3) for name, places in moving.joints_at(time_s.ravel()).items()}


def _foot_deg(joints: Joints, side: Side) -> FloatArray:
    """Pitch (...) of heel to forefoot, + toes up."""
    span = joints[f"{side}_foot_index"] - joints[f"{side}_heel"]
    return np.asarray(np.degrees(np.arctan2(span[..., 1], span[..., 0])), dtype=np.float64)


def _at_contact(moving: Moving, side: Side, contact: FloatArray, leg_m: float) -> dict[str, FloatArray]:
    """Metrics of the moment of contact (s,)."""
    joints = moving.joints_at(contact)
    knee, ankle, heel = (joints[f"{side}_{joint}"] for joint in ("knee", "ankle", "heel"))
    middle = middle_hip(joints)
    return {
        "ankle_to_hip_at_contact_leg_lengths": (ankle - middle)[:, 0] / leg_m,
        "heel_to_hip_at_contact_leg_lengths": (heel - middle)[:, 0] / leg_m,
        "ankle_to_knee_at_contact_leg_lengths": (ankle - knee)[:, 0] / leg_m,
        "shank_angle_at_contact_deg": shank_deg(joints, side),
        "knee_flexion_at_contact_deg": knee_deg(joints, side),
    }


def _over_stance(moving: Moving, side: Side, contact: FloatArray, toe_off: FloatArray) -> dict[str, FloatArray]:
    """Peaks and means of each stance (s,)."""
    joints = between(moving, contact, toe_off)
    middle = moving.joints_at((contact + toe_off) / 2)
    return {
        "peak_stance_knee_flexion_deg": knee_deg(joints, side).max(axis=1),
        "trunk_lean_deg": trunk_deg(joints).mean(axis=1),
        "trunk_lean_at_midstance_deg": trunk_deg(middle),
    }


def _peak_dorsiflexion_deg(moving: Moving, side: Side, contact: FloatArray, toe_off: FloatArray) -> FloatArray:
    """Largest turn (s,) of the shank over the foot's line from heel to forefoot in stance."""
    joints = between(moving, contact, toe_off)
    return np.asarray((_foot_deg(joints, side) - shank_deg(joints, side)).max(axis=1), dtype=np.float64)


def _at_toe_off(moving: Moving, side: Side, toe_off: FloatArray) -> dict[str, FloatArray]:
    """Metrics of the moment of toe-off (s,)."""
    joints = moving.joints_at(toe_off)
    behind = -thigh_deg(joints, side)
    return {"thigh_extension_at_toe_off_deg": behind, "hip_extension_at_toe_off_deg": behind - trunk_deg(joints)}


def _oscillation_m(moving: Moving, contact: FloatArray, other_s: FloatArray, end: FloatArray) -> FloatArray:
    """Rise and fall (s,) of mid-hip in a step, mean of the stride's two; NaN without the other contact."""
    known = np.isfinite(other_s)
    found = np.full(len(contact), np.nan)
    start, middle, last = contact[known], other_s[known], end[known]
    heights = [middle_hip(moving.joints_at(moment))[:, 1] for moment in (start, last)]
    slope = (heights[1] - heights[0]) / (last - start)
    ranges = []
    for low, high in ((start, middle), (middle, last)):
        along_s = np.linspace(0, 1, STANCE_POINTS) * (high - low)[:, None]
        height = middle_hip(between(moving, low, high))[..., 1] - slope[:, None] * along_s
        ranges.append(height.max(axis=1) - height.min(axis=1))
    found[known] = (ranges[0] + ranges[1]) / 2
    return found


def _stiffness_kn_per_m(contact_s: FloatArray, flight_s: FloatArray, speed_mps: FloatArray, leg_m: float) -> FloatArray:
    """Leg stiffness (s,) of the spring-mass model from its times, Morin et al. 2005, doi:10.1123/jab.21.2.167."""
    force_n = MASS_KG * GRAVITY * np.pi / 2 * (flight_s / contact_s + 1)
    sinks_m = force_n * contact_s**2 / (MASS_KG * np.pi**2) - GRAVITY * contact_s**2 / 8
    shorter_m = leg_m - np.sqrt(leg_m**2 - (speed_mps * contact_s / 2) ** 2) + sinks_m
    return np.asarray(force_n / shorter_m / 1000, dtype=np.float64)
