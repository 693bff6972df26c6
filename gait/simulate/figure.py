"""The whole body at some times: where its points are, and how its segments are turned."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gait.model import FloatArray

LEG_POINTS = ("hip", "knee", "ankle", "heel", "foot_index")
ARM_POINTS = ("shoulder", "elbow", "wrist")


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    """A body at n times.

    `points` (n, 3) in metres: the keypoints of both sides, nose, mid_hip, chest, neck (between the shoulders) and head
    (its middle). `turns` (n, 3, 3) are rotations whose columns are a segment's forward, upward and rightward direction:
    pelvis, lumbar, thorax, head, and of both sides upper_arm, forearm (upward is towards the shoulder), foot, and leg,
    whose rightward direction is the knee's axis.
    """

    points: dict[str, FloatArray]
    turns: dict[str, FloatArray]

    @property
    def keypoints(self) -> dict[str, FloatArray]:
        """The points that a pose model gives."""
        return {name: place for name, place in self.points.items() if "_" in name and name != "mid_hip"} | {
            "nose": self.points["nose"]
        }


def turned_x(angle: FloatArray) -> FloatArray:
    """Rotations (n, 3, 3) about the forward axis: up towards right."""
    return _turned(angle, 1, 2)


def turned_y(angle: FloatArray) -> FloatArray:
    """Rotations (n, 3, 3) about the upward axis: right towards forward."""
    return _turned(angle, 2, 0)


def turned_z(angle: FloatArray) -> FloatArray:
    """Rotations (n, 3, 3) about the axis to the right: forward towards up."""
    return _turned(angle, 0, 1)


def _turned(angle: FloatArray, one: int, other: int) -> FloatArray:
    """Rotations by an angle (n,) that carry axis `one` towards axis `other`."""
    matrix = np.zeros((len(angle), 3, 3))
    matrix[:, [0, 1, 2], [0, 1, 2]] = 1.0
    matrix[:, one, one] = matrix[:, other, other] = np.cos(angle)
    matrix[:, other, one] = np.sin(angle)
    matrix[:, one, other] = -np.sin(angle)
    return matrix
