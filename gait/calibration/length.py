"""Leg length in pixels, and pixels to metres from the belt or the runner's height."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from gait.calibration.clock import Clock
from gait.cycle import half_width
from gait.errors import check_ranges
from gait.model import Calibration, Cycle, FloatArray, Grade, Quantity, Scene, Side, Stance, Track

# Hip to floor over stature (Winter, used by Morin et al. 2005, doi:10.1123/jab.21.2.167; `leg_length_053`).
LEG_PER_STATURE = 0.53
LEG_PER_STATURE_ERROR = 0.08  # of the value, 95 %: the model's hip is not the joint, and builds differ
LEG_PIXELS_ERROR = 0.05
# So many times more where the leg is seen less well: rendered clips in poor light are 10 % off.
WORSE_SEEN: Mapping[Grade, float] = MappingProxyType({"A": 1.0, "B": 1.5, "C": 2.0, "D": 3.0})
# Of the value, 95 %: what the standing foot's speed is off the belt's. 1 to 3 % on the force plate, but the pose model
# draws a foot that lands too far ahead and then less so: 6 to 8 % too fast (SD 8) on rendered runners.
FOOT_SPEED_ERROR = 0.22
ENTERED_SPEED_ERROR = 0.03  # of the value, 95 %, judged: a treadmill's display against its belt under a runner
DISAGREEMENT = 0.05  # between two ways to the scale, said when more
# The same with free fall in flight, whose own error is 32 % (95 %, on rendered clips): it finds a wrong speed or height
# only where it is grossly wrong.
FREE_FALL_DISAGREEMENT = 0.35


@dataclass(frozen=True, slots=True)
class Known:
    """What the user knows: belt or running speed, incline, stature, mass, the camera's rate; None: it wasn't said."""

    speed_mps: float | None = None
    incline_pct: float | None = None
    height_m: float | None = None
    capture_fps: float | None = None
    mass_kg: float | None = None

    def __post_init__(self) -> None:
        check_ranges(
            self,
            speed_mps=(0.5, 13),
            incline_pct=(-50, 50),
            height_m=(1, 2.5),
            capture_fps=(1, 100_000),
            mass_kg=(20, 250),
        )


def calibrate(
    track: Track, scene: Scene, cycle: Cycle, stances: dict[Side, Stance], *, known: Known, clock: Clock
) -> Calibration:
    """Leg length in pixels and metres, pixels per metre, and the belt's speed, with the warnings about them.

    Where real time isn't known, a speed gives no scale.
    """
    leg, speed = leg_length_px(track, scene, cycle, stances), clock.speed
    foot = _foot_px_per_s(scene, cycle, stances, speed)
    from_belt = from_height = None
    if known.speed_mps and foot:
        value = foot.value / known.speed_mps
        error = float(np.hypot(foot.error / foot.value, ENTERED_SPEED_ERROR)) * value
        from_belt = Quantity(value, error, "belt speed and stance foot")
    if known.height_m and leg:
        value = leg.value / (LEG_PER_STATURE * known.height_m)
        error = float(np.hypot(LEG_PER_STATURE_ERROR, leg.error / leg.value)) * value
        from_height = Quantity(value, error, "stature and leg length in pixels")
    scale = _fused(from_belt, from_height)
    return Calibration(
        capture_speed=speed,
        leg_length_px=leg,
        px_per_m=scale,
        belt_speed_mps=_belt_speed(known, foot, from_height),
        foot_px_per_s=foot,
        leg_length_m=_leg_length_m(known, leg, scale),
        mass_kg=known.mass_kg,
        incline_pct=known.incline_pct or 0.0,
        warnings=(*clock.notes, *_contradictions(from_belt, from_height, leg, scale, clock)),
    )


def _fused(from_belt: Quantity | None, from_height: Quantity | None) -> Quantity | None:
    """Pixels per metre of both ways, weighted by their errors; no surer than half of what they differ by."""
    if from_belt is None or from_height is None:
        return from_belt or from_height
    ways = (from_belt, from_height)
    weights = np.array([way.error**-2 for way in ways])
    value = float(np.average([way.value for way in ways], weights=weights))
    error = max(float(weights.sum() ** -0.5), abs(from_belt.value - from_height.value) / 2)
    return Quantity(value, error, f"{from_belt.source}, and {from_height.source}")


def _contradictions(
    from_belt: Quantity | None, from_height: Quantity | None, leg: Quantity | None, scale: Quantity | None, clock: Clock
) -> list[str]:
    """Where two ways to the scale differ by more than they should."""
    found = []
    if from_belt and from_height and abs(from_belt.value / from_height.value - 1) > DISAGREEMENT:
        ratio = from_belt.value / from_height.value - 1
        found.append(f"The scale from the belt's speed is {ratio:+.0%} off the one from the runner's height.")
    if leg and scale and np.isfinite([clock.speed_by_fall, clock.speed.error]).all():
        usual = leg.value / (LEG_PER_STATURE * clock.stature_m)
        off = usual * (clock.speed_by_fall / clock.speed.value) ** 2 / scale.value - 1
        if abs(off) > FREE_FALL_DISAGREEMENT:
            found.append(
                f"The runner falls as if the scale were {off:+.0%} off: check the speed, the height and the "
                "camera's rate that were given."
            )
    return found


def _leg_length_m(known: Known, leg: Quantity | None, scale: Quantity | None) -> Quantity | None:
    """Hip to floor in metres: by the stature, else by the scale."""
    if known.height_m:
        value = LEG_PER_STATURE * known.height_m
        return Quantity(value, LEG_PER_STATURE_ERROR * value, "stature")
    if leg is None or scale is None:
        return None
    value = leg.value / scale.value
    return Quantity(value, float(np.hypot(leg.error / leg.value, scale.error / scale.value)) * value, scale.source)


def _foot_px_per_s(scene: Scene, cycle: Cycle, stances: dict[Side, Stance], speed: Quantity) -> Quantity | None:
    """Backward speed of the near stance foot in pixels per real second; None where it or real time isn't known."""
    near = scene.near_side
    if near is None or not np.isfinite([stances[near].foot_speed_px[0], speed.error]).all():
        return None
    px_per_s = stances[near].foot_speed_px / (cycle.period_s * speed.value)
    value, spread = float(px_per_s[0]), half_width(px_per_s[1:], cycle.draws.shape[1])
    return Quantity(value, float(np.hypot(spread, FOOT_SPEED_ERROR * value)), "stance foot")


def _belt_speed(known: Known, foot: Quantity | None, from_height: Quantity | None) -> Quantity | None:
    """The belt's speed: entered, else from the stance foot and the runner's height.

    An entered speed is no surer than half of what it differs from the other.
    """
    seen = None
    if foot is not None and from_height is not None:
        value = foot.value / from_height.value
        error = float(np.hypot(foot.error / foot.value, from_height.error / from_height.value))
        seen = Quantity(value, error * value, "stance foot and the runner's height")
    if not known.speed_mps:
        return seen
    apart = abs(known.speed_mps - seen.value) / 2 if seen and abs(known.speed_mps - seen.value) > seen.error else 0.0
    return Quantity(known.speed_mps, max(ENTERED_SPEED_ERROR * known.speed_mps, apart), "entered")


def leg_length_px(track: Track, scene: Scene, cycle: Cycle, stances: dict[Side, Stance]) -> Quantity | None:
    """Hip to floor of the standing leg: thigh and shank at midstance and the ankle's height over the sole.

    From the rear or front the bent knee points at the camera and shortens both; there the straightest posture of the
    cycle is taken. None where the legs aren't seen.
    """
    sides: tuple[Side, ...] = (scene.near_side,) if scene.near_side else ("left", "right")
    lengths = [_one_leg_px(track, cycle, stances[side], frontal=scene.is_frontal_view) for side in sides]
    value = float(np.mean(lengths))
    if not np.isfinite(value):
        return None
    worse = max(WORSE_SEEN[scene.legs[side].grade] if side in scene.legs else 1.0 for side in sides)
    error = LEG_PIXELS_ERROR * (2 if scene.is_frontal_view else 1) * worse * value
    return Quantity(value, error, "thigh, shank and ankle height in the picture")


def _one_leg_px(track: Track, cycle: Cycle, stance: Stance, *, frontal: bool) -> float:
    """Leg length of one side in pixels from its folded keypoints; NaN where its stance isn't known."""
    middle = (stance.contact_phase[0] + 0.4 * float(stance.duration[0])) % 1
    if not np.isfinite(middle):
        return np.nan
    hip, knee, ankle, heel, toe = (
        cycle.mean[track.skeleton.index(f"{stance.side}_{joint}")]
        for joint in ("hip", "knee", "ankle", "heel", "foot_index")
    )
    bones = _length(hip - knee) + _length(knee - ankle)
    sole = np.maximum(heel[:, 1], toe[:, 1]) - ankle[:, 1]
    at = int(bones.argmax()) if frontal else int(middle * len(cycle.grid)) % len(cycle.grid)
    return float(bones[at] + max(sole[int(middle * len(cycle.grid)) % len(cycle.grid)], 0.0))


def _length(spans: FloatArray) -> FloatArray:
    """Lengths of vectors (g, 2)."""
    return np.asarray(np.hypot(spans[:, 0], spans[:, 1]), dtype=np.float64)
