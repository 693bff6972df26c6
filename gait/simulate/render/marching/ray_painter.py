"""The painter whose runners are smooth and cast soft shadows on themselves; room and belt are the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gait.errors import MissingExtra
from gait.model import FloatArray
from gait.simulate.camera import Camera
from gait.simulate.render.marching.cones import NOWHERE_M, cones_of
from gait.simulate.render.painter import Painter
from gait.simulate.render.rooms import Room
from gait.simulate.render.shading import Light
from gait.simulate.render.surface import Piece

if TYPE_CHECKING:
    from gait.simulate.render.marching.field import Scene

Floats = NDArray[np.float32]

NEAREST_M = 0.1  # to the camera
EDGE_M = 0.03  # of depth between neighbours of one tube
SPARE_PX = 3  # about the surface's corners, beyond which no ray is sent


class RayPainter(Painter):
    """Paints as `Painter` does, but marches rays to the runners: their surface is a field of distances.

    Raises
    ------
    MissingExtra
        numba isn't installed.
    """

    def __init__(self, camera: Camera, room: Room, *, supersampling: int = 2) -> None:
        require_numba()
        super().__init__(camera, room, supersampling=supersampling)

    def _add_pieces(self, picture: Floats, pieces: Sequence[Piece]) -> None:
        """The runners over the picture."""
        from gait.simulate.render.marching.field import Scene

        rows, columns = self._box(pieces)
        if rows.start >= rows.stop or columns.start >= columns.stop:
            return
        rays, most_m = self._rays(rows, columns)
        scene = Scene(*cones_of(pieces), _balls(pieces), _light_table(self._light))
        painted = _painted(rays, most_m, self._lens.camera.place_m, scene)
        box = picture[rows, columns]
        box *= 1 - painted[..., 3:]
        box += painted[..., :3]

    def _box(self, pieces: Sequence[Piece]) -> tuple[slice, slice]:
        """Rows and columns of the picture in which the runners are."""
        corners = np.concatenate([piece.places.reshape(-1, 3) for piece in pieces])
        corners = corners[self._lens.camera.depth_m(corners) > NEAREST_M]
        if not len(corners):
            return slice(0, 0), slice(0, 0)
        at = self._lens.pixels(corners) / self._lens.fineness
        height, width = self._lens.size_px
        left, top = np.clip(np.floor(at.min(axis=0)) - SPARE_PX, 0, [width, height]).astype(int)
        right, bottom = np.clip(np.ceil(at.max(axis=0)) + SPARE_PX, 0, [width, height]).astype(int)
        return slice(int(top), int(bottom)), slice(int(left), int(right))

    def _rays(self, rows: slice, columns: slice) -> tuple[FloatArray, FloatArray]:
        """Directions (h, w, k, 3), of length 1, of a box's rays, and how far it is to what stands there (h, w, k)."""
        fine = self._lens.fineness
        fine_rows, fine_columns = (slice(which.start * fine, which.stop * fine) for which in (rows, columns))
        y, x = np.mgrid[fine_rows, fine_columns].astype(np.float64)
        rays = self._lens.rays(x, y)
        length = np.linalg.norm(rays, axis=2, keepdims=True)
        far_m = length / self._backdrop.inverse_depth[fine_rows, fine_columns, None]
        return _by_pixel(rays / length, fine), _by_pixel(far_m, fine)[..., 0]


def require_numba() -> None:
    """See that the compiler is there.

    Raises
    ------
    MissingExtra
        numba isn't installed.
    """
    try:
        import numba  # noqa: F401
    except ImportError:
        raise MissingExtra("The ray renderer needs numba: pip install 'rungait[ray]'.") from None


def _by_pixel(values: FloatArray, fine: int) -> FloatArray:
    """Values of fine pixels (h fine, w fine, v) for each pixel (h, w, fine fine, v)."""
    height, width, each = values.shape[0] // fine, values.shape[1] // fine, values.shape[2]
    grid = values.reshape(height, fine, width, fine, each).transpose(0, 2, 1, 3, 4)
    return np.ascontiguousarray(grid.reshape(height, width, fine * fine, each))


def _painted(rays: FloatArray, most_m: FloatArray, eye: FloatArray, scene: Scene) -> Floats:
    """The runners (h, w, 4): light times cover, and cover. Pixels on edges are the mean over their rays."""
    from gait.simulate.render.marching.march import march

    height, width, n_rays, _ = rays.shape
    middle = rays.mean(axis=2, keepdims=True)
    middle /= np.linalg.norm(middle, axis=3, keepdims=True)
    everywhere = np.ones((height, width), dtype=np.bool_)
    painted, met, met_m = march(middle, np.full((height, width, 1), NOWHERE_M), eye, scene, everywhere)
    is_hidden = most_m < met_m[..., None]
    painted[is_hidden.all(axis=2)] = 0
    if n_rays > 1:
        is_edge = _is_edge(met, met_m) | (is_hidden.any(axis=2) & ~is_hidden.all(axis=2))
        finer, _, _ = march(rays, most_m, eye, scene, is_edge)
        painted[is_edge] = finer[is_edge]
    return np.asarray(painted, dtype=np.float32)


def _is_edge(met: NDArray[np.int64], met_m: FloatArray) -> NDArray[np.bool_]:
    """Pixels (h, w) that differ from a neighbour in what is seen or, much, in depth."""
    import cv2

    around = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
    which, depth_m = met.astype(np.float32), met_m.astype(np.float32)
    is_other = cv2.dilate(which, around) != cv2.erode(which, around)
    return np.asarray(is_other | (cv2.dilate(depth_m, around) - cv2.erode(depth_m, around) > EDGE_M), dtype=np.bool_)


def _balls(pieces: Sequence[Piece]) -> FloatArray:
    """Places and radii (k, 4) of the balls that take light away."""
    balls = [np.column_stack(piece.spheres()) for piece in pieces if piece.blocking]
    return np.asarray(np.concatenate(balls), dtype=np.float64)


def _light_table(light: Light) -> FloatArray:
    """The light as `Scene` holds it (4, 3)."""
    return np.array([light.towards, light.key, light.sky, light.ground], dtype=np.float64)
