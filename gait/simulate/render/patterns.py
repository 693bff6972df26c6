"""What floors, walls, belts and the sky look like: patterns that repeat nowhere near, from fixed random numbers."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from gait.model import FloatArray
from gait.simulate.render.rooms import FLOOR_M, Room
from gait.simulate.render.shading import Light

Floats = FloatArray | NDArray[np.float32]
TEXELS_PER_M, BELT_TEXELS = 90, (64, 1024)
BELT_LENGTH_M = BELT_TEXELS[1] / TEXELS_PER_M
_BOARD_M, _SLAB_M, _MAT_M = 0.14, 0.60, 1.0


@cache
def _random(seed: int, size: int = 256) -> FloatArray:
    """A square of random numbers."""
    return np.random.default_rng(seed).random((size, size))


def noise(x: Floats, y: Floats, seed: int) -> FloatArray:
    """Smooth noise from 0 to 1 that changes over a distance of 1."""
    table = _random(seed)
    column, row = np.floor(x).astype(int), np.floor(y).astype(int)
    at_x, at_y = x - column, y - row
    at_x, at_y = at_x * at_x * (3 - 2 * at_x), at_y * at_y * (3 - 2 * at_y)

    def corner(by_x: int, by_y: int) -> FloatArray:
        return np.asarray(table[(row + by_y) % len(table), (column + by_x) % len(table)], dtype=np.float64)

    upper = corner(0, 0) * (1 - at_x) + corner(1, 0) * at_x
    lower = corner(0, 1) * (1 - at_x) + corner(1, 1) * at_x
    return np.asarray(upper * (1 - at_y) + lower * at_y, dtype=np.float64)


def floor_colours(place: Floats, room: Room) -> FloatArray:
    """Colours (n, 3) of the floor at places (n, 2)."""
    x, z = place[:, 0], place[:, 1]
    grain = 0.86 + 0.20 * noise(x * 55, z * 55, 1) + 0.12 * (noise(x * 1.7, z * 1.7, 2) - 0.5)
    if room.floor == "boards":
        board = np.floor(z / _BOARD_M)
        tone = _random(3)[board.astype(int) % 256, np.floor(x / 1.9 + 0.37 * board).astype(int) % 256]
        shade = (0.8 + 0.35 * tone) * (0.9 + 0.2 * noise(x * 3, z * 60, 4)) * _joint(z, _BOARD_M, 0.004, 0.6)
    elif room.floor == "concrete":
        shade = 0.9 + 0.12 * noise(x * 2.1, z * 2.1, 5) + 0.10 * noise(x * 30, z * 30, 6)
    elif room.floor == "slabs":
        slab = np.floor(x / _SLAB_M).astype(int) * 7 + np.floor(z / _SLAB_M).astype(int)
        shade = grain * (0.88 + 0.2 * _random(7)[slab % 256, 0])
        shade *= _joint(x, _SLAB_M, 0.010, 0.55) * _joint(z, _SLAB_M, 0.010, 0.55)
    else:
        shade = grain * _joint(x, _MAT_M, 0.012, 0.7) * _joint(z, _MAT_M, 0.012, 0.7)
    colour = shade[:, None] * np.asarray(room.floor_colour)
    if room.is_outdoor:
        is_lawn = np.maximum(np.abs(x), np.abs(z)) > 4.8
        lawn = 0.6 + 0.5 * noise(x * 9, z * 9, 8) + 0.25 * noise(x * 0.4, z * 0.4, 9)
        colour[is_lawn] = (lawn[:, None] * [0.055, 0.11, 0.028])[is_lawn]
    return np.asarray(colour, dtype=np.float64)


def _joint(along: Floats, every_m: float, wide_m: float, dark: float) -> FloatArray:
    """Factor that is `dark` on the joints between boards or slabs."""
    return np.where(along % every_m < wide_m, dark, 1.0)


def wall_colours(across: Floats, up: Floats, room: Room) -> FloatArray:
    """Colours (n, 3) of the walls at places along them and heights."""
    shade = 0.96 + 0.07 * noise(across * 1.3, up * 1.3, 10)
    colour = shade[:, None] * np.asarray(room.wall_colour)
    for panel in room.panels:
        on = across % panel.every_m
        is_in = (on > panel.from_m) & (on < panel.to_m) & (up > panel.low_m) & (up < panel.high_m)
        edge = np.minimum.reduce([on - panel.from_m, panel.to_m - on, up - panel.low_m, panel.high_m - up])
        glow = 0.85 + 0.3 * (up - panel.low_m) / (panel.high_m - panel.low_m)
        tone = np.where(edge < 0.03, 0.35, glow)
        colour[is_in] = (tone[:, None] * np.asarray(panel.colour))[is_in]
    colour[up < FLOOR_M + 0.10] *= 0.55
    return np.asarray(colour, dtype=np.float64)


def sky_colours(rays: NDArray[np.float32], light: Light) -> FloatArray:
    """Light (n, 3) from the sky along rays, with trees along the horizon."""
    level = np.hypot(rays[:, 0], rays[:, 2])
    height = rays[:, 1] / np.maximum(level, 1e-9)
    around: Floats = np.arctan2(rays[:, 2], rays[:, 0])
    bright = np.mean(light.key) + np.mean(light.sky)
    share = np.clip(height / 1.2, 0, 1)[:, None] ** 0.6
    sky = bright * ((1 - share) * [0.66, 0.70, 0.74] + share * [0.22, 0.38, 0.62])
    trees = 0.05 + 0.13 * noise(around * 7, np.zeros_like(around), 11) + 0.035 * noise(around * 60, height * 40, 12)
    leaves = 0.5 + 0.8 * noise(around * 45, height * 45, 13)
    green = bright * leaves[:, None] * [0.045, 0.085, 0.030]
    return np.asarray(np.where((height < trees)[:, None], green, sky), dtype=np.float64)


@cache
def belt_pattern() -> NDArray[np.float32]:
    """Brightness of the belt (across, along), with its seam; it repeats after `BELT_LENGTH_M`."""
    rows, columns = BELT_TEXELS
    speckle = np.random.default_rng(14).random(BELT_TEXELS)
    along = np.arange(columns) / TEXELS_PER_M
    pattern = 0.80 + 0.35 * speckle + 0.15 * (_random(15, columns)[0] - 0.5)
    pattern[:, along % (BELT_LENGTH_M / 12) < 0.012] *= 1.5
    pattern[rows // 2 - 2 : rows // 2 + 2, (along % (BELT_LENGTH_M / 4)) < 0.22] *= 2.2
    return np.asarray(pattern, dtype=np.float32)
