"""Legs put right, outliers rejected, gaps filled: faults put into known tracks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gait.clean.identity import exchange_legs
from gait.clean.repair import fill_short_gaps
from gait.errors import TooFewStrides
from gait.model import SIDES, Track

LEG_JOINTS = ("knee", "ankle", "heel", "foot_index")


class TestOutliers:
    def test_wild_points_are_rejected_and_filled(self, synthetic_runner: Any, mended: Any, count: Any) -> None:
        """A wild point 0.4 trunk lengths (80 px) away in 3 % of the frames of each leg point; all are found, no good
        ones, and what is filled in lies within 8 px (2 cm) of where the joint was (a foot moves by 40 px a frame)."""
        clean = synthetic_runner().film("right", noise_px=1.0)
        rng = np.random.default_rng(2)
        xy, wild = np.array(clean.xy), np.zeros(clean.xy.shape[:2], dtype=bool)
        for joint in LEG_JOINTS:
            for side in SIDES:
                k = clean.skeleton.index(f"{side}_{joint}")
                wild[3:-3, k] = rng.random(len(xy) - 6) < 0.03
        xy[wild] += 80 * rng.choice([-1, 1], (wild.sum(), 2))
        repaired, _ = mended(clean.with_xy(xy))
        assert count(repaired, "rejected") == wild.sum()
        assert count(repaired, "exchanged") == 0
        assert np.array_equal(repaired.xy[~wild], clean.xy[~wild])
        alone = wild & ~np.roll(wild, 1, axis=0) & ~np.roll(wild, -1, axis=0)
        away = np.hypot(*(repaired.xy - clean.xy)[alone].T)
        assert np.isfinite(away).all()
        assert np.median(away) < 8
        assert count(repaired, "filled") >= alone.sum()

    def test_a_point_lost_in_a_burst_stays_unknown(self, synthetic_runner: Any, mended: Any, count: Any) -> None:
        clean = synthetic_runner().film("right", noise_px=1.0)
        xy, k = np.array(clean.xy), clean.skeleton.index("right_heel")
        xy[200:212, k] += [120.0, -90.0]  # 0.4 s
        repaired, _ = mended(clean.with_xy(xy))
        assert np.isnan(repaired.xy[200:212, k]).all()
        assert count(repaired, "rejected") == 12
        assert count(repaired, "filled") == 0
        (entry,) = (entry for entry in repaired.history if "rejected" in entry.what)
        (span,) = entry.spans_s
        assert span == pytest.approx((200 / 30, 211 / 30))


class TestGaps:
    @pytest.mark.parametrize("fps", [30, 120])
    def test_are_filled_up_to_their_length_in_seconds(self, synthetic_runner: Any, fps: int, count: Any) -> None:
        track = synthetic_runner(duration_s=5).film("right", fps=fps)
        xy, k = np.array(track.xy), track.skeleton.index("left_knee")
        short, long = fps // 15, fps // 5  # 0.067 s and 0.2 s
        xy[30 : 30 + short, k] = np.nan
        xy[60 : 60 + long, k] = np.nan
        filled = fill_short_gaps(track.with_xy(xy), max_gap_s=0.1)
        assert np.isfinite(filled.xy[30 : 30 + short, k]).all()
        assert np.isnan(filled.xy[60 : 60 + long, k]).all()
        assert count(filled, "filled") == short
        (entry,) = filled.history
        (span,) = entry.spans_s
        assert span == pytest.approx((30 / fps, (30 + short - 1) / fps))
        # A cubic over 0.1 s of an acceleration of up to 35 m/s2 errs by up to 35 x 0.05^2 / 2 m = 18 px.
        assert np.abs(filled.xy - track.xy)[30 : 30 + short, k].max() < 18

    def test_random_gaps_do_not_cost_the_strides(self, synthetic_runner: Any, mended: Any, count: Any) -> None:
        """A tenth of all points missing at random, by themselves."""
        runner = synthetic_runner()
        track = runner.film("right", noise_px=1.0)
        xy = np.array(track.xy)
        gone = np.random.default_rng(0).random(xy.shape[:2]) < 0.10
        xy[gone] = np.nan
        repaired, cycle = mended(track.with_xy(xy))
        assert cycle.period_s == pytest.approx(runner.stride_s, rel=0.002)
        inner = gone.copy()
        inner[[0, 1, -2, -1]] = False
        assert np.isfinite(repaired.xy[inner]).all(axis=1).mean() > 0.95
        assert count(repaired, "filled") <= gone.sum()


def test_the_input_is_not_written_into(synthetic_runner: Any, mended: Any) -> None:
    track = synthetic_runner(duration_s=6).film("right", noise_px=1.0)
    wrong = track.with_xy(exchange_legs(track, np.arange(track.video.n_frames) % 12 < 3).xy)
    before = np.array(wrong.xy)
    mended(wrong)
    assert np.array_equal(wrong.xy, before)
    assert wrong.history == ()


def test_nothing_that_repeats_is_told(
    synthetic_runner: Any, synthetic_track: Callable[..., Track], mended: Any
) -> None:
    track = synthetic_runner(duration_s=5).film("right")
    with pytest.raises(TooFewStrides):
        mended(track.with_xy(np.full(track.xy.shape, np.nan)))
