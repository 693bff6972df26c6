"""Hip, knee and foot seen from the rear or front, at the deepest landing position (lowest pelvis in stance)."""

from __future__ import annotations

import numpy as np

from gait.cycle import steady
from gait.metrics.base import DEG_PER_LEG_SEGMENT, DEG_PER_LEG_THREE_POINTS, Leg, Measured, metric

DINGENEN = "Dingenen et al. 2018, doi:10.1016/j.ptsp.2018.06.009"


@metric(
    "frontal_plane_projection_deg",
    group="frontal",
    unit="deg",
    view="frontal",
    label="Frontal plane projection angle",
    plain="What people call knee valgus: above zero the knee lies inward of the line from hip to ankle.",
    definition="Turn of hip-knee-ankle in the picture at the lowest pelvis in stance, + where the knee is medial.",
    reference=DINGENEN,
    per_leg_length=DEG_PER_LEG_THREE_POINTS,
    out_of_plane=45.0,  # the knee's flexion at the lowest pelvis: a camera aside takes a part of it for valgus
    posture=lambda leg: leg.frontal_plane_projection_deg,
)
def frontal_plane_projection(leg: Leg) -> Measured:
    """Frontal plane projection angle."""
    return leg.read_at(leg.frontal_plane_projection_deg, leg.lowest_pelvis_phase())


@metric(
    "femoral_adduction_deg",
    group="frontal",
    unit="deg",
    view="frontal",
    label="Femoral adduction",
    plain="How far the thigh slants inward, towards the body's midline, while the foot is on the ground.",
    definition="Hip to knee against the vertical at the lowest pelvis in stance, + with the knee towards the midline.",
    reference=DINGENEN,
    per_leg_length=DEG_PER_LEG_SEGMENT,
    per_roll_deg=1.0,
    out_of_plane=20.0,  # the thigh's flexion at the lowest pelvis
    posture=lambda leg: leg.femoral_adduction_deg,
)
def femoral_adduction(leg: Leg) -> Measured:
    """Femoral adduction."""
    return leg.read_at(leg.femoral_adduction_deg, leg.lowest_pelvis_phase())


@metric(
    "step_width_cm",
    group="frontal",
    unit="cm",
    view="frontal",
    per_side=False,
    needs_feet=True,
    needs_length=True,
    label="Step width",
    plain="Sideways distance between the left and the right foot's landing places; below zero they cross over.",
    definition="Mediolateral distance between the heels, each at its own midstance; + where the feet don't cross.",
    reference="Brindle et al. 2014, doi:10.1016/j.gaitpost.2013.06.010",
    per_leg_length=1.41,  # two heels, each misplaced by itself
)
def step_width(leg: Leg) -> Measured:
    """Step width; the scale comes from the runner's height."""
    scale = leg.calibration.px_per_m
    cm_per_px = 100 / scale.value if scale else np.nan
    mine, other = (_heel_at_midstance(one) for one in (leg, leg.opposite))
    outward = -leg.medial * cm_per_px
    return Measured(outward * (mine.strides - other.strides), outward * (mine.draws - other.draws))


def _heel_at_midstance(leg: Leg) -> Measured:
    """Sideways place of a heel in pixels at its midstance, the runner's wandering taken out."""
    place = steady(leg.track, f"{leg.side}_heel", window_s=leg.cycle.period_s)[:, 0]
    return leg.read_at(place, leg.stance.contact_phase + 0.4 * leg.stance.duration)
