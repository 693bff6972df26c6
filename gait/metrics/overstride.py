"""Where and how the foot lands, seen from the side."""

from __future__ import annotations

from gait.metrics.base import DEG_PER_LEG_SEGMENT, DEG_PER_LEG_THREE_POINTS, Leg, Measured, metric


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
    distance = leg.ahead * (leg.point("ankle") - leg.track.point("mid_hip"))[:, 0] / leg.leg_length_px
    return leg.read_at(distance, leg.stance.contact_phase)


@metric(
    "shank_angle_at_contact_deg",
    group="overstride",
    unit="deg",
    view="side",
    needs_feet=True,
    label="Shank angle at landing",
    plain="Lean of the lower leg as the foot lands; above zero the ankle is in front of the knee.",
    definition="Knee to ankle against the vertical at initial contact, + where the ankle is ahead of the knee.",
    reference="Souza 2016, doi:10.1016/j.pmr.2015.08.006",
    per_leg_length=DEG_PER_LEG_SEGMENT,
    per_roll_deg=1.0,
    out_of_plane=8.0,  # the shank leans inward
)
def shank_angle_at_contact(leg: Leg) -> Measured:
    """Shank angle at initial contact."""
    return leg.read_at(leg.shank_angle_deg, leg.stance.contact_phase)


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
)
def knee_flexion_at_contact(leg: Leg) -> Measured:
    """Knee flexion at initial contact."""
    return leg.read_at(leg.knee_flexion_deg, leg.stance.contact_phase)
