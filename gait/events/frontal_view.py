"""Initial contact and toe-off from the rear or front, where the belt's motion can't be seen.

The body falls freely until a foot takes load and is thrown up until it lets go, so its vertical speed turns soon after
contact and some time before toe-off. No keypoint of the foot is needed. The shoulders stand for the pelvis: the pose
model follows its fall with them within 17 ms (SD) on rendered runners, with the hips within 24.
"""

from __future__ import annotations

import numpy as np

from gait.model import FloatArray
from gait.signals import evaluate_cycle

# Peak downward pelvis speed (Milner and Paquette 2015, J Biomech 48:3502-3505) comes 27 to 22 ms after
# contact at 11 to 15 km/h (doi:10.1016/j.jbiomech.2021.110419), and 38 to 43 ms after it on the force plate at 9 km/h.
FALL_PEAK_AFTER_CONTACT_S = 0.033
# The pose model moves the peak by up to 20 ms on the rendered runner, and by 17 ms (SD) over 19 of them.
CONTACT_ERROR_S = 0.040
# Peak upward pelvis speed comes 58 to 62 ms before toe-off on the force plate at 9 km/h, the only runner looked at.
RISE_PEAK_BEFORE_TOE_OFF_S = 0.058
TOE_OFF_ERROR_S = 0.070


def turning_points(pelvis_height: FloatArray, grid: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Phases (2,) of fastest fall, one per half stride, and of the fastest rise after each."""
    speed = evaluate_cycle(pelvis_height, grid, derivative=1)
    half, n = len(grid) // 2, len(grid)
    # Where the two steps together fall fastest, then each step's own peak around it.
    both = speed[:half] + speed[half : 2 * half]
    fall, rise = int(both.argmin()), int(both.argmax())
    falls = [_peak(-speed, fall + step * half, n) for step in (0, 1)]
    rises = [_peak(speed, rise + step * half, n) for step in (0, 1)]
    falls_at = np.array(falls, dtype=np.float64) / n
    rises_at = np.array([min(((r / n - f) % 1, r / n) for r in rises)[1] for f in falls_at], dtype=np.float64)
    return falls_at % 1, rises_at % 1


def in_one_order(falls: FloatArray, rises: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Falls and rises (1 + b, 2) of the draws in the order of the first row.

    Which of the two steps comes first in the cycle is chance where one of them lies at its seam.
    """
    exchanged = np.cos(2 * np.pi * (falls[:, 0] - falls[0, 0])) < 0
    order = np.where(exchanged[:, None], [1, 0], [0, 1])
    return np.take_along_axis(falls, order, axis=1), np.take_along_axis(rises, order, axis=1)


def _peak(values: FloatArray, around: int, n: int) -> float:
    """Fractional grid index of the largest value within 6 % of the stride."""
    reach = np.arange(around - int(0.06 * n), around + int(0.06 * n) + 1)
    i = int(reach[values[reach % n].argmax()])
    before, at, after = values[(i - 1) % n], values[i % n], values[(i + 1) % n]
    bend = before - 2 * at + after
    return i + (0.5 * (before - after) / bend if bend < 0 else 0.0)
