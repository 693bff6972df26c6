"""Generalised least squares on epochs, weighted over what the memory may be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gait.fatigue.memory import Epochs, epochs_of, noises
from gait.model import FloatArray

TINY = float(np.finfo(float).tiny)
CLOSE = 1e-9  # relative to the values: rounding
UNLIKELY = 1e-4  # weights below this are left out


@dataclass(frozen=True, slots=True, eq=False)
class Estimate:
    """A value known as a weighted mixture of Student's t distributions: centre, scale and weight (m,)."""

    centre: FloatArray
    scale: FloatArray
    weight: FloatArray
    freedom: int

    @property
    def value(self) -> float:
        """The mean."""
        return float(self.weight @ self.centre)

    def interval(self, share: float = 0.95) -> tuple[float, float]:
        """Central interval that holds it with this probability."""
        return self._quantile((1 - share) / 2), self._quantile((1 + share) / 2)

    def times(self, factor: float) -> Estimate:
        """The same in another unit."""
        return Estimate(factor * self.centre, abs(factor) * self.scale, self.weight, self.freedom)

    def plus(self, shift: float) -> Estimate:
        """The same with something added to it."""
        return Estimate(self.centre + shift, self.scale, self.weight, self.freedom)

    def or_nothing(self, level: float) -> float:
        """The value where chance seldom gives it, else 0."""
        return self.value if self.p < level else 0.0

    @property
    def p(self) -> float:
        """Two-sided: how unlikely a value this far from zero would be without any change."""
        below = self._below(0.0)
        return min(1.0, 2 * min(below, 1 - below))

    def _below(self, value: float) -> float:
        from scipy.stats import t

        return float(self.weight @ t.cdf((value - self.centre) / self.scale, self.freedom))

    def _quantile(self, share: float) -> float:
        from scipy.optimize import brentq
        from scipy.stats import t

        ends = self.centre + self.scale * t.ppf(share, self.freedom)
        low, high = float(ends.min()), float(ends.max())
        if not high - low > CLOSE * max(abs(low), abs(high)):
            return (low + high) / 2
        margin = 0.01 * (high - low)
        return float(brentq(lambda value: self._below(value) - share, low - margin, high + margin))


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """A fit of columns (k, p) to epochs: estimates of their coefficients and the likely memory."""

    coefficients: tuple[Estimate, ...]
    alpha: float
    _roots: tuple[FloatArray, ...]
    _variance: FloatArray
    _weight: FloatArray
    _freedom: int

    def contrast(self, weights: FloatArray, values: FloatArray) -> Estimate:
        """A weighted sum of the epochs' values (k,), whose weights add up to nothing."""
        scale = np.sqrt(
            [v * float(((root.T @ weights) ** 2).sum()) for v, root in zip(self._variance, self._roots, strict=True)]
        )
        centre = np.full(len(scale), float(weights @ values))
        return Estimate(centre, scale, self._weight, self._freedom)


def fit(epochs: Epochs, columns: FloatArray) -> Fit:
    """Fit columns (k, p), the first of ones, to the epochs by restricted likelihood at every memory of the grid."""
    from scipy.linalg import solve_triangular

    k, p = columns.shape
    freedom = k - p
    grid = noises(epochs)
    centres, scales, variances, logs = [], [], list[float](), []
    for noise in grid:
        white = solve_triangular(noise.root, np.column_stack([columns, epochs.values]), lower=True, check_finite=False)
        q, r = np.linalg.qr(white[:, :p])
        coefficients = solve_triangular(r, q.T @ white[:, p])
        squares = max(float(((white[:, p] - white[:, :p] @ coefficients) ** 2).sum()), TINY)
        inverse = solve_triangular(r, np.eye(p))
        centres.append(coefficients)
        variances.append(squares / freedom)
        scales.append(np.sqrt((inverse**2).sum(axis=1) * variances[-1]))
        size = np.log(np.diag(noise.root)).sum() + np.log(np.abs(np.diag(r))).sum()
        logs.append(noise.log_weight - size - freedom / 2 * np.log(squares))
    weight = np.exp(np.array(logs) - np.max(logs))
    weight /= weight.sum()
    kept = weight > UNLIKELY
    weight = weight[kept] / weight[kept].sum()
    centre, scale = np.array(centres)[kept], np.array(scales)[kept]
    return Fit(
        coefficients=tuple(Estimate(centre[:, i], scale[:, i], weight, freedom) for i in range(p)),
        alpha=float(weight @ np.array([noise.alpha for noise in grid])[kept]),
        _roots=tuple(noise.root for noise, keep in zip(grid, kept, strict=True) if keep),
        _variance=np.array(variances)[kept],
        _weight=weight,
        _freedom=freedom,
    )


def line_over_run(stride: FloatArray, values: FloatArray) -> Estimate:
    """Change from the first to the last stride along a straight line.

    Parameters
    ----------
    stride
        How many strides after the start of the run each began (s,).
    values
        One for each (s,).
    """
    epochs = epochs_of(stride, values)
    along = (epochs.middle - epochs.middle.mean()) / float(epochs.stop[-1] - epochs.start[0])
    return fit(epochs, np.column_stack([np.ones(len(along)), along])).coefficients[1]


def ramps(epochs: Epochs, at: FloatArray) -> FloatArray:
    """Columns (k, h) that are 0 up to a place, in strides, and then rise steadily to 1 at the end."""
    rising = np.maximum(epochs.middle[:, None] - at, 0.0)
    return np.asarray(rising / rising.max(axis=0), dtype=np.float64)


def steps(epochs: Epochs, at: FloatArray) -> FloatArray:
    """Columns (k, h) that are 0 up to a place, in strides, and 1 from there on."""
    return np.asarray(epochs.middle[:, None] >= at, dtype=np.float64)


def shape_weights(epochs: Epochs, shapes: FloatArray) -> FloatArray:
    """How likely it is (h,) that the values follow one of the shapes (k, h) about a constant.

    The memory and the size of the change are left open. At least one shape must not be constant.
    """
    from scipy.linalg import solve_triangular

    freedom, ones = len(epochs.values) - 2, np.ones(len(epochs.values))
    logs = []
    for noise in noises(epochs):
        table = np.column_stack([ones, epochs.values, shapes])
        white = solve_triangular(noise.root, table, lower=True, check_finite=False)
        mean = white[:, :1] / np.linalg.norm(white[:, 0])
        rest = white[:, 1:] - mean @ (mean.T @ white[:, 1:])  # the mean taken out of values and shapes
        size, along = (rest[:, 1:] ** 2).sum(axis=0), rest[:, 1:].T @ rest[:, 0]
        squares = np.maximum((rest[:, 0] ** 2).sum() - along**2 / np.maximum(size, TINY), TINY)
        root = np.log(np.diag(noise.root)).sum() + np.log(np.linalg.norm(white[:, 0]))
        told = size > CLOSE * (white[:, 2:] ** 2).sum(axis=0)  # a shape that is constant says nothing
        size = np.where(told, size, 1.0)
        of_shape = noise.log_weight - root - np.log(size) / 2 - freedom / 2 * np.log(squares)
        logs.append(np.where(told, of_shape, -np.inf))
    table = np.array(logs)
    weight = np.exp(table - table.max()).sum(axis=0)
    return np.asarray(weight / weight.sum(), dtype=np.float64)
