"""How much earlier or later than the folded event each stride's own comes, as far as one stride can tell.

The folded cycle says when an event comes on average. A stride whose foot runs ahead of it around the event, in the
places of heel, ankle and forefoot, lands earlier. One stride tells that badly, so its deviation is shrunk by the share
of the strides' scatter that is noise (empirical Bayes; James and Stein 1961); in long clips the folds of sliding
windows of strides tell the slow changes.
"""

from __future__ import annotations

import numpy as np

from gait.cycle import steady
from gait.model import Cycle, EventKind, FloatArray, Side, Stance, Track
from gait.signals import TUKEY_CUT, evaluate_cycle, robust_sd

JOINTS = ("ankle", "heel", "foot_index")
REACH = 0.10  # of a stride, to each side of the event: the frames that tell
FARTHEST = 0.05  # of a stride: more isn't a deviation but a fault of the keypoints
# How much of a shift of the foot's movement the event shares: the regression of what the force plate saw on the shift
# of exact keypoints, 0.65 for contact and 0.69 for toe-off (one runner, two feet, two speeds).
EVENTS_SHARE = 0.65


def event_shifts(track: Track, cycle: Cycle, stance: Stance, kind: EventKind, strides: FloatArray) -> FloatArray:
    """How much later than the folded event (in strides) that of each of `strides` (m,) comes.

    A leg that is timed by the other one has no deviations of single strides.
    """
    contact = kind == "initial_contact"
    phase = float((stance.contact_phase if contact else stance.toe_off_phase)[0])
    in_windows = stance.contact_shift if contact else stance.toe_off_shift
    quick = np.zeros(len(strides))
    if not stance.withheld:
        quick, noise = _foot_late(track, cycle, stance.side, phase, strides)
        if len(in_windows):
            quick = quick - _over_windows(cycle, _means_in_windows(cycle, quick, strides), strides)
        quick = shrunk(quick, noise)
    slow = _over_windows(cycle, in_windows, strides) if len(in_windows) else np.zeros(len(strides))
    return np.asarray(slow + quick, dtype=np.float64)


def shrunk(late: FloatArray, noise: FloatArray) -> FloatArray:
    """Deviations (m,) of single strides, shrunk by their noise (m,; standard deviations); 0 where nothing is known."""
    known = np.isfinite(late) & np.isfinite(noise) & (np.abs(late) < FARTHEST)
    if known.sum() < 3:
        return np.zeros(len(late))
    real = max(float(robust_sd(late[known])) ** 2 - float(np.mean(noise[known] ** 2)), 0.0)
    share = np.where(known, real / np.maximum(real + noise**2, 1e-18), 0.0)
    return np.asarray(EVENTS_SHARE * share * np.where(known, late, 0.0), dtype=np.float64)


def _foot_late(
    track: Track, cycle: Cycle, side: Side, phase: float, strides: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """How much later (strides) the foot moves around a phase than on average (m,), and its standard error (m,).

    One Gauss-Newton step towards the folded cycle; NaN where no frame lies near.
    """
    number = np.round(cycle.phase - phase)
    near = np.abs(cycle.phase - phase - number) <= REACH
    column = np.where(near, number - strides[0], -1).astype(int)
    near &= (column >= 0) & (column < len(strides))
    late, precision = np.zeros(len(strides)), np.zeros(len(strides))
    for name in (f"{side}_{joint}" for joint in JOINTS if f"{side}_{joint}" in track.skeleton):
        k, point = track.skeleton.index(name), steady(track, name, window_s=cycle.period_s)
        for axis in range(2):
            series, spread = cycle.coefficients[k, axis], max(float(cycle.residual_px[k, axis]), 1e-9)
            residual = (point[:, axis] - evaluate_cycle(series, cycle.phase % 1)) / spread
            slope = evaluate_cycle(series, cycle.phase % 1, derivative=1) / spread
            known = near & (np.abs(residual) < TUKEY_CUT)
            late -= np.bincount(column[known], (slope * residual)[known], minlength=len(strides))
            precision += np.bincount(column[known], (slope**2)[known], minlength=len(strides))
    precision[precision == 0] = np.nan
    return late / precision, 1 / np.sqrt(precision)


def _means_in_windows(cycle: Cycle, values: FloatArray, strides: FloatArray) -> FloatArray:
    """Mean (w,) of a value of each stride (m,) over the cycle's sliding windows."""
    column = (strides - _first_stride(cycle)).astype(int)
    known = np.isfinite(values) & (column >= 0) & (column < cycle.windows.shape[1])
    taken = cycle.windows[:, column[known]]
    return np.asarray(taken @ values[known] / np.maximum(taken.sum(axis=1), 1), dtype=np.float64)


def _over_windows(cycle: Cycle, values: FloatArray, strides: FloatArray) -> FloatArray:
    """Values (w,) of the sliding windows at each stride (m,), on straight lines between the windows' middles."""
    middles = cycle.windows @ np.arange(cycle.windows.shape[1]) / cycle.windows.sum(axis=1)
    return np.interp(strides, _first_stride(cycle) + middles, values)


def _first_stride(cycle: Cycle) -> float:
    """Number of the stride that the windows' first column stands for."""
    return float(np.floor(cycle.phase[np.isfinite(cycle.phase)][0]))
