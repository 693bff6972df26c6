"""Rendered clips through the real pose model, against the joints that they were painted from."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

import gait
from gait.metrics import in_order
from gait.model import SIDES, FloatArray, Side, SideOrBoth
from gait.pipeline import analyze
from gait.pose.cache import default_directory
from gait.simulate.render import PRESETS, ClipPlan, cached_clip, plan_of
from gait.simulate.render.truth_file import truth_path
from gait.simulate.truth import clip_truth
from gait.validate.compare import Place, event_rows, metric_rows, running_row, with_known
from gait.validate.rows import Row
from gait.validate.seeds import Seeds
from gait.validate.seen_joints import joint_rows, repair_rows
from gait.validate.suite import Case, Suite, crossed

FOLDER = Path(__file__).parents[3] / "sample_videos"
GATE_SAMPLES = ("side", "rear")  # the others take longer
SAMPLES = (*GATE_SAMPLES, "front", "fatigue")
PAINTERS = tuple(sorted((Path(gait.__file__).parent / "simulate" / "render").glob("*.py")))
SMALL, LARGE = 360, 720
CLIP_S = 10.0


@dataclass(frozen=True, slots=True)
class Setting:
    """A preset, how finely it is filmed (`lines`: the picture's shorter side) and how often."""

    preset: str
    lines: int = SMALL
    fps: float | None = None  # the preset's own

    @property
    def name(self) -> str:
        """What stands in the tables."""
        return f"{self.preset}, {self.lines}p" + (f", {self.fps:g} fps" if self.fps else "")

    def plan(self, seed: int) -> ClipPlan:
        """The clip to be rendered; slow motion is shorter, as it has more frames."""
        plan = plan_of(self.preset, seed)
        long = max(self.lines * 16 // 9, self.lines) // 2 * 2
        upright = plan.camera.height_px > plan.camera.width_px
        size_px = (self.lines, long) if upright else (long, self.lines)
        duration_s = CLIP_S if plan.sampling.capture_speed == 1 else CLIP_S / 2
        return plan.changed(duration_s=duration_s, fps=self.fps, size_px=size_px)


SETTINGS = (
    *(Setting(name) for name in PRESETS),
    Setting("side-clean", SMALL, 30.0),
    Setting("side-clean", LARGE, 60.0),
    Setting("rear-clean", SMALL, 30.0),
    Setting("rear-valgus", LARGE, 60.0),
    Setting("side-phone-dark", SMALL, 60.0),
    Setting("side-phone-dark", LARGE, 30.0),
)


@dataclass(frozen=True, slots=True)
class DrawnEvents:
    """Contacts and toe-offs of a rendered clip, from its truth file."""

    contact_s: dict[Side, FloatArray]
    toe_off_s: dict[Side, FloatArray]


def measure(setting: Setting, seed: int, case: str) -> list[Row]:
    """Render one clip of a preset (kept in the user's cache), analyse it, and compare with what was painted."""
    plan = setting.plan(seed)
    run, time_s = plan.run(), plan.time_s()
    clip = cached_clip(plan, default_directory() / "rendered")
    known = {"height_m": plan.person.runner.height_m, "speed_mps": plan.person.runner.speed_mps}
    if plan.sampling.capture_speed != 1:
        known["capture_fps"] = plan.sampling.fps
    analysis, place = analyze(clip, with_known(**known)), Place("video", case, setting.name)
    seen_px = plan.seen_px(run, time_s)
    leg_px = plan.camera.focal_px * plan.person.runner.body.leg_m / plan.camera.distance_m
    sides: tuple[SideOrBoth, ...] = ("both", plan.near_side) if plan.near_side else ("both", *SIDES)
    times = {"start_s": float(time_s[0]), "end_s": float(time_s[-1])}
    return [
        place.share("view_right", analysis.scene.view == plan.view),
        running_row(place, analysis, is_running=True),
        *joint_rows(
            place, analysis.raw_track, seen_px, time_s=time_s, events=run, leg_px=leg_px, near_side=plan.near_side
        ),
        *repair_rows(place, analysis, seen_px, leg_px=leg_px, near_side=plan.near_side),
        *event_rows(place, analysis, run, **times),
        *metric_rows(place, analysis, clip_truth(run, **times), in_order(), sides=sides),
    ]


def measure_sample(clip: Path, case: str) -> list[Row]:
    """Analyse one sample clip, and compare with its truth file (docs/simulated-clips.md describes it)."""
    truth = json.loads(truth_path(clip).read_text(encoding="utf-8"))
    runner = truth["person"]["runner"]
    analysis = analyze(clip, with_known(height_m=runner["height_m"], speed_mps=runner["speed_mps"]))
    place = Place("video", case, f"sample {clip.stem}, {truth['height_px']}p, {truth['fps']:g} fps")
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
    return {(name, side): value for name, by_side in truth["metrics"].items() for side, value in by_side.items()}


def cases(seeds: Seeds) -> list[Case]:
    """The sample clips, and but for the gate a clip of every preset."""
    clips = [FOLDER / f"{name}.mp4" for name in (GATE_SAMPLES if seeds == "gate" else SAMPLES)]
    samples = [
        Case(clip.stem, clip.stem, partial(measure_sample, clip, clip.stem), (clip, truth_path(clip)))
        for clip in clips
        if truth_path(clip).is_file()
    ]
    if seeds == "gate":
        return samples
    rendered = crossed(SETTINGS, 1, seeds, measure)
    return [*samples, *(replace(case, files=PAINTERS) for case in rendered)]


SUITE = Suite(
    name="video",
    title="Rendered clips through the pose model",
    shows=(
        "The four sample clips and one clip of 10 s of every preset of `gait simulate`, painted by a program from "
        "known joints, through the real pose model: the whole program from pixels to numbers. From the side only the "
        "near leg's metrics are compared. Each preset is one clip of one runner: its figures are an example, no spread."
    ),
    shows_not=(
        "How well the pose model sees people. The runners are smooth and their clothes have no folds. This proves "
        "arithmetic, event logic and repair from end to end, and that is all."
    ),
    cases=cases,
)
