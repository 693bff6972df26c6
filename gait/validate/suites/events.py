"""Contacts, toe-offs and what is made of them, on simulated runners: one thing changes at a time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from gait.pipeline import analyze_track
from gait.simulate.film import film
from gait.simulate.sampling import Sampling
from gait.simulate.truth import clip_truth, clip_variation
from gait.simulate.variation import USUAL_SD, Variation
from gait.validate.compare import Place, event_rows, metric_rows, with_known
from gait.validate.compare_rules import rule_rows
from gait.validate.rows import Row
from gait.validate.runners import drawn_camera, drawn_run, keypoint_noise, mediapipe_noise
from gait.validate.seeds import Seeds
from gait.validate.suite import Case, Suite, crossed

SIXTY = Sampling(fps=60)
CLIP_S = 20.0
START_S = 1.0
TIMES = (
    "cadence_spm",
    "contact_time_s",
    "flight_time_s",
    "stride_time_cv_pct",
    "step_time_asymmetry_pct",
    "contact_time_asymmetry_pct",
)
N_RUNNERS = 12
# A cadence that fits the frame rate is a trap only where it stays there from stride to stride.
STEADY = Variation(sd={name: sd for name, sd in USUAL_SD.items() if name != "cadence_spm"})


@dataclass(frozen=True, slots=True)
class Setting:
    """How one condition is filmed, and who runs."""

    name: str
    view: Literal["side", "rear"] = "side"
    sampling: Sampling = SIXTY
    jitter: float = 0.01
    mediapipe: Literal["clean", "hard"] | None = None  # its errors, in place of white jitter
    strike: str | None = None
    speed_mps: float | None = None
    cadence_spm: float | None = None


BASE = Setting("side, 60 fps, 1 % noise")
SETTINGS = (
    BASE,
    *(replace(BASE, name=f"side, {fps} fps", sampling=Sampling(fps=fps)) for fps in (24, 30, 120, 240)),
    replace(BASE, name="side, 30 fps variable", sampling=Sampling(fps=30, vfr_jitter=0.2, dropped_share=0.05)),
    replace(BASE, name="side, 240 fps played at 30", sampling=Sampling(fps=240, capture_speed=0.125)),
    replace(BASE, name="side, 60 fps, exact keypoints", jitter=0.0),
    replace(BASE, name="side, 60 fps, 2 % noise", jitter=0.02),
    replace(BASE, name="side, 30 fps, 2 % noise", jitter=0.02, sampling=Sampling(fps=30)),
    *(replace(BASE, name=f"side, 60 fps, {speed} m/s", speed_mps=speed) for speed in (2.2, 3.0, 3.8, 4.5)),
    *(replace(BASE, name=f"side, 60 fps, {strike}", strike=strike) for strike in ("rearfoot", "midfoot", "forefoot")),
    *(
        replace(BASE, name=f"side, 30 fps, {spm:g} steps/min", cadence_spm=spm, sampling=Sampling(fps=30))
        for spm in (171.4, 180.0)
    ),
    *(replace(BASE, name=f"rear, {fps} fps", view="rear", sampling=Sampling(fps=fps)) for fps in (30, 60, 120)),
    replace(BASE, name="rear, 60 fps, exact keypoints", view="rear", jitter=0.0),
    replace(BASE, name="side, 60 fps, MediaPipe's errors", mediapipe="clean"),
    replace(BASE, name="side, 30 fps, MediaPipe's errors", mediapipe="clean", sampling=Sampling(fps=30)),
    replace(BASE, name="side, 30 fps, MediaPipe's errors, hard clip", mediapipe="hard", sampling=Sampling(fps=30)),
    replace(BASE, name="rear, 60 fps, MediaPipe's errors", view="rear", mediapipe="clean"),
)
# Under these, rules of the literature stand beside ours.
RULED = (
    BASE.name,
    "side, 30 fps",
    "side, 120 fps",
    "side, 60 fps, MediaPipe's errors",
    "side, 30 fps, MediaPipe's errors",
)
GATE = (SETTINGS[2], replace(BASE, name="rear, 60 fps", view="rear"))


def measure(setting: Setting, seed: int, case: str) -> list[Row]:
    """Film one runner, analyse the keypoints, and compare."""
    chosen = {"speed_mps": setting.speed_mps, "cadence_spm": setting.cadence_spm}
    run = drawn_run(
        seed,
        CLIP_S + 2 * START_S,
        strike=setting.strike,
        chosen={name: value for name, value in chosen.items() if value is not None},
        variation=STEADY if setting.cadence_spm else None,
    )
    side: Literal["left", "right"] = "right" if seed % 2 else "left"
    camera = drawn_camera(seed, "rear" if setting.view == "rear" else side)
    if setting.mediapipe is None:
        noise = keypoint_noise(seed, setting.jitter, misplaced=setting.jitter > 0)
    else:
        noise = mediapipe_noise(setting.mediapipe, frontal=setting.view == "rear")
    filmed = film(run, camera, setting.sampling, noise, start_s=START_S, duration_s=CLIP_S, seed=seed)
    known = {"capture_fps": setting.sampling.fps} if setting.sampling.capture_speed != 1 else {}
    analysis = analyze_track(filmed.track, with_known(**known))
    place = Place("events", case, setting.name)
    times = {"start_s": START_S, "end_s": START_S + CLIP_S}
    truths = clip_truth(run, **times) | clip_variation(run, **times)
    rows = [*event_rows(place, analysis, run, **times), *metric_rows(place, analysis, truths, TIMES)]
    return rows if setting.name not in RULED else rows + rule_rows(place, analysis, run, near=side, **times)


def cases(seeds: Seeds) -> list[Case]:
    """Every condition with the same runners."""
    settings, n_runners = (GATE, 2) if seeds == "gate" else (SETTINGS, N_RUNNERS)
    return crossed(settings, n_runners, seeds, measure)


SUITE = Suite(
    name="events",
    title="Initial contact, toe-off, cadence, contact and flight time",
    shows=(
        "Simulated runners of 2.5 to 4.2 m/s (unless the speed is named) with any foot strike, filmed for 20 s on a "
        "treadmill by a camera that stands 3 to 5 m away and some degrees off; every keypoint jitters by 1 % of the "
        "leg's length (unless said otherwise) and is put off its joint by a constant 1.5 % (SD). One thing changes at "
        "a time, and all conditions see the same runners. *MediaPipe's errors* are as that pose model made them in "
        "rendered clips: constant, repeating with the stride, jittering, points off and legs exchanged now and then."
    ),
    shows_not=(
        "The simulated foot's path between its events is made up, and the true events are the moments at which the "
        "simulation puts the foot down and lifts it. So this tells what frame rate, noise and view do to the rules, "
        "and not where the rules' thresholds should lie: for that, see the force plate. White jitter is kinder than "
        "a pose model's errors; those that are called MediaPipe's come from four rendered clips."
    ),
    cases=cases,
)
