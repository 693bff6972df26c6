"""How well the legs are seen."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from gait.model import Scene, Track
from gait.scene import SceneRules, find_scene, judge_legs

RULES = SceneRules()
FEET = ("ankle", "heel", "foot_index")


def seen(track: Track) -> Scene:
    return judge_legs(track, find_scene(track, RULES), RULES)


def with_confidence(track: Track, side: str, value: float) -> Track:
    confidence = np.array(track.confidence)
    confidence[:, [track.skeleton.index(f"{side}_{joint}") for joint in FEET]] = value
    return replace(track, confidence=confidence)


def test_near_leg_is_a_far_leg_is_c_from_the_side(synthetic_runner: Any) -> None:
    scene = seen(synthetic_runner(duration_s=4).film("right", noise_px=1.0))
    assert (scene.legs["right"].grade, scene.legs["left"].grade) == ("A", "C")
    assert scene.legs["left"].reasons == ("the left leg is the far one, hidden in part by the other",)
    assert scene.feet_hidden == ""


def test_both_legs_are_a_from_the_rear(synthetic_runner: Any) -> None:
    scene = seen(synthetic_runner(duration_s=4).film("rear", noise_px=1.0))
    assert [scene.legs[side].grade for side in ("left", "right")] == ["A", "A"]  # type: ignore[index]


@pytest.mark.parametrize(("view", "side", "hidden"), [
    ("right", "right", True), ("right", "left", False), ("rear", "left", False), ("rear", "right", False),
])  # fmt: skip
def test_feet_that_the_model_does_not_see(synthetic_runner: Any, view: str, side: str, hidden: bool) -> None:
    """From the side the near foot decides, from the rear the feet are hidden only where both are."""
    track = with_confidence(synthetic_runner(duration_s=4).film(view), side, 0.4)
    scene = seen(track)
    assert scene.legs[side].grade == "D"  # type: ignore[index]
    assert bool(scene.feet_hidden) is hidden
    if hidden:
        assert scene.feet_hidden == (
            "the feet can't be seen (the pose model gives the right foot a visibility of 0.40); film the whole body "
            "with nothing before the legs"
        )


def test_both_feet_hidden_from_the_rear_names_both(synthetic_runner: Any) -> None:
    track = synthetic_runner(duration_s=4).film("rear")
    scene = seen(with_confidence(with_confidence(track, "left", 0.3), "right", 0.5))
    assert "left foot a visibility of 0.30" in scene.feet_hidden
    assert "right foot a visibility of 0.50" in scene.feet_hidden


@pytest.mark.parametrize(("share", "hidden"), [(0.05, False), (0.2, True)])
def test_feet_outside_of_the_picture(synthetic_runner: Any, share: float, hidden: bool) -> None:
    track = synthetic_runner(duration_s=4).film("right")
    xy = np.array(track.xy)
    cropped = np.arange(len(xy)) < share * len(xy)
    xy[np.ix_(cropped, [track.skeleton.index("right_heel")], [1])] = track.video.height_px + 5.0
    scene = seen(track.with_xy(xy))
    assert bool(scene.feet_hidden) is hidden
    assert ("outside of the picture in 20% of the frames" in scene.feet_hidden) is hidden


def test_points_that_were_not_found_count_as_unseen(synthetic_runner: Any) -> None:
    """Whatever confidence stands beside a NaN."""
    track = synthetic_runner(duration_s=4).film("right")
    xy = np.array(track.xy)
    xy[:, [track.skeleton.index(f"right_{joint}") for joint in FEET]] = np.nan
    assert "visibility of 0.00" in seen(track.with_xy(xy)).feet_hidden


@pytest.mark.parametrize(("wobble", "grade"), [(0.02, "A"), (0.09, "B"), (0.2, "C")])
def test_a_shank_that_changes_its_length_costs_a_grade(synthetic_runner: Any, wobble: float, grade: str) -> None:
    track = synthetic_runner(duration_s=6).film("right")
    rng = np.random.default_rng(0)
    xy = np.array(track.xy)
    knee, ankle = (track.point(f"right_{joint}") for joint in ("knee", "ankle"))
    stretched = knee + (ankle - knee) * (1 + rng.normal(0, wobble, len(xy)))[:, None]
    xy[:, track.skeleton.index("right_ankle")] = stretched
    leg = seen(track.with_xy(xy)).legs["right"]
    assert leg.grade == grade
    assert any("length varies by" in reason for reason in leg.reasons) is (grade != "A")
