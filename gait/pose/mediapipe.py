"""The pose model of MediaPipe: 33 keypoints of each person, followed from frame to frame.

`mediapipe.solutions.pose` knows one person: whoever is seen best when nobody is followed. Here its own parts (the
person detector, the keypoint model of one region, and the region that follows from the keypoints) are put together
anew, so that several people are followed, each in a region of their own. With one person the keypoints are the same
to the bit.
"""

from __future__ import annotations

import importlib.metadata
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from gait.errors import PoseError, check_ranges
from gait.model import Skeleton
from gait.pose.base import Image, Keypoints
from gait.pose.following import Following, follow
from gait.pose.quiet import interrupt_held, quiet_stderr
from gait.pose.region import Region
from gait.pose.silhouette import find_edges, with_edges

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


_LEGS = tuple(f"{side}_{joint}" for side in ("left", "right") for joint in ("hip", "knee", "ankle"))


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
        """MediaPipe's 33 landmarks, and the edges of the outline."""
        return with_edges(SKELETON)

    def follow(self, pictures: Iterable[Image], *, fps: float) -> Iterator[Mapping[int, Keypoints]]:
        """Keypoints of each person in pixels; those outside of the picture are kept where the model sees them.

        Raises
        ------
        PoseError
            Where the model can't be loaded.
        """
        with ExitStack() as models:
            yield from follow(pictures, _People(self, models), fps=fps, rules=Following())


# Finds people at a glance; each with the region for the keypoint model.
_LOOKING = """
input_stream: "image"
output_stream: "detections"
output_stream: "regions"
node { calculator: "ImagePropertiesCalculator" input_stream: "IMAGE_CPU:image" output_stream: "SIZE:size" }
node { calculator: "PoseDetectionCpu" input_stream: "IMAGE:image" output_stream: "DETECTIONS:detections" }
node { calculator: "BeginLoopDetectionCalculator" input_stream: "ITERABLE:detections" input_stream: "CLONE:size"
  output_stream: "ITEM:detection" output_stream: "CLONE:size_again" output_stream: "BATCH_END:end" }
node { calculator: "PoseDetectionToRoi" input_stream: "DETECTION:detection" input_stream: "IMAGE_SIZE:size_again"
  output_stream: "ROI:region" }
node { calculator: "EndLoopNormalizedRectCalculator" input_stream: "ITEM:region" input_stream: "BATCH_END:end"
  output_stream: "ITERABLE:regions" }
"""
# Finds the keypoints in one region, and the region for the next picture, as pose_landmark_cpu.binarypb does. The nodes
# of its PoseLandmarkByRoiCpu stand here one by one: that one makes the mask as large as the whole picture, which takes
# nearly as long as the model; as the model gives it, of the region alone, it takes no time.
_FOLLOWING = """
input_stream: "image"
input_stream: "region"
output_stream: "landmarks"
output_stream: "next_region"
output_stream: "mask"
input_side_packet: "model_complexity"
input_side_packet: "smooth_landmarks"
input_side_packet: "enable_segmentation"
node { calculator: "ImagePropertiesCalculator" input_stream: "IMAGE_CPU:image" output_stream: "SIZE:size" }
node { calculator: "ImageToTensorCalculator" input_stream: "IMAGE:image" input_stream: "NORM_RECT:region"
  output_stream: "TENSORS:seen" output_stream: "LETTERBOX_PADDING:padding"
  options: { [mediapipe.ImageToTensorCalculatorOptions.ext] { output_tensor_width: 256 output_tensor_height: 256
    keep_aspect_ratio: true output_tensor_float_range { min: 0.0 max: 1.0 } } } }
node { calculator: "PoseLandmarkModelLoader" input_side_packet: "MODEL_COMPLEXITY:model_complexity"
  output_side_packet: "MODEL:model" }
node { calculator: "InferenceCalculator" input_side_packet: "MODEL:model" input_stream: "TENSORS:seen"
  output_stream: "TENSORS:found" options: { [mediapipe.InferenceCalculatorOptions.ext] { delegate { xnnpack {} } } } }
node { calculator: "TensorsToPoseLandmarksAndSegmentation" input_side_packet: "ENABLE_SEGMENTATION:enable_segmentation"
  input_stream: "TENSORS:found" output_stream: "LANDMARKS:in_region" output_stream: "AUXILIARY_LANDMARKS:aux_in_region"
  output_stream: "WORLD_LANDMARKS:raw_world" output_stream: "SEGMENTATION_MASK:mask_image" }
node { calculator: "FromImageCalculator" input_stream: "IMAGE:mask_image" output_stream: "IMAGE_CPU:mask" }
node { calculator: "LandmarkLetterboxRemovalCalculator" input_stream: "LETTERBOX_PADDING:padding"
  input_stream: "LANDMARKS:0:in_region" input_stream: "LANDMARKS:1:aux_in_region"
  output_stream: "LANDMARKS:0:unpadded" output_stream: "LANDMARKS:1:aux_unpadded" }
node { calculator: "LandmarkProjectionCalculator" input_stream: "NORM_RECT:region"
  input_stream: "NORM_LANDMARKS:0:unpadded" input_stream: "NORM_LANDMARKS:1:aux_unpadded"
  output_stream: "NORM_LANDMARKS:0:raw" output_stream: "NORM_LANDMARKS:1:raw_auxiliary" }
node { calculator: "PoseLandmarkFiltering" input_side_packet: "ENABLE:smooth_landmarks" input_stream: "IMAGE_SIZE:size"
  input_stream: "NORM_LANDMARKS:raw" input_stream: "AUX_NORM_LANDMARKS:raw_auxiliary"
  input_stream: "WORLD_LANDMARKS:raw_world" output_stream: "FILTERED_NORM_LANDMARKS:landmarks"
  output_stream: "FILTERED_AUX_NORM_LANDMARKS:auxiliary" }
node { calculator: "PoseLandmarksToRoi" input_stream: "LANDMARKS:auxiliary" input_stream: "IMAGE_SIZE:size"
  output_stream: "ROI:next_region" }
"""
_DETECTION_THRESHOLD = "posedetectioncpu__TensorsToDetectionsCalculator.min_score_thresh"
_TRACKING_THRESHOLD = "tensorstoposelandmarksandsegmentation__ThresholdingCalculator.threshold"


class _Graph:
    """A graph of MediaPipe that starts with the first picture.

    It starts in other threads, which are done with it (and with what they log) at the first result.
    """

    def __init__(self, layout: str, *, thresholds: Mapping[str, float], side_inputs: Mapping[str, Any]) -> None:
        self._layout = layout
        self._thresholds = thresholds
        self._side_inputs = side_inputs
        self._running: Any = None

    def __call__(self, inputs: Mapping[str, Any]) -> Any:
        """What the graph finds."""
        if self._running is not None:
            return self._running.process(inputs)
        try:
            with interrupt_held(), warnings.catch_warnings(), quiet_stderr():
                warnings.simplefilter("ignore")  # deprecations inside of mediapipe and protobuf
                self._running = self._started()
                return self._running.process(inputs)
        except (ImportError, OSError, RuntimeError, ValueError) as error:
            raise PoseError(
                f"The pose model can't be loaded (mediapipe {_installed_version()}: {error}). "
                "Install the version that carries the model: pip install mediapipe==0.10.21, on Python 3.11 or 3.12."
            ) from error

    def _started(self) -> Any:
        # The options in the graphs' texts are known once these are imported.
        from mediapipe.calculators.tensor import image_to_tensor_calculator_pb2, inference_calculator_pb2  # noqa: F401
        from mediapipe.python.solution_base import SolutionBase

        return SolutionBase(
            graph_config=self._layout, calculator_params=self._thresholds, side_inputs=self._side_inputs
        )

    def close(self) -> None:
        """End its threads."""
        if self._running is not None:
            self._running.close()
            self._running = None


class _People:
    """The models of one call; they are closed with the stack."""

    def __init__(self, settings: MediaPipe, models: ExitStack) -> None:
        self._settings, self._models = settings, models
        threshold = {_DETECTION_THRESHOLD: settings.min_detection_confidence}
        self._detector = _Graph(_LOOKING, thresholds=threshold, side_inputs={})
        models.callback(self._detector.close)

    def look(self, picture: Image) -> list[Region]:
        """The people whom the detector sees, the surest first."""
        return [_region(rect) for rect in self._detector({"image": picture}).regions or []]

    def follower(self) -> _OnePerson:
        """A keypoint model of its own, as it smooths the region from picture to picture."""
        threshold = {_TRACKING_THRESHOLD: self._settings.min_tracking_confidence}
        side_inputs = {
            "model_complexity": self._settings.model_complexity,
            "smooth_landmarks": False,
            "enable_segmentation": True,
        }
        graph = _Graph(_FOLLOWING, thresholds=threshold, side_inputs=side_inputs)
        self._models.callback(graph.close)
        return _OnePerson(graph)


class _OnePerson:
    """The keypoint model on the region of one person."""

    def __init__(self, graph: _Graph) -> None:
        self._graph = graph

    def find(self, picture: Image, region: Region) -> tuple[Keypoints, Region] | None:
        """Keypoints in the region, and the region that follows from them."""
        from mediapipe.framework.formats.rect_pb2 import NormalizedRect

        rect = NormalizedRect(
            x_center=region.x, y_center=region.y, width=region.width, height=region.height, rotation=region.rotation_rad
        )
        found = self._graph({"image": picture, "region": rect})
        if found.landmarks is None or found.next_region is None:
            return None
        return _with_edges(_keypoints(found.landmarks, picture), found.mask, region, picture), _region(
            found.next_region
        )

    def close(self) -> None:
        """End the model."""
        self._graph.close()


def _region(rect: Any) -> Region:
    return Region(rect.x_center, rect.y_center, rect.width, rect.height, rect.rotation)


def _with_edges(keypoints: Keypoints, mask: NDArray[np.float32], region: Region, picture: Image) -> Keypoints:
    """The keypoints and the edges of the outline."""
    xy, confidence = keypoints
    points = {name: xy[SKELETON.index(name)].astype(np.float64) for name in _LEGS}
    edges, seen = find_edges(mask, region, (picture.shape[1], picture.shape[0]), points)
    return np.concatenate([xy, edges]), np.concatenate([confidence, seen])


def _keypoints(landmarks: Any, picture: Image) -> Keypoints:
    """From shares of width and height to pixels."""
    height_px, width_px = picture.shape[:2]
    shares = np.array([(point.x, point.y, point.visibility) for point in landmarks.landmark])
    return (shares[:, :2] * (width_px, height_px)).astype(np.float32), shares[:, 2].astype(np.float32)
