"""Made-up runners and cameras for the simulated suites: drawn by seed, as different as people and tripods are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np

from gait.errors import ConfigError
from gait.simulate.camera import YAW_OF_VIEW_DEG, Camera
from gait.simulate.keypoint_noise import KeypointNoise
from gait.simulate.people import drawn_person
from gait.simulate.run import Run, simulate_run
from gait.simulate.variation import Change, Variation

_REDRAWS = 50
# SD by which a pose model puts a joint off on average, per direction: 95 % within 3 % of the leg, as on the rendered
# runners on which `MetricRules.placement_error` rests. It tests the arithmetic of that term, not the term.
MISPLACED_LEG_LENGTHS = 0.015
_KEYPOINTS = [
    f"{side}_{joint}"
    for joint in ("shoulder", "hip", "knee", "ankle", "heel", "foot_index")
    for side in ("left", "right")
]


def drawn_run(
    seed: int,
    duration_s: float,
    *,
    strike: str | None = None,
    chosen: Mapping[str, float] | None = None,
    changes: Sequence[Change] = (),
    variation: Variation | None = None,
) -> Run:
    """The run of a made-up person, some of whose parameters are `chosen`.

    Bodies that can't be (a parameter out of range, a leg too short for its step) are drawn again.

    Raises
    ------
    ConfigError
        What is chosen allows no runner.
    """
    rng = np.random.default_rng([seed, 1])
    for attempt in range(_REDRAWS):
        try:
            runner = drawn_person(rng, strike=strike, chosen=chosen)
            return simulate_run(runner, duration_s, changes=changes, variation=variation, seed=seed)
        except ConfigError:
            if attempt == _REDRAWS - 1:
                raise
    raise AssertionError("unreachable")


def drawn_camera(
    seed: int,
    view: Literal["left", "right", "rear", "front"],
    *,
    square: bool = False,
    yaw_deg: float = 0.0,
    roll_deg: float | None = None,
) -> Camera:
    """A camera as people set it up: 3 to 5 m away, 0.8 to 1.2 m high, some degrees off; or `square` and level.

    `yaw_deg` is added to the view's direction; `roll_deg` is drawn with an SD of 1 degree unless given.
    """
    rng = np.random.default_rng([seed, 2])
    turned, roll, distance, height = rng.normal(0, 3), rng.normal(0, 1), rng.uniform(3, 5), rng.uniform(0.8, 1.2)
    if square:
        turned, roll, distance, height = 0.0, 0.0, 4.0, 1.0
    return Camera(
        yaw_deg=float(YAW_OF_VIEW_DEG[view] + yaw_deg + turned) % 360,
        roll_deg=float(roll) if roll_deg is None else roll_deg,
        distance_m=float(distance),
        height_m=float(height),
        width_px=1920,  # held across: upright, the feet of most runners leave the picture
        height_px=1080,
    )


def keypoint_noise(seed: int, jitter_leg_lengths: float, *, misplaced: bool = True) -> KeypointNoise:
    """White jitter of every keypoint, and each put off its joint by a constant distance of its own."""
    rng = np.random.default_rng([seed, 3])
    offsets = rng.normal(0, MISPLACED_LEG_LENGTHS, (len(_KEYPOINTS), 3))
    bias = {name: (float(x), float(y), float(z)) for name, (x, y, z) in zip(_KEYPOINTS, offsets, strict=True)}
    return KeypointNoise(bias_leg_lengths=bias if misplaced else {}, jitter_leg_lengths=jitter_leg_lengths)


def mediapipe_noise(clip: Literal["clean", "hard"], *, frontal: bool) -> KeypointNoise:
    """The errors that MediaPipe made in rendered clips, of good and of bad pictures."""
    return (KeypointNoise.of_clean_clip if clip == "clean" else KeypointNoise.of_hard_clip)(frontal=frontal)
