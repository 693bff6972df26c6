"""A row per stride and side: from one initial contact to the next of the same foot."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gait.cycle import steady
from gait.model import SIDES, Cycle, Events, Side, Stance, Track
from gait.signals import TUKEY_CUT, evaluate_cycle, median_of_known

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = {
    "stride": int,
    "side": str,
    "file_time_s": float,
    "toe_off_s": float,
    "end_s": float,
    "time_s": float,
    "stride_time_s": float,
    "phase": float,
    "rejected": str,
}
MIN_SEEN = 0.5  # of a stride's frames
MIN_FITTING = 0.5  # of what is known of a leg in a stride: the points that lie on its folded cycle
# Of the leg's length: nearer than this, a point is where it may be when somebody only runs faster or tires.
ALWAYS_FITTING = 0.10
LEG_JOINTS = ("knee", "ankle", "heel", "foot_index")
MAX_PERIOD_CHANGE = 0.2  # of the median stride: a stride beyond it is a stumble, a cut or a fault of the track


def find_strides(
    events: Events,
    cycle: Cycle,
    stances: dict[Side, Stance],
    track: Track,
    *,
    capture_speed: float,
    seen: NDArray[np.bool_] | None = None,
) -> pd.DataFrame:
    """Strides with contact, toe-off and next contact in real seconds; the reason where one is rejected.

    `seen` (n,) tells the frames in which the runner was found, None for all: a stride in which he is hardly seen is
    rejected. So is one whose leg is hardly seen, whose leg doesn't move as in the other strides, or which lasts much
    longer or shorter than the others.

    Columns: stride (number in the clip), side, phase (of its contact), time_s and file_time_s (of its contact),
    toe_off_s, end_s, stride_time_s, rejected (empty: good).
    """
    import pandas as pd

    rows = []
    for side in SIDES:
        contacts = events.file_time_s[events.select("initial_contact", side)]
        toe_offs = events.file_time_s[events.select("toe_off", side)]
        for start, end in itertools.pairwise(contacts):
            inside = toe_offs[(toe_offs > start) & (toe_offs < end)]
            rows.append((side, start, float(inside[0]) if len(inside) else np.nan, end))
    table = pd.DataFrame(rows, columns=["side", "file_time_s", "toe_off_s", "end_s"])
    if table.empty:
        return no_strides()
    table["time_s"] = table["file_time_s"] * capture_speed
    table["toe_off_s"] *= capture_speed
    table["end_s"] *= capture_speed
    table["stride_time_s"] = table["end_s"] - table["time_s"]
    # Each contact lies a whole number of strides after the folded one.
    folded = np.array([stances[side].contact_phase[0] for side in table["side"]])
    measured = np.interp(table["file_time_s"], track.video.file_time_s, cycle.phase)
    table["phase"] = folded + np.round(measured - folded)
    found = np.ones(track.video.n_frames, dtype=bool) if seen is None else seen
    table["rejected"] = _rejections(table, track, cycle, found, capture_speed=capture_speed)
    table = table.sort_values("time_s", ignore_index=True)
    table.insert(0, "stride", table.groupby("side").cumcount())
    return table


def _rejections(
    table: pd.DataFrame, track: Track, cycle: Cycle, seen: NDArray[np.bool_], *, capture_speed: float
) -> list[str]:
    """Why each stride is rejected; empty where it is good."""
    change = (table["stride_time_s"] / table["stride_time_s"].median() - 1).abs()
    known, fitting = _fits(track, cycle)
    starts = np.searchsorted(track.video.file_time_s, table["file_time_s"])
    ends = np.searchsorted(track.video.file_time_s, table["end_s"] / capture_speed)
    reasons = []
    for side, start, end, off in zip(table["side"], starts, ends, change, strict=True):
        frames = slice(start, max(end, start + 1))
        of_leg = known[side][frames, :2].mean()  # knee and ankle: hidden feet have reasons of their own
        on_cycle = fitting[side][frames].sum() / max(known[side][frames].sum(), 1)
        if seen[frames].mean() < MIN_SEEN:
            reasons.append(f"the runner is seen in only {seen[frames].mean():.0%} of it")
        elif of_leg < MIN_SEEN:
            reasons.append(f"the {side} leg is seen in only {of_leg:.0%} of it")
        elif off > MAX_PERIOD_CHANGE:
            reasons.append(f"{off:.0%} longer or shorter than the median stride")
        elif on_cycle < MIN_FITTING:
            reasons.append(f"the {side} leg moves otherwise than in the other strides in {1 - on_cycle:.0%} of it")
        else:
            reasons.append("")
    return reasons


def _fits(track: Track, cycle: Cycle) -> tuple[dict[Side, NDArray[np.bool_]], dict[Side, NDArray[np.bool_]]]:
    """Which points (n, j) of each leg are known, and which lie on the folded cycle as other strides' points do.

    Or nearly on it: where the keypoints are good and the strides alike, points that do otherwise by a hand's breadth
    are a change of the running and no fault.
    """
    known: dict[Side, NDArray[np.bool_]] = {}
    fitting: dict[Side, NDArray[np.bool_]] = {}
    for side in SIDES:
        there, near = [], []
        for name in (f"{side}_{joint}" for joint in LEG_JOINTS if f"{side}_{joint}" in track.skeleton):
            k, point = track.skeleton.index(name), steady(track, name, window_s=cycle.period_s)
            folded = evaluate_cycle(cycle.coefficients[k], cycle.phase % 1).T
            usual_px = np.maximum(TUKEY_CUT * cycle.residual_px[k], ALWAYS_FITTING * _leg_px(track, side))
            there.append(np.isfinite(point).all(axis=1))
            near.append(there[-1] & ~(np.abs(point - folded) > usual_px).any(axis=1))
        known[side], fitting[side] = np.column_stack(there), np.column_stack(near)
    return known, fitting


def _leg_px(track: Track, side: Side) -> float:
    """Length of thigh and shank in the picture, the bend taken out of it; 0 where it isn't seen."""
    hip, knee, ankle = (track.point(f"{side}_{joint}") for joint in ("hip", "knee", "ankle"))
    lengths = np.hypot(*(hip - knee).T) + np.hypot(*(knee - ankle).T)
    return float(np.nan_to_num(median_of_known(lengths)))


def no_strides() -> pd.DataFrame:
    """The strides of a clip in which there are none."""
    import pandas as pd

    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in COLUMNS.items()})
