"""Trunk, head and arms."""

from __future__ import annotations

import numpy as np

from gait.model import SIDES, FloatArray, Side
from gait.simulate.body import Body
from gait.simulate.figure import Figure, turned_x, turned_y, turned_z
from gait.simulate.pelvis import DEEPEST, Pelvis, eased
from gait.simulate.steps import Steps

LEAN_RIPPLE_DEG = 1.5  # twice a stride, most forward in the middle of stance
PELVIC_TILT_DEG, HEAD_NOD_DEG = 10.0, 4.0
CHEST = 0.55  # share of the way from mid-hip to neck at which the trunk bends
ARM_BACK_DEG = -14.0  # mean of the upper arm from hanging
ELBOW_RIPPLE_DEG, INWARD_RIPPLE_DEG = 14.0, 12.0
ABDUCTION_DEG, INWARD_DEG = 12.0, 20.0
HAND_LATE, ELBOW_LATE = 0.04, 0.46  # shares of a stride after the own foot's landing: furthest back, most bent


def upper_body(body: Body, steps: Steps, pelvis: Pelvis, time_s: FloatArray) -> Figure:
    """Pelvis, trunk, head and arms."""
    number = np.interp(time_s, steps.contact_s, np.arange(len(steps.contact_s)))
    in_stance = DEEPEST * np.interp(time_s, steps.contact_s, steps.stance_s / np.gradient(steps.contact_s))
    lean_deg = eased(time_s, steps.contact_s, steps.value["trunk_lean_deg"])
    lean = np.radians(lean_deg + LEAN_RIPPLE_DEG * np.cos(2 * np.pi * (number - in_stance)))
    aside = eased(time_s, pelvis.deepest_s, steps.outward * np.radians(steps.value["lateral_trunk_lean_deg"]))
    turn = -eased(time_s, steps.contact_s, steps.outward * np.radians(steps.value["shoulder_rotation_deg"]))
    hips = pelvis.turn_rad(time_s)
    leaning = turned_x(aside) @ turned_z(-lean)
    tilted = turned_z(np.full(len(time_s), -np.radians(PELVIC_TILT_DEG)))
    turns = {
        "pelvis": turned_y(hips) @ turned_x(-pelvis.drop_rad(time_s)) @ tilted,
        "lumbar": turned_y((turn + hips) / 2) @ leaning,
        "thorax": turned_y(turn) @ leaning,
        "head": turned_y(0.15 * turn) @ turned_z(np.full(len(time_s), -np.radians(HEAD_NOD_DEG))),
    }
    middle = pelvis.middle_m(time_s)
    chest = middle + turns["lumbar"] @ np.array([0, CHEST * body.trunk_m, 0])
    neck = chest + turns["thorax"] @ np.array([0, (1 - CHEST) * body.trunk_m, 0])
    head = neck + turns["thorax"] @ body.neck + turns["head"] @ body.head
    points = {"mid_hip": middle, "chest": chest, "neck": neck, "head": head, "nose": head + turns["head"] @ body.nose}
    for side in SIDES:
        own = np.pi * (number - (0 if (side == "left") == (steps.is_left[0] == 1) else 1))
        arm = _arm(body, steps, turns["thorax"], neck, own, side, time_s)
        points |= arm.points
        turns |= arm.turns
    return Figure(points, turns)


def _arm(
    body: Body, steps: Steps, trunk: FloatArray, neck: FloatArray, phase: FloatArray, side: Side, time_s: FloatArray
) -> Figure:
    """One arm, whose swing goes against its own side's leg; `phase` (radians) is 0 where that foot lands."""
    out = 1.0 if side == "right" else -1.0
    back = np.cos(phase + 2 * np.pi * HAND_LATE)
    raised = np.radians(ARM_BACK_DEG - eased(time_s, steps.contact_s, steps.value["arm_swing_deg"]) * back)
    bend_deg = eased(time_s, steps.contact_s, steps.value["elbow_flexion_deg"])
    bent = np.radians(bend_deg + ELBOW_RIPPLE_DEG * np.cos(phase - 2 * np.pi * ELBOW_LATE))
    inward = np.radians(INWARD_DEG - INWARD_RIPPLE_DEG * back)
    upper = trunk @ turned_x(np.full(len(phase), -out * np.radians(ABDUCTION_DEG))) @ turned_z(raised)
    lower = upper @ turned_y(out * inward) @ turned_z(bent)
    shoulder = neck + trunk @ np.array([0, 0, out * body.shoulder_half_width_m])
    elbow = shoulder + upper @ np.array([0, -body.upper_arm_m, 0])
    wrist = elbow + lower @ np.array([0, -body.forearm_m, 0])
    return Figure(
        {f"{side}_shoulder": shoulder, f"{side}_elbow": elbow, f"{side}_wrist": wrist},
        {f"{side}_upper_arm": upper, f"{side}_forearm": lower},
    )
