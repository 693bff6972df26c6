"""The runner standing: what every angle is at rest, to be taken off."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gait.metrics.base import Leg, in_order
from gait.model import (
    SIDES,
    Calibration,
    MetricSummary,
    MetricTable,
    Quantity,
    Scene,
    SideOrBoth,
    Track,
)
from gait.signals import median_of_known, moving_average, robust_sd, runs

SHORTEST_S = 1.0
FEWEST_FRAMES = 3
STILL_LEG_LENGTHS_PER_S = 0.25  # faster than this, averaged over a quarter of a second, nobody stands
STRAIGHT_DEG = 30.0  # knees that are bent further don't stand
LOOK_S = 0.25
# In leg lengths: a foot seen from the side is 0.2 long, shoulders seen from the rear or front are 0.4 apart.
FOOT_ALONG, SHOULDERS_ACROSS = 0.1, 0.2
Z95 = 1.96
_JOINTS = ("hip", "knee", "ankle")


@dataclass(frozen=True, slots=True)
class Standing:
    """The angles of a runner who stands, by metric and side, each with its error; and where they come from."""

    values: Mapping[tuple[str, SideOrBoth], Quantity]
    source: str


def standing_frames(track: Track) -> tuple[int, int] | None:
    """First and one past the last frame of the longest time for which the runner stands, None where nobody does."""
    time_s = track.video.file_time_s
    if len(time_s) < FEWEST_FRAMES or not _leg_px(track) > 0:
        return None
    found = [ends for ends in runs(_still(track)) if time_s[ends[1] - 1] - time_s[ends[0]] >= SHORTEST_S]
    return max(found, key=lambda ends: ends[1] - ends[0]) if found else None


def standing_before_run(track: Track) -> tuple[int, int] | None:
    """The same where more comes after the standing than before: who stands after the run is tired."""
    frames = standing_frames(track)
    return frames if frames is not None and track.video.n_frames - frames[1] > frames[0] else None


def _still(track: Track) -> NDArray[np.bool_]:
    """Frames (n,) in which hips, knees and ankles stay where they are, and the knees are straight."""
    time_s = track.video.file_time_s
    leg_px = _leg_px(track)
    speeds = []
    for name in (f"{side}_{joint}" for side in SIDES for joint in _JOINTS):
        smooth = np.stack([moving_average(axis, time_s, window_s=LOOK_S) for axis in track.point(name).T], axis=1)
        speeds.append(np.hypot(*np.gradient(smooth, time_s, axis=0).T) / leg_px)
    bent = [_bend_deg(track, side) for side in SIDES]
    still = (np.array(speeds) < STILL_LEG_LENGTHS_PER_S).all(axis=0) & (np.array(bent) < STRAIGHT_DEG).all(axis=0)
    return np.asarray(still, dtype=np.bool_)


def _leg_px(track: Track) -> float:
    """Thigh and shank, mean of both legs."""
    ends = [(f"{side}_{a}", f"{side}_{b}") for side in SIDES for a, b in itertools.pairwise(_JOINTS)]
    return float(np.sum([median_of_known(np.hypot(*(track.point(a) - track.point(b)).T)) for a, b in ends])) / 2


def _bend_deg(track: Track, side: str) -> NDArray[np.float64]:
    """How far a knee is bent in the picture (n,), whichever way."""
    hip, knee, ankle = (track.point(f"{side}_{joint}") for joint in _JOINTS)
    upper, lower = knee - hip, ankle - knee
    cosine = (upper * lower).sum(axis=1) / (np.hypot(*upper.T) * np.hypot(*lower.T))
    return np.asarray(np.degrees(np.arccos(np.clip(cosine, -1, 1))), dtype=np.float64)


def standing_posture(track: Track, scene: Scene, *, source: str) -> Standing:
    """What every metric's angle is in a track of a runner who stands, turned upright as the run's.

    The error is the sway's: one independent look a second.
    """
    nothing = Calibration(Quantity(1.0, 0.0, ""))
    looks = max(track.video.duration_s, 1.0)
    values: dict[tuple[str, SideOrBoth], Quantity] = {}
    for name, metric in in_order().items():
        if metric.posture is None or metric.info.view != ("side" if scene.is_side_view else "frontal"):
            continue
        sides: tuple[SideOrBoth, ...] = SIDES if metric.info.per_side else ("both",)
        for side in sides:
            seen = (scene.near_side or "left") if side == "both" else side
            leg = Leg(seen, track, scene, None, {}, nothing, pd.DataFrame(), pd.DataFrame())  # type: ignore[arg-type]
            angle = metric.posture(leg)
            value, sway = float(median_of_known(angle)), float(robust_sd(angle))
            if np.isfinite([value, sway]).all():
                values[name, side] = Quantity(value, Z95 * sway / float(np.sqrt(looks)), source)
    return Standing(values, source)


def faces_as(track: Track, scene: Scene) -> bool:
    """Whether a runner who stands is seen as the run is.

    From the side the feet point to where it goes, from the rear and front the shoulders lie across the picture, with
    the same one on the left.
    """
    leg_px = _leg_px(track)
    shoulders = float(median_of_known((track.point("right_shoulder") - track.point("left_shoulder"))[:, 0])) / leg_px
    if scene.is_side_view:
        along = [(track.point(f"{side}_foot_index") - track.point(f"{side}_heel"))[:, 0] for side in SIDES]
        points = float(median_of_known(np.concatenate(along))) / leg_px
        return points * scene.direction > FOOT_ALONG and abs(shoulders) < SHOULDERS_ACROSS
    return shoulders * (1 if scene.view == "rear" else -1) > SHOULDERS_ACROSS


def over_standing(table: MetricTable, standing: Standing) -> MetricTable:
    """The table with what each angle is over its value in standing; what is withheld stays so.

    The interval is no narrower than that of the angle itself: where the pose model puts a joint isn't quite the same in
    a bent leg and in a straight one.
    """
    return replace(table, summary=tuple(_over(summary, standing) for summary in table.summary))


def _over(summary: MetricSummary, standing: Standing) -> MetricSummary:
    rest = standing.values.get((summary.name, summary.side))
    if rest is None or summary.estimate is None or summary.ci95 is None:
        return summary
    error = float(np.hypot((summary.ci95[1] - summary.ci95[0]) / 2, rest.error))
    return replace(summary, over_standing=Quantity(summary.estimate - rest.value, error, rest.source))
