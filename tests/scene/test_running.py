"""Running, or something else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest

from gait.cycle import Folding, fold
from gait.model import Analysis, Track
from gait.pipeline import analyze_track
from gait.scene import SceneRules, find_scene, judge_running, runs_by_shape
from gait.scene.running import Bounce, bounce_of
from gait.scene.view import lift_trunks
from gait.simulate.camera import Camera
from gait.simulate.film import film
from gait.simulate.keypoint_noise import KeypointNoise
from gait.simulate.sampling import Sampling
from gait.validate.forceplate import load_run
from gait.validate.runners import drawn_run
from gait.validate.walker import Walker

RULES = SceneRules()
FORCE_PLATE_RUNS = Path(__file__).parents[3] / "shared" / "data" / "rbds"


@pytest.mark.parametrize("view", ["left", "right", "rear", "front"])
def test_running_is_running(synthetic_analysis: Callable[..., Analysis], view: str) -> None:
    scene = synthetic_analysis(view, noise_px=2.0).scene
    assert scene.is_running is True
    assert scene.not_running == ""


@pytest.mark.parametrize(
    ("view", "duty", "cadence_spm"), [("left", 0.62, 150.0), ("right", 0.64, 130.0), ("left", 0.66, 115.0)]
)
def test_walking_is_told_by_its_lack_of_flight(
    synthetic_analysis: Callable[..., Analysis], synthetic_runner: Any, view: str, duty: float, cadence_spm: float
) -> None:
    walk = {"duty": duty, "cadence_spm": cadence_spm, "belt_mps": 1.6, "lift_m": 0.22}
    assert synthetic_runner(**walk).toe_off_phase > 0.51, "the generator must make a walk"
    analysis = synthetic_analysis(view, noise_px=1.0, **walk)
    assert analysis.scene.is_running is False
    assert "there is no flight: this is walking" in analysis.scene.not_running
    assert all(s.estimate is None for s in analysis.metrics.summary)
    assert all("this is not running" in s.withheld for s in analysis.metrics.summary)


@pytest.mark.parametrize("view", ["right", "front"])
def test_walking_in_place_is_told_by_its_tiny_lift(synthetic_analysis: Callable[..., Analysis], view: str) -> None:
    analysis = synthetic_analysis(view, noise_px=0.5, lift_m=0.04, bounce_m=0.02, belt_mps=0.6, duty=0.45)
    assert analysis.scene.is_running is False
    assert "feet are lifted by only" in analysis.scene.not_running
    assert all(s.estimate is None for s in analysis.metrics.summary)
    assert [finding.kind for finding in analysis.findings] == ["limit"]
    assert analysis.findings[0].text.startswith("This does not look like running")


def test_lift_is_the_ankles_travel_below_the_pelvis(synthetic_runner: Any) -> None:
    """0.30 m of lift and 0.04 m of bounce over a trunk of 0.50 m; the percentiles take off up to a tenth."""
    lift = lift_trunks(synthetic_runner(lift_m=0.30, lean_deg=0.0).film("right"))
    assert 0.9 * 0.30 / 0.5 < lift < 0.34 / 0.5


def test_nothing_is_claimed_where_there_are_no_strides(synthetic_runner: Any) -> None:
    track = synthetic_runner(duration_s=3).film("right")
    scene = judge_running(
        track, find_scene(track, RULES), RULES, cycle=None, stride_s=np.nan, duty_factor=np.nan, no_strides="too short"
    )
    assert scene.is_running is None
    assert scene.not_running == "too short"


@pytest.mark.parametrize(("duty_factor", "is_running"), [(0.35, True), (0.5, True), (0.51, False), (np.nan, True)])
def test_half_of_the_stride_is_the_border(synthetic_runner: Any, duty_factor: float, is_running: bool) -> None:
    track = synthetic_runner(duration_s=3).film("right")
    cycle = fold(track, Folding())
    scene = find_scene(track, RULES)
    judged = judge_running(
        track, scene, RULES, cycle=cycle, stride_s=cycle.period_s, duty_factor=duty_factor, no_strides=""
    )
    assert judged.is_running is is_running


def walking(view: Literal["rear", "front"], *, seed: int = 3) -> Track:
    """Somebody who walks fast on a treadmill and lifts the feet well."""
    walker = Walker(speed_mps=1.5, stride_s=0.9, duty_factor=0.62, lift_m=0.2, duration_s=12)
    camera = Camera.from_view(view, width_px=1080, height_px=1920)
    return film(
        walker, camera, Sampling(fps=30), KeypointNoise(jitter_leg_lengths=0.005), duration_s=10, seed=seed
    ).track


@pytest.mark.parametrize("view", ["rear", "front"])
def test_walking_towards_or_away_is_told_by_a_pelvis_that_falls_too_gently(view: Literal["rear", "front"]) -> None:
    track = walking(view)
    assert lift_trunks(track) > RULES.min_lift_trunks, "or the feet would tell"
    analysis = analyze_track(track)
    assert analysis.scene.is_running is False
    assert "acceleration of gravity, too gently for a flight" in analysis.scene.not_running
    assert all(s.estimate is None for s in analysis.metrics.summary)


@pytest.mark.parametrize("view", ["rear", "front"])
def test_where_real_time_is_unknown_the_turn_of_the_pelvis_tells(view: Literal["rear", "front"]) -> None:
    track = walking(view)
    cycle, scene = fold(track, Folding()), find_scene(track, RULES)
    judged = judge_running(track, scene, RULES, cycle=cycle, stride_s=np.nan, duty_factor=np.nan, no_strides="")
    assert judged.is_running is False
    assert "highest as the feet pass each other" in judged.not_running


@pytest.mark.parametrize(
    ("lead", "duty_factor", "runs"),
    [(0.41, np.nan, True), (0.24, np.nan, True), (0.18, np.nan, None), (0.18, 0.36, True), (-0.1, np.nan, False)],
)
def test_without_a_clock_an_unclear_turn_may_be_walking(
    monkeypatch: pytest.MonkeyPatch, lead: float, duty_factor: float, runs: bool | None
) -> None:
    """At 0.18 of a step came walkers whose feet were seen badly; from the side a duty factor tells all the same."""
    track = film(drawn_run(1, 13.0), Camera.from_view("rear"), Sampling(fps=30), start_s=1.0, duration_s=10.0).track
    cycle, scene = fold(track, Folding()), find_scene(track, RULES)
    monkeypatch.setattr("gait.scene.running.bounce_of", lambda *_, **__: Bounce(np.nan, lead))
    assert runs_by_shape(track, scene, cycle, RULES, duty_factor=duty_factor) is runs


@pytest.mark.parametrize(("duty_factor", "is_running"), [(0.36, True), (np.nan, False)])
def test_hips_that_are_held_still_are_no_walk_where_the_feet_tell_of_a_flight(
    duty_factor: float, is_running: bool
) -> None:
    """As pose models do from the side: a tenth of the bounce, at the same time."""
    run, camera = drawn_run(1, 13.0), Camera.from_view("right", width_px=1920, height_px=1080)
    track = film(run, camera, Sampling(fps=30), KeypointNoise(), start_s=1.0, duration_s=10.0).track
    xy, hips = np.array(track.xy), [track.skeleton.index(f"{side}_hip") for side in ("left", "right")]
    middle = xy[:, hips, 1].mean(axis=0)
    xy[:, hips, 1] = middle + 0.1 * (xy[:, hips, 1] - middle)
    still = track.with_xy(xy)
    cycle, scene = fold(still, Folding()), find_scene(still, RULES)
    assert bounce_of(still, cycle, stride_s=cycle.period_s).fall_g < RULES.min_fall_g_timed
    judged = judge_running(
        still, scene, RULES, cycle=cycle, stride_s=cycle.period_s, duty_factor=duty_factor, no_strides=""
    )
    assert judged.is_running is is_running


def test_the_fall_of_the_pelvis_is_that_of_its_double_bounce(synthetic_runner: Any) -> None:
    """A sine of 4 cm from lowest to highest, twice a stride."""
    track = synthetic_runner(bounce_m=0.04, lean_deg=0.0).film("rear")
    cycle = fold(track, Folding())
    expected = 0.02 * (4 * np.pi / cycle.period_s) ** 2 / 9.81
    assert bounce_of(track, cycle, stride_s=cycle.period_s).fall_g == pytest.approx(expected, rel=0.05)
    assert bounce_of(track, cycle, stride_s=2 * cycle.period_s).fall_g == pytest.approx(expected / 4, rel=0.05)


@pytest.mark.skipif(not FORCE_PLATE_RUNS.exists(), reason="needs ../shared/data/rbds")
@pytest.mark.parametrize("name", ["RBDS001runT25", "RBDS001runT35"])
def test_recorded_runners_fall_and_turn_like_runners(name: str) -> None:
    camera = Camera.from_view("rear", width_px=1920, height_px=1080)
    track = film(load_run(FORCE_PLATE_RUNS, name), camera, Sampling(fps=30), KeypointNoise(), duration_s=10).track
    cycle = fold(track, Folding())
    bounce = bounce_of(track, cycle, stride_s=cycle.period_s)
    assert bounce.fall_g > 2 * RULES.min_fall_g
    assert bounce.leads_as_in_running


def test_where_nobody_is_seen_nothing_is_claimed(synthetic_runner: Any) -> None:
    track = synthetic_runner(duration_s=3).film("right")
    nobody = track.with_xy(np.full(track.xy.shape, np.nan))
    assert np.isnan(lift_trunks(nobody))
    scene = judge_running(
        nobody, find_scene(nobody, RULES), RULES, cycle=None, stride_s=np.nan, duty_factor=np.nan, no_strides="nobody"
    )
    assert scene.is_running is None
