"""Lists of frames as RTMPose and MMPose tools, rtmlib scripts and Ultralytics write them, with or without names.

Known wrappings: `{"keypoint_names": [...], "frames": [...]}` with `fps`, `width`, `height` and `timestamps` where they
are known (Halpe26 files of RTMPose); `{"meta_info": {...}, "instance_info": [...]}` of MMPose; and the bare list.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from gait.model import FloatArray
from gait.pose.keypoint_files.people import holds_people, named_points, people_in
from gait.pose.keypoint_files.recording import Recording, Source, rate_of, size_of, uneven_times

_FRAMES = ("frames", "instance_info")


def recognises(source: Source) -> bool:
    """A list of frames that hold people in a known way, by itself or under its usual names."""
    frames = _frame_list(source.document)
    return bool(frames) and any(holds_people(frame) for frame in frames)


def read(source: Source) -> Recording:
    """The people of each frame, numbered as the file does or else counted."""
    document, about = source.document, _about(source.document)
    frames = _frame_list(document)
    numbers = [frame.get("frame_id") if isinstance(frame, Mapping) else None for frame in frames]
    counted = any(number is None for number in numbers)
    people = {(at if counted else int(number or 0)): people_in(frame)
              for at, (number, frame) in enumerate(zip(numbers, frames, strict=True))}  # fmt: skip
    if len(people) < len(frames):
        raise ValueError("two of its frames have the same number")
    layout, names = named_points(people) if not about.get("keypoint_names") else _named(about)
    fps = rate_of(about.get("fps"))
    return Recording(
        layout=layout,
        names=names,
        people=people,
        fps=fps,
        time_s=_times(about, list(people), fps),
        size_px=size_of(about.get("width"), about.get("height")),
    )


def _frame_list(document: Any) -> list[Any]:
    """The frames of a document; empty where there are none."""
    if isinstance(document, Mapping):
        document = next((document[key] for key in _FRAMES if key in document), None)
    return document if isinstance(document, list) else []


def _about(document: Any) -> dict[str, Any]:
    """What the file says beside the frames, MMPose's own name for the names brought to the usual one."""
    if not isinstance(document, Mapping):
        return {}
    meta = document.get("meta_info")
    by_number = meta.get("keypoint_id2name") if isinstance(meta, Mapping) else None
    about = {key: value for key, value in document.items() if key not in _FRAMES}
    if isinstance(by_number, Mapping):
        about["keypoint_names"] = [by_number[key] for key in sorted(by_number, key=int)]
    return about


def _named(about: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    """The skeleton as the file names it."""
    names = tuple(str(name) for name in about["keypoint_names"])
    return f"{len(names)} named keypoints", names


def _times(about: Mapping[str, Any], numbers: list[int], fps: Fraction | None) -> FloatArray | None:
    """Time stamps in the frames' order where the file has them for every frame, and they say more than its rate."""
    stamps, n_frames = about.get("timestamps"), len(numbers)
    if not isinstance(stamps, list) or len(stamps) != n_frames or n_frames < 2:
        return None
    if max(numbers) - min(numbers) + 1 > n_frames:  # frames between them whose times nobody knows
        return None
    time_s = np.array([stamps[at] for at in sorted(range(n_frames), key=numbers.__getitem__)], dtype=np.float64)
    uneven = uneven_times(time_s)
    return time_s if fps is None else uneven
