"""A row per stride and side: from one initial contact to the next of the same foot."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gait.model import SIDES, Cycle, Events, FloatArray, Side, Stance

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
MAX_PERIOD_CHANGE = 0.2  # of the median stride: a stride beyond it is a stumble, a cut or a fault of the track


def find_strides(
    events: Events,
    cycle: Cycle,
    stances: dict[Side, Stance],
    file_time_s: FloatArray,
    *,
    capture_speed: float,
    seen: NDArray[np.bool_] | None = None,
) -> pd.DataFrame:
    """Strides with contact, toe-off and next contact in real seconds; the reason where one is rejected.

    `seen` (n,) tells the frames in which the runner was found, None for all: a stride in which he is hardly seen is
    rejected.

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
    measured = np.interp(table["file_time_s"], file_time_s, cycle.phase)
    table["phase"] = folded + np.round(measured - folded)
    found = np.ones(len(file_time_s), dtype=bool) if seen is None else seen
    table["rejected"] = _rejections(table, file_time_s * capture_speed, found)
    table = table.sort_values("time_s", ignore_index=True)
    table.insert(0, "stride", table.groupby("side").cumcount())
    return table


def _rejections(table: pd.DataFrame, time_s: FloatArray, seen: NDArray[np.bool_]) -> list[str]:
    """Why each stride is rejected; empty where it is good."""
    change = (table["stride_time_s"] / table["stride_time_s"].median() - 1).abs()
    reasons = []
    for start, end, off in zip(table["time_s"], table["end_s"], change, strict=True):
        frames = seen[slice(*np.searchsorted(time_s, [start, end]))]
        share = float(frames.mean()) if len(frames) else 0.0
        if share < MIN_SEEN:
            reasons.append(f"the runner is seen in only {share:.0%} of it")
        elif off > MAX_PERIOD_CHANGE:
            reasons.append(f"{off:.0%} longer or shorter than the median stride")
        else:
            reasons.append("")
    return reasons


def no_strides() -> pd.DataFrame:
    """The strides of a clip in which there are none."""
    import pandas as pd

    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in COLUMNS.items()})
