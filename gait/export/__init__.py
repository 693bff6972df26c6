"""Analysis to data files: every exporter is one `write(analysis, path)`; `write_trc` writes a track.

A session has two of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from gait.export.session import write_session_strides, write_session_summary
from gait.export.summary import write_summary
from gait.export.tables import write_angles, write_strides
from gait.export.trc import write_trc
from gait.model import Analysis

__all__ = [
    "EXPORTERS",
    "write_angles",
    "write_session_strides",
    "write_session_summary",
    "write_strides",
    "write_summary",
    "write_trc",
]

EXPORTERS: Mapping[str, Callable[[Analysis, Path], None]] = MappingProxyType(
    {"summary.json": write_summary, "strides.csv": write_strides, "angles.csv": write_angles}
)
