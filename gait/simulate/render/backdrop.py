"""The picture behind the runner, cast once: a ray for every fine pixel into room and treadmill."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import product

import numpy as np
from numpy.typing import NDArray

from gait.model import FloatArray
from gait.simulate.render.lens import Lens
from gait.simulate.render.patterns import floor_colours, sky_colours, wall_colours
from gait.simulate.render.rooms import FLOOR_M, Block, Point, Room
from gait.simulate.render.shading import Light

FARTHEST_M = 500.0
_ROWS = 48  # rows of the picture that are cast at a time, which bounds the memory
_BEYOND_CAMERA_M = 0.6  # by which the room is wider where the camera stands outside of it
_CORNER_M, _CORNER_DARK = 0.22, 0.45  # how far the shade of a block reaches on the floor, and how dark it is there
_SMALLEST = 1e-6  # of a ray's direction, lest it is divided by zero
_NEAR_M = 0.05  # a block nearer than this has no outline in the picture
_BENT_SHARE = 0.05  # by which a lens may bend a block's edges, of its size
_CEILING_UP = 0.2  # as if the ceiling were turned a little to the light, which lamps and walls throw on it
_GROUND_TOP_M = 0.10  # what is lower takes the runner's shadow

Floats = NDArray[np.float32]
Flags = NDArray[np.bool_]
Scenery = Sequence[tuple[Block, FloatArray]]  # with the bounds of their outlines in the picture


@dataclass(frozen=True, slots=True, eq=False)
class Backdrop:
    """What is behind and before the runner.

    `light` (h, w, 3) is linear, black where the belt is; `inverse_depth` (fine h, fine w) in 1/m; `belt` and `floor`
    (h, w) are the shares of each pixel that are belt, and belt or floor; `belt_light` (h, w, 3) is what falls on it,
    `ground` (h, w, 2) where a pixel is (forward, right), `cast` (h, w, 2) the same moved along the light to the height
    0, and `shaded` (h, w) what share of its light a pixel of the floor loses where the runner stands before the lamp.
    """

    light: Floats
    inverse_depth: Floats
    belt: Floats
    floor: Floats
    belt_light: Floats
    ground: Floats
    cast: Floats
    shaded: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Hits:
    """What rays meet: distance, place, direction of the surface's axis and its sign, and the block (-1: room)."""

    depth_m: Floats
    place: Floats
    axis: NDArray[np.int64]
    sign: Floats
    block: NDArray[np.int64]


def make_backdrop(lens: Lens, room: Room, light: Light) -> Backdrop:
    """Cast the whole picture."""
    height = lens.size_px[0]
    scenery = [(block, _outline_px(lens, block)) for block in room.blocks(lens.camera.yaw_deg, lens.camera.distance_m)]
    walls = _walls(lens, room)
    strips = [
        _strip(lens, room, light, scenery, walls, rows=(start, min(start + _ROWS, height)))
        for start in range(0, height, _ROWS)
    ]
    joined = {
        field.name: np.concatenate([getattr(strip, field.name) for strip in strips]) for field in fields(Backdrop)
    }
    return Backdrop(**joined)


def _walls(lens: Lens, room: Room) -> FloatArray:
    """Lowest and highest corner (2, 3) of the room, in which the camera stands too."""
    half = np.array([room.half_length_m, 0.0, room.half_width_m])
    if room.is_outdoor:
        half[:] = FARTHEST_M
    place = lens.camera.place_m
    low, high = np.minimum(-half, place - _BEYOND_CAMERA_M), np.maximum(half, place + _BEYOND_CAMERA_M)
    low[1] = FLOOR_M
    high[1] = FARTHEST_M if room.is_outdoor else max(room.height_m, place[1] + 0.2)
    return np.stack([low, high])


def _strip(
    lens: Lens, room: Room, light: Light, scenery: Scenery, walls: FloatArray, *, rows: tuple[int, int]
) -> Backdrop:
    """Some rows of the picture."""
    blocks = [block for block, _ in scenery]
    fine, width = lens.fineness, lens.size_px[1]
    x, y = np.meshgrid(np.arange(width * fine), np.arange(rows[0] * fine, rows[1] * fine))
    rays = lens.rays(x.astype(np.float32), y.astype(np.float32))
    rays[np.abs(rays) < _SMALLEST] = _SMALLEST
    hits = _hits(lens, rays, scenery, walls, first_row=rows[0] * fine)
    is_room = hits.block < 0
    is_sky = is_room & room.is_outdoor & ((hits.axis != 1) | (hits.sign < 0))
    is_top = (hits.axis == 1) & (hits.sign > 0) & ~is_sky
    is_belt = np.array([*(block.is_belt for block in blocks), False])[hits.block] & is_top
    is_ground = (hits.place[:, 1] < _GROUND_TOP_M) & is_top
    cast = hits.place[:, [0, 2]] - hits.place[:, 1:2] * (light.towards[[0, 2]] / light.towards[1]).astype(np.float32)
    around, direct = _light_on(hits, light, blocks, room, cast)
    falling = around + direct
    seen = _colours(hits, room, blocks) * falling
    if room.is_outdoor:
        seen[is_sky] = sky_colours(rays.reshape(-1, 3)[is_sky], light)
    lost = direct.sum(axis=1) / np.maximum(falling.sum(axis=1), 1e-9)

    def mean(values: Floats | Flags) -> Floats:
        return _coarse(np.asarray(values, dtype=np.float32), rows[1] - rows[0], width, fine)

    return Backdrop(
        light=mean(np.where(is_belt[:, None], 0, seen)),
        inverse_depth=(1 / hits.depth_m).reshape(y.shape),
        belt=mean(is_belt),
        floor=mean(is_ground),
        belt_light=mean(falling),
        ground=mean(np.clip(hits.place[:, [0, 2]], -50, 50)),
        cast=mean(np.clip(cast, -50, 50)),
        shaded=mean(np.where(is_ground, lost, 0)),
    )


def _coarse(values: Floats, rows: int, columns: int, fine: int) -> Floats:
    """Means over the fine pixels of each pixel."""
    grid = values.reshape(rows * fine, columns * fine, *values.shape[1:])
    total = sum((grid[down::fine, right::fine] for down in range(fine) for right in range(fine)), np.float32(0))
    return np.asarray(total / np.float32(fine * fine), dtype=np.float32)


def _hits(lens: Lens, rays: Floats, scenery: Scenery, walls: FloatArray, *, first_row: int) -> Hits:
    """The nearest thing on each ray (rows, columns, 3) of a strip; the results are (n,) flattened."""
    eye = lens.camera.place_m.astype(np.float32)
    low, high = (wall.astype(np.float32) - eye for wall in walls)
    to_walls = np.where(rays > 0, high, low) / rays
    axis = to_walls.argmin(axis=2)
    depth_m = np.take_along_axis(to_walls, axis[..., None], axis=2)[..., 0]
    which = np.full(rays.shape[:2], -1)
    for number, (block, outline_px) in enumerate(scenery):
        rows, columns = _within(outline_px, first_row, rays.shape[:2])
        if rows.start >= rows.stop or columns.start >= columns.stop:
            continue
        enter, entered_axis = _entry(eye, rays[rows, columns], block)
        nearer = enter < depth_m[rows, columns]
        depth_m[rows, columns][nearer] = enter[nearer]
        axis[rows, columns][nearer] = entered_axis[nearer]
        which[rows, columns][nearer] = number
    sign = -np.sign(np.take_along_axis(rays, axis[..., None], axis=2)[..., 0])
    place = eye + rays * depth_m[..., None]
    return Hits(depth_m.ravel(), place.reshape(-1, 3), axis.ravel(), sign.ravel(), which.ravel())


def _outline_px(lens: Lens, block: Block) -> FloatArray:
    """Least and greatest fine pixel (2, 2) at which a block can be seen; infinite where it reaches to the camera."""
    corners = np.array(list(product(*zip(block.low, block.high, strict=True))))
    if (lens.camera.depth_m(corners) < _NEAR_M).any():
        return np.array([[-np.inf, -np.inf], [np.inf, np.inf]])
    at = lens.pixels(corners)
    spare = 4 + _BENT_SHARE * np.ptp(at, axis=0).max()
    return np.stack([at.min(axis=0) - spare, at.max(axis=0) + spare])


def _within(outline_px: FloatArray, first_row: int, size: tuple[int, ...]) -> tuple[slice, slice]:
    """Rows and columns of a strip inside an outline."""
    low_x, high_x = np.clip(outline_px[:, 0], 0, size[1]).astype(int)
    low_y, high_y = np.clip(outline_px[:, 1] - first_row, 0, size[0]).astype(int)
    return slice(int(low_y), int(high_y)), slice(int(low_x), int(high_x))


def _entry(start: Floats, rays: Floats, block: Block) -> tuple[Floats, NDArray[np.int64]]:
    """Where rays enter a block, in their own lengths (infinite where they miss), and through which faces."""
    one = (_corner(block.low) - start) / rays
    other = (_corner(block.high) - start) / rays
    nearer = np.minimum(one, other)
    enter, leave = nearer.max(axis=-1), np.maximum(one, other).min(axis=-1)
    return np.where((enter <= leave) & (enter > 0), enter, np.float32(np.inf)), nearer.argmax(axis=-1)


def _light_on(hits: Hits, light: Light, blocks: Sequence[Block], room: Room, cast: Floats) -> tuple[Floats, Floats]:
    """Light (n, 3) from all around and direct light (n, 3), with the shade of the blocks."""
    towards = np.where(np.abs(light.towards) < _SMALLEST, _SMALLEST, light.towards).astype(np.float32)
    is_room = hits.block < 0
    is_wall = is_room & (hits.axis != 1) & (not room.is_outdoor)
    facing = np.clip(hits.sign * towards[hits.axis], 0, 1) * np.where(is_wall, np.float32(0.5), np.float32(1))
    open_share = np.ones(len(facing), np.float32)
    is_floor = is_room & (hits.axis == 1) & (hits.sign > 0)
    shaded = np.flatnonzero((is_floor | ~is_room) & (facing > 0))
    on_floor = np.flatnonzero(is_floor)
    lit_place, lit_cast, floor_place = hits.place[shaded], cast[shaded], hits.place[on_floor]
    for block in blocks:
        at = _under(block, towards, lit_cast)
        reached, _ = _entry(lit_place[at] + np.float32(0.004) * towards, towards[None], block)
        facing[shaded[at[np.isfinite(reached)]]] = 0
        at = _beside(block, floor_place)
        off = np.maximum(_corner(block.low) - floor_place[at], floor_place[at] - _corner(block.high))
        near = np.exp(-np.linalg.norm(np.maximum(off, 0), axis=1) / _CORNER_M)
        open_share[on_floor[at]] *= 1 - _CORNER_DARK * near
    open_share[is_wall] *= 1 - 0.35 * np.exp(-(hits.place[is_wall, 1] - FLOOR_M) / _CORNER_M)
    from_below, aside, from_above, ceiling = light.around(np.array([-1.0, 0.0, 1.0, _CEILING_UP])).astype(np.float32)
    kinds = np.stack([aside, from_above, from_below, ceiling])  # 0 level, 1 up, -2 down, -1 the ceiling
    kind = np.where(hits.axis == 1, np.where(hits.sign > 0, 1, np.where(is_room, -1, -2)), 0)
    around = kinds[kind] * open_share[:, None]
    return around, (facing * (0.4 + 0.6 * open_share))[:, None] * np.asarray(light.key, dtype=np.float32)


def _corner(point: Point) -> Floats:
    """A block's corner as an array."""
    return np.asarray(point, dtype=np.float32)


def _under(block: Block, towards: Floats, cast: Floats) -> NDArray[np.int64]:
    """Which points a block may shade, by the bounds of its shadow at the height 0."""
    corners = np.array(list(product(*zip(block.low, block.high, strict=True))), dtype=np.float32)
    shadow = corners[:, [0, 2]] - corners[:, 1:2] * towards[[0, 2]] / towards[1]
    return _inside(cast, shadow.min(axis=0), shadow.max(axis=0))


def _beside(block: Block, place: Floats) -> NDArray[np.int64]:
    """Which points of the floor are near a block."""
    reach = 4 * _CORNER_M
    low, high = _corner(block.low)[[0, 2]], _corner(block.high)[[0, 2]]
    return _inside(place[:, [0, 2]], low - reach, high + reach)


def _inside(at: Floats, low: Floats, high: Floats) -> NDArray[np.int64]:
    """Indices of points (n, 2) in a rectangle."""
    is_in = (at[:, 0] > low[0]) & (at[:, 0] < high[0])
    return np.flatnonzero(is_in & (at[:, 1] > low[1]) & (at[:, 1] < high[1]))


def _colours(hits: Hits, room: Room, blocks: Sequence[Block]) -> Floats:
    """Colours (n, 3) of what the rays meet."""
    colour = np.array([*(block.colour for block in blocks), (0.75, 0.75, 0.75)], dtype=np.float32)[hits.block]
    is_room = hits.block < 0
    is_floor = np.flatnonzero(is_room & (hits.axis == 1) & (hits.sign > 0))
    colour[is_floor] = floor_colours(hits.place[is_floor][:, [0, 2]], room)
    is_wall = np.flatnonzero(is_room & (hits.axis != 1) & (not room.is_outdoor))
    across = np.where(hits.axis == 2, hits.place[:, 0], hits.place[:, 2])[is_wall]
    colour[is_wall] = wall_colours(across, hits.place[is_wall, 1], room)
    return colour
