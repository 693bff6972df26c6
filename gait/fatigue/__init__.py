"""Room 8: change over the run. MetricTable -> Drift."""

from gait.fatigue.camera import Unchanging, look_at_camera
from gait.fatigue.drift import FatigueRules, find_drift

__all__ = ["FatigueRules", "Unchanging", "find_drift", "look_at_camera"]
