"""Room 8: change over the run. MetricTable -> Drift."""

from gait.fatigue.camera import Unchanging, at_said_speeds, look_at_camera
from gait.fatigue.drift import FatigueRules, find_drift
from gait.fatigue.regression import line_over_run
from gait.fatigue.verdict import smallest_found

__all__ = [
    "FatigueRules",
    "Unchanging",
    "at_said_speeds",
    "find_drift",
    "line_over_run",
    "look_at_camera",
    "smallest_found",
]
