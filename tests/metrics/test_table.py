"""Intervals, grades and reasons."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import gait
from gait.findings import load_evidence
from gait.metrics import REGISTRY, MetricRules, with_effect_of_repair
from gait.model import Analysis, LegQuality, MetricSummary, MetricTable, PoseAccuracy, Track


def get(table: MetricTable, name: str, side: Any = "both") -> MetricSummary:
    summary = table.get(name, side)
    assert summary is not None
    return summary


def half(summary: MetricSummary) -> float:
    assert summary.ci95 is not None
    return (summary.ci95[1] - summary.ci95[0]) / 2


TURNING_AT_CONTACT = {
    "knee_flexion_at_contact_deg", "knee_flexion_excursion_deg", "shank_angle_at_loading_deg", "foot_strike_angle_deg",
}  # fmt: skip


@pytest.fixture(scope="module")
def side_rooms(rooms_of: Callable[..., Any]) -> Any:
    return rooms_of("right", noise_px=1.0)


@pytest.fixture(scope="module")
def rear_rooms(rooms_of: Callable[..., Any]) -> Any:
    return rooms_of("rear", noise_px=1.0)


class TestInterval:
    def test_the_estimate_is_in_its_middle(self, side_rooms: Any) -> None:
        for summary in side_rooms.measure().summary:
            if summary.estimate is not None:
                assert summary.ci95 is not None
                assert np.mean(summary.ci95) == pytest.approx(summary.estimate)
                assert half(summary) > 0

    @pytest.mark.parametrize(
        ("name", "side", "view"),
        [
            ("shank_angle_at_contact_deg", "right", "side"),
            ("trunk_lean_deg", "both", "side"),
            ("ankle_to_hip_at_contact_leg_lengths", "right", "side"),
            ("femoral_adduction_deg", "left", "rear"),
            ("frontal_plane_projection_deg", "left", "rear"),
            ("knee_flexion_at_contact_deg", "right", "side"),
            ("cadence_spm", "both", "side"),
        ],
    )
    def test_camera_roll_adds_what_the_metric_says(
        self, side_rooms: Any, rear_rooms: Any, name: str, side: Any, view: str
    ) -> None:
        """Independent errors add in squares; a turned camera turns no angle between three points of the body."""
        rooms = side_rooms if view == "side" else rear_rooms
        level, rolled = (get(rooms.measure(roll_error_deg=roll), name, side) for roll in (0.0, 4.0))
        assert half(rolled) ** 2 - half(level) ** 2 == pytest.approx((4 * REGISTRY[name].per_roll_deg) ** 2, abs=1e-9)
        assert rolled.estimate == level.estimate

    def test_what_the_metrics_say_of_roll_is_what_a_rolled_camera_does(self, rooms_of: Callable[..., Any]) -> None:
        """The same runner filmed by a camera rolled by 3 degrees, 0.2 px of noise: every metric moves by 3 times its
        `per_roll_deg`. Such a roll also moves the contact by up to 3 ms, in which this runner's knee bends by 2
        degrees and the foot turns by as much."""
        for view in ("right", "rear"):
            level, rolled = (rooms_of(view, roll_deg=roll, noise_px=0.2).measure() for roll in (0.0, 3.0))
            for summary in level.summary:
                twin = get(rolled, summary.name, summary.side)
                if summary.estimate is not None and level.info[summary.name].group != "temporal":
                    assert twin.estimate is not None
                    moved = abs(twin.estimate - summary.estimate)
                    expected = 3 * REGISTRY[summary.name].per_roll_deg
                    unit = level.info[summary.name].unit
                    allowed = {
                        "deg": 0.6,
                        "leg lengths": 0.015,
                        "hip widths": 0.08,
                        "cm": 1.0,
                        "m": 0.01,
                        "%": 0.2,
                        "kN/m": 1.0,
                    }[unit]
                    if summary.name in TURNING_AT_CONTACT:
                        allowed = 2.5
                    assert moved == pytest.approx(expected, abs=allowed), summary

    def test_yaw_foreshortens_lengths_over_leg_lengths(self, side_rooms: Any) -> None:
        """1 - cos 20 degrees = 6 % of the value, from the side, beside what is seen of the other plane."""
        name = "ankle_to_hip_at_contact_leg_lengths"
        known = {"yaw_error_deg": 0.0}
        square, turned = (get(side_rooms.measure(yaw_deg=yaw, **known), name, "right") for yaw in (0.0, -20.0))
        leg = side_rooms.calibration.leg_length_px
        share = np.hypot(leg.error / leg.value, 1 - np.cos(np.radians(20)))
        aside = REGISTRY[name].out_of_plane * np.sin(np.radians(20))
        grown = half(turned) ** 2 - half(square) ** 2 - aside**2
        assert square.estimate is not None
        assert grown == pytest.approx(square.estimate**2 * (share**2 - (leg.error / leg.value) ** 2), rel=1e-6)

    @pytest.mark.parametrize(("yaw_deg", "error_deg"), [(8.0, 0.0), (-8.0, 0.0), (0.0, 8.0), (4.8, 6.4)])
    def test_a_camera_aside_sees_a_part_of_the_other_plane(
        self, rooms_of: Callable[..., Any], yaw_deg: float, error_deg: float
    ) -> None:
        """sin 8 degrees of how runners' knees differ, wherever the camera is; and of a knee bent as usual, as far as
        nobody knows where it is. Where it is known, that is taken off: inward for the one leg, outward for the other.
        """
        name, rooms = "frontal_plane_projection_deg", rooms_of("rear", noise_px=1.0)
        square = get(rooms.measure(yaw_deg=0.0, yaw_error_deg=0.0), name, "left")
        aside = get(rooms.measure(yaw_deg=yaw_deg, yaw_error_deg=error_deg), name, "left")
        differs, bent = (np.sin(np.radians(yaw)) * by for yaw, by in ((8.0, 9.6), (error_deg, 40.0)))
        assert half(aside) ** 2 - half(square) ** 2 == pytest.approx(differs**2 + bent**2, rel=1e-6)
        taken_off = 40 * np.sin(np.radians(yaw_deg))
        assert aside.estimate == pytest.approx(square.estimate - taken_off)
        right = [get(rooms.measure(yaw_deg=yaw), name, "right").estimate for yaw in (0.0, yaw_deg)]
        assert right[1] == pytest.approx(right[0] + taken_off)

    def test_the_far_leg_is_placed_twice_as_badly(self, side_rooms: Any) -> None:
        near, far = (get(side_rooms.measure(), "shank_angle_at_contact_deg", side) for side in ("right", "left"))
        placement = 0.03 * REGISTRY[near.name].per_leg_length
        assert half(far) ** 2 - half(near) ** 2 == pytest.approx(3 * placement**2, rel=0.1)

    def test_a_known_error_of_the_pose_model_counts_where_it_is_larger(self, side_rooms: Any) -> None:
        name = "shank_angle_at_contact_deg"
        plain = get(side_rooms.measure(), name, "right")
        worse, better = (
            get(side_rooms.measure(pose_error={name: PoseAccuracy(width, "a comparison")}), name, "right")
            for width in (20.0, 0.1)
        )
        assert half(better) == pytest.approx(half(plain))
        assert 20 <= half(worse) < 21

    @pytest.mark.parametrize(("grade", "times"), [("A", 1.0), ("B", 1.0), ("C", 1.5), ("D", 2.0)])
    def test_the_pose_models_error_is_larger_in_legs_that_are_badly_seen(
        self, side_rooms: Any, grade: Any, times: float
    ) -> None:
        name = "shank_angle_at_contact_deg"
        legs = {"right": LegQuality(grade), "left": LegQuality("A")}
        table = side_rooms.measure(pose_error={name: PoseAccuracy(20.0, "a comparison")}, legs=legs)
        assert half(get(table, name, "right")) == pytest.approx(20 * times, rel=0.02)

    def test_smallest_change_between_two_clips(self, side_rooms: Any) -> None:
        """No less than what means of strides with long memory wander: by their SD times n to the power of -0.1."""
        table = side_rooms.measure()
        name = "trunk_lean_deg"
        rows = table.values[(table.values["rejected"] == "") & table.values[name].notna()]
        n, sd = len(rows), float(rows[name].std(ddof=1))
        wanders = np.sqrt(2) * 1.96 * sd * n**-0.1
        change = get(table, name).detectable_change
        assert change is not None
        assert wanders < change < 1.5 * wanders

    @pytest.mark.parametrize("name", ["cadence_spm", "stride_time_s"])
    def test_shrinks_with_more_strides(self, metrics_of: Callable[..., MetricTable], name: str) -> None:
        """Four times as many uneven strides: about half, here at most three quarters."""
        short, long = (metrics_of("right", noise_px=1.0, stride_cv=0.02, duration_s=d) for d in (10.0, 40.0))
        assert get(long, name).n > 3.5 * get(short, name).n
        assert half(get(long, name)) < 0.75 * half(get(short, name))

    def test_cadence_interval_holds_what_was_run(
        self, synthetic_runner: Any, metrics_of: Callable[..., MetricTable]
    ) -> None:
        """The mean rate between the first and last contact that were run; 8 runners with uneven strides, 7 at least
        (0.95^8 = 66 % for all, 94 % for seven)."""
        held = 0
        for seed in range(8):
            settings = {"stride_cv": 0.02, "seed": seed, "duration_s": 5.0, "cadence_spm": 155.0 + 3 * seed}
            contacts = synthetic_runner(**settings).event_s("right", "initial_contact")
            truth = 120 / float(np.diff(contacts).mean())
            summary = get(metrics_of("right", noise_px=1.0, **settings), "cadence_spm")
            assert summary.ci95 is not None
            held += summary.ci95[0] <= truth <= summary.ci95[1]
        assert held >= 7


class TestWithheld:
    @pytest.mark.parametrize(("view", "group"), [("right", "frontal"), ("rear", "overstride"), ("rear", "sagittal")])
    def test_the_wrong_view(self, rooms_of: Callable[..., Any], view: str, group: str) -> None:
        table = rooms_of(view, noise_px=1.0).measure()
        for summary in table.summary:
            if table.info[summary.name].group == group and table.info[summary.name].view != "any":
                assert summary.estimate is None
                assert f"this clip is seen from the {view}" in summary.withheld

    def test_hidden_feet_withhold_what_needs_feet_with_that_reason(self, synthetic_runner: Any) -> None:
        track = synthetic_runner().film("right", noise_px=1.0)
        confidence = np.array(track.confidence)
        feet = [track.skeleton.index(f"right_{joint}") for joint in ("ankle", "heel", "foot_index")]
        confidence[:, feet] = 0.3
        analysis = gait.analyze_track(replace(track, confidence=confidence), gait.Config())
        shown = set()
        for summary in analysis.metrics.summary:
            if REGISTRY[summary.name].needs_feet:
                assert summary.estimate is None
                assert summary.withheld == analysis.scene.feet_hidden
                assert "the pose model gives the right foot a visibility of 0.30" in summary.withheld
            elif summary.estimate is not None:
                shown.add(summary.name)
        assert {"cadence_spm", "stride_time_s", "trunk_lean_deg"} <= shown
        assert any(finding.kind == "limit" and "feet" in finding.text for finding in analysis.findings)

    @pytest.mark.parametrize("view", ["left", "rear"])
    def test_three_strides_are_too_few(self, synthetic_analysis: Callable[..., Analysis], view: str) -> None:
        """3 s hold four contacts of a foot: three strides."""
        analysis = synthetic_analysis(view, noise_px=1.0, duration_s=3.0)
        assert 2 <= (analysis.strides["side"] == "left").sum() <= 3
        reasons = [
            s.withheld
            for s in analysis.metrics.summary
            if not any(word in s.withheld for word in ("view", "scale", "known"))
        ]
        assert all(s.estimate is None for s in analysis.metrics.summary)
        assert reasons
        assert all(
            re.fullmatch(r"[23] good strides are too few \(at least 5\); .*film .*", reason) for reason in reasons
        )

    def test_the_least_number_of_strides_is_a_setting(self, side_rooms: Any) -> None:
        table = side_rooms.measure(rules=MetricRules(min_strides=100))
        assert all(s.estimate is None for s in table.summary)
        assert "are too few (at least 100)" in get(table, "cadence_spm").withheld
        assert get(table, "cadence_spm").n > 10

    def test_an_interval_wider_than_useful(self, side_rooms: Any) -> None:
        name = "trunk_lean_deg"
        width = half(get(side_rooms.measure(), name))
        wide = dict.fromkeys(REGISTRY, np.inf) | {name: 0.9 * width}
        summary = get(side_rooms.measure(largest_useful=wide), name)
        assert summary.estimate is None
        assert summary.ci95 is None
        assert summary.too_wide == pytest.approx(width)
        assert f"+- {width:.1f} deg" in summary.withheld
        assert f"a useful +- {0.9 * width:.1f}" in summary.withheld

    @pytest.mark.parametrize(("view", "where"), [("rear", "straight behind"), ("front", "straight before")])
    def test_a_camera_aside_is_told_where_to_stand(self, rooms_of: Callable[..., Any], view: str, where: str) -> None:
        name = "frontal_plane_projection_deg"
        rooms = rooms_of(view, noise_px=1.0)
        unsure = rooms.measure(yaw_deg=0.0, yaw_error_deg=20.0, largest_useful=dict.fromkeys(REGISTRY, 12.0))
        assert "may stand 20 degrees aside" in get(unsure, name, "left").withheld
        far = rooms.measure(yaw_deg=-20.0, yaw_error_deg=0.0)
        assert "the camera stands 20 degrees aside" in get(far, name, "left").withheld
        for aside in (unsure, far):
            assert f"film from {where} the runner" in get(aside, name, "left").withheld
        square = rooms.measure(yaw_deg=0.0, yaw_error_deg=0.0, largest_useful=dict.fromkeys(REGISTRY, 1e-6))
        assert "aside" not in get(square, name, "left").withheld

    def test_what_is_too_wide_says_what_would_help(self, rooms_of: Callable[..., Any], side_rooms: Any) -> None:
        nothing = dict.fromkeys(REGISTRY, 1e-6)
        rear = rooms_of("rear", noise_px=1.0).measure(largest_useful=nothing)
        assert "film from the side" in get(rear, "contact_time_s", "left").withheld
        assert "film from" not in get(rear, "femoral_adduction_deg", "left").withheld
        side = side_rooms.measure(largest_useful=nothing)
        far = "left" if side_rooms.scene.near_side == "right" else "right"
        assert f"film from the {far}" in get(side, "shank_angle_at_contact_deg", far).withheld
        near = get(side, "shank_angle_at_contact_deg", side_rooms.scene.near_side)
        assert "film from" not in near.withheld

    def test_an_unknown_scale_and_unknown_time(self, rooms_from: Callable[..., Any], synthetic_runner: Any) -> None:
        rooms = rooms_from(synthetic_runner(duration_s=8).film("rear", noise_px=1.0), height_m=None)
        table = rooms.measure(no_times="slow motion, perhaps")
        assert "say how tall the runner is" in get(table, "step_width_cm").withheld
        assert get(table, "cadence_spm").withheld == "slow motion, perhaps"
        assert get(table, "duty_factor", "left").estimate is not None
        assert get(table, "femoral_adduction_deg", "left").estimate is not None

    def test_what_needs_real_seconds_is_withheld_without_them(self, side_rooms: Any) -> None:
        """Step length is the belt's speed times seconds, stiffness needs them too, and the load comes after some."""
        named = {
            "step_length_m",
            "shank_angle_at_loading_deg",
            "leg_stiffness_kn_per_m",
            "cadence_spm",
            "contact_time_s",
        }
        table = side_rooms.measure(no_times="slow motion, perhaps")
        known = side_rooms.measure()
        for name in named:
            for summary in (one for one in table.summary if one.name == name):
                assert get(known, name, summary.side).estimate is not None
                assert summary.withheld == "slow motion, perhaps"
        shown = {one.name for one in table.summary if one.estimate is not None}
        assert {"duty_factor", "trunk_lean_deg", "shank_angle_at_contact_deg"} <= shown
        assert not shown & named

    def test_step_length_needs_feet_that_are_seen(self, side_rooms: Any) -> None:
        table = side_rooms.measure(feet_hidden="the feet are hidden")
        assert get(table, "step_length_m", "right").withheld == "the feet are hidden"

    def test_what_is_not_running_shows_nothing(self, side_rooms: Any) -> None:
        table = side_rooms.measure(no_strides="this is not running")
        assert all((s.estimate, s.ci95, s.n, s.grade) == (None, None, 0, None) for s in table.summary)
        assert bool(table.values[list(REGISTRY)].isna().to_numpy().all())

    def test_rejected_strides_are_not_used(self, side_rooms: Any) -> None:
        strides = side_rooms.strides.copy()
        strides.loc[strides["stride"].isin([2, 3]), "rejected"] = "by hand"
        before, after = side_rooms.measure(), side_rooms._replace(strides=strides).measure()
        assert get(after, "trunk_lean_deg").n == get(before, "trunk_lean_deg").n - 2
        rejected = after.values["rejected"] != ""
        assert rejected.sum() == 4
        assert after.values.loc[rejected, "trunk_lean_deg"].isna().all()


class TestGrade:
    @pytest.mark.parametrize(("share", "grade"), [(0.2, "A"), (0.4, "B"), (0.7, "C"), (0.9, "D")])
    def test_is_the_intervals_share_of_the_useful_one(self, side_rooms: Any, share: float, grade: str) -> None:
        width = half(get(side_rooms.measure(), "trunk_lean_deg"))
        useful = dict.fromkeys(REGISTRY, np.inf) | {"trunk_lean_deg": width / share}
        assert get(side_rooms.measure(largest_useful=useful), "trunk_lean_deg").grade == grade

    def test_is_no_better_than_the_leg_is_seen(self, side_rooms: Any) -> None:
        legs = {"right": LegQuality("B"), "left": LegQuality("C")}
        table = side_rooms.measure(legs=legs)
        assert get(table, "duty_factor", "right").grade == "B"
        assert get(table, "duty_factor", "left").grade == "C"
        assert get(table, "cadence_spm").grade == "B", "what both legs share is graded by the near one"
        assert get(table, "step_time_asymmetry_pct").grade == "C", "what compares the legs by both"

    def test_what_compares_the_legs_needs_both(self, side_rooms: Any) -> None:
        """A far leg timed by the near one has no times of its own: asymmetry would be nought by construction, and its
        strides vary as the near one's but for what single contacts tell."""
        guessed = replace(side_rooms.stances["left"], withheld="the left leg is hidden")
        table = side_rooms._replace(stances={**side_rooms.stances, "left": guessed}).measure()
        for name in ("step_time_asymmetry_pct", "contact_time_asymmetry_pct"):
            assert get(table, name).withheld == "the left leg is hidden"
        own = side_rooms.strides[side_rooms.strides["side"] == "right"]
        alone = side_rooms._replace(strides=own).measure()
        both, near = (get(of, "stride_time_cv_pct").estimate for of in (table, alone))
        assert both == pytest.approx(near, rel=0.01)  # the mean stride in the denominator is of both legs

    def test_few_strides_cost_a_grade(self, metrics_of: Callable[..., MetricTable]) -> None:
        table = metrics_of("right", noise_px=1.0, duration_s=6.0)
        assert 5 <= get(table, "cadence_spm").n < 10
        assert get(table, "cadence_spm").grade == "B"


def test_real_settings_withhold_only_for_stated_reasons(synthetic_analysis: Callable[..., Analysis]) -> None:
    useful = load_evidence().largest_useful
    for view in ("right", "rear"):
        for summary in synthetic_analysis(view, noise_px=2.0).metrics.summary:
            if summary.estimate is not None:
                assert half(summary) <= useful[summary.name]
            if summary.too_wide is not None:
                assert summary.too_wide > useful[summary.name]


def test_a_track_and_its_copy_give_the_same_table(synthetic_runner: Any, rooms_from: Callable[..., Any]) -> None:
    track: Track = synthetic_runner(duration_s=8).film("right", noise_px=1.0)
    first, second = (rooms_from(replace(track, xy=np.array(track.xy))).measure() for _ in range(2))
    assert first.summary == second.summary
    assert first.values.equals(second.values)


class TestEffectOfRepair:
    def test_it_is_what_is_said_less_what_was_said_before(self, side_rooms: Any) -> None:
        table = side_rooms.measure()
        before = tuple(
            replace(s, estimate=None if s.estimate is None or s.name == "trunk_lean_deg" else s.estimate - 0.25)
            for s in table.summary
        )
        told = with_effect_of_repair(table, replace(table, summary=before))
        assert get(told, "shank_angle_at_contact_deg", "right").by_repair == pytest.approx(0.25)
        assert get(told, "trunk_lean_deg").by_repair is None, "there was none before"
        assert get(told, "step_width_cm").by_repair is None, "there is none"
        assert [replace(summary, by_repair=None) for summary in told.summary] == list(table.summary)


@pytest.mark.parametrize("view", ["rear", "front"])
def test_legs_that_were_found_twice_are_told_and_withheld(rooms_of: Callable[..., Any], view: str) -> None:
    """The right ankle lies 10 px (0.03 leg lengths) beside the left one all the time; else it swings past higher up."""
    rooms = rooms_of(view, noise_px=1.0)
    index = rooms.track.skeleton.index
    xy = np.array(rooms.track.xy)
    xy[:, index("right_ankle")] = xy[:, index("left_ankle")] + [10, 0]
    twice, once = rooms._replace(track=rooms.track.with_xy(xy)).measure(), rooms.measure()
    for name, side in (
        ("frontal_plane_projection_deg", "left"),
        ("femoral_adduction_deg", "right"),
        ("step_width_cm", "both"),
    ):
        assert "both legs were found on the" in get(twice, name, side).withheld
        assert get(once, name, side).withheld == ""


def test_the_shoulders_tell_the_deepest_position_though_the_hips_are_held_still(rooms_of: Callable[..., Any]) -> None:
    """As pose models hold them: hips that don't bounce leave femoral adduction as it was, to half a degree."""
    rooms = rooms_of("rear", noise_px=0.2)
    assert rooms.track.bouncing_point == "mid_shoulder"
    hips = [rooms.track.skeleton.index(f"{side}_hip") for side in ("left", "right")]
    xy = np.array(rooms.track.xy)
    xy[:, hips, 1] = xy[:, hips, 1].mean()
    held, free = rooms._replace(track=rooms.track.with_xy(xy)).measure(), rooms.measure()
    for side in ("left", "right"):
        found = [get(table, "femoral_adduction_deg", side).estimate for table in (held, free)]
        assert found[0] == pytest.approx(found[1], abs=0.5)
