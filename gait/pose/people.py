"""The people of a whole clip, and which sightings are of the same person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gait.model import FloatArray

SHORTEST_S = 0.5  # who was seen for less isn't counted: less than two steps
_LONGEST_AWAY_S = 5.0  # longer, and somebody else may have taken the place
_MOMENT_S = 0.1
# From where somebody should be after a break; and farther, the longer it was, as the speed may have changed so much.
_FARTHEST_HEIGHTS, _OTHER_SPEED_HEIGHTS_PER_S = 0.25, 1.0
_LARGEST_GROWTH = 1.3


@dataclass(frozen=True, slots=True, eq=False)
class Somebody:
    """One person: keypoints (m, k, 2) in pixels and confidence (m, k) in the frames of these numbers (m,), sorted."""

    frames: NDArray[np.int64]
    xy: NDArray[np.float32]
    confidence: NDArray[np.float32]

    @property
    def middle(self) -> FloatArray:
        """Median (m, 2) of the known points."""
        return np.asarray(np.nanmedian(self.xy.astype(np.float64), axis=1), dtype=np.float64)

    @property
    def height_px(self) -> FloatArray:
        """From the highest to the lowest known point (m,)."""
        y = self.xy[..., 1].astype(np.float64)
        return np.asarray(np.nanmax(y, axis=1) - np.nanmin(y, axis=1), dtype=np.float64)

    def joined(self, other: Somebody) -> Somebody:
        """Both as one; the other comes later."""
        return Somebody(
            np.concatenate([self.frames, other.frames]),
            np.concatenate([self.xy, other.xy]),
            np.concatenate([self.confidence, other.confidence]),
        )


def same_people(seen: Sequence[Somebody], fps: float) -> list[Somebody]:
    """Those of whom each was followed without a break as people who may be out of sight for some seconds.

    Where there is never more than one at a time, all of them are one. Else the ends and beginnings that fit best are
    joined, and what was seen for a moment only is left out.
    """
    ordered = sorted(seen, key=lambda somebody: int(somebody.frames[0]))
    long = [somebody for somebody in ordered if len(somebody.frames) >= SHORTEST_S * fps]
    if not any(_overlap(one, other) for i, one in enumerate(long) for other in long[i + 1 :]):
        return _in_one(ordered)
    steady = [part for somebody in ordered if len((part := _without_moments(somebody, fps)).frames)]
    breaks = [
        (off, i, j)
        for i, one in enumerate(steady)
        for j, other in enumerate(steady)
        if i != j and (off := _break(one, other, fps)) is not None
    ]
    later: dict[int, int] = {}
    for _, i, j in sorted(breaks):
        if i not in later and j not in later.values():
            later[i] = j
    people = []
    for i, somebody in enumerate(steady):
        if i not in later.values():
            whole = somebody
            while i in later:
                whole, i = whole.joined(steady[later[i]]), later[i]
            people.append(whole)
    return people


def _without_moments(somebody: Somebody, fps: float) -> Somebody:
    """Without the sightings of less than a tenth of a second before and after which there was nobody."""
    cuts = np.flatnonzero(np.diff(somebody.frames) > _MOMENT_S * fps) + 1
    parts = np.split(np.arange(len(somebody.frames)), cuts)
    kept = np.concatenate([*(part for part in parts if len(part) >= _MOMENT_S * fps), np.zeros(0, np.int64)])
    return Somebody(somebody.frames[kept], somebody.xy[kept], somebody.confidence[kept])


def _overlap(one: Somebody, other: Somebody) -> bool:
    return bool(one.frames[0] <= other.frames[-1] and other.frames[0] <= one.frames[-1])


def _in_one(ordered: Sequence[Somebody]) -> list[Somebody]:
    """All as one; of two who were there for a moment at the same time, the one who had been there longer."""
    if not ordered:
        return []
    sizes = np.concatenate([np.full(len(s.frames), len(s.frames)) for s in ordered])
    frames, xy, confidence = (
        np.concatenate([getattr(s, name) for s in ordered]) for name in ("frames", "xy", "confidence")
    )
    order = np.lexsort((-sizes, frames))
    kept = order[np.r_[True, np.diff(frames[order]) > 0]]
    return [Somebody(frames[kept], xy[kept], confidence[kept])]


def _break(earlier: Somebody, later: Somebody, fps: float) -> float | None:
    """How far apart two are between whom there may be a break, in body heights; None where they can't be one."""
    away = int(later.frames[0] - earlier.frames[-1])
    if not 0 < away <= _LONGEST_AWAY_S * fps:
        return None
    some = max(3, round(SHORTEST_S * fps))
    before, after = earlier.height_px[-some:], later.height_px[:some]
    height, growth = float(np.median(before)), float(np.median(after) / np.median(before))
    if not 1 / _LARGEST_GROWTH < growth < _LARGEST_GROWTH:
        return None
    last, first = earlier.middle[-some:], later.middle[:some]
    n = min(len(last), len(first), 5)
    way = (last[-1] - last[0]) / max(int(earlier.frames[-1] - earlier.frames[-len(last)]), 1)
    off = float(np.linalg.norm(first[:n].mean(axis=0) - last[-n:].mean(axis=0) - way * away)) / height
    return off if off <= _FARTHEST_HEIGHTS + _OTHER_SPEED_HEIGHTS_PER_S * min(away / fps, 1) else None
