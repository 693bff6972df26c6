"""Posture and joint angles seen from the side."""

from __future__ import annotations

import numpy as np

from gait.metrics.base import DEG_PER_LEG_THREE_POINTS, DEG_PER_LEG_TRUNK, Leg, Measured, metric
from gait.signals import harmonics


@metric(
    "trunk_lean_deg",
    group="sagittal",
    unit="deg",
    view="side",
    per_side=False,
    label="Forward trunk lean",
    plain="How far the upper body leans forward from upright.",
    definition="Mid-hip to mid-shoulder against the vertical, mean over stance, + forward.",
    reference="Teng and Powers 2014, doi:10.2519/jospt.2014.5249",
    per_leg_length=DEG_PER_LEG_TRUNK,
    per_roll_deg=1.0,
    out_of_plane=4.0,  # lateral lean, which differs between the steps and nearly cancels
)
def trunk_lean(leg: Leg) -> Measured:
    """Trunk lean, mean over stance."""
    signal = leg.trunk_lean_deg
    folded = leg.fold(signal)
    phases = leg.stance.contact_phase[:, None] + np.linspace(0, 1, 21) * leg.stance.duration[:, None]
    n_harmonics = (folded.shape[1] - 1) // 2
    basis = harmonics(phases.ravel(), n_harmonics).reshape(*phases.shape, -1)
    draws = np.einsum("bgc,bc->b", basis, folded) / phases.shape[1]
    middle = leg.read_at(signal, phases[:, 10])
    return Measured(middle.strides - middle.draws[0] + draws[0], draws)


@metric(
    "peak_stance_knee_flexion_deg",
    group="sagittal",
    unit="deg",
    view="side",
    needs_feet=True,
    label="Peak knee flexion in stance",
    plain="How far the knee bends while the foot is on the ground.",
    definition="Largest 180 degrees minus the angle hip-knee-ankle between initial contact and toe-off.",
    reference="Heiderscheit et al. 2011, doi:10.1249/MSS.0b013e3181ebedf4",
    per_leg_length=DEG_PER_LEG_THREE_POINTS,
    out_of_plane=10.0,  # varus or valgus in the picture of a camera from behind
)
def peak_stance_knee_flexion(leg: Leg) -> Measured:
    """Peak knee flexion in stance."""
    flexion = leg.knee_flexion_deg
    return leg.read_at(flexion, leg.extreme_phase(flexion, sign=1))
