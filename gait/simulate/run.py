"""A run on the treadmill: every joint at every time, and the truth about every step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gait.errors import ConfigError
from gait.model import SIDES, FloatArray, Side
from gait.simulate.body import Body
from gait.simulate.figure import Figure, turned_y, turned_z
from gait.simulate.pelvis import Pelvis
from gait.simulate.posture import upper_body
from gait.simulate.runner import Runner
from gait.simulate.stance import LegPose, Stances, knee_inward_share, leg_pose, make_stances
from gait.simulate.steps import StepIndex, Steps, make_steps
from gait.simulate.swing import Swings, eased_share
from gait.simulate.variation import Change, Variation

if TYPE_CHECKING:
    import pandas as pd

# A swinging sole is kept above the belt so softly that nothing jerks: by this much, from this share of the swing on.
LIFT_SOFTNESS_M, LIFT_WITHIN = 0.003, 0.05
LONGEST_S = 100_000.0


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """A simulated run, which can be filmed from time 0 to `duration_s` (a `Moving`)."""

    runner: Runner
    duration_s: float
    steps: Steps
    stances: Stances
    swings: Swings

    @property
    def contact_s(self) -> Mapping[Side, FloatArray]:
        """All initial contacts of each leg, also some before and after the run."""
        return self._of_sides(self.steps.contact_s)

    @property
    def toe_off_s(self) -> Mapping[Side, FloatArray]:
        """All toe-offs of each leg."""
        return self._of_sides(self.steps.toe_off_s)

    def _of_sides(self, values: FloatArray) -> dict[Side, FloatArray]:
        """Values of the steps by the leg that they belong to."""
        left = self.steps.is_left == 1
        return {"left": values[left], "right": values[~left]}

    @property
    def pelvis(self) -> Pelvis:
        """The pelvis over the run."""
        return self.stances.pelvis

    def step_table(self) -> pd.DataFrame:
        """A row per step: its leg, its events, and every parameter of the runner as it was."""
        return self.steps.table()

    def belt_speed_mps_at(self, time_s: FloatArray) -> FloatArray:
        """Speed of the belt (n,), which changes steadily from contact to contact."""
        return np.asarray(np.interp(time_s, self.steps.contact_s, self.steps.value["speed_mps"]), dtype=np.float64)

    def joints_at(self, time_s: FloatArray) -> dict[str, FloatArray]:
        """Joint name to places (n, 3) in metres: x forward, y up from the belt, z to the right.

        Shoulder, elbow, wrist, hip, knee, ankle, heel, foot_index of both sides, and the nose.
        """
        return self.figure_at(time_s).keypoints

    def figure_at(self, time_s: FloatArray) -> Figure:
        """The whole body, with the directions of its segments: what a painter needs."""
        time_s = np.asarray(time_s, dtype=np.float64)
        figure = upper_body(self.stances.body, self.steps, self.pelvis, time_s)
        legs = [self._leg(side, time_s) for side in SIDES]
        points = {name: place for part in (figure, *legs) for name, place in part.points.items()}
        return Figure(points, {name: turn for part in (figure, *legs) for name, turn in part.turns.items()})

    def _leg(self, side: Side, time_s: FloatArray) -> Figure:
        """Hip to forefoot of one leg."""
        own = np.flatnonzero(self.steps.is_left == (side == "left"))
        last = np.clip(np.searchsorted(self.steps.contact_s[own], time_s, side="right") - 1, 0, len(own) - 2)
        step = own[last]
        on_ground = time_s <= self.steps.toe_off_s[step]
        hip = self.pelvis.hip_m(time_s, side)
        pose = np.empty((4, len(time_s)))
        pose[:, on_ground] = self.stances.pose(step[on_ground], time_s[on_ground]).stacked()
        air, since_s = ~on_ground, time_s - self.steps.toe_off_s[step]
        share = (since_s / self.swings.duration_s[step])[air]
        swinging = self.swings.pose(step[air], time_s[air])
        pose[:, air] = _off_the_belt(self.stances.body, hip[air], swinging, share).stacked()
        return self._placed(side, LegPose(*pose), hip, time_s, step)

    def _knee_inward_m(self, step: StepIndex, time_s: FloatArray) -> FloatArray:
        """How far the knee is drawn inward: by this step, or already by the leg's next one."""
        u = (time_s - self.steps.contact_s[step]) / self.steps.stance_s[step]
        coming = (time_s - self.steps.contact_s[step + 2]) / self.steps.stance_s[step + 2]
        by_this = self.stances.knee_inward_m[step] * knee_inward_share(np.maximum(u, 0))
        return np.asarray(by_this + self.stances.knee_inward_m[step + 2] * knee_inward_share(coming), dtype=np.float64)

    def _toe_out_rad(self, step: StepIndex, time_s: FloatArray) -> FloatArray:
        """How far the foot points outward: as the step asks on the ground, then turning to the leg's next one."""
        toe_out = np.radians(self.steps.value["toe_out_deg"])
        share = np.clip((time_s - self.steps.toe_off_s[step]) / self.swings.duration_s[step], 0, 1)
        return np.asarray(toe_out[step] + (toe_out[step + 2] - toe_out[step]) * eased_share(share), dtype=np.float64)

    def _placed(self, side: Side, pose: LegPose, hip: FloatArray, time_s: FloatArray, step: StepIndex) -> Figure:
        """Points of a leg from its angles."""
        body, out = self.stances.body, 1.0 if side == "right" else -1.0
        straight, ankle = _knee_and_ankle(body, hip, pose)
        knee = _drawn_inward(hip, straight, ankle, -out * self._knee_inward_m(step, time_s))
        foot = turned_y(-out * self._toe_out_rad(step, time_s)) @ turned_z(pose.pitch)
        points = {
            "hip": hip,
            "knee": knee,
            "ankle": ankle,
            "heel": ankle + foot @ np.append(body.heel, 0),
            "foot_index": ankle + foot @ np.append(body.foot_index, 0),
        }
        turns = {f"{side}_foot": foot, f"{side}_leg": _leg_turn(hip, knee, ankle)}
        return Figure({f"{side}_{name}": place for name, place in points.items()}, turns)


def _knee_and_ankle(body: Body, hip: FloatArray, pose: LegPose) -> tuple[FloatArray, FloatArray]:
    """Knee and ankle (n, 3) in the leg's own plane."""
    shank = pose.thigh - pose.knee
    knee_ahead, knee_down = body.thigh_m * np.sin(pose.thigh), body.thigh_m * np.cos(pose.thigh)
    ahead, down = knee_ahead + body.shank_m * np.sin(shank), knee_down + body.shank_m * np.cos(shank)
    tilt = np.arcsin(np.clip((pose.ankle_across_m - hip[:, 2]) / down, -0.6, 0.6))
    knee = hip + np.column_stack([knee_ahead, -knee_down * np.cos(tilt), knee_down * np.sin(tilt)])
    return knee, hip + np.column_stack([ahead, -down * np.cos(tilt), down * np.sin(tilt)])


def _off_the_belt(body: Body, hip: FloatArray, pose: LegPose, swing_share: FloatArray) -> LegPose:
    """The swinging leg, bent a little more where its sole would be below the belt; it leaves and lands as it was."""
    _, ankle = _knee_and_ankle(body, hip, pose)
    too_low_m = body.sole.ankle_height_m(pose.pitch) - ankle[:, 1]
    inside = np.clip(np.minimum(swing_share, 1 - swing_share) / LIFT_WITHIN, 0, 1)
    ankle[:, 1] += LIFT_SOFTNESS_M * np.logaddexp(0, too_low_m / LIFT_SOFTNESS_M) * inside**2 * (3 - 2 * inside)
    return leg_pose(body, hip=hip, ankle=ankle, pitch=pose.pitch)


def _leg_turn(hip: FloatArray, knee: FloatArray, ankle: FloatArray) -> FloatArray:
    """Directions of a leg (n, 3, 3): the knee's axis to the right, up from ankle to hip, forward across both."""
    up = hip - ankle
    up = up / np.linalg.norm(up, axis=1, keepdims=True)
    bend = knee - (hip + ankle) / 2
    forward = bend - (bend * up).sum(axis=1, keepdims=True) * up
    forward = forward / np.maximum(np.linalg.norm(forward, axis=1, keepdims=True), 1e-9)
    return np.stack([forward, up, np.cross(forward, up)], axis=2)


def _drawn_inward(hip: FloatArray, knee: FloatArray, ankle: FloatArray, across_m: FloatArray) -> FloatArray:
    """The knee turned about the line from hip to ankle until it lies `across_m` to the right of that line's plane."""
    axis = ankle - hip
    axis = axis / np.linalg.norm(axis, axis=1, keepdims=True)
    along = ((knee - hip) * axis).sum(axis=1, keepdims=True)
    offset = knee - hip - along * axis
    radius = np.linalg.norm(offset, axis=1)
    sine = np.clip(across_m / np.maximum(radius, 1e-6), -0.9, 0.9)
    right = np.cross(axis, offset)  # of the length of the offset, to the runner's right where the knee is bent forward
    cosine = np.sqrt(1 - sine**2)
    return np.asarray(hip + along * axis + cosine[:, None] * offset + sine[:, None] * right, dtype=np.float64)


def simulate_run(
    runner: Runner | None = None,
    duration_s: float = 20.0,
    *,
    changes: Iterable[Change] = (),
    variation: Variation | None = None,
    seed: int = 0,
) -> Run:
    """A runner on a treadmill for some time; the same seed gives the same run. `Run.step_table` says what came out.

    Parameters
    ----------
    runner
        How the runner runs; None is the usual one.
    duration_s
        How long, in seconds.
    changes
        What changes on the way.
    variation
        How strides differ from each other; None is the usual variation, `Variation.none()` none at all.
    seed
        Of all that is drawn.

    Raises
    ------
    ConfigError
        No such runner can be, with the reason.

    Examples
    --------
    >>> run = simulate_run(Runner(cadence_spm=180), 10, variation=Variation.none())
    >>> float(np.diff(run.contact_s["left"]).mean().round(3))
    0.667
    """
    runner = runner or Runner()
    if not 0 < duration_s <= LONGEST_S:
        raise ConfigError(f"A run can't last {duration_s} s; it lasts up to {LONGEST_S:g} s.")
    steps = make_steps(
        runner, duration_s, changes=changes, variation=variation or Variation(), rng=np.random.default_rng(seed)
    )
    stances = make_stances(runner.body, steps)
    return Run(runner, duration_s, stances.steps, stances, Swings.between(stances))
