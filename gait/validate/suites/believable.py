"""Far legs that are made up, and good ones of all sorts: which are refused, and what is said of those that aren't."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from gait.model import Side, other_side
from gait.pipeline import analyze_track
from gait.simulate.film import film
from gait.simulate.keypoint_noise import KeypointNoise
from gait.simulate.run import Run
from gait.simulate.sampling import Sampling
from gait.simulate.truth import clip_truth
from gait.validate.compare import Place, event_rows, metric_rows
from gait.validate.rows import Row
from gait.validate.runners import drawn_camera, drawn_run
from gait.validate.seeds import Seeds, seed_of
from gait.validate.suite import Case, Suite

CLIP_S, START_S = 10.0, 1.0
N_RUNNERS = 20  # each at both frame rates
FRAME_RATES = (30.0, 60.0)
HIDDEN = 0.3  # of the frames: where the near leg hides the far one
LATE_S = 0.1
FAR_METRICS = (
    "contact_time_s",
    "ankle_to_hip_at_contact_leg_lengths",
    "shank_angle_at_contact_deg",
    "knee_flexion_at_contact_deg",
)
MEAN_EVENTS = ("initial_contact_mean_error_ms", "toe_off_mean_error_ms")
# How the legs of a lame runner differ at most, right minus left: shares of the mean, leg lengths and degrees.
UNLIKE = {
    "step_time_asymmetry": (0.03, 0.10),
    "contact_time_asymmetry": (0.05, 0.15),
    "overstride_asymmetry_leg_lengths": (0.015, 0.03),
    "knee_flexion_asymmetry_deg": (2.0, 5.0),
}


@dataclass(frozen=True, slots=True)
class Setting:
    """What happens to the far leg; `is_good` where nothing of it is made up."""

    name: str
    noise: KeypointNoise
    is_good: bool = False
    is_unlike: bool = False


ERRORS = (
    ("1 % noise", KeypointNoise(jitter_leg_lengths=0.01)),
    ("MediaPipe's errors", KeypointNoise.of_clean_clip()),
)


def _settings(errors: str, noise: KeypointNoise) -> tuple[Setting, ...]:
    """Good and made-up far legs under the same errors."""
    hidden = replace(noise, invented_share=HIDDEN)
    whole = replace(noise, invented_share=1.0)
    return (
        Setting(f"good, {errors}", noise, is_good=True),
        Setting(f"good, legs unlike, {errors}", noise, is_good=True, is_unlike=True),
        Setting(f"good, 8 % exchanged, {errors}", replace(noise, swap_share=0.08, swap_s=0.1), is_good=True),
        Setting(f"made up from the near leg, {errors}", replace(hidden, invented_from="near")),
        Setting(f"made up, 0.1 s late, {errors}", replace(hidden, invented_from="own", invented_lag_s=LATE_S)),
        Setting(f"made up from half a stride ago, {errors}", replace(hidden, invented_from="opposite")),
        Setting(
            f"made up from half a stride ago, 0.1 s late, {errors}",
            replace(hidden, invented_from="opposite", invented_lag_s=LATE_S),
        ),
        Setting(f"all of it made up from the near leg, {errors}", replace(whole, invented_from="near")),
        Setting(
            f"all of it made up, 0.1 s late, {errors}",
            replace(whole, invented_from="own", invented_lag_s=LATE_S),
        ),
    )


SETTINGS = tuple(setting for errors, noise in ERRORS for setting in _settings(errors, noise))
GATE = (SETTINGS[0], SETTINGS[3])


def measure(setting: Setting, seed: int, fps: float, case: str) -> list[Row]:
    """Film one runner from the side, spoil the far leg, analyse, and ask whether it is believed."""
    run = _run(seed, is_unlike=setting.is_unlike)
    near: Side = "right" if seed % 2 else "left"
    far = other_side(near)
    camera = drawn_camera(seed, near)
    filmed = film(run, camera, Sampling(fps=fps), setting.noise, start_s=START_S, duration_s=CLIP_S, seed=seed)
    analysis, place = analyze_track(filmed.track), Place("believable", case, setting.name)
    is_refused = {side: analysis.scene.legs[side].grade == "D" for side in (near, far)}
    verdict = (
        place.share("good_leg_kept", not is_refused[far])
        if setting.is_good
        else place.share("made_up_leg_refused", is_refused[far])
    )
    times = {"start_s": START_S, "end_s": START_S + CLIP_S}
    events = [r for r in event_rows(place, analysis, run, **times) if r.metric in MEAN_EVENTS and r.side == far]
    shown = metric_rows(place, analysis, clip_truth(run, **times), FAR_METRICS, sides=(far,))
    return [verdict, place.share("near_leg_kept", not is_refused[near]), *events, *shown]


def _run(seed: int, *, is_unlike: bool) -> Run:
    """A made-up runner; with legs that differ as those of the lame do."""
    rng = np.random.default_rng([seed, 4])
    unlike = {name: float(rng.choice([-1, 1]) * rng.uniform(*ends)) for name, ends in UNLIKE.items()}
    return drawn_run(seed, CLIP_S + 2 * START_S, chosen=unlike if is_unlike else None)


def cases(seeds: Seeds) -> list[Case]:
    """Every setting with the same runners at both frame rates."""
    settings, n_runners = (GATE, 1) if seeds == "gate" else (SETTINGS, N_RUNNERS)
    found = []
    for i, setting in enumerate(settings):
        for number in range(n_runners):
            for fps in FRAME_RATES:
                name = f"{i:02d}-{number:03d}-{fps:g}"
                do = partial(measure, setting, seed_of(seeds, number), fps, name)
                found.append(Case(name, setting.name, do))
    return found


SUITE = Suite(
    name="believable",
    title="Far legs that are made up",
    shows=(
        "Simulated runners from the side at 30 and 60 fps whose far leg is made up in the 30 % of the frames in which "
        "the near one hides it, or all the time; and good far legs, also of runners whose legs differ (step times by "
        "up to 10 %, contact times by up to 15 %) or are exchanged in 8 % of the frames. *Refused* legs have grade D: "
        "their values are withheld and their events timed half a stride after the near leg's. What is made up from the "
        "near leg half a stride ago looks as a good far leg does and is believed; its values show what that costs."
    ),
    shows_not=(
        "How often pose models make a leg up, and everything they make of one: these are wrong at the same moments of "
        "every stride. Rails and boxes that hide a leg at other moments are in the rendered clips."
    ),
    cases=cases,
)
