"""The true metrics of a runner whose joints and events are known, against which an analysis is checked.

Computed from joints in the room and true events by the metrics' written definitions, and by nothing of `gait.metrics`:
side views see the plane of x (forward) and y (up), rear and front views that of z (to the right) and y. A camera sees
them in perspective; that is part of the camera's error, not of the truth.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gait.model import SIDES, FloatArray, Side, SideOrBoth, other_side
from gait.simulate import truth_frontal, truth_side
from gait.simulate.source import Moving
from gait.simulate.truth_frontal import OUTWARD, frontal_truths
from gait.simulate.truth_side import MIDSTANCE

if TYPE_CHECKING:
    import pandas as pd

OF_A_CLIP = (
    "stride_time_cv_pct",
    "step_time_asymmetry_pct",
    "contact_time_asymmetry_pct",
)  # not of single strides
OF_BOTH_LEGS = ("cadence_spm", "stride_time_s", *truth_side.OF_BOTH_LEGS, "step_width_cm", "step_width_leg_lengths")
PER_SIDE = (
    "step_time_s",
    "contact_time_s",
    "flight_time_s",
    "duty_factor",
    *truth_side.PER_SIDE,
    *truth_frontal.PER_SIDE,
)


def true_metrics(moving: Moving, *, start_s: float = 0.0, end_s: float | None = None) -> pd.DataFrame:
    """All metrics of every whole stride between two times, a row per stride and side, by time of contact.

    Columns: side, time_s (contact), toe_off_s, end_s (the next contact of the same foot), then the metrics by name.
    NaN where the stride lacks the other foot's contact, or the runner lacks a joint.
    """
    import pandas as pd

    end_s = moving.duration_s if end_s is None else end_s
    tables = [_strides(moving, side, start_s, end_s) for side in SIDES]
    return pd.concat([pd.DataFrame(table) for table in tables]).sort_values("time_s", ignore_index=True)


def clip_truth(
    moving: Moving, *, start_s: float = 0.0, end_s: float | None = None
) -> dict[tuple[str, SideOrBoth], float]:
    """What the summary of a clip should say: by metric and side, the mean over its strides.

    The sides are those of the summaries: "both" for what is no leg's own, else "left" and "right". Cadence is 60 over
    the slope of the contact times of both legs over the step number. What can't be known is left out.
    """
    end_s = moving.duration_s if end_s is None else end_s
    strides = true_metrics(moving, start_s=start_s, end_s=end_s)
    means: dict[tuple[str, SideOrBoth], float] = {}
    for name in OF_BOTH_LEGS:
        means[name, "both"] = float(strides[name].mean())
    for side in SIDES:
        for name in PER_SIDE:
            means[name, side] = float(strides.loc[strides["side"] == side, name].mean())
    contacts = np.sort(np.concatenate([moving.contact_s[side] for side in SIDES]))
    contacts = contacts[(contacts >= start_s) & (contacts <= end_s)]
    if len(contacts) > 1:
        means["cadence_spm", "both"] = 60 / float(np.polyfit(np.arange(len(contacts)), contacts, 1)[0])
    return {key: value for key, value in means.items() if np.isfinite(value)}


def clip_variation(moving: Moving, *, start_s: float, end_s: float) -> dict[tuple[str, SideOrBoth], float]:
    """How the stride times vary about their trend and how the legs differ, in per cent, of a clip.

    Not in `clip_truth`, whose values are means of strides.
    """
    strides = true_metrics(moving, start_s=start_s, end_s=end_s)
    legs = [strides[strides["side"] == side] for side in SIDES]
    variances = []
    for leg in legs:
        stride_s, order = leg["stride_time_s"].to_numpy(dtype=np.float64), np.arange(len(leg))
        left_s = stride_s - np.polyval(np.polyfit(order, stride_s, 1), order)
        variances.append(float((left_s**2).sum() / (len(leg) - 2)))
    truths = {"stride_time_cv_pct": 100 * np.sqrt(np.mean(variances)) / strides["stride_time_s"].mean()}
    for name in ("step_time", "contact_time"):
        left, right = (float(leg[f"{name}_s"].mean()) for leg in legs)
        truths[f"{name}_asymmetry_pct"] = 100 * (right - left) / (0.5 * (right + left))
    return {(name, "both"): float(value) for name, value in truths.items() if np.isfinite(value)}


def leg_length_m(moving: Moving, side: Side) -> float:
    """Hip to floor, standing: thigh, shank and the ankle's height over the belt, median over the midstances.

    NaN where the runner makes no whole stride.
    """
    contact, toe_off, _ = _times(moving, side, 0.0, moving.duration_s)
    if not len(contact):
        return float("nan")
    joints = moving.joints_at(contact + MIDSTANCE * (toe_off - contact))
    hip, knee, ankle = (joints[f"{side}_{joint}"] for joint in ("hip", "knee", "ankle"))
    bones = np.linalg.norm(hip - knee, axis=1) + np.linalg.norm(knee - ankle, axis=1)
    return float(np.median(bones + ankle[:, 1]))


def _times(moving: Moving, side: Side, start_s: float, end_s: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Contact, toe-off and next contact (s,) of the whole strides of one foot between two times."""
    contacts, toe_offs = moving.contact_s[side], moving.toe_off_s[side]
    contacts = contacts[(contacts >= start_s) & (contacts <= end_s)]
    contact, end = contacts[:-1], contacts[1:]
    toe_off = _first_after(toe_offs, contact)
    lifted = toe_off < end
    return contact[lifted], toe_off[lifted], end[lifted]


def _first_after(times: FloatArray, starts: FloatArray) -> FloatArray:
    """The first of the sorted times (t,) after each start (s,); NaN where there is none."""
    return np.asarray(np.r_[times, np.nan][np.searchsorted(times, starts, side="right")], dtype=np.float64)


def _strides(moving: Moving, side: Side, start_s: float, end_s: float) -> dict[str, object]:
    """The table's columns of one leg."""
    contact, toe_off, end = _times(moving, side, start_s, end_s)
    stride_s, contact_s = end - contact, toe_off - contact
    other = _first_after(moving.contact_s[other_side(side)], contact)
    other = np.where(other < end, other, np.nan)
    leg_m, width_cm = leg_length_m(moving, side), _step_width_cm(moving, side, contact, toe_off)
    return {
        "side": [side] * len(contact),
        "time_s": contact,
        "toe_off_s": toe_off,
        "end_s": end,
        "cadence_spm": 120 / stride_s,
        "stride_time_s": stride_s,
        "step_time_s": other - contact,
        "contact_time_s": contact_s,
        "flight_time_s": other - toe_off,
        "duty_factor": contact_s / stride_s,
        **truth_side.side_truths(moving, side, (contact, toe_off, end), other, leg_m),
        **frontal_truths(moving, side, contact, toe_off, leg_m),
        "step_width_cm": width_cm,
        "step_width_leg_lengths": width_cm / 100 / leg_m,
    }


def _step_width_cm(moving: Moving, side: Side, contact: FloatArray, toe_off: FloatArray) -> FloatArray:
    """How far outward of the other foot's next midstance this foot's is (s,), at the ankles."""
    mine_s = contact + MIDSTANCE * (toe_off - contact)
    other = other_side(side)
    next_contact = _first_after(moving.contact_s[other], contact)
    next_toe_off = _first_after(moving.toe_off_s[other], next_contact)
    other_s = next_contact + MIDSTANCE * (next_toe_off - next_contact)
    known = np.isfinite(other_s)
    width = np.full(len(contact), np.nan)
    mine, others = moving.joints_at(mine_s[known])[f"{side}_ankle"], moving.joints_at(other_s[known])[f"{other}_ankle"]
    width[known] = 100 * OUTWARD[side] * (mine - others)[:, 2]
    return width
