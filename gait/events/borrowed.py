"""Contacts and toe-offs that another view of the same run tells sharply, carried over by the body's bounce.

From the side the feet are seen to land; from the rear and front only the body is seen to fall and to be thrown up,
which tells landings to some 40 ms. Both views see the same bounce, twice a stride. So the time from the bounce's lowest
point to contact and to toe-off is measured from the side and put to the bounce as it is seen from the rear.
"""

from __future__ import annotations

import numpy as np

from gait.cycle import fold_signal, steady
from gait.model import SIDES, Analysis, EventKind, FloatArray, Quantity, Side, StepTiming

# How far the bounce's lowest point is off in one of the two views against the other (95 %), by the pose model.
BOUNCE_ERROR_S = 0.015
FEWEST_EVENTS = 3


def bounce_lowest(height: FloatArray) -> FloatArray:
    """Phase (b,) in half strides, 0 to 0.5, at which the bounce of a folded height (b, 1 + 2 h) is lowest.

    Of its second harmonic alone, which is what two steps have alike.
    """
    n_harmonics = (height.shape[1] - 1) // 2
    turn = np.arctan2(height[:, 2 + n_harmonics], height[:, 2])
    return np.asarray(((turn + np.pi) / (4 * np.pi)) % 0.5, dtype=np.float64)


def step_timing(analysis: Analysis) -> StepTiming | None:
    """What an analysis from the side tells of contacts and toe-offs against the bounce; None where it doesn't."""
    cycle, track, events = analysis.cycle, analysis.track, analysis.events
    if cycle is None or not analysis.scene.is_side_view or analysis.scene.feet_hidden or not len(events):
        return None
    height = fold_signal(cycle, -steady(track, track.bouncing_point, window_s=cycle.period_s)[:, 1])
    lowest = float(bounce_lowest(height[:1])[0])
    stride_s = cycle.period_s * analysis.calibration.capture_speed.value
    found: dict[EventKind, dict[Side, Quantity]] = {"initial_contact": {}, "toe_off": {}}
    for kind, by_side in found.items():
        for side in SIDES:
            chosen = events.select(kind, side)
            phase = np.interp(events.file_time_s[chosen], track.video.file_time_s, cycle.phase)
            if np.isfinite(phase).sum() < FEWEST_EVENTS:
                return None
            after = (phase[np.isfinite(phase)] - lowest + 0.25) % 0.5 - 0.25
            error_s = float(np.median(events.uncertainty_s[chosen]))
            by_side[side] = Quantity(float(np.median(after)) * stride_s, error_s, analysis.provenance.file_name)
    return StepTiming(found["initial_contact"], found["toe_off"], analysis.provenance.file_name)


def borrowed(own: FloatArray, lowest: FloatArray, after: Quantity, *, stride_s: float) -> tuple[FloatArray, float]:
    """Phases (b,) of an event as the other view has it, and their error in strides.

    `own` (b,) are those found here, which tell to which of the two steps it belongs; `lowest` (b,) is as
    `bounce_lowest`.
    """
    phase = lowest + after.value / stride_s
    step = np.round(2 * ((own[0] - phase[0]) % 1)) / 2
    draws = phase[0] + (phase - phase[0] + 0.25) % 0.5 - 0.25
    return np.asarray((draws + step) % 1, dtype=np.float64), float(np.hypot(after.error, BOUNCE_ERROR_S)) / stride_s
