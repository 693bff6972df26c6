"""Rays marched to the runner and the light that falls on it there, compiled by numba."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from gait.model import FloatArray
from gait.simulate.render.marching.field import (
    COLOUR,
    FAR_M,
    Indices,
    Scene,
    Vector,
    compiled,
    dot,
    field_m,
    from_to,
    gather,
    moved,
    normal_at,
    tube_at,
    unit,
    vector,
)

Singles = NDArray[np.float32]
Flags = NDArray[np.bool_]

TILE = 4  # pixels in both directions, for which what rays may meet is gathered once
MOST_STEPS = 96
STEP = 0.9  # share of the distance by which a ray goes on, as ovals' distances are of first order
HIT_M, ALMOST_HIT_M = 0.0003, 0.003  # the second where a ray comes to no end, as in a crease
NORMAL_STEP_M = 0.0015  # less than half of a hem's wall, in all three directions
SAME_M = 0.02  # rays of a pixel that meet one tube within this depth share their light
START_M = 0.006  # off the surface, where a ray to the lamp begins
LAMP = 12.0  # times the distance by which a ray passes over how far it went: the lamp's softness
DEEPEST = 0.25  # what is left of the light from all around in the deepest fold, as in `shading`
FOLD_M = 0.05  # how far folds are looked for


def march(
    rays: FloatArray, most_m: FloatArray, eye: FloatArray, scene: Scene, is_wanted: Flags
) -> tuple[Singles, Indices, FloatArray]:
    """The runners (h, w, 4) as light times cover, and cover; and what the pixels' last rays meet.

    Parameters
    ----------
    rays
        Directions (h, w, k, 3), of length 1, of k rays for each pixel.
    most_m
        How far each ray goes (h, w, k).
    eye
        Where all rays begin (3,).
    is_wanted
        The pixels (h, w) to be painted; others stay empty.

    Returns
    -------
    tuple
        The picture, the numbers of the tubes (h, w), -1 where there is none, and how far away they are (h, w).
    """
    return _compiled(_SOURCES_HASH)(rays, most_m, eye, scene, is_wanted)


def _sources_hash() -> str:
    """Hash of all that is compiled."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


_SOURCES_HASH = _sources_hash()  # as they are when they are imported


@cache
def _compiled(sources_hash: str) -> Callable[..., Any]:
    """The kernel, from numba's cache on the disk if it is there.

    numba looks only at the file of the function that it compiles; but what a function takes from around it is a part of
    the key too. So the hash of all sources is taken in, lest a change in another file be overlooked.
    """

    @njit(cache=True, fastmath=True, error_model="numpy")
    def kernel(rays: FloatArray, most_m: FloatArray, eye: FloatArray, scene: Scene, is_wanted: Flags) -> Any:
        assert sources_hash
        return _march(rays, most_m, eye, scene, is_wanted)

    return kernel


@compiled
def _march(
    rays: FloatArray, most_m: FloatArray, eye: FloatArray, scene: Scene, is_wanted: Flags
) -> tuple[Singles, Indices, FloatArray]:
    """`march`, to be compiled into it."""
    height, width = is_wanted.shape
    painted = np.zeros((height, width, 4), np.float32)
    met, met_m = np.full((height, width), -1), np.zeros((height, width))
    near, around = np.zeros((3, len(scene.cones) + 1), np.int64), np.zeros((3, len(scene.cones) + 1), np.int64)
    start = (eye[0], eye[1], eye[2])
    for top in range(0, height, TILE):
        for left in range(0, width, TILE):
            bottom, right = min(top + TILE, height), min(left + TILE, width)
            if not is_wanted[top:bottom, left:right].any():
                continue
            way, spread = _bundle(rays[top:bottom, left:right])
            n_tubes, from_m, to_m = gather(scene, start, way, spread, FAR_M, near)
            if to_m < 0.0:
                continue
            for row in range(top, bottom):
                for column in range(left, right):
                    if is_wanted[row, column]:
                        met[row, column], met_m[row, column] = _paint_pixel(
                            scene, near, n_tubes, start, (from_m, to_m), rays, most_m, (row, column), around, painted
                        )
    return painted, met, met_m


@compiled
def _ray(rays: FloatArray, row: int, column: int, number: int) -> Vector:
    """The direction of one ray."""
    return rays[row, column, number, 0], rays[row, column, number, 1], rays[row, column, number, 2]


@compiled
def _bundle(rays: FloatArray) -> tuple[Vector, float]:
    """The middle of a tile's rays, and how far they go apart for each metre."""
    row, column, number = rays.shape[0] - 1, rays.shape[1] - 1, rays.shape[2] - 1
    one, two = _ray(rays, 0, 0, 0), _ray(rays, row, column, number)
    three, four = _ray(rays, 0, column, 0), _ray(rays, row, 0, number)
    way = unit(moved(moved(moved(one, two, 1.0), three, 1.0), four, 1.0))
    least = min(min(dot(way, one), dot(way, two)), min(dot(way, three), dot(way, four)))
    return way, 1.5 * math.sqrt(max(1.0 - least * least, 0.0)) / least


@compiled
def _paint_pixel(
    scene: Scene,
    near: Indices,
    n_tubes: int,
    start: Vector,
    reach_m: tuple[float, float],
    rays: FloatArray,
    most_m: FloatArray,
    at: tuple[int, int],
    around: Indices,
    painted: Singles,
) -> tuple[int, float]:
    """One pixel: the mean over its rays. Those that meet one tube at about one depth share their light."""
    row, column = at
    share = 1.0 / rays.shape[2]
    last, last_m, light = -1, 0.0, (0.0, 0.0, 0.0)
    for number in range(rays.shape[2]):
        way = _ray(rays, row, column, number)
        met_m = _met_m(scene, near, n_tubes, start, way, reach_m[0], min(most_m[row, column, number], reach_m[1]))
        if met_m < 0.0:
            continue
        place = moved(start, way, met_m)
        tube = tube_at(scene, near, n_tubes, place)
        if tube != last or abs(met_m - last_m) > SAME_M:
            light = _light_at(scene, place, normal_at(scene, near, n_tubes, place, NORMAL_STEP_M), around)
        last, last_m = tube, met_m
        for channel in range(3):
            painted[row, column, channel] += share * light[channel] * scene.tubes[tube, COLOUR + channel]
        painted[row, column, 3] += share
    return last, last_m


@compiled
def _met_m(scene: Scene, near: Indices, n_tubes: int, eye: Vector, way: Vector, from_m: float, most_m: float) -> float:
    """How far a ray goes until it meets the surface; -1 where it doesn't."""
    at_m, far_m = from_m, FAR_M
    for _ in range(MOST_STEPS):
        far_m = field_m(scene, near, n_tubes, moved(eye, way, at_m))
        at_m += STEP * far_m
        if at_m > most_m:
            return -1.0
        if far_m < HIT_M:
            return at_m
    return at_m if far_m < ALMOST_HIT_M else -1.0


@compiled
def _light_at(scene: Scene, place: Vector, normal: Vector, around: Indices) -> Vector:
    """Light on a place of the surface: from all around where nothing is near, and from the lamp."""
    open_share = max(_unhidden(scene.balls, place, normal), DEEPEST) * _unfolded(scene, place, normal, around)
    up = 0.5 * (normal[1] + 1.0)
    towards = vector(scene.light, 0, 0)
    direct = dot(normal, towards)
    if direct > 0.0:
        direct *= _lit_share(scene, moved(place, normal, START_M), towards, around)
    above, below, lamp = open_share * up, open_share * (1.0 - up), max(direct, 0.0)
    key, sky, ground = vector(scene.light, 1, 0), vector(scene.light, 2, 0), vector(scene.light, 3, 0)
    return moved(moved(moved((0.0, 0.0, 0.0), key, lamp), sky, above), ground, below)


@compiled
def _unhidden(balls: FloatArray, place: Vector, normal: Vector) -> float:
    """Share of the light from all around that balls leave, by the painter's rule (`shading.light_on`)."""
    share = 1.0
    for number in range(len(balls)):
        away = from_to(place, vector(balls, number, 0))
        facing = dot(away, normal)
        if facing > 0.0:
            squared = max(dot(away, away), 1e-6)
            radius = balls[number, 3]
            share *= 1.0 - 0.9 * min(facing / math.sqrt(squared), 1.0) * min(radius * radius / squared, 1.0)
    return share


@compiled
def _unfolded(scene: Scene, place: Vector, normal: Vector, around: Indices) -> float:
    """Share of the light from all around that comes into folds: where the field grows slower than the way out."""
    n_tubes, _, _ = gather(scene, place, normal, 0.0, FOLD_M, around)
    share = 1.0
    for out_m in (0.2 * FOLD_M, 0.5 * FOLD_M, FOLD_M):
        far_m = field_m(scene, around, n_tubes, moved(place, normal, out_m))
        share *= 1.0 - 0.3 * min(max(1.0 - far_m / out_m, 0.0), 1.0)
    return share


@compiled
def _lit_share(scene: Scene, place: Vector, towards: Vector, around: Indices) -> float:
    """Share of the lamp that a place sees, by how close the ray to its middle passes by."""
    n_tubes, from_m, to_m = gather(scene, place, towards, 0.0, FAR_M, around)
    share, at_m = 1.0, max(from_m, START_M)
    for _ in range(MOST_STEPS // 2):
        if n_tubes == 0 or at_m > to_m:
            break
        far_m = field_m(scene, around, n_tubes, moved(place, towards, at_m))
        share = min(share, LAMP * far_m / at_m)
        if share <= 0.0:
            return 0.0
        at_m += max(STEP * far_m, 0.004)
    return share * share * (3.0 - 2.0 * share)
