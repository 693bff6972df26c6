"""Somebody who walks on a treadmill, to see whether that is told from running."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from gait.model import SIDES, FloatArray, Side

HIP_HALF_WIDTH_M, SHOULDER_HALF_WIDTH_M, TRUNK_M = 0.08, 0.18, 0.50
ANKLE_HEIGHT_M, HEEL_M, TOE_M = 0.08, (-0.06, -0.07), (0.14, -0.06)


@dataclass(frozen=True, slots=True)
class Walker:
    """A walker by a few parameters (a `Moving`): both feet are on the ground for a part of each stride.

    The stance ankle moves with the belt; in swing it goes forward on a smooth path, lifted by `lift_m`. The knee
    follows from hip and ankle. `speed_mps` 0 walks in place.
    """

    cycle_offset: ClassVar[Mapping[Side, float]] = {"left": 0.0, "right": 0.5}

    speed_mps: float = 1.4
    stride_s: float = 1.1
    duty_factor: float = 0.62
    lift_m: float = 0.08
    segment_m: float = 0.43
    duration_s: float = 25.0

    @property
    def contact_s(self) -> Mapping[Side, FloatArray]:
        """Every heel strike."""
        strides = np.arange(-1, self.duration_s / self.stride_s + 1)
        return {side: (strides + self.cycle_offset[side]) * self.stride_s for side in SIDES}

    @property
    def toe_off_s(self) -> Mapping[Side, FloatArray]:
        """Every toe-off."""
        return {side: times + self.duty_factor * self.stride_s for side, times in self.contact_s.items()}

    def belt_speed_mps_at(self, time_s: FloatArray) -> FloatArray:
        """The belt's constant speed (n,)."""
        return np.full(len(time_s), self.speed_mps)

    def joints_at(self, time_s: FloatArray) -> dict[str, FloatArray]:
        """Joint name to places (n, 3)."""
        phase = np.asarray(time_s, dtype=np.float64) / self.stride_s
        points: dict[str, FloatArray] = {}
        reach_m = self.speed_mps * self.duty_factor * self.stride_s / 2
        hip_m = ANKLE_HEIGHT_M + 0.985 * float(np.sqrt((2 * self.segment_m) ** 2 - reach_m**2))
        hip_height = hip_m + 0.015 * np.cos(4 * np.pi * (phase - self.duty_factor / 2))
        for side in SIDES:
            out = 1.0 if side == "right" else -1.0
            own = (phase - self.cycle_offset[side]) % 1
            points |= _leg(side, out, self._ankle(own, reach_m), hip_height, self.segment_m)
            points |= _arm(side, out, hip_height + TRUNK_M, swing=-np.cos(2 * np.pi * own))
        points["nose"] = np.column_stack([np.full(len(phase), 0.10), hip_height + TRUNK_M + 0.25, np.zeros(len(phase))])
        return points

    def _ankle(self, own: FloatArray, reach_m: float) -> FloatArray:
        """Ankle ahead of the hip and over the belt (n, 2), and the foot's pitch (n,) as a third column."""
        stance = own < self.duty_factor
        u = np.where(stance, own / self.duty_factor, (own - self.duty_factor) / (1 - self.duty_factor))
        smooth = u * u * (3 - 2 * u)
        ahead = np.where(stance, reach_m * (1 - 2 * u), reach_m * (2 * smooth - 1))
        up = ANKLE_HEIGHT_M + np.where(stance, 0.0, self.lift_m * np.sin(np.pi * u))
        pitch = np.where(stance, 0.0, -0.5 * np.sin(np.pi * u) * (1 - u) + 0.1 * np.sin(np.pi * u) * u)
        return np.column_stack([ahead, up, pitch])


def _leg(side: Side, out: float, ankle: FloatArray, hip_height: FloatArray, segment_m: float) -> dict[str, FloatArray]:
    """Hip to forefoot (n, 3) of one leg, the knee by two links of equal length, bent forward."""
    across = np.full(len(ankle), out * HIP_HALF_WIDTH_M)
    ahead, drop = ankle[:, 0], hip_height - ankle[:, 1]
    span = np.hypot(ahead, drop)
    bulge = np.sqrt(np.maximum(segment_m**2 - (span / 2) ** 2, 0))
    turn = np.cos(ankle[:, 2]), np.sin(ankle[:, 2])
    foot = {
        name: np.column_stack([ahead + x * turn[0] - y * turn[1], ankle[:, 1] + x * turn[1] + y * turn[0], across])
        for name, (x, y) in (("heel", HEEL_M), ("foot_index", TOE_M))
    }
    knee_ahead, knee_height = ahead / 2 + bulge * drop / span, hip_height - drop / 2 + bulge * ahead / span
    return {
        f"{side}_hip": np.column_stack([np.zeros(len(ankle)), hip_height, across]),
        f"{side}_knee": np.column_stack([knee_ahead, knee_height, across]),
        f"{side}_ankle": np.column_stack([ahead, ankle[:, 1], across]),
        **{f"{side}_{name}": places for name, places in foot.items()},
    }


def _arm(side: Side, out: float, shoulder_height: FloatArray, *, swing: FloatArray) -> dict[str, FloatArray]:
    """Shoulder to wrist (n, 3): the arm hangs and swings against the leg by up to 25 degrees."""
    across, angle = np.full(len(swing), out * SHOULDER_HALF_WIDTH_M), 0.44 * swing
    points = {f"{side}_shoulder": np.column_stack([np.zeros(len(swing)), shoulder_height, across])}
    for joint, length_m in (("elbow", 0.30), ("wrist", 0.55)):
        hanging = np.column_stack([length_m * np.sin(angle), -length_m * np.cos(angle), np.zeros(len(swing))])
        points[f"{side}_{joint}"] = points[f"{side}_shoulder"] + hanging
    return points
