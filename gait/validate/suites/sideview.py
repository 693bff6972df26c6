"""Rendered clips from the side through the real pose model: every metric of the side view."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

from gait.metrics import in_order
from gait.pipeline import analyze
from gait.pose.cache import default_directory
from gait.simulate.camera import YAW_OF_VIEW_DEG
from gait.simulate.render import ClipPlan, cached_clip, plan_of
from gait.simulate.runner import Runner
from gait.simulate.truth import clip_truth
from gait.simulate.truth_side import MASS_KG
from gait.validate.compare import Place, curve_rows, metric_rows, scale_rows, with_known
from gait.validate.rendered_runners import spread_runner
from gait.validate.rows import Row
from gait.validate.seeds import Seeds, seed_of
from gait.validate.suite import Case, Suite
from gait.validate.suites.video import PAINTERS

CLIP_S = 6.0


@dataclass(frozen=True, slots=True)
class Setting:
    """A preset, how finely and how often it is filmed, and how many runners."""

    picture: Literal["clean", "hard"]
    fps: float
    n_runners: int

    @property
    def name(self) -> str:
        """What stands in the tables."""
        return f"{self.picture}, {self.fps:g} fps"

    def plan(self, number: int, seed: int) -> ClipPlan:
        """The clip to be rendered of one of the runners, from the right and from the left in turn."""
        preset, lines = ("side-clean", 540) if self.picture == "clean" else ("side-phone-dark", 360)
        plan = plan_of(preset, seed)

        def runs(runner: Runner) -> object:
            return replace(plan.person, runner=runner).run(CLIP_S + 0.5)

        runner = spread_runner(number, self.n_runners, seed, runs=runs)
        side = YAW_OF_VIEW_DEG["right" if number % 2 else "left"]
        off_deg = (plan.camera.yaw_deg - YAW_OF_VIEW_DEG[plan.view] + 180) % 360 - 180
        plan = replace(
            plan,
            person=replace(plan.person, runner=runner),
            camera=replace(plan.camera, yaw_deg=(side + off_deg) % 360),
        )
        return plan.changed(duration_s=CLIP_S, fps=self.fps, size_px=(lines * 16 // 9 // 2 * 2, lines))


SETTINGS = (Setting("clean", 60.0, 16), Setting("clean", 30.0, 14), Setting("hard", 30.0, 12), Setting("hard", 60.0, 8))


def measure(setting: Setting, number: int, seed: int, case: str) -> list[Row]:
    """Render one clip (kept in the user's cache), analyse it, and compare the near leg with what was painted."""
    plan = setting.plan(number, seed)
    run, time_s = plan.run(), plan.time_s()
    clip = cached_clip(plan, default_directory() / "rendered")
    runner = plan.person.runner
    known = {"height_m": runner.height_m, "speed_mps": runner.speed_mps, "mass_kg": MASS_KG}
    analysis, place = analyze(clip, with_known(**known)), Place("sideview", case, setting.name)
    if plan.near_side is None:
        raise AssertionError("the plan's camera stands at a side")
    times = {"start_s": float(time_s[0]), "end_s": float(time_s[-1])}
    names = [name for name, metric in in_order().items() if metric.info.view != "frontal"]
    middle_m = plan.camera.depth_m(run.figure_at(time_s).points["mid_hip"])
    px_per_m = float((plan.camera.focal_px_at(time_s) / middle_m).mean())
    return [
        place.share("view_right", analysis.scene.view == plan.view),
        *scale_rows(place, analysis, px_per_m=px_per_m, belt_mps=runner.speed_mps),
        *metric_rows(place, analysis, clip_truth(run, **times), names, sides=("both", plan.near_side)),
        *curve_rows(place, analysis, run, plan.near_side, **times),
    ]


def cases(seeds: Seeds) -> list[Case]:
    """Every setting with its runners; of the gate, which has the sample clips, one."""
    found = []
    for i, setting in enumerate(SETTINGS[:1] if seeds == "gate" else SETTINGS):
        for number in range(1 if seeds == "gate" else setting.n_runners):
            name = f"{i:02d}-{number:03d}"
            do = partial(measure, setting, number, seed_of(seeds, number), name)
            found.append(Case(name, setting.name, do, PAINTERS))
    return found


SUITE = Suite(
    name="sideview",
    title="Side view, rendered clips through the pose model",
    shows=(
        "Fifty clips of 6 s, painted by a program from known joints and seen by the real pose model, of runners spread "
        "evenly over speed (2.2 to 4.5 m/s), overstride (0.12 to 0.38 leg lengths), build and foot strike (rear-, mid- "
        "and forefoot in turn), filmed from the right and from the left in turn, some degrees off. *Clean*: bright and "
        "sharp. *Hard*: a phone in poor light; dark, blurred, noisy, strongly compressed. The near leg is compared, "
        "the belt's speed and the runner's height are known, and no offset is removed. The painted hip is the joint's "
        "centre, as that of markers is."
    ),
    shows_not=(
        "How well the pose model sees people: the runners are smooth, their clothes have no folds. What is withheld "
        "because the model was found to err in real runners (the knee's flexion) shows here what it would have said."
    ),
    cases=cases,
)
