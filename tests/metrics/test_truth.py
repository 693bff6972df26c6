"""Every metric's arithmetic against a runner whose joints are known; no threshold and no withholding in between."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from gait.metrics import REGISTRY
from gait.model import SIDES, MetricTable

Array = NDArray[np.float64]
LEG_M = 0.96


def angle_deg(a: Array, b: Array, c: Array) -> Array:
    """Inner angle at b, from the dot product."""
    into, out = a - b, c - b
    cosine = (into * out).sum(axis=1) / np.linalg.norm(into, axis=1) / np.linalg.norm(out, axis=1)
    return np.degrees(np.arccos(cosine))


class Body:
    """The runner's joints at any phase of one leg's stride, in the plane of the picture (forward or right, up)."""

    def __init__(self, runner: Any, side: str, *, frontal: bool) -> None:
        self.runner, self.side, self.axes = runner, side, [2, 1] if frontal else [0, 1]

    def at(self, joint: str, phase: Array) -> Array:
        contacts = self.runner.event_s(self.side, "initial_contact")
        points = self.runner.joints(contacts[2] + phase * self.runner.stride_s)
        if joint.startswith("mid_"):
            both = [points[f"{side}_{joint.removeprefix('mid_')}"] for side in ("left", "right")]
            return np.asarray((both[0] + both[1])[:, self.axes] / 2)
        return np.asarray(points[f"{self.side}_{joint}"][:, self.axes])


def aligned(body: Body, medial: float, phase: Array) -> dict[str, Array]:
    """The angles seen from behind of the leg whose midline is towards `medial`, in degrees."""
    hip, knee, ankle = (body.at(joint, phase) for joint in ("hip", "knee", "ankle"))
    middle, shoulder = body.at("mid_hip", phase), body.at("mid_shoulder", phase)
    inward = np.sign(medial * np.cross(ankle - hip, knee - hip))
    thigh, pelvis, trunk = knee - hip, middle - hip, shoulder - middle
    adduction = np.degrees(np.arctan2(medial * thigh[:, 0], -thigh[:, 1]))
    drop = np.degrees(np.arcsin(-pelvis[:, 1] / np.linalg.norm(pelvis, axis=1)))
    return {
        "femoral_adduction_deg": adduction,
        "contralateral_pelvic_drop_deg": drop,
        "hip_adduction_deg": adduction + drop,
        "frontal_plane_projection_deg": inward * (180 - angle_deg(hip, knee, ankle)),
        "lateral_trunk_lean_deg": -medial * np.degrees(np.arctan2(trunk[:, 0], trunk[:, 1])),
    }


def _late(runner: Any, side: str) -> float:
    """What is missing to half a stride from this leg's contact to the other's before it."""
    return float(runner.late_right if side == "right" else -runner.late_right)


def truths(runner: Any, side: str) -> dict[str, float]:
    """By the definitions in the registry, written again."""
    sagittal, frontal = Body(runner, side, frontal=False), Body(runner, side, frontal=True)
    contact, stance = np.zeros(1), np.linspace(0, runner.toe_off_phase, 400)
    medial = 1.0 if side == "left" else -1.0
    lowest = stance[frontal.at("mid_hip", stance)[:, 1].argmin()][None]
    shank = sagittal.at("ankle", contact) - sagittal.at("knee", contact)
    hip, knee, ankle = (frontal.at(joint, lowest) for joint in ("hip", "knee", "ankle"))
    inward = medial * np.cross(ankle - hip, knee - hip)[0] > 0
    trunk = sagittal.at("mid_shoulder", stance) - sagittal.at("mid_hip", stance)
    loaded = np.linspace(0.1, 0.8, 300) * runner.toe_off_phase
    alignment = {f"peak_{name}": float(values.max()) for name, values in aligned(frontal, medial, loaded).items()}
    alignment |= {name: float(values[0]) for name, values in aligned(frontal, medial, lowest).items()}
    other = Body(runner, "right" if side == "left" else "left", frontal=True)
    apart = {
        joint: abs(float((frontal.at(joint, lowest) - other.at(joint, lowest - 0.5 + _late(runner, side)))[0, 0]))
        for joint in ("hip", "knee")
    }
    line = (ankle - hip)[0]

    def flexion(phase: Array) -> Array:
        return 180 - angle_deg(*(sagittal.at(joint, phase) for joint in ("hip", "knee", "ankle")))

    def slant(lower: str, upper: str, phase: Array) -> Array:
        """Degrees from the vertical, + with the lower end ahead."""
        span = sagittal.at(lower, phase) - sagittal.at(upper, phase)
        return np.degrees(np.arctan2(span[:, 0], -span[:, 1]))

    def pitch(phase: Array) -> Array:
        along = sagittal.at("foot_index", phase) - sagittal.at("heel", phase)
        return np.degrees(np.arctan2(along[:, 1], along[:, 0]))

    loading, lift = np.array([0.020 / runner.stride_s]), np.array([runner.toe_off_phase])
    middle, flat, swing = lift / 2, 0.4 * lift, np.linspace(runner.toe_off_phase, 1, 400)
    step_s = runner.stride_s * (0.5 + (runner.late_right if side == "left" else -runner.late_right))
    ahead = {joint: (sagittal.at(joint, contact))[0, 0] / LEG_M for joint in ("mid_hip", "knee", "ankle", "heel")}
    behind = -slant("knee", "hip", lift)[0]
    return {
        "heel_to_hip_at_contact_leg_lengths": ahead["heel"] - ahead["mid_hip"],
        "ankle_to_knee_at_contact_leg_lengths": ahead["ankle"] - ahead["knee"],
        "shank_angle_at_loading_deg": slant("ankle", "knee", loading)[0],
        "foot_strike_angle_deg": (pitch(contact) - pitch(flat))[0],
        "step_length_m": runner.belt_mps * step_s,
        "knee_flexion_excursion_deg": float(flexion(stance).max() - flexion(contact)[0]),
        "swing_knee_flexion_deg": float(flexion(swing).max()),
        "trunk_lean_at_midstance_deg": float(-slant("mid_hip", "mid_shoulder", middle)[0]),
        "thigh_extension_at_toe_off_deg": behind,
        "hip_extension_at_toe_off_deg": behind + slant("mid_hip", "mid_shoulder", lift)[0],
        "ankle_dorsiflexion_deg": float((pitch(stance) - slant("ankle", "knee", stance)).max() - pitch(flat)[0]),
        "vertical_oscillation_cm": 100 * runner.bounce_m,
        "vertical_ratio_pct": 200 * runner.bounce_m / (runner.belt_mps * runner.stride_s),
        "ankle_to_hip_at_contact_leg_lengths": (sagittal.at("ankle", contact) - sagittal.at("mid_hip", contact))[0, 0]
        / LEG_M,
        "shank_angle_at_contact_deg": float(np.degrees(np.arctan2(shank[0, 0], -shank[0, 1]))),
        "knee_flexion_at_contact_deg": float(flexion(contact)[0]),
        "peak_stance_knee_flexion_deg": float(flexion(stance).max()),
        "trunk_lean_deg": float(np.degrees(np.arctan2(trunk[:, 0], trunk[:, 1])).mean()),
        **alignment,
        "medial_knee_displacement_leg_lengths": (1 if inward else -1)
        * abs(float(np.cross(line, (knee - hip)[0])))
        / np.linalg.norm(line)
        / LEG_M,
        "knee_separation_hip_widths": apart["knee"] / apart["hip"],
        "step_width_cm": 100 * runner.step_width_m,
        "step_width_leg_lengths": runner.step_width_m / LEG_M,
        "cadence_spm": runner.cadence_spm,
        "stride_time_s": runner.stride_s,
        "step_time_s": runner.stride_s * (0.5 + (runner.late_right if side == "left" else -runner.late_right)),
        "stride_time_cv_pct": 0.0,
        "step_time_asymmetry_pct": -400 * runner.late_right,
        "contact_time_asymmetry_pct": 0.0,
    }


# With 1 px (2.5 mm) of noise contact is 2 to 3 ms off; a foot moves by 4 leg lengths/s then, a shank by 200 deg/s and a
# knee by 400. Noise of the folded points adds a third of it.
TOLERANCE = {
    "ankle_to_hip_at_contact_leg_lengths": 0.012,
    "shank_angle_at_contact_deg": 1.2,
    "knee_flexion_at_contact_deg": 2.0,
    "peak_stance_knee_flexion_deg": 1.0,
    "trunk_lean_deg": 0.1,
    "frontal_plane_projection_deg": 0.7,
    "femoral_adduction_deg": 0.5,
    "contralateral_pelvic_drop_deg": 0.6,  # the hips are 72 px apart
    "hip_adduction_deg": 0.8,
    "lateral_trunk_lean_deg": 0.3,
    # The largest of a noisy curve is larger than the curve's largest, and 20 ms of the stance are not the same.
    "peak_frontal_plane_projection_deg": 1.0,
    "peak_femoral_adduction_deg": 0.7,
    "peak_contralateral_pelvic_drop_deg": 0.8,
    "peak_hip_adduction_deg": 1.0,
    "peak_lateral_trunk_lean_deg": 0.4,
    "medial_knee_displacement_leg_lengths": 0.006,  # the leg is 9 % short in the picture
    "knee_separation_hip_widths": 0.05,
    "step_width_leg_lengths": 0.012,
    "step_width_cm": 1.2,  # the scale comes from the foreshortened leg, which is 9 % short
    "cadence_spm": 0.05,
    "stride_time_s": 0.0005,
    "step_time_s": 0.006,
    "heel_to_hip_at_contact_leg_lengths": 0.012,
    "ankle_to_knee_at_contact_leg_lengths": 0.012,
    "shank_angle_at_loading_deg": 1.5,
    "foot_strike_angle_deg": 3.0,  # the foot is 0.18 m long, and lands turning by 300 deg/s
    "step_length_m": 0.02,
    "knee_flexion_excursion_deg": 2.0,
    "swing_knee_flexion_deg": 1.0,
    "trunk_lean_at_midstance_deg": 0.2,
    # Toe-off is the weighted mean of two rules, of which one is exact here and the other some 20 ms early or late.
    "thigh_extension_at_toe_off_deg": 6.0,
    "hip_extension_at_toe_off_deg": 6.0,
    "ankle_dorsiflexion_deg": 2.0,
    "vertical_oscillation_cm": 0.15,
    "vertical_ratio_pct": 0.3,
    # Nobody's strides are all alike, and what single contacts can't show is put back: 0.5 %, all of it uncertain.
    "stride_time_cv_pct": 0.6,
    "step_time_asymmetry_pct": 3.4,  # two steps off by 6 ms of 364
    "contact_time_asymmetry_pct": 3.4,
}


RUNNERS: dict[str, dict[str, float]] = {
    "plain": {},
    "fast and backward": {"lean_deg": -4.0, "cadence_spm": 182.0, "belt_mps": 3.4},
    "bow-legged and crossing": {
        "knee_medial_m": -0.03,
        "step_width_m": -0.05,
        "lean_deg": 12.0,
        "drop_deg": -3.0,
        "side_lean_deg": 4.0,
    },
    "limping and knock-kneed": {"late_right": 0.02, "knee_medial_m": 0.05, "drop_deg": 7.0, "side_lean_deg": -2.0},
}


@pytest.mark.parametrize(
    ("view", "runner_name"),
    [
        ("left", "plain"),
        ("right", "fast and backward"),
        ("left", "bow-legged and crossing"),
        ("right", "limping and knock-kneed"),
        ("rear", "plain"),
        ("front", "bow-legged and crossing"),
        ("rear", "limping and knock-kneed"),
        ("front", "fast and backward"),
    ],
)
def test_metrics_are_their_definitions(
    metrics_of: Callable[..., MetricTable], synthetic_runner: Any, view: str, runner_name: str
) -> None:
    settings = RUNNERS[runner_name]
    runner = synthetic_runner(**settings)
    table = metrics_of(view, noise_px=1.0, **settings)
    looked_at, true = 0, {side: truths(runner, side) for side in ("left", "right")}
    if view in ("rear", "front"):  # the made-up pelvis bounces evenly whatever the feet do
        true = {
            side: {
                name: value
                for name, value in of.items()
                if not name.startswith(("step_time", "step_length", "contact_time"))
            }
            for side, of in true.items()
        }
    for summary in table.summary:
        truth = true[summary.side if summary.side != "both" else view if view in ("left", "right") else "left"]
        if summary.name in truth and summary.estimate is not None:
            assert summary.estimate == pytest.approx(truth[summary.name], abs=TOLERANCE[summary.name]), summary
            looked_at += 1
    assert looked_at >= (36 if view in ("left", "right") else 28)


def test_every_metric_that_a_picture_shows_is_tested_here(synthetic_runner: Any) -> None:
    """Contact time, flight time and duty factor are toe-off's: see the events; stiffness is theirs: see test_bounce."""
    untested = set(REGISTRY) - set(truths(synthetic_runner(), "left"))
    assert untested == {"contact_time_s", "flight_time_s", "duty_factor", "leg_stiffness_kn_per_m"}


@pytest.mark.parametrize("view", ["left", "right"])
def test_times_of_one_leg_add_up(metrics_of: Callable[..., MetricTable], view: str) -> None:
    table = metrics_of(view, noise_px=1.0, late_right=0.02, knee_medial_m=0.05)

    def value(name: str, side: Any) -> float:
        summary = table.get(name, side)
        assert summary is not None
        assert summary.estimate is not None
        return summary.estimate

    stride = value("stride_time_s", "both")
    assert value("step_time_s", "left") + value("step_time_s", "right") == pytest.approx(stride, abs=5e-4)
    assert value("cadence_spm", "both") == pytest.approx(120 / stride, abs=0.05)
    for side in ("left", "right"):
        contact, flight = value("contact_time_s", side), value("flight_time_s", side)
        assert contact + flight == pytest.approx(value("step_time_s", side), abs=1e-9)
        assert value("duty_factor", side) == pytest.approx(contact / stride, abs=5e-4)


def test_single_strides_show_their_own_deviation(metrics_of: Callable[..., MetricTable]) -> None:
    """A trunk that leans more and more, by 8 degrees: single strides follow it within a degree (1 px of noise on four
    points of some three frames each)."""
    table = metrics_of("right", noise_px=1.0, lean_change_deg=8.0)
    rows = table.values[table.values["side"] == "right"]
    expected = 6 + 8 * (rows["time_s"] + 0.13) / 10  # read at midstance, 0.13 s after contact
    off = (rows["trunk_lean_deg"] - expected).abs()
    assert off.max() < 1.0


@pytest.mark.parametrize(
    ("view", "stride_cv", "within"),
    [("right", 0.01, 0.25), ("right", 0.02, 0.25), ("right", 0.03, 0.25), ("rear", 0.01, 0.25), ("rear", 0.02, 0.4)],
)
def test_variability_is_what_the_strides_had(
    metrics_of: Callable[..., MetricTable], synthetic_runner: Any, view: str, stride_cv: float, within: float
) -> None:
    """Of 30 s at 30 fps with 1 px of noise: within its interval of both legs' very strides, and not far off."""
    settings = {"stride_cv": stride_cv, "duration_s": 30.0, "seed": 3}
    variances = []
    for side in SIDES:
        strides_s = np.diff(synthetic_runner(**settings).event_s(side, "initial_contact"))
        order = np.arange(len(strides_s))
        left_s = strides_s - np.polyval(np.polyfit(order, strides_s, 1), order)
        variances.append((left_s**2).sum() / (len(left_s) - 2) / strides_s.mean() ** 2)
    true_pct = 100 * float(np.sqrt(np.mean(variances)))
    summary = metrics_of(view, noise_px=1.0, **settings).get("stride_time_cv_pct", "both")
    assert summary is not None
    assert summary.estimate == pytest.approx(true_pct, rel=within)
    assert summary.ci95 is not None
    assert summary.ci95[0] <= true_pct <= summary.ci95[1]
