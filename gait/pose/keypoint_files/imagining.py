"""The video that a keypoint file speaks of, where there is none: size, frame rate and time stamps."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gait.errors import ConfigError
from gait.model import FloatArray, Video
from gait.pose.keypoint_files.recording import Recording, rate_of


def imagined_video(
    recording: Recording, xy: NDArray[np.float32], path: Path, *, fps: float | None, sha256: str
) -> Video:
    """A video without pictures (its codec is empty) that has the file's size and times.

    Without a size in the file, it is that of the smallest picture from the origin that holds all points.

    Raises
    ------
    ConfigError
        Where neither the file nor the user says the frame rate.
    """
    file_time_s, rate = _times(recording, len(xy), path, fps)
    known = xy[np.isfinite(xy).all(axis=2)]
    width_px, height_px = recording.size_px or np.ceil(known.max(axis=0, initial=1.0)).astype(int).tolist()
    return Video(
        path=path,
        width_px=width_px,
        height_px=height_px,
        n_frames=len(xy),
        fps=rate,
        file_time_s=file_time_s,
        content_hash=sha256,
        capture_fps=recording.capture_fps,
    )


def _times(recording: Recording, n_frames: int, path: Path, fps: float | None) -> tuple[FloatArray, Fraction]:
    """Time stamps (n,) and frame rate: what the user says, else the file's times, else the file's rate."""
    said = rate_of(fps)
    if said is None and recording.time_s is not None:
        time_s = recording.time_s
        mean = rate_of((len(time_s) - 1) / (time_s[-1] - time_s[0]))
        return time_s, recording.fps or mean or Fraction(1)
    rate = said or recording.fps
    if rate is None:
        raise ConfigError(f"{path.name} says no frame rate; add --fps, for instance --fps 30.")
    return np.arange(n_frames) / float(rate), rate


def check_fits(video: Video, recording: Recording, n_frames: int) -> None:
    """Refuse keypoints that aren't those of the clip.

    Raises
    ------
    ValueError
        Where the number of frames, or the size of the picture, isn't the clip's.
    """
    if n_frames != video.n_frames:
        raise ValueError(f"it has {n_frames} frames and {video.path.name} has {video.n_frames}; they must be the same")
    size_px = (video.width_px, video.height_px)
    if recording.size_px not in (None, size_px):
        raise ValueError(
            f"its picture is {_by(recording.size_px)} pixels and that of {video.path.name} is {_by(size_px)}"
        )


def _by(size_px: tuple[int, int] | None) -> str:
    return " x ".join(map(str, size_px or ()))
