"""The runner as the keypoints of a clip, with the truth about them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gait.errors import ConfigError
from gait.model import SIDES, FloatArray, Side, Track, Video
from gait.pose.mediapipe import SKELETON
from gait.simulate.bursts import Mask
from gait.simulate.camera import Camera
from gait.simulate.keypoint_noise import KeypointNoise, Noisy, Places, Seen, Streams
from gait.simulate.sampling import Sampling
from gait.simulate.source import Moving

_CHUNK_FRAMES = 8192  # so many are computed at a time, which bounds the memory
_FRONTAL_SINE = 0.5  # within 30 degrees of front or rear, no leg is the far one


@dataclass(frozen=True, slots=True, eq=False)
class Filmed:
    """A clip's keypoints and the truth about them.

    `track` is what a pose model would give, in its skeleton; `time_s` (n,) are the real seconds of its frames, the file
    time times `capture_speed`. `true_xy` (n, k, 2) are the exact places, NaN where the source has no such joint;
    `swapped` and `invented` (n,) the frames with legs exchanged and with a made-up far leg, `jumped` and `dropped`
    (n, k) the points put elsewhere and taken away. `leg_length_px` (n,) is hip to floor at the runner's distance.
    """

    track: Track
    time_s: FloatArray
    true_xy: Places
    swapped: Mask
    invented: Mask
    jumped: Mask
    dropped: Mask
    leg_length_px: FloatArray


def film(
    moving: Moving,
    camera: Camera,
    sampling: Sampling | None = None,
    noise: KeypointNoise | None = None,
    *,
    duration_s: float | None = None,
    start_s: float = 0.0,
    seed: int = 0,
) -> Filmed:
    """Film a runner.

    Parameters
    ----------
    moving
        The runner.
    camera
        Where it stands and what it sees.
    sampling
        Frame rate and time stamps; None is 30 fps.
    noise
        The pose model's errors; None is none.
    duration_s
        How much is filmed, in real seconds; None is all from `start_s` on.
    start_s
        Real time at which the clip begins; its time stamps begin there too, so that they compare with the runner's.
    seed
        The same seed gives the same clip. Every kind of error has a random stream of its own: switching one on leaves
        the others as they were.

    Raises
    ------
    ConfigError
        The runner can't be filmed for so long.
    """
    sampling, noise = sampling or Sampling(), noise or KeypointNoise()
    end_s = moving.duration_s if duration_s is None else start_s + duration_s
    if not 0 <= start_s < end_s <= moving.duration_s + 1e-9:
        raise ConfigError(f"A run of {moving.duration_s:g} s can't be filmed from {start_s:g} to {end_s:g} s.")
    streams = _streams(seed)
    file_time_s = sampling.file_time_s(start_s, end_s, streams("sampling"))
    time_s = file_time_s * sampling.capture_speed
    true_xy, seen = _look(moving, camera, noise, time_s)
    noisy = noise.applied(seen, streams)
    video = Video(
        path=Path(f"yaw{camera.yaw_deg:g}_{sampling.fps:g}fps.mp4"),
        width_px=camera.width_px,
        height_px=camera.height_px,
        n_frames=len(time_s),
        fps=sampling.mean_fps(file_time_s),
        file_time_s=file_time_s,
    )
    return _filmed(seen, noisy, true_xy, video)


def _streams(seed: int) -> Streams:
    """Random generators by purpose."""
    return lambda purpose: np.random.default_rng(np.random.SeedSequence(seed, spawn_key=tuple(purpose.encode())))


def _look(moving: Moving, camera: Camera, noise: KeypointNoise, time_s: FloatArray) -> tuple[Places, Seen]:
    """The joints' true places (n, k, 2) in the picture, and with their bias what there is to see."""
    leg_length_m = _leg_length_m(moving, time_s)
    names = tuple(name for name in SKELETON.names if name in moving.joints_at(time_s[:1]))
    offset_m = leg_length_m * np.array([noise.bias_of(name) for name in names])
    true_xy = np.empty((len(time_s), len(names), 2), dtype=np.float32)
    biased_xy = np.empty_like(true_xy) if offset_m.any() else true_xy
    leg_length_px, behind_m = np.empty(len(time_s)), []
    for start in range(0, len(time_s), _CHUNK_FRAMES):
        chunk = slice(start, start + _CHUNK_FRAMES)
        joints = moving.joints_at(time_s[chunk])
        places = np.stack([joints[name] for name in names], axis=1)
        true_xy[chunk] = camera.project(places, time_s[chunk])
        if biased_xy is not true_xy:
            biased_xy[chunk] = camera.project(places + offset_m, time_s[chunk])
        left_m, right_m = (camera.depth_m(joints[f"{side}_hip"]) for side in SIDES)
        leg_length_px[chunk] = camera.focal_px_at(time_s[chunk]) * leg_length_m / ((left_m + right_m) / 2)
        width_m = np.linalg.norm(joints["left_hip"] - joints["right_hip"], axis=1)
        behind_m.append(float(np.mean((left_m - right_m) / width_m)))
    left_behind = float(np.mean(behind_m))
    far_side: Side | None = None if abs(left_behind) < _FRONTAL_SINE else "left" if left_behind > 0 else "right"
    return true_xy, Seen(biased_xy, names, time_s, leg_length_px, far_side, moving.contact_s)


def _leg_length_m(moving: Moving, time_s: FloatArray) -> float:
    """Hip to floor of the straight leg: thigh, shank and the lowest place of the ankle, mean of both legs."""
    joints = moving.joints_at(time_s[:2000])
    lengths = []
    for side in SIDES:
        hip, knee, ankle = (joints[f"{side}_{joint}"] for joint in ("hip", "knee", "ankle"))
        bones = np.linalg.norm(hip - knee, axis=1) + np.linalg.norm(knee - ankle, axis=1)
        lengths.append(float(np.nanmedian(bones) + np.nanmin(ankle[:, 1])))
    return float(np.mean(lengths))


def _filmed(seen: Seen, noisy: Noisy, true_xy: Places, video: Video) -> Filmed:
    """All of it in the pose model's skeleton."""
    shape = (video.n_frames, len(SKELETON.names))
    columns = [SKELETON.index(name) for name in seen.names]
    true, xy = (np.full((*shape, 2), np.nan, dtype=np.float32) for _ in range(2))
    confidence = np.zeros(shape, dtype=np.float32)
    jumped, dropped = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
    for whole, part in ((true, true_xy), (xy, noisy.xy), (confidence, noisy.confidence)):
        whole[:, columns] = part
    jumped[:, columns], dropped[:, columns] = noisy.jumped, noisy.dropped
    return Filmed(
        track=Track(xy, confidence, SKELETON, video),
        time_s=seen.time_s,
        true_xy=true,
        swapped=noisy.swapped,
        invented=noisy.invented,
        jumped=jumped,
        dropped=dropped,
        leg_length_px=seen.leg_length_px,
    )
