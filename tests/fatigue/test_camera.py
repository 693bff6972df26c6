"""What can't tire: a camera that creeps voids every verdict, a belt that is set faster is told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import gait
from gait.fatigue import Unchanging, look_at_camera
from gait.fatigue.camera import _belt
from gait.model import Analysis, Track

RUN = {"duration_s": 60.0, "stride_cv": 0.01}


def filmed(synthetic_runner: Any, view: str = "right", **run: float) -> Track:
    track: Track = synthetic_runner(**RUN, **run).film(view, noise_px=1.5)
    return track


def creeping(track: Track, *, zoom: float = 0, roll_deg: float = 0, sink: float = 0, confidence: float = 0) -> Track:
    share = np.linspace(0, 1, track.video.n_frames)[:, None]
    middle = np.array([track.video.width_px, track.video.height_px]) / 2
    x, y = np.moveaxis((np.asarray(track.xy) - middle) * (1 + zoom * share[..., None]), 2, 0)
    turn = np.radians(roll_deg * share)
    x, y = np.cos(turn) * x - np.sin(turn) * y, np.sin(turn) * x + np.cos(turn) * y + sink * share
    return replace(track, xy=np.stack([x, y], axis=2) + middle, confidence=track.confidence * (1 - confidence * share))


def looked_at(analysis: Analysis) -> Unchanging:
    """At the raw points, from the left foot's strides or those of the leg that is near."""
    return look_at_camera(analysis.raw_track, analysis.scene, analysis.cycle, analysis.strides, capture_speed=1.0)


@pytest.mark.parametrize("view", ["left", "right", "rear"])
def test_a_camera_that_stands_still_says_nothing(synthetic_runner: Any, view: str) -> None:
    drift = gait.analyze_track(filmed(synthetic_runner, view)).drift
    assert (drift.voided, drift.belt) == ("", "")
    assert {entry.verdict for entry in drift.entries} <= {"stable", "can't tell"}


@pytest.mark.parametrize(
    ("creep", "said"),
    [
        ({"zoom": 0.04}, "size in the picture changed by +3."),
        ({"zoom": -0.04}, "size in the picture changed by -"),
        ({"roll_deg": 3.0}, "direction in the picture turned by +"),
        ({"roll_deg": -3.0}, "direction in the picture turned by -"),
        ({"sink": 60.0}, "the floor moved by +"),
        ({"confidence": 0.1}, "confidence changed by -0.10"),
    ],
)
def test_a_creeping_camera_voids_every_verdict_but_of_time_alone(
    synthetic_runner: Any, creep: dict[str, float], said: str
) -> None:
    drift = gait.analyze_track(creeping(filmed(synthetic_runner), **creep)).drift
    assert said in drift.voided
    void = [entry for entry in drift.entries if entry.reason == drift.voided]
    assert {entry.name for entry in drift.entries} - {entry.name for entry in void} == {"cadence_spm", "stride_time_s"}
    assert len(void) >= 5
    for entry in void:
        assert (entry.verdict, entry.begins_s, entry.q) == ("can't tell", None, None)


def test_what_is_of_time_alone_is_found_though_the_camera_zooms(synthetic_runner: Any) -> None:
    track = filmed(synthetic_runner)
    time_s = track.video.file_time_s
    slower = time_s + 0.05 * time_s**2 / time_s[-1]  # by 10 % from the first to the last stride
    track = replace(track, video=replace(track.video, file_time_s=slower))
    drift = gait.analyze_track(creeping(track, zoom=0.04)).drift
    verdicts = {entry.name: entry.verdict for entry in drift.entries}
    assert "size in the picture" in drift.voided
    assert verdicts["cadence_spm"] == verdicts["stride_time_s"] == "drifted"
    assert set(verdicts.values()) == {"drifted", "can't tell"}


@pytest.mark.parametrize(("creep", "said"), [({"zoom": 0.03}, "size"), ({"roll_deg": 3.0}, "turned by +")])
def test_a_camera_that_was_moved_between_two_clips_voids(
    synthetic_runner: Any, creep: dict[str, float], said: str
) -> None:
    """Moved at once: half of the strides are seen by the one camera, half by the other."""
    analysis = gait.analyze_track(filmed(synthetic_runner))
    n = analysis.video.n_frames
    still, ends = np.asarray(analysis.raw_track.xy), np.asarray(creeping(analysis.raw_track, **creep).xy)
    share = np.linspace(0, 1, n)[:, None, None]
    moved = np.where(np.arange(n)[:, None, None] < n // 2, still, still + (ends - still) / np.maximum(share, 1e-3))
    later = analysis.strides.assign(
        **{
            name: analysis.strides[name] + 600.0 * (analysis.strides["file_time_s"] > 30.0)
            for name in ("time_s", "toe_off_s", "end_s")
        }
    )
    for xy, expected in ((still, ""), (moved, said)):
        track = replace(analysis.raw_track, xy=xy)
        found = look_at_camera(track, analysis.scene, analysis.cycle, later, capture_speed=1.0)
        assert (expected in found.voided) if expected else found.voided == ""


def test_a_zoom_from_the_rear_is_seen(synthetic_runner: Any) -> None:
    assert "the camera zoomed" in gait.analyze_track(creeping(filmed(synthetic_runner, "rear"), zoom=0.05)).drift.voided


@pytest.mark.parametrize(("view", "roll_deg", "said"), [("rear", 2.0, "turned by +"), ("front", -2.0, "turned by -")])
def test_a_camera_that_turns_behind_the_runner_is_seen(
    synthetic_runner: Any, view: str, roll_deg: float, said: str
) -> None:
    voided = gait.analyze_track(creeping(filmed(synthetic_runner, view), roll_deg=roll_deg)).drift.voided
    assert f"the runner's axis in the picture {said}" in voided


@pytest.mark.parametrize("view", ["left", "right"])
def test_the_belts_direction_turns_with_the_camera(synthetic_runner: Any, view: str) -> None:
    """Clockwise in the picture is positive, whichever way the runner goes."""
    track = creeping(filmed(synthetic_runner, view), roll_deg=3.0)
    voided = looked_at(gait.analyze_track(track)).voided
    assert "turned by +" in voided


def test_few_strides_tell_nothing_of_the_camera(synthetic_runner: Any) -> None:
    track = creeping(synthetic_runner(duration_s=8.0).film("right", noise_px=1.0), zoom=0.1)
    assert looked_at(gait.analyze_track(track)).voided == ""


def test_a_faster_belt_is_told_and_taken_into_account() -> None:
    """5 % at half-time: the program says so, and what only the belt changed isn't called drift."""
    from gait.validate.suites.drift import SETTINGS, measure

    (setting,) = (setting for setting in SETTINGS if setting.name.startswith("belt"))
    rows = {row.metric: row.estimate for row in measure(setting, 3, "test")}
    assert rows["belt_told_right"] == 1.0
    assert rows["no_drift_claimed_in_cadence_spm"] == 1.0


def test_the_speed_is_known_between_strides() -> None:
    belt = Unchanging(time_s=np.array([0.0, 10.0]), speed=np.array([1.0, 1.1]))
    found = belt.belt_speed_at(np.array([5.0]))
    assert found is not None
    assert found == pytest.approx([1.05])
    assert Unchanging().belt_speed_at(np.array([5.0])) is None


def test_leaning_is_no_zoom_from_the_rear(synthetic_runner: Any) -> None:
    """A trunk that leans further is seen shorter from behind, shoulders and hips aren't narrower."""
    track = filmed(synthetic_runner, "rear", lean_deg=7.0, lean_change_deg=6.0)
    assert gait.analyze_track(track).drift.voided == ""


def test_one_odd_stride_is_no_change_of_the_belt() -> None:
    rng = np.random.default_rng(0)
    time_s, speed = 0.7 * np.arange(150), 1 + 0.01 * rng.standard_normal(150)
    speed[0] = 1.1
    assert _belt(time_s, speed).belt == ""
    assert _belt(time_s, speed + np.where(time_s > 60, 0.06, 0.0)).belt.startswith("The belt's speed changed by +")
    speed[:8] = np.nan
    assert _belt(time_s, speed + np.where(time_s > 60, 0.06, 0.0)).belt.startswith("The belt's speed changed by +")
