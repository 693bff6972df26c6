"""The nouns of the program: what the rooms hand to each other.

Frozen dataclasses of numpy arrays, checked once in `__post_init__`; the arrays are read-only.
Image convention: x to the right, y down, pixels of the upright picture.
Time: `file_time_s` is the container's time stamp; `time_s` is real seconds (file time x capture speed).
"""

from gait.model.basics import (
    SIDES,
    EventKind,
    FloatArray,
    Grade,
    Progress,
    Side,
    SideOrBoth,
    View,
    no_progress,
    other_side,
)
from gait.model.clip import HistoryEntry, Skeleton, Track, Video
from gait.model.gait_cycle import Cycle, Events, LegQuality, Scene, Stance
from gait.model.results import (
    Analysis,
    AngleCurve,
    Angles,
    Calibration,
    Comparison,
    Drift,
    DriftEntry,
    Finding,
    MetricInfo,
    MetricSummary,
    MetricTable,
    Place,
    PoseAccuracy,
    Provenance,
    Quantity,
    Verdict,
)

__all__ = [
    "SIDES",
    "Analysis",
    "AngleCurve",
    "Angles",
    "Calibration",
    "Comparison",
    "Cycle",
    "Drift",
    "DriftEntry",
    "EventKind",
    "Events",
    "Finding",
    "FloatArray",
    "Grade",
    "HistoryEntry",
    "LegQuality",
    "MetricInfo",
    "MetricSummary",
    "MetricTable",
    "Place",
    "PoseAccuracy",
    "Progress",
    "Provenance",
    "Quantity",
    "Scene",
    "Side",
    "SideOrBoth",
    "Skeleton",
    "Stance",
    "Track",
    "Verdict",
    "Video",
    "View",
    "no_progress",
    "other_side",
]
