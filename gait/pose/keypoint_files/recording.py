"""What a keypoint file is before it is a track: the file as it was opened, and the people found in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from gait.model import FloatArray, HistoryEntry

# Times whose distance from an even grid stays below this share of a frame are an even grid, rounded in writing.
_ROUNDING_SHARE = 0.05
_LARGEST_SIDE_PX = 100_000  # no camera's picture


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A file that was opened: its first bytes, what it says if it is JSON, and the files of a folder by frame."""

    path: Path
    head: bytes = b""
    document: Any = None
    frames: Mapping[int, Any] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """People in the frames of a keypoint file, in the file's own order of keypoints.

    `people` holds by frame number the people of that frame, each (k, 3): x and y in pixels, y down, and the score.
    A number that is missing is a frame that nothing is known of. `time_s` (n,) are the times of the frames from the
    first number to the last; an even grid of them gives way to `fps`, where there is one. `is_own` marks keypoints that
    this program wrote: their confidence is kept as it is.
    """

    layout: str
    names: tuple[str, ...]
    people: Mapping[int, Sequence[FloatArray]]
    fps: Fraction | None = None
    time_s: FloatArray | None = None
    size_px: tuple[int, int] | None = None
    capture_fps: float | None = None
    is_own: bool = False
    history: tuple[HistoryEntry, ...] = ()


def rate_of(value: object) -> Fraction | None:
    """A frame rate from a file; None where it is none."""
    try:
        rate = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return None
    return Fraction(rate).limit_denominator(100_000) if 0 < rate < 100_000 else None


def size_of(width: Any, height: Any) -> tuple[int, int] | None:
    """Width and height of the picture in pixels from a file; None where it doesn't say both.

    Raises
    ------
    ValueError
        Where they are those of no picture.
    """
    if width is None or height is None:
        return None
    size_px = int(width), int(height)
    if min(size_px) < 1 or max(size_px) > _LARGEST_SIDE_PX:
        raise ValueError(f"its width and height aren't numbers of pixels from 1 to {_LARGEST_SIDE_PX}")
    return size_px


def uneven_times(time_s: FloatArray) -> FloatArray | None:
    """The times (n,) of frames where they are more than an even grid that was rounded in writing; None where not.

    Raises
    ------
    ValueError
        Where they don't increase.
    """
    if not np.isfinite(time_s).all() or not (np.diff(time_s) > 0).all():
        raise ValueError("its times don't increase from frame to frame")
    even = np.linspace(time_s[0], time_s[-1], len(time_s))
    step_s = float(np.median(np.diff(time_s)))
    return time_s if np.abs(time_s - even).max() > _ROUNDING_SHARE * step_s else None
