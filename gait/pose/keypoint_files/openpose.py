"""OpenPose JSON: a file a frame in a folder, or all frames in one file.

Pose2Sim writes the same layout with other skeletons, AlphaPose with `--format open` or `cmu`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from gait.pose.keypoint_files.people import frame_numbers, named_points, people_in
from gait.pose.keypoint_files.recording import Recording, Source

_PEOPLE = {"people", "bodies"}


def recognises(source: Source) -> bool:
    """A folder of JSON files; a list of frames with people; or such frames by the names of their pictures."""
    document = source.document
    if source.frames is not None or _is_frame(document):
        return True
    frames = list(document.values()) if isinstance(document, Mapping) else document
    return isinstance(frames, list) and bool(frames) and all(_is_frame(frame) for frame in frames)


def read(source: Source) -> Recording:
    """Frames by the numbers in their names; an empty frame is one without a person."""
    people = {number: people_in(frame) for number, frame in _frames(source).items()}
    return Recording(*named_points(people), people=people)


def _is_frame(frame: Any) -> bool:
    return isinstance(frame, Mapping) and bool(_PEOPLE & set(frame))


def _frames(source: Source) -> Mapping[int, Any]:
    """What each frame says, by its number."""
    if source.frames is not None:
        return source.frames
    document = source.document
    if _is_frame(document):
        return {0: document}
    if isinstance(document, Mapping):
        numbers = frame_numbers([PurePath(name).stem for name in document])
        return dict(zip(numbers, document.values(), strict=True))
    return dict(enumerate(document))
