"""The register of metrics, and what a metric's function gets and gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from gait.cycle import fold_signal, normal_draws
from gait.model import (
    AXIS_JOINTS,
    Calibration,
    Cycle,
    FloatArray,
    MetricInfo,
    Quantity,
    Scene,
    Side,
    Stance,
    Track,
    axis_name,
    medial_sign,
    other_side,
)
from gait.signals import angle_from_vertical_deg, evaluate_cycle, harmonics, turn_deg

if TYPE_CHECKING:
    import pandas as pd

Z95 = 1.96
READING_WINDOW = 0.04  # of a stride, to each side: the frames that tell a single stride's deviation


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """One metric of one side.

    `strides` (s,) holds a value per good stride (NaN: not measurable), `draws` (1 + b,) the estimate and its bootstrap
    draws. What only the folded cycle tells, not a single stride, has NaN strides and says how many it is folded from.
    """

    strides: FloatArray
    draws: FloatArray
    folded_from: int = 0

    def less(self, draws: FloatArray) -> Measured:
        """The same with something folded (1 + b,) taken from it."""
        return replace(self, strides=self.strides - draws[0], draws=self.draws - draws)

    @property
    def n(self) -> int:
        """Number of strides behind the estimate."""
        return self.folded_from or int(np.isfinite(self.strides).sum())


@dataclass(frozen=True, slots=True, eq=False)
class Leg:
    """What a metric's function sees: one leg of the runner, its stance and its strides.

    `strides` holds this leg's good strides, `all_strides` those of both legs. Angles are in degrees, of every frame
    (n,), in the picture's plane.
    """

    side: Side
    track: Track
    scene: Scene
    cycle: Cycle
    stances: dict[Side, Stance]
    calibration: Calibration
    strides: pd.DataFrame
    all_strides: pd.DataFrame
    _folded: dict[bytes, FloatArray] = field(default_factory=dict)

    @property
    def stance(self) -> Stance:
        return self.stances[self.side]

    @property
    def opposite(self) -> Leg:
        """The other leg, with its own stance and the same strides."""
        return replace(self, side=other_side(self.side))

    @property
    def stride_s(self) -> float:
        """Mean stride time in real seconds."""
        return self.cycle.period_s * self.calibration.capture_speed.value

    @property
    def leg_length_px(self) -> float:
        """Hip to floor in pixels; NaN where unknown."""
        return self.calibration.leg_length_px.value if self.calibration.leg_length_px else np.nan

    def point(self, joint: str) -> FloatArray:
        """A joint of this leg (n, 2) in pixels."""
        return self.track.point(f"{self.side}_{joint}")

    def axis_point(self, joint: str) -> FloatArray:
        """A joint of this leg (n, 2) across the picture where the outline has it, else where the pose model does."""
        name = axis_name(self.side, joint)
        return self.track.point(name) if name in self.track.skeleton else self.point(joint)

    def added_aside(self, seen_ahead: float) -> float:
        """What the camera's yaw adds to what lies medial, if it adds `seen_ahead` from a quarter turn aside.

        With the runner's way towards the picture's right, what lies ahead seems to lie there as well.
        """
        return float(self.medial * seen_ahead * np.sin(np.radians(self.scene.yaw_deg)))

    @property
    def ahead(self) -> int:
        """+1 where forward is image right; side views."""
        return self.scene.direction or 1

    @property
    def medial(self) -> int:
        """+1 where this leg's midline is towards image right; rear and front views."""
        return medial_sign(self.side, self.scene.view)

    @property
    def knee_flexion_deg(self) -> FloatArray:
        """0 is straight, + is bent."""
        return self.ahead * turn_deg(self.point("hip"), self.point("knee"), self.point("ankle"))

    @property
    def shank_angle_deg(self) -> FloatArray:
        """Knee to ankle against the vertical, + where the ankle is ahead of the knee."""
        return -self.ahead * angle_from_vertical_deg(self.point("ankle"), self.point("knee"))

    @property
    def thigh_extension_deg(self) -> FloatArray:
        """Hip to knee against the vertical, + where the knee is behind the hip."""
        return self.ahead * angle_from_vertical_deg(self.point("knee"), self.point("hip"))

    @property
    def foot_pitch_deg(self) -> FloatArray:
        """Heel to forefoot against the horizontal, + toes up; the keypoints lie on the shoe, not on its sole."""
        along = self.point("foot_index") - self.point("heel")
        return np.asarray(np.degrees(np.arctan2(-along[:, 1], self.ahead * along[:, 0])), dtype=np.float64)

    @property
    def trunk_lean_deg(self) -> FloatArray:
        """Mid-hip to mid-shoulder against the vertical, + forward."""
        return self.ahead * angle_from_vertical_deg(self.track.point("mid_hip"), self.track.point("mid_shoulder"))

    @property
    def frontal_plane_projection_deg(self) -> FloatArray:
        """Turn of hip-knee-ankle in the picture, 0 straight, + where the knee is medial (valgus)."""
        return self.medial * turn_deg(*(self.axis_point(joint) for joint in AXIS_JOINTS))

    @property
    def femoral_adduction_deg(self) -> FloatArray:
        """Hip to knee against the vertical, + where the knee is towards the midline."""
        return -self.medial * angle_from_vertical_deg(self.axis_point("knee"), self.axis_point("hip"))

    @property
    def contralateral_pelvic_drop_deg(self) -> FloatArray:
        """Line between the hips against the horizontal, + where the other leg's hip is lower."""
        across = self.opposite.point("hip") - self.point("hip")
        return np.asarray(np.degrees(np.arctan2(across[:, 1], self.medial * across[:, 0])), dtype=np.float64)

    @property
    def lateral_trunk_lean_deg(self) -> FloatArray:
        """Mid-hip to mid-shoulder against the vertical, + towards this leg."""
        hips = (self.axis_point("hip") + self.opposite.axis_point("hip")) / 2
        return -self.medial * angle_from_vertical_deg(hips, self.track.point("mid_shoulder"))

    def fold(self, signal: FloatArray) -> FloatArray:
        """Fourier series (1 + b, 1 + 2 h) of a signal (n,) on the cycle, kept for the next reading."""
        key = signal.tobytes()
        if key not in self._folded:
            self._folded[key] = fold_signal(self.cycle, signal)
        return self._folded[key]

    def read_at(self, signal: FloatArray, phases: FloatArray) -> Measured:
        """A signal (n,) at phases (1 + b,): the folded value, and each stride's own deviation from it near there."""
        draws = self.at(signal, phases)
        residual = signal - evaluate_cycle(self.fold(signal)[0], self.cycle.phase % 1)
        contacts = self.strides["phase"].to_numpy(dtype=np.float64)
        centres = contacts + (phases[0] - contacts) % 1
        deviation = [_mean_near(self.cycle.phase, residual, centre) for centre in centres]
        return Measured(draws[0] + np.array(deviation, dtype=np.float64), draws)

    def from_fold(self, draws: FloatArray) -> Measured:
        """A value (1 + b,) that the folded cycle alone tells."""
        return Measured(np.full(len(self.strides), np.nan), draws, folded_from=len(self.strides))

    def at(self, signal: FloatArray, phases: FloatArray) -> FloatArray:
        """A signal (n,) as folded, at phases (1 + b,) or (1 + b, p)."""
        folded = self.fold(signal)
        basis = harmonics(phases.ravel() % 1, (folded.shape[1] - 1) // 2).reshape(*phases.shape, -1)
        return np.asarray(np.einsum("b...c,bc->b...", basis, folded), dtype=np.float64)

    def span(self, start: FloatArray, end: FloatArray, n: int = 101) -> FloatArray:
        """Phases (1 + b, n) evenly from one phase (1 + b,) to the next time of the other."""
        return np.asarray(start[:, None] + np.linspace(0, 1, n) * ((end - start) % 1)[:, None], dtype=np.float64)

    def drawn(self, quantity: Quantity, *, seed: int) -> FloatArray:
        """A quantity beside the bootstrap's draws (1 + b,), scattered by its error."""
        scatter = normal_draws(len(self.cycle.draws), seed=seed) * quantity.error / Z95
        return np.asarray(quantity.value + scatter, dtype=np.float64)

    def lowest_pelvis_phase(self) -> FloatArray:
        """Phase (1 + b,) of the deepest landing position: the pelvis' lowest point in stance.

        The shoulders tell it where they are seen: on rendered runners within 7 ms (SD), the pose model's hips in 12.
        """
        return self.extreme_phase(-self.track.point(self.track.bouncing_point)[:, 1], sign=-1)

    def extreme_phase(self, signal: FloatArray, *, sign: int) -> FloatArray:
        """Phase (1 + b,) at which a folded signal is largest (sign +1) or smallest (-1) in stance."""
        return self.extreme_between(signal, self.stance.contact_phase, self.stance.toe_off_phase, sign=sign)

    def extreme_between(self, signal: FloatArray, start: FloatArray, end: FloatArray, *, sign: int) -> FloatArray:
        """The same from one phase (1 + b,) to the next time of another."""
        phases = self.span(start, end)
        values = sign * self.at(signal, phases)
        return np.asarray(phases[np.arange(len(phases)), values.argmax(axis=1)], dtype=np.float64)


def no_speed(calibration: Calibration) -> str:
    """Why what goes with the speed can't be told; empty where it can."""
    if calibration.belt_speed_mps is None:
        return "the speed isn't known: give it, for instance --speed-kmh 10"
    return ""


def _mean_near(phase: FloatArray, residual: FloatArray, centre: float) -> float:
    """Mean residual of the frames near a phase; NaN where there are none."""
    near = residual[np.abs(phase - centre) <= READING_WINDOW]
    near = near[np.isfinite(near)]
    return float(near.mean()) if len(near) else np.nan


@dataclass(frozen=True, slots=True)
class Metric:
    """A registered metric: what it is, the function behind it, and how errors of the picture reach it.

    `per_leg_length` is the change for keypoints misplaced independently by one leg length (times a small fraction, it
    is the error of the pose model's placement); `per_roll_deg` the change for a camera rolled by one degree.
    `needs_both_legs` is for what compares them, `needs_times` for what real seconds enter. `posture` gives the signal
    (n,) whose value in a runner who stands is taken off for the value over standing; `impossible` says why what is
    known doesn't allow the metric. `out_of_plane` is what the camera would add that looks from a quarter turn aside, in
    the metric's unit: its sine of yaw is added. `seen_ahead` is what it adds on average, to what lies medial, and what
    the metric takes off itself; `out_of_plane` is then how runners differ in it. `by_outline` is for what reads hips,
    knees and ankles where the outline has them.
    """

    info: MetricInfo
    function: Callable[[Leg], Measured]
    needs_feet: bool
    needs_both_legs: bool
    needs_length: bool
    needs_times: bool
    per_leg_length: float
    per_roll_deg: float
    out_of_plane: float
    seen_ahead: float
    by_outline: bool
    posture: Callable[[Leg], FloatArray] | None
    impossible: Callable[[Calibration], str] | None

    @property
    def is_of_time_alone(self) -> bool:
        """Whether it is only about when strides follow each other, which no zoom, shift or turn of a camera changes."""
        return self.info.group == "temporal" and not self.needs_feet


REGISTRY: dict[str, Metric] = {}
GROUPS = ("temporal", "overstride", "sagittal", "frontal")


def in_order() -> dict[str, Metric]:
    """The registered metrics as tables show them: by group, then as their file has them."""
    return dict(sorted(REGISTRY.items(), key=lambda item: GROUPS.index(item[1].info.group)))


def of_time_alone() -> frozenset[str]:
    """Names of the metrics that are only about when strides follow each other."""
    return frozenset(name for name, metric in REGISTRY.items() if metric.is_of_time_alone)


def metric(
    name: str,
    *,
    group: Literal["temporal", "overstride", "sagittal", "frontal"],
    unit: str,
    view: Literal["any", "side", "frontal"],
    label: str,
    plain: str,
    definition: str,
    reference: str,
    per_side: bool = True,
    decimals: int = 1,
    needs_feet: bool = False,
    needs_both_legs: bool = False,
    needs_length: bool = False,
    needs_times: bool = False,
    per_leg_length: float = 0.0,
    per_roll_deg: float = 0.0,
    out_of_plane: float = 0.0,
    seen_ahead: float = 0.0,
    by_outline: bool = False,
    posture: Callable[[Leg], FloatArray] | None = None,
    impossible: Callable[[Calibration], str] | None = None,
) -> Callable[[Callable[[Leg], Measured]], Callable[[Leg], Measured]]:
    """Register a function as a metric; the texts go into every table and report."""
    info = MetricInfo(name, group, unit, label, plain, view, definition, reference, per_side, decimals)

    def register(function: Callable[[Leg], Measured]) -> Callable[[Leg], Measured]:
        REGISTRY[name] = Metric(
            info,
            function,
            needs_feet=needs_feet,
            needs_both_legs=needs_both_legs,
            needs_length=needs_length,
            needs_times=needs_times or (group == "temporal" and unit != "ratio"),
            per_leg_length=per_leg_length,
            per_roll_deg=per_roll_deg,
            out_of_plane=out_of_plane,
            seen_ahead=seen_ahead,
            by_outline=by_outline,
            posture=posture,
            impossible=impossible,
        )
        return function

    return register


# How a misplaced keypoint turns a segment, from body proportions (Winter 2009, ISBN 978-0-470-39818-0): thigh and shank
# are 0.245 and 0.246 of stature, the trunk keypoints 0.29 apart, heel and forefoot 0.12 (`simulate.body`), and the leg
# 0.53.
_SEGMENT, _TRUNK, _FOOT = 0.245 / 0.53, 0.29 / 0.53, 0.122 / 0.53
DEG_PER_LEG_SEGMENT = float(np.degrees(np.sqrt(2) / _SEGMENT))
DEG_PER_LEG_THREE_POINTS = float(np.degrees(np.sqrt(6) / _SEGMENT))
DEG_PER_LEG_TRUNK = float(np.degrees(1 / _TRUNK))
# What puts heel and toe off the shoe lasts from landing to the flat foot, in which it is taken out, but for a third.
DEG_PER_LEG_FOOT = float(np.degrees(np.sqrt(2) / _FOOT)) / 3
