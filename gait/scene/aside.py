"""How far a camera stands aside of straight behind or before the runner, told by the feet's travel.

Both ankles swing fore and aft by the same way, half a stride apart, which a camera that stands aside sees as travel
across the picture. What else moves them across, step width and hips, is a mirror image between the legs. So the odd
harmonics of left less right hold the fore and aft travel alone; the shoulders' width, a cosine there, tells far less.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from gait.cycle import fold_signal, steady
from gait.model import SIDES, Cycle, FloatArray, Scene, Track, View
from gait.scene.view import Z95, SceneRules, trunk_px

# Amplitude of an ankle's travel at the stride's frequency over trunk length, seen square from the side: 0.53 to 0.81 on
# recorded, rendered and simulated runners of 2.2 to 3.8 m/s.
TRAVEL_PER_TRUNK, TRAVEL_SD = 0.66, 0.09
# What legs that differ leave of it in a square view: 0.012 to 0.016 on recorded feet, 0 to 0.01 on rendered ones.
UNLIKE_LEGS_SD = 0.018
# By how much of a turn the travel to the front runs ahead of the ankle's height; a camera 1 m high sees a foot that is
# farther away higher up.
LEAD_DEG: Mapping[View, float] = {"rear": -102.0, "front": -147.0}
# An ankle that is lifted by less, at the stride's frequency and over trunk length, may belong to somebody who runs in
# place: 0.09 in such a clip, 0.16 and more on recorded and simulated runners.
LEAST_LIFT = 0.12


def judge_aside(track: Track, scene: Scene, cycle: Cycle, rules: SceneRules) -> Scene:
    """The scene with the yaw of a rear or front view, + where the runner runs towards the picture's right.

    Who lifts the feet so little that they may not travel at all keeps what the shoulders told, to whichever side. Other
    views are as they were.
    """
    if not scene.is_frontal_view:
        return scene
    across, lift = _travel(track, cycle)
    if not abs(lift) >= LEAST_LIFT:
        return replace(scene, yaw_deg=0.0, yaw_error_deg=min(float(np.hypot(scene.yaw_deg, scene.yaw_error_deg)), 90.0))
    yaw_deg, error_deg = _yaw_deg(across / lift * abs(lift), LEAD_DEG[scene.view])
    scene = replace(scene, yaw_deg=yaw_deg, yaw_error_deg=error_deg)
    if abs(yaw_deg) <= rules.nearly_frontal_yaw_deg:
        return scene
    where = "behind" if scene.view == "rear" else "before"
    warning = (
        f"The camera stands {abs(yaw_deg):.0f} ± {error_deg:.0f} degrees aside of straight {where} the runner, which "
        "looks like valgus in the one leg and varus in the other; what it usually adds is taken off."
    )
    return replace(scene, warnings=(*scene.warnings, warning))


def _travel(track: Track, cycle: Cycle) -> tuple[complex, complex]:
    """First harmonic of left less right ankle across the picture and in height, half of it, in trunk lengths."""
    left, right = (steady(track, f"{side}_ankle", window_s=cycle.period_s) for side in SIDES)
    half = (left - right) / 2 / trunk_px(track)
    return _first_harmonic(cycle, half[:, 0]), _first_harmonic(cycle, -half[:, 1])


def _first_harmonic(cycle: Cycle, signal: FloatArray) -> complex:
    """Fundamental of a signal (n,) folded on the stride, as a complex amplitude."""
    series = fold_signal(cycle, signal)[0]
    return complex(series[1], -series[1 + (len(series) - 1) // 2])


def _yaw_deg(travel: complex, lead_deg: float) -> tuple[float, float]:
    """Yaw and its 95 % error from the travel across, turned so that the foot's height is real."""
    towards_right = float((travel * np.exp(-1j * np.radians(lead_deg))).real)
    sine = float(np.clip(towards_right / TRAVEL_PER_TRUNK, -1, 1))
    spread = float(np.hypot(UNLIKE_LEGS_SD / TRAVEL_PER_TRUNK, sine * TRAVEL_SD / TRAVEL_PER_TRUNK))
    error = np.degrees(Z95 * spread) / max(np.sqrt(1 - sine**2), 0.2)
    return float(np.degrees(np.arcsin(sine))), float(error)
