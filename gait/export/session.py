"""`session.json` and `strides.csv` of several clips of one run."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from gait.export.summary import metrics_of, plain
from gait.export.tables import write_table
from gait.model import Session, SessionClip, SessionPair, SessionRun


def write_session_summary(session: Session, path: Path, reports: Sequence[str]) -> None:
    """Write what changed over the run, and what each clip shows.

    `clips`: file, content_hash, run_s (when it began), duration_s, view, what was said of it, report, metrics as in
    `summary.json`. `runs`, one for each view that two clips show: view, clips (numbers from 0), apart (why they
    weren't read as one recording, or null), finding, metrics and drift as in `summary.json`. `pairs`, one for each clip
    from the rear or front that has one from the side: side and frontal (numbers), borrowed (whether events were carried
    over), agreement (what both tell, each by itself), metrics (name, side and the clip that shows it best), note.
    `notes`.
    """
    document = {
        "clips": [_clip(clip, report) for clip, report in zip(session.clips, reports, strict=True)],
        "runs": [_run(run) for run in session.runs],
        "pairs": [_pair(pair) for pair in session.pairs],
        "notes": session.notes,
    }
    text = json.dumps(plain(document), indent=2, ensure_ascii=False, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def write_session_strides(session: Session, path: Path) -> None:
    """Write the strides of every clip, with the clip's number and file; times count from the start of the run."""
    import pandas as pd

    tables = []
    for i, clip in enumerate(session.clips):
        analysis = clip.analysis
        shift = clip.run_s - float(analysis.video.file_time_s[0]) * analysis.calibration.capture_speed.value
        table = analysis.metrics.values
        times = {name: table[name] + shift for name in ("time_s", "toe_off_s", "end_s") if name in table}
        table = table.assign(**times)
        table.insert(0, "clip", i)
        table.insert(1, "file", analysis.provenance.file_name)
        table.insert(2, "view", analysis.scene.view)
        tables.append(table)
    write_table(pd.concat(tables, ignore_index=True), path)


def _clip(clip: SessionClip, report: str) -> dict[str, Any]:
    analysis = clip.analysis
    return {
        "file": analysis.provenance.file_name,
        "content_hash": analysis.provenance.content_hash,
        "run_s": clip.run_s,
        "duration_s": analysis.video.duration_s * analysis.calibration.capture_speed.value,
        "view": analysis.scene.view,
        "speed_mps": clip.speed_mps,
        "incline_pct": clip.incline_pct,
        "shoes": clip.shoes,
        "report": report,
        "metrics": metrics_of(analysis),
    }


def _pair(pair: SessionPair) -> dict[str, Any]:
    return {
        "side": pair.side,
        "frontal": pair.frontal,
        "borrowed": pair.borrowed,
        "agreement": [asdict(one) for one in pair.agreement],
        "metrics": [{"name": summary.name, "side": summary.side, "clip": number} for summary, number in pair.table],
        "note": pair.note or None,
    }


def _run(run: SessionRun) -> dict[str, Any]:
    return {
        "view": run.analysis.scene.view,
        "clips": run.clips,
        "apart": run.apart or None,
        "finding": run.finding.text if run.finding else None,
        "metrics": metrics_of(run.analysis),
        "drift": asdict(run.analysis.drift),
    }
