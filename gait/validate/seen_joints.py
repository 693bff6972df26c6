"""A pose model's keypoints beside the joints that were painted."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from gait.model import SIDES, FloatArray, Side, Track
from gait.validate.compare import KnownEvents, Place
from gait.validate.rows import Row

LEG = ("hip", "knee", "ankle", "heel", "foot_index")
MOVING = LEG[1:]  # what changes legs
# Legs count as exchanged where the exchange fits much better than the names, and only where the legs are apart at all.
MUCH_BETTER, APART_LEG_LENGTHS = 0.7, 0.15
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


def _off(track: Track, true_px: Mapping[str, FloatArray], name: str, true_name: str) -> FloatArray:
    """Distance (n,) of a keypoint from a joint."""
    return np.asarray(np.linalg.norm(track.point(name) - true_px[true_name], axis=1), dtype=np.float64)


def _exchanged(track: Track, true_px: Mapping[str, FloatArray], leg_px: float) -> Mask:
    """Frames (n,) whose legs lie on each other's joints."""

    def cost(left: Side, right: Side) -> FloatArray:
        pairs = (("left", left), ("right", right))
        off = [_off(track, true_px, f"{a}_{joint}", f"{b}_{joint}") for a, b in pairs for joint in MOVING]
        return np.asarray(np.sum(off, axis=0), dtype=np.float64)

    apart = np.mean([np.linalg.norm(true_px[f"left_{j}"] - true_px[f"right_{j}"], axis=1) for j in MOVING], axis=0)
    better = cost("right", "left") < MUCH_BETTER * cost("left", "right")
    return np.asarray(better & (apart > APART_LEG_LENGTHS * leg_px), dtype=np.bool_)


def _stance(events: KnownEvents, side: Side, time_s: FloatArray) -> Mask:
    """Frames (n,) in which a foot is on the ground."""
    contact_s, toe_off_s = events.contact_s[side], events.toe_off_s[side]
    last = np.searchsorted(contact_s, time_s, side="right") - 1
    return np.asarray((last >= 0) & (time_s <= toe_off_s[np.maximum(last, 0)]), dtype=np.bool_)
