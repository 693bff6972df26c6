"""The runner's shadow on belt and floor, and the darker spot under a foot that is near the ground."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gait.model import FloatArray
from gait.simulate.render.backdrop import Backdrop
from gait.simulate.render.surface import Piece

_PER_M, _REACH_M = 60.0, 3.2  # fineness and half width of the maps on the ground
_SOFT_M, _CONTACT_SOFT_M = 0.022, 0.016
_CONTACT_HEIGHT_M, _CONTACT_DARK = 0.05, 0.6
_RINGS_OF_A_HULL = 6  # so many of a piece, which may be bent, are about convex
_MOST_LOST = 0.85  # share of the direct light that the shadow takes

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class GroundShadow:
    """Maps of the ground from above, from 0 (open) to 1: `cast` along the light, `contact` straight down."""

    cast: Floats
    contact: Floats

    @classmethod
    def of(cls, pieces: Sequence[Piece], towards: FloatArray, floors_m: Sequence[float]) -> GroundShadow:
        """The shadow of the pieces; `floors_m` are the heights on which the runners may stand."""
        import cv2

        side = int(2 * _REACH_M * _PER_M)
        cast, contact = np.zeros((side, side), np.float32), np.zeros((side, side), np.float32)
        for piece in pieces:
            places = piece.places.reshape(-1, 3)
            along = places[:, [0, 2]] - places[:, 1:2] * towards[[0, 2]] / towards[1]
            rings = along.reshape(*piece.places.shape[:2], 2)
            for start in range(0, len(rings) - 1, _RINGS_OF_A_HULL):
                _fill(cast, rings[start : start + _RINGS_OF_A_HULL + 1].reshape(-1, 2), 1.0)
            if piece.name.endswith("sole"):
                lowest_m = places[:, 1].min()
                above_m = min((lowest_m - floor_m for floor_m in floors_m if lowest_m > floor_m - 0.02), default=1.0)
                spot = np.zeros_like(contact)
                _fill(spot, places[:, [0, 2]], float(np.exp(-max(above_m, 0) / _CONTACT_HEIGHT_M)))
                np.maximum(contact, spot, out=contact)
        soft = [
            cv2.GaussianBlur(cast, (0, 0), _SOFT_M * _PER_M),
            cv2.GaussianBlur(contact, (0, 0), _CONTACT_SOFT_M * _PER_M),
        ]
        return cls(*soft)

    def darken(self, picture: Floats, backdrop: Backdrop) -> None:
        """Take the light away from the picture."""
        import cv2

        rows, columns = np.nonzero(backdrop.floor > 0)
        if not len(rows):
            return
        box = slice(rows.min(), rows.max() + 1), slice(columns.min(), columns.max() + 1)
        cast, contact = (
            cv2.remap(which, _columns(at[box][..., 0]), _columns(at[box][..., 1]), cv2.INTER_LINEAR)
            for which, at in ((self.cast, backdrop.cast), (self.contact, backdrop.ground))
        )
        left = (1 - _MOST_LOST * cast * backdrop.shaded[box]) * (1 - _CONTACT_DARK * contact * backdrop.floor[box])
        picture[box] *= left[..., None]


def _columns(at_m: Floats | FloatArray) -> Floats:
    """Places in metres to the maps' columns or rows."""
    return np.asarray((at_m + _REACH_M) * _PER_M - 0.5, dtype=np.float32)


def _fill(which: Floats, places: FloatArray, value: float) -> None:
    """The hull of places (n, 2) into a map."""
    import cv2

    hull = cv2.convexHull(_columns(places))
    cv2.fillConvexPoly(which, np.round(hull * 16).astype(np.int32), value, cv2.LINE_8, 4)
