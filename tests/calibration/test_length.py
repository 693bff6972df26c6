"""Pixels to leg lengths and metres: a runner of 0.96 m from hip to floor, filmed at 400 px/m on a belt of 2.8 m/s."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import gait
from gait.model import Analysis

LEG_M = 0.96  # thigh and shank of 0.44 m and the ankle 0.08 m above the heel
STATURE_M = LEG_M / 0.53


def analysed(synthetic_runner: Any, view: str, px_per_m: float = 400.0, **known: float) -> Analysis:
    runner = synthetic_runner(duration_s=5, bounce_m=0.076)  # as free fall has it
    track = runner.film(view, noise_px=0.5, px_per_m=px_per_m)
    return gait.analyze_track(track, gait.Config().with_values({"calibration": known}, source="test"))


@pytest.mark.parametrize(("view", "px_per_m"), [("left", 200.0), ("right", 400.0)])
def test_leg_length_from_the_side(synthetic_runner: Any, view: str, px_per_m: float) -> None:
    """1 %: noise in the folded points; the stated error of 5 % is for real bodies and models."""
    leg = analysed(synthetic_runner, view, px_per_m).calibration.leg_length_px
    assert leg is not None
    assert leg.value == pytest.approx(LEG_M * px_per_m, rel=0.01)
    assert leg.error == pytest.approx(0.05 * leg.value)


@pytest.mark.parametrize("view", ["rear", "front"])
def test_leg_length_from_the_rear_lies_within_its_error(synthetic_runner: Any, view: str) -> None:
    """The knee is never quite straight there, so some is lost by foreshortening."""
    leg = analysed(synthetic_runner, view).calibration.leg_length_px
    assert leg is not None
    assert abs(leg.value - LEG_M * 400) <= leg.error
    assert leg.error == pytest.approx(0.10 * leg.value)


def test_scale_from_the_belt(synthetic_runner: Any) -> None:
    calibration = analysed(synthetic_runner, "right", speed_mps=2.8).calibration
    scale, belt = calibration.px_per_m, calibration.belt_speed_mps
    assert scale is not None
    assert belt is not None
    assert scale.source == "belt speed and stance foot"
    assert scale.value == pytest.approx(
        400, rel=0.035
    )  # the made-up foot comes to the belt's speed and leaves it softly
    assert scale.error == pytest.approx(np.hypot(0.22, 0.03) * scale.value, rel=0.1)
    assert (belt.value, belt.source) == (2.8, "entered")


def test_an_entered_speed_has_an_error_of_its_own(synthetic_runner: Any) -> None:
    """And no less than half of what it differs from what the foot and the height tell, where that is beyond errors."""
    for entered, expected in ((2.8, 0.03 * 2.8), (4.2, (4.2 - 2.8) / 2)):
        belt = analysed(synthetic_runner, "right", speed_mps=entered, height_m=STATURE_M).calibration.belt_speed_mps
        assert belt is not None
        assert (belt.value, belt.source) == (entered, "entered")
        assert belt.error == pytest.approx(expected, rel=0.12)


def test_scale_from_the_height(synthetic_runner: Any) -> None:
    scale = analysed(synthetic_runner, "right", height_m=STATURE_M).calibration.px_per_m
    assert scale is not None
    assert scale.source == "stature and leg length in pixels"
    assert scale.value == pytest.approx(400, rel=0.01)
    assert scale.error == pytest.approx(np.hypot(0.08, 0.05) * scale.value, rel=0.01)


@pytest.mark.parametrize("capture_speed", [1.0, 0.25])
def test_belt_speed_from_the_height(synthetic_runner: Any, capture_speed: float) -> None:
    """In real time, however slowly the file plays."""
    runner = synthetic_runner(bounce_m=0.076)  # as free fall has it
    track = runner.film("right", fps=120, px_per_m=400, capture_speed=capture_speed)
    known = {"calibration": {"height_m": STATURE_M}}
    belt = gait.analyze_track(track, gait.Config().with_values(known, source="test")).calibration.belt_speed_mps
    assert belt is not None
    assert belt.source == "stance foot and the runner's height"
    assert belt.value == pytest.approx(2.8, rel=0.05)
    assert belt.error == pytest.approx(np.sqrt(0.22**2 + 0.08**2 + 0.05**2) * belt.value, rel=0.1)


def test_no_scale_from_the_belt_where_real_time_is_not_known(synthetic_runner: Any) -> None:
    track = synthetic_runner(bounce_m=0.076).film("right", fps=100, capture_speed=1 / 6.5)
    known = {"calibration": {"speed_mps": 2.8}}
    calibration = gait.analyze_track(track, gait.Config().with_values(known, source="test")).calibration
    assert np.isnan(calibration.capture_speed.error)
    assert calibration.px_per_m is None


def test_nobody_said_anything(synthetic_runner: Any) -> None:
    calibration = analysed(synthetic_runner, "right").calibration
    assert calibration.px_per_m is None
    assert calibration.belt_speed_mps is None
    assert calibration.warnings == ()


@pytest.mark.parametrize(("height_m", "warned"), [(STATURE_M, False), (STATURE_M * 1.3, True)])
def test_two_ways_that_disagree_are_told(synthetic_runner: Any, height_m: float, warned: bool) -> None:
    """Both are weighted by their errors of 22 and 9 %; the error is half of their difference at least."""
    belt, height, both = (
        analysed(synthetic_runner, "right", **known).calibration
        for known in ({"speed_mps": 2.8}, {"height_m": height_m}, {"speed_mps": 2.8, "height_m": height_m})
    )
    assert belt.px_per_m is not None
    assert height.px_per_m is not None
    assert both.px_per_m is not None
    ways = (belt.px_per_m, height.px_per_m)
    low, high = sorted(way.value for way in ways)
    weights = [way.error**-2 for way in ways]
    assert both.px_per_m.value == pytest.approx(np.average([way.value for way in ways], weights=weights))
    assert both.px_per_m.error == pytest.approx(max(sum(weights) ** -0.5, (high - low) / 2))
    assert any("off the one from the runner's height" in warning for warning in both.warnings) is warned


@pytest.mark.parametrize(("speed_mps", "warned"), [(2.8, False), (5.6, True)])
def test_a_runner_who_falls_too_fast_for_the_scale_is_told(
    synthetic_runner: Any, speed_mps: float, warned: bool
) -> None:
    """A speed of twice the true one halves the scale, so that the body seems to fall twice as fast as it can."""
    warnings = analysed(synthetic_runner, "right", speed_mps=speed_mps).calibration.warnings
    assert any("falls as if the scale were +" in warning for warning in warnings) is warned


def test_leg_length_in_metres(synthetic_runner: Any) -> None:
    """From the stature where it is known, else from pixels and the belt's scale."""
    by_height = analysed(synthetic_runner, "right", height_m=STATURE_M).calibration.leg_length_m
    by_belt = analysed(synthetic_runner, "right", speed_mps=2.8).calibration.leg_length_m
    assert by_height is not None
    assert by_belt is not None
    assert (by_height.value, by_height.source) == (pytest.approx(LEG_M), "stature")
    assert by_belt.value == pytest.approx(LEG_M, rel=0.035)
    assert by_belt.error > by_height.error
    assert analysed(synthetic_runner, "right").calibration.leg_length_m is None


def test_a_leg_that_is_not_seen_has_no_length(synthetic_runner: Any) -> None:
    track = synthetic_runner(duration_s=5).film("right")
    xy = np.array(track.xy)
    xy[:, [track.skeleton.index(f"{s}_{j}") for s in ("left", "right") for j in ("heel", "foot_index")]] = np.nan
    analysis = gait.analyze_track(track.with_xy(xy), gait.Config())
    assert analysis.calibration.leg_length_px is None
    assert analysis.calibration.px_per_m is None
