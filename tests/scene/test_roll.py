"""How far the camera is rolled, and what levelling does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest

from gait.config import Config
from gait.cycle import fold
from gait.events import stance_phases
from gait.model import Analysis, LegQuality, Track
from gait.pipeline import analyze_track
from gait.scene import SceneRules, find_scene, judge_roll, levelled
from gait.scene.roll import with_prior
from gait.simulate.camera import Camera
from gait.simulate.film import film
from gait.simulate.keypoint_noise import KeypointNoise
from gait.simulate.sampling import Sampling
from gait.validate.forceplate import load_run
from gait.validate.runners import drawn_run

FORCE_PLATE_RUNS = Path(__file__).parents[3] / "shared" / "data" / "rbds"
RULES = SceneRules()


def filmed(moving: Any, view: Literal["left", "right", "rear"], roll_deg: float, *, yaw_deg: float = 0.0) -> Track:
    square = Camera.from_view(view, width_px=1920, height_px=1080)
    camera = replace(square, yaw_deg=(square.yaw_deg + yaw_deg) % 360, roll_deg=roll_deg)
    noise = KeypointNoise(jitter_leg_lengths=0.005)
    return film(moving, camera, Sampling(fps=30), noise, start_s=1.0, duration_s=10.0, seed=4).track


def lean_deg(analysis: Analysis) -> float:
    lean = analysis.metrics.get("trunk_lean_deg", "both")
    assert lean is not None
    assert lean.estimate is not None
    return lean.estimate


@pytest.mark.parametrize("view", ["left", "right", "rear"])
@pytest.mark.parametrize("roll_deg", [-10.0, 0.0, 8.0])
def test_roll_is_told_within_its_error(view: Literal["left", "right", "rear"], roll_deg: float) -> None:
    scene = analyze_track(filmed(drawn_run(2, 13.0), view, roll_deg)).scene
    assert abs(scene.roll_deg - roll_deg) <= scene.roll_error_deg
    assert abs(scene.roll_deg - roll_deg) < 2
    assert scene.roll_error_deg < 3


@pytest.mark.parametrize("yaw_deg", [-15.0, 15.0])
def test_the_forward_lean_that_a_rear_camera_aside_sees_is_not_roll(yaw_deg: float) -> None:
    """A quarter of some ten degrees."""
    scene = analyze_track(filmed(drawn_run(2, 13.0), "rear", 0.0, yaw_deg=yaw_deg)).scene
    assert abs(scene.roll_deg) < 0.7


def test_a_leg_that_is_refused_does_not_count() -> None:
    """What a made-up foot does says nothing of the belt."""
    track = filmed(drawn_run(2, 13.0), "right", 6.0)
    scene, config = find_scene(track, RULES), Config()
    cycle = fold(track, config.cycle)
    stances = stance_phases(track, scene, cycle, config.events, stride_s=cycle.period_s)
    xy = np.array(track.xy)
    for joint in ("heel", "ankle", "foot_index"):
        xy[:, track.skeleton.index(f"left_{joint}")] @= np.array([[0.8, 0.6], [-0.6, 0.8]], np.float32)
    made_up = track.with_xy(xy)
    refused = replace(scene, legs={**scene.legs, "left": LegQuality("D", ("made up",))})
    near_alone = {"right": stances["right"]}
    seen, wanted, misled = (
        judge_roll(clip, who, cycle, legs, RULES, incline_pct=0.0).roll_deg
        for clip, who, legs in ((made_up, refused, stances), (track, scene, near_alone), (made_up, scene, stances))
    )
    assert seen == wanted
    assert abs(misled - wanted) > 1, "or it wouldn't matter"


@pytest.mark.parametrize(("view", "yaw_deg"), [("left", 12.0), ("right", 12.0), ("right", -12.0)])
def test_a_side_view_that_is_not_square_is_not_held_to_be_rolled(
    view: Literal["left", "right"], yaw_deg: float
) -> None:
    """A camera 1 m high sees the belt of a turned runner slope by 3 degrees."""
    scene = analyze_track(filmed(drawn_run(2, 13.0), view, 0.0, yaw_deg=yaw_deg)).scene
    assert abs(scene.roll_deg) < 1


def test_trunk_lean_is_that_of_a_level_camera() -> None:
    run = drawn_run(2, 13.0)
    level, *rolled = (lean_deg(analyze_track(filmed(run, "right", roll))) for roll in (0.0, -10.0, 6.0, 10.0))
    assert rolled == pytest.approx([level] * 3, abs=1.5)


@pytest.mark.skipif(not FORCE_PLATE_RUNS.exists(), reason="needs ../shared/data/rbds")
@pytest.mark.parametrize("name", ["RBDS001runT25", "RBDS001runT35"])
@pytest.mark.parametrize("roll_deg", [-9.0, 0.0])
def test_recorded_runners(name: str, roll_deg: float) -> None:
    scene = analyze_track(filmed(load_run(FORCE_PLATE_RUNS, name), "left", roll_deg)).scene
    assert scene.roll_deg == pytest.approx(roll_deg, abs=1.5)


@pytest.mark.parametrize("incline_pct", [None, 0.0, 10.0])
def test_an_incline_that_is_said_is_not_taken_for_roll(incline_pct: float | None) -> None:
    """An inclined belt, seen level, looks in every frame like a level one rolled the other way."""
    rise_deg = float(np.degrees(np.arctan(0.10)))
    track = filmed(drawn_run(2, 13.0), "right", -rise_deg)
    known = {} if incline_pct is None else {"calibration": {"incline_pct": incline_pct}}
    scene = analyze_track(track, Config().with_values(known, source="test")).scene
    assert abs(scene.roll_deg) < 0.7 if incline_pct else scene.roll_deg < -2.5
    asked = [warning for warning in scene.warnings if "say so with --incline" in warning]
    assert len(asked) == (incline_pct is None), "asked only where nobody said it"


@pytest.mark.parametrize("yaw_deg", [32.0, -32.0])
def test_a_view_that_was_said_of_an_oblique_clip_is_not_turned_by_a_roll_that_is_none(yaw_deg: float) -> None:
    config = Config().with_values({"scene": {"view": "right"}}, source="test")
    scene = analyze_track(filmed(drawn_run(2, 13.0), "right", 0.0, yaw_deg=yaw_deg), config).scene
    assert abs(scene.roll_deg) < 2


class TestPrior:
    def test_a_poor_measurement_hardly_tilts_a_level_camera(self) -> None:
        roll_deg, error_deg = with_prior(6.0, 12.0, RULES)
        assert 0 < roll_deg < 2
        assert error_deg < 8

    def test_a_clear_roll_is_believed(self) -> None:
        roll_deg, error_deg = with_prior(-9.0, 1.0, RULES)
        assert roll_deg == pytest.approx(-9.0, abs=0.2)
        assert error_deg == pytest.approx(1.0, abs=0.05)

    def test_what_is_measured_level_is_surer_than_either_alone(self) -> None:
        roll_deg, error_deg = with_prior(0.0, 2.0, RULES)
        assert roll_deg == 0
        assert 1.3 < error_deg < 2.0

    def test_nothing_measured_leaves_what_is_known_of_cameras(self) -> None:
        roll_deg, error_deg = with_prior(np.nan, np.nan, RULES)
        assert roll_deg == 0
        drawn = np.random.default_rng(1).normal(0, 1, (2, 400_000)) / 1.96
        rolled = np.random.default_rng(2).random(400_000) >= RULES.level_share
        cameras = np.where(rolled, drawn[1] * RULES.rolled_deg, drawn[0] * RULES.roll_error_deg)
        assert float(np.mean(np.abs(cameras) <= error_deg)) == pytest.approx(0.95, abs=0.002)

    @pytest.mark.parametrize("error_deg", [0.5, 2.0, 6.0])
    def test_intervals_hold_for_cameras_as_they_are_taken_to_be(self, error_deg: float) -> None:
        rng = np.random.default_rng(5)
        rolled = rng.random(500) >= RULES.level_share
        spread = np.where(rolled, RULES.rolled_deg, RULES.roll_error_deg) / 1.96
        truth = rng.normal(0, spread)
        found = [with_prior(roll + rng.normal(0, error_deg / 1.96), error_deg, RULES) for roll in truth]
        held = [abs(mean - roll) <= half for (mean, half), roll in zip(found, truth, strict=True)]
        assert 0.92 <= np.mean(held) <= 0.98


def test_levelling_turns_keypoints_and_cycle_alike() -> None:
    """Back by as much as the camera was rolled; lengths stay, and a folded point is still the mean of its frames."""
    run = drawn_run(2, 13.0)
    level, rolled = (filmed(run, "right", roll) for roll in (0.0, 7.0))
    cycle = fold(rolled, Config().cycle)
    turned, turned_cycle = levelled(rolled, cycle, 7.0)
    inside = np.isfinite(level.xy).all(axis=2)
    assert np.median(np.linalg.norm(turned.xy - level.xy, axis=2)[inside]) < 1.0
    again = fold(turned, Config().cycle, phase=cycle.phase)
    knee = turned.skeleton.index("right_knee")
    assert turned_cycle.mean[knee] == pytest.approx(again.mean[knee], abs=1.0)
    assert turned_cycle.coefficients[knee] == pytest.approx(again.coefficients[knee], abs=1.0)
