"""The runner's body: lengths from stature, and the sole on which the foot rolls."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from gait.model import FloatArray

if TYPE_CHECKING:
    from scipy.interpolate import CubicSpline

# The sole's profile, forward and up from the ankle, in statures: heel, the flat part, and the forefoot's rocker, over
# which the foot rolls from ball to toes: the base of the big toe rises faster and faster until toe-off, as in runners.
SOLE = np.array(
    [
        (-0.038, -0.043),
        (-0.025, -0.045),
        (0.075, -0.045),
        (0.095, -0.0425),
        (0.112, -0.038),
        (0.125, -0.0315),
        (0.133, -0.024),
    ]
)
SOLE_ROUNDING_M = 0.0015  # how softly the sole goes from one touching point to the next


@dataclass(frozen=True)
class Body:
    """Segment lengths in metres as shares of stature (Winter 2009, ISBN 978-0-470-39818-0), widths scaled by `build`.

    Points of the foot are (forward, up) from the ankle with the foot flat. `leg_m` is hip to floor, standing.
    """

    height_m: float
    build: float = 1.0

    @property
    def thigh_m(self) -> float:
        return 0.245 * self.height_m

    @property
    def shank_m(self) -> float:
        return 0.246 * self.height_m

    @property
    def ankle_height_m(self) -> float:
        return 0.045 * self.height_m

    @property
    def leg_m(self) -> float:
        return self.thigh_m + self.shank_m + self.ankle_height_m

    @property
    def hip_half_width_m(self) -> float:
        return 0.051 * self.height_m * self.build

    @property
    def shoulder_half_width_m(self) -> float:
        return 0.100 * self.height_m * self.build

    @property
    def trunk_m(self) -> float:
        return 0.290 * self.height_m

    @property
    def upper_arm_m(self) -> float:
        return 0.172 * self.height_m

    @property
    def forearm_m(self) -> float:
        return 0.150 * self.height_m

    @property
    def heel(self) -> FloatArray:
        """Back of the heel, the keypoint."""
        return np.array([-0.037, -0.026]) * self.height_m

    @property
    def foot_index(self) -> FloatArray:
        """Base of the big toe, the keypoint."""
        return np.array([0.085, -0.030]) * self.height_m

    @property
    def neck(self) -> FloatArray:
        """Upper end of the neck from between the shoulders (forward, up, right)."""
        return np.array([0.011, 0.055, 0.0]) * self.height_m

    @property
    def head(self) -> FloatArray:
        """Middle of the head from the upper end of the neck."""
        return np.array([0.007, 0.0715, 0.0]) * self.height_m

    @property
    def nose(self) -> FloatArray:
        """Tip of the nose from the middle of the head."""
        return np.array([0.064, -0.017, 0.0]) * self.height_m

    @cached_property
    def sole(self) -> Sole:
        """The sole of this body's foot."""
        return Sole(self.height_m)


class Sole:
    """A stiff convex sole that rolls on the belt without slipping.

    The foot turns about whatever point of the sole is lowest: with the height of the ankle over the ground `h(pitch)`
    (the support function of the sole), the ankle moves by `-h d(pitch)` along the ground, so its travel is the integral
    of `h`, whichever points touch in turn. Pitch is in radians, + with the toes up.
    """

    def __init__(self, height_m: float) -> None:
        from scipy.interpolate import CubicSpline

        points = SOLE * height_m
        pitch = np.radians(np.arange(-110.0, 60.0, 0.05))
        depth = -np.outer(np.sin(pitch), points[:, 0]) - np.outer(np.cos(pitch), points[:, 1])
        deepest = depth.max(axis=1)
        soft = np.exp((depth - deepest[:, None]) / SOLE_ROUNDING_M).sum(axis=1)
        self._height = CubicSpline(pitch, deepest + SOLE_ROUNDING_M * np.log(soft))
        self._travel: CubicSpline = self._height.antiderivative()

    def ankle_height_m(self, pitch: FloatArray) -> FloatArray:
        """Height of the ankle over the ground."""
        return np.asarray(self._height(pitch), dtype=np.float64)

    def ankle_travel_m(self, pitch: FloatArray) -> FloatArray:
        """How far forward the ankle has rolled from pitch 0, along the foot."""
        return np.asarray(self._travel(0.0) - self._travel(pitch), dtype=np.float64)
