"""Posture and joint angles seen from the side."""

from __future__ import annotations

import numpy as np

from gait.metrics.base import (
    DEG_PER_LEG_SEGMENT,
    DEG_PER_LEG_THREE_POINTS,
    DEG_PER_LEG_TRUNK,
    Leg,
    Measured,
    metric,
)
from gait.metrics.overstride import SOUZA, flat_foot_deg

HEIDERSCHEIT = "Heiderscheit et al. 2011, doi:10.1249/MSS.0b013e3181ebedf4"
TENG = "Teng and Powers 2014, doi:10.2519/jospt.2014.5249"
FUKUCHI = "Fukuchi et al. 2017, doi:10.7717/peerj.3298"


@metric(
    "trunk_lean_deg",
    group="sagittal",
    unit="deg",
    view="side",
    per_side=False,
    label="Forward trunk lean",
    plain="How far the upper body leans forward from upright.",
    definition="Mid-hip to mid-shoulder against the vertical, mean over stance, + forward.",
    reference=TENG,
    per_leg_length=DEG_PER_LEG_TRUNK,
    per_roll_deg=1.0,
    out_of_plane=4.0,  # lateral lean, which differs between the steps and nearly cancels
    posture=lambda leg: leg.trunk_lean_deg,
)
def trunk_lean(leg: Leg) -> Measured:
    """Trunk lean, mean over stance."""
    signal = leg.trunk_lean_deg
    phases = leg.span(leg.stance.contact_phase, leg.stance.toe_off_phase, 21)
    draws = leg.at(signal, phases).mean(axis=1)
    middle = leg.read_at(signal, phases[:, 10])
    return Measured(middle.strides - middle.draws[0] + draws[0], draws)


@metric(
    "trunk_lean_at_midstance_deg",
    group="sagittal",
    unit="deg",
    view="side",
    per_side=False,
    label="Forward trunk lean at midstance",
    plain="The same in the middle of the time on the ground.",
    definition="Mid-hip to mid-shoulder against the vertical halfway from initial contact to toe-off, + forward.",
    reference=TENG,
    per_leg_length=DEG_PER_LEG_TRUNK,
    per_roll_deg=1.0,
    out_of_plane=4.0,  # lateral lean
    posture=lambda leg: leg.trunk_lean_deg,
)
def trunk_lean_at_midstance(leg: Leg) -> Measured:
    """Trunk lean at midstance."""
    return leg.read_at(leg.trunk_lean_deg, leg.stance.contact_phase + leg.stance.duration / 2)


@metric(
    "peak_stance_knee_flexion_deg",
    group="sagittal",
    unit="deg",
    view="side",
    needs_feet=True,
    label="Peak knee flexion in stance",
    plain="How far the knee bends while the foot is on the ground.",
    definition="Largest 180 degrees minus the angle hip-knee-ankle between initial contact and toe-off.",
    reference=HEIDERSCHEIT,
    per_leg_length=DEG_PER_LEG_THREE_POINTS,
    out_of_plane=10.0,  # varus or valgus in the picture of a camera from behind
    posture=lambda leg: leg.knee_flexion_deg,
)
def peak_stance_knee_flexion(leg: Leg) -> Measured:
    """Peak knee flexion in stance."""
    flexion = leg.knee_flexion_deg
    return leg.read_at(flexion, leg.extreme_phase(flexion, sign=1))


@metric(
    "knee_flexion_excursion_deg",
    group="sagittal",
    unit="deg",
    view="side",
    needs_feet=True,
    label="Knee bending after landing",
    plain="How much the knee gives way from landing to its deepest bend.",
    definition="Peak knee flexion in stance less knee flexion at initial contact.",
    reference=HEIDERSCHEIT,
    per_leg_length=DEG_PER_LEG_SEGMENT,  # what puts the joints off lasts in part from landing to the deepest bend
    out_of_plane=10.0,
)
def knee_flexion_excursion(leg: Leg) -> Measured:
    """Knee flexion excursion."""
    flexion = leg.knee_flexion_deg
    peak, contact = (leg.read_at(flexion, at) for at in (leg.extreme_phase(flexion, sign=1), leg.stance.contact_phase))
    return Measured(peak.strides - contact.strides, peak.draws - contact.draws)


@metric(
    "swing_knee_flexion_deg",
    group="sagittal",
    unit="deg",
    view="side",
    needs_feet=True,
    label="Peak knee flexion in swing",
    plain="How far the knee folds while the leg swings forward; it folds more at higher speed.",
    definition="Largest 180 degrees minus the angle hip-knee-ankle between toe-off and the next initial contact.",
    reference=FUKUCHI,
    per_leg_length=DEG_PER_LEG_THREE_POINTS,
    out_of_plane=10.0,
    posture=lambda leg: leg.knee_flexion_deg,
)
def swing_knee_flexion(leg: Leg) -> Measured:
    """Peak knee flexion in swing."""
    flexion = leg.knee_flexion_deg
    peak = leg.extreme_between(flexion, leg.stance.toe_off_phase, leg.stance.contact_phase, sign=1)
    return leg.read_at(flexion, peak)


@metric(
    "thigh_extension_at_toe_off_deg",
    group="sagittal",
    unit="deg",
    view="side",
    needs_feet=True,
    label="Thigh behind the vertical at push-off",
    plain="How far the thigh reaches back as the foot leaves the ground.",
    definition="Hip to knee against the vertical at toe-off, + with the knee behind the hip. The pelvis' tilt can't "
    "be seen from two hip points, so this isn't the hip joint's extension.",
    reference=SOUZA,
    per_leg_length=DEG_PER_LEG_SEGMENT,
    per_roll_deg=1.0,
    out_of_plane=8.0,  # the thigh leans inward
    posture=lambda leg: leg.thigh_extension_deg,
)
def thigh_extension_at_toe_off(leg: Leg) -> Measured:
    """Thigh extension at toe-off."""
    return leg.read_at(leg.thigh_extension_deg, leg.stance.toe_off_phase)


@metric(
    "hip_extension_at_toe_off_deg",
    group="sagittal",
    unit="deg",
    view="side",
    needs_feet=True,
    label="Thigh behind the trunk at push-off",
    plain="How far the thigh reaches back from the line of the upper body as the foot leaves the ground.",
    definition="Hip to knee against the line from mid-shoulder to mid-hip at toe-off, + where the thigh is behind it.",
    reference=SOUZA,
    per_leg_length=float(np.hypot(DEG_PER_LEG_SEGMENT, DEG_PER_LEG_TRUNK)),
    out_of_plane=8.0,
    posture=lambda leg: leg.thigh_extension_deg - leg.trunk_lean_deg,
)
def hip_extension_at_toe_off(leg: Leg) -> Measured:
    """Thigh against trunk at toe-off."""
    return leg.read_at(leg.thigh_extension_deg - leg.trunk_lean_deg, leg.stance.toe_off_phase)


@metric(
    "ankle_dorsiflexion_deg",
    group="sagittal",
    unit="deg",
    view="side",
    needs_feet=True,
    label="Peak ankle dorsiflexion in stance",
    plain="How far the lower leg comes forward over the foot while it is on the ground.",
    definition="Largest turn of the shank forward over the foot in stance; 0 is an upright shank on a flat sole.",
    reference=FUKUCHI,
    per_leg_length=float(np.hypot(DEG_PER_LEG_SEGMENT, 0.2 * DEG_PER_LEG_SEGMENT)),
    per_roll_deg=1.0,  # the sole is taken to lie level
    out_of_plane=8.0,
    posture=lambda leg: -leg.shank_angle_deg,  # on a flat sole
)
def ankle_dorsiflexion(leg: Leg) -> Measured:
    """Peak dorsiflexion in stance, the sole's own direction from where it lies flat."""
    turn = leg.foot_pitch_deg - leg.shank_angle_deg
    return leg.read_at(turn, leg.extreme_phase(turn, sign=1)).less(flat_foot_deg(leg))
