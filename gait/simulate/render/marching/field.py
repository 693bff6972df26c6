"""The field of distances around a runner, compiled by numba.

Cones and tubes are the tables of `cones.py`, read by rows and columns. `near` (3, k) says which of them are looked at:
row 0 has tubes, row 1 where in row 2 the cones of each tube begin (and after the last tube, where they end), row 2
cones.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from gait.model import FloatArray
from gait.simulate.render.marching.cones import CONE, TUBE, column

Vector = tuple[float, float, float]
Indices = NDArray[np.int64]

START, START_ALONG, START_AHEAD, START_ASIDE, START_BLEND_M = (
    column(CONE, f"start{what}") for what in ("", "_along", "_ahead", "_aside", "_blend_m")
)
END, END_ALONG, END_AHEAD, END_ASIDE, END_BLEND_M = (
    column(CONE, f"end{what}") for what in ("", "_along", "_ahead", "_aside", "_blend_m")
)
MIDDLE_M, AHEAD_M, ASIDE_M = (column(CONE, name) for name in ("middle_m", "ahead_m", "aside_m"))
SQUARENESS, LENGTH_M, IS_HOLLOW = (column(CONE, name) for name in ("squareness", "length_m", "is_hollow"))
CONE_BALL, TUBE_BALL = column(CONE, "ball"), column(TUBE, "ball")  # and its radius after it
FIRST, AFTER, GROUP, RAISED_M, COLOUR, CUT, CUT_AT_M = (
    column(TUBE, name) for name in ("first", "after", "group", "raised_m", "colour", "cut", "cut_at_m")
)

FAR_M = 1e3
WALL_M = 0.006  # thickness of cloth at a hem
SPARE_M = 0.06  # beyond a cone's surface, where it still may blend with others
BULGE_M = 0.015  # by which two that blend are thicker at most


# Without Python's check of each division for zero: where a divisor may be zero, the code sees to it.
compiled = njit(fastmath=True, error_model="numpy")


class Scene(NamedTuple):
    """Who is there: cones and tubes, balls (k, 4) that take light away from all around, and the light.

    `light` (4, 3): towards the lamp, its light, that from above and that from the ground.
    """

    cones: FloatArray
    tubes: FloatArray
    balls: FloatArray
    light: FloatArray


@compiled
def vector(table: FloatArray, row: int, first: int) -> Vector:
    """Three numbers of a table, from a column on."""
    return table[row, first], table[row, first + 1], table[row, first + 2]


@compiled
def dot(one: Vector, other: Vector) -> float:
    """Inner product."""
    return one[0] * other[0] + one[1] * other[1] + one[2] * other[2]


@compiled
def moved(place: Vector, way: Vector, far: float) -> Vector:
    """A place so far along a way."""
    return place[0] + far * way[0], place[1] + far * way[1], place[2] + far * way[2]


@compiled
def from_to(start: Vector, end: Vector) -> Vector:
    """The way from one place to another."""
    return end[0] - start[0], end[1] - start[1], end[2] - start[2]


@compiled
def unit(way: Vector) -> Vector:
    """The same direction, of length 1."""
    scale = 1.0 / math.sqrt(max(dot(way, way), 1e-24))
    return way[0] * scale, way[1] * scale, way[2] * scale


@compiled
def between(start: Vector, end: Vector, share: float) -> Vector:
    """What lies at a share of the way."""
    return moved(start, from_to(start, end), share)


@compiled
def oval_m(ahead: float, aside: float, ahead_m: float, aside_m: float, squareness: float) -> float:
    """Distance from an oval of two half axes, to first order; the place is given in half axes.

    The oval is Fernandez Guasti's squircle, which needs no powers: a^2 + b^2 - squareness a^2 b^2 = 1.
    """
    a, b = ahead * ahead, aside * aside  # already squared
    if squareness == 0.0:
        squared, steep_a, steep_b = a + b, 1.0, 1.0
    else:
        root = math.sqrt(max((a + b) * (a + b) - 4.0 * squareness * a * b, 1e-12))
        squared = 0.5 * (a + b + root)
        steep_a = 0.5 + 0.5 * (a + b - 2.0 * squareness * b) / root
        steep_b = 0.5 + 0.5 * (a + b - 2.0 * squareness * a) / root
    slope_a, slope_b = ahead * steep_a / ahead_m, aside * steep_b / aside_m
    slope = math.sqrt(max(slope_a * slope_a + slope_b * slope_b, 1e-12))
    return (squared - math.sqrt(squared)) / slope


@compiled
def along_cone(cones: FloatArray, cone: int, place: Vector) -> tuple[float, float]:
    """Where a place is along a cone, 0 at its first ring and 1 at its second, and how far it is beyond one of them."""
    above_m = dot(from_to(vector(cones, cone, START), place), vector(cones, cone, START_ALONG))
    beyond_m = dot(from_to(vector(cones, cone, END), place), vector(cones, cone, END_ALONG))
    if above_m >= 0.0 and beyond_m <= 0.0:
        return above_m / max(above_m - beyond_m, 1e-9), 0.0
    if above_m < 0.0 and beyond_m > 0.0:  # where the planes of two rings cross, beside a bent joint
        return 0.5, 0.0
    if above_m < 0.0:
        return 0.0, above_m
    return 1.0, beyond_m


@compiled
def cone_m(cones: FloatArray, cone: int, place: Vector) -> tuple[float, float, bool]:
    """Distance from a cone, where along it the place is (0 to 1), and whether it lies between the cone's rings."""
    share, off_m = along_cone(cones, cone, place)
    ahead = between(vector(cones, cone, START_AHEAD), vector(cones, cone, END_AHEAD), share)
    aside = between(vector(cones, cone, START_ASIDE), vector(cones, cone, END_ASIDE), share)
    x, forth_x = _curve(cones, cone, MIDDLE_M, 3, share)
    y, forth_y = _curve(cones, cone, MIDDLE_M + 1, 3, share)
    z, forth_z = _curve(cones, cone, MIDDLE_M + 2, 3, share)
    ahead_m, wider_a = _curve(cones, cone, AHEAD_M, 1, share)
    aside_m, wider_b = _curve(cones, cone, ASIDE_M, 1, share)
    off, forth = from_to((x, y, z), place), (forth_x, forth_y, forth_z)
    across_m, right_m = dot(off, ahead), dot(off, aside)
    out_m = oval_m(across_m / ahead_m, right_m / aside_m, ahead_m, aside_m, cones[cone, SQUARENESS])
    if cones[cone, IS_HOLLOW] == 1:
        out_m = abs(out_m + WALL_M / 2) - WALL_M / 2
    if off_m != 0.0 and out_m <= 0.0:
        return abs(off_m), share, False
    shifted_m = (dot(forth, ahead), dot(forth, aside))
    slope = _slope(across_m, right_m, shifted_m, (wider_a, wider_b)) / cones[cone, LENGTH_M]
    # In the plane through the axis: the nearest place on the straight line between both rings.
    long = math.sqrt(1.0 + slope * slope)
    on_line_m = (out_m * slope + off_m) / long
    whole_m = cones[cone, LENGTH_M] * long
    on_line_m = min(max(on_line_m, -share * whole_m), (1.0 - share) * whole_m)
    aside_far_m, along_far_m = out_m - on_line_m * slope / long, off_m - on_line_m / long
    far_m = math.sqrt(aside_far_m * aside_far_m + along_far_m * along_far_m)
    return (far_m if out_m > 0.0 else -far_m), share, off_m == 0.0


@compiled
def _curve(cones: FloatArray, cone: int, first: int, apart: int, share: float) -> tuple[float, float]:
    """A polynomial of the share of the way from ring to ring, and how fast it grows with the share."""
    one, two, three = cones[cone, first + apart], cones[cone, first + 2 * apart], cones[cone, first + 3 * apart]
    value = cones[cone, first] + share * (one + share * (two + share * three))
    return value, one + share * (2.0 * two + share * 3.0 * three)


@compiled
def _slope(across_m: float, right_m: float, shifted_m: tuple[float, float], wider_m: tuple[float, float]) -> float:
    """How far outward the surface goes from a cone's first ring to its second, on the side of a place."""
    scale = 1.0 / math.sqrt(max(across_m * across_m + right_m * right_m, 1e-18))
    cosine, sine = across_m * scale, right_m * scale
    return cosine * (shifted_m[0] + cosine * wider_m[0]) + sine * (shifted_m[1] + sine * wider_m[1])


@compiled
def gather(
    scene: Scene, start: Vector, way: Vector, spread: float, length_m: float, near: Indices
) -> tuple[int, float, float]:
    """Put into `near` what a bundle of rays may meet that begins in one place and spreads.

    Returns how many tubes are near enough to matter, and from where to where along the way it may meet one (at a
    negative place: none).
    """
    n_tubes, n_cones = 0, 0
    from_m, to_m = FAR_M, -1.0
    for tube in range(len(scene.tubes)):
        if _apart_m(scene.tubes, tube, TUBE_BALL, start, way, spread, length_m) > SPARE_M:
            continue
        first = n_cones
        for cone in range(int(scene.tubes[tube, FIRST]), int(scene.tubes[tube, AFTER])):
            apart_m = _apart_m(scene.cones, cone, CONE_BALL, start, way, spread, length_m)
            if apart_m > SPARE_M:
                continue
            near[2, n_cones] = cone
            n_cones += 1
            if apart_m < BULGE_M:
                at_m = dot(from_to(start, vector(scene.cones, cone, CONE_BALL)), way)
                reach_m = scene.cones[cone, CONE_BALL + 3] + BULGE_M
                from_m, to_m = min(from_m, at_m - reach_m), max(to_m, at_m + reach_m)
        if n_cones > first:
            near[0, n_tubes], near[1, n_tubes], near[1, n_tubes + 1] = tube, first, n_cones
            n_tubes += 1
    return n_tubes, max(from_m, 0.0), min(to_m, length_m)


@compiled
def _apart_m(
    table: FloatArray, row: int, ball: int, start: Vector, way: Vector, spread: float, length_m: float
) -> float:
    """How far the ball of a row is from a bundle of rays, at least; far behind its start and beyond its end."""
    off, reach_m = from_to(start, vector(table, row, ball)), table[row, ball + 3]
    at_m = dot(off, way)
    if at_m < -reach_m - SPARE_M or at_m > length_m + reach_m + SPARE_M:
        return FAR_M
    aside_squared = max(dot(off, off) - at_m * at_m, 0.0)
    wide_m = reach_m + spread * max(at_m, 0.0)
    if aside_squared > (wide_m + SPARE_M) * (wide_m + SPARE_M):
        return FAR_M
    return math.sqrt(aside_squared) - wide_m


@compiled
def field_m(scene: Scene, near: Indices, n_tubes: int, place: Vector) -> float:
    """Distance from the nearest surface, negative inside."""
    nearest_m, group_m, group = FAR_M, FAR_M, -1.0
    for number in range(n_tubes):
        tube = near[0, number]
        limit_m = min(nearest_m, group_m) + SPARE_M
        if _is_beyond(scene.tubes, tube, TUBE_BALL, limit_m, place):
            continue
        far_m, blend_m, _ = tube_m(scene, near, number, place, limit_m)
        if scene.tubes[tube, GROUP] != group:
            nearest_m, group_m, group = min(nearest_m, group_m), far_m, scene.tubes[tube, GROUP]
        else:
            group_m = _blended(group_m, far_m, blend_m)
    return min(nearest_m, group_m)


@compiled
def tube_at(scene: Scene, near: Indices, n_tubes: int, place: Vector) -> int:
    """Whose colour a place of the surface has: the nearest tube's, or that of a raised one through which it pokes.

    What is of the raised one's own group doesn't poke: an arm lies on the shirt.
    """
    nearest_m, owner, raised_m, raised = FAR_M, 0, FAR_M, 0
    for number in range(n_tubes):
        tube = near[0, number]
        far_m, _, is_within = tube_m(scene, near, number, place, FAR_M)
        if far_m < nearest_m:
            nearest_m, owner = far_m, tube
        if is_within and scene.tubes[tube, RAISED_M] > 0.0 and far_m - scene.tubes[tube, RAISED_M] < raised_m:
            raised_m, raised = far_m - scene.tubes[tube, RAISED_M], tube
    if raised_m < nearest_m and scene.tubes[raised, GROUP] != scene.tubes[owner, GROUP]:
        return raised
    return owner


@compiled
def tube_m(scene: Scene, near: Indices, number: int, place: Vector, limit_m: float) -> tuple[float, float, bool]:
    """Distance from a tube if it is below a limit, over how many metres it blends there, and whether beside it."""
    cones, tube = scene.cones, near[0, number]
    nearest_m, blend_m, is_within = limit_m, 0.0, False
    for at in range(near[1, number], near[1, number + 1]):
        cone = near[2, at]
        if _is_beyond(cones, cone, CONE_BALL, nearest_m, place):
            continue
        far_m, share, is_beside = cone_m(cones, cone, place)
        if far_m < nearest_m:
            nearest_m, is_within = far_m, is_beside
            blend_m = cones[cone, START_BLEND_M] + share * (cones[cone, END_BLEND_M] - cones[cone, START_BLEND_M])
    beyond_cut_m = dot(vector(scene.tubes, tube, CUT), place) - scene.tubes[tube, CUT_AT_M]
    return max(nearest_m, beyond_cut_m), blend_m, is_within


@compiled
def _is_beyond(table: FloatArray, row: int, ball: int, limit_m: float, place: Vector) -> bool:
    """Whether a place is further away from the ball of a row than a limit."""
    off, reach_m = from_to(vector(table, row, ball), place), table[row, ball + 3] + limit_m
    return reach_m < 0.0 or dot(off, off) > reach_m * reach_m


@compiled
def _blended(one_m: float, other_m: float, blend_m: float) -> float:
    """The smaller distance, rounded where both are about the same (a quadratic smooth minimum)."""
    both_m = blend_m - abs(one_m - other_m)
    smaller_m = min(one_m, other_m)
    return smaller_m - both_m * both_m / (4.0 * blend_m) if both_m > 0.0 else smaller_m


@compiled
def normal_at(scene: Scene, near: Indices, n_tubes: int, place: Vector, step_m: float) -> Vector:
    """The outward direction of the surface, from four places about it."""
    one, two, three, four = (1.0, -1.0, -1.0), (-1.0, -1.0, 1.0), (-1.0, 1.0, -1.0), (1.0, 1.0, 1.0)
    a = field_m(scene, near, n_tubes, moved(place, one, step_m))
    b = field_m(scene, near, n_tubes, moved(place, two, step_m))
    c = field_m(scene, near, n_tubes, moved(place, three, step_m))
    d = field_m(scene, near, n_tubes, moved(place, four, step_m))
    return unit((a - b - c + d, -a - b + c + d, -a + b - c + d))
