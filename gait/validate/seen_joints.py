"""A pose model's keypoints beside the joints that were painted."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from gait.clean import repair
from gait.clean.identity import exchange_legs
from gait.config import Config
from gait.model import SIDES, Analysis, FloatArray, Side, Track, other_side
from gait.signals import turn_deg
from gait.validate.compare import KnownEvents, Place
from gait.validate.rows import Row

LEG = ("hip", "knee", "ankle", "heel", "foot_index")
MOVING = LEG[1:]  # what changes legs
# Legs count as exchanged where the exchange fits much better than the names, and only where the legs are apart at all.
MUCH_BETTER, APART_LEG_LENGTHS = 0.7, 0.15
TELLABLE_LEG_LENGTHS = 0.05  # between the ankles: nearer than that, nobody can tell the legs
Mask = NDArray[np.bool_]


def joint_rows(
    place: Place,
    track: Track,
    true_px: Mapping[str, FloatArray],
    *,
    time_s: FloatArray,
    events: KnownEvents,
    leg_px: float,
    near_side: Side | None,
) -> list[Row]:
    """How many frames have a person and the legs under their own names, and how far joints are off in stance.

    `true_px` (n, 2) are the joints' pixels in the frames at `time_s` (n,). Joint errors are medians over the frames of
    stance whose legs aren't exchanged, in per cent of the leg's length: of the near leg, or of both from the rear and
    front. The shank's length varies by its SD over its mean.
    """
    found = np.isfinite(track.point("mid_hip")).all(axis=1)
    exchanged = found & _exchanged(track, true_px, leg_px)
    sides: tuple[Side, ...] = (near_side,) if near_side else SIDES
    in_stance = {side: found & ~exchanged & _stance(events, side, time_s) for side in sides}
    rows = [
        place.share("person_found", float(found.mean())),
        place.share("legs_not_exchanged", float(1 - exchanged[found].mean()) if found.any() else 0.0),
    ]
    for joint in LEG:
        off = [_off(track, true_px, f"{side}_{joint}", f"{side}_{joint}")[in_stance[side]] for side in sides]
        error = float(np.nanmedian(np.concatenate(off)) / leg_px)
        rows.append(place.row(f"{joint}_off_leg_lengths", "leg lengths", 0.0, error))
    if near_side:
        shank = np.linalg.norm(track.point(f"{near_side}_knee") - track.point(f"{near_side}_ankle"), axis=1)[found]
        rows.append(place.row("shank_length_variation", "ratio", 0.0, float(np.nanstd(shank) / np.nanmean(shank))))
    return rows


def repair_rows(
    place: Place, analysis: Analysis, true_px: Mapping[str, FloatArray], *, leg_px: float, near_side: Side | None
) -> list[Row]:
    """What the repair makes of the legs: frames with the right one, and the near knee's angle beside an oracle's.

    The oracle gives each leg the points that lie nearer to it, as nobody could who doesn't know the truth; all that
    follows is the same. Counted are the frames whose ankles are more than 5 % of the leg's length apart.
    """
    ankles = true_px["left_ankle"] - true_px["right_ankle"]
    apart = np.linalg.norm(ankles, axis=1) > TELLABLE_LEG_LENGTHS * leg_px
    own, crossed = (_cost(analysis.track, true_px, exchanged=exchanged) for exchanged in (False, True))
    rows = [place.share("legs_right", float((own <= crossed)[apart].mean()))]
    if near_side and analysis.cycle is not None:
        raw, config = analysis.raw_track, Config()
        crossed_over = _cost(raw, true_px, exchanged=True) < _cost(raw, true_px, exchanged=False)
        oracle, _ = repair(exchange_legs(raw, crossed_over), analysis.scene, config.clean, config.cycle)
        for name, track in (("near_knee_curve_deg", analysis.track), ("near_knee_curve_oracle_deg", oracle)):
            rows.append(place.row(name, "deg", 0.0, _knee_error_deg(track, true_px, near_side), side=near_side))
    return rows


def _knee_error_deg(track: Track, true_px: Mapping[str, FloatArray], side: Side) -> float:
    """Root mean square error of one knee's angle in the picture over the clip."""
    chain = [f"{side}_{joint}" for joint in ("hip", "knee", "ankle")]
    error = turn_deg(*(track.point(name) for name in chain)) - turn_deg(*(true_px[name] for name in chain))
    return float(np.sqrt(np.nanmean(((error + 180) % 360 - 180) ** 2)))


def _cost(track: Track, true_px: Mapping[str, FloatArray], *, exchanged: bool) -> FloatArray:
    """Summed distance (n,) of the legs' points from their own joints, or from the other leg's; 0 where unknown."""
    pairs = [(side, other_side(side) if exchanged else side) for side in SIDES]
    off = [_off(track, true_px, f"{a}_{joint}", f"{b}_{joint}") for a, b in pairs for joint in MOVING]
    return np.asarray(np.nansum(off, axis=0), dtype=np.float64)


def _off(track: Track, true_px: Mapping[str, FloatArray], name: str, true_name: str) -> FloatArray:
    """Distance (n,) of a keypoint from a joint."""
    return np.asarray(np.linalg.norm(track.point(name) - true_px[true_name], axis=1), dtype=np.float64)


def _exchanged(track: Track, true_px: Mapping[str, FloatArray], leg_px: float) -> Mask:
    """Frames (n,) whose legs lie on each other's joints."""
    apart = np.mean([np.linalg.norm(true_px[f"left_{j}"] - true_px[f"right_{j}"], axis=1) for j in MOVING], axis=0)
    own, crossed = (_cost(track, true_px, exchanged=exchanged) for exchanged in (False, True))
    better = crossed < MUCH_BETTER * own
    return np.asarray(better & (apart > APART_LEG_LENGTHS * leg_px), dtype=np.bool_)


def _stance(events: KnownEvents, side: Side, time_s: FloatArray) -> Mask:
    """Frames (n,) in which a foot is on the ground."""
    contact_s, toe_off_s = events.contact_s[side], events.toe_off_s[side]
    last = np.searchsorted(contact_s, time_s, side="right") - 1
    return np.asarray((last >= 0) & (time_s <= toe_off_s[np.maximum(last, 0)]), dtype=np.bool_)
