"""Array maths against what can be computed by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from gait.signals import (
    angle_from_vertical_deg,
    evaluate_cycle,
    fill_gaps,
    fit_cycle,
    fit_cycle_draws,
    harmonics,
    lowpass,
    median_of_known,
    moving_average,
    robust_sd,
    runs,
    spread_of_known,
    turn_deg,
)

Array = NDArray[np.float64]
numbers = st.floats(-1e4, 1e4, allow_nan=False, width=32)
quick = settings(max_examples=40, deadline=None)


def clock(n: int, fps: float, *, uneven: bool, seed: int = 0) -> Array:
    """Time stamps from 3.7 s on; uneven ones are off by up to a fifth of a frame, as phones write them."""
    off = np.random.default_rng(seed).uniform(-0.2, 0.2, n) if uneven else 0.0
    return 3.7 + (np.arange(n) + off) / fps


def series(seed: int, n_harmonics: int = 6) -> Array:
    """Coefficients of a smooth cycle whose harmonics fall off with the square of their order, as limbs' do."""
    rng = np.random.default_rng(seed)
    size = 100 / np.arange(1, n_harmonics + 1) ** 2
    return np.r_[rng.normal(300, 100), rng.normal(0, size), rng.normal(0, size)]


def wave(coefficients: Array, phase: Array) -> Array:
    """A Fourier series by its definition, apart from the code under test."""
    half = (len(coefficients) - 1) // 2
    turns = 2 * np.pi * np.outer(phase, np.arange(1, half + 1))
    return coefficients[0] + np.cos(turns) @ coefficients[1 : 1 + half] + np.sin(turns) @ coefficients[1 + half :]


class TestLowpass:
    @quick
    @given(value=numbers, cutoff_hz=st.floats(1, 12), uneven=st.booleans())
    def test_keeps_a_constant(self, value: float, cutoff_hz: float, uneven: bool) -> None:
        time_s = clock(120, 30, uneven=uneven)
        smooth = lowpass(np.full(120, value), time_s, cutoff_hz=cutoff_hz)
        np.testing.assert_allclose(smooth, value, rtol=1e-9, atol=1e-9)

    @quick
    @given(slow_hz=st.floats(0.3, 1.2), turn=st.floats(0, 6.28), fps=st.sampled_from([60, 120, 240]))
    def test_leaves_phase_and_size_of_a_slow_sine(self, slow_hz: float, turn: float, fps: int) -> None:
        """At a fifth of the cut-off a double second-order Butterworth takes off 1 / (1 + 0.2^4) - 1 = 0.16 %."""
        time_s = clock(4 * fps, fps, uneven=False)
        wanted = np.sin(2 * np.pi * slow_hz * time_s + turn)
        inner = slice(fps, -fps)  # the filter's ends settle for about a period of the cut-off
        smooth = lowpass(wanted, time_s, cutoff_hz=6.0)[inner]
        basis = np.column_stack([f(2 * np.pi * slow_hz * time_s[inner] + turn) for f in (np.sin, np.cos)])
        size, lag = np.linalg.lstsq(basis, smooth, rcond=None)[0]
        assert size == pytest.approx(1, abs=0.004)
        assert lag == pytest.approx(0, abs=1e-3)

    def test_halves_the_power_at_its_cut_off(self) -> None:
        """After the correction for two passes the gain at the cut-off is that of one filter, 0.7071."""
        time_s = clock(2400, 240, uneven=False)
        smooth = lowpass(np.sin(2 * np.pi * 6 * time_s), time_s, cutoff_hz=6.0)[480:-480]
        assert np.sqrt(2) * smooth.std() == pytest.approx(np.sqrt(0.5), abs=0.002)

    def test_takes_off_the_noise_above(self) -> None:
        time_s = clock(600, 60, uneven=False)
        noise = np.sin(2 * np.pi * 20 * time_s)
        assert np.abs(lowpass(noise, time_s, cutoff_hz=6.0)[60:-60]).max() < 0.01

    def test_runs_between_gaps_are_filtered_by_themselves(self) -> None:
        time_s = clock(200, 60, uneven=False)
        values = np.where(np.arange(200) < 100, 0.0, 50.0)
        values[95:105] = np.nan
        smooth = lowpass(values, time_s, cutoff_hz=5.0)
        assert np.array_equal(np.isnan(smooth), np.isnan(values))
        np.testing.assert_allclose(smooth[:95], 0, atol=1e-9)
        np.testing.assert_allclose(smooth[105:], 50, atol=1e-9)

    def test_every_column_alike_and_the_argument_untouched(self) -> None:
        time_s = clock(90, 30, uneven=True)
        values = np.random.default_rng(1).normal(size=(90, 2, 3))
        before = values.copy()
        smooth = lowpass(values, time_s, cutoff_hz=4.0)
        assert np.array_equal(values, before)
        np.testing.assert_allclose(smooth[:, 1, 2], lowpass(values[:, 1, 2], time_s, cutoff_hz=4.0), atol=1e-12)

    @pytest.mark.parametrize("n", [0, 1, 12])
    def test_what_is_too_short_is_kept(self, n: int) -> None:
        values = np.arange(n, dtype=np.float64) ** 2
        assert np.array_equal(lowpass(values, clock(n, 30, uneven=False), cutoff_hz=3.0), values)


class TestFillGaps:
    @quick
    @given(
        st.lists(st.one_of(numbers, st.just(np.nan)), min_size=5, max_size=60),
        st.floats(0.03, 0.5),
        st.booleans(),
    )
    def test_never_touches_known_values_nor_longer_gaps(
        self, values: list[float], max_gap_s: float, uneven: bool
    ) -> None:
        given_values = np.array(values)
        time_s = clock(len(values), 30, uneven=uneven)
        filled = fill_gaps(given_values, time_s, max_gap_s=max_gap_s)
        known = np.isfinite(given_values)
        assert np.array_equal(filled[known], given_values[known])
        for start, stop in runs(~known):
            inside = start > 0 and stop < len(values) and known.sum() >= 4
            short = inside and time_s[stop] - time_s[start - 1] <= max_gap_s
            long = not inside or time_s[stop] - time_s[start - 1] > max_gap_s + 1e-6
            if short:
                low, high = sorted(given_values[[start - 1, stop]])
                assert ((filled[start:stop] >= low - 1e-6) & (filled[start:stop] <= high + 1e-6)).all()
            if long:
                assert np.isnan(filled[start:stop]).all()

    @pytest.mark.parametrize(("n_missing", "filled"), [(1, True), (2, True), (3, False), (6, False)])
    def test_a_gap_is_as_long_as_the_time_between_the_known_values(self, n_missing: int, filled: bool) -> None:
        """At 30 fps two missing frames are 0.1 s between known ones, three are 0.133 s."""
        values = np.sin(np.arange(30) / 5)
        values[10 : 10 + n_missing] = np.nan
        result = fill_gaps(values, clock(30, 30, uneven=False), max_gap_s=0.1)
        assert np.isfinite(result).all() == filled

    def test_a_gap_in_a_straight_line_is_the_line(self) -> None:
        time_s = clock(40, 30, uneven=True)
        line = 3 * time_s - 5
        holed = line.copy()
        holed[[10, 11, 25]] = np.nan
        np.testing.assert_allclose(fill_gaps(holed, time_s, max_gap_s=0.15), line, atol=1e-9)


class TestRunsAndSpreads:
    @quick
    @given(st.lists(st.booleans(), max_size=40))
    def test_runs_cover_exactly_what_is_true(self, mask: list[bool]) -> None:
        found = np.zeros(len(mask), dtype=bool)
        previous_stop = -1
        for start, stop in runs(np.array(mask, dtype=bool)):
            assert start > previous_stop, "runs that touch are one run"
            found[start:stop], previous_stop = True, stop
        assert found.tolist() == mask

    def test_robust_sd_is_the_sd_of_normal_noise_and_ignores_a_fifth_of_wild_values(self) -> None:
        """Standard error of the MAD at n = 20000 is 0.8 %; a fifth of outliers inflates it by at most 40 %."""
        noise = np.random.default_rng(3).normal(7, 2, 20000)
        assert robust_sd(noise) == pytest.approx(2, rel=0.03)
        noise[::5] = 1e6
        assert robust_sd(noise) < 2 * 1.4

    def test_robust_sd_by_column_is_that_of_each_column(self) -> None:
        values = np.random.default_rng(4).normal(0, [1, 5], (500, 2))
        values[::7, 0] = np.nan
        columns = [float(robust_sd(values[:, i])) for i in range(2)]
        np.testing.assert_allclose(robust_sd(values, axis=0), columns)

    def test_nothing_known_is_nan_without_a_warning(self) -> None:
        nothing = np.full((5, 2), np.nan)
        assert np.isnan(robust_sd(nothing))
        assert np.isnan(median_of_known(nothing, axis=0)).all()
        assert np.isnan(spread_of_known(nothing, low=5, high=95))

    def test_spread_leaves_nans_out(self) -> None:
        assert spread_of_known(np.r_[np.arange(101.0), np.nan], low=5, high=95) == pytest.approx(90)


class TestMovingAverage:
    @quick
    @given(value=numbers, uneven=st.booleans(), trend=st.booleans())
    def test_keeps_a_constant(self, value: float, uneven: bool, trend: bool) -> None:
        mean = moving_average(np.full(90, value), clock(90, 30, uneven=uneven), window_s=0.7, trend=trend)
        np.testing.assert_allclose(mean, value, rtol=1e-6, atol=1e-6)

    @quick
    @given(slope=st.floats(-50, 50), uneven=st.booleans())
    def test_with_trend_keeps_a_line_to_its_ends(self, slope: float, uneven: bool) -> None:
        """The integral is taken as straight between two frames: off by slope x (1.4 / 30 s)^2 / 8 at each end of 0.7 s,
        carried on over the ends."""
        time_s = clock(120, 30, uneven=uneven)
        line = slope * time_s
        mean = moving_average(line, time_s, window_s=0.7, trend=True)
        np.testing.assert_allclose(mean, line, atol=1e-3 * abs(slope) + 1e-9)

    def test_takes_out_what_repeats_with_the_window(self) -> None:
        """The mean over one period of a 0.7 s sine is 0; the trapezoids at 60 fps leave 0.3 %."""
        time_s = clock(300, 60, uneven=False)
        mean = moving_average(np.sin(2 * np.pi * time_s / 0.7), time_s, window_s=0.7)
        assert np.abs(mean).max() < 0.004

    def test_nans_are_left_out_and_nothing_gives_nan(self) -> None:
        time_s = clock(90, 30, uneven=False)
        holed = np.where(np.arange(90) % 9 == 4, np.nan, 5.0)
        np.testing.assert_allclose(moving_average(holed, time_s, window_s=0.5), 5.0)
        assert np.isnan(moving_average(np.full(90, np.nan), time_s, window_s=0.5)).all()


class TestFolding:
    @quick
    @given(seed=st.integers(0, 10_000), one_sided=st.booleans())
    def test_recovers_a_series_with_gross_errors(self, seed: int, one_sided: bool) -> None:
        """30 % of wild samples on both sides, 20 % all on one side (more of those can outnumber the good ones in one of
        the 24 bins, by chance in 0.7 % of clips at 30 %).

        600 samples of 1 px noise over 25 parameters: the curve is known to 1 px x sqrt(25 / 420) = 0.24 px (one
        standard deviation); 1.5 px over the whole cycle is six of them, and 1 % of the wild values' size."""
        rng = np.random.default_rng(seed)
        truth = series(seed)
        phase = np.sort(rng.uniform(0, 27, 600))
        values = wave(truth, phase) + rng.normal(0, 1, 600)
        wild = rng.permutation(600) < (120 if one_sided else 180)
        side = rng.choice([-1, 1]) if one_sided else rng.choice([-1, 1], wild.sum())
        values[wild] += side * rng.uniform(80, 150, wild.sum())
        found, residual, weights = fit_cycle(phase, values, n_harmonics=12)
        grid = np.linspace(0, 1, 200, endpoint=False)
        assert np.abs(wave(found, grid) - wave(truth, grid)).max() < 1.5
        assert (weights[wild] == 0).all()
        assert weights[~wild].mean() > 0.8
        np.testing.assert_allclose(residual, values - wave(found, phase), atol=1e-8)

    @quick
    @given(value=numbers, jitter=st.sampled_from([0.0, 1e-6]))
    def test_a_point_that_stands_still_folds_to_its_place(self, value: float, jitter: float) -> None:
        """Once its residuals' spread about their median was 0, all samples lost their weight, and it folded to 0.

        The ridge of 1e-12 and the jitter allow 1e-5."""
        phase = np.linspace(0.2, 20, 400)
        values = value + np.random.default_rng(0).normal(0, jitter, 400)
        found, _, weights = fit_cycle(phase, values, n_harmonics=12)
        np.testing.assert_allclose(wave(found, np.linspace(0, 1, 50)), value, atol=1e-5 + 1e-8 * abs(value))
        assert (weights > 0).mean() > 0.4

    def test_nothing_known_is_nan_not_zero(self) -> None:
        phase = np.linspace(0, 5, 150)
        found, residual, weights = fit_cycle(phase, np.full(150, np.nan), n_harmonics=4)
        assert np.isnan(found).all()
        assert np.isnan(residual).all()
        assert (weights == 0).all()
        drawn = fit_cycle_draws(phase, np.full(150, np.nan), n_harmonics=4, counts=np.ones((3, 5)))
        assert drawn.shape == (4, 9)
        assert np.isnan(drawn).all()

    def test_nans_are_as_if_they_had_not_been_filmed(self) -> None:
        rng = np.random.default_rng(5)
        phase = np.sort(rng.uniform(0, 20, 500))
        values = wave(series(5), phase) + rng.normal(0, 1, 500)
        gone = rng.random(500) < 0.2
        with_nan, _, _ = fit_cycle(phase, np.where(gone, np.nan, values), n_harmonics=8)
        without, _, _ = fit_cycle(phase[~gone], values[~gone], n_harmonics=8)
        np.testing.assert_allclose(with_nan, without, atol=1e-6)

    def test_the_first_draw_is_the_estimate_and_once_each_repeats_it(self) -> None:
        rng = np.random.default_rng(6)
        phase = np.sort(rng.uniform(0.4, 20.3, 600))
        values = wave(series(6), phase) + rng.normal(0, 1, 600)
        drawn = fit_cycle_draws(phase, values, n_harmonics=8, counts=np.ones((1, 21)))
        # The weights are frozen at the last but one iteration for the draw: 0.05 px is a twentieth of the noise.
        np.testing.assert_allclose(drawn[1], drawn[0], atol=0.05)

    def test_a_draw_uses_only_the_strides_that_it_takes(self) -> None:
        phase = np.arange(0, 10, 0.02) + 0.001
        values = np.where(phase < 5, 10.0, 11.0) + 0.3 * np.sin(37 * phase)
        counts = np.array([np.r_[np.ones(5), np.zeros(5)], np.r_[np.zeros(5), np.ones(5)]])
        drawn = fit_cycle_draws(phase, values, n_harmonics=2, counts=counts)
        assert drawn[1:, 0] == pytest.approx([10, 11], abs=0.1)

    def test_draws_scatter_as_the_mean_of_independent_strides_does(self) -> None:
        """20 strides, each lifted by its own normal amount: the mean's standard error is 4 / sqrt(20) = 0.89."""
        rng = np.random.default_rng(7)
        phase = np.arange(0, 20, 0.03) + 1e-6
        values = 4 * rng.standard_normal(20)[np.floor(phase).astype(int)] + rng.normal(0, 0.1, len(phase))
        counts = rng.multinomial(20, np.full(20, 0.05), size=400).astype(np.float64)
        drawn = fit_cycle_draws(phase, values, n_harmonics=3, counts=counts)
        lifts = [values[np.floor(phase) == i].mean() for i in range(20)]
        assert drawn[1:, 0].std() == pytest.approx(np.std(lifts) / np.sqrt(20), rel=0.2)

    @quick
    @given(seed=st.integers(0, 1000), derivative=st.sampled_from([1, 2]))
    def test_derivatives_are_slopes(self, seed: int, derivative: int) -> None:
        coefficients = series(seed, 4)
        phase = np.linspace(0, 1, 60)
        step = 1e-5
        before, after = (evaluate_cycle(coefficients, phase + s, derivative - 1) for s in (-step, step))
        slope = (after - before) / (2 * step)
        found = evaluate_cycle(coefficients, phase, derivative)
        np.testing.assert_allclose(found, slope, rtol=1e-4, atol=1e-2)

    def test_evaluates_many_series_at_once(self) -> None:
        many = np.stack([[series(1), series(2)], [series(3), series(4)]])
        phase = np.linspace(-1, 2, 30)
        values = evaluate_cycle(many, phase)
        assert values.shape == (2, 2, 30)
        np.testing.assert_allclose(values[1, 0], wave(series(3), phase), atol=1e-9)
        assert harmonics(phase, 3).shape == (30, 7)


class TestAngles:
    @quick
    @given(degrees=st.floats(-179, 179), size=st.floats(0.1, 1e3), x=numbers, y=numbers)
    def test_angle_from_vertical(self, degrees: float, size: float, x: float, y: float) -> None:
        lower = np.array([[x, y]])
        turn = np.radians(degrees)
        upper = lower + size * np.array([[np.sin(turn), -np.cos(turn)]])  # image y points down
        assert angle_from_vertical_deg(lower, upper)[0] == pytest.approx(degrees, abs=1e-2 / size + 1e-6)

    @quick
    @given(
        degrees=st.floats(-179, 179), heading=st.floats(0, 6.28), first=st.floats(0.5, 99), second=st.floats(0.5, 99)
    )
    def test_turn_is_clockwise_on_the_screen(self, degrees: float, heading: float, first: float, second: float) -> None:
        out = heading + np.radians(degrees)  # y points down, so a growing angle turns clockwise on the screen
        middle = first * np.array([[np.cos(heading), np.sin(heading)]])
        last = middle + second * np.array([[np.cos(out), np.sin(out)]])
        assert turn_deg(np.zeros((1, 2)), middle, last)[0] == pytest.approx(degrees, abs=1e-6)
        # A mirrored picture turns the other way.
        mirror = np.array([-1, 1])
        mirrored = turn_deg(np.zeros((1, 2)), middle * mirror, last * mirror)[0]
        assert mirrored == pytest.approx(-degrees, abs=1e-6)
