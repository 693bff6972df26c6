"""Noise with memory: what is programmed comes out, and what isn't known about it widens the interval."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from gait.fatigue.memory import MOST_EPOCHS, epochs_of, means_covariance, noises
from gait.fatigue.regression import Estimate, fit, ramps, shape_weights, steps
from gait.simulate.variation import fractional_noise

Array = NDArray[np.float64]
STRIDES = 2570  # of 30 minutes


def line(values: Array, *, strides: Array | None = None) -> Estimate:
    """The slope over the whole run."""
    stride = np.arange(len(values), dtype=np.float64) if strides is None else strides
    epochs = epochs_of(stride, values)
    along = (epochs.middle - epochs.middle.mean()) / (stride[-1] - stride[0])
    return fit(epochs, np.column_stack([np.ones(len(along)), along])).coefficients[1]


class TestEpochs:
    @given(st.integers(5, 600))
    @settings(max_examples=40, deadline=None)
    def test_all_strides_count_once(self, n: int) -> None:
        values = np.random.default_rng(n).normal(size=n)
        epochs = epochs_of(np.arange(n, dtype=np.float64), values)
        assert len(epochs.values) <= MOST_EPOCHS
        assert epochs.count.sum() == n
        assert float(epochs.count @ epochs.values) == pytest.approx(values.sum())
        assert (epochs.start[1:] == epochs.stop[:-1]).all()

    def test_none_goes_across_a_gap(self) -> None:
        """20 s of each minute: ten epochs would reach into the next minute."""
        stride = np.concatenate([85.0 * minute + np.arange(29) for minute in range(30)])
        epochs = epochs_of(stride, np.floor(stride / 85))
        assert np.array_equal(epochs.values, np.round(epochs.values))
        assert ((epochs.stop - epochs.start) <= 29).all()


class TestCovariance:
    @pytest.mark.parametrize("alpha", [0.5, 0.75, 0.95])
    def test_of_means_as_of_the_strides_themselves(self, alpha: float) -> None:
        """Averaged from the covariance of single strides, but for a constant; the unit is half of the variance of a
        stride's difference from the next."""
        lag = np.abs(np.subtract.outer(np.arange(40), np.arange(40))).astype(float)
        power = 2 * alpha
        single = (np.abs(lag + 1) ** power - 2 * lag**power + np.abs(lag - 1) ** power) / 2
        start, stop = np.array([0.0, 7.0, 25.0]), np.array([7.0, 20.0, 40.0])
        means = np.array([(np.arange(40) >= a) & (np.arange(40) < b) for a, b in zip(start, stop, strict=True)]) * 1.0
        means /= means.sum(axis=1, keepdims=True)
        expected = means @ single @ means.T / (single[0, 0] - single[0, 1])
        differences = np.array([[1.0, -1.0, 0.0], [0.0, 1.0, -1.0]])
        found = differences @ means_covariance(start, stop, alpha) @ differences.T
        assert found == pytest.approx(differences @ expected @ differences.T, rel=1e-6)

    def test_it_goes_on_through_alpha_1(self) -> None:
        start, stop = np.arange(0.0, 50, 10), np.arange(10.0, 60, 10)
        below, at, above = (means_covariance(start, stop, alpha) for alpha in (0.999, 1.0, 1.001))
        contrast = np.array([-1.0, 0, 0, 0, 1.0])
        assert contrast @ at @ contrast == pytest.approx(contrast @ (below + above) @ contrast / 2, rel=1e-3)

    def test_every_memory_of_the_grid_has_a_root(self) -> None:
        for noise in noises(epochs_of(np.arange(300.0), np.zeros(300))):
            assert np.isfinite(noise.root).all()


class TestFit:
    def test_the_memory_is_found(self) -> None:
        rng = np.random.default_rng(0)
        found = []
        for alpha in (0.5, 0.75, 0.95):
            epochs = epochs_of(np.arange(STRIDES, dtype=float), fractional_noise(STRIDES, alpha=alpha, rng=rng))
            found.append(fit(epochs, np.ones((len(epochs.values), 1))).alpha)
        assert found == pytest.approx([0.5, 0.75, 0.95], abs=0.15)

    def test_long_memory_widens_the_interval(self) -> None:
        rng = np.random.default_rng(1)
        widths = [
            np.ptp(line(fractional_noise(STRIDES, alpha=alpha, rng=rng)).interval()) for alpha in (0.5, 0.75, 0.9)
        ]
        assert widths[0] < 0.5 * widths[1] < 0.5 * widths[2]

    @pytest.mark.parametrize(("alpha", "change"), [(0.5, 0.5), (0.75, 2.0), (0.9, 3.5)])
    def test_a_change_is_found_and_measured(self, alpha: float, change: float) -> None:
        noise = fractional_noise(STRIDES, alpha=alpha, rng=np.random.default_rng(2))
        slope = line(noise + change * np.linspace(0, 1, STRIDES))
        assert slope.p < 0.05
        assert slope.interval()[0] <= change <= slope.interval()[1]

    def test_what_was_not_filmed_does_not_matter(self) -> None:
        """A change along 20 s of each minute is that of the whole run."""
        stride = np.concatenate([85.0 * minute + np.arange(29) for minute in range(30)])
        values = 2.0 * stride / (stride[-1] - stride[0]) + np.random.default_rng(3).normal(0, 0.3, len(stride))
        assert line(values, strides=stride).value == pytest.approx(2.0, abs=0.15)

    @given(st.floats(-50, 50), st.floats(0.01, 100))
    @settings(max_examples=20, deadline=None)
    def test_neither_zero_nor_unit_matters(self, zero: float, unit: float) -> None:
        values = fractional_noise(400, alpha=0.8, rng=np.random.default_rng(4)) + np.linspace(0, 1, 400)
        plain, other = line(values), line(zero + unit * values)
        assert other.value == pytest.approx(unit * plain.value, rel=1e-4)
        assert other.p == pytest.approx(plain.p, rel=1e-3)

    def test_a_mixture_of_one_is_students_t(self) -> None:
        from scipy.stats import t

        one = Estimate(np.array([1.0]), np.array([0.5]), np.array([1.0]), 20)
        assert one.interval() == pytest.approx((1 + 0.5 * t.ppf(0.025, 20), 1 + 0.5 * t.ppf(0.975, 20)))
        assert one.p == pytest.approx(2 * t.cdf(-2, 20))

    def test_what_is_not_known_of_the_scale_widens_it(self) -> None:
        wide = Estimate(np.zeros(2), np.array([1.0, 4.0]), np.array([0.5, 0.5]), 20).interval()
        narrow = Estimate(np.zeros(2), np.array([1.0, 1.0]), np.array([0.5, 0.5]), 20).interval()
        assert wide[1] > 2 * narrow[1]


class TestShapes:
    @pytest.mark.parametrize("shape", [ramps, steps])
    def test_the_place_of_a_change_is_found(self, shape: type) -> None:
        stride = np.arange(STRIDES, dtype=float)
        noise = np.random.default_rng(5).normal(0, 1, STRIDES)
        epochs = epochs_of(stride, noise)
        places = np.linspace(0.1, 0.9, 17) * STRIDES
        change = shape(epochs_of(stride, stride), places)[:, 8]
        moved = epochs_of(stride, noise + np.repeat(1.5 * change, epochs.count.astype(int)))
        weight = shape_weights(moved, shape(moved, places))
        assert weight.sum() == pytest.approx(1)
        assert abs(int(weight.argmax()) - 8) <= 1
