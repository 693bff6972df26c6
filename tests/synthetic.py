"""A runner made of a few smooth curves, filmed as keypoints: for arithmetic, never for choosing a threshold.

One stride is built on a dense grid of phases from smooth periodic curves and cut off after ten harmonics, so that the
program's folding (twelve) can represent it exactly. By construction

- phase 0 of a leg is where its foot's backward speed passes 0.62 of the belt's, the side view's rule for contact;
- the pelvis is a pure double bounce whose fastest fall comes `FALL_AFTER_CONTACT_S` later, the frontal view's rule;
- toe-off is where the forefoot's velocity is a quarter of the belt's speed off it, found on the same curves.

Whether such rules find what a force plate sees is tested on force-plate runners, not here.
Body coordinates are metres: x forward, y up from the floor, z to the runner's right.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gait.model import SIDES, Skeleton, Track, Video

Array = NDArray[np.float64]

N_GRID, N_HARMONICS = 4800, 10
FALL_AFTER_CONTACT_S = 0.033
THIGH_M, SHANK_M, ANKLE_HEIGHT_M, TRUNK_M = 0.44, 0.44, 0.08, 0.50
HIP_HALF_M, SHOULDER_HALF_M = 0.09, 0.18
JOINTS = ("shoulder", "hip", "knee", "ankle", "heel", "foot_index")
SKELETON = Skeleton(
    names=tuple(f"{side}_{joint}" for joint in JOINTS for side in SIDES),
    edges=tuple((f"{side}_{a}", f"{side}_{b}") for side in SIDES for a, b in itertools.pairwise(JOINTS)),
    pairs=tuple((f"left_{joint}", f"right_{joint}") for joint in JOINTS),
)


@dataclass(frozen=True)
class Runner:
    """How somebody runs; each `..._change` is added little by little from the first to the last second.

    `duty` shapes the stance (the exact toe-off is in `toe_off_phase`), `lift_m` is the ankle's travel, `knee_medial_m`
    how far the stance knee lies towards the midline of the line from hip to ankle, `drop_deg` how far the other hip is
    lower and `side_lean_deg` how far the trunk leans over the leg at the lowest pelvis, `late_right` by how much of a
    stride the right leg comes later than half a stride after the left one.
    """

    cadence_spm: float = 165.0
    cadence_change_spm: float = 0.0
    stride_cv: float = 0.0
    duty: float = 0.36
    belt_mps: float = 2.8
    lift_m: float = 0.30
    bounce_m: float = 0.04
    lean_deg: float = 6.0
    lean_change_deg: float = 0.0
    knee_medial_m: float = 0.02
    knee_medial_change_m: float = 0.0
    step_width_m: float = 0.09
    drop_deg: float = 0.0
    side_lean_deg: float = 0.0
    late_right: float = 0.0
    first_contact_s: float = 0.13
    duration_s: float = 10.0
    seed: int = 0

    @property
    def stride_s(self) -> float:
        """Mean stride time at the start."""
        return 120 / self.cadence_spm

    def left_contacts_s(self) -> Array:
        """Left initial contacts from before the first to after the last second."""
        rng = np.random.default_rng(self.seed)
        times = [self.first_contact_s - 2 * self.stride_s]
        while times[-1] < self.duration_s + 2 * self.stride_s:
            share = float(np.clip(times[-1] / self.duration_s, 0, 1))
            stride_s = 120 / (self.cadence_spm + self.cadence_change_spm * share)
            times.append(times[-1] + stride_s * (1 + self.stride_cv * rng.standard_normal()))
        return np.array(times)

    def phase(self, time_s: Array, side: str = "left") -> Array:
        """Strides of a leg since its first contact; whole numbers are initial contacts."""
        contacts = self.left_contacts_s()
        late = 0.0 if side == "left" else 0.5 + self.late_right
        return np.interp(time_s, contacts, np.arange(len(contacts)) - 2.0) - late

    def event_s(self, side: str, kind: str) -> Array:
        """True times of one kind of event within the clip."""
        fine = np.arange(0, self.duration_s, 1e-4)
        shift = self.toe_off_phase if kind == "toe_off" else 0.0
        phase = self.phase(fine, side) - shift
        whole = np.arange(np.ceil(phase[0]), np.floor(phase[-1]) + 1)
        return np.interp(whole, phase, fine)

    @property
    def toe_off_phase(self) -> float:
        """Phase at which the forefoot leaves the ground."""
        _, toe, belt = self._foot()
        forward, upward = (np.gradient(toe[:, axis], 1 / N_GRID) / belt for axis in range(2))
        start = int(0.15 * N_GRID)
        off_belt = np.hypot(forward + 1, upward)[start:]
        swinging = int(np.flatnonzero(off_belt >= 1)[0])
        return float((np.flatnonzero(off_belt[:swinging] < 0.25)[-1] + 0.5 + start) / N_GRID)

    def _foot(self) -> tuple[Array, Array, float]:
        """Heel and forefoot (g, 2) relative to the place under the pelvis, and the belt's speed in metres a stride."""
        grid = np.arange(N_GRID) / N_GRID
        belt = self.belt_mps * self.stride_s

        def on_ground(lag: float) -> Array:
            far = np.cos(2 * np.pi * (grid - lag - self.duty / 2)) - np.cos(np.pi * self.duty)
            return 1 / (1 + np.exp(-far / 0.12))

        stance = on_ground(0.0)
        backward = belt * (stance - stance.mean()) / (1 - stance.mean())
        ahead = _cut_off(-np.cumsum(backward - backward.mean()) / N_GRID)
        heel = np.column_stack([ahead, _cut_off(self.lift_m * (1 - stance) ** 2)])
        toe = np.column_stack([ahead, _cut_off(self.lift_m * (1 - on_ground(0.04)) ** 2)])
        speed = -np.gradient(ahead, 1 / N_GRID)
        plateau = float(np.median(speed[heel[:, 1] <= np.percentile(heel[:, 1], 25)]))
        foremost = int(ahead.argmax())
        after = np.roll(speed, -foremost)
        contact = (foremost + int(np.flatnonzero(after >= 0.62 * plateau)[0])) % N_GRID
        middle = ahead[(contact + int(0.5 * self.duty * N_GRID)) % N_GRID]
        heel, toe = (np.roll(curve, -contact, axis=0) for curve in (heel, toe))
        # The foot is under the hip a little before the middle of stance, as in runners.
        return heel - [middle + 0.09, 0], toe - [middle - 0.09, 0], plateau

    def joints(self, time_s: Array) -> dict[str, Array]:
        """Every joint (n, 3) in metres over a standing treadmill."""
        heel, toe, _ = self._foot()
        share = np.clip(time_s / self.duration_s, 0, 1)
        lowest = FALL_AFTER_CONTACT_S / self.stride_s + 1 / 8
        height = 0.86 - self.bounce_m * np.cos(4 * np.pi * (self.phase(time_s) - lowest)) / 2
        lean = np.radians(self.lean_deg + self.lean_change_deg * share)
        medial = self.knee_medial_m + self.knee_medial_change_m * share
        over_left = np.cos(
            2 * np.pi * (self.phase(time_s) - lowest)
        )  # 1 at the left leg's lowest pelvis, -1 at the right's
        raised = HIP_HALF_M * np.tan(np.radians(self.drop_deg)) * over_left
        aside = -TRUNK_M * np.tan(np.radians(self.side_lean_deg)) * over_left
        points = {}
        for side, sign in (("left", -1.0), ("right", 1.0)):
            phase = self.phase(time_s, side)
            across = np.full_like(time_s, sign)
            foot = [_at(curve, phase) for curve in (heel, toe)]
            hip = np.column_stack([0 * across, height - sign * raised, HIP_HALF_M * across])
            z_foot = self.step_width_m / 2 * across
            ankle = np.column_stack([foot[0][:, 0] + 0.04, foot[0][:, 1] + ANKLE_HEIGHT_M, z_foot])
            middle_z = (hip[:, 2] + ankle[:, 2]) / 2 - sign * medial
            shoulder = [TRUNK_M * np.sin(lean), height + TRUNK_M * np.cos(lean), SHOULDER_HALF_M * across + aside]
            points[f"{side}_shoulder"] = np.column_stack(shoulder)
            points[f"{side}_hip"] = hip
            points[f"{side}_knee"] = np.column_stack([_knee(hip[:, :2], ankle[:, :2]), middle_z])
            points[f"{side}_ankle"] = ankle
            points[f"{side}_heel"] = np.column_stack([foot[0], z_foot])
            points[f"{side}_foot_index"] = np.column_stack([foot[1], z_foot])
        return points

    def film(
        self,
        view: str,
        *,
        fps: float = 30.0,
        noise_px: float = 0.0,
        px_per_m: float = 400.0,
        roll_deg: float = 0.0,
        capture_speed: float = 1.0,
        noise_seed: int = 0,
    ) -> Track:
        """Keypoints of a far camera that films at `fps`; the file plays at `capture_speed` of the real speed."""
        time_s = np.arange(0, self.duration_s, 1 / fps)
        points = self.joints(time_s)
        axis, mirror = {"right": (0, 1), "left": (0, -1), "rear": (2, 1), "front": (2, -1)}[view]
        flat = np.stack([points[name][:, [axis, 1]] * [mirror, -1] for name in SKELETON.names], axis=1) * px_per_m
        turn = np.radians(roll_deg)
        rolled = flat @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
        size = round(2.4 * px_per_m)
        noise = np.random.default_rng(noise_seed).normal(0, noise_px, rolled.shape)
        xy = rolled + noise + np.array([size / 2, 0.85 * size])
        return make_track(xy, time_s / capture_speed, fps=fps * capture_speed, size=(size, size), name=f"{view}.mp4")


def make_track(
    xy: NDArray[np.float64],
    file_time_s: Array,
    *,
    fps: float,
    size: tuple[int, int] = (960, 960),
    name: str = "runner.mp4",
    skeleton: Skeleton = SKELETON,
) -> Track:
    """Any coordinates as a track in which the model was sure of every point."""
    rate = Fraction(fps).limit_denominator(1001)
    video = Video(Path(name), size[0], size[1], len(file_time_s), rate, file_time_s)
    return Track(xy, np.ones(xy.shape[:2]), skeleton, video)


def mirrored(track: Track) -> Track:
    """The picture mirrored, every keypoint named by the side that it then shows."""
    other = {name: twin for left, right in track.skeleton.pairs for name, twin in ((left, right), (right, left))}
    xy = np.array(track.xy)[:, [track.skeleton.index(other.get(name, name)) for name in track.skeleton.names]]
    xy[..., 0] = track.video.width_px - xy[..., 0]
    return track.with_xy(xy)


def _cut_off(curve: Array) -> Array:
    """A periodic curve without harmonics above `N_HARMONICS`."""
    spectrum = np.fft.rfft(curve)
    spectrum[N_HARMONICS + 1 :] = 0
    return np.fft.irfft(spectrum, len(curve))


def _at(curve: Array, phase: Array) -> Array:
    """A curve (g, 2) over one stride at any phases."""
    grid = np.arange(len(curve)) / len(curve)
    return np.column_stack([np.interp(phase % 1, grid, column, period=1) for column in curve.T])


def _knee(hip: Array, ankle: Array) -> Array:
    """The knee (n, 2), bent forward, from two bones and their ends."""
    span = ankle - hip
    reach = np.minimum(np.hypot(span[:, 0], span[:, 1]), 0.999 * (THIGH_M + SHANK_M))
    along = (reach**2 + THIGH_M**2 - SHANK_M**2) / (2 * reach)
    out = np.sqrt(THIGH_M**2 - along**2)
    unit = span / np.hypot(span[:, 0], span[:, 1])[:, None]
    forward = np.column_stack([-unit[:, 1], unit[:, 0]])
    return hip + along[:, None] * unit + out[:, None] * forward
