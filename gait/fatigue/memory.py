"""How the mean of an epoch may wander without any change, whatever the memory of the strides.

Strides deviate from their mean for long: a runner who takes quick steps now still does so minutes later. Their noise
is taken as fractional Gaussian noise, whose memory (the scaling exponent alpha: 0.5 none; from 1 on without a mean to
come back to) isn't known, and white noise of the measurement on top. The means over epochs of such noise have a
covariance in closed form, whatever the gaps between them. Every memory on a grid is kept with its likelihood, so that
what isn't known about it widens every interval.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from gait.model import FloatArray

ALPHAS = np.array([0.5, 0.56, 0.62, 0.68, 0.74, 0.79, 0.84, 0.88, 0.92, 0.96, 1.0, 1.05, 1.1, 1.15])
# Variance of the white noise, in halves of that of the difference of adjacent strides.
WHITE = np.array([0.0, 1.0, 3.0, 10.0, 30.0])
# What is thought of both before any stride is seen: chosen so that false alarms stay below their nominal share at every
# alpha from 0.5 to 0.95, with white noise and without (docs/accuracy.md). Many things have no memory at all, so 0.5 has
# a weight of its own; long memories and much noise weigh more, as a short run tells little of them.
NO_MEMORY, LONGER = 0.6, 2.0
WHITE_WEIGHT = np.array([0.1, 0.1, 0.2, 0.3, 0.3])
MOST_EPOCHS = 128
GAP_STRIDES = 3.0


@dataclass(frozen=True, slots=True, eq=False)
class Epochs:
    """Parts of a run (k,): from which to which stride since its start, how many strides there are, their mean."""

    start: FloatArray
    stop: FloatArray
    count: FloatArray
    values: FloatArray

    @property
    def middle(self) -> FloatArray:
        """In strides since the start of the run."""
        return np.asarray((self.start + self.stop) / 2, dtype=np.float64)


def epochs_of(stride: FloatArray, values: FloatArray) -> Epochs:
    """Means over about equally many strides, some `MOST_EPOCHS` of them, none across a gap unless there are more.

    Parameters
    ----------
    stride
        How many strides after the start of the run each began (s,), ascending; what wasn't filmed is jumped over.
    values
        One for each (s,), none missing.
    """
    edges = np.linspace(0, len(stride), min(MOST_EPOCHS, len(stride)) + 1).round().astype(int)
    gaps = _after_gaps(stride)
    if len(gaps) <= MOST_EPOCHS:  # of more, each is short beside an epoch
        edges = np.union1d(edges, gaps)
    first, last, count = edges[:-1], edges[1:] - 1, np.diff(edges).astype(np.float64)
    stop = np.minimum(stride[last] + 1.0, np.append(stride[first[1:]], np.inf))
    return Epochs(stride[first].astype(np.float64), stop, count, np.add.reduceat(values, first) / count)


def _after_gaps(stride: FloatArray) -> NDArray[np.intp]:
    """Which strides (g,) come after one that wasn't filmed."""
    return np.flatnonzero(np.diff(stride) > GAP_STRIDES) + 1


def gaps_in(stride: FloatArray) -> FloatArray:
    """Where filming goes on after a gap (g,), in strides; at most `MOST_EPOCHS` / 2 of them, spread over the run."""
    gaps = stride[_after_gaps(stride)]
    return gaps[np.unique(np.linspace(0, len(gaps) - 1, MOST_EPOCHS // 2).round().astype(int))] if len(gaps) else gaps


@dataclass(frozen=True, slots=True, eq=False)
class Noise:
    """One memory: its exponent, its weight before any stride (log), and the root (k, k) of the epochs' covariance."""

    alpha: float
    log_weight: float
    root: FloatArray


def noises(epochs: Epochs) -> tuple[Noise, ...]:
    """Every memory on the grid, for these epochs."""
    return _noises(*(part.tobytes() for part in (epochs.start, epochs.stop, epochs.count)))


@lru_cache(maxsize=2)
def _noises(start: bytes, stop: bytes, count: bytes) -> tuple[Noise, ...]:
    a, b, n = (np.frombuffer(part) for part in (start, stop, count))
    weight = np.gradient(ALPHAS) * np.exp(LONGER * (ALPHAS - ALPHAS[0]))
    weight[0] += NO_MEMORY
    found = []
    for alpha, of_alpha in zip(ALPHAS, weight, strict=True):
        memory = means_covariance(a, b, float(alpha))
        for white, of_white in zip(WHITE, WHITE_WEIGHT, strict=True):
            covariance = memory + white * np.diag(1 / n)
            # Only differences count, since a mean is always fitted: any constant makes it positive definite.
            covariance += 10 * np.abs(covariance).max()
            found.append(Noise(float(alpha), float(np.log(of_alpha * of_white)), np.linalg.cholesky(covariance)))
    return tuple(found)


def means_covariance(start: FloatArray, stop: FloatArray, alpha: float) -> FloatArray:
    """Of the means of fractional noise over spans of strides, but for a constant (k, k).

    The unit is half of the variance of the difference of adjacent strides, which stays finite at alpha 1.
    """
    kernel = _integral_kernel(alpha)
    lags = kernel(np.array([0.0, 1.0, 2.0]))
    unit = float(lags[1] - (lags[2] - 2 * lags[1] + lags[0]) / 2)
    spans = (
        kernel(stop[:, None] - start)
        + kernel(start[:, None] - stop)
        - kernel(stop[:, None] - stop)
        - kernel(start[:, None] - start)
    )
    lengths = stop - start
    return np.asarray(spans / (2 * unit * np.outer(lengths, lengths)), dtype=np.float64)


def _integral_kernel(alpha: float) -> Callable[[FloatArray], FloatArray]:
    """Minus twice the generalised covariance of the noise's sum, by the distance in strides."""

    def kernel(distance: FloatArray) -> FloatArray:
        distance = np.abs(distance)
        if alpha != 1:
            return np.asarray(distance ** (2 * alpha), dtype=np.float64)
        return np.asarray(distance**2 * np.log(np.where(distance > 0, distance, 1.0)), dtype=np.float64)

    return kernel
