"""Legs put right, outliers rejected, short gaps filled; nothing is smoothed.

Each step compares the frames with the folded cycle of the whole clip, which some wrong frames don't pull along.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gait.cycle import Folding, fold, folded_names, steady
from gait.errors import check_ranges
from gait.model import Cycle, FloatArray, HistoryEntry, Track
from gait.signals import evaluate_cycle, fill_gaps, median_of_known, robust_sd

LEG_JOINTS = ("knee", "ankle", "heel", "foot_index")


@dataclass(frozen=True, slots=True)
class Repair:
    """Settings of the repair.

    `exchange_penalty` is what a change between right and exchanged legs costs, in squared standard deviations of the
    keypoints: a lone frame must be better explained by that much. A point farther from its folded cycle than
    `outlier_sds` robust standard deviations and `outlier_trunks` trunk lengths is rejected.
    """

    exchange_penalty: float = 30.0
    outlier_sds: float = 6.0
    outlier_trunks: float = 0.15
    max_gap_s: float = 0.1
    rounds: int = 2

    def __post_init__(self) -> None:
        check_ranges(
            self,
            exchange_penalty=(0, 1e6),
            outlier_sds=(1, 1e12),
            outlier_trunks=(0, 10),
            max_gap_s=(0, 1),
            rounds=(0, 10),
        )


def repair(track: Track, settings: Repair, folding: Folding) -> tuple[Track, Cycle]:
    """The track with its legs put right, outliers rejected and gaps filled, and its folded cycle.

    Raises
    ------
    TooFewStrides
        As `gait.cycle.fold`.
    """
    raw, cycle = track, fold(track, folding)
    exchanged = np.zeros(track.video.n_frames, dtype=bool)
    for _ in range(settings.rounds):
        changed = exchanged_frames(track, cycle, settings)
        if not changed.any():
            break
        exchanged ^= changed  # a later round also takes back what an earlier one did in error
        track = exchange_legs(raw, exchanged)
        cycle = fold(track, folding)
    track = reject_outliers(track, cycle, settings)
    track = fill_short_gaps(track, max_gap_s=settings.max_gap_s)
    return track, fold(track, folding, phase=cycle.phase)


def deviations(track: Track, cycle: Cycle, name: str) -> FloatArray:
    """Distance (n, 2) of a keypoint from its folded cycle in pixels."""
    k = track.skeleton.index(name)
    template = evaluate_cycle(cycle.coefficients[k], cycle.phase % 1).T
    return np.asarray(steady(track, name, window_s=cycle.period_s) - template, dtype=np.float64)


def exchanged_frames(track: Track, cycle: Cycle, settings: Repair) -> NDArray[np.bool_]:
    """Frames (n,) in which the left leg's keypoints are on the right leg and the other way round.

    The likeliest sequence of "as it is" and "exchanged" (Viterbi over the two states), each frame scored by its
    distance from the folded cycles. A keypoint's distance counts up to four standard deviations, so that
    a lone wild point doesn't decide.
    """
    as_is, crossed = (np.zeros(track.video.n_frames) for _ in range(2))
    for joint in LEG_JOINTS:
        if f"left_{joint}" not in track.skeleton:
            continue
        for side, other in (("left", "right"), ("right", "left")):
            k = track.skeleton.index(f"{side}_{joint}")
            template = evaluate_cycle(cycle.coefficients[k], cycle.phase % 1).T
            scale = np.maximum(cycle.residual_px[k], 1.0)
            for cost, source in ((as_is, side), (crossed, other)):
                away = (steady(track, f"{source}_{joint}", window_s=cycle.period_s) - template) / scale
                cost += np.minimum(np.nan_to_num((away**2).sum(axis=1), nan=16.0), 16.0)
    return two_state_path(as_is, crossed, penalty=settings.exchange_penalty)


def two_state_path(first: FloatArray, second: FloatArray, *, penalty: float) -> NDArray[np.bool_]:
    """Cheapest path through two states with costs (n,) each and a penalty per change; True in the second state."""
    n = len(first)
    total = np.array([first[0], second[0]])
    came_from = np.zeros((n, 2), dtype=np.int8)
    for i in range(1, n):
        change = total[::-1] + penalty
        came_from[i] = change < total
        total = np.minimum(total, change) + np.array([first[i], second[i]])
    path = np.zeros(n, dtype=bool)
    state = int(total[1] < total[0])
    for i in range(n - 1, -1, -1):
        path[i] = bool(state)
        state = state ^ int(came_from[i, state])
    return path if path.sum() <= n / 2 else ~path


def exchange_legs(track: Track, exchanged: NDArray[np.bool_]) -> Track:
    """The track with the keypoints of both legs below the hip exchanged in some frames."""
    xy = track.xy.copy()
    for joint in LEG_JOINTS:
        if f"left_{joint}" in track.skeleton:
            pair = [track.skeleton.index(f"{side}_{joint}") for side in ("left", "right")]
            xy[exchanged[:, None] & np.isin(np.arange(xy.shape[1]), pair)] = xy[exchanged][:, pair[::-1]].reshape(-1, 2)
    entry = HistoryEntry("clean", "frames with left and right leg exchanged, put right", int(exchanged.sum()), len(xy))
    return track.with_xy(xy, entry)


def reject_outliers(track: Track, cycle: Cycle, settings: Repair) -> Track:
    """The track without (NaN) the points that neither leg's cycle explains."""
    xy = track.xy.copy()
    trunk = track.point("mid_shoulder") - track.point("mid_hip")
    floor_px = settings.outlier_trunks * float(median_of_known(np.hypot(trunk[:, 0], trunk[:, 1])))
    rejected = points = 0
    for name in folded_names(track):
        away = deviations(track, cycle, name)
        away = away - median_of_known(away, axis=0)
        limit = np.maximum(settings.outlier_sds * robust_sd(away, axis=0), floor_px)
        with np.errstate(invalid="ignore"):
            bad = (np.abs(away) > limit).any(axis=1)
        xy[bad, track.skeleton.index(name)] = np.nan
        rejected, points = rejected + int(bad.sum()), points + len(bad)
    return track.with_xy(xy, HistoryEntry("clean", "points far from their folded cycle, rejected", rejected, points))


def fill_short_gaps(track: Track, *, max_gap_s: float) -> Track:
    """The track with gaps of up to `max_gap_s` filled."""
    xy = track.xy.astype(np.float64)
    before = np.isnan(xy).sum()
    for k in range(xy.shape[1]):
        for axis in range(2):
            xy[:, k, axis] = fill_gaps(xy[:, k, axis], track.video.file_time_s, max_gap_s=max_gap_s)
    filled = int(before - np.isnan(xy).sum()) // 2
    what = f"points in gaps of up to {max_gap_s:g} s, filled"
    return track.with_xy(xy, HistoryEntry("clean", what, filled, xy.shape[0] * xy.shape[1]))
