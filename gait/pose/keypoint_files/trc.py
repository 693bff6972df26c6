"""TRC in pixels, as Sports2D and Pose2Sim write it: a header of five lines, then a row per frame.

Sports2D writes pixels with y down and z = 0, and calls the unit "m" all the same, so the header's unit is no guide: the
size of the numbers is. Its time column counts from 0 to n / fps in n steps, a frame too long as a whole; so an even
column gives way to the header's rate.
"""

from __future__ import annotations

import math

import numpy as np

from gait.model import FloatArray, HistoryEntry
from gait.pose.keypoint_files.names import columns_of
from gait.pose.keypoint_files.recording import Recording, Source, rate_of
from gait.signals import median_of_known

# A body is no taller than this in metres and no smaller in pixels, if anything is to be measured in it.
_METRES_OR_PIXELS = 10.0
_HEADER_LINES = 5


def recognises(source: Source) -> bool:
    """The first word of every TRC file."""
    return source.head.lstrip(b"\xef\xbb\xbf").startswith(b"PathFileType")


def read(source: Source) -> Recording:
    """Markers as keypoints; an empty cell is a point that isn't known."""
    lines = source.path.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    if len(lines) <= _HEADER_LINES:
        raise ValueError("it ends before its first frame")
    header = dict(zip(lines[1].split("\t"), lines[2].split("\t"), strict=False))
    names = tuple(name.strip() for name in lines[3].split("\t")[2::3] if name.strip())
    rows = _rows(lines[_HEADER_LINES:], len(names))
    if len(rows) < float(header.get("NumFrames") or 0):
        raise ValueError(f"it says {header['NumFrames']} frames and holds {len(rows)}; it may be cut off")
    numbers, time_s, points = rows[:, 0].astype(int).tolist(), rows[:, 1], rows[:, 2:].reshape(len(rows), -1, 3)
    if numbers != sorted(set(numbers)):
        raise ValueError("its frame numbers don't increase from row to row")
    xy, history = _in_the_picture(points, names)
    scored = np.dstack([xy, np.isfinite(xy).all(axis=2)])
    is_whole = len(numbers) == numbers[-1] - numbers[0] + 1
    return Recording(
        layout=f"{len(names)} markers",
        names=names,
        people={number: [person] for number, person in zip(numbers, scored, strict=True)},
        fps=rate_of(header.get("DataRate", "").replace(",", ".")),
        time_s=time_s if is_whole and len(time_s) > 1 else None,
        history=history,
    )


def _rows(lines: list[str], n_markers: int) -> FloatArray:
    """Frame number, time and coordinates (n, 2 + 3 k) of every row that isn't empty; empty cells are NaN.

    Raises
    ------
    ValueError
        Where a row hasn't as many columns as the header, or something else than numbers.
    """
    width, rows = 2 + 3 * n_markers, []
    for number, line in enumerate(lines, _HEADER_LINES + 1):
        cells = line.split("\t")
        if not line.strip():
            continue
        if len(cells) < width or any(cell.strip() for cell in cells[width:]):
            raise ValueError(f"line {number} has {len(cells)} columns and its header has {width}; it may be cut off")
        rows.append([_number(cell, number) for cell in cells[:width]])
    if not rows or not n_markers:
        raise ValueError("it holds no frames")
    return np.array(rows, dtype=np.float64)


def _number(cell: str, line: int) -> float:
    try:
        return float(cell.strip() or math.nan)
    except ValueError:
        raise ValueError(f"line {line} holds {cell.strip()[:20]!r}, which is no number") from None


def _in_the_picture(points: FloatArray, names: tuple[str, ...]) -> tuple[FloatArray, tuple[HistoryEntry, ...]]:
    """Places (n, k, 2) in pixels with y down; NaN where both are 0, as Sports2D may fill gaps.

    Raises
    ------
    ValueError
        Where the points aren't pixels of a picture.
    """
    known = np.isfinite(points).all(axis=2) & (np.abs(points[..., :2]).sum(axis=2) > 0)
    if not known.any():
        return np.full(points[..., :2].shape, np.nan), ()
    if np.abs(points[known][:, 2]).max() > 1e-6:
        raise ValueError("its points have a depth: they are three-dimensional, and no pixels of a picture")
    xy = np.where(known[..., None], points[..., :2], np.nan)
    heights = [float(np.ptp(frame[seen, 1])) for frame, seen in zip(xy, known, strict=True) if seen.any()]
    if np.median(heights) < _METRES_OR_PIXELS:
        raise ValueError("its points are in metres; give the file in pixels (Sports2D writes both)")
    if not _upside_down(xy, names):
        return xy, ()
    top = float(np.nanmax(xy[..., 1]))
    xy[..., 1] = top - xy[..., 1]
    return xy, (HistoryEntry("pose", "frames whose y pointed up, turned over", len(xy), len(xy)),)


def _upside_down(xy: FloatArray, names: tuple[str, ...]) -> bool:
    """Whether the ankles are above the hips for most of the time."""
    columns = columns_of(names)
    hips, ankles = (
        median_of_known(xy[:, [column for name, column in columns.items() if name.endswith(joint)], 1])
        for joint in ("hip", "ankle")
    )
    return bool(hips > ankles)
