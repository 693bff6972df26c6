"""The video that a keypoint file speaks of, where there is none: size, frame rate and time stamps."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gait.errors import ConfigError
from gait.model import FloatArray, Video
from gait.pose.keypoint_files.recording import Recording, rate_of, uneven_times

_SLOWEST_FPS = 1.0  # time stamps in milliseconds give less
# Sports2D's time column is a frame too long, a tenth at most; this is another rate.
_CONTRADICTION = 1.5


def imagined_video(
    recording: Recording, xy: NDArray[np.float32], path: Path, *, fps: float | None, sha256: str
) -> Video:
    """A video without pictures (its codec is empty) that has the file's size and times.

    Without a size in the file, it is that of the smallest picture from the origin that holds all points.

    Raises
    ------
    ConfigError
        Where neither the file nor the user says the frame rate, or the user's is none.
    ValueError
        Where the file's time stamps aren't seconds, or contradict its frame rate.
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
    rate = rate_of(fps)
    if fps is not None and rate is None:
        raise ConfigError(f"{fps:g} is no frame rate; give frames per second, for instance --fps 30.")
    if rate is None and recording.time_s is not None:
        if recording.is_own or uneven_times(recording.time_s) is not None:
            mean = _mean_rate(recording.time_s)
            return recording.time_s, recording.fps or mean
        rate = _even_rate(recording.time_s, recording.fps)
    rate = rate or recording.fps
    if rate is None:
        raise ConfigError(f"{path.name} says no frame rate; add --fps, for instance --fps 30.")
    return np.arange(n_frames) / float(rate), rate


def _mean_fps(time_s: FloatArray) -> float:
    return float((len(time_s) - 1) / (time_s[-1] - time_s[0]))


def _mean_rate(time_s: FloatArray) -> Fraction:
    """The frame rate of time stamps (n,), refused where they can't be seconds."""
    mean_fps = _mean_fps(time_s)
    rate = rate_of(mean_fps)
    if rate is None or mean_fps < _SLOWEST_FPS:
        raise ValueError(
            f"its time stamps give {mean_fps:.3g} frames per second; they must be in seconds, or give --fps"
        )
    return rate


def _even_rate(time_s: FloatArray, fps: Fraction | None) -> Fraction:
    """The frame rate that the file says, else that of its even time stamps; refused where they contradict."""
    if fps is None:
        return _mean_rate(time_s)
    mean_fps = _mean_fps(time_s)
    if not 1 / _CONTRADICTION < mean_fps / float(fps) < _CONTRADICTION:
        raise ValueError(f"it says {float(fps):.5g} frames per second and its times {mean_fps:.5g}; give --fps")
    return fps


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
