"""Phase and folded cycle against runners whose every stride is known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gait.cycle import Folding, fold, half_width, steady, stride_draws, stride_period_s, stride_phase, time_at_phase
from gait.errors import TooFewStrides
from gait.model import Cycle, Track

SETTINGS = Folding()


@pytest.fixture(scope="module")
def folded(synthetic_runner: Any) -> tuple[Any, Track, Cycle]:
    """20 s of an uneven runner at 30 fps with 1 px (2.5 mm) noise."""
    runner = synthetic_runner(stride_cv=0.02, seed=3)
    track = runner.film("right", noise_px=1.0)
    return runner, track, fold(track, SETTINGS)


class TestStridePeriod:
    @pytest.mark.parametrize("cadence_spm", [132, 150, 165, 181.5, 200, 228])
    @pytest.mark.parametrize("view", ["right", "rear"])
    def test_finds_the_stride_and_not_the_step_nor_two_strides(
        self, synthetic_runner: Any, view: str, cadence_spm: float
    ) -> None:
        """To 2 %: it only starts the phase, which is sharpened afterwards."""
        track = synthetic_runner(cadence_spm=cadence_spm).film(view, noise_px=2.0)
        period_s, repeats = stride_period_s(track, SETTINGS)
        assert period_s == pytest.approx(120 / cadence_spm, rel=0.02)
        assert repeats > 0.9

    def test_a_limping_runner_still_has_one_stride(self, synthetic_runner: Any) -> None:
        track = synthetic_runner(late_right=0.05).film("right", noise_px=2.0)
        assert stride_period_s(track, SETTINGS)[0] == pytest.approx(120 / 165, rel=0.02)

    def test_slow_motion_is_found_in_file_time(self, synthetic_runner: Any) -> None:
        track = synthetic_runner().film("left", fps=240, capture_speed=1 / 8, noise_px=1.0)
        assert stride_period_s(track, SETTINGS)[0] == pytest.approx(8 * 120 / 165, rel=0.02)


class TestPhase:
    @pytest.mark.parametrize("fps", [30, 60, 120])
    def test_counts_the_strides_that_were_run(self, synthetic_runner: Any, fps: float) -> None:
        """Against the true phase, 1 px noise: 0.3 % of a stride is 2 ms, anywhere in the clip, its ends included."""
        runner = synthetic_runner(duration_s=15)
        track = runner.film("right", fps=fps, noise_px=1.0)
        phase = stride_phase(track, SETTINGS)
        off = phase - runner.phase(track.video.file_time_s)
        assert np.ptp(off) < 0.003
        assert (np.diff(phase) > 0).all()

    @pytest.mark.parametrize("change_spm", [-8.0, 8.0])
    def test_follows_a_rate_that_changes_up_to_the_ends(self, synthetic_runner: Any, change_spm: float) -> None:
        """5 % faster in 15 s: within 0.7 % of a stride (5 ms). The first and last stride once kept the mean rate:
        14 ms off."""
        runner = synthetic_runner(duration_s=15, cadence_change_spm=change_spm)
        track = runner.film("right", fps=60, noise_px=1.0)
        off = stride_phase(track, SETTINGS) - runner.phase(track.video.file_time_s)
        assert np.abs(off - np.median(off)).max() < 0.007

    def test_follows_strides_that_differ_in_length(self, folded: tuple[Any, Track, Cycle]) -> None:
        """Strides of 2 % SD; the window of one and a half strides smooths them, so single ones are off by their own
        1.5 %, the worst of 27 by three times as much, and no error adds up."""
        runner, track, cycle = folded
        off = cycle.phase - runner.phase(track.video.file_time_s)
        off -= np.median(off)
        assert np.sqrt((off**2).mean()) < 0.015
        assert np.abs(off).max() < 0.045

    def test_a_long_burst_of_exchanged_legs_is_not_half_a_stride(self, synthetic_runner: Any) -> None:
        """20 of 24 frames with the legs exchanged (0.8 s, more than a stride): within a window of two strides they once
        outnumbered the others, and the phase slipped. It must come back to 3 % of a stride in between and after."""
        runner = synthetic_runner(duration_s=15)
        track = runner.film("right", noise_px=1.0)
        order = np.arange(len(track.skeleton.names)).reshape(-1, 2)[:, ::-1].ravel()  # left and right are neighbours
        hit = np.zeros(len(track.xy), dtype=bool)
        hit[200:224], hit[[208, 209, 216, 217]] = True, False
        xy = np.array(track.xy)
        xy[hit] = xy[hit][:, order]
        off = stride_phase(track.with_xy(xy), SETTINGS) - runner.phase(track.video.file_time_s)
        assert np.ptp(off) < 0.03

    def test_a_gap_does_not_lose_count(self, synthetic_runner: Any) -> None:
        runner = synthetic_runner()
        track = runner.film("right", noise_px=1.0)
        xy = np.array(track.xy)
        xy[250:290] = np.nan  # 1.3 s, nearly two strides
        holed = track.with_xy(xy)
        off = stride_phase(holed, SETTINGS) - runner.phase(track.video.file_time_s)
        assert np.ptp(np.r_[off[:245], off[295:]]) < 0.03

    def test_starts_in_the_first_stride(self, folded: tuple[Any, Track, Cycle]) -> None:
        _, track, cycle = folded
        assert 0 <= cycle.phase[0] < 1
        whole = time_at_phase(cycle, track.video.file_time_s, np.arange(1, len(cycle.stride_start_s)))
        np.testing.assert_allclose(whole, cycle.stride_start_s[: len(whole)], atol=1e-9)

    def test_outside_of_the_clip_there_is_no_time(self, folded: tuple[Any, Track, Cycle]) -> None:
        _, track, cycle = folded
        outside = time_at_phase(cycle, track.video.file_time_s, np.array([cycle.phase[0] - 0.1, cycle.phase[-1] + 0.1]))
        assert np.isnan(outside).all()


class TestFold:
    @pytest.mark.parametrize("name", ["left_ankle", "right_heel", "right_knee", "left_hip"])
    def test_the_mean_cycle_is_the_runners(
        self, synthetic_runner: Any, folded: tuple[Any, Track, Cycle], name: str
    ) -> None:
        """Without noise and stride variation the truth at the same phases; 2 % of stride time shifts the fast foot
        (1500 px per stride) by at most 1500 x 0.002 = 3 px, RMS over the cycle."""
        runner, track, cycle = folded
        phase = runner.phase(track.video.file_time_s)
        shift = float(np.median(phase - cycle.phase))
        even = synthetic_runner(first_contact_s=0.0)
        film = even.film("right", fps=550)  # 400 frames in a stride of 0.727 s
        k = track.skeleton.index(name)
        truth = film.xy[:, k]
        at = even.phase(film.video.file_time_s)
        one = (at >= 1) & (at < 2)
        shown = [np.interp((cycle.grid + shift) % 1, at[one] % 1, column, period=1) for column in truth[one].T]
        off = cycle.mean[k] - np.column_stack(shown)
        off -= off.mean(axis=0)  # `steady` keeps the pelvis' median place, not its height of one stride
        assert np.sqrt((off**2).mean()) < 3.0

    def test_the_band_holds_the_noise_it_comes_from(self, synthetic_runner: Any) -> None:
        """Over 12 draws of 2 px noise 95 % of the folded points lie within the band of the noise-free curve; the knee's
        and hip's cycles are exactly those of the fit, so only noise is off (88 to 99 %, neighbours correlated)."""
        runner = synthetic_runner(duration_s=8)
        clean = fold(runner.film("right"), SETTINGS)
        k = 5  # right knee
        inside = []
        for seed in range(12):
            noisy = fold(runner.film("right", noise_px=2.0, noise_seed=seed), SETTINGS, phase=np.array(clean.phase))
            inside.append(np.abs(noisy.mean[k] - clean.mean[k]) <= noisy.band[k])
        assert 0.88 <= np.mean(inside) <= 0.995

    def test_noise_comes_out_as_the_residual(self, synthetic_runner: Any) -> None:
        """The robust spread of 2 px noise, 600 frames: standard error 5 %, and the heel's own phase jitter adds."""
        cycle = fold(synthetic_runner().film("right", noise_px=2.0), SETTINGS)
        ankles = cycle.residual_px[6:8]
        assert np.all((ankles > 1.7) & (ankles < 2.6))

    def test_a_given_phase_is_kept(self, folded: tuple[Any, Track, Cycle]) -> None:
        _, track, cycle = folded
        again = fold(track, SETTINGS, phase=np.array(cycle.phase))
        assert np.array_equal(again.phase, cycle.phase)
        assert np.array_equal(again.mean, cycle.mean, equal_nan=True)

    def test_a_runner_who_crosses_the_picture_runs_in_place(self, synthetic_runner: Any) -> None:
        runner = synthetic_runner(duration_s=8)
        standing = runner.film("right")
        crossing = standing.with_xy(standing.xy + np.outer(standing.video.file_time_s, [90.0, 0.0])[:, None, :])
        for name in ("right_ankle", "left_heel"):
            still, moving = (steady(t, name, window_s=120 / 165) for t in (standing, crossing))
            off = moving - still
            # 90 px/s over a frame of 1/30 s, half of it at each end of the window: within 2 px of a constant.
            assert np.ptp(off[:, 0]) < 2.0
            assert np.ptp(off[:, 1]) < 1e-3

    @pytest.mark.parametrize(
        ("what", "of_truth"),
        [("half of the frames with noise", 0.5), ("elsewhere in 3 of 10 frames", 0.3)],
    )
    def test_wild_frames_do_not_pull_the_cycle(self, synthetic_runner: Any, what: str, of_truth: float) -> None:
        """The right ankle 200 px off in 30 % (or noisy by 8 px in half) of the frames: folded within 3 px RMS."""
        track = synthetic_runner(duration_s=20).film("right", noise_px=1.0)
        clean = fold(track, SETTINGS)
        rng = np.random.default_rng(1)
        xy, k = np.array(track.xy), track.skeleton.index("right_ankle")
        hit = rng.random(len(xy)) < of_truth
        away = rng.normal(0, 8, (hit.sum(), 2)) if of_truth == 0.5 else rng.choice([-200.0, 200.0], (hit.sum(), 2))
        xy[hit, k] += away
        wild = fold(track.with_xy(xy), SETTINGS)
        shift = float(np.median(wild.phase - clean.phase))
        assert abs(shift) < 0.005, what
        assert np.sqrt(((wild.mean[k] - clean.mean[k]) ** 2).mean()) < 3.0


class TestNothingToFold:
    def make(self, synthetic_runner: Any, change: Callable[[np.ndarray], np.ndarray]) -> Track:
        track = synthetic_runner(duration_s=10).film("right", noise_px=1.0)
        return track.with_xy(change(np.array(track.xy)))

    @pytest.mark.parametrize(
        "change",
        [
            lambda xy: np.full_like(xy, np.nan),
            lambda xy: np.zeros_like(xy),
            lambda xy: np.repeat(xy[:1], len(xy), axis=0),
            lambda xy: np.random.default_rng(0).normal(300, 80, xy.shape),
            lambda xy: np.cumsum(np.random.default_rng(0).normal(0, 3, xy.shape), axis=0),
        ],
        ids=["nothing seen", "all at one place", "standing", "noise", "random walk"],
    )
    def test_is_told(self, synthetic_runner: Any, change: Callable[[np.ndarray], np.ndarray]) -> None:
        with pytest.raises(TooFewStrides, match="no repeated stride was found"):
            fold(self.make(synthetic_runner, change), SETTINGS)

    @pytest.mark.parametrize("n_frames", [0, 1, 2, 20])
    def test_a_clip_without_three_strides_is_told(
        self, synthetic_runner: Any, synthetic_track: Callable[..., Track], n_frames: int
    ) -> None:
        track = synthetic_runner().film("right")
        short = synthetic_track(track.xy[:n_frames], track.video.file_time_s[:n_frames], fps=30)
        with pytest.raises(TooFewStrides, match="film 20 s or more"):
            fold(short, SETTINGS)


class TestDraws:
    @settings(max_examples=30, deadline=None)
    @given(n_strides=st.integers(1, 60))
    def test_every_draw_takes_as_many_strides_as_there_are(self, n_strides: int) -> None:
        draws = stride_draws(n_strides)
        assert (draws.sum(axis=1) == n_strides).all()
        assert np.array_equal(draws, stride_draws(n_strides)), "the same clip gives the same interval"

    def test_half_width_covers_the_mean_of_few_strides(self) -> None:
        """400 samples of 6 normal values: their interval holds the mean in 95 %. The bootstrap's spread of six values
        itself scatters, which allows 90 to 98 %."""
        rng = np.random.default_rng(0)
        values = rng.normal(0, 1, (400, 6))
        counts = stride_draws(6, n_draws=100)
        covered = [abs(v.mean()) <= half_width(counts @ v / 6, 6) for v in values]
        assert 0.90 <= np.mean(covered) <= 0.98

    def test_half_width_is_unknown_without_draws(self) -> None:
        assert np.isnan(half_width(np.array([np.nan, np.nan]), 10))
        assert np.isnan(half_width(np.array([1.0, np.nan]), 10))
