"""Filter, gap, folding and angle maths on plain arrays."""

from __future__ import annotations

import itertools
import warnings

import numpy as np
from numpy.typing import NDArray

from gait.model import FloatArray

MAD_TO_SD = 1.4826  # of a normal distribution
TUKEY_CUT = 4.685  # 95 % efficiency at the normal distribution
RIDGE = 1e-8  # times harmonic^4: keeps high harmonics from ringing where the phase is sampled thinly


def median_of_known(values: FloatArray, axis: int | None = None) -> FloatArray:
    """Median with the NaNs left out; NaN where there is nothing else."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # numpy warns of what NaN says
        return np.asarray(np.nanmedian(values, axis=axis), dtype=np.float64)


def spread_of_known(values: FloatArray, *, low: float, high: float) -> float:
    """Distance between two percentiles, NaNs left out; NaN where there is nothing else."""
    known = values[np.isfinite(values)]
    return float(np.subtract(*np.percentile(known, [high, low]))) if len(known) else np.nan


def robust_sd(values: FloatArray, axis: int | None = None) -> FloatArray:
    """Standard deviation estimated from the median absolute deviation; NaNs are left out."""
    centre = median_of_known(values, axis=axis)
    centred = values - (centre if axis is None else np.expand_dims(centre, axis))
    return np.asarray(MAD_TO_SD * median_of_known(np.abs(centred), axis=axis), dtype=np.float64)


def lowpass(values: FloatArray, time_s: FloatArray, *, cutoff_hz: float) -> FloatArray:
    """Zero-lag 4th-order Butterworth filter along axis 0, also for uneven time stamps.

    `values` (n, ...) may hold NaN: each run without NaN is filtered by itself, and what is too short to filter is kept.
    The second-order filter runs forward and backward, its cut-off corrected for the double pass on the pre-warped
    frequency (Winter 2009, ISBN 978-0-470-39818-0).
    """
    from scipy.signal import butter, sosfiltfilt

    if len(time_s) < 2:
        return values.copy()
    step_s = float(np.median(np.diff(time_s)))
    rate_hz = 1 / step_s
    if cutoff_hz >= 0.45 * rate_hz:
        return values.copy()
    double_pass = (np.sqrt(2) - 1) ** 0.25
    corrected_hz = np.arctan(np.tan(np.pi * cutoff_hz / rate_hz) / double_pass) * rate_hz / np.pi
    sos = butter(2, min(corrected_hz, 0.45 * rate_hz), fs=rate_hz, output="sos")
    result = values.copy()
    flat = result.reshape(len(values), -1)
    for column in flat.T:
        for start, stop in runs(np.isfinite(column)):
            if stop - start > 12:
                even = np.arange(time_s[start], time_s[stop - 1] + step_s / 2, step_s)
                resampled = np.interp(even, time_s[start:stop], column[start:stop])
                column[start:stop] = np.interp(time_s[start:stop], even, sosfiltfilt(sos, resampled))
    return result


def runs(mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Start and stop of every run of True."""
    edges = np.flatnonzero(np.diff(np.r_[False, mask, False].astype(np.int8)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def fill_gaps(values: FloatArray, time_s: FloatArray, *, max_gap_s: float) -> FloatArray:
    """Fill NaN gaps (n,) of up to `max_gap_s` between known values by a shape-preserving cubic (PCHIP)."""
    from scipy.interpolate import PchipInterpolator

    known = np.isfinite(values)
    if known.all() or known.sum() < 4:
        return values.copy()
    result = values.copy()
    smooth = PchipInterpolator(time_s[known], values[known], extrapolate=False)
    for start, stop in runs(~known):
        if start > 0 and stop < len(values) and time_s[stop] - time_s[start - 1] <= max_gap_s + 1e-9:
            result[start:stop] = smooth(time_s[start:stop])
    return result


def moving_average(values: FloatArray, time_s: FloatArray, *, window_s: float, trend: bool = False) -> FloatArray:
    """Centred mean of (n,) over `window_s`, NaNs left out; an integral over time, so uneven time stamps are allowed.

    Where the window would reach over an end, the nearest whole window's mean is kept; with `trend` it goes on with the
    slope between the two whole windows at that end, so that a runner who crosses the picture leaves no step.
    """
    known = np.isfinite(values)
    if known.sum() < 2:
        return np.full_like(values, np.nan)
    time_known, filled = time_s[known], values[known]
    half = min(window_s, time_known[-1] - time_known[0]) / 2
    area = np.r_[0.0, np.cumsum(np.diff(time_known) * (filled[1:] + filled[:-1]) / 2)]

    def mean_at(centre: FloatArray) -> FloatArray:
        after, before = np.interp(centre + half, time_known, area), np.interp(centre - half, time_known, area)
        return np.asarray((after - before) / (2 * half), dtype=np.float64)

    first, last = time_known[0] + half, time_known[-1] - half
    mean = mean_at(np.clip(time_s, first, last))
    if not trend or last - first < 2 * half:
        return mean
    marks_s = np.array([first, first + 2 * half, last - 2 * half, last])
    return carried_on(mean, time_s, marks_s=marks_s, at_marks=mean_at(marks_s))


def carried_on(values: FloatArray, time_s: FloatArray, *, marks_s: FloatArray, at_marks: FloatArray) -> FloatArray:
    """Values (n,) that stand still before the first and after the last of four marks, going on with the slope there.

    The slopes are those from the first to the second and from the third to the fourth mark.
    """
    slopes = np.diff(at_marks)[[0, 2]] / np.diff(marks_s)[[0, 2]]
    outside = np.minimum(time_s - marks_s[0], 0) * slopes[0] + np.maximum(time_s - marks_s[3], 0) * slopes[1]
    return np.asarray(values + outside, dtype=np.float64)


def harmonics(phase: FloatArray, n_harmonics: int, derivative: int = 0) -> FloatArray:
    """Fourier basis (n, 1 + 2 h) over the phase in cycles: constant, cosines, sines; or its derivative by the phase."""
    order = np.arange(1, n_harmonics + 1)
    turn = np.exp(2j * np.pi * phase)[:, None]
    wave = np.cumprod(np.broadcast_to(turn, (len(phase), n_harmonics)), axis=1)  # powers: five times faster than exp
    if derivative:
        wave = wave * (2j * np.pi * order) ** derivative
    constant = np.full((len(phase), 1), 1.0 if derivative == 0 else 0.0)
    return np.hstack([constant, wave.real, wave.imag])


def fit_cycle(
    phase: FloatArray, values: FloatArray, *, n_harmonics: int, weights: FloatArray | None = None, iterations: int = 8
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Fold a signal (n,) on its phase: a robust, ridge-penalised Fourier series.

    Returns the coefficients (1 + 2 h,), the residuals (n,) and the robust weights (n,) in 0 to 1. It starts from
    medians over phase bins, so that up to a third of gross errors (exchanged legs) don't pull it, and goes on with
    Tukey's biweight. NaN values have weight 0 and a NaN residual; where there is nothing else, all is NaN.
    """
    known = np.isfinite(values) & np.isfinite(phase)
    if not known.any():
        return np.full(1 + 2 * n_harmonics, np.nan), np.full(len(values), np.nan), np.zeros(len(values))
    prior = np.where(known, 1.0 if weights is None else weights, 0.0)
    cycle_phase = np.asarray(np.where(known, phase, 0.0) % 1, dtype=np.float64)
    filled = np.where(known, values, 0.0)
    basis = harmonics(cycle_phase, n_harmonics)
    penalty = np.r_[0, np.tile(np.arange(1, n_harmonics + 1) ** 4, 2)] * RIDGE
    coefficients = _bin_medians_fit(cycle_phase[known], filled[known], n_harmonics)
    robust = prior
    for _ in range(iterations):
        residual = filled - basis @ coefficients
        # About zero, not about their median: half of the residuals lie within, so a constant signal keeps its weights.
        scale = max(MAD_TO_SD * float(np.median(np.abs(residual[known]))), 1e-9)
        robust = prior * np.clip(1 - (residual / (TUKEY_CUT * scale)) ** 2, 0, None) ** 2
        weighted = basis * robust[:, None]
        normal = weighted.T @ basis + np.diag(penalty + 1e-12) * max(robust.sum(), 1.0)
        coefficients = np.linalg.solve(normal, weighted.T @ filled)
    residual = np.where(known, filled - basis @ coefficients, np.nan)
    return coefficients, residual, robust


def fit_cycle_draws(phase: FloatArray, values: FloatArray, *, n_harmonics: int, counts: FloatArray) -> FloatArray:
    """Fold a signal (n,), and fold it again for every bootstrap draw of strides.

    Parameters
    ----------
    counts
        (b, s): how often each draw (or window) takes each stride; stride i holds the frames of phase i to i + 1,
        counted from the first.

    Returns
    -------
    (b + 1, 1 + 2 h): the coefficients of all strides, then of each draw. The robust weights of the first fit are kept.
    """
    coefficients, _, robust = fit_cycle(phase, values, n_harmonics=n_harmonics)
    known = robust > 0
    if not known.any():
        return np.full((len(counts) + 1, 1 + 2 * n_harmonics), np.nan)
    basis = harmonics(phase[known] % 1, n_harmonics)
    weighted = basis * robust[known, None]
    stride = np.clip((np.floor(phase[known]) - np.floor(phase[0])).astype(int), 0, counts.shape[1] - 1)
    order, size = np.argsort(stride, kind="stable"), basis.shape[1]
    normal, right = np.zeros((counts.shape[1], size, size)), np.zeros((counts.shape[1], size))
    bounds = np.searchsorted(stride[order], np.arange(counts.shape[1] + 1))
    for i, (start, stop) in enumerate(itertools.pairwise(bounds)):
        rows = order[start:stop]
        normal[i] = weighted[rows].T @ basis[rows]
        right[i] = weighted[rows].T @ values[known][rows]
    penalty = np.diag(np.r_[0, np.tile(np.arange(1, n_harmonics + 1) ** 4, 2)] * RIDGE + 1e-12)
    taken = counts.sum(axis=1) / counts.shape[1]  # a window of few strides has as much less to set against the penalty
    drawn = np.tensordot(counts, normal, axes=1) + taken[:, None, None] * penalty * max(float(robust.sum()), 1.0)
    draws = np.linalg.solve(drawn, (counts @ right)[..., None])[..., 0]
    return np.vstack([coefficients, draws])


def _bin_medians_fit(phase: FloatArray, values: FloatArray, n_harmonics: int) -> FloatArray:
    """A first, coarse series through the medians of 24 phase bins, of few harmonics."""
    n_bins, few = 24, min(6, n_harmonics)
    which = (phase * n_bins).astype(int) % n_bins
    ordered = values[np.lexsort((values, which))]
    filled, start, size = np.unique(np.sort(which), return_index=True, return_counts=True)
    medians = (ordered[start + (size - 1) // 2] + ordered[start + size // 2]) / 2
    centres = (filled + 0.5) / n_bins
    basis = harmonics(centres, few)
    penalty = np.diag(np.r_[0, np.tile(np.arange(1, few + 1) ** 4, 2)]) * 1e-5 * len(filled)
    coarse = np.linalg.solve(basis.T @ basis + penalty + 1e-9 * np.eye(len(penalty)), basis.T @ medians)
    result = np.zeros(1 + 2 * n_harmonics)
    result[: 1 + few] = coarse[: 1 + few]
    result[1 + n_harmonics : 1 + n_harmonics + few] = coarse[1 + few :]
    return result


def evaluate_cycle(coefficients: FloatArray, phase: FloatArray, derivative: int = 0) -> FloatArray:
    """Values (..., n) of Fourier series (..., 1 + 2 h) at phases (n,) in cycles; or the derivative by the phase."""
    n_harmonics = (coefficients.shape[-1] - 1) // 2
    return np.asarray(coefficients @ harmonics(phase, n_harmonics, derivative).T, dtype=np.float64)


def angle_from_vertical_deg(lower: FloatArray, upper: FloatArray) -> FloatArray:
    """Angle (n,) of the segment from `lower` to `upper` (n, 2) to the vertical; + where its top is to the right."""
    span = upper - lower
    return np.asarray(np.degrees(np.arctan2(span[..., 0], -span[..., 1])), dtype=np.float64)


def turn_deg(first: FloatArray, middle: FloatArray, last: FloatArray) -> FloatArray:
    """Signed angle (n,) by which the line first - middle - last (n, 2) turns at the middle; 0 is straight.

    + is clockwise on the screen (image y points down).
    """
    into, out = middle - first, last - middle
    cross = into[..., 0] * out[..., 1] - into[..., 1] * out[..., 0]
    return np.asarray(np.degrees(np.arctan2(cross, (into * out).sum(-1))), dtype=np.float64)
