"""Room 7: what is measured. Track, Strides, Calibration -> MetricTable, Angles.

A new metric is one function in a family file (temporal, overstride, sagittal, bounce, frontal) under the `@metric`
decorator, and one entry in `gait/findings/evidence.toml` that says how wide an interval is still useful.
"""

from gait.metrics import bounce, frontal, overstride, sagittal, temporal  # noqa: F401  (they register their metrics)
from gait.metrics.angles import angles_in_whole_clip, frame_angles
from gait.metrics.base import REGISTRY, Metric, in_order, of_time_alone
from gait.metrics.standing import (
    Standing,
    faces_as,
    over_standing,
    standing_before_run,
    standing_frames,
    standing_posture,
)
from gait.metrics.table import MetricRules, measure, with_effect_of_repair

__all__ = [
    "REGISTRY",
    "Metric",
    "MetricRules",
    "Standing",
    "angles_in_whole_clip",
    "faces_as",
    "frame_angles",
    "in_order",
    "measure",
    "of_time_alone",
    "over_standing",
    "standing_before_run",
    "standing_frames",
    "standing_posture",
    "with_effect_of_repair",
]
