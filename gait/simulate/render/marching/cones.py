"""The painter's surface as oval cones from ring to ring, around which a field of distances is computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import Akima1DInterpolator, PchipInterpolator, PPoly

from gait.model import FloatArray
from gait.simulate.render.surface import Piece
from gait.simulate.render.tubes import eased_out

SHORTEST_M = 1e-4  # rings nearer to each other make a flat end
THINNEST_M = 1e-5
NOWHERE_M = 1e3  # of a plane that cuts nothing
WHOLE_M = 10.0  # more than a part is long
Records = NDArray[np.void]

_VECTOR = (np.float64, 3)
# All are floats, so that the kernels can read a table as one array of numbers.
CONE = np.dtype(
    [
        ("start", *_VECTOR),  # middle of the first ring
        ("start_along", *_VECTOR),  # its direction towards the other ring
        ("start_ahead", *_VECTOR),  # the directions of its two half axes
        ("start_aside", *_VECTOR),
        ("end", *_VECTOR),
        ("end_along", *_VECTOR),
        ("end_ahead", *_VECTOR),
        ("end_aside", *_VECTOR),
        # Polynomials of the share of the way from ring to ring, constant first: the middle and both half axes.
        ("middle_m", np.float64, (4, 3)),
        ("ahead_m", np.float64, 4),
        ("aside_m", np.float64, 4),
        ("start_blend_m", np.float64),
        ("end_blend_m", np.float64),
        ("squareness", np.float64),  # of its cross-sections: 0 is an ellipse, 1 a rectangle
        ("length_m", np.float64),
        ("is_hollow", np.float64),
        ("ball", *_VECTOR),  # around the cone
        ("reach_m", np.float64),
    ]
)
TUBE = np.dtype(
    [
        ("first", np.float64),  # of its cones
        ("after", np.float64),
        ("group", np.float64),  # tubes of a group go over into each other smoothly
        ("raised_m", np.float64),
        ("colour", *_VECTOR),
        ("cut", *_VECTOR),  # beyond this plane nothing is left
        ("cut_at_m", np.float64),
        ("ball", *_VECTOR),  # around the tube
        ("reach_m", np.float64),
    ]
)


def column(table: np.dtype[np.void], name: str) -> int:
    """Where a quantity begins in the rows of a table of numbers."""
    fields = table.fields
    assert fields is not None
    return int(fields[name][1]) // 8


@dataclass(frozen=True, slots=True)
class Joined:
    """How a part goes over into others of its group: over how many metres, and how far from its upper end."""

    group: str
    blend_m: float = 0.0
    until_m: float = WHOLE_M


# Parts that aren't named here have edges all around.
JOINED: Mapping[str, Joined] = {
    "shirt": Joined("trunk"),
    "arm_cloth": Joined("trunk", 0.035, 0.15),
    "arm": Joined("trunk", 0.030, 0.15),
    "hand": Joined("trunk", 0.018),
    "thumb": Joined("trunk", 0.008),
    "seat": Joined("seat"),
    "leg_cloth": Joined("seat", 0.060, 0.34),
    "neck": Joined("head"),
    "head": Joined("head", 0.025),
    "nose_bridge": Joined("head", 0.012),
    "nose_tip": Joined("head", 0.008),
    "ear": Joined("head", 0.006),
    "hair": Joined("hair"),
    "ponytail": Joined("hair", 0.010),
}
# The powers by which the painter's tubes are nearer to rectangles; those that aren't named are ellipses.
POWERS: Mapping[str, float] = {"shirt": 2.4, "seat": 2.3, "foot_shoe": 2.3, "foot_sole": 5.0}


def cones_of(pieces: Sequence[Piece]) -> tuple[FloatArray, FloatArray]:
    """The cones (n, `CONE`) of some runners' surfaces, and the tubes (m, `TUBE`) that they make up, group by group.

    Where a name comes again, it is another runner's.
    """
    names = [piece.name for piece in pieces]
    runner = [names[:number].count(name) for number, name in enumerate(names)]
    joined = [_joined(piece.name, set(names)) for piece in pieces]
    groups = sorted({(number, each.group) for number, each in zip(runner, joined, strict=True)})
    order = sorted(range(len(pieces)), key=lambda number: (runner[number], joined[number].group))
    cones, tubes = [], np.zeros(len(pieces), TUBE)
    for tube, number in enumerate(order):
        piece, each = pieces[number], joined[number]
        made = _cones(piece, each)
        before = tubes["after"][tube - 1] if tube else 0.0
        tubes["first"][tube], tubes["after"][tube] = before, before + len(made)
        tubes["group"][tube] = groups.index((runner[number], each.group))
        tubes["colour"][tube], tubes["raised_m"][tube] = piece.colour, max(piece.raised_m, 0.0)
        tubes["cut"][tube], tubes["cut_at_m"][tube] = _cut(piece)
        tubes["ball"][tube], tubes["reach_m"][tube] = _ball(piece.places)
        cones.append(made)
    return _numbers(np.concatenate(cones)), _numbers(tubes)


def _numbers(table: Records) -> FloatArray:
    """A table as rows of numbers."""
    return table.view(np.float64).reshape(len(table), -1)


def _joined(name: str, names: set[str]) -> Joined:
    """How a part is joined to others; an arm whose upper end is in a sleeve isn't."""
    kind = _kind(name)
    if kind not in JOINED or (kind == "arm" and f"{name}_cloth" in names):
        return Joined(f"{name}_alone") if kind != "arm" else Joined("trunk")
    return JOINED[kind]


def _kind(name: str) -> str:
    """A part's name without its side."""
    return name.removeprefix("left_").removeprefix("right_")


def _cones(piece: Piece, joined: Joined) -> Records:
    """The cones of one part, from ring to ring; an open end is hollow."""
    middle, ahead, aside = _rings(piece)
    ahead_m, aside_m = (np.maximum(np.linalg.norm(axis, axis=1), THINNEST_M) for axis in (ahead, aside))
    along = np.cross(ahead, aside)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    along *= np.sign((np.diff(middle, axis=0) * along[1:]).sum())
    from_end_m = np.linalg.norm(middle - middle[0], axis=1)
    blend_m = joined.blend_m * (1 - eased_out(from_end_m, 0.4 * joined.until_m, joined.until_m))
    cones = np.zeros(len(middle) - 1, CONE)
    for end, ring in (("start", slice(0, -1)), ("end", slice(1, None))):
        cones[end], cones[f"{end}_along"], cones[f"{end}_blend_m"] = middle[ring], along[ring], blend_m[ring]
        cones[f"{end}_ahead"] = (ahead / ahead_m[:, None])[ring]
        cones[f"{end}_aside"] = (aside / aside_m[:, None])[ring]
    cones["length_m"] = np.linalg.norm(cones["end"] - cones["start"], axis=1)
    cones["middle_m"] = _curves(Akima1DInterpolator, cones["length_m"], middle)
    for name, half_m in (("ahead_m", ahead_m), ("aside_m", aside_m)):
        cones[name] = _curves(PchipInterpolator, cones["length_m"], half_m)
    cones["squareness"] = _squareness(POWERS.get(_kind(piece.name), 2.0))
    cones["ball"] = (cones["start"] + cones["end"]) / 2
    wide_m = np.hypot(ahead_m, aside_m)
    cones["reach_m"] = np.hypot(cones["length_m"] / 2, np.maximum(wide_m[:-1], wide_m[1:]))
    if piece.is_open and piece.name.endswith("cloth"):
        cones["is_hollow"][-1] = 1
    elif piece.name == "shirt":
        cones["is_hollow"][0] = 1
    return cones


def _curves(kind: type[PPoly], length_m: FloatArray, values: FloatArray) -> FloatArray:
    """Smooth curves from ring to ring through values (rings, ...), as polynomials (rings - 1, 4, ...) of the share."""
    at_m = np.concatenate([[0.0], np.cumsum(length_m)])
    powers = kind(at_m, values).c[::-1]  # constant first, of metres
    order = np.arange(4).reshape(4, *([1] * values.ndim))
    scale = length_m.reshape(-1, *([1] * (values.ndim - 1))) ** order
    return np.asarray(np.moveaxis(powers * scale, 0, 1), dtype=np.float64)


def _squareness(power: float) -> float:
    """Of the oval through the same places on axes and diagonals as the one of a power (see `field.oval_m`)."""
    diagonal = float(2 ** (-2 / power))
    return (2 * diagonal - 1) / diagonal**2


def _rings(piece: Piece) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Middles (rings, 3) and both half axes (rings, 3) of a part's rings, those of the hair as before the cut."""
    basis = _basis(piece.places.shape[1], POWERS.get(_kind(piece.name), 2.0))
    kept = basis[:, 1] < -0.5 if piece.name == "hair" else np.ones(len(basis), dtype=np.bool_)
    fitted = np.einsum("bs,rsx->brx", np.linalg.pinv(basis[kept]), piece.places[:, kept])
    apart = np.linalg.norm(np.diff(fitted[0], axis=0), axis=1) > SHORTEST_M
    first, after = int(not apart[0]), len(apart) + int(apart[-1])  # without rings that close a flat end
    middle, ahead, aside = fitted[:, first:after]
    return middle, ahead, aside


@cache
def _basis(sides: int, power: float) -> FloatArray:
    """What a ring's corners (sides, 3) are made of: its middle, and so much of each half axis."""
    angle = np.arange(sides) * 2 * np.pi / sides
    cosine, sine = np.cos(angle), np.sin(angle)
    ahead, aside = (np.sign(part) * np.abs(part) ** (2 / power) for part in (cosine, sine))
    return np.column_stack([np.ones(sides), ahead, aside])


def _cut(piece: Piece) -> tuple[FloatArray, float]:
    """The plane that ends a part: its direction (3,) and how far along it the plane lies."""
    if piece.name.endswith("foot_sole"):
        return np.array([0.0, -1.0, 0.0]), -float(piece.places[..., 1].min())
    if piece.name != "hair":
        return np.zeros(3), NOWHERE_M
    whole = np.einsum("sb,brx->rsx", _basis(piece.places.shape[1], 2.0), np.stack(_rings(piece)))
    taken = (whole - piece.places).reshape(-1, 3)
    most = np.linalg.norm(taken, axis=1).argmax()
    cut = taken[most] / np.linalg.norm(taken[most])
    return cut, float(piece.places.reshape(-1, 3)[most] @ cut)


def _ball(places: FloatArray) -> tuple[FloatArray, float]:
    """Middle (3,) and radius of a ball around a part."""
    corners = places.reshape(-1, 3)
    middle = (corners.min(axis=0) + corners.max(axis=0)) / 2
    return middle, float(np.linalg.norm(corners - middle, axis=1).max())
