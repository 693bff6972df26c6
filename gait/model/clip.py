"""The clip and the keypoints in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gait.model.basics import SIDES, FloatArray, Side, frozen_array


@dataclass(frozen=True, slots=True, eq=False)
class Video:
    """A video file as its container describes it; the frames themselves are streamed by `gait.video`.

    `fps` is the mean frame rate of the file; `file_time_s` (n,) are the time stamps of the frames, which alone
    are used for timing. Width and height are those of the upright picture, after `rotation_deg` (clockwise) is applied.
    """

    path: Path
    width_px: int
    height_px: int
    n_frames: int
    fps: Fraction
    file_time_s: FloatArray
    rotation_deg: int = 0
    codec: str = ""
    content_hash: str = ""
    capture_fps: float | None = None  # what slow-motion metadata says, where there is any

    def __post_init__(self) -> None:
        times = frozen_array(self.file_time_s, np.float64, self.n_frames, name="file_time_s")
        if len(times) > 1 and not bool((np.diff(times) > 0).all()):
            raise ValueError("file_time_s must increase")
        object.__setattr__(self, "file_time_s", times)

    @property
    def duration_s(self) -> float:
        """From the first to the end of the last frame, in file time."""
        return float(self.file_time_s[-1] - self.file_time_s[0] + 1 / self.fps) if self.n_frames else 0.0


@dataclass(frozen=True, slots=True)
class Skeleton:
    """Names of the keypoints, the lines drawn between them, and which are each other's mirror image."""

    names: tuple[str, ...]
    edges: tuple[tuple[str, str], ...]
    pairs: tuple[tuple[str, str], ...]  # (left, right)

    def index(self, name: str) -> int:
        """Position of a keypoint; KeyError where the skeleton lacks it."""
        try:
            return self.names.index(name)
        except ValueError:
            raise KeyError(name) from None

    def __contains__(self, name: object) -> bool:
        return name in self.names


# Points on a person's outline beside joints: at the same height, towards the picture's left and right.
OUTLINED = ("knee", "ankle")
PELVIS_EDGES = ("pelvis_edge_low_x", "pelvis_edge_high_x")


def edge_names(side: Side, joint: str) -> tuple[str, str]:
    """The outline's points beside a joint of one leg."""
    return f"{side}_{joint}_edge_low_x", f"{side}_{joint}_edge_high_x"


EDGES = (*(name for joint in OUTLINED for side in SIDES for name in edge_names(side, joint)), *PELVIS_EDGES)

# The one beside an ankle lies so far down the shank, above sock and shoe.
ANKLE_EDGE_ALONG_SHANK = 0.8
# Points in the middle of the limbs, as the outline has them.
AXIS_JOINTS = ("hip", "knee", "ankle")


def axis_name(side: Side, joint: str) -> str:
    """The point in the middle of a limb beside a joint."""
    return f"{side}_{joint}_axis"


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One thing that was done to a track: which stage, what, in how many frames (or points) of all.

    `spans_s` are the file times from first to last frame of each run of frames in which it was done to any point.
    """

    stage: str
    what: str
    count: int
    total: int
    spans_s: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """Keypoints of one runner: `xy` (n, k, 2) in pixels, NaN where unknown; `confidence` (n, k), 0 to 1."""

    xy: NDArray[np.float32]
    confidence: NDArray[np.float32]
    skeleton: Skeleton
    video: Video
    history: tuple[HistoryEntry, ...] = ()

    def __post_init__(self) -> None:
        n, k = self.video.n_frames, len(self.skeleton.names)
        object.__setattr__(self, "xy", frozen_array(self.xy, np.float32, n, k, 2, name="xy"))
        object.__setattr__(self, "confidence", frozen_array(self.confidence, np.float32, n, k, name="confidence"))

    def point(self, name: str) -> FloatArray:
        """One keypoint (n, 2) as float64; `mid_hip` and `mid_shoulder` are the middles of their pairs."""
        if name.startswith("mid_"):
            joint = name.removeprefix("mid_")
            return np.asarray((self.point(f"left_{joint}") + self.point(f"right_{joint}")) / 2, dtype=np.float64)
        return self.xy[:, self.skeleton.index(name)].astype(np.float64)

    def has(self, joint: str) -> bool:
        """Whether a joint (`heel`, `knee` ...) of either side was ever seen; some tools' keypoints end at the ankle."""
        names = (f"left_{joint}", f"right_{joint}")
        return any(name in self.skeleton and bool(np.isfinite(self.point(name)).any()) for name in names)

    @property
    def bouncing_point(self) -> str:
        """What goes up and down with the body: pose models follow it with the shoulders better than with the hips."""
        return "mid_shoulder" if self.has("shoulder") else "mid_hip"

    def with_xy(self, xy: ArrayLike, *entries: HistoryEntry) -> Track:
        """The same track with other coordinates and the history of what was done."""
        return replace(self, xy=np.asarray(xy, dtype=np.float32), history=(*self.history, *entries))
