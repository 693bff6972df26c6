"""Angles of every frame, and their mean curves over the gait cycle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from gait.cycle import fold_signal
from gait.metrics.base import Leg
from gait.model import SIDES, AngleCurve, Angles, Calibration, Cycle, FloatArray, Scene, Side, Stance, Track, Video
from gait.signals import evaluate_cycle, lowpass, robust_sd

SIDE_ANGLES = {"knee_flexion_deg": "Knee flexion", "shank_angle_deg": "Shank angle"}
TRUNK_ANGLE = ("trunk_lean_deg", "Forward trunk lean")
FRONTAL_ANGLES = {
    "frontal_plane_projection_deg": "Frontal plane projection angle",
    "femoral_adduction_deg": "Femoral adduction",
    "lateral_trunk_lean_deg": "Lateral trunk lean",
}
MAX_CUTOFF_HZ = 10.0  # of the angles shown frame by frame; a fifth of the frame rate where that is lower


def frame_angles(
    track: Track, scene: Scene, cycle: Cycle | None, stances: Mapping[Side, Stance], calibration: Calibration
) -> Angles:
    """Angles of every frame, low-passed for reading, and their mean curves from contact to contact.

    The curves come from the unfiltered angles folded on the stride's phase; their band is one robust standard deviation
    of the frames around them. No curves where there are no strides; a leg that can't be believed has none.
    """
    import pandas as pd

    n = track.video.n_frames
    file_time_s = track.video.file_time_s
    table = pd.DataFrame({"frame": np.arange(n), "file_time_s": file_time_s})
    table["time_s"] = file_time_s * calibration.capture_speed.value
    table["phase"] = cycle.phase if cycle is not None else np.nan
    cutoff_hz = min(MAX_CUTOFF_HZ, float(track.video.fps) / 5)
    curves = []
    for column, label, side, raw in _angles(track, scene, cycle, stances, calibration):
        table[column] = lowpass(raw, file_time_s, cutoff_hz=cutoff_hz)
        stance = stances.get(side)
        if cycle is not None and stance is not None and not stance.withheld and np.isfinite(raw).sum() > 60:
            curves.append(_curve(column.removeprefix(f"{side}_"), label, stance, cycle, raw))
    return Angles(table, tuple(curves))


def angles_in_whole_clip(angles: Angles, video: Video, segment: tuple[int, int], calibration: Calibration) -> Angles:
    """The angles of a segment with a row for every frame of the clip, empty in the others."""
    table = angles.table.set_index(np.arange(*segment)).reindex(np.arange(video.n_frames))
    table["frame"], table["file_time_s"] = np.arange(video.n_frames), video.file_time_s
    table["time_s"] = video.file_time_s * calibration.capture_speed.value
    return replace(angles, table=table)


def _angles(
    track: Track, scene: Scene, cycle: Cycle | None, stances: Mapping[Side, Stance], calibration: Calibration
) -> list[tuple[str, str, Side, FloatArray]]:
    """Column, label, side and values (n,) of the angles that the view allows."""
    import pandas as pd

    names = SIDE_ANGLES if scene.is_side_view else FRONTAL_ANGLES if scene.is_frontal_view else {}
    found = []
    for side in SIDES:
        leg = Leg(side, track, scene, cycle, dict(stances), calibration, pd.DataFrame(), pd.DataFrame())  # type: ignore[arg-type]
        found += [(f"{side}_{name}", label, side, getattr(leg, name)) for name, label in names.items()]
        if scene.is_side_view and side == scene.near_side:
            found.append((*TRUNK_ANGLE, side, leg.trunk_lean_deg))
    return found


def _curve(name: str, label: str, stance: Stance, cycle: Cycle, raw: FloatArray) -> AngleCurve:
    """The mean curve of one angle from initial contact to the next, with its band."""
    percent = np.linspace(0, 100, 101)
    contact = float(stance.contact_phase[0])
    folded = fold_signal(cycle, raw)[0]
    mean = evaluate_cycle(folded, (contact + percent / 100) % 1)
    residual = raw - evaluate_cycle(folded, cycle.phase % 1)
    at = (cycle.phase - contact) % 1 * 100
    spread = np.full(len(percent), np.nan)
    for i, centre in enumerate(percent):
        near = np.abs((at - centre + 50) % 100 - 50) <= 5
        spread[i] = float(robust_sd(residual[near])) if np.isfinite(residual[near]).sum() > 3 else np.nan
    duration = float(stance.duration[0])
    toe_off = 100 * duration if np.isfinite(duration) else None
    n_strides = len(cycle.stride_start_s) - 1
    return AngleCurve(name, label, stance.side, "deg", percent, mean, mean - spread, mean + spread, n_strides, toe_off)
