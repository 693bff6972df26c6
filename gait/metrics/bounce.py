"""The body's way up and down, and the spring that it would take.

The shoulders tell how far the body goes up and down: the pose model holds the hips of a side view too still (78 % of
the truth, SD 10 %, on rendered runners; the shoulders 102 %, SD 6 %).
"""

from __future__ import annotations

import numpy as np

from gait.metrics.base import Leg, Measured, metric, no_speed
from gait.model import Calibration, FloatArray

GRAVITY_MPS2 = 9.81
STEEPEST_PCT = 1.0  # of incline, that still counts as level


@metric(
    "vertical_oscillation_cm",
    group="sagittal",
    unit="cm",
    view="side",
    per_side=False,
    needs_feet=True,
    needs_length=True,
    label="Vertical oscillation",
    plain="How far your body goes up and down with each step.",
    definition="Highest less lowest place of the trunk (mid-shoulder) within a step, mean of the stride's two steps.",
    reference="Heiderscheit et al. 2011, doi:10.1249/MSS.0b013e3181ebedf4",
)
def vertical_oscillation(leg: Leg) -> Measured:
    """Vertical oscillation of the trunk."""
    scale = leg.calibration.px_per_m
    cm_per_px = 100 / scale.value if scale else np.nan
    return leg.from_fold(cm_per_px * oscillation_px(leg))


def no_foot_speed(calibration: Calibration) -> str:
    """Why the way in a step can't be told; empty where it can."""
    return "" if calibration.foot_px_per_s else "how fast the foot moves on the ground can't be seen"


@metric(
    "vertical_ratio_pct",
    group="sagittal",
    unit="%",
    view="side",
    per_side=False,
    needs_feet=True,
    impossible=no_foot_speed,
    label="Vertical ratio",
    plain="How much you go up and down for the way you get forward; it falls with speed.",
    definition="Vertical oscillation over step length, both in pixels; the stance foot's speed gives the step's.",
    reference="Fukuchi et al. 2017, doi:10.7717/peerj.3298",
)
def vertical_ratio(leg: Leg) -> Measured:
    """Vertical ratio."""
    foot = leg.calibration.foot_px_per_s
    if foot is None:
        return leg.from_fold(np.full(1 + len(leg.cycle.draws), np.nan))
    step_px = leg.drawn(foot, seed=45) * leg.stride_s / 2
    return leg.from_fold(100 * oscillation_px(leg) / step_px)


def oscillation_px(leg: Leg) -> FloatArray:
    """Highest less lowest place of mid-shoulder (1 + b,) in a step, mean of the stride's two steps."""
    height = -leg.track.point("mid_shoulder")[:, 1]
    mine, other = leg.stance.contact_phase, leg.opposite.stance.contact_phase
    steps = [leg.at(height, leg.span(start, end)) for start, end in ((mine, other), (other, mine))]
    return np.asarray(np.mean([np.ptp(step, axis=1) for step in steps], axis=0), dtype=np.float64)


def no_stiffness(calibration: Calibration) -> str:
    """Why the spring's stiffness can't be told; empty where it can."""
    if abs(calibration.incline_pct) > STEEPEST_PCT:
        return "the spring-mass model holds on level ground only"
    if calibration.mass_kg is None:
        return "the runner's mass isn't known: give it, for instance --mass-kg 68"
    if calibration.leg_length_m is None:
        return "the leg's length in metres isn't known: say how tall the runner is, for instance --height-cm 172"
    return no_speed(calibration)


@metric(
    "leg_stiffness_kn_per_m",
    group="sagittal",
    unit="kN/m",
    view="any",
    needs_feet=True,
    needs_both_legs=True,
    needs_times=True,
    impossible=no_stiffness,
    label="Leg stiffness",
    plain="How stiff a spring would have to be to bounce as your leg does, by your times on the ground and in the air.",
    definition="Spring-mass model: largest force over the leg's shortening, from contact and flight time, speed, mass "
    "and leg length.",
    reference="Morin et al. 2005, doi:10.1123/jab.21.2.167",
)
def leg_stiffness(leg: Leg) -> Measured:
    """Leg stiffness."""
    speed, length = leg.calibration.belt_speed_mps, leg.calibration.leg_length_m
    if speed is None or length is None or leg.calibration.mass_kg is None:
        return leg.from_fold(np.full(1 + len(leg.cycle.draws), np.nan))
    step_s = (leg.opposite.stance.contact_phase - leg.stance.contact_phase) % 1 * leg.stride_s
    contact_s = leg.stance.duration * leg.stride_s
    times = {"contact_s": contact_s, "flight_s": step_s - contact_s}
    lengths = {"speed_mps": leg.drawn(speed, seed=43), "leg_m": leg.drawn(length, seed=44)}
    return leg.from_fold(spring_kn_per_m(**times, **lengths, mass_kg=leg.calibration.mass_kg))


def spring_kn_per_m(
    contact_s: FloatArray, flight_s: FloatArray, speed_mps: FloatArray, leg_m: FloatArray, *, mass_kg: float
) -> FloatArray:
    """Stiffness of the leg as a spring whose force over contact is half a sine (Morin et al. 2005).

    NaN where the foot would be on the ground for longer than the leg can reach.
    """
    force_n = mass_kg * GRAVITY_MPS2 * np.pi / 2 * (flight_s / contact_s + 1)
    sinks_m = force_n * contact_s**2 / (mass_kg * np.pi**2) - GRAVITY_MPS2 * contact_s**2 / 8
    reach_m2 = leg_m**2 - (speed_mps * contact_s / 2) ** 2
    shorter_m = leg_m - np.sqrt(np.where(reach_m2 > 0, reach_m2, np.nan)) + sinks_m
    return np.asarray(force_n / shorter_m / 1000, dtype=np.float64)
