"""View, running direction and yaw from the runner's own proportions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from gait.errors import SceneError
from gait.model import SIDES, FloatArray, LegQuality, Scene, Side, Track, View
from gait.signals import median_of_known, spread_of_known, turn_deg

# Distance between the shoulder keypoints over trunk length (mid-shoulder to mid-hip), seen from the rear or front:
# the pose model gave 0.69 to 0.74 on two real and two rendered frontal clips. Anatomy varies by some 10 % around it.
FRONTAL_SHOULDERS_PER_TRUNK = 0.72
SHOULDER_RATIO_SD = 0.07
# Trunk keypoints over thigh and shank together, from body proportions (Winter 2009, ISBN 978-0-470-39818-0).
TRUNK_PER_LEG = 0.29 / 0.49


@dataclass(frozen=True, slots=True)
class SceneRules:
    """Settings of the scene.

    `view` names the view instead of finding it; `roll_error_deg` is how far from level a camera is taken to be that
    nobody measured (95 %); `min_foot_confidence` and `max_foot_outside` say when a leg's feet count as hidden;
    `min_lift_trunks` is the least vertical travel of a runner's ankle in trunk lengths.
    """

    view: Literal["auto", "left", "right", "rear", "front"] = "auto"
    max_side_yaw_deg: float = 25.0
    nearly_side_yaw_deg: float = 15.0
    max_frontal_yaw_deg: float = 25.0
    roll_error_deg: float = 2.0
    min_foot_confidence: float = 0.65
    max_foot_outside: float = 0.1
    min_lift_trunks: float = 0.2


def trunk_px(track: Track) -> float:
    """Median length of the trunk, mid-shoulder to mid-hip, in pixels; NaN where it is never seen.

    Keypoints without shoulders have none: there it is reckoned from the thighs and shanks.
    """
    trunk = _median_length(track, "mid_shoulder", "mid_hip")
    if np.isfinite(trunk):
        return trunk or np.nan
    legs = [
        _median_length(track, f"{side}_{upper}", f"{side}_{lower}")
        for side in SIDES
        for upper, lower in (("hip", "knee"), ("knee", "ankle"))
    ]
    return TRUNK_PER_LEG * sum(legs) / len(SIDES) or np.nan


def _median_length(track: Track, first: str, second: str) -> float:
    """Median distance between two keypoints in pixels."""
    span = track.point(first) - track.point(second)
    return float(median_of_known(np.hypot(span[:, 0], span[:, 1])))


def find_scene(track: Track, rules: SceneRules) -> Scene:
    """View, direction and yaw of the clip; `judge_legs` and `judge_running` complete it.

    The shoulders' width over the trunk's length tells how far the trunk is turned from the camera, its sign front from
    rear, and the feet point in the running direction.

    Raises
    ------
    SceneError
        The view that was said can't be: a side view of what is seen from the rear or front, or the other way round.
    """
    scale = trunk_px(track)
    shoulders = track.point("right_shoulder") - track.point("left_shoulder")
    ratio = float(median_of_known(shoulders[:, 0])) / scale / FRONTAL_SHOULDERS_PER_TRUNK
    found, yaw_deg, yaw_error_deg = _view_of(ratio, _pointing(track), rules)
    view = found if rules.view == "auto" else rules.view
    if {view, found} & {"left", "right"} and {view, found} & {"rear", "front"}:
        raise SceneError(
            f"{track.video.path.name} is seen from the {found}, not from the {view} as was said; leave --view out."
        )
    warnings = [] if view == found else [f"The view was set to {view}; the picture looks like {found}."]
    if not np.isfinite(ratio):
        warnings = [
            "The keypoints have no shoulders, so the view can't be found; "
            + ("say it with --view." if rules.view == "auto" else f"it is taken as said: {view}.")
        ]
    direction = _pointing(track) if view in ("left", "right", "oblique") else 0
    near_side: Side | None = "left" if view == "left" else "right" if view == "right" else None
    if near_side is not None and view == found and abs(yaw_deg) > rules.nearly_side_yaw_deg:
        warnings.append(f"The camera is turned by about {abs(yaw_deg):.0f} degrees from a square side view.")
    return Scene(
        view=view,
        direction=direction,
        near_side=near_side,
        is_running=None,
        yaw_deg=yaw_deg,
        yaw_error_deg=yaw_error_deg,
        roll_deg=0.0,
        roll_error_deg=rules.roll_error_deg,
        segments=((0, track.video.n_frames),),
        legs={side: LegQuality("A") for side in SIDES},
        treadmill=_stays(track.point("mid_hip"), scale),
        warnings=tuple(warnings),
    )


def _pointing(track: Track) -> int:
    """+1 where the feet point to image right, -1 left; keypoints without feet tell it by the way the knees bend."""
    toes = [track.point(f"{side}_foot_index") - track.point(f"{side}_heel") for side in SIDES]
    ahead = np.concatenate(toes)[:, 0]
    if not np.isfinite(ahead).any():
        legs = [[track.point(f"{side}_{joint}") for joint in ("hip", "knee", "ankle")] for side in SIDES]
        ahead = np.concatenate([turn_deg(*leg) for leg in legs])
    return 1 if float(median_of_known(ahead)) >= 0 else -1


def _view_of(ratio: float, pointing: int, rules: SceneRules) -> tuple[View, float, float]:
    """View, yaw from it (+ towards the runner's front in a side view) and the yaw's 95 % error.

    `ratio` is the shoulders' width over that of a frontal view: + where the right shoulder is on the image's right,
    as seen from the rear. NaN, without shoulders, tells nothing.
    """
    if not np.isfinite(ratio):
        return "oblique", 0.0, 90.0
    size = min(abs(ratio), 1.0)
    spread = 1.96 * SHOULDER_RATIO_SD / FRONTAL_SHOULDERS_PER_TRUNK
    from_side_deg = float(np.degrees(np.arcsin(size)))
    if from_side_deg <= rules.max_side_yaw_deg:
        error = float(np.degrees(np.arcsin(min(size + spread, 1.0)))) - from_side_deg
        return "right" if pointing > 0 else "left", float(np.copysign(from_side_deg, -ratio)), error
    from_frontal_deg = 90 - from_side_deg
    error = from_side_deg - float(np.degrees(np.arcsin(max(size - spread, 0.0))))
    if from_frontal_deg <= rules.max_frontal_yaw_deg + error / 2:
        # Near 0 the cosine hardly changes, so the error is wide and the estimate is no more than "about square".
        return "rear" if ratio > 0 else "front", from_frontal_deg, error
    return "oblique", from_side_deg, error


def _stays(pelvis: FloatArray, scale: float) -> bool:
    """Whether the runner stays in place in the picture, as on a treadmill."""
    return bool(spread_of_known(pelvis[:, 0], low=2.5, high=97.5) < 1.5 * scale)
