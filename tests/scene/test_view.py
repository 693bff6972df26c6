"""View, direction and yaw from the runner's own proportions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gait.errors import ConfigError, SceneError
from gait.model import Track
from gait.scene import SceneRules, find_scene
from gait.scene.view import FRONTAL_SHOULDERS_PER_TRUNK, trunk_px

CAMERAS = {"right": (1, "right"), "left": (-1, "left"), "rear": (0, None), "front": (0, None)}


@pytest.mark.parametrize("view", CAMERAS)
@pytest.mark.parametrize("fps", [30, 120])
def test_all_four_cameras(synthetic_runner: Any, view: str, fps: float) -> None:
    scene = find_scene(synthetic_runner(duration_s=6).film(view, fps=fps, noise_px=3.0), SceneRules())
    assert scene.view == view
    assert (scene.direction, scene.near_side) == CAMERAS[view]
    assert scene.warnings == ()
    assert scene.treadmill


@pytest.mark.parametrize("view", CAMERAS)
def test_all_four_cameras_on_a_real_runner(forceplate_track: Callable[..., Track], view: str) -> None:
    track = forceplate_track(view, 30, noise_m=0.015, duration_s=10)
    scene = find_scene(track, SceneRules())
    assert (scene.view, scene.direction, scene.near_side) == (view, *CAMERAS[view])


@pytest.mark.parametrize("view", CAMERAS)
def test_a_mirrored_picture_is_the_other_side_or_the_same_end(
    synthetic_runner: Any, synthetic_mirrored: Callable[[Track], Track], view: str
) -> None:
    scene = find_scene(synthetic_mirrored(synthetic_runner(duration_s=6).film(view, noise_px=2.0)), SceneRules())
    wanted = {"left": "right", "right": "left"}.get(view, view)
    assert (scene.view, scene.direction, scene.near_side) == (wanted, *CAMERAS[wanted])


@settings(max_examples=25, deadline=None)
@given(scale=st.floats(0.2, 4), shift=st.floats(-200, 900))
@pytest.mark.parametrize("view", CAMERAS)
def test_where_and_how_large_the_runner_is_does_not_matter(
    synthetic_runner: Any, view: str, scale: float, shift: float
) -> None:
    track = synthetic_runner(duration_s=3).film(view)
    moved = find_scene(track.with_xy(track.xy * scale + shift), SceneRules())
    plain = find_scene(track, SceneRules())
    assert (moved.view, moved.direction, moved.treadmill) == (plain.view, plain.direction, plain.treadmill)
    assert moved.yaw_deg == pytest.approx(plain.yaw_deg, abs=0.1)


def turned(track_of: Callable[[str], Track], yaw_deg: float) -> Track:
    """The runner seen from the right by a camera that goes round by `yaw_deg` towards the rear."""
    side, rear = track_of("right"), track_of("rear")
    yaw = np.radians(yaw_deg)
    middle = side.video.width_px / 2
    xy = np.array(side.xy)
    xy[..., 0] = middle + np.cos(yaw) * (side.xy[..., 0] - middle) + np.sin(yaw) * (rear.xy[..., 0] - middle)
    return side.with_xy(xy)


@pytest.mark.parametrize(
    ("yaw_deg", "view"),
    [(0, "right"), (-20, "right"), (20, "right"), (-12, "right"), (45, "oblique"), (90, "rear"), (80, "rear")],
)
def test_yaw_is_told_within_its_error(synthetic_runner: Any, yaw_deg: float, view: str) -> None:
    """The model's shoulders are 0.72 of the trunk wide, this runner's too."""
    runner = synthetic_runner(duration_s=5)
    scene = find_scene(turned(runner.film, yaw_deg), SceneRules())
    assert scene.view == view
    expected = {"right": -yaw_deg, "oblique": yaw_deg, "rear": 90 - yaw_deg}[view]
    assert abs(scene.yaw_deg - expected) <= scene.yaw_error_deg
    assert scene.yaw_error_deg > 5, "anatomy alone varies by that much"


@pytest.mark.parametrize(("yaw_deg", "warned"), [(0, False), (12, False), (20, True), (-20, True)])
def test_a_turned_camera_is_said(synthetic_runner: Any, yaw_deg: float, warned: bool) -> None:
    scene = find_scene(turned(synthetic_runner(duration_s=5).film, yaw_deg), SceneRules())
    said = f"The camera is turned by about {abs(scene.yaw_deg):.0f} degrees from a square side view (nearly side)"
    assert any(said in warning for warning in scene.warnings) is warned
    assert (len(scene.warnings) > 0) is warned


@pytest.mark.parametrize(("yaw_deg", "view"), [(0, "right"), (45, "oblique"), (60, "oblique"), (90, "rear")])
def test_who_has_no_travel_is_told_by_the_shoulders_alone(synthetic_runner: Any, yaw_deg: float, view: str) -> None:
    """In place the ankles travel as little from the side as from the rear."""
    runner = synthetic_runner(duration_s=5, belt_mps=0.05, lift_m=0.15)
    scene = find_scene(turned(runner.film, yaw_deg), SceneRules())
    assert scene.view == view or (scene.view == "rear" and yaw_deg == 60)  # near the front the width hardly changes
    told_deg = 90 - scene.yaw_deg if scene.view == "rear" else abs(scene.yaw_deg)
    assert abs(told_deg - yaw_deg) <= scene.yaw_error_deg
    if yaw_deg >= 60:
        assert scene.yaw_error_deg > 15


@pytest.mark.parametrize(("yaw_deg", "sign"), [(32, -1), (-32, 1)])
def test_yaw_is_that_of_the_view_that_was_said(synthetic_runner: Any, yaw_deg: float, sign: int) -> None:
    track = turned(synthetic_runner(duration_s=5).film, yaw_deg)
    assert find_scene(track, SceneRules()).view == "oblique"
    said = find_scene(track, SceneRules(view="right"))
    assert said.yaw_deg == pytest.approx(sign * 32, abs=said.yaw_error_deg)


def test_without_shoulders_a_view_that_was_said_is_within_its_limits(synthetic_runner: Any) -> None:
    track = synthetic_runner(duration_s=5).film("right")
    xy = np.array(track.xy)
    xy[:, [track.skeleton.index(f"{side}_shoulder") for side in ("left", "right")]] = np.nan
    scene = find_scene(track.with_xy(xy), SceneRules(view="right"))
    assert (scene.yaw_deg, scene.yaw_error_deg) == (0.0, SceneRules().max_side_yaw_deg)


@pytest.mark.parametrize("bad", [{"level_share": 1.0}, {"roll_error_deg": 0.0}, {"min_cut_size": 0.0}])
def test_rules_out_of_range_are_refused(bad: dict[str, float]) -> None:
    with pytest.raises(ConfigError):
        SceneRules(**bad)  # type: ignore[arg-type]


@pytest.mark.parametrize(("share", "said"), [(1.2, "20% larger"), (0.8, "20% smaller"), (1.05, "")])
def test_a_runner_who_comes_nearer_or_a_zoom_is_said(synthetic_runner: Any, share: float, said: str) -> None:
    """The size of the first fifth and of the last fifth of the clip; it changes evenly between their middles."""
    track = synthetic_runner(duration_s=10).film("right")
    growth = share ** np.linspace(-1 / 8, 9 / 8, track.video.n_frames)
    warnings = find_scene(track.with_xy(track.xy * growth[:, None, None]), SceneRules()).warnings
    assert [w for w in warnings if "in the picture: the camera moves or zooms" in w] == list(warnings)
    assert (said in warnings[0]) if said else not warnings


@pytest.mark.parametrize(("seen", "said"), [("right", "left"), ("rear", "front")])
def test_the_users_word_counts_and_the_disagreement_is_said(synthetic_runner: Any, seen: str, said: Any) -> None:
    scene = find_scene(synthetic_runner(duration_s=3).film(seen), SceneRules(view=said))
    assert scene.view == said
    assert scene.warnings == (f"The view was set to {said}; the picture looks like {seen}.",)


@pytest.mark.parametrize(("seen", "said"), [("right", "rear"), ("left", "front"), ("rear", "left"), ("front", "right")])
def test_a_view_that_cannot_be_is_refused(synthetic_runner: Any, seen: str, said: Any) -> None:
    with pytest.raises(SceneError, match=f"seen from the {seen}, not from the {said}"):
        find_scene(synthetic_runner(duration_s=3).film(seen), SceneRules(view=said))


def test_nobody_measured_the_cameras_roll(synthetic_runner: Any) -> None:
    scene = find_scene(synthetic_runner(duration_s=3).film("rear"), SceneRules(roll_error_deg=3.5))
    assert (scene.roll_deg, scene.roll_error_deg) == (0.0, 3.5)


def test_a_runner_who_crosses_the_picture_is_not_on_a_treadmill(synthetic_runner: Any) -> None:
    track = synthetic_runner(duration_s=4).film("right")
    crossing = track.with_xy(track.xy + np.outer(track.video.file_time_s, [150.0, 0.0])[:, None, :])
    scene = find_scene(crossing, SceneRules())
    assert not scene.treadmill
    assert "isn't a treadmill" in scene.warnings[0]


def test_a_trunk_is_as_long_as_it_is(synthetic_runner: Any) -> None:
    track = synthetic_runner(duration_s=3).film("right", px_per_m=250.0)
    assert trunk_px(track) == pytest.approx(0.5 * 250, rel=1e-3)
    rear = synthetic_runner(duration_s=3, lean_deg=0.0).film("rear", px_per_m=250.0)
    width = np.median(rear.point("right_shoulder")[:, 0] - rear.point("left_shoulder")[:, 0])
    assert width / trunk_px(rear) == pytest.approx(FRONTAL_SHOULDERS_PER_TRUNK, rel=1e-3)


@pytest.mark.parametrize("value", [np.nan, 100.0])
def test_where_nobody_is_seen_no_side_is_claimed(synthetic_runner: Any, value: float) -> None:
    track = synthetic_runner(duration_s=3).film("right")
    scene = find_scene(track.with_xy(np.full(track.xy.shape, value)), SceneRules())
    assert scene.view == "oblique"
    assert scene.near_side is None
