"""Which of several people in a file is the runner: they are followed from frame to frame, then one is chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

import numpy as np

from gait.model import FloatArray
from gait.pose.people import Somebody
from gait.pose.which_runner import Choice, Picture, WhichRunner, choose

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
    def largest_move_px(self) -> float:
        """How far the middle may be from where it was last."""
        return _LARGEST_MOVE_HEIGHTS * median(self.heights_px[-_SIGHTINGS:])

    def add(self, number: int, points: FloatArray, middle: FloatArray, height_px: float) -> None:
        self.members[number] = points
        self.middle = middle
        self.heights_px.append(height_px)

    def whole(self) -> Somebody:
        """All that was seen of them; points without a score are unknown."""
        points = np.stack(list(self.members.values()))
        xy = np.where((points[..., 2] > 0)[..., None], points[..., :2], np.nan)
        return Somebody(np.array(list(self.members)), xy.astype(np.float32), points[..., 2].astype(np.float32))


def choose_runner(
    people: Mapping[int, Sequence[FloatArray]], which: WhichRunner, picture: Picture, columns: Mapping[str, int]
) -> tuple[dict[int, FloatArray], Choice]:
    """The runner's points (k, 3) by frame number, and what the choice was.

    People are followed from frame to frame by the nearest middle of the body, and the runner is chosen as in clips.
    With one person in each frame nothing is followed: that is the runner.
    """
    numbers = sorted(number for number in people if people[number])
    if all(len(people[number]) == 1 for number in numbers) and which == WhichRunner():
        return {number: people[number][0] for number in numbers}, Choice()
    followed: list[_Person] = []
    for number in numbers:
        found = [(points, *_place(points)) for points in people[number]]
        _carry_on(followed, number, [entry for entry in found if np.isfinite(entry[2])])
    everybody = [person.whole() for person in followed]
    choice = choose(everybody, which, picture, columns)
    members = next((p.members for p, one in zip(followed, everybody, strict=True) if one is choice.runner), {})
    return members, choice


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
