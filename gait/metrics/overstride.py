"""Where and how the foot lands, seen from the side."""

from __future__ import annotations

import numpy as np

from gait.metrics.base import (
    DEG_PER_LEG_FOOT,
    DEG_PER_LEG_SEGMENT,
    DEG_PER_LEG_THREE_POINTS,
    Leg,
    Measured,
    metric,
    no_speed,
)
from gait.model import FloatArray

LOADING_S = 0.020  # after contact: the shoe has begun to give way
FLAT = 0.4  # of stance: where the whole sole is on the ground
SOUZA = "Souza 2016, doi:10.1016/j.pmr.2015.08.006"


@metric(
    "ankle_to_hip_at_contact_leg_lengths",
    group="overstride",
    unit="leg lengths",
    view="side",
    decimals=3,
    needs_feet=True,
    needs_length=True,
    label="Ankle ahead of the hip at landing",
    plain="How far in front of your hips the foot lands; the larger, the more you reach out (overstriding).",
    definition="Horizontal distance from mid-hip to ankle at initial contact over leg length, + ahead.",
    reference="Lieberman et al. 2015, doi:10.1242/jeb.125500",
    per_leg_length=1.22,
    per_roll_deg=0.016,
    out_of_plane=0.055,  # the ankle beside mid-hip: half of a step of 10 cm width, over 0.9 m
)
def ankle_to_hip_at_contact(leg: Leg) -> Measured:
    """Ankle ahead of the hip at initial contact."""
    return _ahead_at_contact(leg, leg.point("ankle"), leg.track.point("mid_hip"))


@metric(
    "heel_to_hip_at_contact_leg_lengths",
    group="overstride",
    unit="leg lengths",
    view="side",
    decimals=3,
    needs_feet=True,
    needs_length=True,
    label="Heel ahead of the hip at landing",
    plain="The same measured to the heel, which lies behind the ankle.",
    definition="Horizontal distance from mid-hip to heel at initial contact over leg length, + ahead.",
    reference="Lieberman et al. 2015, doi:10.1242/jeb.125500",
    per_leg_length=1.22,
    per_roll_deg=0.016,
    out_of_plane=0.055,
)
def heel_to_hip_at_contact(leg: Leg) -> Measured:
    """Heel ahead of the hip at initial contact."""
    return _ahead_at_contact(leg, leg.point("heel"), leg.track.point("mid_hip"))


@metric(
    "ankle_to_knee_at_contact_leg_lengths",
    group="overstride",
    unit="leg lengths",
    view="side",
    decimals=3,
    needs_feet=True,
    needs_length=True,
    label="Ankle ahead of the knee at landing",
    plain="How far in front of your knee the foot lands; it went with a harder impact in one study.",
    definition="Horizontal distance from knee to ankle at initial contact over leg length, + ahead.",
    reference="Lieberman et al. 2015, doi:10.1242/jeb.125500",
    per_leg_length=1.41,
    per_roll_deg=0.008,
    out_of_plane=0.05,  # the ankle beside the knee, as the shank leans inward
)
def ankle_to_knee_at_contact(leg: Leg) -> Measured:
    """Ankle ahead of the knee at initial contact."""
    return _ahead_at_contact(leg, leg.point("ankle"), leg.point("knee"))


def _ahead_at_contact(leg: Leg, point: FloatArray, origin: FloatArray) -> Measured:
    """How far one point (n, 2) is ahead of another at initial contact, in leg lengths."""
    return leg.read_at(leg.ahead * (point - origin)[:, 0] / leg.leg_length_px, leg.stance.contact_phase)


@metric(
    "shank_angle_at_contact_deg",
    group="overstride",
    unit="deg",
    view="side",
    needs_feet=True,
    label="Shank angle at landing",
    plain="Lean of the lower leg as the foot lands; above zero the ankle is in front of the knee.",
    definition="Knee to ankle against the vertical at initial contact, + where the ankle is ahead of the knee.",
    reference=SOUZA,
    per_leg_length=DEG_PER_LEG_SEGMENT,
    per_roll_deg=1.0,
    out_of_plane=8.0,  # the shank leans inward
    posture=lambda leg: leg.shank_angle_deg,
)
def shank_angle_at_contact(leg: Leg) -> Measured:
    """Shank angle at initial contact."""
    return leg.read_at(leg.shank_angle_deg, leg.stance.contact_phase)


@metric(
    "shank_angle_at_loading_deg",
    group="overstride",
    unit="deg",
    view="side",
    needs_feet=True,
    needs_times=True,
    label="Shank angle as the shoe takes the load",
    plain="Lean of the lower leg just after landing, when the shoe begins to give way.",
    definition="Knee to ankle against the vertical 20 ms after initial contact, + with the ankle ahead of the knee.",
    reference=SOUZA,
    per_leg_length=DEG_PER_LEG_SEGMENT,
    per_roll_deg=1.0,
    out_of_plane=8.0,  # the shank leans inward
    posture=lambda leg: leg.shank_angle_deg,
)
def shank_angle_at_loading(leg: Leg) -> Measured:
    """Shank angle at the loading response."""
    return leg.read_at(leg.shank_angle_deg, leg.stance.contact_phase + LOADING_S / leg.stride_s)


@metric(
    "foot_strike_angle_deg",
    group="overstride",
    unit="deg",
    view="side",
    needs_feet=True,
    label="Foot strike angle",
    plain="How the foot lands: above zero with the heel first, below zero with the forefoot first.",
    definition="Pitch of heel to forefoot at initial contact less its pitch at 40 % of stance, where the sole is flat; "
    "+ toes up.",
    reference="Altman and Davis 2012, doi:10.1016/j.gaitpost.2011.09.104",
    per_leg_length=DEG_PER_LEG_FOOT,
    out_of_plane=4.0,  # the foot points outward, alike at both moments
)
def foot_strike_angle(leg: Leg) -> Measured:
    """Foot strike angle; the flat foot takes out where the pose model puts heel and toe on the shoe."""
    return leg.read_at(leg.foot_pitch_deg, leg.stance.contact_phase).less(flat_foot_deg(leg))


def flat_foot_deg(leg: Leg) -> FloatArray:
    """Pitch (1 + b,) of the foot's line from heel to forefoot with the sole on the ground."""
    return leg.at(leg.foot_pitch_deg, leg.stance.contact_phase + FLAT * leg.stance.duration)


@metric(
    "knee_flexion_at_contact_deg",
    group="overstride",
    unit="deg",
    view="side",
    needs_feet=True,
    label="Knee flexion at landing",
    plain="How bent the knee is as the foot lands; zero is a straight leg.",
    definition="180 degrees minus the angle hip-knee-ankle in the picture at initial contact.",
    reference="Heiderscheit et al. 2011, doi:10.1249/MSS.0b013e3181ebedf4",
    per_leg_length=DEG_PER_LEG_THREE_POINTS,
    out_of_plane=10.0,  # varus or valgus in the picture of a camera from behind
    posture=lambda leg: leg.knee_flexion_deg,
)
def knee_flexion_at_contact(leg: Leg) -> Measured:
    """Knee flexion at initial contact."""
    return leg.read_at(leg.knee_flexion_deg, leg.stance.contact_phase)


@metric(
    "step_length_m",
    group="overstride",
    unit="m",
    view="any",
    decimals=2,
    needs_feet=True,
    needs_both_legs=True,
    needs_times=True,
    impossible=no_speed,
    label="Step length",
    plain="How far you get from this foot's landing to the other one's.",
    definition="The belt's speed times the step time that begins with this foot's initial contact.",
    reference="Heiderscheit et al. 2011, doi:10.1249/MSS.0b013e3181ebedf4",
)
def step_length(leg: Leg) -> Measured:
    """Step length."""
    speed = leg.calibration.belt_speed_mps
    if speed is None:
        return leg.from_fold(np.full(1 + len(leg.cycle.draws), np.nan))
    share = (leg.opposite.stance.contact_phase - leg.stance.contact_phase) % 1
    return leg.from_fold(leg.drawn(speed, seed=43) * share * leg.stride_s)
