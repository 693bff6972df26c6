"""The leg in the air: from toe-off to the next contact, as runners do, joined smoothly to what stance asks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Self

import numpy as np

from gait.model import FloatArray
from gait.simulate.stance import LegPose, Stances
from gait.simulate.steps import StepIndex

if TYPE_CHECKING:
    from scipy.interpolate import CubicSpline

# The usual swing, over its time: thigh from the vertical, knee flexion and foot pitch in degrees, smoothed means of two
# legs at 2.5 m/s (force-plate runner of RBDS, doi:10.7717/peerj.3298); the foot swings out by OUTWARD_M.
TIMES = np.linspace(0, 1, 21)
THIGH_DEG = [
    -18,
    -20,
    -19.5,
    -17,
    -13.5,
    -9,
    -4.5,
    1,
    6.5,
    13,
    18.5,
    23,
    26,
    27.3,
    26.8,
    24.8,
    21.5,
    18.5,
    16.5,
    15.5,
    15.7,
]
KNEE_DEG = [
    14.7,
    15.5,
    20,
    28.7,
    39.5,
    51,
    61.6,
    71,
    78.7,
    83.9,
    85.3,
    83.4,
    78.3,
    70.2,
    59.1,
    45.8,
    30.7,
    18,
    10,
    7,
    9.5,
]
PITCH_DEG = [
    -41,
    -51,
    -59,
    -62.6,
    -65.1,
    -68.9,
    -73.1,
    -74.9,
    -72.7,
    -67.8,
    -61.2,
    -53,
    -43,
    -32.2,
    -22,
    -13.4,
    -6.2,
    1,
    6,
    6.6,
    3.6,
]
OUTWARD_M = 0.04
JOIN = (0.35, 0.28)  # shares of swing over which it is bent to what stance asks, after toe-off and before contact
EPS_S = 0.0005


@dataclass(frozen=True, slots=True, eq=False)
class Swings:
    """All swings of a run: of each step's leg from its toe-off to its next contact, two steps later.

    `at_start` and `at_end` (2, 4, s) are value and speed (per swing) that the four numbers of a `LegPose` have there in
    stance; `raised` (s,) says how much larger than the usual the swing's arcs are.
    """

    start_s: FloatArray
    duration_s: FloatArray
    at_start: FloatArray
    at_end: FloatArray
    raised: FloatArray
    outward: FloatArray

    @classmethod
    def between(cls, stances: Stances) -> Self:
        """The swings between stances; the last two steps have none."""
        steps = stances.steps
        n = len(steps.contact_s) - 2
        step = np.arange(n)
        start_s, duration_s = steps.toe_off_s[:n], steps.contact_s[2:] - steps.toe_off_s[:n]
        at_start = _value_and_speed(stances, step, start_s, -EPS_S, duration_s)
        at_end = _value_and_speed(stances, step + 2, steps.contact_s[2:], EPS_S, duration_s)
        wanted = np.radians(steps.value["swing_knee_flexion_deg"][:n])
        arcs = _arcs()(TIMES)[:, 1]
        highest = TIMES[int(np.argmax(arcs))]
        ends = at_start[0, 1] + (at_end[0, 1] - at_start[0, 1]) * eased_share(highest)
        raised = (wanted - ends) / arcs.max()
        return cls(start_s, duration_s, at_start, at_end, raised, steps.outward[:n])

    def pose(self, step: StepIndex, time_s: FloatArray) -> LegPose:
        """The swinging leg at these times after the toe-offs of these steps."""
        share = np.clip((time_s - self.start_s[step]) / self.duration_s[step], 0, 1)
        start, end = self.at_start[:, :, step], self.at_end[:, :, step]
        size = np.stack([self.raised[step], self.raised[step], np.ones(len(step)), self.outward[step]])
        usual = start[0] + (end[0] - start[0]) * eased_share(share) + size * _arcs()(share).T
        off, on = _arcs()(0.0, 1)[:, None], _arcs()(1.0, 1)[:, None]
        leaving = _joined(share, JOIN[0], start[1] - size * off)
        landing = _joined(1 - share, JOIN[1], size * on - end[1])
        thigh, knee, pitch, across = usual + leaving + landing
        return LegPose(thigh, _not_backward(knee, share), pitch, across)


def _not_backward(knee: FloatArray, share: FloatArray) -> FloatArray:
    """Knee flexion that comes softly to rest at one degree: a knee doesn't bend the wrong way.

    At the very end of the swing nothing is added, so that it meets the stance.
    """
    rest, soft = np.radians(1.0), np.radians(1.5)
    added = rest + soft * np.logaddexp(0.0, (knee - rest) / soft) - knee
    return np.asarray(knee + added * np.clip((1 - share) / 0.03, 0, 1), dtype=np.float64)


def eased_share(share: FloatArray | float) -> FloatArray:
    """From 0 to 1 with neither speed nor acceleration at the ends."""
    x = np.asarray(share, dtype=np.float64)
    return np.asarray(x**3 * (x * (6 * x - 15) + 10), dtype=np.float64)


def _joined(share: FloatArray, width: float, speed: FloatArray) -> FloatArray:
    """What adds this speed (4, n) at share 0, and nothing beyond `width`."""
    return np.asarray(speed * share * (1 - np.clip(share / width, 0, 1)) ** 3, dtype=np.float64)


def _value_and_speed(
    stances: Stances, step: StepIndex, time_s: FloatArray, eps_s: float, swing_s: FloatArray
) -> FloatArray:
    """Value and speed (2, 4, s) of the standing leg at one end of its stance, time counted in swings."""
    at, near, further = (stances.pose(step, time_s + i * eps_s).stacked() for i in range(3))
    return np.stack([at, (-1.5 * at + 2 * near - 0.5 * further) / eps_s * swing_s])


@cache
def _arcs() -> CubicSpline:
    """Thigh, knee, pitch (radians) and the foot's way outward over the swing, less the way from first to last."""
    from scipy.interpolate import CubicSpline

    out = OUTWARD_M * np.sin(np.pi * TIMES) ** 2
    curves = np.column_stack([np.radians(THIGH_DEG), np.radians(KNEE_DEG), np.radians(PITCH_DEG), out])
    return CubicSpline(TIMES, curves - curves[0] - np.outer(eased_share(TIMES), curves[-1] - curves[0]))
