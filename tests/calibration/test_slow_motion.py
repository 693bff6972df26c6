"""How many times slower than real a file plays."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from gait.calibration.slow_motion import GaitSigns, gait_signs, known_factors, played_fps, pushed_g, slow_motion
from gait.config import Config
from gait.cycle import fold
from gait.events import stance_phases
from gait.model import Track
from gait.scene import find_scene, judge_legs

# Files of 24 and 25 fps have common factors a fifth or a quarter apart: there very slow and fast runners are in doubt.
BY_FACTOR = [(f, 30.0, 0.95) for f in (1, 2, 4, 8)] + [(4, 60.0, 0.95), (5, 24.0, 0.6), (10, 24.0, 0.6), (4, 25.0, 0.6)]


def signs_of(track: Track, *, height_m: float | None = None) -> GaitSigns:
    """What the rooms before the calibration make of a track."""
    config = Config()
    scene, cycle = judge_legs(track, find_scene(track, config.scene), config.scene), fold(track, config.cycle)
    stances = stance_phases(track, scene, cycle, config.events, stride_s=0.73)
    return gait_signs(track, scene, cycle, stances, height_m=height_m)


class TestFactors:
    @pytest.mark.parametrize(
        ("rate", "expected"),
        [
            (30.0, {2, 4, 8, 16, 32}),
            (29.97, {2, 4, 8}),
            (24.0, {2.5, 5, 10}),
            (25.0, {2, 2.4, 4, 4.8, 9.6}),
            (60.0, {2, 4}),
        ],
    )
    def test_rates_of_cameras_over_that_of_the_file(self, rate: float, expected: set[float]) -> None:
        known = known_factors(rate)
        assert all(any(factor == pytest.approx(one, rel=0.01) for one in known) for factor in expected)

    @pytest.mark.parametrize("rate", [15.0, 24.0, 25.0, 29.97, 30.0, 50.0, 59.94, 60.0, 120.0, 240.0])
    def test_normal_speed_is_by_far_the_commonest_and_none_comes_twice(self, rate: float) -> None:
        known = known_factors(rate)
        assert known[1.0] > 5 * (sum(known.values()) - known[1.0])
        ordered = np.sort(list(known))
        assert (ordered[1:] / ordered[:-1] > 1.02).all()

    def test_a_file_of_no_usual_rate_has_only_round_factors(self) -> None:
        assert {1, 2, 2.5, 3, 4, 5, 8, 10, 16, 32} == set(known_factors(19.0))

    @pytest.mark.parametrize("dropped_share", [0.0, 0.2])
    def test_dropped_frames_do_not_change_the_rate(self, dropped_share: float) -> None:
        kept = np.random.default_rng(1).uniform(size=600) >= dropped_share
        assert played_fps(np.arange(600)[kept] / 30) == pytest.approx(30)

    def test_rates_of_50_hz_countries_are_for_their_files(self) -> None:
        assert not any(factor == pytest.approx(200 / 30, rel=0.01) for factor in known_factors(30.0))


class TestPush:
    @pytest.mark.parametrize("share", [0.3, 0.5, 0.65, 0.8, 0.95])
    def test_is_the_first_harmonic_of_falling_and_pushing(self, share: float) -> None:
        """Against the sum over one step of its own definition."""
        time = (np.arange(20000) + 0.5) / 20000
        push = np.where(time < share, np.pi / (2 * share) * np.sin(np.pi * time / share), 0.0)
        assert push.mean() == pytest.approx(1.0, abs=1e-3)  # carries the body's weight
        assert pushed_g(share) == pytest.approx(2 * abs(np.mean((push - 1) * np.exp(-2j * np.pi * time))), rel=1e-3)

    @pytest.mark.parametrize("share", [np.nan, 0.0, 0.1, 1.0, 1.24])
    def test_is_not_told_where_nobody_flies(self, share: float) -> None:
        assert np.isnan(pushed_g(share))


class TestPosterior:
    @pytest.mark.parametrize(("factor", "rate", "sure"), BY_FACTOR)
    @pytest.mark.parametrize("cadence_spm", [145.0, 165.0, 185.0, 200.0])
    def test_clean_signs_give_the_factor(self, factor: int, rate: float, sure: float, cadence_spm: float) -> None:
        found = slow_motion(GaitSigns(cadence_spm / factor, 1 / factor), played_fps=rate)
        assert found.factors[0] == pytest.approx(factor, rel=0.01)
        assert found.probability[0] > sure

    @pytest.mark.parametrize("playback_speed", [np.nan, 0.7, 1.0, 1.4])
    @pytest.mark.parametrize("cadence_spm", [138.0, 150.0, 170.0, 210.0, 240.0])
    def test_a_normal_clip_is_none_however_much_its_hips_are_held_still(
        self, cadence_spm: float, playback_speed: float
    ) -> None:
        """0.7 and 1.4 are twice the largest errors that were found from the side."""
        found = slow_motion(GaitSigns(cadence_spm, playback_speed), played_fps=30.0)
        assert found.factors[0] == 1
        assert found.probability[0] > 0.99

    def test_probabilities_are_ordered_and_sum_to_one(self) -> None:
        found = slow_motion(GaitSigns(17.6, 0.104), played_fps=30.0)
        assert list(found.probability) == sorted(found.probability, reverse=True)
        assert sum(found.probability) + found.other == pytest.approx(1)

    def test_the_slower_it_falls_the_larger_the_likeliest_factor(self) -> None:
        speeds = np.geomspace(1.0, 1 / 32, 100)
        likeliest = [slow_motion(GaitSigns(165 * speed, float(speed)), played_fps=30.0).factors[0] for speed in speeds]
        assert likeliest == sorted(likeliest)
        assert {1.0, 2.0, 4.0, 8.0, 16.0, 32.0} <= set(likeliest)

    def test_a_second_witness_decides_between_neighbours(self) -> None:
        """141 steps/min played 8 times slower is 176 played 10 times slower: the cadence alone can't tell."""
        alone, eight, ten = (slow_motion(GaitSigns(17.6, speed), played_fps=30.0) for speed in (np.nan, 1 / 8, 1 / 10))
        assert alone.probability[0] < 0.95
        assert eight.factors[0] == 8
        assert eight.probability[0] > 0.95
        assert ten.factors[0] == 10
        assert ten.probability[0] < 0.95  # files of 30 fps are seldom played 10 times slower

    def test_a_factor_that_nobody_uses_is_none_of_them(self) -> None:
        found = slow_motion(GaitSigns(165 / 12.6, 1 / 12.6), played_fps=30.0)
        assert found.other > 0.5
        assert found.probability[0] < 0.5

    def test_a_less_sure_fall_tells_less(self) -> None:
        sure, unsure = (slow_motion(GaitSigns(17.5, 1 / 8, spread), played_fps=30.0) for spread in (0.08, 0.4))
        assert unsure.probability[0] < sure.probability[0]


class TestSigns:
    @pytest.mark.parametrize("view", ["right", "rear"])
    @pytest.mark.parametrize("capture_speed", [1.0, 0.5, 0.125])
    def test_follow_the_file_clock(self, synthetic_runner: Any, view: str, capture_speed: float) -> None:
        runner = synthetic_runner(cadence_spm=164.0, duration_s=12)
        signs, real = (
            signs_of(runner.film(view, fps=60, noise_px=0.5, capture_speed=speed)) for speed in (capture_speed, 1.0)
        )
        assert signs.cadence_spm == pytest.approx(164.0 * capture_speed, rel=0.001)
        assert signs.playback_speed == pytest.approx(real.playback_speed * capture_speed, rel=0.01)

    def test_a_taller_runner_falls_faster(self, synthetic_runner: Any) -> None:
        """The same picture of somebody of twice the size: as the root of the size."""
        track = synthetic_runner(duration_s=12).film("right", fps=60)
        small, tall = (signs_of(track, height_m=height_m) for height_m in (1.0, 2.0))
        assert tall.playback_speed == pytest.approx(np.sqrt(2) * small.playback_speed, rel=1e-6)

    def test_without_shoulders_there_is_only_the_cadence(self, synthetic_runner: Any) -> None:
        track = synthetic_runner(duration_s=12).film("right", fps=60)
        whole = signs_of(track)
        xy = np.array(track.xy)
        xy[:, [track.skeleton.index(f"{side}_shoulder") for side in ("left", "right")]] = np.nan
        config = Config()
        scene, cycle = judge_legs(track, find_scene(track, config.scene), config.scene), fold(track, config.cycle)
        stances = stance_phases(track, scene, cycle, config.events, stride_s=0.73)
        signs = gait_signs(replace(track, xy=xy), scene, cycle, stances, height_m=None)
        assert np.isnan(signs.playback_speed)
        assert signs.cadence_spm == whole.cadence_spm
