"""What is read from the rear and the front, on simulated runners: pelvis, thigh, knee, trunk, step width."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from gait.metrics import in_order
from gait.pipeline import analyze_track
from gait.simulate.film import film
from gait.simulate.sampling import Sampling
from gait.simulate.truth import clip_truth
from gait.validate.compare import Place, metric_rows, with_known
from gait.validate.rendered_runners import DROP_DEG, LATERAL_LEANS_DEG, VALGUS_DEG
from gait.validate.rows import Row
from gait.validate.runners import drawn_camera, drawn_run, keypoint_noise, mediapipe_noise
from gait.validate.seeds import Seeds
from gait.validate.suite import Case, Suite, crossed

CLIP_S, START_S = 20.0, 1.0
N_RUNNERS = 24


@dataclass(frozen=True, slots=True)
class Setting:
    """How one condition is filmed; `yaw_deg` None draws it with an SD of 3 degrees."""

    name: str
    view: Literal["rear", "front"] = "rear"
    fps: float = 60.0
    jitter: float = 0.01
    mediapipe: Literal["clean", "hard"] | None = None  # its errors, in place of white jitter and misplaced joints
    as_filmed: bool = True
    yaw_deg: float = 0.0


SETTINGS = (
    Setting("rear, exact keypoints, camera square", jitter=0.0, as_filmed=False),
    Setting("rear, 1 % noise, camera square", as_filmed=False),
    Setting("rear, 1 % noise, camera 5° aside", as_filmed=False, yaw_deg=5.0),
    Setting("rear, 1 % noise, camera 10° aside", as_filmed=False, yaw_deg=10.0),
    Setting("rear, 1 % noise, as filmed"),
    Setting("rear, 30 fps, 2 % noise, as filmed", fps=30.0, jitter=0.02),
    Setting("rear, MediaPipe's errors, as filmed", mediapipe="clean"),
    Setting("rear, 30 fps, MediaPipe's errors, hard clip, as filmed", fps=30.0, mediapipe="hard"),
    Setting("front, exact keypoints, camera square", view="front", jitter=0.0, as_filmed=False),
    Setting("front, 1 % noise, as filmed", view="front"),
)
GATE = (SETTINGS[0], SETTINGS[4])


def measure(setting: Setting, seed: int, case: str) -> list[Row]:
    """Film one runner, whose height is known, analyse the keypoints, and compare both legs."""
    rng = np.random.default_rng([seed, 4])
    chosen = {f"valgus_{side}_deg": float(rng.uniform(*VALGUS_DEG)) for side in ("left", "right")}
    chosen |= {f"pelvic_drop_{side}_deg": float(rng.uniform(*DROP_DEG)) for side in ("left", "right")}
    chosen["lateral_trunk_lean_deg"] = float(rng.uniform(*LATERAL_LEANS_DEG))
    run = drawn_run(seed, CLIP_S + 2 * START_S, chosen=chosen)
    aside_deg = setting.yaw_deg * (1 if seed % 2 else -1)
    camera = drawn_camera(seed, setting.view, square=not setting.as_filmed, yaw_deg=aside_deg)
    if setting.mediapipe is None:
        noise = keypoint_noise(seed, setting.jitter, misplaced=setting.as_filmed)
    else:
        noise = mediapipe_noise(setting.mediapipe, frontal=True)
    filmed = film(run, camera, Sampling(fps=setting.fps), noise, start_s=START_S, duration_s=CLIP_S, seed=seed)
    analysis = analyze_track(filmed.track, with_known(height_m=run.runner.height_m))
    truths = clip_truth(run, start_s=START_S, end_s=START_S + CLIP_S)
    names = [name for name, metric in in_order().items() if metric.info.view == "frontal"]
    return metric_rows(Place("frontal", case, setting.name), analysis, truths, names)


def cases(seeds: Seeds) -> list[Case]:
    """Every condition with the same runners."""
    settings, n_runners = (GATE, 2) if seeds == "gate" else (SETTINGS, N_RUNNERS)
    return crossed(settings, n_runners, seeds, measure)


SUITE = Suite(
    name="frontal",
    title="Rear and front, from keypoints: pelvis, thigh, knee, trunk, step width",
    shows=(
        "Simulated runners with projection angles of -2 to 14 degrees and pelvic drops of 2 to 10 degrees on each leg, "
        "their height known. The truth is that of the room's frontal plane, so perspective and a camera that stands "
        "aside count as errors. *As filmed*: yaw 3 and roll 1 degree (SD), keypoints 1.5 % of the leg's length off. "
        "*MediaPipe's errors* are as that pose model made them in rendered clips, in place of that."
    ),
    shows_not=(
        "What outlines add: there are no pictures, so these are the keypoints' own errors, as of other tools' files. "
        "Pelvic drop and hip adduction are withheld throughout, since they are with the pose model; the error of the "
        "withheld shows the arithmetic. With a real pose model: suite rearview."
    ),
    cases=cases,
)
