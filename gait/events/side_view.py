"""Initial contact and toe-off from the side, on the folded cycle.

A foot on the ground moves with the belt: contact is where its velocity comes to the belt's, toe-off where it leaves it.
Speeds are taken relative to the belt, because heights and accelerations differ between rear- and forefoot strikers and
between heavy and light ones, but the foot's speed goes the same steep way in all of them, from the swing's to the
belt's, within some 50 ms. A force plate feels the shoe (50 N) before friction has brought it to the belt's speed, at
0.57 to 0.72 of it on one runner's feet, and until the forefoot has begun to move, so neither event is where the
velocities are the same. The shares are round numbers between what was seen, kept for all runners and strikes.

A second cue tells toe-off from another part of the body: the knee is straightest as the push ends.
"""

from __future__ import annotations

import numpy as np

from gait.model import FloatArray
from gait.signals import evaluate_cycle, harmonics, median_of_known

CONTACT_SHARE = 0.62  # of the belt's speed: the foot's backward speed at contact
LEAVING_SHARE = 0.25  # of the belt's speed: how far the forefoot's velocity is from the belt's at toe-off
FLAT_FOOT = (0.15, 0.50)  # of stance: where the whole sole is on the ground
STRETCH_REACH = 0.06  # strides, to each side of toe-off
TOE_OFF_AFTER, TOE_OFF_BEFORE = 0.15, 0.60  # strides after contact between which toe-off is looked for

# 95 % half-widths of what each rule's mean is off by, from foot to foot. On the force plate (one runner's two feet at
# 2.5 and 3.5 m/s) contact came out between -4 and +4 ms, the foot's leaving between -19 and -2 ms, and the straightest
# knee between +10 and +23 ms (-9 and +8 ms on another runner's feet). The contacts' root mean square is 3 ms there, and
# 4 on simulated feet, on which the rule wasn't chosen: 95 % are twice as much.
CONTACT_ERROR_S = 0.008
FOOT_LEAVES_ERROR_S = 0.026
STRAIGHT_KNEE_ERROR_S = 0.030


def belt_speed(backward: FloatArray, height: FloatArray) -> FloatArray:
    """The foot's backward speed (r,) where it is low and goes back: its median over the lowest quarter of the cycle.

    `backward` and `height` are (r, g), a row for each fold. A pose model's errors may make the lowest quarter begin
    before contact, where the foot still goes forward: without that condition 4 of 32 simulated feet with MediaPipe's
    errors came out at half of the belt's speed or less.
    """
    standing = (height <= np.percentile(height, 25, axis=1, keepdims=True)) & (backward > 0)
    return median_of_known(np.where(standing, backward, np.nan), axis=1)


def standing_speed(foot_ahead: FloatArray, contact: FloatArray, toe_off: FloatArray) -> FloatArray:
    """Mean backward speed (r,) of the foot's middle while the whole sole is on the ground, in units per stride.

    The straight line through its way from 15 to 50 % of stance: longer than that the heel isn't on the ground. On the
    force plate it is within 3 % of the belt's speed, where the median over the lowest quarter of the cycle is up to 4 %
    slow, and 1 % (SD 1 %) slow on simulated runners (3 %).

    Parameters
    ----------
    foot_ahead
        Fourier coefficients (r, 1 + 2 h) of the forward place of the foot's middle.
    contact, toe_off
        Phases (r,).
    """
    share = np.linspace(*FLAT_FOOT, 41)
    phases = contact[:, None] + share * ((toe_off - contact) % 1)[:, None]
    basis = harmonics(phases.ravel() % 1, (foot_ahead.shape[1] - 1) // 2).reshape(*phases.shape, -1)
    ahead = np.einsum("rgc,rc->rg", basis, foot_ahead)
    away = phases - phases.mean(axis=1, keepdims=True)
    return np.asarray(-(away * ahead).sum(axis=1) / (away**2).sum(axis=1), dtype=np.float64)


def contact_phases(
    foot_ahead: FloatArray, heel_height: FloatArray, grid: FloatArray, *, expected: float | None = None
) -> tuple[FloatArray, FloatArray]:
    """Phases (r,) of initial contact, and the belt's speed (r,) per stride, of every fold of one foot.

    The foot of a hidden leg jumps, so the belt's speed may be reached more than once: without more knowledge the first
    time is taken, else the one nearest to `expected`.

    Parameters
    ----------
    foot_ahead
        Fourier coefficients (r, 1 + 2 h) of the forward place of the foot's middle, between heel and forefoot.
    heel_height
        The same of the heel's height; any unit of length.
    expected
        Phase at which the contact should be, half a stride after the other leg's.

    Returns
    -------
    Phases in strides (0 to 1; NaN where the foot never reaches the speed) and the backward speed in units per stride.
    """
    ahead, backward = evaluate_cycle(foot_ahead, grid), -evaluate_cycle(foot_ahead, grid, derivative=1)
    belt = belt_speed(backward, evaluate_cycle(heel_height, grid))
    phases = np.full(len(belt), np.nan)
    for row, foremost in enumerate(ahead.argmax(axis=1)):
        after = np.roll(backward[row], -foremost)[: len(grid) // 2]
        found = (grid[foremost] + crossings(after, CONTACT_SHARE * belt[row]) / len(grid)) % 1
        if len(found):
            away = np.arange(len(found)) if expected is None else np.abs((found - expected + 0.5) % 1 - 0.5)
            phases[row] = found[away.argmin()]
    return phases, belt


def foot_leaves(
    toe_ahead: FloatArray,
    toe_height: FloatArray,
    *,
    belt: FloatArray,
    contact: FloatArray,
    near: FloatArray,
    grid: FloatArray,
) -> FloatArray:
    """Phases (r,) at which the forefoot's velocity leaves the belt's; NaN where it doesn't.

    Where it does so more than once on the way to its swing, as a hidden foot that jumps, the time nearest to `near`
    (r,; the straightest knee) is taken, or the last one where that is unknown.

    Parameters
    ----------
    toe_ahead, toe_height
        Fourier coefficients (r, 1 + 2 h) of the forefoot's forward place and height.
    belt, contact
        The belt's speed (r,) in units per stride, and the phases (r,) of contact.
    """
    forward = evaluate_cycle(toe_ahead, grid, derivative=1) / belt[:, None]
    upward = evaluate_cycle(toe_height, grid, derivative=1) / belt[:, None]
    off_belt = np.hypot(forward + 1, upward)
    after = np.arange(TOE_OFF_AFTER, TOE_OFF_BEFORE, 1 / len(grid))
    phases = np.full(len(belt), np.nan)
    for row in np.flatnonzero(np.isfinite(contact) & np.isfinite(belt)):
        late = np.interp((contact[row] + after) % 1, grid, off_belt[row], period=1)
        swinging = np.flatnonzero(late >= 1)  # as fast as the belt, over it
        found = crossings(late[: swinging[0] + 1] if len(swinging) else late, LEAVING_SHARE) / len(grid) + TOE_OFF_AFTER
        if len(found):
            away = -found if np.isnan(near[row]) else np.abs((contact[row] + found - near[row] + 0.5) % 1 - 0.5)
            phases[row] = (contact[row] + found[away.argmin()]) % 1
    return phases


def stretch_error(foot: FloatArray, phase: float, *, belt: float, grid: FloatArray) -> float:
    """How wrong (strides) the foot's leaving may be, by how much heel and forefoot move against each other around it.

    A foot is stiff, so what changes its length in the picture is an error of the keypoints. It is a speed, and over the
    steepness with which the forefoot's velocity leaves the belt's a time. NaN where the foot isn't known to leave.

    Parameters
    ----------
    foot
        Fourier coefficients (4, 1 + 2 h): heel forward and up, forefoot forward and up.
    phase, belt
        When the foot leaves, NaN where that isn't known; the belt's speed in units per stride.
    """
    near = phase + np.linspace(-STRETCH_REACH, STRETCH_REACH, 41)
    place, speed = evaluate_cycle(foot, near % 1), evaluate_cycle(foot, near % 1, derivative=1) / belt
    along = place[2:] - place[:2]
    stretching = (along * (speed[2:] - speed[:2])).sum(axis=0) / np.hypot(*along)
    off_belt = np.hypot(speed[2] + 1, speed[3])
    steepness = (off_belt[-11] - off_belt[10]) / (near[-11] - near[10])
    return float(np.sqrt((stretching**2).mean()) / np.maximum(steepness, LEAVING_SHARE))


def straightest_knee(knee_flexion: FloatArray, contact: FloatArray, grid: FloatArray) -> FloatArray:
    """Phases (r,) at which the knee is straightest late in stance; NaN where it isn't within.

    Fellin et al. 2010, doi:10.1016/j.jsams.2010.03.006. `knee_flexion` (r, 1 + 2 h) are Fourier coefficients.
    """
    flexion = evaluate_cycle(knee_flexion, grid)
    after = np.arange(0.2, 0.55, 1 / len(grid))
    phases = np.full(len(contact), np.nan)
    for row in np.flatnonzero(np.isfinite(contact)):
        late = np.interp((contact[row] + after) % 1, grid, flexion[row], period=1)
        lowest = int(late.argmin())
        if 0 < lowest < len(late) - 1:
            before, at, behind = late[lowest - 1 : lowest + 2]
            offset = 0.5 * (before - behind) / (before - 2 * at + behind)
            phases[row] = (contact[row] + after[lowest] + offset / len(grid)) % 1
    return phases


def crossings(values: FloatArray, level: float) -> FloatArray:
    """Fractional indices at which the values rise through a level."""
    before = np.flatnonzero((values[1:] >= level) & (values[:-1] < level))
    return np.asarray(before + (level - values[before]) / (values[before + 1] - values[before]), dtype=np.float64)
