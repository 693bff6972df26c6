"""What is read from the side, on simulated runners: distances, angles and trunk lean."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from gait.metrics import in_order
from gait.model import Side, SideOrBoth, other_side
from gait.pipeline import analyze_track
from gait.simulate.film import film
from gait.simulate.sampling import Sampling
from gait.simulate.truth import clip_truth
from gait.simulate.truth_side import MASS_KG
from gait.validate.compare import Place, curve_rows, metric_rows, scale_rows, with_known
from gait.validate.rows import Row
from gait.validate.runners import drawn_camera, drawn_run, keypoint_noise, mediapipe_noise
from gait.validate.seeds import Seeds
from gait.validate.suite import Case, Suite, crossed

CLIP_S, START_S = 20.0, 1.0
N_RUNNERS = 30


@dataclass(frozen=True, slots=True)
class Setting:
    """How one condition is filmed; `leg` is the one whose values are compared."""

    name: str
    fps: float = 60.0
    jitter: float = 0.01
    mediapipe: Literal["clean", "hard"] | None = None  # its errors, in place of white jitter and misplaced joints
    as_filmed: bool = True  # joints put off their places, camera some degrees off
    leg: Literal["near", "far"] = "near"


BASE = Setting("60 fps, 1 % noise, as filmed")
SETTINGS = (
    Setting("60 fps, exact keypoints, camera square", jitter=0.0, as_filmed=False),
    Setting("60 fps, 1 % noise, camera square", as_filmed=False),
    BASE,
    Setting("30 fps, 1 % noise, as filmed", fps=30.0),
    Setting("30 fps, 2 % noise, as filmed", fps=30.0, jitter=0.02),
    replace(BASE, name="60 fps, 1 % noise, as filmed, far leg", leg="far"),
    replace(BASE, name="60 fps, MediaPipe's errors, as filmed", mediapipe="clean"),
    replace(BASE, name="30 fps, MediaPipe's errors, hard clip, as filmed", mediapipe="hard", fps=30.0),
)
GATE = (SETTINGS[0], BASE)


def measure(setting: Setting, seed: int, case: str) -> list[Row]:
    """Film one runner from one side, analyse the keypoints, and compare one leg."""
    run = drawn_run(seed, CLIP_S + 2 * START_S)
    view: Side = "right" if seed % 2 else "left"
    camera = drawn_camera(seed, view, square=not setting.as_filmed)
    if setting.mediapipe is None:
        noise = keypoint_noise(seed, setting.jitter, misplaced=setting.as_filmed)
    else:
        noise = mediapipe_noise(setting.mediapipe, frontal=False)
    filmed = film(run, camera, Sampling(fps=setting.fps), noise, start_s=START_S, duration_s=CLIP_S, seed=seed)
    leg = view if setting.leg == "near" else other_side(view)
    truths = clip_truth(run, start_s=START_S, end_s=START_S + CLIP_S)
    sides: tuple[SideOrBoth, ...] = (leg, "both") if setting.leg == "near" else (leg,)
    names = [name for name, metric in in_order().items() if metric.info.group in ("overstride", "sagittal")]
    place, runner = Place("angles", case, setting.name), run.runner
    known = {"speed_mps": runner.speed_mps, "height_m": runner.height_m, "mass_kg": MASS_KG}
    analysis = analyze_track(filmed.track, with_known(**known))
    rows = metric_rows(place, analysis, truths, names, sides=sides)
    if setting.leg == "near":
        px_per_m = float(filmed.leg_length_px.mean() / runner.body.leg_m)
        rows += scale_rows(place, analysis, px_per_m=px_per_m, belt_mps=runner.speed_mps)
        rows += curve_rows(place, analysis, run, view, start_s=START_S, end_s=START_S + CLIP_S)
    return rows


def cases(seeds: Seeds) -> list[Case]:
    """Every condition with the same runners."""
    settings, n_runners = (GATE, 2) if seeds == "gate" else (SETTINGS, N_RUNNERS)
    return crossed(settings, n_runners, seeds, measure)


SUITE = Suite(
    name="angles",
    title="Side view: overstride, shank, knee and trunk",
    shows=(
        "Simulated runners with joints at exactly known places. The first two conditions show the arithmetic alone; "
        "*as filmed* adds a camera that stands some degrees off (yaw 3, roll 1 degree SD) and keypoints that are put "
        "off their joints by a constant 1.5 % of the leg's length (SD, each on its own). *MediaPipe's errors* are as "
        "that pose model made them in rendered clips, in place of both."
    ),
    shows_not=(
        "How far a pose model really puts the joints off, which is the largest error by far: the 1.5 % come from "
        "rendered runners, and the intervals assume the same, so their coverage here tests the sum and not its terms. "
        "The knee's flexion is withheld from every clip for what a real pose model does to it; what would have been "
        "said stands under *error of the withheld*."
    ),
    cases=cases,
)
