"""What must not change the metrics: which side the camera stands on, its distance, the clock, the frame rate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from gait.model import MetricSummary, MetricTable, Track

VIEWS = ["right", "rear"]
OTHER = {"left": "right", "right": "left", "both": "both"}
# By what two readings of the same runner may differ that see other frames and other noise: from the placement of 1 px
# (2.5 mm, 0.3 % of the leg) and events 3 ms off; from the rear, events 20 ms off.
REREADING = {
    "leg lengths": 0.012,
    "hip widths": 0.06,
    "deg": 1.2,
    "steps/min": 0.05,
    "s": 0.008,
    "ratio": 0.012,
    "cm": 0.6,
    "%": 5.0,
    "m": 0.025,
    "kN/m": 0.8,
}
REREADING_FRONTAL = {**REREADING, "s": 0.05, "ratio": 0.07, "%": 30.0, "m": 0.15, "kN/m": 4.0}


def pairs(
    first: MetricTable, second: MetricTable, *, swapped: bool = False
) -> list[tuple[MetricSummary, MetricSummary]]:
    """Summaries of both tables that belong together; all that the first shows the second must show."""
    found = []
    for summary in first.summary:
        twin = second.get(summary.name, OTHER[summary.side] if swapped else summary.side)  # type: ignore[arg-type]
        assert twin is not None
        assert (summary.estimate is None) == (twin.estimate is None)
        if summary.estimate is not None:
            found.append((summary, twin))
    assert len(found) >= 8
    return found


def half(summary: MetricSummary) -> float:
    assert summary.ci95 is not None
    return (summary.ci95[1] - summary.ci95[0]) / 2


@pytest.fixture(scope="module", params=VIEWS)
def filmed(request: pytest.FixtureRequest, synthetic_runner: Any) -> Track:
    """An uneven runner whose legs differ, 1 px of noise."""
    runner = synthetic_runner(stride_cv=0.015, late_right=0.015, lean_deg=9.0, duration_s=10)
    result: Track = runner.film(request.param, noise_px=1.0)
    return result


@pytest.fixture(scope="module")
def plain(filmed: Track, rooms_from: Callable[..., Any]) -> MetricTable:
    result: MetricTable = rooms_from(filmed).measure()
    return result


def test_mirroring_the_picture_swaps_the_sides(
    filmed: Track, plain: MetricTable, rooms_from: Callable[..., Any], synthetic_mirrored: Callable[[Track], Track]
) -> None:
    """To rounding of float32 pixels (0.0001 px); the bootstrap's rule error is drawn for each side anew, so the width
    may differ by the 14 % of a spread from 100 draws. Asymmetries, right less left, change their sign."""
    table = rooms_from(synthetic_mirrored(filmed)).measure()
    for summary, twin in pairs(plain, table, swapped=True):
        right_less_left = -1 if summary.name.endswith("asymmetry_pct") else 1
        assert summary.estimate == pytest.approx(right_less_left * twin.estimate, rel=2e-3, abs=2e-3), summary.name
        assert summary.n == twin.n
        assert half(summary) == pytest.approx(half(twin), rel=0.35), summary.name


@pytest.mark.parametrize("scale", [0.5])
def test_a_larger_picture_of_the_same_runner(
    filmed: Track, plain: MetricTable, rooms_from: Callable[..., Any], scale: float
) -> None:
    """Nothing but rounding; not even the scale in cm, which comes from the runner's height."""
    video = replace(
        filmed.video, width_px=int(filmed.video.width_px * scale), height_px=int(filmed.video.height_px * scale)
    )
    table = rooms_from(replace(filmed, xy=filmed.xy * scale, video=video)).measure()
    for summary, twin in pairs(plain, table):
        assert summary.estimate == pytest.approx(twin.estimate, rel=1e-3, abs=1e-4), summary.name
        assert half(summary) == pytest.approx(half(twin), rel=0.01, abs=1e-4), summary.name


@pytest.mark.parametrize("shift_s", [37.25])
def test_a_clip_cut_out_of_a_longer_one(
    filmed: Track, plain: MetricTable, rooms_from: Callable[..., Any], shift_s: float
) -> None:
    video = replace(filmed.video, file_time_s=filmed.video.file_time_s + shift_s)
    rooms = rooms_from(replace(filmed, video=video))
    table = rooms.measure()
    for summary, twin in pairs(plain, table):
        assert summary.estimate == pytest.approx(twin.estimate, rel=1e-6, abs=1e-6), summary.name
        assert summary.ci95 == pytest.approx(twin.ci95, rel=1e-6, abs=1e-6)
    np.testing.assert_allclose(table.values["time_s"], plain.values["time_s"] + shift_s, atol=1e-6)


def test_a_runner_elsewhere_in_the_picture(filmed: Track, plain: MetricTable, rooms_from: Callable[..., Any]) -> None:
    moved = filmed.with_xy(filmed.xy + np.array([140.0, -60.0], dtype=np.float32))
    for summary, twin in pairs(plain, rooms_from(moved).measure()):
        assert summary.estimate == pytest.approx(twin.estimate, rel=1e-3, abs=1e-3), summary.name


@pytest.mark.parametrize("view", VIEWS)
def test_60_and_120_frames_a_second_tell_the_same(metrics_of: Callable[..., MetricTable], view: str) -> None:
    tolerance = REREADING if view == "right" else REREADING_FRONTAL
    slow, fast = (metrics_of(view, fps=fps, noise_px=1.0, noise_seed=fps, duration_s=10.0) for fps in (60, 120))
    for summary, twin in pairs(slow, fast):
        assert summary.estimate == pytest.approx(twin.estimate, abs=tolerance[slow.info[summary.name].unit]), (
            summary.name
        )


def test_left_and_right_camera_agree_on_what_both_see(metrics_of: Callable[..., MetricTable]) -> None:
    left, right = (metrics_of(view, noise_px=1.0) for view in ("left", "right"))
    for summary, twin in pairs(left, right):
        assert summary.estimate == pytest.approx(twin.estimate, abs=REREADING[left.info[summary.name].unit]), (
            summary.name
        )


def test_rear_and_front_camera_agree_on_each_side(metrics_of: Callable[..., MetricTable]) -> None:
    rear, front = (metrics_of(view, noise_px=1.0, knee_medial_m=0.04) for view in ("rear", "front"))
    for summary, twin in pairs(rear, front):
        allowed = REREADING_FRONTAL[rear.info[summary.name].unit]
        assert summary.estimate == pytest.approx(twin.estimate, abs=allowed), summary.name
