"""The pelvis: thrown up by each stance, falling freely between, swaying, turning and dropping over the standing leg."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from gait.model import FloatArray, Side
from gait.simulate.body import Body
from gait.simulate.steps import StepIndex, Steps

G_MPS2 = 9.81
# The push of a stance over its duration is sin(pi u) + EARLIER sin(2 pi u): the sine of the spring-mass runner (Morin
# et al. 2005, doi:10.1123/jab.21.2.167), leant forward so that the fastest rise comes 50 to 60 ms before toe-off and
# the fastest fall some 35 to 40 ms after contact, as on the force plate (RBDS, 2.5 m/s).
EARLIER = 0.1
SPEED_RIPPLE_MPS = 0.12  # the pelvis brakes until midstance and is driven on after it: about +- 7 mm of travel
DEEPEST = 0.45  # share of stance at which the pelvis is lowest and over its leg


@dataclass(frozen=True, slots=True, eq=False)
class Pelvis:
    """The pelvis over a run; heights of its fall and rise are set so that every landing has its own hip height."""

    body: Body
    steps: Steps
    contact_height_m: FloatArray
    fall_mps: FloatArray  # upward speed at contact, so negative
    rise_mps: FloatArray  # upward speed at toe-off

    @classmethod
    def landing_at(cls, body: Body, steps: Steps, contact_height_m: FloatArray) -> Self:
        """The pelvis that is `contact_height_m` (s,) high at each contact.

        What each stance must push follows from step to step: it has to take up the fall and throw the body so high that
        it comes down to the next contact's height in the flight's time.
        """
        stance_s = steps.stance_s
        flight_s = np.diff(steps.contact_s, append=2 * steps.contact_s[-1] - steps.contact_s[-2]) - stance_s
        late = 0.5 + EARLIER / 4  # share of the final speed in the mean speed over stance
        climb_m = np.diff(contact_height_m, append=contact_height_m[-1])
        wanted = climb_m + G_MPS2 * (flight_s**2 / 2 - stance_s**2 * (late - 0.5))
        rise = np.empty(len(stance_s))
        fall = np.empty(len(stance_s))
        fall[0] = -G_MPS2 * flight_s[0] / 2
        for k in range(len(rise)):
            rise[k] = (wanted[k] - (1 - late) * stance_s[k] * fall[k]) / (late * stance_s[k] + flight_s[k])
            if k + 1 < len(fall):
                fall[k + 1] = rise[k] - G_MPS2 * flight_s[k]
        return cls(body, steps, contact_height_m, fall, rise)

    def height_m(self, time_s: FloatArray) -> FloatArray:
        """Height of mid-hip over the belt."""
        k = step_at(self.steps, time_s)
        stance_s, since_s = self.steps.stance_s[k], time_s - self.steps.contact_s[k]
        fall, rise = self.fall_mps[k], self.rise_mps[k]
        push = (rise - fall + G_MPS2 * stance_s) / (2 / np.pi * stance_s)
        u = np.clip(since_s / stance_s, 0, 1)
        once = np.pi * u - np.sin(np.pi * u)
        twice = 2 * np.pi * u - np.sin(2 * np.pi * u)
        thrown = push * stance_s**2 * (once / np.pi**2 + EARLIER * twice / (2 * np.pi) ** 2)
        on_ground = np.minimum(since_s, stance_s)
        in_air = np.maximum(since_s - stance_s, 0)
        height = self.contact_height_m[k] + fall * on_ground - G_MPS2 * on_ground**2 / 2 + thrown
        return np.asarray(height + rise * in_air - G_MPS2 * in_air**2 / 2, dtype=np.float64)

    def forward_m(self, time_s: FloatArray) -> FloatArray:
        """Mid-hip ahead of its mean place on the treadmill."""
        k = step_at(self.steps, time_s)
        ends = np.append(self.steps.contact_s, 2 * self.steps.contact_s[-1] - self.steps.contact_s[-2])
        step_s = ends[k + 1] - ends[k]
        since = (time_s - ends[k]) / step_s
        at_deepest = DEEPEST * self.steps.stance_s[k] / step_s
        cycle = np.sin(2 * np.pi * (since - at_deepest)) + np.sin(2 * np.pi * at_deepest)
        return np.asarray(-SPEED_RIPPLE_MPS * step_s / (2 * np.pi) * cycle, dtype=np.float64)

    def middle_m(self, time_s: FloatArray) -> FloatArray:
        """Mid-hip (n, 3)."""
        sway = self.steps.outward * self.steps.per_side("pelvic_sway", "m")
        across = eased(time_s, self.deepest_s, sway)
        return np.column_stack([self.forward_m(time_s), self.height_m(time_s), across])

    def drop_rad(self, time_s: FloatArray) -> FloatArray:
        """Left side of the pelvis down, so + in right stance: the contralateral drop."""
        drop = self.steps.outward * np.radians(self.steps.per_side("pelvic_drop", "deg"))
        return eased(time_s, self.deepest_s, drop)

    def turn_rad(self, time_s: FloatArray) -> FloatArray:
        """Right hip forward, as it is when the right foot lands."""
        turn = self.steps.outward * np.radians(self.steps.value["pelvic_rotation_deg"])
        return eased(time_s, self.steps.contact_s, turn)

    @property
    def deepest_s(self) -> FloatArray:
        """When each stance has the pelvis over the leg."""
        return np.asarray(self.steps.contact_s + DEEPEST * self.steps.stance_s, dtype=np.float64)

    def hip_from_middle_m(self, time_s: FloatArray, side: Side) -> FloatArray:
        """Hip (n, 3) from mid-hip."""
        out = self.body.hip_half_width_m * (1 if side == "right" else -1)
        turn, drop = self.turn_rad(time_s), self.drop_rad(time_s)
        flat = out * np.cos(drop)
        return np.column_stack([flat * np.sin(turn), out * np.sin(drop), flat * np.cos(turn)])

    def hip_m(self, time_s: FloatArray, side: Side) -> FloatArray:
        """Hip (n, 3)."""
        return self.middle_m(time_s) + self.hip_from_middle_m(time_s, side)


def step_at(steps: Steps, time_s: FloatArray) -> StepIndex:
    """Which step is under way at each time."""
    found = np.searchsorted(steps.contact_s, time_s, side="right") - 1
    return np.asarray(np.clip(found, 0, len(steps.contact_s) - 1), dtype=np.intp)


def eased(time_s: FloatArray, node_s: FloatArray, node_values: FloatArray) -> FloatArray:
    """From value to value along half a cosine: smooth, and at every node as large as asked."""
    k = np.clip(np.searchsorted(node_s, time_s, side="right") - 1, 0, len(node_s) - 2)
    share = np.clip((time_s - node_s[k]) / (node_s[k + 1] - node_s[k]), 0, 1)
    ease = (1 - np.cos(np.pi * share)) / 2
    return np.asarray(node_values[k] + (node_values[k + 1] - node_values[k]) * ease, dtype=np.float64)
