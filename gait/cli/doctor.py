"""`gait doctor`: what is installed, and whether the pose model loads."""

from __future__ import annotations

import os
import platform
import sys

import typer

from gait.cli.console import one_sentence
from gait.errors import PoseError


@one_sentence
def doctor() -> None:
    """Say what is installed and whether the pose model loads."""
    from gait import __version__
    from gait.provenance import installed_versions

    typer.echo(f"gait {__version__}, Python {platform.python_version()}, {platform.platform()}")
    for name, version in installed_versions().items():
        typer.echo(f"  {name} {version}")
    faults = [fault for fault in (_python(), _opencv(), _writer(), _model(), _cache()) if fault]
    for fault in faults:
        typer.echo(f"problem: {fault}")
    if faults:
        raise typer.Exit(PoseError.exit_code)
    typer.echo("All is well.")


def _python() -> str:
    """What is wrong with the Python version."""
    fits = (3, 11) <= sys.version_info[:2] <= (3, 12)
    return "" if fits else "the pose model's package needs Python 3.11 or 3.12"


def _opencv() -> str:
    """What is wrong with OpenCV."""
    from gait.provenance import installed_versions

    builds = [name for name in installed_versions() if name.startswith("opencv")]
    if len(builds) > 1:
        return f"two OpenCVs are installed ({', '.join(builds)}) and overwrite each other; install gait afresh"
    try:
        import cv2
    except ImportError as error:
        return f"OpenCV can't be loaded ({error}); Debian, Ubuntu: apt-get install libgl1 libglib2.0-0"
    typer.echo(f"OpenCV {cv2.__version__} loads")
    return ""


def _writer() -> str:
    """What is wrong with the video writer."""
    import av

    if "libx264" not in av.codecs_available:
        return "PyAV comes without libx264, so no annotated video can be written; install the wheel from PyPI"
    typer.echo(f"PyAV {av.__version__} reads video and writes H.264")
    return ""


def _model() -> str:
    """What is wrong with the pose model: it runs on an empty picture."""
    import numpy as np

    from gait.pose import MediaPipe

    model = MediaPipe()
    try:
        next(iter(model.follow([np.zeros((240, 320, 3), dtype=np.uint8)], fps=30)))
    except PoseError as error:
        return str(error)
    typer.echo(f"The pose model loads and runs: {model!r}")
    return ""


def _cache() -> str:
    """What is wrong with the cache."""
    from gait.pose import KeypointCache

    directory = KeypointCache().directory
    existing = directory
    while existing is not None and not existing.exists():
        # A drive that isn't there is its own parent.
        existing = None if existing == existing.parent else existing.parent
    if existing is None or not existing.is_dir() or not os.access(existing, os.W_OK):
        return f"keypoints can't be kept in {directory}; set GAIT_CACHE_DIR to a folder that can be written"
    typer.echo(f"Keypoints are kept in {directory}")
    return ""
