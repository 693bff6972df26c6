"""Running, or something else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gait.model import Analysis
from gait.scene import SceneRules, find_scene, judge_running
from gait.scene.running import lift_trunks

RULES = SceneRules()


@pytest.mark.parametrize("view", ["left", "right", "rear", "front"])
def test_running_is_running(synthetic_analysis: Callable[..., Analysis], view: str) -> None:
    scene = synthetic_analysis(view, noise_px=2.0).scene
    assert scene.is_running is True
    assert scene.not_running == ""


@pytest.mark.parametrize(
    ("view", "duty", "cadence_spm"), [("left", 0.58, 150.0), ("right", 0.60, 130.0), ("left", 0.62, 115.0)]
)
def test_walking_is_told_by_its_lack_of_flight(
    synthetic_analysis: Callable[..., Analysis], synthetic_runner: Any, view: str, duty: float, cadence_spm: float
) -> None:
    walk = {"duty": duty, "cadence_spm": cadence_spm, "belt_mps": 1.6, "lift_m": 0.22}
    assert synthetic_runner(**walk).toe_off_phase > 0.52, "the generator must make a walk"
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
    scene = judge_running(track, find_scene(track, RULES), RULES, duty_factor=None, no_strides="too short")
    assert scene.is_running is None
    assert scene.not_running == "too short"


@pytest.mark.parametrize(("duty_factor", "is_running"), [(0.35, True), (0.5, True), (0.51, False), (None, True)])
def test_half_of_the_stride_is_the_border(synthetic_runner: Any, duty_factor: float | None, is_running: bool) -> None:
    track = synthetic_runner(duration_s=3).film("right")
    scene = judge_running(track, find_scene(track, RULES), RULES, duty_factor=duty_factor, no_strides="")
    assert scene.is_running is is_running


def test_where_nobody_is_seen_nothing_is_claimed(synthetic_runner: Any) -> None:
    track = synthetic_runner(duration_s=3).film("right")
    nobody = track.with_xy(np.full(track.xy.shape, np.nan))
    assert np.isnan(lift_trunks(nobody))
    scene = judge_running(nobody, find_scene(nobody, RULES), RULES, duty_factor=None, no_strides="nobody")
    assert scene.is_running is None
