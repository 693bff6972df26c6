"""How a result came to be."""

from __future__ import annotations

import importlib.metadata
import platform
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from gait import __version__
from gait.model import Provenance, Video

PACKAGES = ("mediapipe", "numpy", "scipy", "pandas", "av", "opencv-contrib-python-headless", "opencv-contrib-python")


def installed_versions() -> dict[str, str]:
    """Versions of the libraries that results depend on, as far as they are installed."""
    versions = {}
    for name in PACKAGES:
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return versions


def provenance_of(video: Video, pose_model: object, config: Mapping[str, Any]) -> Provenance:
    """Provenance of an analysis made now; `pose_model` is what found the keypoints, or the file they were read from."""
    return Provenance(
        gait_version=__version__,
        python_version=platform.python_version(),
        platform=platform.platform(),
        packages=installed_versions(),
        pose_model=repr(pose_model),
        file_name=video.path.name,
        content_hash=video.content_hash,
        created_utc=datetime.now(UTC).isoformat(timespec="seconds"),
        config=config,
    )
