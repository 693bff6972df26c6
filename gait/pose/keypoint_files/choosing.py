"""Which of several people is the runner: the one who fills most of the pictures over the clip."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

import numpy as np

from gait.model import FloatArray

# From one frame to the next a person's middle moves by no more than half of the body's height.
_LARGEST_MOVE_HEIGHTS = 0.5
# The body's height is the median over so many sightings: a few close points in one of them are no small body.
_SIGHTINGS = 15


@dataclass(slots=True)
class _Person:
    """One person followed through the frames."""

    middle: FloatArray
    heights_px: list[float] = field(default_factory=list)
    members: dict[int, FloatArray] = field(default_factory=dict)

    @property
    def size(self) -> float:
        """The heights summed over the frames."""
        return sum(self.heights_px)

    @property
    def largest_move_px(self) -> float:
        """How far the middle may be from where it was last."""
        return _LARGEST_MOVE_HEIGHTS * median(self.heights_px[-_SIGHTINGS:])

    def add(self, number: int, points: FloatArray, middle: FloatArray, height_px: float) -> None:
        self.members[number] = points
        self.middle = middle
        self.heights_px.append(height_px)


def choose_runner(people: Mapping[int, Sequence[FloatArray]]) -> tuple[dict[int, FloatArray], int]:
    """The runner's points (k, 3) by frame number, and in how many frames there was a choice.

    People are followed from frame to frame by the nearest middle of the body; the one with the largest height summed
    over the frames is the runner. With one person in each frame nothing is followed: that is the runner.
    """
    several = sum(len(frame) > 1 for frame in people.values())
    if not several:
        return {number: frame[0] for number, frame in people.items() if frame}, 0
    followed: list[_Person] = []
    for number in sorted(people):
        found = [(points, *_place(points)) for points in people[number]]
        seen = [entry for entry in found if np.isfinite(entry[2])]
        _carry_on(followed, number, seen)
    runner = max(followed, key=lambda person: person.size, default=None)
    return (runner.members if runner else {}), several


def _carry_on(followed: list[_Person], number: int, seen: list[tuple[FloatArray, FloatArray, float]]) -> None:
    """Give each person of a frame to the nearest one followed so far, nearest pairs first; the rest are new."""
    distances = sorted(
        (float(np.hypot(*(middle - person.middle))), i, j)
        for i, (_, middle, _) in enumerate(seen)
        for j, person in enumerate(followed)
    )
    given: dict[int, int] = {}
    for distance, i, j in distances:
        if i in given or j in given.values() or distance > followed[j].largest_move_px:
            continue
        given[i] = j
    for i, (points, middle, height_px) in enumerate(seen):
        if i not in given:
            followed.append(_Person(middle))
        followed[given.get(i, -1)].add(number, points, middle, height_px)


def _place(points: FloatArray) -> tuple[FloatArray, float]:
    """Middle (2,) and height in pixels of a person's known points; NaN where there are none."""
    known = points[np.isfinite(points).all(axis=1) & (points[:, 2] > 0), :2]
    if len(known) < 2:
        return np.full(2, np.nan), np.nan
    return np.median(known, axis=0), float(np.ptp(known[:, 1]))
