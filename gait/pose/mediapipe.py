"""The pose model of MediaPipe: 33 keypoints of one person, followed from frame to frame."""

from __future__ import annotations

import importlib.metadata
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from gait.errors import PoseError, check_ranges
from gait.model import Skeleton
from gait.pose.base import Image, Keypoints
from gait.pose.quiet import quiet_stderr

_PAIRED = (
    "eye_inner", "eye", "eye_outer", "ear", "mouth", "shoulder", "elbow", "wrist", "pinky", "index", "thumb",
    "hip", "knee", "ankle", "heel", "foot_index",
)  # fmt: skip
_NAMES = (
    "nose",
    "left_eye_inner", "left_eye", "left_eye_outer", "right_eye_inner", "right_eye", "right_eye_outer",
    *(f"{side}_{part}" for part in _PAIRED[3:] for side in ("left", "right")),
)  # fmt: skip
_EDGES_OF_A_SIDE = (
    ("eye", "ear"), ("shoulder", "elbow"), ("elbow", "wrist"), ("shoulder", "hip"), ("hip", "knee"), ("knee", "ankle"),
    ("ankle", "heel"), ("heel", "foot_index"), ("ankle", "foot_index"),
)  # fmt: skip
_EDGES_ACROSS = (
    ("nose", "left_eye"), ("nose", "right_eye"), ("left_shoulder", "right_shoulder"), ("left_hip", "right_hip"),
)  # fmt: skip

SKELETON = Skeleton(
    names=_NAMES,
    edges=(
        *_EDGES_ACROSS,
        *((f"{side}_{a}", f"{side}_{b}") for side in ("left", "right") for a, b in _EDGES_OF_A_SIDE),
    ),
    pairs=tuple((f"left_{part}", f"right_{part}") for part in _PAIRED),
)


def _installed_version() -> str:
    """The version of MediaPipe, with which the model comes."""
    try:
        return importlib.metadata.version("mediapipe")
    except importlib.metadata.PackageNotFoundError:
        return "missing"


@dataclass(frozen=True, slots=True)
class MediaPipe:
    """Settings of the pose model; `smooth_landmarks` stays off because its filter lags behind a fast foot.

    `model_complexity` 1 is the only one whose weights come with the package; the others would be downloaded. `version`
    is found, not set.
    """

    model_complexity: Literal[1] = 1
    min_detection_confidence: float = 0.5
    min_tracking_confidence: float = 0.5
    version: str = field(default_factory=_installed_version, init=False)

    def __post_init__(self) -> None:
        check_ranges(self, min_detection_confidence=(0, 1), min_tracking_confidence=(0, 1))

    @property
    def skeleton(self) -> Skeleton:
        """MediaPipe's 33 landmarks."""
        return SKELETON

    def estimate(self, pictures: Iterable[Image]) -> Iterator[Keypoints]:
        """Keypoints of each picture in pixels; those outside of the picture are kept where the model sees them.

        Raises
        ------
        PoseError
            Where the model can't be loaded.
        """
        remaining = iter(pictures)
        first = next(remaining, None)
        if first is None:
            return
        model, found = self._started(first)
        try:
            yield _keypoints(found.pose_landmarks, first)
            for picture in remaining:
                yield _keypoints(model.process(picture).pose_landmarks, picture)
        finally:
            model.close()

    def _started(self, first: Image) -> tuple[Any, Any]:
        """A model that has seen one picture, and what it found there.

        The graph starts in other threads, which are done with it (and with what they log) at the first result.
        """
        try:
            with warnings.catch_warnings(), quiet_stderr():
                warnings.simplefilter("ignore")  # deprecations inside of mediapipe and protobuf
                from mediapipe.python.solutions import pose

                model = pose.Pose(
                    model_complexity=self.model_complexity,
                    smooth_landmarks=False,
                    min_detection_confidence=self.min_detection_confidence,
                    min_tracking_confidence=self.min_tracking_confidence,
                )
                return model, model.process(first)
        except (ImportError, OSError, RuntimeError, ValueError) as error:
            raise PoseError(
                f"The pose model can't be loaded (mediapipe {self.version}: {error}). "
                "Install the version that carries the model: pip install mediapipe==0.10.21, on Python 3.11 or 3.12."
            ) from error


def _keypoints(landmarks: Any, picture: Image) -> Keypoints:
    """From shares of width and height to pixels."""
    height_px, width_px = picture.shape[:2]
    n_points = len(SKELETON.names)
    if landmarks is None:
        return np.full((n_points, 2), np.nan, np.float32), np.zeros(n_points, np.float32)
    shares = np.array([(point.x, point.y, point.visibility) for point in landmarks.landmark])
    return (shares[:, :2] * (width_px, height_px)).astype(np.float32), shares[:, 2].astype(np.float32)
