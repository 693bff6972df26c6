"""Which legs are believed, on simulated runners whose far leg is good or made up."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from gait.cycle import Folding, fold
from gait.model import Cycle, LegQuality, Scene, Side, Track
from gait.scene import LegRules, SceneRules, find_scene, judge_believable, refuse_legs
from gait.scene.leg_cues import OwnCues, PairCues, match_legs, own_cues, pair_cues
from gait.simulate import Runner, simulate_run
from gait.simulate.camera import Camera
from gait.simulate.film import film
from gait.simulate.keypoint_noise import KeypointNoise
from gait.simulate.sampling import Sampling

RULES = LegRules()
HIDDEN = 0.3  # of the frames
NOISES = {
    "exact": KeypointNoise(),
    "copied": KeypointNoise(invented_share=HIDDEN, invented_from="near"),
    "late": KeypointNoise(invented_share=HIDDEN, invented_from="own", invented_lag_s=0.1),
    "opposite, late": KeypointNoise(invented_share=HIDDEN, invented_from="opposite", invented_lag_s=0.1),
    "all late": KeypointNoise(invented_share=1.0, invented_from="own", invented_lag_s=0.1),
}
STRIDE_S = 120 / 166.0


@cache
def clip(noise: str = "exact", distance_m: float = 4.0, **runner: float) -> tuple[Track, Cycle]:
    """Ten seconds from the right at 60 fps, and their folded cycle."""
    camera = Camera(yaw_deg=90.0, distance_m=distance_m, width_px=1920, height_px=1080)
    run = simulate_run(Runner(**{"cadence_spm": 166.0, **runner}), 12.0, seed=1)
    track = film(run, camera, Sampling(fps=60.0), NOISES[noise], start_s=1.0, duration_s=10.0, seed=1).track
    return track, fold(track, Folding())


def seen(track: Track) -> Scene:
    return find_scene(track, SceneRules())


def pair_of(track: Track, cycle: Cycle) -> PairCues:
    return pair_cues(track, cycle, match_legs(track, cycle, "right", seen(track).direction))


def own_of(track: Track, cycle: Cycle, side: Side) -> OwnCues:
    return own_cues(track, cycle, match_legs(track, cycle, "right", seen(track).direction), side)


def judged(track: Track, cycle: Cycle) -> Scene:
    return judge_believable(track, seen(track), cycle, RULES)


@pytest.mark.parametrize("distance_m", [3.0, 6.0])
def test_exact_legs_agree_half_a_stride_apart_from_any_distance(distance_m: float) -> None:
    """The far leg is smaller by the hips' width over the distance, 6 % at 3 m; the rest is how strides vary."""
    track, cycle = clip(distance_m=distance_m)
    cues = pair_of(track, cycle)
    assert abs(cues.late) <= 0.01
    assert cues.off < 0.05
    assert cues.belt_ratio == pytest.approx(1, abs=0.05)
    assert max(cues.bone_change.values()) < 0.05
    assert cues.lying_on == 0
    assert 0.6 < cues.apart < 1.2


@pytest.mark.parametrize("asymmetry", [-0.1, 0.1])
def test_a_longer_step_of_the_near_leg_makes_the_far_one_late(asymmetry: float) -> None:
    """Its steps last 1 +- 0.05 of half a stride, so the far leg comes 0.025 strides off; the grid is 0.0025 fine."""
    assert pair_of(*clip(step_time_asymmetry=asymmetry)).late == pytest.approx(asymmetry / 4, abs=0.01)


def test_standing_feet_keep_to_the_belt() -> None:
    track, cycle = clip()
    for side in ("left", "right"):
        cues = own_of(track, cycle, side)
        assert cues.stance_bend < 0.01  # 1 cm: the foot begins to roll
        assert cues.stance_rise < 0.04
        assert (cues.found, cues.hole) == (1, 0)


def test_a_leg_that_is_copied_from_the_near_one_lies_on_it() -> None:
    cues = pair_of(*clip("copied"))
    assert 0.1 < cues.lying_on <= HIDDEN  # of its hidden frames, those in which the swinging foot is high
    assert cues.off > 0.25  # the height of a swinging foot


def test_a_leg_that_is_late_all_the_time_is_late() -> None:
    cues = pair_of(*clip("all late"))
    assert cues.late == pytest.approx(0.1 / STRIDE_S, abs=0.01)


def test_a_part_of_the_stride_without_the_foot_is_a_hole() -> None:
    """Also across the seam of the phase, whole to a part in 25."""
    track, cycle = clip()
    xy = np.array(track.xy)
    hidden = np.abs((cycle.phase + 0.5) % 1 - 0.5) < 0.1
    xy[hidden, track.skeleton.index("left_heel")] = np.nan
    cues = own_of(track.with_xy(xy), cycle, "left")
    assert cues.hole == pytest.approx(0.2, abs=0.041)
    assert cues.found == pytest.approx(0.8, abs=0.02)
    assert own_of(track.with_xy(xy), cycle, "right").hole == 0
    xy[:, track.skeleton.index("left_heel")] = np.nan
    assert own_of(track.with_xy(xy), cycle, "left").hole == 1


UNLIKE = {"contact_time_asymmetry": 0.15, "overstride_asymmetry_leg_lengths": 0.03, "knee_flexion_asymmetry_deg": 4.0}


@pytest.mark.parametrize("sign", [-1, 1])
def test_lame_runners_are_believed(sign: int) -> None:
    scene = judged(*clip(step_time_asymmetry=0.1 * sign, **{name: sign * value for name, value in UNLIKE.items()}))
    assert [scene.legs[side].grade for side in ("left", "right")] == ["A", "A"]  # as they came


@pytest.mark.parametrize(("noise", "reason"), [
    ("copied", "lies on the right one though it should be elsewhere"),
    ("late", "from where the right one is half a stride later"),
    ("opposite, late", "off an even way with the belt"),
    ("all late", "after the middle between"),
])  # fmt: skip
def test_a_made_up_far_leg_is_refused_for_its_reason_and_the_near_one_is_not(noise: str, reason: str) -> None:
    scene = judged(*clip(noise))
    assert scene.legs["left"].grade == "D"
    assert reason in "; ".join(scene.legs["left"].reasons)
    assert scene.legs["right"] == LegQuality("A")
    assert scene.feet_hidden == ""


def test_a_near_foot_that_leaves_the_belt_hides_the_feet() -> None:
    """It stands still in the picture for a fifth of the stride, most of its stance."""
    track, cycle = clip()
    pair = match_legs(track, cycle, "right", 1)
    middle = (pair.standing["right"][len(pair.standing["right"]) // 2] / len(cycle.grid)) % 1
    still = np.abs((cycle.phase - middle + 0.5) % 1 - 0.5) < 0.1
    xy = np.array(track.xy)
    for joint in ("ankle", "heel", "foot_index"):
        k = track.skeleton.index(f"right_{joint}")
        xy[still, k] = np.median(xy[still, k], axis=0)
    frozen = track.with_xy(xy)
    scene = judged(frozen, fold(frozen, Folding(), phase=cycle.phase))
    assert scene.legs["right"].grade == "D"
    assert "the standing right foot is off an even way with the belt" in scene.feet_hidden


def test_a_leg_that_was_never_found_is_refused() -> None:
    track, cycle = clip()
    xy = np.array(track.xy)
    xy[:, [track.skeleton.index(f"left_{joint}") for joint in ("knee", "ankle", "heel", "foot_index")]] = np.nan
    unseen = track.with_xy(xy)
    scene = judged(unseen, fold(unseen, Folding(), phase=cycle.phase))
    assert scene.legs["left"].grade == "D"
    assert "the left foot is found in only 0% of the frames" in scene.legs["left"].reasons


def test_other_views_and_keypoints_without_feet_are_left_as_they_are() -> None:
    track, cycle = clip("copied")
    rear = replace(seen(track), view="rear", near_side=None)
    assert judge_believable(track, rear, cycle, RULES) is rear
    xy = np.array(track.xy)
    xy[:, [track.skeleton.index(f"{side}_heel") for side in ("left", "right")]] = np.nan
    side_view = seen(track)
    assert judge_believable(track.with_xy(xy), side_view, cycle, RULES) is side_view


def test_what_the_events_refuse_is_told_of_the_leg() -> None:
    scene = replace(seen(clip()[0]), legs={"left": LegQuality("C", ("far",)), "right": LegQuality("A")})
    refused = refuse_legs(scene, {"left": "its contact can't be found", "right": ""})
    assert refused.legs == {"left": LegQuality("D", ("its contact can't be found",)), "right": LegQuality("A")}
    assert refuse_legs(refused, {"left": "something else"}).legs == refused.legs
