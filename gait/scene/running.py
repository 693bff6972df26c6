"""Running, or something else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gait.model import SIDES, Scene, Track
from gait.scene.view import SceneRules, trunk_px
from gait.signals import spread_of_known


def lift_trunks(track: Track) -> float:
    """Vertical travel of the ankles below the pelvis, 5th to 95th percentile, in trunk lengths; mean of the legs."""
    pelvis = track.point("mid_hip")
    travel = [spread_of_known((track.point(f"{side}_ankle") - pelvis)[:, 1], low=5, high=95) for side in SIDES]
    return float(np.mean(travel)) / trunk_px(track)


def judge_running(
    track: Track, scene: Scene, rules: SceneRules, *, duty_factor: float | None, no_strides: str
) -> Scene:
    """The scene with `is_running` told.

    A runner lifts the feet (an ankle of the clips looked at travels by 0.36 trunk lengths and more, in walking in place
    by 0.07), and each foot is on the ground for less than half of the stride, so that there is a flight.

    Parameters
    ----------
    duty_factor
        Contact time over stride time; None where it isn't known.
    no_strides
        Why no strides were found; empty where they were.
    """
    lift = lift_trunks(track)
    if lift < rules.min_lift_trunks:
        why = f"the feet are lifted by only {lift:.0%} of the trunk's length; this looks like walking or standing"
        return replace(scene, is_running=False, not_running=why)
    if no_strides:
        return replace(scene, is_running=None, not_running=no_strides)
    if duty_factor is not None and duty_factor > 0.5:
        why = f"each foot is on the ground for {duty_factor:.0%} of the stride, so there is no flight: this is walking"
        return replace(scene, is_running=False, not_running=why)
    return replace(scene, is_running=True, not_running="")
