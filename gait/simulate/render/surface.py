"""The surface of a runner: rounded parts that move with the bones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from gait.model import SIDES, FloatArray
from gait.simulate.body import Body
from gait.simulate.figure import Figure
from gait.simulate.render.appearance import Appearance, Colour
from gait.simulate.render.surface_parts import Part, parts_of
from gait.simulate.render.tubes import eased_out
from gait.simulate.stance import SINK_M

# The sole is as much thicker where it isn't loaded as it gives at landing; with the toes further down than a foot
# lands it is thin already, lest it be on the belt after toe-off.
THIN_DEG, THICK_DEG = -30.0, -10.0
Frames = Mapping[str, tuple[FloatArray, FloatArray]]


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """A part of the surface at one time: a grid of corners around the part and along it.

    `places` and `normals` (rings, sides, 3) in metres of the world; the sides close to a ring. `is_open`: one may look
    into an end, as into a sleeve. A piece hides what pokes through it by less than `raised_m`.
    """

    name: str
    colour: Colour
    places: FloatArray
    normals: FloatArray
    is_open: bool
    blocking: tuple[int, ...]
    raised_m: float

    def spheres(self) -> tuple[FloatArray, FloatArray]:
        """Middles (k, 3) and radii (k,) of spheres that fill the part, to take light away from others."""
        rings = self.places[list(self.blocking)]
        middle = rings.mean(axis=1)
        reach = np.linalg.norm(rings - middle[:, None], axis=2)
        return middle, np.sqrt(reach.min(axis=1) * reach.max(axis=1))


def surface(figure: Figure, body: Body, appearance: Appearance, offset_m: FloatArray | None = None) -> list[Piece]:
    """The runner's surface.

    Parameters
    ----------
    figure
        The body at one time (arrays of one row).
    offset_m
        Where the runner is moved to (3,).

    Examples
    --------
    >>> from gait.simulate import simulate_run
    >>> run = simulate_run(duration_s=2)
    >>> pieces = surface(run.figure_at(np.array([1.0])), run.runner.body, Appearance())
    >>> sorted({piece.name for piece in pieces if "foot" in piece.name})
    ['left_foot_shoe', 'left_foot_sole', 'right_foot_shoe', 'right_foot_sole']
    """
    moved = np.zeros(3) if offset_m is None else np.asarray(offset_m, dtype=np.float64)
    frames = bone_frames(figure)
    placed = (_placed(part, frames) for part in _parts(body, appearance))
    return [_moved(_cushioned(piece, frames) if piece.name.endswith("sole") else piece, moved) for piece in placed]


@lru_cache(maxsize=16)
def _parts(body: Body, appearance: Appearance) -> Sequence[Part]:
    """The parts at rest, which are the same at all times."""
    return parts_of(body, appearance)


def bone_frames(figure: Figure) -> Frames:
    """Origin (3,) and rotation (3, 3; forward, upward, rightward columns) of each bone of a figure of one time."""
    points = {name: place[0] for name, place in figure.points.items()}
    turns = {name: turn[0] for name, turn in figure.turns.items()}
    frames = {
        "pelvis": (points["mid_hip"], turns["pelvis"]),
        "lumbar": (points["mid_hip"], turns["lumbar"]),
        "thorax": (points["chest"], turns["thorax"]),
        "head": (points["head"], turns["head"]),
    }
    for side in SIDES:
        hip, knee, ankle = (points[f"{side}_{joint}"] for joint in ("hip", "knee", "ankle"))
        axis = turns[f"{side}_leg"][:, 2]
        frames |= {
            f"{side}_thigh": (hip, _turned_along(hip - knee, axis)),
            f"{side}_shank": (knee, _turned_along(knee - ankle, axis)),
            f"{side}_foot": (ankle, turns[f"{side}_foot"]),
            f"{side}_upper_arm": (points[f"{side}_shoulder"], turns[f"{side}_upper_arm"]),
            f"{side}_forearm": (points[f"{side}_elbow"], turns[f"{side}_forearm"]),
        }
    return frames


def _turned_along(up: FloatArray, right: FloatArray) -> FloatArray:
    """The rotation whose upward direction is `up` and whose rightward one is nearest to `right`."""
    up = up / np.linalg.norm(up)
    forward = np.cross(up, right)
    forward = forward / np.linalg.norm(forward)
    return np.column_stack([forward, up, np.cross(forward, up)])


def _placed(part: Part, frames: Frames) -> Piece:
    """A part where its bones are."""
    places, normals = _hinged(part, frames) if part.is_hinged else _blended(part, frames)
    normals /= np.linalg.norm(normals, axis=2, keepdims=True)
    return Piece(part.name, part.colour, places, normals, part.is_open, part.blocking, part.raised_m)


def _blended(part: Part, frames: Frames) -> tuple[FloatArray, FloatArray]:
    """Places and normals as means of where each bone would carry them (linear blend skinning), for small bends."""
    places, normals = np.zeros_like(part.places), np.zeros_like(part.places)
    for bone, rest_m, weight in part.bones:
        origin, turn = frames[bone]
        places += weight[:, None, None] * ((part.places - rest_m) @ turn.T + origin)
        normals += weight[:, None, None] * (part.normals @ turn.T)
    return places, normals


def _hinged(part: Part, frames: Frames) -> tuple[FloatArray, FloatArray]:
    """Places and normals of a limb whose rings turn one after another about the joint, which keeps it round there."""
    from scipy.spatial.transform import Rotation

    (upper, _, _), (lower, joint_m, share) = part.bones
    turn, (joint, lower_turn) = frames[upper][1], frames[lower]
    bend = Rotation.from_matrix(turn.T @ lower_turn).as_rotvec()
    turns = turn @ Rotation.from_rotvec(share[:, None] * bend).as_matrix()
    carried = turns.transpose(0, 2, 1)
    return joint + (part.places - joint_m) @ carried, part.normals @ carried


def _cushioned(sole: Piece, frames: Frames) -> Piece:
    """A sole as thick as it is unloaded, and pressed flat where the ground is."""
    turn = frames[sole.name.removesuffix("_sole")][1]
    pitch_deg = np.degrees(np.arcsin(turn[1, 0]))
    extra_m = SINK_M * eased_out(pitch_deg, THIN_DEG, THICK_DEG)
    is_under = sole.normals @ turn[:, 1] < 0
    places = sole.places - extra_m * is_under[..., None] * turn[:, 1]
    places[..., 1] = np.maximum(places[..., 1], 0)
    return replace(sole, places=places)


def _moved(piece: Piece, by_m: FloatArray) -> Piece:
    """The piece elsewhere."""
    return replace(piece, places=piece.places + by_m)
