"""Legs put right, outliers rejected, gaps filled: faults put into known tracks."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from gait.clean import Repair, repair
from gait.clean.repair import exchange_legs, fill_short_gaps, two_state_path
from gait.cycle import Folding
from gait.errors import TooFewStrides
from gait.model import SIDES, Track
from gait.simulate.camera import SEEN_HEIGHT_M

LEG_JOINTS = ("knee", "ankle", "heel", "foot_index")
EXCHANGED = "frames with left and right leg exchanged, put right"
REJECTED = "points far from their folded cycle, rejected"
FILLED = "points in gaps of up to 0.1 s, filled"


def exchanged_in_bursts(track: Track, *, share: float = 0.08, seed: int = 0) -> tuple[Track, NDArray[np.bool_]]:
    """The legs' keypoints exchanged in bursts of 1 to 12 frames."""
    rng, n = np.random.default_rng(seed), track.video.n_frames
    hit = np.zeros(n, dtype=bool)
    while hit.mean() < share:
        start = int(rng.integers(0, n - 12))
        hit[start : start + int(rng.integers(1, 13))] = True
    xy = np.array(track.xy)
    for joint in LEG_JOINTS:
        pair = [track.skeleton.index(f"{side}_{joint}") for side in SIDES]
        xy[np.ix_(hit, pair)] = xy[np.ix_(hit, pair[::-1])]
    return track.with_xy(xy), hit


def count(track: Track, what: str) -> int:
    return sum(entry.count for entry in track.history if entry.what == what)


class TestExchangedLegs:
    @pytest.mark.parametrize("view", ["left", "right", "rear", "front"])
    @pytest.mark.parametrize("fps", [30, 60])
    def test_are_put_right_on_a_real_runner(self, forceplate_track: Callable[..., Track], view: str, fps: int) -> None:
        """97 % of the frames in which it can be told: ankles more than 5 % of the leg's length (0.9 m) apart."""
        clean = forceplate_track(view, fps, noise_m=0.008, duration_s=12, seed=fps)
        wrong, hit = exchanged_in_bursts(clean, seed=fps)
        repaired, _ = repair(wrong, Repair(), Folding())
        left, right = (clean.point(f"{side}_ankle") for side in SIDES)
        found = repaired.point("left_ankle")
        own, other = (np.hypot(*(found - ankle).T) for ankle in (left, right))
        told = (np.hypot(*(left - right).T) > 0.05 * 0.9 * clean.video.height_px / SEEN_HEIGHT_M) & np.isfinite(own)
        assert (told & hit).sum() > 20, "the test must have something to find"
        assert (own < other)[told & hit].mean() >= 0.97
        assert (own < other)[told & ~hit].mean() >= 0.97
        assert count(repaired, EXCHANGED) == pytest.approx(hit.sum(), abs=0.03 * len(hit))

    def test_the_history_counts_each_frame_once(self, synthetic_runner: Any) -> None:
        wrong, hit = exchanged_in_bursts(synthetic_runner().film("right", noise_px=2.0), share=0.2, seed=4)
        repaired, _ = repair(wrong, Repair(), Folding())
        entries = [entry for entry in repaired.history if entry.what == EXCHANGED]
        assert len(entries) == 1
        assert entries[0].total == len(hit)
        # Where the legs pass each other a frame looks the same either way: 1 % of them.
        assert entries[0].count == pytest.approx(hit.sum(), abs=0.01 * len(hit))

    @pytest.mark.parametrize("view", ["right", "rear"])
    def test_a_good_track_is_left_alone(self, synthetic_runner: Any, view: str) -> None:
        track = synthetic_runner(stride_cv=0.015).film(view, noise_px=2.0)
        repaired, _ = repair(track, Repair(), Folding())
        assert count(repaired, EXCHANGED) == 0
        assert count(repaired, REJECTED) == 0
        assert np.array_equal(repaired.xy, track.xy)

    def test_a_later_round_takes_back_what_an_earlier_one_did_in_error(
        self, synthetic_runner: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        track = synthetic_runner(duration_s=6).film("right", noise_px=1.0)
        frames = np.arange(track.video.n_frames)
        rounds = iter([(frames >= 50) & (frames < 60), (frames >= 55) & (frames < 65)])
        module = sys.modules[repair.__module__]  # `gait.clean.repair` is also the name of the function
        monkeypatch.setattr(module, "exchanged_frames", lambda *_: next(rounds))
        monkeypatch.setattr(module, "reject_outliers", lambda track, *_: track)
        repaired, _ = repair(track, Repair(), Folding())
        left, right = (track.skeleton.index(f"{side}_ankle") for side in SIDES)
        exchanged = ((frames >= 50) & (frames < 55)) | ((frames >= 60) & (frames < 65))
        assert np.array_equal(repaired.xy[exchanged, left], track.xy[exchanged, right])
        assert np.array_equal(repaired.xy[~exchanged], track.xy[~exchanged])
        assert count(repaired, EXCHANGED) == 10

    @settings(max_examples=20, deadline=None)
    @given(st.lists(st.booleans(), min_size=90, max_size=90))
    def test_exchanging_twice_is_nothing(self, synthetic_runner: Any, mask: list[bool]) -> None:
        track = synthetic_runner(duration_s=3).film("rear")
        frames = np.array(mask)
        once = exchange_legs(track, frames)
        assert np.array_equal(exchange_legs(once, frames).xy, track.xy)
        left, right = (track.skeleton.index(f"{side}_ankle") for side in SIDES)
        assert np.array_equal(once.xy[frames, left], track.xy[frames, right])
        hips = [track.skeleton.index(f"{side}_hip") for side in SIDES]
        assert np.array_equal(once.xy[:, hips], track.xy[:, hips])


class TestTwoStatePath:
    @settings(max_examples=80, deadline=None)
    @given(
        st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=9),
        st.integers(0, 40),
    )
    def test_no_path_is_cheaper(self, costs: list[tuple[int, int]], penalty: int) -> None:
        """Against all paths of up to nine frames; a path and its mirror image (the majority named "as it is") may be
        told apart only by the number of frames."""
        table = np.array(costs, dtype=np.float64)

        def cost(path: tuple[int, ...]) -> float:
            return float(sum(table[i, s] for i, s in enumerate(path)) + penalty * np.count_nonzero(np.diff(path)))

        best = min(cost(path) for path in itertools.product((0, 1), repeat=len(costs)))
        found = two_state_path(table[:, 0], table[:, 1], penalty=penalty)
        states = tuple(int(state) for state in found)
        assert best in (cost(states), cost(tuple(1 - state for state in states)))
        assert found.sum() <= len(found) / 2

    def test_a_lone_frame_must_earn_its_two_changes(self) -> None:
        first, second = np.zeros(20), np.full(20, 100.0)
        first[7], second[7] = 50.0, 0.0
        assert two_state_path(first, second, penalty=20).tolist() == [i == 7 for i in range(20)]
        assert not two_state_path(first, second, penalty=30).any()


class TestOutliers:
    def test_wild_points_are_rejected_and_filled(self, synthetic_runner: Any) -> None:
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
        repaired, _ = repair(clean.with_xy(xy), Repair(), Folding())
        assert count(repaired, REJECTED) == wild.sum()
        assert count(repaired, EXCHANGED) == 0
        assert np.array_equal(repaired.xy[~wild], clean.xy[~wild])
        alone = wild & ~np.roll(wild, 1, axis=0) & ~np.roll(wild, -1, axis=0)
        away = np.hypot(*(repaired.xy - clean.xy)[alone].T)
        assert np.isfinite(away).all()
        assert np.median(away) < 8
        assert count(repaired, FILLED) >= alone.sum()

    def test_a_point_lost_in_a_burst_stays_unknown(self, synthetic_runner: Any) -> None:
        clean = synthetic_runner().film("right", noise_px=1.0)
        xy, k = np.array(clean.xy), clean.skeleton.index("right_heel")
        xy[200:212, k] += [120.0, -90.0]  # 0.4 s
        repaired, _ = repair(clean.with_xy(xy), Repair(), Folding())
        assert np.isnan(repaired.xy[200:212, k]).all()
        assert count(repaired, REJECTED) == 12
        assert count(repaired, FILLED) == 0


class TestGaps:
    @pytest.mark.parametrize("fps", [30, 120])
    def test_are_filled_up_to_their_length_in_seconds(self, synthetic_runner: Any, fps: int) -> None:
        track = synthetic_runner(duration_s=5).film("right", fps=fps)
        xy, k = np.array(track.xy), track.skeleton.index("left_knee")
        short, long = fps // 15, fps // 5  # 0.067 s and 0.2 s
        xy[30 : 30 + short, k] = np.nan
        xy[60 : 60 + long, k] = np.nan
        filled = fill_short_gaps(track.with_xy(xy), max_gap_s=0.1)
        assert np.isfinite(filled.xy[30 : 30 + short, k]).all()
        assert np.isnan(filled.xy[60 : 60 + long, k]).all()
        assert count(filled, FILLED) == short
        # A cubic over 0.1 s of an acceleration of up to 35 m/s2 errs by up to 35 x 0.05^2 / 2 m = 18 px.
        assert np.abs(filled.xy - track.xy)[30 : 30 + short, k].max() < 18

    def test_random_gaps_do_not_cost_the_strides(self, synthetic_runner: Any) -> None:
        """A tenth of all points missing at random, by themselves."""
        runner = synthetic_runner()
        track = runner.film("right", noise_px=1.0)
        xy = np.array(track.xy)
        gone = np.random.default_rng(0).random(xy.shape[:2]) < 0.10
        xy[gone] = np.nan
        repaired, cycle = repair(track.with_xy(xy), Repair(), Folding())
        assert cycle.period_s == pytest.approx(runner.stride_s, rel=0.002)
        inner = gone.copy()
        inner[[0, 1, -2, -1]] = False
        assert np.isfinite(repaired.xy[inner]).all(axis=1).mean() > 0.95
        assert count(repaired, FILLED) <= gone.sum()


def test_the_input_is_not_written_into(synthetic_runner: Any) -> None:
    track = synthetic_runner(duration_s=6).film("right", noise_px=1.0)
    before = np.array(track.xy)
    wrong, _ = exchanged_in_bursts(track)
    repair(wrong, Repair(), Folding())
    assert np.array_equal(track.xy, before)
    assert track.history == ()


def test_nothing_that_repeats_is_told(synthetic_runner: Any, synthetic_track: Callable[..., Track]) -> None:
    track = synthetic_runner(duration_s=5).film("right")
    with pytest.raises(TooFewStrides):
        repair(track.with_xy(np.full(track.xy.shape, np.nan)), Repair(), Folding())
