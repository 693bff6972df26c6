"""Room 8: change over the run. MetricTable -> Drift."""

from gait.fatigue.camera import Unchanging, look_at_camera
from gait.fatigue.drift import FatigueRules, find_drift, smallest_found
from gait.fatigue.regression import line_over_run

__all__ = ["FatigueRules", "Unchanging", "find_drift", "line_over_run", "look_at_camera", "smallest_found"]
