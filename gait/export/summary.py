"""`summary.json`: the results of one clip for other programs, as `summary.schema.json` describes them."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from gait.model import Analysis, MetricSummary, Quantity

SCHEMA = Path(__file__).with_name("summary.schema.json")
_DIRECTIONS = {-1: "left", 0: "none", 1: "right"}


def write_summary(analysis: Analysis, path: Path) -> None:
    """Write the summary of one clip."""
    text = json.dumps(_summary(analysis), indent=2, ensure_ascii=False, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def _summary(analysis: Analysis) -> dict[str, Any]:
    scene, video = analysis.scene, analysis.video
    document = {
        "view": scene.view,
        "direction": _DIRECTIONS[scene.direction],
        "capture_fps": _capture_fps(analysis),
        "duration_s": video.duration_s,
        "is_running": scene.is_running,
        "metrics": metrics_of(analysis),
        "events": _events(analysis),
        "comparisons": [asdict(comparison) for comparison in analysis.comparisons],
        "drift": asdict(analysis.drift),
        "findings": [asdict(finding) for finding in analysis.findings],
        "warnings": analysis.warnings,
        "provenance": asdict(analysis.provenance),
    }
    made: dict[str, Any] = plain(document)
    return made


def _capture_fps(analysis: Analysis) -> float | None:
    """The camera's rate; None where it can't be told."""
    speed = analysis.calibration.capture_speed
    return None if math.isnan(speed.error) else float(analysis.video.fps) / speed.value


def metrics_of(analysis: Analysis) -> dict[str, dict[str, Any]]:
    """Summaries by metric and side."""
    metrics: dict[str, dict[str, Any]] = {}
    for summary in analysis.metrics.summary:
        unit = analysis.metrics.info[summary.name].unit
        metrics.setdefault(summary.name, {})[summary.side] = _one_metric(summary, unit)
    return metrics


def _one_metric(summary: MetricSummary, unit: str) -> dict[str, Any]:
    withheld = bool(summary.withheld)
    return {
        "estimate": None if withheld else summary.estimate,
        "ci95": None if withheld else summary.ci95,
        "unit": unit,
        "n": summary.n,
        "grade": None if withheld else summary.grade,
        "withheld": summary.withheld or None,
        "by_repair": None if withheld else summary.by_repair,
        "detectable_change": None if withheld else summary.detectable_change,
        "over_standing": None if withheld or summary.over_standing is None else _over_standing(summary.over_standing),
    }


def _over_standing(over: Quantity) -> dict[str, Any]:
    return {"estimate": over.value, "ci95": [over.value - over.error, over.value + over.error], "source": over.source}


def _events(analysis: Analysis) -> list[dict[str, Any]]:
    events = analysis.events
    columns = (events.kind, events.side, events.time_s, events.file_time_s, events.uncertainty_s)
    names = ("kind", "side", "time_s", "file_time_s", "uncertainty_s")
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def plain(value: Any) -> Any:
    """The same in what JSON knows: arrays as lists, NaN and infinity as null, paths and all else as text."""
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, (float, np.floating)):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, np.generic | np.ndarray):
        return plain(value.tolist())
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    return str(value)
