"""Initial contact and toe-off from the side, on the folded cycle.

Speeds are taken relative to the belt, because heights and accelerations differ between rear- and forefoot strikers, but
the foot's horizontal speed goes the same steep way in all of them: within some 50 ms around contact it falls to the
belt's. The shares below were found on four force-plate feet (`gait.validate.forceplate`; contact from 50 N).
"""

from __future__ import annotations

import numpy as np

from gait.model import FloatArray
from gait.signals import evaluate_cycle, median_of_known

CONTACT_SHARE = 0.75  # of the belt's speed: the rearfoot's backward speed at contact
TOE_OFF_SHARE = 0.21  # of the belt's speed: the forefoot's upward speed at toe-off
RESTING_SHARE = 0.10  # of the belt's speed: below it the forefoot counts as on the ground
TOE_OFF_AFTER, TOE_OFF_BEFORE = 0.15, 0.60  # strides after contact between which toe-off is looked for

# 95 % half-widths of what each rule's mean is off by, from foot to foot; on the force plate the forefoot's rule came
# out between -12 and +23 ms over frame rates and noise, the knee's between -9 and +14 ms on four feet.
CONTACT_ERROR_S = 0.012
TOE_OFF_SPEED_ERROR_S = 0.024
TOE_OFF_KNEE_ERROR_S = 0.022


def belt_speed(backward_speed: FloatArray, height: FloatArray) -> float:
    """The foot's backward speed where it is low and goes back: its median over the lowest quarter of the cycle.

    A pose model's errors may make the lowest quarter begin before contact, where the foot still goes forward: without
    that condition 4 of 32 simulated feet with MediaPipe's errors came out at half of the belt's speed or less.
    """
    standing = (height <= np.percentile(height, 25)) & (backward_speed > 0)
    return float(median_of_known(backward_speed[standing]))


def contact_phase(
    heel_ahead: FloatArray, heel_height: FloatArray, grid: FloatArray, *, expected: float | None = None
) -> tuple[float, float]:
    """Phase of initial contact, and the belt's speed per stride, from one folded heel.

    The foot of a hidden leg jumps, so the speed may be reached more than once: without more knowledge the first time
    is taken, else the one nearest to `expected`.

    Parameters
    ----------
    heel_ahead, heel_height
        Fourier coefficients (1 + 2 h,) of the heel's forward position and height; any unit of length.
    expected
        Phase at which the contact should be, half a stride after the other leg's.

    Returns
    -------
    Phase in strides (0 to 1; NaN where the heel never reaches the speed) and the backward speed in units per stride.
    """
    backward = -evaluate_cycle(heel_ahead, grid, derivative=1)
    belt = belt_speed(backward, evaluate_cycle(heel_height, grid))
    foremost = int(evaluate_cycle(heel_ahead, grid).argmax())
    after = np.roll(backward, -foremost)
    phases = (grid[foremost] + crossings(after[: len(grid) // 2], CONTACT_SHARE * belt) / len(grid)) % 1
    if not len(phases):
        return np.nan, belt
    away = np.arange(len(phases)) if expected is None else np.abs((phases - expected + 0.5) % 1 - 0.5)
    return float(phases[away.argmin()]), belt


def toe_off_by_speed(toe_height: FloatArray, belt: float, contact: float, grid: FloatArray) -> float:
    """Phase at which the forefoot's upward speed reaches its share of the belt's on the way to its swing peak.

    A ripple earlier in stance, where the other foot passes, doesn't count: the search starts where the forefoot last
    rested before the peak.
    """
    phases = contact + np.arange(TOE_OFF_AFTER, TOE_OFF_BEFORE, 1 / len(grid))
    upward = evaluate_cycle(toe_height, phases % 1, derivative=1)
    peak = int(upward.argmax())
    resting = np.flatnonzero(upward[: peak + 1] < RESTING_SHARE * belt)
    start = int(resting[-1]) if len(resting) else 0
    offset = start + first_crossing(upward[start : peak + 1], TOE_OFF_SHARE * belt)
    return (contact + TOE_OFF_AFTER + offset / len(grid)) % 1


def toe_off_by_knee(knee_flexion: FloatArray, contact: float, grid: FloatArray) -> float:
    """Phase at which the knee is straightest late in stance (Fellin et al. 2010, doi:10.1016/j.jsams.2010.03.006)."""
    phases = contact + np.arange(0.2, 0.55, 1 / len(grid))
    flexion = evaluate_cycle(knee_flexion, phases % 1)
    lowest = int(flexion.argmin())
    if lowest in (0, len(flexion) - 1):
        return np.nan
    before, at, after = flexion[lowest - 1 : lowest + 2]
    offset = 0.5 * (before - after) / (before - 2 * at + after)
    return float((phases[lowest] + offset / len(grid)) % 1)


def first_crossing(values: FloatArray, level: float) -> float:
    """Fractional index at which the values first rise through a level; NaN if they never do."""
    found = crossings(values, level)
    return float(found[0]) if len(found) else np.nan


def crossings(values: FloatArray, level: float) -> FloatArray:
    """Fractional indices at which the values rise through a level."""
    before = np.flatnonzero((values[1:] >= level) & (values[:-1] < level))
    return np.asarray(before + (level - values[before]) / (values[before + 1] - values[before]), dtype=np.float64)
