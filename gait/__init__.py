"""Running gait analysis from an ordinary video.

>>> import gait
>>> analysis = gait.analyze("clip.mp4")  # doctest: +SKIP
>>> analysis.metrics.get("cadence_spm").estimate  # doctest: +SKIP
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from gait.config import Config, load_config, save_config
    from gait.errors import GaitError
    from gait.model import Analysis
    from gait.outputs import write_report, write_session
    from gait.pipeline import analyze, analyze_keypoints, analyze_track
    from gait.pose import load_track, save_track
    from gait.session import RunClip, analyze_session, load_session

# Loaded when first used, so that `import gait` takes no time.
_HOME = {
    "Analysis": "gait.model",
    "Config": "gait.config",
    "GaitError": "gait.errors",
    "analyze": "gait.pipeline",
    "RunClip": "gait.session",
    "analyze_keypoints": "gait.pipeline",
    "analyze_session": "gait.session",
    "analyze_track": "gait.pipeline",
    "load_config": "gait.config",
    "load_session": "gait.session",
    "load_track": "gait.pose",
    "save_config": "gait.config",
    "save_track": "gait.pose",
    "write_report": "gait.outputs",
    "write_session": "gait.outputs",
}

__all__ = [
    "Analysis",
    "Config",
    "GaitError",
    "RunClip",
    "analyze",
    "analyze_keypoints",
    "analyze_session",
    "analyze_track",
    "load_config",
    "load_session",
    "load_track",
    "save_config",
    "save_track",
    "write_report",
    "write_session",
]


def __getattr__(name: str) -> Any:
    """Load a public name from its module."""
    if name not in _HOME:
        raise AttributeError(f"module 'gait' has no attribute '{name}'")
    return getattr(importlib.import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    """The public names."""
    return sorted([*__all__, "__version__"])
