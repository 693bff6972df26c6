"""Legs put right, outliers rejected, short gaps filled; nothing is smoothed.

Each step compares the frames with the folded cycle of the whole clip, which some wrong frames don't pull along.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gait.clean.identity import (
    LEG_JOINTS,
    exchange_legs,
    exchanged_frames,
    names_look_wrong,
    spans_s,
    tell_apart,
)
from gait.cycle import Folding, fold, folded_names, steady, step_phase
from gait.errors import check_ranges
from gait.model import EDGES, SIDES, Cycle, FloatArray, HistoryEntry, Scene, Track
from gait.signals import evaluate_cycle, fill_gaps, median_of_known, robust_sd


@dataclass(frozen=True, slots=True)
class Repair:
    """Settings of the repair.

    `exchange_penalty` is what a change between right and exchanged legs costs, in squared standard deviations of
    the keypoints: a lone frame must be better explained by that much. The pose model's names hold, but for frames
    that don't fit, unless the strides repeat better by `least_gain` with names that are found without them. Where
    more than `unsure_of_names` of the frames were exchanged, the picture says which leg is the left one, not the
    majority. A point farther from its folded cycle than `outlier_sds` robust standard deviations and
    `outlier_trunks` trunk lengths is rejected.
    """

    exchange_penalty: float = 30.0
    least_gain: float = 0.03
    unsure_of_names: float = 0.35
    outlier_sds: float = 6.0
    outlier_trunks: float = 0.15
    max_gap_s: float = 0.1
    rounds: int = 2

    def __post_init__(self) -> None:
        check_ranges(
            self,
            exchange_penalty=(0, 1e6),
            least_gain=(0, 1),
            unsure_of_names=(0, 0.5),
            outlier_sds=(1, 1e12),
            outlier_trunks=(0, 10),
            max_gap_s=(0, 1),
            rounds=(0, 10),
        )


def repair(track: Track, scene: Scene, settings: Repair, folding: Folding) -> tuple[Track, Cycle]:
    """The track with its legs put right, outliers rejected and gaps filled, and its folded cycle.

    Raises
    ------
    TooFewStrides
        As `gait.cycle.step_phase`.
    """
    raw, names = track, _follow_cycle(track, np.zeros(track.video.n_frames, dtype=bool), settings, folding)
    told = tell_apart(
        track, step_phase(track, folding), penalty=settings.exchange_penalty, is_frontal=scene.is_frontal_view
    )
    if (told != names.exchanged).any():
        anew = _follow_cycle(track, told, settings, folding)
        names = anew if anew.spread_px < (1 - settings.least_gain) * names.spread_px else names
    share = float(names.exchanged.mean())
    if min(share, 1 - share) > settings.unsure_of_names and names_look_wrong(names.track, scene):
        track = exchange_legs(raw, ~names.exchanged)
        cycle = fold(track, folding)
    else:
        track, cycle = names.track, names.cycle
    track = reject_outliers(track, cycle, settings)
    track = fill_short_gaps(track, max_gap_s=settings.max_gap_s)
    return track, fold(track, folding, phase=cycle.phase)


@dataclass(frozen=True, slots=True, eq=False)
class _Names:
    """A way to name the legs: the frames (n,) that it exchanges, and how far the legs then are from their cycle."""

    exchanged: NDArray[np.bool_]
    track: Track
    cycle: Cycle
    spread_px: float


def _follow_cycle(raw: Track, exchanged: NDArray[np.bool_], settings: Repair, folding: Folding) -> _Names:
    """From a first way to name the legs, the one in which each frame fits the folded cycle of all."""
    track = exchange_legs(raw, exchanged)
    cycle = fold(track, folding)
    for _ in range(settings.rounds):
        changed = exchanged_frames(track, cycle, penalty=settings.exchange_penalty)
        if not changed.any():
            break
        exchanged = exchanged ^ changed  # a later round also takes back what an earlier one did in error
        track = exchange_legs(raw, exchanged)
        cycle = fold(track, folding)
    legs = [f"{side}_{joint}" for side in SIDES for joint in LEG_JOINTS if f"{side}_{joint}" in track.skeleton]
    spread = cycle.residual_px[[track.skeleton.index(name) for name in legs]]
    known = spread[np.isfinite(spread)]
    return _Names(exchanged, track, cycle, float(known.mean()) if len(known) else np.inf)


def deviations(track: Track, cycle: Cycle, name: str) -> FloatArray:
    """Distance (n, 2) of a keypoint from its folded cycle in pixels."""
    k = track.skeleton.index(name)
    template = evaluate_cycle(cycle.coefficients[k], cycle.phase % 1).T
    return np.asarray(steady(track, name, window_s=cycle.period_s) - template, dtype=np.float64)


def reject_outliers(track: Track, cycle: Cycle, settings: Repair) -> Track:
    """The track without (NaN) the points that neither leg's cycle explains."""
    xy = track.xy.copy()
    trunk = track.point("mid_shoulder") - track.point("mid_hip")
    floor_px = settings.outlier_trunks * float(median_of_known(np.hypot(trunk[:, 0], trunk[:, 1])))
    rejected = np.zeros(xy.shape[:2], dtype=bool)
    names = folded_names(track)
    for name in names:
        away = deviations(track, cycle, name)
        away = away - median_of_known(away, axis=0)
        limit = np.maximum(settings.outlier_sds * robust_sd(away, axis=0), floor_px)
        with np.errstate(invalid="ignore"):
            bad = (np.abs(away) > limit).any(axis=1)
        rejected[bad, track.skeleton.index(name)] = True
    xy[rejected] = np.nan
    what, times = "points far from their folded cycle, rejected", spans_s(track, rejected.any(axis=1))
    return track.with_xy(xy, HistoryEntry("clean", what, int(rejected.sum()), len(xy) * len(names), times))


def fill_short_gaps(track: Track, *, max_gap_s: float) -> Track:
    """The track with gaps of up to `max_gap_s` filled."""
    xy = track.xy.astype(np.float64)
    joints = [
        k for k, name in enumerate(track.skeleton.names) if name not in EDGES
    ]  # an outline ends where it is hidden
    missing = np.isnan(xy).any(axis=2)[:, joints]
    for k in joints:
        for axis in range(2):
            xy[:, k, axis] = fill_gaps(xy[:, k, axis], track.video.file_time_s, max_gap_s=max_gap_s)
    filled = missing & ~np.isnan(xy).any(axis=2)[:, joints]
    what, times = f"points in gaps of up to {max_gap_s:g} s, filled", spans_s(track, filled.any(axis=1))
    return track.with_xy(xy, HistoryEntry("clean", what, int(filled.sum()), filled.size, times))
