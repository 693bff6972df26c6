"""Paints pictures of runners: light in linear amounts, then as a screen shows it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from gait.model import FloatArray
from gait.simulate.body import Body
from gait.simulate.camera import Camera
from gait.simulate.figure import Figure
from gait.simulate.render.appearance import Appearance
from gait.simulate.render.backdrop import make_backdrop
from gait.simulate.render.ground_shadow import GroundShadow
from gait.simulate.render.lens import Lens
from gait.simulate.render.patterns import BELT_TEXELS, TEXELS_PER_M, belt_pattern
from gait.simulate.render.raster import Layer, facets_of, painted
from gait.simulate.render.rooms import BELT, Room
from gait.simulate.render.shading import light_on
from gait.simulate.render.surface import Piece, surface

Painted = tuple[Figure, Body, Appearance, FloatArray]
_STEPS = 4096  # of the table from light to display values
_SHOULDER = 0.70  # light beyond which highlights are compressed


class Painter:
    """Paints runners before one camera in one room; what stands still is painted once.

    Parameters
    ----------
    supersampling
        Fine pixels for each pixel in both directions, which smooths edges.
    """

    def __init__(self, camera: Camera, room: Room, *, supersampling: int = 2) -> None:
        self._lens = Lens(camera, supersampling)
        self._light = room.light(camera.yaw_deg)
        self._backdrop = make_backdrop(self._lens, room, self._light)
        on_belt = np.nonzero(self._backdrop.belt > 0)
        rows, columns = (slice(int(at.min()), int(at.max()) + 1) if len(at) else slice(0, 0) for at in on_belt)
        self._belt_box = (rows, columns)

    def paint(self, runners: Sequence[Painted], belt_m: float, time_s: float = 0.0) -> NDArray[np.uint8]:
        """A picture (h, w, 3), red, green, blue, as a screen shows it.

        Parameters
        ----------
        runners
            Each with the figure of one time, body, appearance and where it is moved to (3,) in metres.
        belt_m
            How far the belt has run.
        time_s
            Time of the picture, for a zoom or roll that creeps.
        """
        return to_display(self.paint_linear(runners, belt_m, time_s))

    def paint_linear(self, runners: Sequence[Painted], belt_m: float, time_s: float = 0.0) -> NDArray[np.float32]:
        """The same in linear light (h, w, 3), of which one may take means over time; white cloth is at about 0.8."""
        picture = self._backdrop.light.copy()
        self._add_belt(picture, belt_m)
        pieces = [
            piece
            for figure, body, appearance, offset_m in runners
            for piece in surface(figure, body, appearance, offset_m)
        ]
        if pieces:
            floors_m = [float(np.asarray(runner[3])[1]) for runner in runners]
            GroundShadow.of(pieces, self._light.towards, floors_m).darken(picture, self._backdrop)
            self._add_pieces(picture, pieces)
        return self._lens.crept(picture, time_s)

    def _add_belt(self, picture: NDArray[np.float32], belt_m: float) -> None:
        """The belt, where it has run to."""
        import cv2

        rows, columns = self._belt_box
        if rows.stop == rows.start:
            return
        backdrop, texels = self._backdrop, TEXELS_PER_M
        place = backdrop.ground[rows, columns]
        along = np.mod((place[..., 0] + belt_m) * texels, BELT_TEXELS[1]).astype(np.float32)
        across = np.mod(place[..., 1] * texels, BELT_TEXELS[0]).astype(np.float32)
        pattern = cv2.remap(belt_pattern(), along, across, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
        shade = (pattern * backdrop.belt[rows, columns])[..., None] * backdrop.belt_light[rows, columns]
        picture[rows, columns] += shade * np.asarray(BELT, dtype=np.float32)

    def _add_pieces(self, picture: NDArray[np.float32], pieces: Sequence[Piece]) -> None:
        """The runners over the picture."""
        spheres = [piece.spheres() for piece in pieces if piece.blocking]
        middles, radii = (np.concatenate(which) for which in zip(*spheres, strict=True))

        def lit(places: FloatArray, normals: FloatArray) -> FloatArray:
            return light_on(places, normals, self._light, middles=middles, radii=radii)

        facets = facets_of(pieces, self._lens, lit)
        layer = painted(facets, self._backdrop.inverse_depth, self._lens.fineness)
        if layer is not None:
            _overlay(picture, layer, self._lens.fineness)


def _overlay(picture: NDArray[np.float32], layer: Layer, fine: int) -> None:
    """A fine layer over the picture."""
    import cv2

    height, width = layer.cover.shape[0] // fine, layer.cover.shape[1] // fine
    light, cover = layer.light, layer.cover
    if fine > 1:
        light = cv2.resize(light, (width, height), interpolation=cv2.INTER_AREA)
        cover = cv2.resize(cover, (width, height), interpolation=cv2.INTER_AREA)
    y, x = layer.y // fine, layer.x // fine
    box = picture[y : y + height, x : x + width]
    box *= 1 - cover[..., None]
    box += light


@cache
def _display_values() -> NDArray[np.uint8]:
    """Display values by the square root of the light."""
    light = np.linspace(0, 1.25, _STEPS) ** 2
    bright = _SHOULDER + (1 - _SHOULDER) * np.tanh((light - _SHOULDER) / (1 - _SHOULDER))
    shown = np.where(light > _SHOULDER, bright, light)
    coded = np.where(shown <= 0.0031308, 12.92 * shown, 1.055 * shown ** (1 / 2.4) - 0.055)
    return np.asarray(np.round(255 * coded), dtype=np.uint8)


def to_display(light: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Linear light to display values (sRGB, IEC 61966-2-1); highlights are compressed as cameras do."""
    index = np.sqrt(np.maximum(light, 0)) * np.float32((_STEPS - 1) / 1.25) + np.float32(0.5)
    return np.asarray(_display_values().take(np.minimum(index, _STEPS - 1).astype(np.int16)), dtype=np.uint8)
