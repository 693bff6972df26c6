"""A person's outline in the picture: the convex hull of the keypoints and a margin."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gait.pose.base import Image

_MARGIN = 0.06  # of a person's height: head, shoes and clothes reach beyond the keypoints
_FAR_PX = 10_000  # keypoints may lie outside of the picture, but no farther


def paint_over(picture: Image, xy: NDArray[np.float32]) -> None:
    """Paint a person's outline in the mean colour of the picture; a box would hide whoever is half behind, too."""
    import cv2

    margin_px = max(round(_margin_px(xy)), 1)
    brush = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * margin_px + 1, 2 * margin_px + 1))
    mask = np.zeros(picture.shape[:2], np.uint8)
    cv2.fillConvexPoly(mask, cv2.convexHull(np.clip(xy, -_FAR_PX, _FAR_PX).astype(np.int32)), 255)
    picture[cv2.dilate(mask, brush) > 0] = picture.reshape(-1, 3)[::97].mean(axis=0)


def share_inside(xy: NDArray[np.float32], other_xy: NDArray[np.float32]) -> float:
    """Share of the keypoints (k, 2) that lie within somebody else's outline."""
    import cv2

    hull, margin_px = cv2.convexHull(other_xy), _margin_px(other_xy)
    inside = [cv2.pointPolygonTest(hull, (float(x), float(y)), True) >= -margin_px for x, y in xy]
    return float(np.mean(inside))


def _margin_px(xy: NDArray[np.float32]) -> float:
    return _MARGIN * float(np.ptp(xy[:, 1]))
