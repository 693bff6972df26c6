"""Clips of a runner: their times, their truth, and that they are the same every time."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gait.errors import ConfigError
from gait.pose.mediapipe import SKELETON
from gait.scene import SceneRules, find_scene
from gait.simulate import Camera, KeypointNoise, Moving, Sampling, film
from gait.validate.forceplate import ForcePlateRun

Stub = Callable[..., Moving]
ALL_AT_ONCE = KeypointNoise(
    bias_leg_lengths={"hip": (0.01, 0.0, 0.0)},
    repeating_leg_lengths={"ankle": (0.01, 0.01)},
    jitter_leg_lengths=0.01,
    wander_leg_lengths=0.01,
    blur_s=0.003,
    jump_share=0.02,
    dropout_share=0.02,
    lost_share=0.02,
    swap_share=0.05,
    swap_at="crossing",
    invented_share=0.2,
    invented_from="opposite",
    confidence_sd=0.05,
)
VIEWS = {"right": (1, "right"), "left": (-1, "left"), "rear": (0, None), "front": (0, None)}


def test_true_places_are_those_of_the_joints_in_the_camera(moving_stub: Stub) -> None:
    moving, camera = moving_stub(duration_s=4), Camera(yaw_deg=70, roll_deg=3, roll_creep_deg_per_min=20, k1=-0.05)
    filmed = film(moving, camera, Sampling(60), seed=3)
    for name, places in moving.joints_at(filmed.time_s).items():
        wanted = camera.project(places, filmed.time_s)
        np.testing.assert_allclose(filmed.true_xy[:, SKELETON.index(name)], wanted, atol=2e-4)  # single precision


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("noise", [KeypointNoise(), KeypointNoise.of_clean_clip()])
def test_the_scene_is_what_was_filmed(moving_stub: Stub, view: Any, noise: KeypointNoise) -> None:
    scene = find_scene(film(moving_stub(duration_s=10), Camera.from_view(view), noise=noise).track, SceneRules())
    assert (scene.view, scene.direction, scene.near_side) == (view, *VIEWS[view])
    assert scene.treadmill


@pytest.mark.parametrize("view", VIEWS)
def test_the_scene_of_a_recorded_runner(forceplate_run: ForcePlateRun, view: Any) -> None:
    filmed = film(forceplate_run, Camera.from_view(view), duration_s=10)
    scene = find_scene(filmed.track, SceneRules())
    assert (scene.view, scene.direction, scene.near_side) == (view, *VIEWS[view])


@pytest.mark.parametrize("yaw_deg", [45.0, 135.0, 225.0, 315.0])
def test_between_the_views_it_is_oblique(moving_stub: Stub, yaw_deg: float) -> None:
    scene = find_scene(film(moving_stub(duration_s=5), Camera(yaw_deg=yaw_deg)).track, SceneRules())
    assert scene.view == "oblique"
    assert scene.direction == (1 if yaw_deg < 180 else -1)


@pytest.mark.parametrize(("yaw_deg", "found"), [(75.0, 15.0), (105.0, -15.0), (285.0, 15.0), (255.0, -15.0)])
def test_the_yaw_is_found_from_a_distance(moving_stub: Stub, yaw_deg: float, found: float) -> None:
    camera = Camera(yaw_deg=yaw_deg, distance_m=30)
    scene = find_scene(film(moving_stub(duration_s=5), camera).track, SceneRules())
    # + towards the runner's front; the stub's shoulders are as wide for its trunk as the rule takes for granted, its
    # ankles travel a bit farther than it does
    assert scene.yaw_deg == pytest.approx(found, abs=2.0)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**31), start_s=st.floats(0, 5))
def test_the_same_seed_gives_the_same_clip(moving_stub: Stub, seed: int, start_s: float) -> None:
    moving, sampling = moving_stub(duration_s=10), Sampling(50, vfr_jitter=0.1, dropped_share=0.05)
    one, two, other = (
        film(moving, Camera(), sampling, ALL_AT_ONCE, duration_s=4, start_s=start_s, seed=s)
        for s in (seed, seed, seed + 1)
    )
    np.testing.assert_array_equal(one.track.xy, two.track.xy)
    np.testing.assert_array_equal(one.track.confidence, two.track.confidence)
    np.testing.assert_array_equal(one.time_s, two.time_s)
    np.testing.assert_array_equal(one.swapped, two.swapped)
    assert one.time_s[0] != other.time_s[0]


def test_the_size_of_the_chunks_changes_nothing(moving_stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = film(moving_stub(duration_s=10), Camera(), noise=ALL_AT_ONCE)
    monkeypatch.setattr(importlib.import_module("gait.simulate.film"), "_CHUNK_FRAMES", 7)
    pieces = film(moving_stub(duration_s=10), Camera(), noise=ALL_AT_ONCE)
    np.testing.assert_array_equal(pieces.track.xy, whole.track.xy)
    np.testing.assert_array_equal(pieces.leg_length_px, whole.leg_length_px)


@pytest.mark.parametrize("capture_speed", [1.0, 0.125, 0.1])
def test_time_stamps_compare_with_the_runners_own_time(moving_stub: Stub, capture_speed: float) -> None:
    moving = moving_stub(duration_s=30)
    filmed = film(moving, Camera(), Sampling(240, capture_speed=capture_speed), start_s=20, duration_s=5)
    video = filmed.track.video
    np.testing.assert_array_equal(video.file_time_s * capture_speed, filmed.time_s)
    assert 20 <= filmed.time_s[0] < 20 + 1 / 240
    assert filmed.time_s[-1] < 25
    assert float(video.fps) == pytest.approx(240 * capture_speed)
    assert video.duration_s == pytest.approx(5 / capture_speed, abs=1 / float(video.fps))


def test_points_that_the_runner_lacks_are_unknown(moving_stub: Stub) -> None:
    track = film(moving_stub(duration_s=3, arms_and_head=False), Camera(), noise=ALL_AT_ONCE).track
    assert track.skeleton == SKELETON
    for name in ("nose", "left_elbow", "right_wrist", "left_eye"):
        assert np.isnan(track.point(name)).all()
        assert (track.confidence[:, SKELETON.index(name)] == 0).all()
    assert np.isfinite(track.point("left_hip")).any()


def test_leg_length_in_pixels_follows_the_zoom(moving_stub: Stub) -> None:
    filmed = film(moving_stub(duration_s=120), Camera(zoom_creep_per_min=0.1))
    # thigh 0.43, shank 0.45 and ankle 0.08 to 0.09 m of the stub at 1920 px over 2.1875 m
    assert filmed.leg_length_px[0] == pytest.approx(0.945 * 1920 / 2.1875, rel=0.03)
    at_60_s = float(np.interp(60, filmed.time_s, filmed.leg_length_px))
    assert at_60_s / filmed.leg_length_px[0] == pytest.approx(1.1, rel=2e-3)


@pytest.mark.parametrize(("start_s", "duration_s"), [(0.0, 11.0), (9.0, 2.0), (-1.0, 3.0), (3.0, 0.0), (10.0, None)])
def test_what_was_not_run_cannot_be_filmed(moving_stub: Stub, start_s: float, duration_s: float | None) -> None:
    with pytest.raises(ConfigError, match="A run of 10 s can't be filmed from"):
        film(moving_stub(duration_s=10), Camera(), start_s=start_s, duration_s=duration_s)
