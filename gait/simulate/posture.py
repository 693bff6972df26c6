"""Trunk, head and arms."""

from __future__ import annotations

import numpy as np

from gait.model import SIDES, FloatArray, Side
from gait.simulate.body import Body
from gait.simulate.pelvis import Pelvis, eased
from gait.simulate.steps import Steps

LEAN_RIPPLE_DEG = 1.5  # twice a stride, most forward after midstance
ARM_BACK_DEG = -14.0  # mean of the upper arm from hanging
ELBOW_RIPPLE_DEG = 14.0
ABDUCTION_DEG, INWARD_DEG = 12.0, 20.0


def upper_body(body: Body, steps: Steps, pelvis: Pelvis, time_s: FloatArray) -> dict[str, FloatArray]:
    """Shoulders, elbows, wrists and nose (n, 3), in metres."""
    stride_s = steps.contact_s[2:] - steps.contact_s[:-2]
    phase = 2 * np.pi * np.interp(time_s, steps.contact_s, np.arange(len(steps.contact_s)) / 2.0)
    lean = np.radians(eased(time_s, steps.contact_s, steps.value["trunk_lean_deg"]))
    lean = lean + np.radians(LEAN_RIPPLE_DEG) * np.cos(
        2 * phase - 4 * np.pi * 0.5 * float(np.mean(steps.stance_s[:-2] / stride_s))
    )
    aside = eased(time_s, pelvis.deepest_s, steps.outward * np.radians(steps.value["lateral_trunk_lean_deg"]))
    turn = -eased(time_s, steps.contact_s, steps.outward * np.radians(steps.value["shoulder_rotation_deg"]))
    trunk = turned_y(turn) @ turned_x(aside) @ turned_z(-lean)
    neck = pelvis.middle_m(time_s) + trunk @ np.array([0, body.trunk_m, 0])
    points = {"nose": neck + turned_y(0.15 * turn) @ np.append(body.nose, 0)}
    for side in SIDES:
        points |= _arm(body, steps, trunk, neck, phase, side, time_s)
    return points


def _arm(
    body: Body, steps: Steps, trunk: FloatArray, neck: FloatArray, phase: FloatArray, side: Side, time_s: FloatArray
) -> dict[str, FloatArray]:
    """Shoulder, elbow and wrist of one side; an arm swings forward with the other side's leg."""
    out = 1.0 if side == "right" else -1.0
    first_is_left = steps.is_left[0] == 1
    own = phase if (side == "left") == first_is_left else phase - np.pi
    swing = eased(time_s, steps.contact_s, steps.value["arm_swing_deg"])
    elbow = eased(time_s, steps.contact_s, steps.value["elbow_flexion_deg"])
    raised = np.radians(ARM_BACK_DEG - swing * np.cos(own + 0.25))
    bent = np.radians(elbow + ELBOW_RIPPLE_DEG * np.cos(own - 2.9))
    inward = np.radians(INWARD_DEG - 12 * np.cos(own + 0.25))
    upper = trunk @ turned_x(np.full(len(own), -out * np.radians(ABDUCTION_DEG))) @ turned_z(raised)
    lower = upper @ turned_y(out * inward) @ turned_z(bent)
    shoulder = neck + trunk @ np.array([0, 0, out * body.shoulder_half_width_m])
    elbow_at = shoulder + upper @ np.array([0, -body.upper_arm_m, 0])
    wrist = elbow_at + lower @ np.array([0, -body.forearm_m, 0])
    return {f"{side}_shoulder": shoulder, f"{side}_elbow": elbow_at, f"{side}_wrist": wrist}


def turned_x(angle: FloatArray) -> FloatArray:
    """Rotations (n, 3, 3) about the forward axis: up towards right."""
    return _turned(angle, 1, 2)


def turned_y(angle: FloatArray) -> FloatArray:
    """Rotations (n, 3, 3) about the upward axis: right towards forward."""
    return _turned(angle, 2, 0)


def turned_z(angle: FloatArray) -> FloatArray:
    """Rotations (n, 3, 3) about the axis to the right: forward towards up."""
    return _turned(angle, 0, 1)


def _turned(angle: FloatArray, one: int, other: int) -> FloatArray:
    """Rotations by an angle (n,) that carry axis `one` towards axis `other`."""
    matrix = np.zeros((len(angle), 3, 3))
    matrix[:, [0, 1, 2], [0, 1, 2]] = 1.0
    matrix[:, one, one] = matrix[:, other, other] = np.cos(angle)
    matrix[:, other, one] = np.sin(angle)
    matrix[:, one, other] = -np.sin(angle)
    return matrix
