"""Room 8: change over the run. MetricTable -> Drift."""

from gait.fatigue.camera import Unchanging, look_at_camera
from gait.fatigue.drift import FatigueRules, find_drift, line_over_run, smallest_found

__all__ = ["FatigueRules", "Unchanging", "find_drift", "line_over_run", "look_at_camera", "smallest_found"]
