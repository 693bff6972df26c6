"""Runners on an instrumented treadmill as keypoints with force-plate truth.

Markers and forces of the RBDS data set (Fukuchi, Fukuchi, Duarte 2017, doi:10.7717/peerj.3298), read from a local
folder. The markers become joint centres and are projected into a virtual camera, sampled at any frame rate and noised:
the keypoints that a perfect pose model would give, and such as a real one gives.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Literal

import numpy as np

from gait.errors import VideoError
from gait.model import SIDES, FloatArray, Side, Skeleton, Track, Video

FORCE_HZ = 300.0
MARKERS_HZ = 150.0
CONTACT_N = 50.0
LEG = ("hip", "knee", "ankle", "heel", "foot_index")
JOINTS = ("shoulder", *LEG)
SKELETON = Skeleton(
    names=tuple(f"{side}_{joint}" for joint in JOINTS for side in SIDES),
    edges=tuple((f"{side}_{a}", f"{side}_{b}") for side in SIDES for a, b in itertools.pairwise(LEG)),
    pairs=tuple((f"left_{joint}", f"right_{joint}") for joint in JOINTS),
)
TRUNK_M, SHOULDER_HALF_WIDTH_M = 0.50, 0.18  # the data set has no shoulders: these are put over the pelvis


@dataclass(frozen=True, slots=True, eq=False)
class ForcePlateRun:
    """Joint centres of one run in metres (x forward, y up, z to the right) and its events from the force plate."""

    time_s: FloatArray
    joints: dict[str, FloatArray]
    contact_s: dict[Side, FloatArray]
    toe_off_s: dict[Side, FloatArray]
    belt_speed_mps: float


def load_run(
    folder: Path, run: str = "RBDS001runT25", static: str = "RBDS001static", speed: float = 2.5
) -> ForcePlateRun:
    """One run of the data set with its static trial, from a folder that holds both as text files."""
    markers = _markers(folder / f"{run}markers.txt")
    joints = joint_centres(markers, _markers(folder / f"{static}.txt"))
    time_s = np.arange(len(joints["left_hip"])) / MARKERS_HZ
    contact, toe_off = force_events(_table(folder / f"{run}forces.txt")["Fy"])
    middle = (contact + toe_off) / 2
    heels = {side: np.interp(middle, time_s, joints[f"{side}_heel"][:, 1]) for side in SIDES}
    left = heels["left"] < heels["right"]
    return ForcePlateRun(
        time_s=time_s,
        joints=joints,
        contact_s={"left": contact[left], "right": contact[~left]},
        toe_off_s={"left": toe_off[left], "right": toe_off[~left]},
        belt_speed_mps=speed,
    )


def _table(path: Path) -> dict[str, FloatArray]:
    """A tab-separated table of numbers by column name."""
    if not path.is_file():
        raise VideoError(f"{path} is missing; name a folder that holds the RBDS text files.")
    with path.open(encoding="utf-8") as lines:
        names = [name.strip() for name in next(lines).split("\t")]
        rows = np.genfromtxt(lines, delimiter="\t")
    return {name: rows[:, i] for i, name in enumerate(names)}


def _markers(path: Path) -> dict[str, FloatArray]:
    """Markers (n, 3) in metres by name, gaps filled linearly."""
    table = _table(path)
    frames = np.arange(len(table["Time"]))
    result = {}
    for name in {column[:-1] for column in table if column[-1] in "XYZ"}:
        xyz = np.column_stack([table[name + axis] for axis in "XYZ"]) / 1000
        known = np.isfinite(xyz).all(axis=1)
        if known.sum() > 1:
            result[name] = np.column_stack([np.interp(frames, frames[known], column[known]) for column in xyz.T])
    return result


def force_events(vertical_n: FloatArray, *, threshold_n: float = CONTACT_N) -> tuple[FloatArray, FloatArray]:
    """Initial contacts and toe-offs in seconds from the vertical force, low-passed at 40 Hz."""
    from scipy.signal import butter, sosfiltfilt

    loaded = sosfiltfilt(butter(2, 40, fs=FORCE_HZ, output="sos"), vertical_n) > threshold_n
    change = np.flatnonzero(np.diff(loaded.astype(np.int8))) + 1
    on, off = change[loaded[change]] / FORCE_HZ, change[~loaded[change]] / FORCE_HZ
    off = off[off > on[0]]
    pairs = np.array([(a, b) for a, b in zip(on, off, strict=False) if 0.12 < b - a < 0.5])
    return pairs[:, 0], pairs[:, 1]


def joint_centres(run: dict[str, FloatArray], static: dict[str, FloatArray]) -> dict[str, FloatArray]:
    """Hip, knee, ankle, heel, forefoot and shoulder (n, 3) of both sides in metres.

    Hips by regression from the pelvis markers (Harrington et al. 2007, doi:10.1016/j.jbiomech.2006.02.003); knee and
    ankle are the middles of their markers in the static trial, carried by the clusters of thigh and shank.
    """
    joints: dict[str, FloatArray] = {}
    origin, axes, width, depth = _pelvis(run)
    for side, letter, sign in (("left", "L", -1.0), ("right", "R", 1.0)):
        local = np.array([-0.24 * depth - 0.0099, -0.30 * width - 0.0109, sign * (0.33 * width + 0.0073)])
        joints[f"{side}_hip"] = origin + np.einsum("nij,j->ni", axes, local)
        for joint, marker, segment in (("knee", "Knee", "Thigh"), ("ankle", "Ankle", "Shank")):
            cluster = [f"{letter}.{segment}.{h}.{s}" for h in ("Top", "Bottom") for s in ("Lateral", "Medial")]
            cluster = [name for name in cluster if name in run and name in static]
            centre = (static[f"{letter}.{marker}"] + static[f"{letter}.{marker}.Medial"]).mean(axis=0) / 2
            rest = np.array([static[name].mean(axis=0) for name in cluster])
            joints[f"{side}_{joint}"] = _carried(centre, rest, np.stack([run[name] for name in cluster], axis=1))
        joints[f"{side}_heel"] = run[f"{letter}.Heel.Bottom"]
        joints[f"{side}_foot_index"] = run[f"{letter}.MT1"]
        joints[f"{side}_shoulder"] = origin + np.array([0, TRUNK_M, sign * SHOULDER_HALF_WIDTH_M])
    return joints


def _pelvis(markers: dict[str, FloatArray]) -> tuple[FloatArray, FloatArray, float, float]:
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


def _carried(point: FloatArray, rest: FloatArray, moving: FloatArray) -> FloatArray:
    """A point (3,) fixed to a cluster at rest (m, 3), where the moving cluster (n, m, 3) carries it (Kabsch)."""
    middle = moving.mean(axis=1, keepdims=True)
    covariance = np.einsum("mi,nmj->nij", rest - rest.mean(axis=0), moving - middle)
    u, _, vt = np.linalg.svd(covariance)
    flip = np.ones((len(moving), 3))
    flip[:, 2] = np.linalg.det(np.einsum("nij,njk->nik", u, vt))
    rotation = np.einsum("nij,nj,njk->nki", u, flip, vt)
    turned = rotation @ (point - rest.mean(axis=0))
    return np.asarray(middle[:, 0] + turned, dtype=np.float64)


def camera_track(
    run: ForcePlateRun,
    *,
    view: Literal["left", "right", "rear", "front"],
    fps: float,
    noise_m: float = 0.0,
    seed: int = 0,
    duration_s: float | None = None,
    distance_m: float = 4.0,
    height_px: int = 1080,
) -> Track:
    """The run as keypoints of a camera at hip height, `distance_m` away; white noise of `noise_m` per coordinate.

    The first frame falls at a random fraction of a frame after the run's start, its time stamp kept, so events stay
    comparable with the force plate's.
    """
    rng = np.random.default_rng(seed)
    time_s = np.arange(rng.uniform(0, 1 / fps), min(duration_s or np.inf, run.time_s[-1]), 1 / fps)
    centre = np.mean([run.joints[f"{side}_hip"].mean(axis=0) for side in SIDES], axis=0)
    focal_px = 0.45 * height_px * distance_m  # some 2.2 m fill the picture's height
    ahead, across = {"right": (0, 2), "left": (0, 2), "rear": (2, 0), "front": (2, 0)}[view]
    mirror = -1.0 if view in ("left", "front") else 1.0
    towards = -1.0 if view in ("right", "front") else 1.0
    xy = np.empty((len(time_s), len(SKELETON.names), 2))
    for k, name in enumerate(SKELETON.names):
        points = np.column_stack([np.interp(time_s, run.time_s, column) for column in run.joints[name].T]) - centre
        points += rng.normal(0, noise_m, points.shape) if noise_m else 0
        scale = focal_px / (distance_m + towards * points[:, across])
        xy[:, k] = np.column_stack([mirror * points[:, ahead], -points[:, 1]]) * scale[:, None] + height_px / 2
    rate = Fraction(fps).limit_denominator(1001)
    video = Video(Path(f"{view}_{fps:g}fps"), height_px, height_px, len(time_s), rate, time_s)
    return Track(xy, np.ones(xy.shape[:2]), SKELETON, video)  # type: ignore[arg-type]
