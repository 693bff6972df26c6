"""The plots of docs/accuracy.md: errors by condition, estimate against truth, how often intervals hold the truth."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from gait.report.palette import ON_WHITE
from gait.validate.labels import Label, label_of
from gait.validate.rows import Row
from gait.validate.statistics import Figures, Intervals

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_INK, _MUTED, _GRID, _FAINT = "#1c2430", "#5a6472", "#e3e7ec", "#aab3bf"
_COLOURS = (ON_WHITE["left"], ON_WHITE["right"], "#4b7a3a", "#7a4b8c")
_DPI, _WIDTH_IN, _N_COLOURS = 110, 9.0, 128
_STYLE: Any = {
    "font.family": ["DejaVu Sans"],  # comes with matplotlib, so that every machine draws the same
    "font.size": 9,
    "text.color": _INK,
    "axes.edgecolor": _MUTED,
    "axes.labelcolor": _INK,
    "axes.titlesize": 10,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": _GRID,
    "grid.linewidth": 0.8,
    "xtick.color": _MUTED,
    "ytick.color": _INK,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "figure.constrained_layout.use": True,
}


@dataclass(frozen=True, slots=True)
class Coverage:
    """A line of the coverage plot."""

    text: str
    intervals: Intervals


def errors_by_condition(figures: Sequence[Figures], path: Path) -> None:
    """A panel per metric: bias (mark) and 95 % limits of agreement (line) of each condition.

    Where there are too few clips for limits, the line is the bias +- 1.96 SD in a lighter colour.
    """
    metrics = list(dict.fromkeys(one.metric for one in figures))
    conditions = list(dict.fromkeys(one.condition for one in figures))
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(_WIDTH_IN, 0.9 + 0.24 * len(conditions)), dpi=_DPI)
        panels = figure.subplots(1, len(metrics), sharey=True, squeeze=False)[0]
        for i, (axes, metric) in enumerate(zip(panels, metrics, strict=True)):
            own = [one for one in figures if one.metric == metric]
            label = label_of(metric, own[0].unit)
            axes.set_title(f"{label.text}\nerror ({label.unit})", loc="left", fontsize=9)
            axes.axvline(0, color=_MUTED, linewidth=1)
            for one in own:
                _error_line(axes, conditions.index(one.condition), one, label, _COLOURS[i % 4])
        panels[0].set_yticks(range(len(conditions)), conditions)
        panels[0].set_ylim(len(conditions) - 0.5, -0.5)
        _save(figure, path)


def _error_line(axes: Axes, y: int, figures: Figures, label: Label, colour: str) -> None:
    """Bias and limits of one condition."""
    agreement = figures.agreement
    if agreement is None:
        axes.annotate("withheld", (0, y), color=_MUTED, fontsize=8, ha="center", va="center", backgroundcolor="white")
        return
    spread = 1.96 * (agreement.sd or 0)
    limits = np.array([agreement.bias - spread, agreement.bias + spread]) * label.scale
    axes.plot(limits, [y, y], color=colour, linewidth=2.2, alpha=0.45 if agreement.limits else 0.2)
    axes.plot([agreement.bias * label.scale], [y], "o", color=colour, markersize=5)


def estimate_against_truth(rows: Sequence[Row], path: Path) -> None:
    """A panel per metric: every clip's estimate with its interval over its truth; hollow grey where it was withheld."""
    metrics = list(dict.fromkeys(row.metric for row in rows))
    columns = min(3, len(metrics))
    lines = -(-len(metrics) // columns)
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(3.0 * columns, 2.9 * lines), dpi=_DPI)
        panels = figure.subplots(lines, columns, squeeze=False).ravel()
        for axes, metric in zip(panels, metrics, strict=False):
            _against_truth(axes, [row for row in rows if row.metric == metric])
        for axes in panels[len(metrics) :]:
            axes.set_visible(False)
        _save(figure, path)


def _against_truth(axes: Axes, rows: Sequence[Row]) -> None:
    """One metric."""
    label = label_of(rows[0].metric, rows[0].unit)
    axes.set_title(f"{label.text}\n({label.unit})", loc="left", fontsize=9)
    said = [row.estimate if row.estimate is not None else row.unshown for row in rows]
    known = [value * label.scale for value in (*said, *(row.truth for row in rows)) if value is not None]
    low, high = min(known), max(known)
    margin = 0.08 * (high - low or 1)
    ends = (low - margin, high + margin)
    axes.plot(ends, ends, color=_MUTED, linewidth=1, zorder=1)
    for row, value in zip(rows, said, strict=True):
        if value is None:
            continue
        x, y = row.truth * label.scale, value * label.scale
        if row.estimate is None:
            axes.plot([x], [y], "o", color=_FAINT, markersize=4, markerfacecolor="none")
            continue
        if row.low is not None and row.high is not None:
            interval = (row.low * label.scale, row.high * label.scale)
            axes.plot([x, x], interval, color=_COLOURS[0], linewidth=1, alpha=0.3, zorder=2)
        missed = row.covered is False
        axes.plot([x], [y], "s" if missed else "o", color=_COLOURS[missed], markersize=4, zorder=3)
    axes.set_xlim(*ends)
    axes.set_ylim(*ends)
    axes.set_aspect("equal")
    axes.set_xlabel("truth")
    axes.set_ylabel("gait says")


def coverage(lines: Sequence[Coverage], path: Path) -> None:
    """How often the 95 % intervals hold the truth, each with its own 95 % interval, against the wanted 95 %."""
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(_WIDTH_IN, 0.8 + 0.23 * len(lines)), dpi=_DPI)
        axes = figure.subplots()
        axes.axvline(95, color=_MUTED, linewidth=1.2)
        for y, line in enumerate(lines):
            low, high = (100 * end for end in line.intervals.ci95)
            share = 100 * line.intervals.coverage
            colour = _COLOURS[1] if high < 95 else _COLOURS[0]
            axes.plot([low, high], [y, y], color=colour, linewidth=2.2, alpha=0.45)
            axes.plot([share], [y], "s" if high < 95 else "o", color=colour, markersize=5)
        axes.set_yticks(range(len(lines)), [line.text for line in lines])
        axes.set_ylim(len(lines) - 0.5, -0.5)
        axes.set_xlim(-2, 102)
        axes.set_xlabel("95 % intervals that hold the truth, per cent")
        _save(figure, path)


def before_and_after(figures: Sequence[tuple[Figures, Figures]], path: Path) -> None:
    """Mean of a value before (hollow) and after repair (filled), a panel per metric, a line per condition."""
    metrics = list(dict.fromkeys(after.metric for _, after in figures))
    conditions = list(dict.fromkeys(after.condition for _, after in figures))
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(_WIDTH_IN, 0.9 + 0.26 * len(conditions)), dpi=_DPI)
        panels = figure.subplots(1, len(metrics), sharey=True, squeeze=False)[0]
        for i, (axes, metric) in enumerate(zip(panels, metrics, strict=True)):
            own = [pair for pair in figures if pair[1].metric == metric]
            label = label_of(metric, own[0][1].unit)
            axes.set_title(f"{label.text}\n({label.unit})", loc="left", fontsize=9)
            for before, after in own:
                y = conditions.index(after.condition)
                values = [label.scale * (_mean(one)) for one in (before, after)]
                axes.plot(values, [y, y], color=_COLOURS[i % 4], linewidth=1.5, alpha=0.4)
                axes.plot(values[:1], [y], "o", color=_COLOURS[i % 4], markersize=5, markerfacecolor="white")
                axes.plot(values[1:], [y], "o", color=_COLOURS[i % 4], markersize=5)
        panels[0].set_yticks(range(len(conditions)), conditions)
        panels[0].set_ylim(len(conditions) - 0.5, -0.5)
        _save(figure, path)


def _mean(figures: Figures) -> float:
    """Mean estimate where all truths are the same, as those of errors and shares are."""
    return figures.truth_range[0] + (figures.agreement.bias if figures.agreement else np.nan)


def _save(figure: Figure, path: Path) -> None:
    """A small file, and the same bytes for the same plot: nothing about program or time goes into it."""
    from PIL import Image  # matplotlib stands on it

    path.parent.mkdir(parents=True, exist_ok=True)
    with io.BytesIO() as drawn:
        figure.savefig(drawn, format="png", metadata={"Software": None})
        with Image.open(drawn) as picture:
            few = picture.convert("RGB").quantize(_N_COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
            few.save(path, optimize=True)
