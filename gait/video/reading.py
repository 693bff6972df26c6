"""Probe a video file: what its container says, checked, with the exact time stamp of every frame."""

from __future__ import annotations

import hashlib
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gait.errors import TooFewFrames
from gait.model import Video
from gait.video.opening import check_file, open_video
from gait.video.pictures import upright_from
from gait.video.timing import clock_of, decoded, frame_ticks, seconds

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.stream import VideoStream

MIN_FRAMES = 10  # a third of a second at 30 fps: not even one step
# Android writes the camera's rate here where the file is played slower. Apple writes no rate: its slow motion keeps
# real time stamps until it is exported, and an exported clip carries nothing.
_CAPTURE_FPS_KEY = "com.android.capture.fps"


def read_video(path: Path) -> Video:
    """Read what a video is: upright size, frame rate and the time stamp of every frame; no picture is kept.

    Time stamps are the container's presentation times in display order; the first need not be 0. A file that was
    cut off or damaged is refused here, before any long stage, as far as this can be seen without decoding it all.

    Parameters
    ----------
    path
        An MP4, MOV, MKV, WebM or AVI file, or another that FFmpeg knows, in any codec that PyAV decodes.

    Raises
    ------
    FileMissing, EmptyFile, NotAVideo, NoVideoStream, UnknownCodec, TruncatedVideo, TooFewFrames
        With what to do about it.
    """
    path = Path(path)
    check_file(path)
    ticks = frame_ticks(path)
    if len(ticks) < MIN_FRAMES:
        raise TooFewFrames(
            f"{path.name} is only {len(ticks)} frame{'s' * (len(ticks) > 1)} long. Film ten seconds or more of running."
        )
    with open_video(path) as (container, stream):
        clock = clock_of(stream)
        first = next(decoded(container, stream, path.name))
        upright = upright_from(first)
        width_px, height_px = upright.size_px(first, stream.sample_aspect_ratio)
        return Video(
            path=path,
            width_px=width_px,
            height_px=height_px,
            n_frames=len(ticks),
            fps=Fraction(len(ticks) - 1) / ((ticks[-1] - ticks[0]) * clock),
            file_time_s=np.array([seconds(tick, clock) for tick in ticks]),
            rotation_deg=upright.rotation_deg,
            codec=stream.codec_context.codec.canonical_name,
            content_hash=_content_hash(path),
            capture_fps=_capture_fps(container, stream),
        )


def _content_hash(path: Path) -> str:
    """SHA-256 of the bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _capture_fps(container: InputContainer, stream: VideoStream) -> float | None:
    """The rate at which the camera took the pictures, where the file says so."""
    text = container.metadata.get(_CAPTURE_FPS_KEY) or stream.metadata.get(_CAPTURE_FPS_KEY)
    try:
        rate = float(text or "nan")
    except ValueError:
        return None
    return rate if 1 <= rate <= 100_000 else None
