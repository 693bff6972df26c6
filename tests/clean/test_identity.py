"""Legs told apart: exchanges put into known tracks."""

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

from gait.clean import repair
from gait.clean.identity import exchange_legs, tell_apart, two_state_path
from gait.cycle import Folding, step_phase
from gait.model import SIDES, Track
from gait.simulate.camera import SEEN_HEIGHT_M

LEG_JOINTS = ("knee", "ankle", "heel", "foot_index")


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


class TestExchangedLegs:
    @pytest.mark.parametrize("view", ["left", "right", "rear", "front"])
    @pytest.mark.parametrize("fps", [30, 60])
    def test_are_put_right_on_a_real_runner(
        self, forceplate_track: Callable[..., Track], view: str, fps: int, mended: Any, count: Any
    ) -> None:
        """97 % of the frames in which it can be told: ankles more than 5 % of the leg's length (0.9 m) apart."""
        clean = forceplate_track(view, fps, noise_m=0.008, duration_s=12, seed=fps)
        wrong, hit = exchanged_in_bursts(clean, seed=fps)
        repaired, _ = mended(wrong)
        left, right = (clean.point(f"{side}_ankle") for side in SIDES)
        found = repaired.point("left_ankle")
        own, other = (np.hypot(*(found - ankle).T) for ankle in (left, right))
        told = (np.hypot(*(left - right).T) > 0.05 * 0.9 * clean.video.height_px / SEEN_HEIGHT_M) & np.isfinite(own)
        assert (told & hit).sum() > 20, "the test must have something to find"
        assert (own < other)[told & hit].mean() >= 0.97
        assert (own < other)[told & ~hit].mean() >= 0.97
        assert count(repaired, "exchanged") == pytest.approx(hit.sum(), abs=0.03 * len(hit))

    def test_the_history_counts_each_frame_once(self, synthetic_runner: Any, mended: Any) -> None:
        wrong, hit = exchanged_in_bursts(synthetic_runner().film("right", noise_px=2.0), share=0.2, seed=4)
        repaired, _ = mended(wrong)
        entries = [entry for entry in repaired.history if "exchanged" in entry.what]
        assert len(entries) == 1
        assert entries[0].total == len(hit)
        # Where the legs pass each other a frame looks the same either way: 1 % of them.
        assert entries[0].count == pytest.approx(hit.sum(), abs=0.01 * len(hit))

    @pytest.mark.parametrize("view", ["right", "rear"])
    def test_a_good_track_is_left_alone(self, synthetic_runner: Any, view: str, mended: Any, count: Any) -> None:
        track = synthetic_runner(stride_cv=0.015).film(view, noise_px=2.0)
        repaired, _ = mended(track)
        assert count(repaired, "exchanged") == 0
        assert count(repaired, "rejected") == 0
        assert np.array_equal(repaired.xy, track.xy)

    def test_a_later_round_takes_back_what_an_earlier_one_did_in_error(
        self, synthetic_runner: Any, monkeypatch: pytest.MonkeyPatch, mended: Any, count: Any
    ) -> None:
        track = synthetic_runner(duration_s=6).film("right", noise_px=1.0)
        frames = np.arange(track.video.n_frames)
        rounds = iter([(frames >= 50) & (frames < 60), (frames >= 55) & (frames < 65)])
        module = sys.modules[repair.__module__]  # `gait.clean.repair` is also the name of the function
        monkeypatch.setattr(module, "exchanged_frames", lambda *_, **__: next(rounds))
        monkeypatch.setattr(module, "reject_outliers", lambda track, *_: track)
        exchanged = ((frames >= 50) & (frames < 55)) | ((frames >= 60) & (frames < 65))
        monkeypatch.setattr(module, "tell_apart", lambda *_, **__: exchanged)  # finds the same, so nothing starts anew
        repaired, _ = mended(track)
        left, right = (track.skeleton.index(f"{side}_ankle") for side in SIDES)
        assert np.array_equal(repaired.xy[exchanged, left], track.xy[exchanged, right])
        assert np.array_equal(repaired.xy[~exchanged], track.xy[~exchanged])
        assert count(repaired, "exchanged") == 10

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


class TestTellApart:
    """Nothing of the tracks but the legs' names is changed, so whatever was exchanged must come out, frame by frame."""

    @pytest.mark.parametrize("view", ["left", "right", "rear", "front"])
    @pytest.mark.parametrize("share", [0.1, 0.3, 0.45])
    def test_any_exchange_is_found(self, synthetic_runner: Any, view: str, share: float) -> None:
        """In single frames drawn at random, where the penalty for a change speaks against them most: a lone frame in
        which a foot lands may gain just less than the two changes cost."""
        track = synthetic_runner(stride_cv=0.01).film(view, noise_px=2.0)
        exchanged = np.random.default_rng(int(100 * share)).random(track.video.n_frames) < share
        told = told_apart(exchange_legs(track, exchanged), view)
        assert np.count_nonzero(told != exchanged) <= (share == 0.45)

    @pytest.mark.parametrize("view", ["right", "rear"])
    def test_exchanges_always_at_the_same_phase_are_found(self, synthetic_runner: Any, view: str) -> None:
        """The last 0.2 of each leg's swing, always: there no frame shows the legs under their own names."""
        runner = synthetic_runner()
        track = runner.film(view, noise_px=2.0)
        exchanged = runner.phase(track.video.file_time_s) % 0.5 > 0.3
        assert exchanged.mean() == pytest.approx(0.4, abs=0.05)
        assert told_apart(exchange_legs(track, exchanged), view) == pytest.approx(exchanged, abs=0)

    def test_legs_that_hide_each_other_do_not_break_the_chain(self, synthetic_runner: Any) -> None:
        """While they pass, both legs are seen in one place, so that there nothing tells which is which; the two halves
        of the stride, each by itself, are named at random. Half a stride later the other leg is ahead."""
        runner = synthetic_runner()
        track = runner.film("right", noise_px=2.0)
        apart = np.abs((track.point("left_ankle") - track.point("right_ankle"))[:, 0])
        xy, passing = np.array(track.xy), apart < np.quantile(apart, 0.3)
        for joint in LEG_JOINTS:
            left, right = (track.skeleton.index(f"{side}_{joint}") for side in SIDES)
            xy[passing, left] = xy[passing, right]
        halves = np.floor(2 * runner.phase(track.video.file_time_s) + 0.5).astype(int)
        exchanged = np.random.default_rng(5).random(halves.max() + 1)[halves] < 0.35
        found = told_apart(exchange_legs(track.with_xy(xy), exchanged), "right")
        assert np.array_equal(found[~passing], exchanged[~passing])

    def test_gaps_do_not_matter(self, synthetic_runner: Any) -> None:
        track = synthetic_runner().film("left", noise_px=2.0)
        rng = np.random.default_rng(3)
        exchanged = np.repeat(rng.random(track.video.n_frames // 6) < 0.2, 6)  # bursts of 0.2 s
        xy = np.array(exchange_legs(track, exchanged).xy)
        lost = rng.random(xy.shape[:2]) < 0.2
        xy[lost] = np.nan
        xy[120:150] = np.nan
        seen = np.isfinite(xy[:, [track.skeleton.index(f"{side}_ankle") for side in SIDES]]).all(axis=(1, 2))
        found = told_apart(track.with_xy(xy), "left")
        assert (found == exchanged)[
            seen
        ].mean() > 0.98  # a frame of which half of the points are lost may be told wrong


def told_apart(track: Track, view: str) -> NDArray[np.bool_]:
    return tell_apart(track, step_phase(track, Folding()), penalty=30.0, is_frontal=view in ("rear", "front"))
