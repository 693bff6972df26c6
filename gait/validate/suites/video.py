"""Rendered clips through the real pose model, against the joints that they were drawn from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from gait.metrics import in_order
from gait.model import SIDES, FloatArray, Side, SideOrBoth
from gait.pipeline import analyze
from gait.validate.compare import Place, event_rows, metric_rows, running_row, with_known
from gait.validate.rows import Row
from gait.validate.seeds import Seeds
from gait.validate.suite import Case, Suite

FOLDER = Path(__file__).parents[3] / "sample_videos"


@dataclass(frozen=True, slots=True)
class DrawnEvents:
    """Contacts and toe-offs of a rendered clip, from its truth file."""

    contact_s: dict[Side, FloatArray]
    toe_off_s: dict[Side, FloatArray]


def measure(clip: Path, case: str) -> list[Row]:
    """Analyse one rendered clip, and compare with its truth file (sample_videos/README.md describes it)."""
    truth = json.loads(clip.with_name(f"{clip.stem}.truth.json").read_text(encoding="utf-8"))
    analysis = analyze(clip, with_known(height_m=truth["height_m"], speed_mps=truth["belt_speed_mps"]))
    place = Place("video", case, f"{clip.stem}, {truth['view']} view, {truth['fps']} fps")
    near = truth["near_side"]
    sides: tuple[SideOrBoth, ...] = ("both", near) if near else ("both", *SIDES)
    return [
        place.share("view_right", analysis.scene.view == truth["view"]),
        running_row(place, analysis, is_running=True),
        *event_rows(place, analysis, _events(truth), start_s=0.0, end_s=truth["duration_s"]),
        *metric_rows(place, analysis, _truths(truth), in_order(), sides=sides),
    ]


def _events(truth: dict[str, Any]) -> DrawnEvents:
    """The events by kind and side."""
    times: dict[str, dict[Side, FloatArray]] = {}
    for kind in ("initial_contact", "toe_off"):
        times[kind] = {
            side: np.array([e["time_s"] for e in truth["events"] if e["kind"] == kind and e["side"] == side])
            for side in SIDES
        }
    return DrawnEvents(times["initial_contact"], times["toe_off"])


def _truths(truth: dict[str, Any]) -> dict[tuple[str, SideOrBoth], float]:
    """The clip's true metrics by name and side."""
    sides: tuple[SideOrBoth, ...] = ("left", "right", "both")
    known = {(name, side): values.get(side) for name, values in truth["metrics"].items() for side in sides}
    return {key: float(value) for key, value in known.items() if value is not None}


def cases(_seeds: Seeds) -> list[Case]:
    """The sample clips; there are no seeds in them."""
    clips = sorted(path for path in FOLDER.glob("*.mp4") if path.with_name(f"{path.stem}.truth.json").is_file())
    return [
        Case(clip.stem, clip.stem, partial(measure, clip, clip.stem), (clip, clip.with_name(f"{clip.stem}.truth.json")))
        for clip in clips
    ]


def missing() -> str:
    """What isn't there; empty where the suite can run."""
    return "" if cases("testing") else f"there are no clips with truth files in {FOLDER}"


SUITE = Suite(
    name="video",
    title="Rendered clips through the pose model",
    shows=(
        "The two sample clips, drawn by a program from known joints, through the real pose model: the whole program "
        "from pixels to numbers. Two clips of 8 s, so no spread is given; of the side view only the near leg's metrics "
        "are compared."
    ),
    shows_not=(
        "How well the pose model sees people. The runner is smooth, sharp and well lit, and the look of the clips was "
        "chosen so that the model follows the near leg. This proves arithmetic from end to end, and that is all."
    ),
    cases=cases,
    missing=missing,
)
