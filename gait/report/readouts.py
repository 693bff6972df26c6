"""Which angles of a frame may be shown, under which short name.

An angle whose metrics are all withheld for a side is not shown for it: no picture says what the report doesn't.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gait.model import SIDES, Analysis, FloatArray, SideOrBoth


@dataclass(frozen=True, slots=True)
class _Kind:
    stem: str
    label: str
    metrics: tuple[str, ...]


_KINDS = (
    _Kind("knee_flexion_deg", "knee flexion", ("knee_flexion_at_contact_deg", "peak_stance_knee_flexion_deg")),
    _Kind("shank_angle_deg", "shank angle", ("shank_angle_at_contact_deg",)),
    _Kind("trunk_lean_deg", "trunk lean", ("trunk_lean_deg",)),
    _Kind("frontal_plane_projection_deg", "projection angle", ("frontal_plane_projection_deg",)),
    _Kind("femoral_adduction_deg", "femoral adduction", ("femoral_adduction_deg",)),
    _Kind("contralateral_pelvic_drop_deg", "pelvic drop", ("contralateral_pelvic_drop_deg",)),
    _Kind("lateral_trunk_lean_deg", "sideways lean", ("lateral_trunk_lean_deg",)),
)


@dataclass(frozen=True, slots=True, eq=False)
class Readout:
    """One angle over the frames (n,), degrees, NaN where it isn't shown."""

    stem: str
    label: str
    side: SideOrBoth
    values: FloatArray


def readouts(analysis: Analysis) -> tuple[Readout, ...]:
    """The angles of every frame that may be shown."""
    table = analysis.angles.table
    found = []
    sides: tuple[SideOrBoth, ...] = (*SIDES, "both")
    for kind in _KINDS:
        for side in sides:
            column = kind.stem if side == "both" else f"{side}_{kind.stem}"
            if column not in table.columns or is_angle_withheld(analysis, kind.stem, side):
                continue
            values = np.asarray(table[column], dtype=np.float64)
            if np.isfinite(values).any():
                found.append(Readout(kind.stem, kind.label, side, values))
    return tuple(found)


def is_angle_withheld(analysis: Analysis, stem: str, side: SideOrBoth) -> bool:
    """Whether all metrics that are read from an angle are withheld for a side; False where there are none."""
    names = next((kind.metrics for kind in _KINDS if kind.stem == stem), ())
    found = [s for s in analysis.metrics.summary if s.name in names and s.side in (side, "both")]
    return bool(found) and all(summary.withheld for summary in found)


def level_error_deg(analysis: Analysis, stem: str, side: SideOrBoth) -> float | None:
    """How far off a withheld angle may be, where it is seen and only its level is too uncertain; else None."""
    names = next((kind.metrics for kind in _KINDS if kind.stem == stem), ())
    found = [s for s in analysis.metrics.summary if s.name in names and s.side in (side, "both")]
    widths = [s.too_wide for s in found if s.too_wide is not None]
    return max(widths) if widths and all(summary.withheld for summary in found) else None


def is_withheld(analysis: Analysis, name: str, side: SideOrBoth) -> bool:
    """Whether a metric has a reason not to be shown for a side; False where there is no summary of it."""
    summary = analysis.metrics.get(name, side)
    return summary is not None and bool(summary.withheld)
