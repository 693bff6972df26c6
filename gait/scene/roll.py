"""How far the camera is rolled, told by the runner's own movement, with its error.

From the side the foot that stands on the belt travels along it, so the direction of its travel in the picture is the
belt's: roll, incline, and, with a camera that isn't square, perspective. From the rear or front the runner's feet come
down under the middle of the body: over whole strides the line from the middle of the ankles up to that of the shoulders
is plumb, or the runner would fall over sideways.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from gait.cycle import fold_signal, steady
from gait.model import SIDES, Cycle, FloatArray, Scene, Side, Stance, Track
from gait.scene.view import Z95, SceneRules
from gait.signals import angle_from_vertical_deg, evaluate_cycle

# Shares of stance in which a point of the foot moves with the belt: heel and ankle until the heel is lifted, the ball
# of the foot from foot flat until it pushes off. On force-plate feet (RBDS, markers) each then travels within 2
# degrees of the belt's direction, all of them together within 1.
ON_BELT = {"heel": (0.2, 0.4), "ankle": (0.2, 0.4), "foot_index": (0.25, 0.65)}
# How far the travel of a pose model's heel and ankle scatters, over that of its toe: 4.4 against 2.0 degrees (SD) on
# the near legs of 18 rendered side views.
SCATTER = {"heel": 2.2, "ankle": 2.2, "foot_index": 1.0}
# How strongly yaw turns the belt in the picture: the camera's height over its distance, 1 m over 4 m, and its error.
DEPRESSION, DEPRESSION_ERROR = 0.25, 0.125
INCLINE_ERROR_DEG = 0.3  # a belt whose incline is said has it within half a percent
UNSAID_INCLINE_DEG = 1.1  # of whose incline nothing is said, within 2 %: many set 1 %, as running outside feels
# Forward lean of the body's axis, of which a camera aside sees a part: 8.5 to 12.4 degrees on simulated and recorded
# runners; the trunk alone differs by 7 degrees (95 %) between runners (Teng and Powers 2014, 10.2519/jospt.2014.5249).
LEAN_DEG, LEAN_ERROR_DEG = 10.0, 7.0


def judge_roll(
    track: Track,
    scene: Scene,
    cycle: Cycle,
    stances: Mapping[Side, Stance],
    rules: SceneRules,
    *,
    incline_pct: float | None,
) -> Scene:
    """The scene with the camera's roll and its 95 % error.

    Parameters
    ----------
    track, cycle
        As filmed, not levelled.
    stances
        When each foot is on the ground; a leg that is refused, or whose stance is withheld, doesn't count.
    incline_pct
        Rise of the belt in running direction, which in the picture looks like roll; None where nobody said it.
    """
    if scene.is_frontal_view:
        roll_deg, error_deg = _body_axis_deg(track, scene, cycle, rules)
    elif scene.is_side_view:
        roll_deg, error_deg = _belt_deg(track, scene, cycle, stances, rules, incline_pct=incline_pct)
    else:
        roll_deg, error_deg = np.nan, np.nan  # an oblique view turns the belt by more than any roll
    roll_deg, error_deg = with_prior(roll_deg, error_deg, rules)
    warnings = scene.warnings
    if scene.is_side_view and incline_pct is None and abs(roll_deg) > error_deg:
        warning = (
            f"The camera is held about {abs(roll_deg):.0f} degrees aslant, and the angles are turned back by it; if "
            "the belt is inclined instead, say so with --incline."
        )
        warnings = (*warnings, warning)
    return replace(scene, roll_deg=roll_deg, roll_error_deg=error_deg, warnings=warnings)


def _belt_deg(
    track: Track,
    scene: Scene,
    cycle: Cycle,
    stances: Mapping[Side, Stance],
    rules: SceneRules,
    *,
    incline_pct: float | None,
) -> tuple[float, float]:
    """Roll from the direction in which the standing feet travel, and its 95 % error; NaN where none is seen."""
    from scipy.stats import t

    seen = [stance for side, stance in stances.items() if not stance.withheld and scene.legs[side].grade != "D"]
    travels = np.array([travel for stance in seen for travel in _travels(track, cycle, stance)]).reshape(-1, 2)
    travels = travels[np.isfinite(travels).all(axis=1)]
    if len(travels) < 3 or abs(scene.yaw_deg) > 45:
        return np.nan, np.nan
    slopes_deg, scatter = travels.T
    weights = scatter**-2
    mean, freedom = float(weights @ slopes_deg / weights.sum()), len(travels) - 1
    unit = float(weights @ (slopes_deg - mean) ** 2) / freedom
    spread = float(t.ppf(0.975, freedom) * np.sqrt(unit / weights.sum()))
    yaw, yaw_error = np.radians([scene.yaw_deg, min(scene.yaw_error_deg, 45.0)])
    turned = float(np.degrees(np.arctan(DEPRESSION * np.tan(yaw))))
    turned_error = float(np.degrees(np.hypot(DEPRESSION * yaw_error, DEPRESSION_ERROR * np.tan(yaw))))
    rise = float(np.degrees(np.arctan((incline_pct or 0.0) / 100)))
    rise_error = UNSAID_INCLINE_DEG if incline_pct is None else INCLINE_ERROR_DEG
    error = float(np.sqrt(spread**2 + rules.belt_error_deg**2 + rise_error**2 + turned_error**2))
    return mean + scene.direction * (rise - turned), error


def _travels(track: Track, cycle: Cycle, stance: Stance) -> list[tuple[float, float]]:
    """Slope (degrees, + down to the right) of the travel of each point of a standing foot, and its usual scatter."""
    found = []
    for joint, (start, stop) in ON_BELT.items():
        name = f"{stance.side}_{joint}"
        if name not in track.skeleton:
            continue
        phases = (stance.contact_phase[0] + np.linspace(start, stop, 21) * stance.duration[0]) % 1
        point = steady(track, name, window_s=cycle.period_s)
        x, y = (evaluate_cycle(fold_signal(cycle, column)[0], phases) for column in point.T)
        x, y = x - x.mean(), y - y.mean()
        with np.errstate(divide="ignore", invalid="ignore"):
            slope = float(np.degrees(np.arctan((x * y).sum() / (x * x).sum())))
        found.append((slope, SCATTER[joint]))
    return found


def _body_axis_deg(track: Track, scene: Scene, cycle: Cycle, rules: SceneRules) -> tuple[float, float]:
    """Roll from the line between the middles of ankles and shoulders, meaned over the cycle, and its 95 % error."""
    lower, upper = (_mean_middle(track, cycle, joint) for joint in ("ankle", "shoulder"))
    roll = float(angle_from_vertical_deg(lower, upper))
    yaw, yaw_error = np.sin(np.radians([scene.yaw_deg, min(scene.yaw_error_deg, 90.0)]))
    lean_error = float(np.hypot(LEAN_DEG * yaw_error, LEAN_ERROR_DEG * yaw))
    return roll - LEAN_DEG * float(yaw), float(np.hypot(rules.plumb_error_deg, lean_error))


def _mean_middle(track: Track, cycle: Cycle, joint: str) -> FloatArray:
    """Mean place (2,) over the cycle of the middle between a left and a right joint, without the runner's wandering."""
    means = []
    for side in SIDES:
        point = steady(track, f"{side}_{joint}", window_s=cycle.period_s)
        means.append([fold_signal(cycle, column)[0, 0] for column in point.T])
    return np.asarray(np.mean(means, axis=0), dtype=np.float64)


def with_prior(measured_deg: float, error_deg: float, rules: SceneRules) -> tuple[float, float]:
    """A measured roll and its 95 % error, together with what is known of cameras before: most stand nearly level.

    Two kinds of camera, level ones and rolled ones, each weighted by how well it explains what was measured; so a
    poor measurement hardly tilts a level camera, and a clear roll isn't held to be none. Without a measurement (NaN)
    the kinds are what is known.
    """
    kinds = np.array([rules.roll_error_deg, rules.rolled_deg]) / Z95
    shares = np.array([rules.level_share, 1 - rules.level_share])
    if not np.isfinite(measured_deg):
        return 0.0, _half_width(np.zeros(2), kinds, shares, middle=0.0)
    variance = (error_deg / Z95) ** 2
    expected = kinds**2 + variance
    log_weights = np.log(shares) - measured_deg**2 / (2 * expected) - np.log(expected) / 2
    weights = np.exp(log_weights - log_weights.max())
    weights /= weights.sum()
    means, spreads = measured_deg * kinds**2 / expected, np.sqrt(variance * kinds**2 / expected)
    mean = float(weights @ means)
    return mean, _half_width(means, spreads, weights, middle=mean)


def _half_width(means: FloatArray, spreads: FloatArray, weights: FloatArray, *, middle: float) -> float:
    """How far 95 % of a mixture of normal distributions lie from its middle at most."""
    from scipy.optimize import brentq
    from scipy.stats import norm

    def outside(half: float) -> float:
        within = norm.cdf((middle + half - means) / spreads) - norm.cdf((middle - half - means) / spreads)
        return float(weights @ within) - 0.95

    farthest = float(np.max(np.abs(means - middle) + 4 * spreads))
    return float(brentq(outside, 0.0, farthest))


def levelled(track: Track, cycle: Cycle, roll_deg: float) -> tuple[Track, Cycle]:
    """Track and cycle as a level camera would have shown them: turned about the middle of the picture."""
    matrix, middle = _turn(track, roll_deg)
    coefficients = np.einsum("kah,ab->kbh", cycle.coefficients, matrix)
    coefficients[:, :, 0] += middle - middle @ matrix
    mean = (cycle.mean - middle) @ matrix + middle
    return upright(track, roll_deg), replace(cycle, coefficients=coefficients, mean=mean)


def upright(track: Track, roll_deg: float) -> Track:
    """A track as a level camera would have shown it."""
    matrix, middle = _turn(track, roll_deg)
    return track.with_xy((track.xy - middle) @ matrix + middle)


def _turn(track: Track, roll_deg: float) -> tuple[FloatArray, FloatArray]:
    """The turn (2, 2) for rows of x and y, and the picture's middle, about which it is."""
    turn = np.radians(roll_deg)
    matrix = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])  # for rows (x, y)
    return matrix, np.array([track.video.width_px, track.video.height_px]) / 2
