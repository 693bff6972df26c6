"""Markers of a runner in a laboratory, and the joint centres that they tell.

Metres; x in running direction, y up, z to the runner's right, as the laboratory of the RBDS data set has them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from gait.errors import FileMissing, GaitError, MissingExtra
from gait.model import SIDES, FloatArray, Side
from gait.signals import fill_gaps

TEXT_MARKERS_HZ, TEXT_FORCE_HZ = 150.0, 300.0  # the data set's; its time column is rounded to a millisecond
MAX_GAP_S = 0.15  # a smooth curve over it is off by up to 1 cm; nearly all gaps are of one to five frames
TRUNK_M, SHOULDER_HALF_WIDTH_M = 0.50, 0.18
LETTERS: dict[Side, str] = {"left": "L", "right": "R"}
OUTWARD: dict[Side, float] = {"left": -1.0, "right": 1.0}
CLUSTERS: dict[str, tuple[str, ...]] = {
    segment: tuple(f"{segment}.{height}.{face}" for height in ("Top", "Bottom") for face in ("Lateral", "Medial"))
    for segment in ("Thigh", "Shank")
}
FOOT = ("Heel.Bottom", "Heel.Top", "Heel.Lateral", "MT1", "MT5")


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """Markers (n, 3) in metres by name, NaN where unseen, and the vertical force (m,) in newtons if recorded."""

    name: str
    markers: dict[str, FloatArray]
    markers_hz: float
    vertical_n: FloatArray | None = None
    force_hz: float = 0.0


def read_trial(folder: Path, name: str) -> Trial:
    """A trial of the data set: its text files, else its C3D file.

    Raises
    ------
    FileMissing
        The folder has neither.
    MissingExtra
        There is only the C3D file, and ezc3d isn't installed.
    """
    for text in (folder / f"{name}markers.txt", folder / f"{name}.txt"):
        if text.is_file():
            forces = folder / f"{name}forces.txt"
            vertical_n = _table(forces)["Fy"] if forces.is_file() else None
            return Trial(name, _markers(_table(text)), TEXT_MARKERS_HZ, vertical_n, TEXT_FORCE_HZ)
    if (folder / f"{name}.c3d").is_file():
        return _read_c3d(folder / f"{name}.c3d")
    raise FileMissing(f"{name} isn't in {folder}; name a folder that holds the RBDS files.")


def _table(path: Path) -> dict[str, FloatArray]:
    """A tab-separated table of numbers by column name."""
    with path.open(encoding="utf-8") as lines:
        names = [name.strip() for name in next(lines).split("\t")]
        rows = np.genfromtxt(lines, delimiter="\t")
    return {name: rows[:, i] for i, name in enumerate(names)}


def _markers(table: dict[str, FloatArray]) -> dict[str, FloatArray]:
    """Markers in metres from columns in millimetres; those that no frame shows are left out."""
    names = dict.fromkeys(column[:-1] for column in table if column != "Time")
    found = {name: np.column_stack([table[name + axis] for axis in "XYZ"]) / 1000 for name in names}
    return {name: xyz for name, xyz in found.items() if np.isfinite(xyz).any()}


def _read_c3d(path: Path) -> Trial:
    """A C3D file in millimetres with, if any, one force plate of channels in volts and their calibration matrix."""
    try:
        import ezc3d
    except ImportError:
        raise MissingExtra("C3D files need ezc3d: pip install 'rungait[validate]'.") from None
    file = ezc3d.c3d(str(path))
    points: FloatArray = file["data"]["points"][:3] / 1000
    points[:, (points == 0).all(axis=0)] = np.nan  # the files mark an unseen marker by the origin
    labels = file["parameters"]["POINT"]["LABELS"]["value"]
    markers = {label: np.ascontiguousarray(points[:, i].T) for i, label in enumerate(labels)}
    markers_hz = float(file["parameters"]["POINT"]["RATE"]["value"][0])
    force_hz = float(file["parameters"]["ANALOG"]["RATE"]["value"][0]) if "ANALOG" in file["parameters"] else 0.0
    return Trial(path.stem, markers, markers_hz, _vertical_n(file), force_hz)


def _vertical_n(file: Any) -> FloatArray | None:
    """Vertical force (m,) upwards on the runner: volts times the plate's calibration matrix; None without a plate."""
    parameters = file["parameters"]
    volts: FloatArray = file["data"]["analogs"][0]
    if not len(volts) or "FORCE_PLATFORM" not in parameters:
        return None
    matrix: FloatArray = parameters["FORCE_PLATFORM"]["CAL_MATRIX"]["value"][..., 0]
    vertical = matrix[2] @ volts[:6]
    return np.asarray(vertical * np.sign(vertical.mean()), dtype=np.float64)


def whole(trial: Trial, names: tuple[str, ...]) -> dict[str, FloatArray]:
    """The named markers with their short gaps filled; what is missing or has long gaps is left out."""
    result = {}
    for name in names:
        if name not in trial.markers:
            continue
        xyz = trial.markers[name]
        time_s = np.arange(len(xyz)) / trial.markers_hz
        # A gap at an end has nothing to lead to; the nearest place stands for it.
        xyz = np.column_stack([_ends_held(fill_gaps(column, time_s, max_gap_s=MAX_GAP_S)) for column in xyz.T])
        if np.isfinite(xyz).all():
            result[name] = xyz
    return result


def _ends_held(values: FloatArray) -> FloatArray:
    """Values (n,) whose first or last one is carried on over up to three missing frames at the ends."""
    known = np.flatnonzero(np.isfinite(values))
    if not len(known) or known[0] > 3 or known[-1] < len(values) - 4:
        return values
    result = values.copy()
    result[: known[0]], result[known[-1] :] = values[known[0]], values[known[-1]]
    return result


def joint_centres(run: Trial, static: Trial) -> dict[str, FloatArray]:
    """Hip, knee, ankle, heel, forefoot and shoulder (n, 3) of both sides.

    Hips by regression from the pelvis markers (Harrington et al. 2007, doi:10.1016/j.jbiomech.2006.02.003); knee and
    ankle are the middles of their markers in the static trial, carried by the clusters of thigh and shank (Soederkvist
    and Wedin 1993, doi:10.1016/0021-9290(93)90098-Y); heel and forefoot are the markers on the heel's lower part and on
    the first metatarsal head. The data set has no shoulders: they are put over the pelvis and hold no truth.

    Raises
    ------
    GaitError
        A marker that is needed is missing, or hidden for longer than 0.1 s.
    """
    moving, rest = (whole(trial, _needed()) for trial in (run, static))
    joints = _hips_and_shoulders(run, moving)
    for side, letter in LETTERS.items():
        for joint, marker, segment in (("knee", "Knee", "Thigh"), ("ankle", "Ankle", "Shank")):
            pair = _chosen(static, rest, f"{letter}.{marker}", f"{letter}.{marker}.Medial")
            centre = np.mean([xyz.mean(axis=0) for xyz in pair.values()], axis=0)
            cluster = [name for name in _cluster(run, moving, side, segment) if name in rest]
            at_rest = np.array([rest[name].mean(axis=0) for name in cluster])
            joints[f"{side}_{joint}"] = carried(centre, at_rest, np.stack([moving[name] for name in cluster], axis=1))
    return joints | _feet(run, moving)


def functional_joint_centres(run: Trial) -> dict[str, FloatArray]:
    """The same joints of a person without a static trial, for which knee and ankle are found from how they move.

    Each is the point that stays where it is in both neighbouring segments (SCoRE, Ehrig et al. 2006,
    doi:10.1016/j.jbiomech.2005.10.002). Along the axis about which a hinge bends nothing tells where it lies, so it is
    2 to 3 cm off sideways; in the plane of running within 1.5 cm of the static trial's centres where there is one.
    """
    moving = whole(run, _needed())
    joints = _hips_and_shoulders(run, moving)
    for side, letter in LETTERS.items():
        feet = [f"{letter}.{part}" for part in FOOT if f"{letter}.{part}" in moving]
        thigh, shank = (_cluster(run, moving, side, segment) for segment in CLUSTERS)
        for joint, upper, lower in (("knee", thigh, shank), ("ankle", shank, feet)):
            clusters = [np.stack([moving[name] for name in names], axis=1) for names in (upper, lower)]
            joints[f"{side}_{joint}"] = _common_point(*clusters)
    return joints | _feet(run, moving)


def _hips_and_shoulders(run: Trial, moving: dict[str, FloatArray]) -> dict[str, FloatArray]:
    """Hip centres from the pelvis' markers, and the shoulders that are put over it."""
    origin, axes, width, depth = pelvis(_chosen(run, moving, "L.ASIS", "R.ASIS", "L.PSIS", "R.PSIS"))
    joints: dict[str, FloatArray] = {}
    for side, out in OUTWARD.items():
        local = np.array([-0.24 * depth - 0.0099, -0.30 * width - 0.0109, out * (0.33 * width + 0.0073)])
        joints[f"{side}_hip"] = origin + np.einsum("nij,j->ni", axes, local)
        joints[f"{side}_shoulder"] = origin + np.array([0, TRUNK_M, out * SHOULDER_HALF_WIDTH_M])
    return joints


def _feet(run: Trial, moving: dict[str, FloatArray]) -> dict[str, FloatArray]:
    """Heels and forefeet, which are markers."""
    joints: dict[str, FloatArray] = {}
    for side, letter in LETTERS.items():
        heel, forefoot = _chosen(run, moving, f"{letter}.Heel.Bottom", f"{letter}.MT1").values()
        joints |= {f"{side}_heel": heel, f"{side}_foot_index": forefoot}
    return joints


def _cluster(run: Trial, moving: dict[str, FloatArray], side: Side, segment: str) -> list[str]:
    """Names of the markers of a segment that are seen throughout; at least three."""
    cluster = [name for part in CLUSTERS[segment] if (name := f"{LETTERS[side]}.{part}") in moving]
    if len(cluster) < 3:
        raise GaitError(f"{run.name}: fewer than three markers of the {side} {segment.lower()} are seen.")
    return cluster


def _needed() -> tuple[str, ...]:
    """Names of all markers that joint centres are made of."""
    parts: tuple[str, ...] = ("ASIS", "PSIS", "Knee", "Knee.Medial", "Ankle", "Ankle.Medial")
    parts += FOOT + CLUSTERS["Thigh"] + CLUSTERS["Shank"]
    return tuple(f"{LETTERS[side]}.{part}" for side in SIDES for part in parts)


def _chosen(trial: Trial, seen: dict[str, FloatArray], *names: str) -> dict[str, FloatArray]:
    """The named markers in their order."""
    for name in names:
        if name not in seen:
            raise GaitError(f"{trial.name}: the marker {name} is missing or hidden for longer than {MAX_GAP_S:g} s.")
    return {name: seen[name] for name in names}


def pelvis(markers: dict[str, FloatArray]) -> tuple[FloatArray, FloatArray, float, float]:
    """Origin (n, 3) between the ASIS, axes (n, 3, 3) as columns (forward, up, right), width and depth in metres."""
    left, right = markers["L.ASIS"], markers["R.ASIS"]
    back = (markers["L.PSIS"] + markers["R.PSIS"]) / 2
    origin = (left + right) / 2
    to_right = _unit(right - left)
    up = _unit(np.cross(to_right, origin - back))
    forward = np.cross(up, to_right)
    width = float(np.median(np.linalg.norm(right - left, axis=1)))
    depth = float(np.median(np.linalg.norm(origin - back, axis=1)))
    return origin, np.stack([forward, up, to_right], axis=2), width, depth


def _unit(vectors: FloatArray) -> FloatArray:
    """Vectors (n, 3) of length one."""
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float64)


def carried(point: FloatArray, rest: FloatArray, moving: FloatArray) -> FloatArray:
    """A point (3,) fixed to a cluster at rest (m, 3), where the moving cluster (n, m, 3) carries it."""
    rotation, middle = _pose(rest, moving)
    return np.asarray(middle + rotation @ (point - rest.mean(axis=0)), dtype=np.float64)


def _pose(rest: FloatArray, moving: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Rotation (n, 3, 3) from a cluster at rest (m, 3) to the moving one (n, m, 3), and the latter's middle (n, 3)."""
    middle = moving.mean(axis=1, keepdims=True)
    covariance = np.einsum("mi,nmj->nij", rest - rest.mean(axis=0), moving - middle)
    u, _, vt = np.linalg.svd(covariance)
    flip = np.ones((len(moving), 3))
    flip[:, 2] = np.linalg.det(np.einsum("nij,njk->nik", u, vt))
    return np.einsum("nij,nj,njk->nki", u, flip, vt), middle[:, 0]


def _common_point(first: FloatArray, second: FloatArray) -> FloatArray:
    """The point (n, 3) that is best at rest in two moving clusters (n, m, 3), half-way between where both have it."""
    (turn_1, middle_1), (turn_2, middle_2) = (_pose(cluster[0], cluster) for cluster in (first, second))
    equations = np.concatenate([turn_1, -turn_2], axis=2).reshape(-1, 6)
    place = np.linalg.lstsq(equations, (middle_2 - middle_1).ravel(), rcond=None)[0]
    return np.asarray((middle_1 + turn_1 @ place[:3] + middle_2 + turn_2 @ place[3:]) / 2, dtype=np.float64)
