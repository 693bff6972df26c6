"""What a camera sees that slowly zooms, rolls or goes out of focus."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gait.model import Track

ZOOM, ROLL_DEG, CONFIDENCE, BLUR_LEG_LENGTHS = 0.04, 2.0, 0.12, 0.01
CREEPS = ("still", "zooms by 4 %", "rolls by 2°", "loses focus")


def creeping(track: Track, camera: str, seed: int) -> Track:
    """The track as such a camera would have given it, from the first frame to the last; of `CREEPS`, or still."""
    share = np.linspace(0, 1, track.video.n_frames)[:, None]
    middle = np.array([track.video.width_px, track.video.height_px]) / 2
    x, y = np.moveaxis(np.asarray(track.xy) - middle, 2, 0)
    if camera == CREEPS[1]:
        x, y = x * (1 + ZOOM * share), y * (1 + ZOOM * share)
    if camera == CREEPS[2]:
        cos, sin = np.cos(np.radians(ROLL_DEG * share)), np.sin(np.radians(ROLL_DEG * share))
        x, y = cos * x - sin * y, sin * x + cos * y
    xy, confidence = np.stack([x, y], axis=2) + middle, np.asarray(track.confidence)
    if camera == CREEPS[3]:
        leg_px = float(np.nanmax(xy[..., 1]) - np.nanmin(xy[..., 1])) / 2
        jitter = np.random.default_rng(seed).normal(0, BLUR_LEG_LENGTHS * leg_px, xy.shape)
        xy, confidence = xy + share[..., None] * jitter, confidence * (1 - CONFIDENCE * share)
    return replace(track, xy=xy, confidence=confidence)
