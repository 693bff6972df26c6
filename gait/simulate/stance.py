"""The leg on the ground: the foot rolls on the belt, the hip passes over it, and the knee follows from both."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from gait.errors import ConfigError
from gait.model import SIDES, FloatArray
from gait.simulate.body import Body
from gait.simulate.pelvis import DEEPEST, Pelvis
from gait.simulate.steps import StepIndex, Steps

# Until shoe and foot are loaded they give: at the contact that a force plate sees (50 N) the foot is SINK_M higher
# than later and moves back at 0.65 of the belt's speed. From the force-plate runner (RBDS, 2.5 m/s): ankle 25 to 29 mm
# higher than at midstance, of which rolling explains some; rearfoot at 0.6 of the belt's speed.
SINK_M, SINK_S = 0.015, 0.060
SLIP_SHARE, SLIP_S = 0.35, 0.030
FLAT_FROM, FLAT_TO = 0.22, 0.40  # shares of stance between which the foot is flat
PUSH_OFF_POWER = 1.7
STEPS_OUT_OF_REACH = 0.05  # share of the steps whose foot chance may put where the leg can't reach
LONGEST_REACH = 1.01  # of the leg, that chance may ask of all other steps
TOO_SHORT = (
    "This runner's leg can't reach its foot late in stance; choose a larger overstride, a higher cadence, a smaller "
    "duty_factor or speed, or more knee flexion at contact."
)
STEEPEST_ROLL_RAD = (np.radians(-80.0), np.radians(-8.0))


@dataclass(frozen=True, slots=True, eq=False)
class LegPose:
    """A leg as angles in its own plane, which holds hip and ankle and is tilted sideways about the hip.

    Radians; thigh and shank from straight down, + forward; `pitch` of the foot, + toes up; `ankle_across_m` is the
    ankle's place to the runner's right of the treadmill's middle.
    """

    thigh: FloatArray
    knee: FloatArray
    pitch: FloatArray
    ankle_across_m: FloatArray

    def stacked(self) -> FloatArray:
        """The four as (4, n)."""
        return np.stack([self.thigh, self.knee, self.pitch, self.ankle_across_m])


@dataclass(frozen=True, slots=True, eq=False)
class Stances:
    """All stances of a run; everything here is per step (s,)."""

    body: Body
    steps: Steps
    pelvis: Pelvis
    ankle_at_contact_m: FloatArray  # forward
    last_pitch: FloatArray  # radians, at toe-off
    knee_inward_m: FloatArray  # in the middle of stance

    def pitch(self, step: StepIndex, u: FloatArray) -> FloatArray:
        """Pitch of the foot in radians at share `u` of stance."""
        first = np.radians(self.steps.value["foot_strike_deg"])[step]
        landing = first * np.clip(1 - u / FLAT_FROM, 0, 1) ** 2.5
        rolling = np.clip((u - FLAT_TO) / (1 - FLAT_TO), 0, None) ** PUSH_OFF_POWER
        return np.asarray(landing + self.last_pitch[step] * rolling, dtype=np.float64)

    def ankle_m(self, step: StepIndex, time_s: FloatArray, pitch: FloatArray) -> FloatArray:
        """Ankle (n, 3) of the standing leg: carried by the belt, moved on by rolling."""
        value, since_s = self.steps.value, time_s - self.steps.contact_s[step]
        sole, first = self.body.sole, np.radians(value["foot_strike_deg"])[step]
        rolled = sole.ankle_travel_m(pitch)
        out = self.steps.outward[step]
        toe_out = np.radians(value["toe_out_deg"])[step]
        speed = value["speed_mps"]
        carried = (
            speed[step] * since_s
            + (np.append(speed[1:], speed[-1]) - speed)[step]
            * since_s**2
            / 2
            / (np.append(np.diff(self.steps.contact_s), 1.0)[step])
        )
        slip = SLIP_SHARE * speed[step] * SLIP_S / 3 * (1 - np.clip(1 - since_s / SLIP_S, 0, 1) ** 3)
        forward = (
            self.ankle_at_contact_m[step] - carried + slip + np.cos(toe_out) * (rolled - sole.ankle_travel_m(first))
        )
        up = sole.ankle_height_m(pitch) + SINK_M * np.clip(1 - since_s / SINK_S, 0, 1) ** 2
        heel_inward = -self.body.heel[0] * np.sin(toe_out)
        across = out * (value["step_width_m"][step] / 2 + heel_inward + np.sin(toe_out) * rolled)
        return np.column_stack([forward, up, across])

    def pose(self, step: StepIndex, time_s: FloatArray) -> LegPose:
        """The standing leg at these times of these steps; a leg that can't reach its foot is straight."""
        u = (time_s - self.steps.contact_s[step]) / self.steps.stance_s[step]
        pitch = self.pitch(step, u)
        ankle = self.ankle_m(step, time_s, pitch)
        hip = hip_of(self.pelvis, self.steps, step, time_s)
        return leg_pose(self.body, hip=hip, ankle=ankle, pitch=pitch)


def hip_of(pelvis: Pelvis, steps: Steps, step: StepIndex, time_s: FloatArray) -> FloatArray:
    """Hip (n, 3) of the leg that each step belongs to."""
    left, right = (pelvis.hip_m(time_s, side) for side in SIDES)
    return np.where(steps.is_left[step][:, None] == 1, left, right)


def leg_pose(body: Body, *, hip: FloatArray, ankle: FloatArray, pitch: FloatArray) -> LegPose:
    """The leg between hip and ankle (n, 3), its knee bent forward."""
    span = ankle - hip
    down = np.hypot(span[:, 1], span[:, 2])
    reach = np.minimum(np.hypot(span[:, 0], down), 0.9995 * (body.thigh_m + body.shank_m))
    line = np.arctan2(span[:, 0], down)
    thigh = line + _angle(body.thigh_m, reach, opposite=body.shank_m)
    knee = np.pi - _angle(body.thigh_m, body.shank_m, opposite=reach)
    return LegPose(thigh, knee, pitch, ankle[:, 2])


def _angle(one: float, other: FloatArray | float, *, opposite: FloatArray | float) -> FloatArray:
    """Angle between two sides of a triangle."""
    cosine = (one**2 + np.square(other) - np.square(opposite)) / (2 * one * np.asarray(other))
    return np.asarray(np.arccos(np.clip(cosine, -1, 1)), dtype=np.float64)


def make_stances(body: Body, steps: Steps) -> Stances:
    """Stances whose landings, toe-offs and midstances are as the steps ask.

    Raises
    ------
    ConfigError
        No such runner can be: a leg is too short for where hip and foot would have to be.
    """
    at_rest = Pelvis.landing_at(body, steps, np.zeros(len(steps.contact_s)))
    zero = np.zeros(len(steps.contact_s))
    step = np.arange(len(zero))
    ahead = steps.with_asymmetry("overstride_leg_lengths", "overstride_asymmetry_leg_lengths") * body.leg_m
    stances = Stances(body, steps, at_rest, at_rest.forward_m(steps.contact_s) + ahead, zero, zero)
    pitch = np.radians(steps.value["foot_strike_deg"])
    ankle = stances.ankle_m(step, steps.contact_s, pitch)
    knee = np.radians(steps.with_asymmetry("knee_flexion_at_contact_deg", "knee_flexion_asymmetry_deg"))
    hip_from_middle = np.where(
        steps.is_left[:, None] == 1,
        at_rest.hip_from_middle_m(steps.contact_s, "left"),
        at_rest.hip_from_middle_m(steps.contact_s, "right"),
    )
    middle = at_rest.middle_m(steps.contact_s)
    level = (ankle - middle - hip_from_middle)[:, [0, 2]]
    reach_squared = body.thigh_m**2 + body.shank_m**2 + 2 * body.thigh_m * body.shank_m * np.cos(knee)
    down = np.sqrt(np.maximum(reach_squared - (level**2).sum(axis=1), 0.25 * body.leg_m**2))
    pelvis = Pelvis.landing_at(body, steps, ankle[:, 1] + down - hip_from_middle[:, 1])
    stances = Stances(body, steps, pelvis, stances.ankle_at_contact_m, zero, zero)
    stances = Stances(body, steps, pelvis, stances.ankle_at_contact_m, _last_pitch(stances), zero)
    _check_reach(stances)
    met = stances.pose(step, steps.toe_off_s).knee  # more than asked where the foot would have to stay flatter
    steps = replace(steps, value={**steps.value, "knee_flexion_at_toe_off_deg": np.degrees(met)})
    pelvis = replace(pelvis, steps=steps)
    return Stances(body, steps, pelvis, stances.ankle_at_contact_m, stances.last_pitch, _knee_inward_m(stances))


def _check_reach(stances: Stances) -> None:
    """Refuse a runner whose leg is somewhere in stance too short for where hip and foot would have to be.

    Of single steps that chance makes a little too long the leg is straight, and the foot some millimetres off.
    """
    step = np.arange(len(stances.steps.contact_s))
    longest = np.zeros(len(step))
    for u in np.linspace(0, 1, 11):
        time_s = stances.steps.contact_s + u * stances.steps.stance_s
        ankle = stances.ankle_m(step, time_s, stances.pitch(step, np.full(len(step), u)))
        reach = np.linalg.norm(ankle - hip_of(stances.pelvis, stances.steps, step, time_s), axis=1)
        longest = np.maximum(longest, reach)
    leg_m = stances.body.thigh_m + stances.body.shank_m
    if np.median(longest) > leg_m or np.quantile(longest, 1 - STEPS_OUT_OF_REACH) > LONGEST_REACH * leg_m:
        raise ConfigError(TOO_SHORT)


def _last_pitch(stances: Stances) -> FloatArray:
    """How far the foot has rolled at toe-off so that the knee is as bent there as asked, by bisection.

    Of the few steps that chance makes longer than the leg allows, the knee is as bent as it can be.
    """
    steps = stances.steps
    step = np.arange(len(steps.contact_s))
    wanted = np.radians(steps.value["knee_flexion_at_toe_off_deg"])
    hip = hip_of(stances.pelvis, steps, step, steps.toe_off_s)

    def knee(pitch: FloatArray) -> FloatArray:
        ankle = stances.ankle_m(step, steps.toe_off_s, pitch)
        return leg_pose(stances.body, hip=hip, ankle=ankle, pitch=pitch).knee

    steepest, flattest = (np.full(len(step), limit) for limit in STEEPEST_ROLL_RAD)
    if (knee(steepest) < wanted).mean() > STEPS_OUT_OF_REACH:
        raise ConfigError(TOO_SHORT)
    for _ in range(40):
        middle = (steepest + flattest) / 2
        bent_enough = knee(middle) >= wanted
        steepest, flattest = np.where(bent_enough, middle, steepest), np.where(bent_enough, flattest, middle)
    return np.asarray((steepest + flattest) / 2, dtype=np.float64)


def _knee_inward_m(stances: Stances) -> FloatArray:
    """How far the knee lies inward of the line from hip to ankle for the projection angle asked, by Newton's rule."""
    steps, body = stances.steps, stances.body
    step = np.arange(len(steps.contact_s))
    time_s = stances.pelvis.deepest_s
    pose = stances.pose(step, time_s)
    thigh_m = body.thigh_m * np.cos(pose.thigh)
    shank_m = body.shank_m * np.cos(pose.thigh - pose.knee)
    wanted = np.radians(steps.per_side("valgus", "deg"))
    inward = wanted / (1 / thigh_m + 1 / shank_m)
    for _ in range(4):
        error = np.arctan(inward / thigh_m) + np.arctan(inward / shank_m) - wanted
        slope = thigh_m / (thigh_m**2 + inward**2) + shank_m / (shank_m**2 + inward**2)
        inward = inward - error / slope
    return np.asarray(inward, dtype=np.float64)


def knee_inward_share(u: FloatArray) -> FloatArray:
    """Share of the knee's way inward at share `u` of stance: from just before contact to toe-off, 1 in the middle."""
    before = 2 * DEEPEST - 1  # the rise begins as long before the middle as the fall ends after it
    return np.asarray(np.where((u > before) & (u < 1), np.sin(np.pi * (u - before) / (1 - before)) ** 2, 0.0))
