"""People in the JSON of the pose tools: the same few ways of writing a person, in many wrappings."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from gait.model import FloatArray
from gait.pose.keypoint_files.names import LAYOUTS, layout_of

_PEOPLE = ("people", "instances", "bodies", "predictions", "persons", "detections")
_POINTS = ("pose_keypoints_2d", "keypoints", "joints")
_SCORES = ("keypoint_scores", "scores", "confidences")


def people_in(frame: Any) -> list[FloatArray]:
    """The people (k, 3) of one frame: x, y and score; no score is 1.

    Raises
    ------
    ValueError
        Where the frame isn't laid out in a known way.
    """
    if isinstance(frame, Mapping):
        key = next((key for key in _PEOPLE if key in frame), None)
        if key is not None:
            return people_in(frame[key])
        return _persons(frame) if any(key in frame for key in _POINTS) else _nobody(frame)
    if not isinstance(frame, list):
        return _nobody(frame)
    if any(isinstance(entry, Mapping) for entry in frame) or _holds_lists_of_people(frame):
        return list(itertools.chain.from_iterable(people_in(entry) for entry in frame))
    values = _numbers(frame)
    if values.size == 0:
        return []
    return [_points(person) for person in values] if values.ndim == 3 else [_points(values)]


def holds_people(frame: Any) -> bool:
    """Whether something is a frame's people in a known way of writing."""
    try:
        people_in(frame)
    except ValueError:
        return False
    return True


def _holds_lists_of_people(frame: Sequence[Any]) -> bool:
    """MMPose wraps the people of a picture in one more list."""
    return any(isinstance(entry, list) and any(isinstance(inner, Mapping) for inner in entry) for entry in frame)


def _nobody(frame: Any) -> list[FloatArray]:
    """An empty frame is nobody; anything else isn't a frame."""
    if frame is None or (isinstance(frame, Mapping) and not frame):
        return []
    raise ValueError("its frames hold no people in a way that is known here")


def _persons(found: Mapping[str, Any]) -> list[FloatArray]:
    """Points and scores of one person; or of several at once, as rtmlib gives them."""
    points = next(found[key] for key in _POINTS if key in found)
    scores = next((found[key] for key in _SCORES if key in found), None)
    if isinstance(points, Mapping):  # Ultralytics
        columns = [_numbers(points.get(axis, [])) for axis in ("x", "y")]
        score = _numbers(points["visible"]) if "visible" in points else np.ones_like(columns[0])
        if any(column.ndim != 1 for column in (*columns, score)):
            raise ValueError("a person's x and y aren't lists of numbers")
        if len({len(column) for column in (*columns, score)}) > 1:
            raise ValueError("a person has not as many x as y")
        return [np.column_stack([*columns, score])] if len(score) else []
    values = _numbers(points)
    if values.size == 0:
        return []
    people = [_points(person) for person in values] if values.ndim == 3 else [_points(values)]
    if scores is None:
        return people
    rows = _numbers(scores).reshape(len(people), -1)
    if any(len(person) != rows.shape[1] for person in people):
        raise ValueError("a person has not as many scores as keypoints")
    return [np.column_stack([person[:, :2], row]) for person, row in zip(people, rows, strict=True)]


def _points(values: FloatArray) -> FloatArray:
    """Points (k, 3) from a flat list x, y, score, ... or from (k, 2) or (k, 3)."""
    if values.ndim == 1:
        # 17 to 136 points: x, y pairs only where triples are no skeleton.
        width = 3 if len(values) % 3 == 0 and (len(values) // 3 in LAYOUTS or len(values) // 2 not in LAYOUTS) else 2
        values = values.reshape(-1, width) if len(values) % width == 0 else values
    if values.ndim != 2 or values.shape[1] not in (2, 3):
        raise ValueError("its keypoints are neither x, y nor x, y, score")
    return values if values.shape[1] == 3 else np.column_stack([values, np.ones(len(values))])


def _numbers(values: Any) -> FloatArray:
    """Nested lists as an array; null is NaN."""
    try:
        return np.array(values, dtype=np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError("its keypoints aren't lists of numbers") from error


def named_points(people: Mapping[int, Sequence[FloatArray]]) -> tuple[str, tuple[str, ...]]:
    """Skeleton and names of the keypoints by their number, which must be the same in all frames.

    Raises
    ------
    ValueError
        Where the number varies, or is that of no known skeleton.
    """
    counts = {len(person) for frame in people.values() for person in frame}
    if not counts:
        return "nobody in it", ()
    if len(counts) > 1:
        raise ValueError(f"people have {min(counts)} keypoints in one frame and {max(counts)} in another")
    return layout_of(counts.pop())


def frame_numbers(names: Sequence[str]) -> list[int]:
    """Frame numbers in file names: the last group of digits that differs from name to name.

    Raises
    ------
    ValueError
        Where the names are those of several recordings, or two are of the same number.
    """
    parts = [re.split(r"(\d+)", name) for name in names]
    if len({tuple(part[::2]) for part in parts}) > 1:
        raise ValueError("its files are named in several ways; keep one recording in a folder")
    groups = list(zip(*(part[1::2] for part in parts), strict=True))
    differing = [group for group in groups if len(set(group)) > 1] or groups[-1:]
    if not differing:
        raise ValueError("its file names hold no frame numbers")
    numbers = [int(digits) for digits in differing[-1]]
    if len(differing) > 1 or len(set(numbers)) < len(numbers):
        raise ValueError("its files don't number the frames of one recording; keep one recording in a folder")
    return numbers
