"""Drift in rendered clips through the real pose model: what changes over forty minutes, within less than three."""

from __future__ import annotations

from gait.pipeline import analyze
from gait.pose.cache import default_directory
from gait.simulate.render import cached_clip, plan_of
from gait.simulate.run import simulate_run
from gait.simulate.truth import true_metrics
from gait.simulate.variation import Variation
from gait.validate.compare import Place, with_known
from gait.validate.rows import Row
from gait.validate.seeds import Seeds
from gait.validate.suite import Case, Suite, crossed
from gait.validate.suites.run import Setting, verdict_rows

CLIP_S, FPS, N_CLIPS = 120.0, 30.0, 2
SETTINGS = (Setting("side: cadence falls, overstride and trunk lean grow", "left"),)


def measure(setting: Setting, seed: int, case: str) -> list[Row]:
    """Render a clip of a runner who tires (kept in the user's cache), analyse it, and look at the verdicts."""
    plan = plan_of("fatigue", seed).changed(duration_s=CLIP_S, fps=FPS)
    runner, changes = plan.person.runner, plan.person.changes
    clip = cached_clip(plan, default_directory() / "rendered")
    drift = analyze(clip, with_known(height_m=runner.height_m, speed_mps=runner.speed_mps)).drift
    even = simulate_run(runner, plan.run().duration_s, changes=changes, variation=Variation.none())
    place = Place("tiring", case, setting.name)
    rows = [place.share("camera_told_right", not drift.voided)]
    return rows + verdict_rows(place, drift, true_metrics(even, end_s=CLIP_S))


def cases(seeds: Seeds) -> list[Case]:
    """A few clips: each takes minutes."""
    return crossed(SETTINGS, 1 if seeds == "gate" else N_CLIPS, seeds, measure)


SUITE = Suite(
    name="tiring",
    title="Drift in rendered clips",
    shows=(
        "Clips of 120 s of the preset `fatigue`, painted by a program, through the real pose model: cadence falls by 5 "
        "to 10 steps/min, the ankle lands 3 to 6 % of the leg further ahead, the trunk leans 3 to 6° more. "
        "The words are those of the runs of 40 minutes."
    ),
    shows_not="How many such changes are found: these are two clips, in good light, and changes larger than usual.",
    cases=cases,
)
