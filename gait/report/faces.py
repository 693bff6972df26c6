"""Make heads unrecognisable: where they are in each frame, and the blur."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from gait.model import FloatArray, Track
from gait.report.drawing import Picture

_FACE_WORDS = ("nose", "eye", "ear", "mouth")
# A head is about 0.45 torso lengths tall (head 0.13, shoulder to hip 0.29 of stature); half of that with a wide margin,
# since face points stand at the front of a head seen from the side.
_RADIUS_TORSOS = 0.40
_HEAD_ABOVE_SHOULDERS_TORSOS = 0.42
_SPREAD_MARGIN = 1.6
_MEDIAN_FRAMES = 15
_CELLS = 5  # across the head: fewer than a face needs to be told apart


def head_circles(track: Track) -> FloatArray:
    """Circles that hold the head in each frame.

    Two of them, for safety: around the face points of that frame, and around where the head stands on the shoulders
    in the frames nearby, which also serves where the face points are missing or thrown away.

    Returns
    -------
    (n, 2, 3) x, y and radius in pixels; NaN only where the whole clip shows neither a face nor shoulders.
    """
    face = [k for k, name in enumerate(track.skeleton.names) if any(word in name for word in _FACE_WORDS)]
    shoulders, hips = track.point("mid_shoulder"), track.point("mid_hip")
    torso_px = _middle(np.hypot(*(shoulders - hips).T))
    points = track.xy[:, face].astype(np.float64)
    known = np.isfinite(points[..., 0])
    centre = np.where(known[..., None], points, 0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)[:, None]
    centre[~known.any(axis=1)] = np.nan
    reach = np.where(known, np.hypot(*np.moveaxis(points - centre[:, None], -1, 0)), 0).max(axis=1, initial=0)
    neck = _filled(shoulders)
    above = np.array([0.0, -_HEAD_ABOVE_SHOULDERS_TORSOS * torso_px])
    nearby = neck + _running_median(_filled(centre - neck, otherwise=above))
    nearby = np.where(np.isnan(nearby), _filled(centre), nearby)
    # fmax and fmin: without shoulders or hips the face points alone give the size.
    radius = np.fmax(_RADIUS_TORSOS * torso_px, _SPREAD_MARGIN * np.fmin(reach, torso_px / 2))
    around_neighbours = np.column_stack([nearby, radius])
    around_points = np.column_stack([centre, radius])
    around_points[np.isnan(centre[:, 0])] = around_neighbours[np.isnan(centre[:, 0])]
    return np.stack([around_points, around_neighbours], axis=1)


def blur_heads(picture: Picture, circles: FloatArray) -> None:
    """Blur the circles (m, 3) of a picture in place: coarse cells, then a soft blur over them."""
    for x, y, radius in circles[np.isfinite(circles).all(axis=1)]:
        tall = 1.2 * radius
        rows = slice(max(0, int(y - tall)), max(0, min(picture.shape[0], int(y + tall) + 1)))
        cols = slice(max(0, int(x - radius)), max(0, min(picture.shape[1], int(x + radius) + 1)))
        part = picture[rows, cols]
        if part.size == 0:
            continue
        cells = cv2.resize(part, (_CELLS, _CELLS), interpolation=cv2.INTER_AREA)
        coarse = cv2.resize(cells, part.shape[1::-1], interpolation=cv2.INTER_LINEAR)
        mask = np.zeros(part.shape[:2], np.uint8)
        centre = (round(x - cols.start), round(y - rows.start))
        cv2.ellipse(mask, centre, (round(radius), round(tall)), 0, 0, 360, 255, -1)
        part[mask > 0] = coarse[mask > 0]


def _middle(values: FloatArray) -> float:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if len(known) else float("nan")


def _filled(places: FloatArray, *, otherwise: NDArray[np.float64] | None = None) -> FloatArray:
    """Places (n, 2) with gaps filled from the frames beside them; `otherwise` where no frame knows any."""
    frames = np.arange(len(places))
    known = np.isfinite(places).all(axis=1)
    if not known.any():
        fallback = np.full(2, np.nan) if otherwise is None else otherwise
        return np.broadcast_to(fallback, places.shape).copy()
    return np.stack([np.interp(frames, frames[known], places[known, axis]) for axis in range(2)], axis=1)


def _running_median(places: FloatArray) -> FloatArray:
    half = _MEDIAN_FRAMES // 2
    padded = np.pad(places, ((half, half), (0, 0)), mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, _MEDIAN_FRAMES, axis=0)
    return np.asarray(np.median(windows, axis=-1), dtype=np.float64)
