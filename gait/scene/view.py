"""View, running direction and yaw from the runner's own proportions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from gait.errors import SceneError, check_ranges
from gait.model import SIDES, FloatArray, LegQuality, Scene, Side, Track, View
from gait.signals import median_of_known, spread_of_known, turn_deg

# Distance between the shoulder keypoints over trunk length (mid-shoulder to mid-hip), seen from the rear or front:
# the pose model gave 0.69 to 0.74 on two real and two rendered frontal clips. Anatomy varies by some 10 % around it.
FRONTAL_SHOULDERS_PER_TRUNK = 0.72
SHOULDER_RATIO_SD = 0.07
# From the side the shoulders' mean distance over whole strides is 0 for everybody; there it isn't anatomy that counts
# but where the pose model puts them: 2.2 degrees (SD) on 17 rendered side views; clothes and hair of real people add to
# it. The median would be 5 degrees off, since the far shoulder hides for more than half of the stride.
SIDE_YAW_SD_DEG = 3.5
# Travel of an ankle ahead of and behind the hip over trunk length, 5th to 95th percentile: seen square from the side
# 1.14 to 1.7 on recorded, rendered and simulated runners of 2.2 to 3.8 m/s; from rear or front 0.11 to 0.22 is left.
SIDE_REACH_PER_TRUNK = 1.40
REACH_RATIO_SD = 0.17
FRONTAL_REACH_PER_TRUNK = 0.17
FRONTAL_REACH_SD = 0.05
# Less travel of the ankles than this share of a side view's tells something only where they rise by so many trunk
# lengths (5th to 95th percentile): 0.37 in a clip of somebody who runs in place, 0.43 and more on recorded runners.
LEAST_TRAVEL = 0.4
SURE_LIFT = 0.4
Z95 = 1.96
# Trunk keypoints over thigh and shank together, from body proportions (Winter 2009, ISBN 978-0-470-39818-0).
TRUNK_PER_LEG = 0.29 / 0.49


@dataclass(frozen=True, slots=True)
class SceneRules:
    """Settings of the scene.

    `view` names the view instead of finding it. A side view keeps its name up to `max_side_yaw_deg`, one from the rear
    or front up to `max_frontal_yaw_deg`; from `nearly_side_yaw_deg` and `nearly_frontal_yaw_deg` on it is said that the
    camera stands aside (at 8 degrees a bent knee looks like 6 degrees of valgus or varus).

    All errors are 95 %: `roll_error_deg` is how far from level a camera on a tripod is; before anything is measured,
    `level_share` of the cameras are taken to stand so and the others, held by hand, to be rolled by up to `rolled_deg`.
    `belt_error_deg` is what the standing feet's travel is off the belt's direction from runner to runner,
    `plumb_error_deg` what the body's axis is off the plumb line in rear and front views: shoulders that hang, hips and
    ankles that the pose model puts aside.

    `min_foot_confidence` and `max_foot_outside` say when a leg's feet count as hidden; `min_lift_trunks` is the least
    vertical travel of a runner's ankle in trunk lengths. A cut is where the pelvis jumps by `min_cut_trunks` trunk
    lengths, or the runner's size by the share `min_cut_size`; `max_growth` is by how much the size may change from the
    first to the last fifth of a clip without a warning. `min_fall_g` is the least amplitude of the vertical
    acceleration of a runner's pelvis, in g: a push like half a sine that lasts for the whole step, the border between
    running and walking, has 2/3; a quarter of that is left to hips that the pose model holds too still and to the
    trunk's length. `min_fall_g_timed` is the same from the side.
    """

    view: Literal["auto", "left", "right", "rear", "front"] = "auto"
    max_side_yaw_deg: float = 25.0
    nearly_side_yaw_deg: float = 15.0
    nearly_frontal_yaw_deg: float = 8.0
    max_frontal_yaw_deg: float = 25.0
    roll_error_deg: float = 2.0
    level_share: float = 0.85
    rolled_deg: float = 8.0
    belt_error_deg: float = 1.0
    plumb_error_deg: float = 2.0
    min_foot_confidence: float = 0.65
    max_foot_outside: float = 0.1
    min_lift_trunks: float = 0.2
    min_cut_trunks: float = 0.4
    min_cut_size: float = 0.2
    max_growth: float = 0.15
    min_fall_g: float = 0.5
    min_fall_g_timed: float = 0.2

    def __post_init__(self) -> None:
        check_ranges(
            self,
            max_side_yaw_deg=(0, 45),
            max_frontal_yaw_deg=(0, 45),
            roll_error_deg=(0.01, 45),
            level_share=(0.01, 0.99),
            rolled_deg=(0.01, 90),
            belt_error_deg=(0, 45),
            plumb_error_deg=(0, 45),
            min_cut_trunks=(0.05, 100),
            min_cut_size=(0.05, 100),
        )


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


def lift_trunks(track: Track) -> float:
    """Vertical travel of the ankles below the pelvis, 5th to 95th percentile, in trunk lengths; mean of the legs."""
    return _mean_travel(track, axis=1) / trunk_px(track)


def _mean_travel(track: Track, *, axis: int) -> float:
    """Travel of the ankles against the pelvis along an axis, 5th to 95th percentile in pixels; of the legs seen."""
    pelvis = track.point("mid_hip")
    travels = [spread_of_known((track.point(f"{s}_ankle") - pelvis)[:, axis], low=5, high=95) for s in SIDES]
    known = [travel for travel in travels if np.isfinite(travel)]
    return float(np.mean(known)) if known else np.nan


def _median_length(track: Track, first: str, second: str) -> float:
    """Median distance between two keypoints in pixels."""
    span = track.point(first) - track.point(second)
    return float(median_of_known(np.hypot(span[:, 0], span[:, 1])))


def find_scene(track: Track, rules: SceneRules) -> Scene:
    """View, direction and yaw of the clip; `judge_legs` and `judge_running` complete it.

    The shoulders' width over the trunk's length, large from rear and front, and the feet's travel over it, large from
    the side, tell together how far the camera stands round the runner; each is sharp where the other one isn't. The
    sign of the width tells front from rear, and the feet point in the running direction.

    Raises
    ------
    SceneError
        The view that was said can't be: a side view of what is seen from the rear or front, or the other way round.
    """
    scale = trunk_px(track)
    camera = _round(track, scale)
    pointing = _pointing(track)
    found = _view_of(camera, pointing, rules)
    view = found if rules.view == "auto" else rules.view
    if {view, found} & {"left", "right"} and {view, found} & {"rear", "front"}:
        raise SceneError(
            f"{track.video.path.name} is seen from the {found}, not from the {view} as was said; leave --view out."
        )
    warnings = [] if view == found else [f"The view was set to {view}; the picture looks like {found}."]
    if camera is None:
        warnings = [
            "The keypoints have no shoulders, so the view can't be found; "
            + ("say it with --view." if rules.view == "auto" else f"it is taken as said: {view}.")
        ]
    yaw_deg, yaw_error_deg = _yaw(camera, view, rules)
    near_side: Side | None = "left" if view == "left" else "right" if view == "right" else None
    warnings += _turned(view, yaw_deg, rules) if view == found else []
    warnings += _moving(track, stays := _stays(track.point("mid_hip"), scale), rules)
    return Scene(
        view=view,
        direction=pointing if view in ("left", "right", "oblique") else 0,
        near_side=near_side,
        is_running=None,
        yaw_deg=yaw_deg,
        yaw_error_deg=yaw_error_deg,
        roll_deg=0.0,
        roll_error_deg=rules.roll_error_deg,
        segments=((0, track.video.n_frames),),
        legs={side: LegQuality("A") for side in SIDES},
        treadmill=stays,
        warnings=tuple(warnings),
    )


def _turned(view: View, yaw_deg: float, rules: SceneRules) -> list[str]:
    """What is to be said of a side view that isn't square, but not so far off that the view has no name."""
    if view in ("left", "right") and abs(yaw_deg) > rules.nearly_side_yaw_deg:
        return [
            f"The camera is turned by about {abs(yaw_deg):.0f} degrees from a square side view (nearly side); the "
            "intervals are wider for it."
        ]
    return []


def _middle_mean(values: FloatArray) -> float:
    """Mean of the middle 90 %; NaN where nothing is known."""
    low, high = (float(np.nanpercentile(values, q)) if np.isfinite(values).any() else np.nan for q in (5, 95))
    kept = values[(values >= low) & (values <= high)]
    return float(kept.mean()) if len(kept) else np.nan


def _pointing(track: Track) -> int:
    """+1 where the feet point to image right, -1 left; keypoints without feet tell it by the way the knees bend."""
    toes = [track.point(f"{side}_foot_index") - track.point(f"{side}_heel") for side in SIDES]
    ahead = np.concatenate(toes)[:, 0]
    if not np.isfinite(ahead).any():
        legs = [[track.point(f"{side}_{joint}") for joint in ("hip", "knee", "ankle")] for side in SIDES]
        ahead = np.concatenate([turn_deg(*leg) for leg in legs])
    return 1 if float(median_of_known(ahead)) >= 0 else -1


@dataclass(frozen=True, slots=True)
class _Round:
    """How far the camera stands off a square side view, 0 to 90 degrees, with its 95 % error.

    `right_shoulder` is +1 where the right shoulder is on the image's right, as seen from the rear. `by_width` says that
    the shoulders alone told it.
    """

    from_side_deg: float
    error_deg: float
    right_shoulder: float
    by_width: bool


def _round(track: Track, scale: float) -> _Round | None:
    """From the shoulders' width and the feet's travel; None without shoulders.

    Shares of a frontal view's width and of a side view's travel are sine and cosine of that angle. Who hardly lifts the
    feet may run in place and not travel at all: then the width alone tells.
    """
    shoulders = track.point("right_shoulder") - track.point("left_shoulder")
    ratio = _middle_mean(shoulders[:, 0]) / scale / FRONTAL_SHOULDERS_PER_TRUNK
    if not np.isfinite(ratio):
        return None
    width, reach = abs(ratio), _mean_travel(track, axis=0) / scale
    spread = SHOULDER_RATIO_SD / FRONTAL_SHOULDERS_PER_TRUNK
    travel = float(np.sqrt(np.maximum(reach**2 - FRONTAL_REACH_PER_TRUNK**2, 0.0))) / SIDE_REACH_PER_TRUNK
    if not (travel >= LEAST_TRAVEL or lift_trunks(track) >= SURE_LIFT):
        angle, low, high = np.degrees(np.arcsin(np.clip([width, width - Z95 * spread, width + Z95 * spread], 0, 1)))
        return _Round(float(angle), float(max(high - angle, angle - low)), float(np.sign(ratio)), by_width=True)
    width_sd = float(np.hypot(width * spread, np.radians(SIDE_YAW_SD_DEG)))
    travel_sd = float(np.hypot(travel * REACH_RATIO_SD, FRONTAL_REACH_SD))
    error = Z95 * float(np.hypot(travel * width_sd, width * travel_sd)) / max(width**2 + travel**2, 0.1)
    angle_deg, error_deg = (float(np.degrees(angle)) for angle in (np.arctan2(width, travel), error))
    return _Round(angle_deg, min(error_deg, 90.0), float(np.sign(ratio)), by_width=False)


def _view_of(camera: _Round | None, pointing: int, rules: SceneRules) -> View:
    """The view's name."""
    if camera is None:
        return "oblique"
    if camera.from_side_deg <= rules.max_side_yaw_deg:
        return "right" if pointing > 0 else "left"
    # Near the front the sine of the width hardly changes, and tells no more than "about square".
    doubt_deg = camera.error_deg / 2 if camera.by_width else 0.0
    if 90 - camera.from_side_deg <= rules.max_frontal_yaw_deg + doubt_deg:
        return "rear" if camera.right_shoulder > 0 else "front"
    return "oblique"


def _yaw(camera: _Round | None, view: View, rules: SceneRules) -> tuple[float, float]:
    """Yaw from the square view and its 95 % error; + towards the runner's front in a side view."""
    if camera is None:  # then the view can only have been said
        limits = {"left": rules.max_side_yaw_deg, "right": rules.max_side_yaw_deg, "oblique": 90.0}
        return 0.0, limits.get(view, rules.max_frontal_yaw_deg)
    if view in ("left", "right"):
        return -camera.right_shoulder * camera.from_side_deg, camera.error_deg
    if view in ("rear", "front"):
        return 90 - camera.from_side_deg, camera.error_deg
    return camera.from_side_deg, camera.error_deg


def _moving(track: Track, stays: bool, rules: SceneRules) -> list[str]:
    """What is to be said of a runner who crosses the picture, comes nearer or is followed by the zoom."""
    trunk = track.point("mid_hip") - track.point("mid_shoulder")
    length = np.hypot(trunk[:, 0], trunk[:, 1])
    length = length[np.isfinite(length)]
    fifth = len(length) // 5
    found = []
    if not stays:
        found.append("The runner crosses the picture, so this isn't a treadmill; the camera must stand still.")
    if fifth >= 5 and np.median(length[:fifth]) > 0:
        growth = float(np.median(length[-fifth:]) / np.median(length[:fifth]) - 1)
        if abs(growth) > rules.max_growth:
            word = "larger" if growth > 0 else "smaller"
            found.append(
                f"The runner gets {abs(growth):.0%} {word} in the picture: the camera moves or zooms, or the runner "
                "comes nearer or goes away; lengths and early against late are less sure."
            )
    return found


def _stays(pelvis: FloatArray, scale: float) -> bool:
    """Whether the runner stays in place in the picture, as on a treadmill."""
    return bool(spread_of_known(pelvis[:, 0], low=2.5, high=97.5) < 1.5 * scale)
