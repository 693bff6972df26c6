"""Each clip by itself, and those of one view together as one recording of the run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gait.config import Config
from gait.errors import ConfigError
from gait.fatigue import Unchanging, find_drift
from gait.findings import changed, load_evidence, with_literature
from gait.metrics import of_time_alone
from gait.model import (
    Analysis,
    MetricTable,
    Progress,
    Session,
    SessionClip,
    SessionPair,
    SessionRun,
    StepTiming,
    no_progress,
)
from gait.pipeline import analyze, analyze_joined
from gait.pose import KeypointCache
from gait.scene import Joined, Part, in_run_time, join
from gait.session.clips import RunClip
from gait.session.views import agreements, pair_of, paired, timing_of

if TYPE_CHECKING:
    import pandas as pd

SAME_SIZE = 0.1  # of the leg in the picture: what differs by more wasn't filmed from one place
SAME_RATE = 0.02  # of the frames


def analyze_session(
    clips: Sequence[RunClip],
    config: Config | None = None,
    *,
    standing: Path | None = None,
    cache: KeypointCache | None = None,
    progress: Progress = no_progress,
) -> Session:
    """Analyse several clips of one run.

    Parameters
    ----------
    clips
        In any order. What is said of a clip counts before what `config` says of all.
    config, standing, cache, progress
        As in `gait.analyze`, for every clip.

    Raises
    ------
    ConfigError
        There is but one clip, or one begins before another is over.
    GaitError
        As `gait.analyze`, where one of the clips can't be read.
    """
    config = config or Config()
    if len(clips) < 2:
        raise ConfigError("A session has two clips or more; analyse a single clip without --at.")

    def analysed(clip: RunClip, timing: StepTiming | None = None) -> SessionClip:
        settings = _config_of(clip, config)
        analysis = analyze(clip.path, settings, standing=standing, timing=timing, cache=cache, progress=progress)
        return SessionClip(analysis, clip.run_s, clip.speed_mps, clip.incline_pct, clip.shoes)

    ordered = sorted(clips, key=lambda clip: clip.run_s)
    found = [analysed(clip) for clip in ordered]
    views = []
    for side, frontal in paired(found):
        timing, why_not = timing_of(found[side], found[frontal])
        views.append((side, frontal, agreements(found[side], found[frontal]), why_not))
        if timing is not None:
            found[frontal] = analysed(ordered[frontal], timing)
    pairs = tuple(pair_of(found, (side, frontal), agreement, note) for side, frontal, agreement, note in views)
    return session_of(found, config, pairs)


def session_of(clips: Sequence[SessionClip], config: Config, pairs: tuple[SessionPair, ...] = ()) -> Session:
    """The session of clips that are analysed, in the order of the run."""
    views = dict.fromkeys(clip.analysis.scene.view for clip in clips)
    runs, notes = list[SessionRun](), _changes_said(clips)
    for view in views:
        numbers = [i for i, clip in enumerate(clips) if clip.analysis.scene.view == view]
        _check_order([clips[i] for i in numbers])
        parts = [i for i in numbers if len(_cut_at(clips[i].analysis)) == 2]
        notes += [
            f"{clips[i].analysis.provenance.file_name} is left out of the comparison: no strides were found in it."
            for i in numbers
            if i not in parts
        ]
        if len(parts) >= 2:
            runs.append(_run(clips, tuple(parts), config))
    notes += [pair.note for pair in pairs if pair.note]
    if not runs and not pairs:
        notes.append("No view is shown by two clips with strides, so nothing can be compared over the run.")
    return Session(tuple(clips), tuple(runs), tuple(notes), pairs)


def _config_of(clip: RunClip, config: Config) -> Config:
    """The settings with what is said of this clip."""
    said = {"speed_mps": clip.speed_mps, "incline_pct": clip.incline_pct}
    known = {key: value for key, value in said.items() if value is not None}
    return replace(config, calibration=replace(config.calibration, **known))


def _check_order(clips: Sequence[SessionClip]) -> None:
    """Refuse clips of which one begins before the other is over."""
    for before, after in pairwise(clips):
        end_s = before.run_s + before.analysis.video.duration_s * before.analysis.calibration.capture_speed.value
        if after.run_s < end_s - 1:
            raise ConfigError(
                f"{after.analysis.provenance.file_name} can't begin {after.run_s:.0f} s into the run: "
                f"{before.analysis.provenance.file_name} lasts until {end_s:.0f} s; check the times."
            )


def _changes_said(clips: Sequence[SessionClip]) -> list[str]:
    """Shoes and incline that changed during the run, as sentences."""
    notes = []
    for before, after in pairwise(clips):
        at = f"{after.run_s / 60:.0f} minutes into the run"
        if before.shoes and after.shoes and before.shoes != after.shoes:
            notes.append(
                f"The shoes were changed by {at} ({before.shoes}, then {after.shoes}): a change from there on may come "
                "from them."
            )
        if (before.incline_pct or 0.0) != (after.incline_pct or 0.0):
            notes.append(
                f"The incline was {before.incline_pct or 0:g} %, and {after.incline_pct or 0:g} % by {at}: a change "
                "from there on may come from it."
            )
    return notes


def _run(clips: Sequence[SessionClip], numbers: tuple[int, ...], config: Config) -> SessionRun:
    """The clips of one view, as one recording where they can be."""
    chosen = [clips[i] for i in numbers]
    apart = _apart(chosen)
    if apart:
        analysis = _side_by_side(chosen, config)
        return SessionRun(numbers, analysis, changed(analysis.metrics, analysis.drift), apart)
    said = {name: _mean_said(chosen, name) for name in ("speed_mps", "incline_pct")}
    known = {name: value for name, value in said.items() if value is not None}
    config = replace(config, calibration=replace(config.calibration, **known))
    analysis = analyze_joined(_joined(chosen), config)
    return SessionRun(numbers, analysis, changed(analysis.metrics, analysis.drift))


def _mean_said(clips: Sequence[SessionClip], name: str) -> float | None:
    """What was said of the clips, in the mean; None where nothing was."""
    values = [value for clip in clips if (value := getattr(clip, name)) is not None]
    return float(np.mean(values)) if values else None


def _joined(clips: Sequence[SessionClip]) -> Joined:
    """Clips of one view as one recording, each from its first contact of a foot to its last."""
    parts = []
    for clip in clips:
        analysis, (from_s, to_s) = clip.analysis, _cut_at(clip.analysis)
        since_start_s = (from_s - float(analysis.video.file_time_s[0])) * analysis.calibration.capture_speed.value
        parts.append(Part(analysis.raw_track, from_s, to_s, clip.run_s + since_start_s, clip.speed_mps))
    return join(parts)


def _cut_at(analysis: Analysis) -> tuple[float, ...]:
    """File times of the first and the last contact of the near foot, or of the left; empty without strides."""
    near = analysis.strides["side"] == (analysis.scene.near_side or "left")
    strides = analysis.strides[near & (analysis.strides["rejected"] == "")]
    if strides.empty:
        return ()
    first, last = strides.iloc[0], strides.iloc[-1]
    return float(first["file_time_s"]), float(last["file_time_s"] + last["stride_time_s"] / _speed(analysis))


def _speed(analysis: Analysis) -> float:
    return analysis.calibration.capture_speed.value


def _apart(clips: Sequence[SessionClip]) -> str:
    """Why clips of one view can't be read as one recording; empty where they can."""
    first = clips[0].analysis
    for clip in clips[1:]:
        other, name = clip.analysis, clip.analysis.provenance.file_name
        sizes = [(each.video.width_px, each.video.height_px) for each in (first, other)]
        legs = [each.calibration.leg_length_px for each in (first, other)]
        if sizes[0] != sizes[1]:
            return f"the picture of {name} has another size"
        if abs(float(other.video.fps / first.video.fps) - 1) > SAME_RATE or _speed(other) != _speed(first):
            return f"{name} has another frame rate"
        if other.scene.direction != first.scene.direction:
            return f"the runner faces the other way in {name}"
        if all(legs) and abs(legs[1].value / legs[0].value - 1) > SAME_SIZE:  # type: ignore[union-attr]
            return f"the runner has another size in {name}: the camera was moved"
    return ""


def _shown(metrics: MetricTable) -> pd.DataFrame:
    """The strides without what is withheld."""
    values = metrics.values.copy()
    for summary in metrics.summary:
        if summary.withheld:
            values.loc[(values["side"] == summary.side) | (summary.side == "both"), summary.name] = np.nan
    return values


def _side_by_side(clips: Sequence[SessionClip], config: Config) -> Analysis:
    """The first clip's analysis with the strides of all, each as its own clip shows it, and what is of time alone."""
    import pandas as pd

    tables = []
    for clip in clips:
        shift = clip.run_s - float(clip.analysis.video.file_time_s[0]) * _speed(clip.analysis)
        tables.append(in_run_time(_shown(clip.analysis.metrics), shift))
    first, evidence = clips[0].analysis, load_evidence()
    metrics = replace(
        first.metrics,
        values=pd.concat(tables, ignore_index=True),
        summary=tuple(summary for summary in first.metrics.summary if summary.name in of_time_alone()),
    )
    drift = find_drift(metrics, Unchanging(), config.fatigue, largest_useful=evidence.largest_useful)
    return replace(first, metrics=metrics, drift=with_literature(drift, evidence))
