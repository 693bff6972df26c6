"""Edges of a person's outline beside hips, knees and ankles, from the pose model's mask.

The model's keypoints lie up to 4 % of the leg's length beside the joints in views from the rear and front, each leg in
its own way. The outline lies as far outward of the joint in both legs (within 0.3 % on rendered runners), so it tells
better which way a limb points. Here the edges are only found; `gait.clean.limb_axes` makes limbs of them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gait.model import ANKLE_EDGE_ALONG_SHANK, EDGES, OUTLINED, SIDES, Skeleton, edge_names
from gait.pose.base import Keypoints
from gait.pose.region import Region

_ALONG_SHANK = {"knee": 0.0, "ankle": ANKLE_EDGE_ALONG_SHANK}  # from knee to ankle
_BELOW_HIPS = 0.05  # leg lengths: where the outline is as wide as the hips, above where the thighs part
_REACH, _PELVIS_REACH = 0.25, 0.42  # leg lengths to each side
_N_STEPS = 64  # to each side: half a pixel of the mask for a person who fills it


def with_edges(skeleton: Skeleton) -> Skeleton:
    """The skeleton with the edges' points behind its own."""
    pairs = [
        pair for joint in OUTLINED for pair in zip(edge_names("left", joint), edge_names("right", joint), strict=True)
    ]
    return Skeleton((*skeleton.names, *EDGES), skeleton.edges, (*skeleton.pairs, *pairs))


def find_edges(
    mask: NDArray[np.float32], region: Region, size_px: tuple[int, int], points: dict[str, NDArray[np.float64]]
) -> Keypoints:
    """The edges' points (10, 2) in pixels, with confidence 1 where they are seen.

    Parameters
    ----------
    mask
        How likely each part of the region shows the person (h, w), 0 to 1.
    region
        The square of the picture that the mask covers.
    size_px
        Width and height of the picture.
    points
        Hips, knees and ankles (2,) in pixels.

    An edge that isn't seen, since nothing of the person or no end of it is there, keeps the place from which it was
    looked for, with confidence 0.
    """
    starts, reach = _starts(points)
    share = np.linspace(0, 1, _N_STEPS + 1)
    ends = reach[:, None, None] * np.stack([-share, share])  # (rows, 2, steps)
    x = starts[:, 0, None, None] + ends
    y = np.broadcast_to(starts[:, 1, None, None], x.shape)
    likely = _sampled(mask, *_in_mask(x, y, region, size_px, mask.shape))
    inside = likely >= 0.5
    out = ~inside
    first = out.argmax(axis=-1)
    seen = inside[..., 0] & out.any(axis=-1)
    before = np.maximum(first - 1, 0)
    rows, sides = np.indices(first.shape)
    last_in, first_out = likely[rows, sides, before], likely[rows, sides, first]
    between = np.where(seen, (last_in - 0.5) / np.maximum(last_in - first_out, 1e-9), 0.0)
    step = (before + between) / _N_STEPS * reach[:, None] * np.array([-1.0, 1.0])
    edge_x = np.where(seen, starts[:, 0, None] + step, starts[:, 0, None])
    xy = np.stack([edge_x, np.broadcast_to(starts[:, 1, None], edge_x.shape)], axis=-1).reshape(-1, 2)
    return xy.astype(np.float32), seen.reshape(-1).astype(np.float32)


def _starts(points: dict[str, NDArray[np.float64]]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where to look from (5, 2), in the order of the names, and how far to each side (5,), in pixels."""
    legs = [[points[f"{side}_{joint}"] for joint in ("hip", "knee", "ankle")] for side in SIDES]
    leg_px = float(np.mean([np.linalg.norm(h - k) + np.linalg.norm(k - a) for h, k, a in legs]))
    starts = [knee + along * (ankle - knee) for along in _ALONG_SHANK.values() for _, knee, ankle in legs]
    starts.append((legs[0][0] + legs[1][0]) / 2 + np.array([0.0, _BELOW_HIPS * leg_px]))
    return np.array(starts), leg_px * np.array([*[_REACH] * 4, _PELVIS_REACH])


def _in_mask(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    region: Region,
    size_px: tuple[int, int],
    shape: tuple[int, ...],
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Pixels of the picture as pixels of the mask, whose middle is the region's and which turns with it."""
    width_px, height_px = size_px
    dx, dy = x - region.x * width_px, y - region.y * height_px
    cosine, sine = np.cos(region.rotation_rad), np.sin(region.rotation_rad)
    along = (cosine * dx + sine * dy) / (region.width * width_px)
    down = (cosine * dy - sine * dx) / (region.height * height_px)
    rows, columns = shape
    return ((along + 0.5) * columns - 0.5).astype(np.float32), ((down + 0.5) * rows - 0.5).astype(np.float32)


def _sampled(mask: NDArray[np.float32], column: NDArray[np.float32], row: NDArray[np.float32]) -> NDArray[np.float32]:
    """The mask between its pixels; 0 outside."""
    import cv2

    flat = (column.reshape(len(column), -1), row.reshape(len(row), -1))
    values = cv2.remap(mask, *flat, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=0.0)
    return np.asarray(values, dtype=np.float32).reshape(column.shape)
