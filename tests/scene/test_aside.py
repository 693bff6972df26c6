"""How far a camera stands aside of straight behind or before the runner."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest

from gait.clean import repair
from gait.config import Config
from gait.model import Scene, Track
from gait.pipeline import analyze_track
from gait.scene import find_scene, judge_aside
from gait.simulate.camera import Camera
from gait.simulate.film import film
from gait.simulate.keypoint_noise import KeypointNoise
from gait.simulate.sampling import Sampling
from gait.validate.forceplate import load_run
from gait.validate.runners import drawn_run

CONFIG = Config()
FORCE_PLATE_RUNS = Path(__file__).parents[3] / "shared" / "data" / "rbds"
# Where the camera goes round to the runner's left, running goes to the picture's left.
TOWARDS_RIGHT = {"rear": -1, "front": 1}


def filmed(moving: Any, view: Literal["rear", "front", "right"], yaw_deg: float, *, height_m: float = 1.0) -> Track:
    square = Camera.from_view(view, width_px=1920, height_px=1080, height_m=height_m)
    camera = replace(square, yaw_deg=(square.yaw_deg + yaw_deg) % 360)
    noise = KeypointNoise(jitter_leg_lengths=0.01)
    return film(moving, camera, Sampling(fps=30), noise, start_s=1.0, duration_s=10.0, seed=4).track


def judged_of(track: Track) -> Scene:
    scene = find_scene(track, CONFIG.scene)
    track, cycle = repair(track, scene, CONFIG.clean, CONFIG.cycle)
    return judge_aside(track, scene, cycle, CONFIG.scene)


@pytest.mark.parametrize("view", ["rear", "front"])
@pytest.mark.parametrize("yaw_deg", [-15.0, -5.0, 0.0, 10.0])
@pytest.mark.parametrize("seed", [1, 2])
def test_it_is_told_with_its_side_and_within_its_error(
    view: Literal["rear", "front"], yaw_deg: float, seed: int
) -> None:
    scene = judged_of(filmed(drawn_run(seed, 13.0), view, yaw_deg))
    assert scene.view == view
    assert abs(scene.yaw_deg - TOWARDS_RIGHT[view] * yaw_deg) <= scene.yaw_error_deg
    assert 2.5 < scene.yaw_error_deg < 7, "the width of the shoulders alone would leave 20 degrees and more"


@pytest.mark.skipif(not FORCE_PLATE_RUNS.exists(), reason="needs ../shared/data/rbds")
@pytest.mark.parametrize("name", ["RBDS001runT25", "RBDS001runT35"])
@pytest.mark.parametrize(("view", "yaw_deg"), [("rear", 0.0), ("rear", 10.0), ("front", 0.0), ("front", -10.0)])
def test_recorded_runners(name: str, view: Literal["rear", "front"], yaw_deg: float) -> None:
    scene = judged_of(filmed(load_run(FORCE_PLATE_RUNS, name), view, yaw_deg))
    assert abs(scene.yaw_deg - TOWARDS_RIGHT[view] * yaw_deg) <= scene.yaw_error_deg


@pytest.mark.parametrize("height_m", [0.6, 1.5])
def test_the_cameras_height_matters_little(height_m: float) -> None:
    scene = judged_of(filmed(drawn_run(3, 13.0), "rear", -12.0, height_m=height_m))
    assert abs(scene.yaw_deg - 12.0) <= scene.yaw_error_deg


@pytest.mark.parametrize(("yaw_deg", "where"), [(12.0, "behind"), (0.0, "")])
def test_a_camera_aside_is_said(yaw_deg: float, where: str) -> None:
    warnings = judged_of(filmed(drawn_run(1, 13.0), "rear", yaw_deg)).warnings
    said = [w for w in warnings if "degrees aside of straight behind the runner" in w]
    assert len(said) == bool(where)


def test_side_views_keep_what_was_found() -> None:
    track = filmed(drawn_run(1, 13.0), "right", 5.0)
    assert judged_of(track).yaw_deg == find_scene(track, CONFIG.scene).yaw_deg


def test_who_may_run_in_place_is_told_by_the_shoulders() -> None:
    """Feet that hardly rise may not travel either, and what doesn't travel says nothing of the camera."""
    track = filmed(drawn_run(1, 13.0), "rear", 0.0)
    scene = find_scene(track, CONFIG.scene)
    track, cycle = repair(track, scene, CONFIG.clean, CONFIG.cycle)
    pelvis = track.point("mid_hip")[:, None]
    xy = np.where(np.arange(2) == 1, pelvis + 0.05 * (track.xy - pelvis), track.xy)
    upright = [track.skeleton.index(f"{side}_{joint}") for side in ("left", "right") for joint in ("shoulder", "hip")]
    xy[:, upright] = track.xy[:, upright]
    assert judge_aside(track, scene, cycle, CONFIG.scene).yaw_deg != scene.yaw_deg
    flat = track.with_xy(xy)
    judged = judge_aside(flat, scene, cycle, CONFIG.scene)
    assert judged.yaw_deg == 0, "the shoulders don't tell to which side"
    assert judged.yaw_error_deg == pytest.approx(np.hypot(scene.yaw_deg, scene.yaw_error_deg))
    assert not judged.warnings


@pytest.mark.parametrize("yaw_deg", [-8.0, 8.0])
def test_what_a_camera_aside_adds_is_taken_off(yaw_deg: float) -> None:
    """Bent knees look like valgus on the one leg and like varus on the other: by 40 degrees times the sine of 8, 5.6;
    the yaw is told to 3 degrees (95 %), and this runner's knees are bent by a tenth more or less."""
    run = drawn_run(2, 13.0)
    square, aside = (analyze_track(filmed(run, "rear", yaw)).metrics for yaw in (0.0, yaw_deg))
    for side in ("left", "right"):
        seen, known = (table.get("frontal_plane_projection_deg", side) for table in (aside, square))
        assert seen is not None
        assert known is not None
        assert seen.ci95 is not None
        assert known.estimate is not None
        assert seen.estimate == pytest.approx(known.estimate, abs=2.5)
        assert seen.ci95[0] <= known.estimate <= seen.ci95[1]
