"""Room 8: change over the run. MetricTable -> Drift."""

from gait.fatigue.early_late import FatigueRules, early_against_late

__all__ = ["FatigueRules", "early_against_late"]
