"""True metrics of postures whose angles and places are known by hand, and of the simulated runner."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from gait.metrics import in_order
from gait.metrics.bounce import spring_kn_per_m
from gait.model import SIDES, Side
from gait.simulate.run import simulate_run
from gait.simulate.runner import Runner
from gait.simulate.source import Moving
from gait.simulate.truth import OF_A_CLIP, OF_BOTH_LEGS, PER_SIDE, clip_truth, leg_length_m, true_metrics
from gait.simulate.truth_side import MASS_KG, true_curve
from gait.simulate.variation import Variation

Array = NDArray[np.float64]
THIGH_M, SHANK_M, ANKLE_M, HIPS_APART_M = 0.42, 0.44, 0.08, 0.16
LEG_M = THIGH_M + SHANK_M + ANKLE_M
STRIDE_S, RIGHT_LATER_S = 0.70, 0.36
CONTACT_S: dict[Side, float] = {"left": 0.25, "right": 0.24}
OUTWARD = {"left": -1.0, "right": 1.0}


Curve = float | Callable[[Array], Array]


def at(curve: Curve, phase: Array) -> Array:
    """A constant, or a function of the phase."""
    return curve(phase) if callable(curve) else np.full_like(phase, curve)


@dataclass
class Posed:
    """A body of given segment angles over the phase of each leg's stride (0 at its contact).

    Angles to the vertical: thigh and shank + with the lower end ahead, adduction and shank_in + with it medial. The
    pelvis' rise and drop and the trunk's lean go with the left leg's phase; at phase 0 the ankle is 8 cm up.
    """

    n_strides: int = 6
    thigh_deg: Curve = 20
    shank_deg: Curve = 5
    adduction_deg: Curve = 0
    shank_in_deg: Curve = 0
    hip_rise_m: Curve = 0
    lean_deg: Curve = 8
    heel_out_m: dict[str, Curve] = field(default_factory=lambda: {"left": 0.05, "right": 0.04})
    ankle_out_m: dict[str, Curve] | None = None
    right_hip_lower_deg: Curve = 0
    to_left_deg: Curve = 0
    has_shoulders: bool = True
    foot_pitch_deg: Curve = 0

    @property
    def duration_s(self) -> float:
        return self.n_strides * STRIDE_S

    def first_s(self, side: str) -> float:
        return 0.1 + (RIGHT_LATER_S if side == "right" else 0)

    @property
    def contact_s(self) -> dict[Side, Array]:
        return {side: self.first_s(side) + STRIDE_S * np.arange(self.n_strides) for side in SIDES}

    @property
    def toe_off_s(self) -> dict[Side, Array]:
        return {side: self.contact_s[side] + CONTACT_S[side] for side in SIDES}

    def belt_speed_mps_at(self, time_s: Array) -> Array:
        return np.full_like(time_s, 3.0)

    def joints_at(self, time_s: Array) -> dict[str, Array]:
        joints: dict[str, Array] = {}
        left_phase = (time_s - self.first_s("left")) / STRIDE_S % 1
        lean, none = np.radians(at(self.lean_deg, left_phase)), np.zeros_like(time_s)
        for side in SIDES:
            phase, out = (time_s - self.first_s(side)) / STRIDE_S % 1, OUTWARD[side]
            thigh, shank = self.leg(phase, out)
            standing = ANKLE_M - sum(part[0, 1] for part in self.leg(np.zeros(1), out))
            lower = out * HIPS_APART_M / 2 * np.tan(np.radians(at(self.right_hip_lower_deg, left_phase)))
            rise = standing + at(self.hip_rise_m, left_phase) - lower
            hip = np.column_stack([none, rise, none + out * HIPS_APART_M / 2])
            ankle = hip + thigh + shank
            if self.ankle_out_m is not None:
                ankle[:, 2] = out * at(self.ankle_out_m[side], phase)
            joints |= {f"{side}_hip": hip, f"{side}_knee": hip + thigh, f"{side}_ankle": ankle}
            joints[f"{side}_heel"] = np.column_stack([ankle[:, 0], none, out * at(self.heel_out_m[side], phase)])
            pitch = np.radians(at(self.foot_pitch_deg, phase))
            foot = 0.2 * np.column_stack([np.cos(pitch), np.sin(pitch), none])
            joints[f"{side}_foot_index"] = joints[f"{side}_heel"] + foot
            if self.has_shoulders:
                aside = -np.cos(lean) * np.tan(np.radians(at(self.to_left_deg, left_phase)))
                trunk = 0.5 * np.column_stack([np.sin(lean), np.cos(lean), aside])
                joints[f"{side}_shoulder"] = hip * [1, 1, 0] + [0, 0, out * 0.18] + trunk
        return joints

    def leg(self, phase: Array, out: float) -> tuple[Array, Array]:
        """Thigh and shank (n, 3) from their upper to their lower ends."""
        return (
            hanging(at(self.thigh_deg, phase), at(self.adduction_deg, phase), THIGH_M, out),
            hanging(at(self.shank_deg, phase), at(self.shank_in_deg, phase), SHANK_M, out),
        )


def hanging(forward_deg: Array, medial_deg: Array, length_m: float, out: float) -> Array:
    """A segment (n, 3) seen at these angles from the side and from the rear."""
    ahead, inward = np.tan(np.radians(forward_deg)), np.tan(np.radians(medial_deg))
    span = np.column_stack([ahead, -np.ones_like(ahead), -out * inward])
    return np.asarray(length_m * span / np.linalg.norm(span, axis=1, keepdims=True))


def only(moving: Moving, name: str, side: str = "left") -> Array:
    strides = true_metrics(moving)
    return np.asarray(strides.loc[strides["side"] == side, name], dtype=np.float64)


class TestTimes:
    def test_every_whole_stride_is_there_once(self) -> None:
        strides = true_metrics(Posed(n_strides=6))
        assert list(strides["side"]) == ["left", "right"] * 5, "the sixth contact ends the fifth stride"
        assert strides["time_s"].is_monotonic_increasing
        left = strides[strides["side"] == "left"]
        np.testing.assert_allclose(left["time_s"], 0.1 + 0.7 * np.arange(5))
        np.testing.assert_allclose(left["toe_off_s"], 0.35 + 0.7 * np.arange(5))
        np.testing.assert_allclose(left["end_s"], 0.8 + 0.7 * np.arange(5))

    def test_times_of_a_lame_runner(self) -> None:
        """Strides of 0.70 s; the right foot lands 0.36 s after the left one; contacts 0.25 and 0.24 s."""
        truth = clip_truth(Posed())
        assert truth["cadence_spm", "both"] == pytest.approx(120 / 0.70, rel=1e-3)  # ends with a left and a right step
        assert truth["stride_time_s", "both"] == pytest.approx(0.70)
        for name, left, right in (
            ("step_time_s", 0.36, 0.34),
            ("contact_time_s", 0.25, 0.24),
            ("flight_time_s", 0.11, 0.10),
            ("duty_factor", 0.25 / 0.70, 0.24 / 0.70),
        ):
            assert truth[name, "left"] == pytest.approx(left), name
            assert truth[name, "right"] == pytest.approx(right), name

    def test_cadence_of_a_clip_is_the_slope_and_not_the_ends(self) -> None:
        posed = Posed(n_strides=40)
        late = {side: posed.contact_s[side] + (0.03 if side == "right" else 0) for side in SIDES}
        assert clip_truth(Shifted(posed, late))["cadence_spm", "both"] == pytest.approx(120 / 0.70, abs=0.02)

    def test_only_strides_within_the_clip_count(self) -> None:
        """Left contacts at 0.1, 0.8, 1.5, 2.2, 2.9, right ones 0.36 s later."""
        strides = true_metrics(Posed(), start_s=0.5, end_s=2.3)
        assert list(strides["side"]) == ["left", "right", "left"]
        np.testing.assert_allclose(strides["time_s"], [0.8, 1.16, 1.5])

    def test_a_stride_without_its_toe_off_or_other_contact(self) -> None:
        """A lost toe-off loses the stride; a lost contact of the other foot its step time."""
        posed = Posed()
        gap = Shifted(posed, {"left": posed.contact_s["left"], "right": np.delete(posed.contact_s["right"], 2)})
        gap.toe_off_s = {"left": np.delete(posed.toe_off_s["left"], 1), "right": posed.toe_off_s["right"]}
        left = true_metrics(gap).query("side == 'left'")
        np.testing.assert_allclose(left["time_s"], [0.1, 1.5, 2.2, 2.9])
        assert np.isnan(left["step_time_s"].iloc[1])
        assert np.isnan(left["flight_time_s"].iloc[1])
        assert left["contact_time_s"].iloc[1] == pytest.approx(0.25)

    def test_no_strides_no_truth(self) -> None:
        assert true_metrics(Posed(), start_s=0.0, end_s=0.3).empty
        assert clip_truth(Posed(), start_s=0.0, end_s=0.3) == {}

    def test_a_runner_of_half_a_stride(self) -> None:
        """Nothing can be said, and no warning comes from means of nothing."""
        posed = Posed(n_strides=1)
        assert true_metrics(posed).empty
        assert clip_truth(posed).keys() <= {("cadence_spm", "both")}
        assert np.isnan(leg_length_m(posed, "left"))


@dataclass
class Shifted:
    """A runner whose contacts are said to be at other times."""

    posed: Posed
    contact_s: dict[Side, Array]

    def __post_init__(self) -> None:
        self.toe_off_s = self.posed.toe_off_s
        self.duration_s = self.posed.duration_s

    def joints_at(self, time_s: Array) -> dict[str, Array]:
        return self.posed.joints_at(time_s)

    def belt_speed_mps_at(self, time_s: Array) -> Array:
        return self.posed.belt_speed_mps_at(time_s)


class TestPostures:
    @settings(max_examples=20, deadline=None)
    @given(thigh=st.floats(-10, 40), shank=st.floats(-30, 20))
    def test_angles_and_overstride_at_contact(self, thigh: float, shank: float) -> None:
        posed = Posed(n_strides=3, thigh_deg=thigh, shank_deg=shank)
        truth = clip_truth(posed)
        ahead = THIGH_M * np.sin(np.radians(thigh)) + SHANK_M * np.sin(np.radians(shank))
        for side in SIDES:
            assert truth["shank_angle_at_contact_deg", side] == pytest.approx(shank)
            assert truth["knee_flexion_at_contact_deg", side] == pytest.approx(thigh - shank)
            assert truth["peak_stance_knee_flexion_deg", side] == pytest.approx(thigh - shank)
            assert truth["ankle_to_hip_at_contact_leg_lengths", side] == pytest.approx(ahead / LEG_M)

    def test_leg_length_is_hip_to_floor_standing(self) -> None:
        for side in SIDES:
            assert leg_length_m(Posed(), side) == pytest.approx(LEG_M)

    def test_the_peak_lies_between_contact_and_toe_off(self) -> None:
        """Flexion 15 and half a wave of 30 over the left stance (0.357 of the stride); 100 in swing don't count."""

        def thigh(phase: Array) -> Array:
            return np.where(phase < 0.357, 20 + 30 * np.sin(np.pi * phase / 0.357), 105)

        peak = only(Posed(thigh_deg=thigh), "peak_stance_knee_flexion_deg")
        np.testing.assert_allclose(peak, 45, atol=0.01)

    def test_the_foot_strikes_by_its_pitch_less_that_of_the_flat_foot(self) -> None:
        """14 degrees at contact, 2 from a tenth of the stride on."""
        posed = Posed(foot_pitch_deg=lambda phase: np.where(phase < 0.9, np.maximum(14 - 120 * phase, 2.0), 14.0))
        np.testing.assert_allclose(only(posed, "foot_strike_angle_deg"), 12, atol=1e-6)

    def test_the_shank_is_read_20_ms_after_contact_too(self) -> None:
        """70 degrees a stride: 100 degrees a second."""
        posed = Posed(shank_deg=lambda phase: 10 - 70 * phase)
        np.testing.assert_allclose(only(posed, "shank_angle_at_loading_deg"), 8)

    def test_dorsiflexion_is_the_shanks_turn_over_a_flat_sole(self) -> None:
        """The shank leans forward by 15 degrees at toe-off, the foot by 2 all the time: what counts is 15."""
        posed = Posed(shank_deg=lambda phase: np.where(phase < 0.9, 10 - 70 * phase, 10.0), foot_pitch_deg=2)
        np.testing.assert_allclose(only(posed, "ankle_dorsiflexion_deg"), 15)

    def test_the_thigh_is_behind_the_vertical_and_behind_the_trunk_at_toe_off(self) -> None:
        """From 20 degrees ahead at contact to 15 behind at 0.357 of the stride; the trunk leans by 8."""
        posed = Posed(thigh_deg=lambda phase: 20 - 98 * phase)
        np.testing.assert_allclose(only(posed, "thigh_extension_at_toe_off_deg"), 15)
        np.testing.assert_allclose(only(posed, "hip_extension_at_toe_off_deg"), 7)

    def test_the_knee_bends_from_contact_to_its_peak_and_more_in_swing(self) -> None:
        def thigh(phase: Array) -> Array:
            stance = 20 + 30 * np.sin(np.pi * phase / 0.357)
            return np.where(phase < 0.357, stance, 20 + 60 * np.sin(np.pi * (phase - 0.357) / 0.643))

        posed = Posed(thigh_deg=thigh)
        np.testing.assert_allclose(only(posed, "knee_flexion_excursion_deg"), 30, atol=0.01)
        np.testing.assert_allclose(only(posed, "swing_knee_flexion_deg"), 75, atol=0.01)

    def test_the_body_goes_up_and_down_in_each_step(self) -> None:
        """8 cm twice a stride; the belt goes 1.08 m in the left step of 0.36 s, 1.02 m in the right."""
        posed = Posed(hip_rise_m=lambda phase: 0.04 * np.cos(4 * np.pi * phase))
        for side, step_m in (("left", 1.08), ("right", 1.02)):
            np.testing.assert_allclose(only(posed, "step_length_m", side), step_m)
            np.testing.assert_allclose(only(posed, "vertical_oscillation_cm", side), 8, atol=0.05)
            np.testing.assert_allclose(only(posed, "vertical_ratio_pct", side), 8 / step_m, atol=0.05)

    def test_the_leg_is_as_stiff_as_the_program_makes_it_of_the_same_times(self) -> None:
        expected = spring_kn_per_m(
            np.array([0.25]), np.array([0.11]), np.array([3.0]), np.array([LEG_M]), mass_kg=MASS_KG
        )
        np.testing.assert_allclose(only(Posed(), "leg_stiffness_kn_per_m"), expected[0])

    def test_heel_and_knee_at_contact(self) -> None:
        """The heel is under the ankle here."""
        posed = Posed(thigh_deg=20, shank_deg=5)
        below = SHANK_M * np.sin(np.radians(5)) / LEG_M
        ahead = THIGH_M * np.sin(np.radians(20)) / LEG_M + below
        np.testing.assert_allclose(only(posed, "ankle_to_knee_at_contact_leg_lengths"), below)
        np.testing.assert_allclose(only(posed, "heel_to_hip_at_contact_leg_lengths"), ahead)

    def test_a_mean_curve_goes_from_contact_to_contact(self) -> None:
        posed = Posed(thigh_deg=lambda phase: 40 * np.cos(2 * np.pi * phase), shank_deg=-10)
        percent = np.linspace(0, 1, 101)
        curve = true_curve(posed, "right", "knee_flexion_deg", start_s=0.0, end_s=posed.duration_s)
        np.testing.assert_allclose(curve, 10 + 40 * np.cos(2 * np.pi * percent), atol=1e-6)

    @settings(max_examples=20, deadline=None)
    @given(adduction=st.floats(-5, 20), shank_in=st.floats(-15, 15))
    def test_from_the_rear_medial_is_positive_on_both_legs(self, adduction: float, shank_in: float) -> None:
        """The thigh leans in by `adduction`, the shank by `shank_in`: the knee is off the line by their difference."""
        posed = Posed(n_strides=3, adduction_deg=adduction, shank_in_deg=shank_in)
        truth = clip_truth(posed)
        for side in SIDES:
            assert truth["femoral_adduction_deg", side] == pytest.approx(adduction)
            assert truth["frontal_plane_projection_deg", side] == pytest.approx(adduction - shank_in)

    def test_frontal_angles_are_read_where_the_pelvis_is_lowest(self) -> None:
        """Lowest at 0.2 of the left stride, where adduction, 40 degrees per stride, is 8; the stance is read in 100
        steps of 0.0036 of a stride: 0.07 degrees."""
        posed = Posed(
            adduction_deg=lambda phase: 40 * phase, hip_rise_m=lambda phase: 0.05 * np.cos(2 * np.pi * (phase - 0.7))
        )
        np.testing.assert_allclose(only(posed, "femoral_adduction_deg"), 8, atol=0.1)

    @settings(max_examples=20, deadline=None)
    @given(lower=st.floats(-8, 12), adduction=st.floats(-5, 20), to_left=st.floats(-9, 9))
    def test_pelvis_and_trunk_lean_to_one_side_of_each_leg(
        self, lower: float, adduction: float, to_left: float
    ) -> None:
        """A right hip that is lower is a drop while the left leg stands, and the opposite while the right one does."""
        truth = clip_truth(
            Posed(n_strides=3, right_hip_lower_deg=lower, adduction_deg=adduction, to_left_deg=to_left, lean_deg=0)
        )
        for side, sign in (("left", 1), ("right", -1)):
            for moment in ("", "peak_"):
                assert truth[f"{moment}contralateral_pelvic_drop_deg", side] == pytest.approx(sign * lower)
                assert truth[f"{moment}hip_adduction_deg", side] == pytest.approx(adduction + sign * lower)
                assert truth[f"{moment}lateral_trunk_lean_deg", side] == pytest.approx(sign * to_left)

    def test_peaks_are_looked_for_while_the_leg_is_loaded(self) -> None:
        """Adduction grows by 40 degrees a stride: its largest is at 0.8 of stance, not at toe-off; one that falls is
        largest at 0.1 of it. Stances last 0.357 of the stride."""
        grows = Posed(adduction_deg=lambda phase: 40 * phase)
        falls = Posed(adduction_deg=lambda phase: 20 - 40 * phase)
        stance = CONTACT_S["left"] / STRIDE_S
        np.testing.assert_allclose(only(grows, "peak_femoral_adduction_deg"), 40 * 0.8 * stance, atol=1e-6)
        np.testing.assert_allclose(only(falls, "peak_femoral_adduction_deg"), 20 - 40 * 0.1 * stance, atol=1e-6)

    def test_knees_off_the_line_and_apart(self) -> None:
        """Thighs straight down, shanks inward: the knees stay as far apart as the hips, outward of the line to the
        ankles by what the shank's slant makes of thigh and shank."""
        posed = Posed(thigh_deg=0, shank_deg=0, shank_in_deg=10)
        line = np.arctan2(SHANK_M * np.sin(np.radians(10)), THIGH_M + SHANK_M * np.cos(np.radians(10)))
        off_m = -THIGH_M * np.sin(line)
        truth = clip_truth(posed)
        for side in SIDES:
            assert truth["knee_separation_hip_widths", side] == pytest.approx(1.0)
            leg_m = leg_length_m(posed, side)
            assert truth["medial_knee_displacement_leg_lengths", side] == pytest.approx(off_m / leg_m, rel=1e-6)

    def test_trunk_lean_is_the_mean_over_stance(self) -> None:
        """8 degrees and a wave of 6: its mean over part of a cycle is the sine's difference over the part's length."""
        posed = Posed(lean_deg=lambda phase: 8 + 6 * np.cos(2 * np.pi * phase))
        means = {}
        for side in SIDES:
            begin = 2 * np.pi * (RIGHT_LATER_S / STRIDE_S if side == "right" else 0)
            end = begin + 2 * np.pi * CONTACT_S[side] / STRIDE_S
            means[side] = 8 + 6 * (np.sin(end) - np.sin(begin)) / (end - begin)
            np.testing.assert_allclose(only(posed, "trunk_lean_deg", side), means[side], atol=0.05)
        both = clip_truth(posed)["trunk_lean_deg", "both"]
        assert both == pytest.approx((means["left"] + means["right"]) / 2, abs=0.05)

    def test_without_shoulders_there_is_no_lean(self) -> None:
        assert ("trunk_lean_deg", "both") not in clip_truth(Posed(has_shoulders=False))

    @pytest.mark.parametrize(("left", "right", "width_cm"), [(0.05, 0.04, 9.0), (-0.02, 0.01, -1.0)])
    def test_step_width_is_negative_where_the_feet_cross(self, left: float, right: float, width_cm: float) -> None:
        posed = Posed(ankle_out_m={"left": left, "right": right})
        np.testing.assert_allclose(only(posed, "step_width_cm"), width_cm)
        np.testing.assert_allclose(only(posed, "step_width_cm", "right"), width_cm)

    def test_step_width_is_read_at_midstance(self) -> None:
        """At 0.4 of each stance, 0.143 and 0.137 of the stride: ankles that go out by 10 cm a stride are
        1.43 and 1.37 cm farther out than at contact."""
        posed = Posed(ankle_out_m=dict.fromkeys(SIDES, lambda phase: 0.04 + 0.1 * phase))
        np.testing.assert_allclose(only(posed, "step_width_cm"), 8 + 1.43 + 1.37, atol=0.01)


class TestNames:
    def test_every_metric_of_the_program_has_its_truth(self) -> None:
        """Who adds a metric writes its truth too."""
        assert set(in_order()) == set(OF_BOTH_LEGS) | set(PER_SIDE) | set(OF_A_CLIP)
        assert {name for name, metric in in_order().items() if metric.info.per_side} == set(PER_SIDE)

    def test_the_table_has_all_of_them(self) -> None:
        columns = list(true_metrics(Posed()).columns)
        assert columns[:4] == ["side", "time_s", "toe_off_s", "end_s"]
        assert sorted(columns[4:]) == sorted(OF_BOTH_LEGS + PER_SIDE)


class TestSimulated:
    """The simulated runner does what was chosen, by this other way of measuring."""

    @pytest.mark.parametrize(
        "runner",
        [
            Runner(),
            Runner(speed_mps=4.0, cadence_spm=178, duty_factor=0.33, overstride_leg_lengths=0.27, height_m=1.62),
            Runner(foot_strike_deg=-6, valgus_left_deg=9, valgus_right_deg=-4, step_width_m=0.02, trunk_lean_deg=3),
        ],
    )
    def test_chosen_parameters_come_back(self, runner: Runner) -> None:
        """Overstride within 0.015: leg length here is the bent leg's, some 1 % shorter. Frontal angles are chosen for
        the middle of stance, where the pelvis is nearly lowest."""
        truth = clip_truth(simulate_run(runner, 12.0, variation=Variation.none()))
        assert truth["cadence_spm", "both"] == pytest.approx(runner.cadence_spm, abs=0.01)
        # Chosen for the heels, which feet that point outward have nearer to each other than the ankles.
        turned_cm = 200 * 0.038 * runner.height_m * np.sin(np.radians(runner.toe_out_deg))
        assert truth["step_width_cm", "both"] == pytest.approx(100 * runner.step_width_m + turned_cm, abs=1.0)
        for side in SIDES:
            assert truth["duty_factor", side] == pytest.approx(runner.duty_factor, abs=1e-3)
            overstride = truth["ankle_to_hip_at_contact_leg_lengths", side]
            assert overstride == pytest.approx(runner.overstride_leg_lengths, abs=0.015)
            flexion = truth["knee_flexion_at_contact_deg", side]
            assert flexion == pytest.approx(runner.knee_flexion_at_contact_deg, abs=1.5)
            valgus = getattr(runner, f"valgus_{side}_deg")
            assert truth["frontal_plane_projection_deg", side] == pytest.approx(valgus, abs=1.5)
            drop = getattr(runner, f"pelvic_drop_{side}_deg")
            assert truth["contralateral_pelvic_drop_deg", side] == pytest.approx(drop, abs=0.5)

    def test_variation_shows_in_the_strides_only(self) -> None:
        steady, varied = (
            true_metrics(simulate_run(Runner(), 20.0, variation=variation)) for variation in (Variation.none(), None)
        )
        assert steady["stride_time_s"].std() < 1e-6
        assert 0.002 < varied["stride_time_s"].std() < 0.03


def test_a_posed_body_moves() -> None:
    """What these tests use is what the metrics take."""
    body: Moving = Posed()
    assert replace(Posed(), n_strides=3).duration_s == pytest.approx(2.1)
    assert body.joints_at(np.array([0.0, 0.1]))["left_hip"].shape == (2, 3)
