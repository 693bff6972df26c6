"""What tells a leg from a made-up one, as numbers from the folded cycle of a side view."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gait.model import SIDES, Cycle, FloatArray, Side, Track, other_side
from gait.scene.legs import FOOT_JOINTS
from gait.signals import evaluate_cycle, median_of_known

MOVING = ("knee", *FOOT_JOINTS)
BONES = {"thigh": ("hip", "knee"), "shank": ("knee", "ankle"), "foot": ("heel", "foot_index")}
LEG_PER_BONES = 0.53 / 0.491  # hip to floor over thigh and shank (Winter 2009, ISBN 978-0-470-39818-0)
LATEST = 0.15  # strides around half of one within which the far leg's match is looked for
STANDING = 0.16  # of the stride: the middle of stance, shorter than any runner's contact
PASSING = 0.05  # of the stride: what lasts shorter isn't a place where a leg is put
CHANGE_PERCENTILE = 95.0
APART, LYING_ON = 0.25, 0.1  # leg lengths between the feet: surely elsewhere, and at the same place
PHASE_BINS, SEEN_IN_BIN = 25, 0.3  # parts of the cycle; a point known in fewer of a part's frames isn't seen there

FoldedLeg = Mapping[str, FloatArray]


@dataclass(frozen=True, slots=True)
class OwnCues:
    """How one leg moves by itself; lengths in leg lengths.

    `stance_bend` is the standing foot's largest distance from a straight and even way, `stance_rise` its range of
    heights, `scatter` the SD of the foot about its folded cycle, `found` the share of the frames in which the foot is
    known, and `hole` the longest part of the stride in which it is not.
    """

    stance_bend: float
    stance_rise: float
    scatter: float
    found: float
    hole: float


@dataclass(frozen=True, slots=True)
class PairCues:
    """How the far leg moves against the near one, the camera's perspective taken out; lengths in leg lengths.

    `late` is by how many strides the far leg comes after the middle between the near one's strides, `off` how far its
    foot is from the near one's place then, where that is most. `belt_ratio` is the standing foot's backward speed over
    the near one's. `bone_change` (thigh, shank, foot) is by how much a bone's length departs from its ratio to the near
    leg's. `lying_on` is the share of the frames in which the far foot lies on the near one though it should be
    elsewhere; `apart` is how far the feet are from each other at most.
    """

    late: float
    off: float
    belt_ratio: float
    bone_change: Mapping[str, float]
    lying_on: float
    apart: float


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """Both folded legs against the middle of the hips, (g, 2) pixels by joint, and what the near one tells of the far.

    `expected` is where the far leg should be: the near one's place half a stride and `late_steps` of the grid before,
    times `scale`. `standing` (s,) are the indices of the grid in the middle of each leg's stance, by the near leg.
    """

    near: FoldedLeg
    far: FoldedLeg
    expected: FoldedLeg
    near_side: Side
    leg_px: float
    scale: float
    late_steps: int
    standing: Mapping[Side, NDArray[np.int64]]


def match_legs(track: Track, cycle: Cycle, near_side: Side, direction: int) -> Pair:
    """The folded legs, matched half a stride apart.

    The delay whose medians over the cycle agree best is taken, so that a leg which is made up in less than half of the
    stride doesn't hide it; each joint may be a constant away from the near one's, as camera and model have it.
    """
    near, far = (_folded_leg(track, cycle, side) for side in (near_side, other_side(near_side)))
    near_px, far_px = (float(np.median(_bone(leg, "thigh") + _bone(leg, "shank"))) for leg in (near, far))
    n, scale = len(cycle.grid), far_px / near_px
    lates = np.arange(-int(LATEST * n), int(LATEST * n) + 1)
    rows = (np.arange(n) - n // 2 - lates[:, None]) % n
    cost, offsets = np.zeros(len(lates)), {}
    for joint in MOVING:
        away = far[joint] - scale * near[joint][rows]
        offsets[joint] = np.median(away, axis=1)
        cost += np.median(_length(away - offsets[joint][:, None]), axis=1)
    best = int(cost.argmin())
    expected = {joint: scale * near[joint][rows[best]] + offsets[joint][best] for joint in MOVING}
    standing, late = _standing(near, direction), int(lates[best])
    windows = {near_side: standing, other_side(near_side): (standing + n // 2 + late) % n}
    return Pair(near, far, expected, near_side, LEG_PER_BONES * near_px, scale, late, windows)


def own_cues(track: Track, cycle: Cycle, pair: Pair, side: Side) -> OwnCues:
    """The cues of one leg by itself."""
    leg = pair.near if side == pair.near_side else pair.far
    _, bend, rise = _stance_motion(leg, pair.standing[side])
    columns = [track.skeleton.index(f"{side}_{joint}") for joint in FOOT_JOINTS]
    known = np.isfinite(track.xy[:, columns]).all(axis=(1, 2))
    return OwnCues(
        stance_bend=bend / pair.leg_px,
        stance_rise=rise / pair.leg_px,
        scatter=float(median_of_known(np.hypot(*cycle.residual_px[columns].T))) / np.sqrt(2) / pair.leg_px,
        found=float(known.mean()),
        hole=_longest_hole(cycle.phase, known),
    )


def pair_cues(track: Track, cycle: Cycle, pair: Pair) -> PairCues:
    """The cues of the far leg against the near one."""
    far_side = other_side(pair.near_side)
    speed, _, _ = _stance_motion(pair.far, pair.standing[far_side])
    near_speed, _, _ = _stance_motion(pair.near, pair.standing[pair.near_side])
    half = len(cycle.grid) // 2 + pair.late_steps
    changes = {}
    for bone in BONES:
        away = _bone(pair.far, bone) - pair.scale * np.roll(_bone(pair.near, bone), half)
        changes[bone] = float(np.percentile(np.abs(away - np.median(away)), CHANGE_PERCENTILE)) / pair.leg_px
    return PairCues(
        late=pair.late_steps / len(cycle.grid),
        off=float(_circular_mean(_feet_apart(pair.far, pair.expected), int(PASSING * len(cycle.grid))).max())
        / pair.leg_px,
        belt_ratio=speed / near_speed / pair.scale,
        bone_change=changes,
        lying_on=_lying_on(track, cycle, pair),
        apart=float(_feet_apart(pair.near, pair.far).max()) / pair.leg_px,
    )


def _folded_leg(track: Track, cycle: Cycle, side: Side) -> FoldedLeg:
    """Folded places (g, 2) of a leg's joints against the middle of the hips, and that `middle`, in pixels."""
    left, right = (_folded(track, cycle, f"{each}_hip") for each in SIDES)
    middle = (left + right) / 2
    return {joint: _folded(track, cycle, f"{side}_{joint}") - middle for joint in ("hip", *MOVING)} | {"middle": middle}


def _folded(track: Track, cycle: Cycle, name: str) -> FloatArray:
    """Folded place (g, 2) of a keypoint in pixels."""
    return evaluate_cycle(cycle.coefficients[track.skeleton.index(name)], cycle.grid).T


def _bone(leg: FoldedLeg, bone: str) -> FloatArray:
    """Length (g,) of a bone in the picture."""
    upper, lower = BONES[bone]
    return _length(leg[upper] - leg[lower])


def _length(spans: FloatArray) -> FloatArray:
    """Lengths (...) of vectors (..., 2)."""
    return np.asarray(np.hypot(spans[..., 0], spans[..., 1]), dtype=np.float64)


def _feet_apart(leg: FoldedLeg, other: FoldedLeg) -> FloatArray:
    """Distance (g,) between two feet: mean of ankle, heel and toe."""
    return np.asarray(np.mean([_length(leg[joint] - other[joint]) for joint in FOOT_JOINTS], axis=0), dtype=np.float64)


def _foot(leg: FoldedLeg) -> FloatArray:
    """Folded place (g, 2) of the whole foot in the picture: mean of ankle, heel and toe."""
    return np.asarray(leg["middle"] + np.mean([leg[joint] for joint in FOOT_JOINTS], axis=0), dtype=np.float64)


def _circular_mean(values: FloatArray, width: int) -> FloatArray:
    """Mean (g,) of each value and those after it, `width` in all, around the cycle."""
    summed = np.cumsum(np.r_[0.0, values, values[:width]])
    return np.asarray((summed[width:] - summed[:-width])[: len(values)] / width, dtype=np.float64)


def _standing(leg: FoldedLeg, direction: int) -> NDArray[np.int64]:
    """Indices (s,) of the `STANDING` share of the grid in which a foot goes back farthest and is lowest.

    Not low alone, since before contact it goes forward as low; not back alone, since after toe-off it goes on.
    """
    ahead, height = direction * _foot(leg)[:, 0], -_foot(leg)[:, 1]
    width = int(STANDING * len(ahead))
    start = int((np.roll(ahead, -width) - ahead + _circular_mean(height, width)).argmin())
    return np.asarray((start + np.arange(width)) % len(ahead), dtype=np.int64)


def _stance_motion(leg: FoldedLeg, standing: NDArray[np.int64]) -> tuple[float, float, float]:
    """Pixels per step of the grid of the standing foot, its distance from an even way, and its range of heights."""
    foot = _foot(leg)[standing]
    steps = np.arange(len(standing)) - (len(standing) - 1) / 2
    speed = float(steps @ foot[:, 0] / (steps @ steps))
    away = foot[:, 0] - foot[:, 0].mean() - speed * steps
    return speed, float(np.abs(away).max()), float(np.ptp(foot[:, 1]))


def _lying_on(track: Track, cycle: Cycle, pair: Pair) -> float:
    """Share of the frames in which the far foot lies on the near one though it should be elsewhere."""
    at = np.floor(cycle.phase % 1 * len(cycle.grid)).astype(int) % len(cycle.grid)
    elsewhere = (_feet_apart(pair.expected, pair.near) > APART * pair.leg_px)[at]
    near, far = (
        {joint: track.point(f"{side}_{joint}") for joint in FOOT_JOINTS}
        for side in (pair.near_side, other_side(pair.near_side))
    )
    between = _feet_apart(near, far)
    known = elsewhere & np.isfinite(between)
    return float((between[known] < LYING_ON * pair.leg_px).mean()) if known.any() else 0.0


def _longest_hole(phase: FloatArray, known: NDArray[np.bool_]) -> float:
    """Longest part of the stride in which hardly any frame (n,) is known; parts without frames count as known."""
    part = np.floor(phase % 1 * PHASE_BINS).astype(int) % PHASE_BINS
    frames, seen = np.bincount(part, minlength=PHASE_BINS), np.bincount(part, weights=known, minlength=PHASE_BINS)
    empty = seen < SEEN_IN_BIN * frames
    if empty.all():
        return 1.0
    around = np.roll(empty, -int(np.flatnonzero(~empty)[0]))  # begins with a part that is seen
    lengths = np.diff(np.flatnonzero(np.r_[~around, True])) - 1
    return float(lengths.max()) / PHASE_BINS
