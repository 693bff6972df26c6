"""A runner of a few sines, for the camera alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pytest

from gait.model import FloatArray, Side
from gait.simulate.source import Moving

STRIDE_S, STANCE_SHARE = 0.72, 0.36
_FORWARD_M = {"shoulder": 0.05, "elbow": 0.0, "wrist": 0.15, "hip": 0.0, "knee": 0.12, "ankle": 0.0}
_HEIGHT_M = {"shoulder": 1.42, "elbow": 1.15, "wrist": 1.1, "hip": 0.92, "knee": 0.5, "ankle": 0.08}
_OUTWARD_M = {"shoulder": 0.18, "elbow": 0.24, "wrist": 0.2, "hip": 0.09, "knee": 0.07, "ankle": 0.05}


@dataclass(frozen=True, slots=True)
class Stub:
    """Feet go to and fro and up; the rest bounces a little. Leg length: about 0.93 m."""

    duration_s: float = 20.0
    arms_and_head: bool = True

    def _contacts(self, late: float) -> FloatArray:
        return np.arange(0.1 + late * STRIDE_S, self.duration_s, STRIDE_S)

    @property
    def contact_s(self) -> Mapping[Side, FloatArray]:
        return {"left": self._contacts(0.0), "right": self._contacts(0.5)}

    @property
    def toe_off_s(self) -> Mapping[Side, FloatArray]:
        return {side: times + STANCE_SHARE * STRIDE_S for side, times in self.contact_s.items()}

    def belt_speed_mps_at(self, time_s: FloatArray) -> FloatArray:
        return np.full(len(time_s), 2.8)

    def joints_at(self, time_s: FloatArray) -> dict[str, FloatArray]:
        bounce = -0.03 * np.cos(4 * np.pi * (time_s - 0.1) / STRIDE_S - np.pi / 2)
        joints = {}
        for side, sign, late in (("left", -1.0, 0.0), ("right", 1.0, 0.5)):
            turn = 2 * np.pi * ((time_s - 0.1) / STRIDE_S - late - STANCE_SHARE / 2)
            place = {
                joint: np.column_stack([forward + 0 * turn, _HEIGHT_M[joint] + bounce, sign * out + 0 * turn])
                for (joint, forward), out in zip(_FORWARD_M.items(), _OUTWARD_M.values(), strict=True)
            }
            place["ankle"] += np.column_stack([-0.4 * np.sin(turn), 0.15 * (1 - np.cos(turn)) - bounce, 0 * turn])
            place["knee"] += np.column_stack([-0.15 * np.sin(turn - 0.7), 0.05 * (1 - np.cos(turn)), 0 * turn])
            place["heel"] = place["ankle"] + [-0.05, -0.06, 0]
            place["foot_index"] = place["ankle"] + [0.14, -0.07, 0]
            joints |= {f"{side}_{joint}": xyz for joint, xyz in place.items()}
        if not self.arms_and_head:
            return {name: xyz for name, xyz in joints.items() if not name.endswith(("elbow", "wrist"))}
        return joints | {"nose": np.column_stack([0.12 + 0 * time_s, 1.6 + bounce, 0 * time_s])}


@pytest.fixture(scope="session")
def moving_stub() -> Callable[..., Moving]:
    """The class of runners of a few sines: `moving_stub(duration_s=60, arms_and_head=False)`."""
    return Stub
