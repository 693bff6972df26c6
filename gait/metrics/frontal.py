"""Pelvis, thigh, knee, trunk and feet seen from the rear or front, while the leg carries the body.

Angles are read twice: at the deepest landing position (lowest pelvis in stance), and where they are largest while the
leg is loaded. Hips, knees and ankles lie where the outline has them (`gait.clean.limb_axes`), as far as it is seen.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gait.cycle import steadied
from gait.metrics.base import DEG_PER_LEG_SEGMENT, DEG_PER_LEG_THREE_POINTS, DEG_PER_LEG_TRUNK, Leg, Measured, metric
from gait.model import AXIS_JOINTS, FloatArray

DINGENEN = "Dingenen et al. 2018, doi:10.1016/j.ptsp.2018.06.009"
BRINDLE = "Brindle et al. 2014, doi:10.1016/j.gaitpost.2013.06.010"
SOUZA = "Souza 2016, doi:10.1016/j.pmr.2015.08.006"
MIDSTANCE = 0.4  # of stance: the foot is flat and the other leg passes
LOADED = (0.1, 0.8)  # of stance: before and after it the leg carries little, and a swinging foot is badly seen
# What a camera adds that looks from a quarter turn aside, at the deepest landing position: thigh 13 and shank 27
# degrees from the vertical (RBDS001, both legs at 2.5 and 3.5 m/s: 11 to 14 and 25 to 27), the trunk's forward lean.
THIGH_AHEAD_DEG, SHANK_BEHIND_DEG, TRUNK_AHEAD_DEG = 13.0, 27.0, 7.0
# How far runners differ in it (95 %): a judgement, but for the trunk (Teng and Powers 2014) and the knee (SD 4.8).
THIGH_DIFFERS_DEG, KNEE_DIFFERS_DEG, TRUNK_DIFFERS_DEG = 7.0, 9.6, 7.2
HIP_WIDTH_PER_LEG = 0.2  # seen from the rear or front
# Leg lengths between the ankles at the deepest landing position, the swinging one passing higher up: 0.19 to 0.39 on
# tuning clips, 0.11 to 0.15 where the pose model had put both legs on one.
LEAST_APART = 0.16
_MKD_PER_RAD = 0.5 * 0.245 / 0.53  # the knee's distance from the line for a small turn, thigh and shank as long

Signal = Callable[[Leg], FloatArray]


def not_told_apart(leg: Leg) -> str:
    """Why what is found of the standing leg can't be believed; empty where it can.

    In poor light the pose model puts both legs on one, and the swinging foot beside the standing one.
    """
    apart_px, deepest = leg.point("ankle") - leg.opposite.point("ankle"), leg.lowest_pelvis_phase()
    apart = np.hypot(*(leg.at(across_or_up, deepest)[0] for across_or_up in apart_px.T)) / leg.leg_length_px
    if apart < LEAST_APART:
        return f"both legs were found on the {leg.side} one while it stands: more light or a sharper picture would help"
    return ""


def angle(
    name: str,
    *,
    label: str,
    plain: str,
    definition: str,
    reference: str,
    per_leg_length: float,
    per_roll_deg: float = 0.0,
    out_of_plane: float = 0.0,
    seen_ahead: float = 0.0,
    by_outline: bool = True,
) -> Callable[[Signal], Signal]:
    """Register a signal (n,) in degrees as two metrics: at the deepest landing position, and its peak in stance.

    `seen_ahead` is taken off; the others are as in `metric`.
    """

    def register(signal: Signal) -> Signal:
        def seen_square(leg: Leg) -> FloatArray:
            return signal(leg) - leg.added_aside(seen_ahead)

        def deepest(leg: Leg) -> Measured:
            return leg.read_at(seen_square(leg), leg.lowest_pelvis_phase())

        def peak(leg: Leg) -> Measured:
            own = seen_square(leg)
            start, end = (leg.stance.contact_phase + share * leg.stance.duration for share in LOADED)
            return leg.read_at(own, leg.extreme_between(own, start, end, sign=1))

        moments = (
            (name, label, f"{definition}, at the lowest pelvis in stance.", plain, deepest),
            (
                f"peak_{name}",
                f"Peak {label[0].lower()}{label[1:]}",
                f"{definition}, the largest from {LOADED[0]:.0%} to {LOADED[1]:.0%} of stance.",
                "The same where it is largest while the leg carries the body.",
                peak,
            ),
        )
        for each, called, defined, said, function in moments:
            metric(
                each,
                group="frontal",
                unit="deg",
                view="frontal",
                label=called,
                plain=said,
                definition=defined,
                reference=reference,
                per_leg_length=per_leg_length,
                per_roll_deg=per_roll_deg,
                out_of_plane=out_of_plane,
                seen_ahead=seen_ahead,
                by_outline=by_outline,
                posture=signal,
            )(function)
        return signal

    return register


@angle(
    "femoral_adduction_deg",
    label="Femoral adduction",
    plain="How far the thigh slants inward, towards the body's midline, while the foot is on the ground.",
    definition="Hip to knee against the vertical in the picture, + with the knee towards the midline",
    reference=DINGENEN,
    per_leg_length=DEG_PER_LEG_SEGMENT,
    per_roll_deg=1.0,
    out_of_plane=THIGH_DIFFERS_DEG,
    seen_ahead=THIGH_AHEAD_DEG,
)
def femoral_adduction(leg: Leg) -> FloatArray:
    """Femoral adduction."""
    return leg.femoral_adduction_deg


@angle(
    "hip_adduction_deg",
    label="Hip adduction",
    plain="How far thigh and pelvis close towards each other on the outer side: the thigh's slant and the pelvic drop.",
    definition="Femoral adduction plus contralateral pelvic drop",
    reference=DINGENEN,
    per_leg_length=float(np.hypot(DEG_PER_LEG_SEGMENT, np.degrees(np.sqrt(2) / HIP_WIDTH_PER_LEG))),
    out_of_plane=THIGH_DIFFERS_DEG,  # a roll turns thigh and pelvis alike
    seen_ahead=THIGH_AHEAD_DEG,
    by_outline=False,
)
def hip_adduction(leg: Leg) -> FloatArray:
    """Hip adduction."""
    return leg.femoral_adduction_deg + leg.contralateral_pelvic_drop_deg


@angle(
    "contralateral_pelvic_drop_deg",
    label="Contralateral pelvic drop",
    plain="How far the pelvis sinks on the side of the swinging leg.",
    definition="Line between the hips against the horizontal in the picture, + with the swinging leg's hip lower",
    reference=DINGENEN,
    per_leg_length=float(np.degrees(np.sqrt(2) / HIP_WIDTH_PER_LEG)),
    per_roll_deg=1.0,
    by_outline=False,
)
def contralateral_pelvic_drop(leg: Leg) -> FloatArray:
    """Contralateral pelvic drop."""
    return leg.contralateral_pelvic_drop_deg


@angle(
    "frontal_plane_projection_deg",
    label="Frontal plane projection angle",
    plain="What people call knee valgus: above zero the knee lies inward of the line from hip to ankle.",
    definition="Turn of hip-knee-ankle in the picture, + where the knee is medial",
    reference=DINGENEN,
    per_leg_length=DEG_PER_LEG_THREE_POINTS,
    out_of_plane=KNEE_DIFFERS_DEG,
    seen_ahead=THIGH_AHEAD_DEG + SHANK_BEHIND_DEG,
)
def frontal_plane_projection(leg: Leg) -> FloatArray:
    """Frontal plane projection angle."""
    return leg.frontal_plane_projection_deg


@angle(
    "lateral_trunk_lean_deg",
    label="Lateral trunk lean",
    plain="How far the upper body leans over the leg that carries it.",
    definition="Mid-hip to mid-shoulder against the vertical in the picture, + towards the standing leg",
    reference=DINGENEN,
    per_leg_length=DEG_PER_LEG_TRUNK,
    per_roll_deg=1.0,
    out_of_plane=TRUNK_DIFFERS_DEG,
    seen_ahead=-TRUNK_AHEAD_DEG,
)
def lateral_trunk_lean(leg: Leg) -> FloatArray:
    """Lateral trunk lean."""
    return leg.lateral_trunk_lean_deg


@metric(
    "medial_knee_displacement_leg_lengths",
    group="frontal",
    unit="leg lengths",
    view="frontal",
    decimals=3,
    needs_length=True,
    label="Medial knee displacement",
    plain="How far the knee lies inward of the line from hip to ankle; what the projection angle says, as a length.",
    definition="Distance of the knee from the line hip-ankle in the picture over leg length, + medial, at the lowest "
    "pelvis in stance.",
    reference=DINGENEN,
    per_leg_length=float(np.sqrt(1.5)),
    out_of_plane=float(np.radians(KNEE_DIFFERS_DEG)) * _MKD_PER_RAD,
    seen_ahead=float(np.radians(THIGH_AHEAD_DEG + SHANK_BEHIND_DEG)) * _MKD_PER_RAD,
    by_outline=True,
)
def medial_knee_displacement(leg: Leg) -> Measured:
    """Medial knee displacement."""
    hip, knee, ankle = (leg.axis_point(joint) for joint in AXIS_JOINTS)
    line, out = ankle - hip, knee - hip
    off_px = (line[:, 1] * out[:, 0] - line[:, 0] * out[:, 1]) / np.hypot(line[:, 0], line[:, 1])
    aside = leg.added_aside(np.radians(THIGH_AHEAD_DEG + SHANK_BEHIND_DEG) * _MKD_PER_RAD)
    return leg.read_at(leg.medial * off_px / leg.leg_length_px - aside, leg.lowest_pelvis_phase())


@metric(
    "knee_separation_hip_widths",
    group="frontal",
    unit="hip widths",
    view="frontal",
    decimals=2,
    label="Knee separation",
    plain="How far the knees are apart while this leg carries the body; below zero the swinging knee crosses over.",
    definition="Distance between the knees across the picture over that between the hips, at the lowest pelvis in "
    "stance, + where the knees aren't crossed.",
    reference=SOUZA,
    per_leg_length=2 * float(np.sqrt(2)) / HIP_WIDTH_PER_LEG,  # the pose model's hips are a tenth too wide or narrow
    out_of_plane=0.3,  # the swinging knee passes the standing one
    by_outline=True,
)
def knee_separation(leg: Leg) -> Measured:
    """Knee separation."""
    knees, hips = (leg.axis_point(joint) - leg.opposite.axis_point(joint) for joint in ("knee", "hip"))
    width_px = float(np.abs(leg.fold(hips[:, 0])[0, 0]))
    return leg.read_at(-leg.medial * knees[:, 0] / width_px, leg.lowest_pelvis_phase())


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
    definition="Mediolateral distance between the ankles, each at its own midstance; + where the feet don't cross.",
    reference=BRINDLE,
    per_leg_length=1.41,  # two ankles, each misplaced by itself
    by_outline=True,
)
def step_width(leg: Leg) -> Measured:
    """Step width; the scale comes from the runner's height."""
    scale = leg.calibration.px_per_m
    return _step_width(leg, per_px=100 / scale.value if scale else np.nan)


@metric(
    "step_width_leg_lengths",
    group="frontal",
    unit="leg lengths",
    view="frontal",
    decimals=3,
    per_side=False,
    needs_feet=True,
    needs_length=True,
    label="Step width over leg length",
    plain="The same in leg lengths, which needs no height.",
    definition="Mediolateral distance between the ankles, each at its own midstance, over leg length; + where the feet "
    "don't cross.",
    reference=BRINDLE,
    per_leg_length=1.41,
    by_outline=True,
)
def step_width_in_leg_lengths(leg: Leg) -> Measured:
    """Step width over leg length."""
    return _step_width(leg, per_px=1 / leg.leg_length_px)


def _step_width(leg: Leg, *, per_px: float) -> Measured:
    """Distance of the ankles; `per_px` makes units of pixels. The pose model's heels lose twice as much."""
    mine, other = (_ankle_at_midstance(one) for one in (leg, leg.opposite))
    outward = -leg.medial * per_px
    return Measured(outward * (mine.strides - other.strides), outward * (mine.draws - other.draws))


def _ankle_at_midstance(leg: Leg) -> Measured:
    """Sideways place of an ankle in pixels at its midstance, the runner's wandering taken out."""
    place = steadied(leg.track, leg.axis_point("ankle"), window_s=leg.cycle.period_s)[:, 0]
    return leg.read_at(place, leg.stance.contact_phase + MIDSTANCE * leg.stance.duration)
