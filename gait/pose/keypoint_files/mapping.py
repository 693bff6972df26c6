"""The people of a recording as one runner on the program's skeleton."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from gait.model import EDGES, FloatArray, HistoryEntry, Skeleton
from gait.pose.keypoint_files.choosing import choose_runner
from gait.pose.keypoint_files.names import NEEDED, columns_of
from gait.pose.keypoint_files.recording import Recording
from gait.pose.mediapipe import SKELETON
from gait.pose.silhouette import with_edges
from gait.pose.which_runner import Picture, WhichRunner
from gait.signals import median_of_known

# Below it a point counts as unknown: the usual limit of Sports2D and MMPose. OpenPose writes 0 for what it lacks.
LEAST_SCORE = 0.3
MIN_FRAMES = 10  # as for videos: not even one step
LARGEST_PX = 10_000.0  # farther out than any picture reaches: a fault of the tool
SMALLEST_BODY_PX = 3.0  # a body of less height is given in shares of the picture
_USUAL_FPS = 30.0  # where the file says no rate: for how long somebody must have been seen to count as a person
MIN_FILLED = 0.01  # of the frames from the first number to the last: with less, the numbers aren't those of frames

Mapped = tuple[NDArray[np.float32], NDArray[np.float32], Skeleton, tuple[HistoryEntry, ...]]


def on_the_skeleton(recording: Recording, which: WhichRunner, *, name: str) -> Mapped:
    """Keypoints (n, k, 2) in pixels, confidence (n, k), their skeleton, and what was done.

    The skeleton has the 33 points of MediaPipe, and those of the outline where the file is one of this program's.

    A score says how sure a tool is of a point's place, MediaPipe's visibility, for which the program's limits are made,
    how likely it is seen at all. A known point is seen, so a score from 0 to 1 becomes a confidence from 0.5 to 1; the
    least score becomes 0.65, from which on a foot counts as seen.

    Raises
    ------
    ValueError
        Where there are too few frames, a leg's keypoints are missing, or the points aren't pixels.
    NoPerson, ConfigError
        Where there is nobody whom `which` means.
    """
    columns = columns_of(recording.names)
    runner, choice = choose_runner(recording.people, which, _picture(recording, name), columns)
    points = _dense(runner, recording)
    lacking = [name for name in NEEDED if name not in columns]
    if lacking and runner:
        raise ValueError(f"it has no keypoints of the name {', '.join(lacking)}, and nothing is measured without them")
    skeleton = with_edges(SKELETON) if recording.is_own and set(EDGES) <= set(recording.names) else SKELETON
    if skeleton is not SKELETON:
        columns |= {name: recording.names.index(name) for name in EDGES}
    xy = np.full((len(points), len(skeleton.names), 2), np.nan, np.float32)
    confidence = np.zeros(xy.shape[:2], np.float32)
    known, history = _known(points, recording, list(columns.values()))
    for name, column in columns.items():
        seen, k = known[:, column], skeleton.index(name)
        xy[seen, k] = points[seen, column, :2]
        score = np.clip(points[seen, column, 2], 0, 1)
        confidence[seen, k] = score if recording.is_own else (1 + score) / 2
    _check_pixels(xy)
    return xy, confidence, skeleton, (*recording.history, *history, *choice.history(len(points)))


def _picture(recording: Recording, name: str) -> Picture:
    """The recording's picture; where the file doesn't say its size, the smallest that holds all points."""
    width_px, height_px = recording.size_px or (0, 0)
    if not width_px:
        points = [person[:, :2] for frame in recording.people.values() for person in frame if len(person)]
        highest = np.nanmax(np.nan_to_num(np.concatenate(points)), axis=0) if points else np.ones(2)
        width_px, height_px = (max(int(np.ceil(side)), 1) for side in np.minimum(highest, LARGEST_PX))
    return Picture(name, float(recording.fps or _USUAL_FPS), width_px, height_px)


def _dense(runner: Mapping[int, FloatArray], recording: Recording) -> FloatArray:
    """The runner's points (n, k, 3) in every frame from the first number to the last, NaN where there are none."""
    numbers = sorted(recording.people)
    n_frames = numbers[-1] - numbers[0] + 1 if numbers else 0
    if n_frames < MIN_FRAMES:
        raise ValueError(f"it holds {n_frames} frames, too few for any result (OpenPose: give the folder of all files)")
    if len(numbers) < MIN_FILLED * n_frames:
        raise ValueError(f"its {len(numbers)} frames have numbers from {numbers[0]} to {numbers[-1]}")
    counts = sorted({len(points) for points in runner.values()}) or [len(recording.names)]
    if counts[0] < len(recording.names) or len(counts) > 1:
        told = " to ".join(dict.fromkeys(str(count) for count in (counts[0], counts[-1])))
        raise ValueError(f"it names {len(recording.names)} keypoints and people have {told}")
    dense = np.full((n_frames, counts[0], 3), np.nan)
    for number, points in runner.items():
        dense[number - numbers[0]] = points
    return dense


def _known(
    points: FloatArray, recording: Recording, columns: list[int]
) -> tuple[NDArray[np.bool_], list[HistoryEntry]]:
    """Which points (n, k) are known, and how many of those that are used aren't."""
    there = np.isfinite(points).all(axis=2)
    if recording.is_own:
        return np.isfinite(points[..., :2]).all(axis=2), []
    nobody = ~there.any(axis=1)
    sure = there & (np.nan_to_num(points[..., 2]) >= LEAST_SCORE)
    inside = (np.abs(np.nan_to_num(points[..., :2])) <= LARGEST_PX).all(axis=2)
    known = sure & inside
    used, n_frames = points[:, columns].shape[0] * len(columns), len(points)
    history = [
        _entry("keypoints of the skeleton that the file has", len(columns), len(SKELETON.names)),
        _entry("frames in which the file has no runner", int(nobody.sum()), n_frames),
        _entry(f"points with a score under {LEAST_SCORE:g}, left out", int((there & ~sure)[:, columns].sum()), used),
    ]
    if (sure & ~inside).any():
        history.append(_entry("points outside of any picture, left out", int((sure & ~inside)[:, columns].sum()), used))
    return known, history


def _check_pixels(xy: NDArray[np.float32]) -> None:
    """Refuse coordinates that are shares of the picture."""
    ys = xy[..., 1].astype(np.float64)
    seen = np.isfinite(ys).any(axis=1)
    heights = [float(np.nanmax(frame) - np.nanmin(frame)) for frame in ys[seen]]
    if heights and float(median_of_known(np.array(heights))) < SMALLEST_BODY_PX:
        raise ValueError(
            "its coordinates are shares of the picture; write them in pixels (OpenPose: --keypoint_scale 0)"
        )


def _entry(what: str, count: int, total: int) -> HistoryEntry:
    return HistoryEntry("pose", what, count, total)
