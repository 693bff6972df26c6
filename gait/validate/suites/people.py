"""Somebody else in the picture: whether the runner is followed, and whether any value is moved by it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

import gait
from gait.metrics import in_order
from gait.model import Analysis, FloatArray, SideOrBoth, Track
from gait.pipeline import analyze
from gait.pose.cache import default_directory
from gait.simulate.render import ClipPlan, cached_clip
from gait.validate.compare import Place, metric_rows, with_known
from gait.validate.people_scenes import SCENES, scene_plan
from gait.validate.rows import Row
from gait.validate.seeds import Seeds
from gait.validate.suite import Case, Suite, crossed

N_RUNNERS = 2
NEAR_LEG_LENGTHS = 0.25  # hips and shoulders within it are the runner's: a keypoint's own error is a tenth of it
PAINTERS = tuple(sorted((Path(gait.__file__).parent / "simulate" / "render").glob("*.py")))


@dataclass(frozen=True, slots=True)
class Scene:
    """One of the scenes."""

    name: str


def measure(scene: Scene, seed: int, case: str) -> list[Row]:
    """Render a scene with and without the others (kept in the user's cache), and compare what is said of both."""
    plan, place = scene_plan(scene.name, seed), Place("people", case, scene.name)
    with_others, alone = _analysis(plan), _analysis(replace(plan, others=()))
    said: dict[tuple[str, SideOrBoth], float] = {
        (summary.name, summary.side): summary.estimate
        for summary in alone.metrics.summary
        if summary.estimate is not None
    }
    return [
        *right_person_rows(place, with_others.raw_track, plan),
        place.share("others_told", any("people were found" in warning for warning in with_others.warnings)),
        *metric_rows(place, with_others, said, in_order()),
    ]


def right_person_rows(place: Place, track: Track, plan: ClipPlan) -> list[Row]:
    """In how many of the frames in which the runner is in the picture a person was taken, and the runner of those."""
    seen_px = plan.seen_px(plan.run(), plan.time_s())
    hips, shoulders = (_middle(seen_px, joint) for joint in ("hip", "shoulder"))
    leg_px = plan.camera.focal_px * plan.person.runner.body.leg_m / plan.camera.distance_m
    off = np.linalg.norm(track.point("mid_hip") - hips, axis=1) + np.linalg.norm(
        track.point("mid_shoulder") - shoulders, axis=1
    )
    inside = (hips[:, 0] > 0) & (hips[:, 0] < plan.camera.width_px)
    taken = inside & np.isfinite(off)
    right = float(np.mean(off[taken] / 2 < NEAR_LEG_LENGTHS * leg_px)) if taken.any() else 0.0
    return [
        place.share("runner_seen", float(taken.sum() / max(inside.sum(), 1))),
        place.share("right_person", right),
    ]


def _middle(seen_px: dict[str, FloatArray], joint: str) -> FloatArray:
    return np.asarray((seen_px[f"left_{joint}"] + seen_px[f"right_{joint}"]) / 2, dtype=np.float64)


def _analysis(plan: ClipPlan) -> Analysis:
    """What is said of a clip."""
    runner = plan.person.runner
    clip = cached_clip(plan, default_directory() / "rendered")
    return analyze(clip, with_known(height_m=runner.height_m, speed_mps=runner.speed_mps))


def cases(seeds: Seeds) -> list[Case]:
    """Every scene with a few runners."""
    made = crossed([Scene(name) for name in SCENES], N_RUNNERS, seeds, measure)
    return [replace(case, files=PAINTERS) for case in made]


SUITE = Suite(
    name="people",
    title="Several people in the picture",
    shows=(
        "Rendered clips of 7 s from the side in which somebody else crosses, runs or stands, through the real pose "
        "model. The truth of a metric is what the program says of the same clip without the others; so the rows show "
        "what the others change, not how accurate the values are."
    ),
    shows_not=(
        "Crowds, people who look alike, and the runner hidden for longer than a second. Somebody who runs behind the "
        "runner, mostly hidden, is often not noticed."
    ),
    cases=cases,
)
