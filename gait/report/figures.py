"""Curves over the gait cycle and the course of metrics over the strides, as SVG that stands in the page itself."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from gait.model import SIDES, Analysis, AngleCurve, MetricInfo, Side, SideOrBoth
from gait.report.palette import ON_WHITE
from gait.report.readouts import is_angle_withheld, is_withheld, level_error_deg
from gait.report.wording import by_group, unit

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_INK, _MUTED, _GRID, _BOTH = "#1c2430", "#5a6472", "#e3e7ec", "#3d4654"
_LINES: Mapping[Side, Any] = {"left": "-", "right": (0, (6, 1.6))}
_MARKS: Mapping[SideOrBoth, str] = {"left": "o", "right": "s", "both": "o"}
_WIDTH_IN, _CURVE_HEIGHT_IN, _COURSE_HEIGHT_IN = 4.6, 2.75, 2.1
_MANY_POINTS = 1500  # beyond it the marks become a picture inside the SVG, which otherwise grows by megabytes
_MINUTES_FROM_S = 600.0
_STYLE: Any = {
    "svg.fonttype": "none",  # text stays text: sharp, searchable, in the font of the page
    "font.family": ["sans-serif"],
    "font.size": 10,
    "text.color": _INK,
    "axes.edgecolor": _MUTED,
    "axes.labelcolor": _MUTED,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": _GRID,
    "grid.linewidth": 0.8,
    "xtick.color": _MUTED,
    "ytick.color": _MUTED,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
}


@dataclass(frozen=True, slots=True)
class Panel:
    """A figure of the page: what it shows, the SVG, and a line below it."""

    title: str
    svg: str
    note: str = ""


def curve_panels(analysis: Analysis) -> tuple[Panel, ...]:
    """One panel per angle: mean and band of each side over the gait cycle.

    An angle whose level is too uncertain to be given as a value is drawn for its shape, and the note says so.
    """
    by_name: dict[str, list[AngleCurve]] = {}
    for curve in analysis.angles.curves:
        if not _is_left_out(analysis, curve):
            by_name.setdefault(curve.name, []).append(curve)
    panels = []
    for name, curves in by_name.items():
        panel = _curve_panel(name, curves)
        errors = [level_error_deg(analysis, name, curve.side) for curve in curves]
        known = [error for error in errors if error is not None]
        if known:
            caution = f"Read the shape, not the level: it may be off by {max(known):.0f} degrees as a whole."
            panel = replace(panel, note=f"{panel.note}. {caution}" if panel.note else caution)
        panels.append(panel)
    return tuple(panels)


def curves_left_out(analysis: Analysis) -> tuple[str, ...]:
    """The curves that aren't drawn since every metric read from them is withheld for another reason than its width."""
    return tuple(f"{curve.label} ({curve.side})" for curve in analysis.angles.curves if _is_left_out(analysis, curve))


def _is_left_out(analysis: Analysis, curve: AngleCurve) -> bool:
    withheld = is_angle_withheld(analysis, curve.name, curve.side)
    return withheld and level_error_deg(analysis, curve.name, curve.side) is None


def course_panels(analysis: Analysis) -> tuple[Panel, ...]:
    """One panel per metric that is shown: its value in each stride; strides that don't count are marked."""
    values = analysis.metrics.values
    panels = []
    for info in by_group(analysis.metrics.info.values()):
        sides = _shown_sides(analysis, info)
        if sides and info.name in values.columns and np.isfinite(values[info.name].to_numpy(np.float64)).any():
            panels.append(_course_panel(info, sides, values))
    return tuple(panels)


def _shown_sides(analysis: Analysis, info: MetricInfo) -> tuple[SideOrBoth, ...]:
    sides: tuple[SideOrBoth, ...] = SIDES if info.per_side else ("both",)
    return tuple(
        side for side in sides
        if analysis.metrics.get(info.name, side) is not None and not is_withheld(analysis, info.name, side)
    )  # fmt: skip


def _framed(height_in: float) -> tuple[Figure, Axes]:
    """A figure whose axes stand in the same place in every panel, so that panels line up in the page."""
    figure = Figure(figsize=(_WIDTH_IN, height_in))
    left_in, right_in, bottom_in, top_in = 0.78, 0.16, 0.48, 0.1
    width, height = 1 - (left_in + right_in) / _WIDTH_IN, 1 - (bottom_in + top_in) / height_in
    return figure, figure.add_axes((left_in / _WIDTH_IN, bottom_in / height_in, width, height))


def _curve_panel(name: str, curves: Sequence[AngleCurve]) -> Panel:
    with mpl.rc_context({**_STYLE, "svg.hashsalt": f"curve {name}"}):
        figure, axes = _framed(_CURVE_HEIGHT_IN)
        for curve in curves:
            colour = ON_WHITE[curve.side]
            axes.fill_between(curve.percent, curve.low, curve.high, color=colour, alpha=0.14, linewidth=0)
            axes.plot(curve.percent, curve.mean, color=colour, linewidth=2, linestyle=_LINES[curve.side])
            if curve.toe_off_percent is not None:
                axes.axvline(curve.toe_off_percent, color=colour, linewidth=1, linestyle=(0, (2, 2)))
        lift = [c.toe_off_percent for c in curves if c.toe_off_percent is not None]
        if lift:
            axes.annotate(
                "toe-off", (max(lift), 1), xycoords=("data", "axes fraction"), xytext=(4, -9),
                textcoords="offset points", color=_MUTED, fontsize=9,
            )  # fmt: skip
        axes.set(xlim=(0, 100), xlabel="% of gait cycle, from initial contact", ylabel=unit(curves[0].unit))
        axes.margins(y=0.08)
        alt = f"{curves[0].label} over the gait cycle, {' and '.join(c.side for c in curves)}"
        strides = ", ".join(f"{curve.side} {curve.n_strides}" for curve in curves)
        return Panel(curves[0].label, _svg(figure, alt), f"Strides: {strides}")


def _course_panel(info: MetricInfo, sides: Sequence[SideOrBoth], values: pd.DataFrame) -> Panel:
    with mpl.rc_context({**_STYLE, "svg.hashsalt": f"course {info.name}"}):
        figure, axes = _framed(_COURSE_HEIGHT_IN)
        in_minutes = float(values["time_s"].max() - values["time_s"].min()) > _MINUTES_FROM_S
        per_s = 1 / 60 if in_minutes else 1.0
        n_rejected = sum(_draw_course(axes, info.name, side, values, per_s) for side in sides)
        axes.set(xlabel=f"time, {'min' if in_minutes else 's'}", ylabel=unit(info.unit))
        axes.margins(x=0.03, y=0.12)
        note = f"× not counted: {n_rejected}" if n_rejected else ""
        return Panel(info.label, _svg(figure, f"{info.label} in each stride"), note)


def _draw_course(axes: Axes, name: str, side: SideOrBoth, values: pd.DataFrame, per_s: float) -> int:
    """Draw one side's strides; gives how many of them are marked as not counted."""
    mine = values if side == "both" else values[values["side"] == side]
    mine = mine[np.isfinite(mine[name].to_numpy(np.float64))]
    rejected = (mine["rejected"].fillna("") != "").to_numpy()
    time, value = mine["time_s"].to_numpy(np.float64) * per_s, mine[name].to_numpy(np.float64)
    colour = _BOTH if side == "both" else ON_WHITE[side]
    many = len(mine) > _MANY_POINTS
    size = 7 if many else 22
    axes.scatter(
        time[~rejected], value[~rejected], s=size, color=colour, marker=_MARKS[side], linewidths=0,
        alpha=0.85, rasterized=many,
    )  # fmt: skip
    axes.scatter(time[rejected], value[rejected], s=26, color=colour, marker="x", linewidths=1.4, alpha=0.7)
    return int(rejected.sum())


def _svg(figure: Figure, alt: str) -> str:
    """A figure as an SVG element that scales with the page and says what it shows."""
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None}, transparent=True, dpi=150)
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"\s*<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r'<g id="[a-zA-Z]\w*_\d+">', "<g>", text)  # names repeat from figure to figure, and nothing uses them
    view_box = re.search(r'viewBox="[^"]+"', text)
    opening = f'<svg xmlns:xlink="http://www.w3.org/1999/xlink" {view_box.group() if view_box else ""}'
    return re.sub(r"<svg[^>]*>", lambda _: f'{opening} role="img" aria-label="{escape(alt)}">', text, count=1).strip()
