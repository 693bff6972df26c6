"""From the runner's surface to pixels: four-cornered facets with exact depth, so that no limb shows through another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from gait.model import FloatArray
from gait.simulate.render.lens import Lens
from gait.simulate.render.surface import Piece

INSIDE = 0.4  # how much of the light reaches the inside of a sleeve
_SHIFT = 4  # bits of a pixel's fraction in OpenCV's drawing
_NEAREST_M = 0.1  # to the camera
_SMALLEST_PX2 = 1.0  # spread of a facet's corners below which it is of one depth and colour

Indices = NDArray[np.int64]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Planes:
    """Values (q, v) as planes over the picture: `constant` + `by_x` x + `by_y` y, between `low` and `high`."""

    constant: Floats
    by_x: Floats
    by_y: Floats
    low: Floats
    high: Floats

    @classmethod
    def through(cls, corner_px: FloatArray, values: FloatArray) -> Planes:
        """The planes nearest to the values (q, 4, v) at the corners (q, 4, 2)."""
        middle = corner_px.mean(axis=1)
        off = corner_px - middle[:, None]
        x, y = off[..., 0], off[..., 1]
        xx, xy, yy = (x * x).sum(axis=1), (x * y).sum(axis=1), (y * y).sum(axis=1)
        determinant = xx * yy - xy * xy
        is_flat = determinant < _SMALLEST_PX2 * np.maximum(xx + yy, 1)
        scale = np.where(is_flat, 0.0, 1 / np.where(is_flat, 1.0, determinant))[:, None]
        along_x, along_y = np.einsum("qc,qcv->qv", x, values), np.einsum("qc,qcv->qv", y, values)
        by_x = (yy[:, None] * along_x - xy[:, None] * along_y) * scale
        by_y = (xx[:, None] * along_y - xy[:, None] * along_x) * scale
        constant = values.mean(axis=1) - by_x * middle[:, :1] - by_y * middle[:, 1:]
        parts = (constant, by_x, by_y, values.min(axis=1), values.max(axis=1))
        return cls(*(part.astype(np.float32) for part in parts))

    def at(self, facet: Indices, x: Indices, y: Indices) -> Floats:
        """Values (n, v) of some facets at pixels."""
        value = self.by_x.take(facet, axis=0)
        value *= x.astype(np.float32)[:, None]
        slope = self.by_y.take(facet, axis=0)
        slope *= y.astype(np.float32)[:, None]
        value += slope
        value += self.constant.take(facet, axis=0)
        np.maximum(value, self.low.take(facet, axis=0), out=value)
        np.minimum(value, self.high.take(facet, axis=0), out=value)
        return value


@dataclass(frozen=True, slots=True, eq=False)
class Facets:
    """Facets that the camera sees (q), far ones first within each piece; `corner_px` (q, 4, 2), `colour` (q, 3)."""

    corner_px: FloatArray
    inverse_depth: Planes
    light: Planes
    piece: Indices
    colour: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """A painted box of the picture: light times cover (h, w, 3) and cover (h, w), its upper left corner at (x, y)."""

    x: int
    y: int
    light: Floats
    cover: Floats


@lru_cache(maxsize=64)
def _grid(rings: int, sides: int) -> Indices:
    """Corners (q, 4) of the facets of a tube, as indices into its flattened grid."""
    ring, side = np.meshgrid(np.arange(rings - 1), np.arange(sides), indexing="ij")
    after = (side + 1) % sides
    corners: list[Indices] = [
        ring * sides + side,
        ring * sides + after,
        (ring + 1) * sides + after,
        (ring + 1) * sides + side,
    ]
    return np.asarray(np.stack(corners, axis=-1).reshape(-1, 4), dtype=np.int64)


def facets_of(pieces: Sequence[Piece], lens: Lens, lit: Callable[[FloatArray, FloatArray], FloatArray]) -> Facets:
    """Facets of all pieces that the camera sees; `lit` gives the light (n, 3) on corners by places and directions."""
    places = np.concatenate([piece.places.reshape(-1, 3) for piece in pieces])
    normals = np.concatenate([piece.normals.reshape(-1, 3) for piece in pieces])
    sizes = [piece.places.shape[0] * piece.places.shape[1] for piece in pieces]
    starts = np.cumsum([0, *sizes[:-1]])
    grids = [_grid(*piece.places.shape[:2]) + start for piece, start in zip(pieces, starts, strict=True)]
    corner = np.concatenate(grids)
    piece = np.repeat(np.arange(len(pieces)), [len(grid) for grid in grids])
    depth_m = lens.camera.depth_m(places)
    is_front = _faces(places, normals, corner, lens.camera.place_m)
    is_open = np.array([piece.is_open for piece in pieces])
    seen = np.flatnonzero((is_front | is_open[piece]) & (depth_m > _NEAREST_M)[corner].all(axis=1))
    seen = seen[np.lexsort((-depth_m[corner[seen]].mean(axis=1), piece[seen]))]
    raised_m = np.array([piece.raised_m for piece in pieces])
    used, corner = np.unique(corner[seen], return_inverse=True)
    corner = corner.reshape(-1, 4)
    light = lit(places[used], normals[used])[corner] * np.where(is_front[seen], 1.0, INSIDE)[:, None, None]
    corner_px = lens.pixels(places[used])[corner]
    return Facets(
        corner_px,
        Planes.through(corner_px, 1 / (depth_m[used][corner] - raised_m[piece[seen], None])[..., None]),
        Planes.through(corner_px, light),
        piece[seen],
        np.array([piece.colour for piece in pieces], dtype=np.float32)[piece[seen]],
    )


def _faces(places: FloatArray, normals: FloatArray, corner: Indices, eye_m: FloatArray) -> NDArray[np.bool_]:
    """Whether each facet shows its outer side."""
    one, two, three, four = (places[corner[:, number]] for number in range(4))
    across = np.cross(three - one, four - two)
    outward = normals[corner[:, 0]] + normals[corner[:, 2]]
    sees = ((eye_m - one) * across).sum(axis=1) * (across * outward).sum(axis=1)
    return np.asarray(sees > 0, dtype=bool)


def painted(facets: Facets, behind: Floats, step: int) -> Layer | None:
    """The facets, but where something is nearer: `behind` (h, w) is the inverse depth of what stands there.

    The layer's edges are at multiples of `step` pixels.
    """
    height, width = behind.shape
    low = np.floor(facets.corner_px.min(axis=(0, 1))).astype(int) - 1 if len(facets.piece) else np.zeros(2, int)
    high = np.ceil(facets.corner_px.max(axis=(0, 1))).astype(int) + 2 if len(facets.piece) else np.zeros(2, int)
    x0, y0 = np.clip(low, 0, [width, height]) // step * step
    x1, y1 = -(-np.clip(high, 0, [width, height]) // step) * step
    if x1 <= x0 or y1 <= y0:
        return None
    nearest = behind[y0:y1, x0:x1].copy()
    owner = np.zeros(nearest.shape, np.int32)
    starts = np.searchsorted(facets.piece, np.arange(facets.piece[-1] + 2))
    for start, end in pairwise(starts):
        if end > start:
            _paint_piece(facets, start, end, (x0, y0), nearest, owner)
    at = np.flatnonzero(owner)
    facet = owner.ravel()[at] - 1
    row, column = np.divmod(at, owner.shape[1])
    light, cover = np.zeros((owner.size, 3), np.float32), (owner > 0).astype(np.float32)
    light[at] = facets.light.at(facet, column + x0, row + y0) * facets.colour.take(facet, axis=0)
    return Layer(int(x0), int(y0), light.reshape(*owner.shape, 3), cover)


def _paint_piece(
    facets: Facets, start: int, end: int, origin: tuple[int, int], nearest: Floats, owner: NDArray[np.int32]
) -> None:
    """One piece into the box: `nearest` and `owner` (facet + 1) are changed where it is in front."""
    import cv2

    corner_px = facets.corner_px[start:end] - origin
    height, width = owner.shape
    x0, y0 = np.clip(np.floor(corner_px.min(axis=(0, 1))).astype(int) - 1, 0, [width, height])
    x1, y1 = np.clip(np.ceil(corner_px.max(axis=(0, 1))).astype(int) + 2, 0, [width, height])
    if x1 <= x0 or y1 <= y0:
        return
    mark = np.zeros((y1 - y0, x1 - x0), np.int32)
    fixed = np.round((corner_px - [x0, y0]) * (1 << _SHIFT)).astype(np.int32)
    for number, outline in enumerate(fixed, start=start + 1):
        cv2.fillConvexPoly(mark, outline, number, cv2.LINE_8, _SHIFT)
    at = np.flatnonzero(mark)
    facet = mark.ravel()[at] - 1
    row, column = np.divmod(at, mark.shape[1])
    row, column = row + y0, column + x0
    inverse_depth = facets.inverse_depth.at(facet, column + origin[0], row + origin[1])[:, 0]
    at = row * width + column
    is_nearer = inverse_depth > nearest.ravel()[at]
    at = at[is_nearer]
    nearest.reshape(-1)[at] = inverse_depth[is_nearer]
    owner.reshape(-1)[at] = facet[is_nearer] + 1
