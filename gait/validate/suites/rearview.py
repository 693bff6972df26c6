"""Rendered clips from the rear and front through the real pose model: every metric of these views."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

from gait.metrics import in_order
from gait.model import SIDES, Analysis, SideOrBoth
from gait.pipeline import analyze
from gait.pose.cache import default_directory
from gait.simulate.camera import YAW_OF_VIEW_DEG
from gait.simulate.render import EXPOSURES, ClipPlan, cached_clip, plan_of
from gait.simulate.runner import Runner
from gait.simulate.truth import clip_truth
from gait.validate.compare import Place, metric_rows, with_known
from gait.validate.rendered_runners import spread_frontal_runner, spread_yaw_deg
from gait.validate.rows import Row
from gait.validate.seeds import Seeds, seed_of
from gait.validate.suite import Case, Suite
from gait.validate.suites.video import PAINTERS

CLIP_S = 8.0
COMPARED = ("frontal_plane_projection_deg", "femoral_adduction_deg")
CLEAR_DEG = 3.0  # a difference between the legs that should be seen
View = Literal["rear", "front"]


@dataclass(frozen=True, slots=True)
class Setting:
    """Light, size (upright pictures of phones, but for the dark ones), rate, view, and how many runners."""

    view: View
    picture: Literal["clean", "indoor", "hard"]
    fps: float
    n_runners: int

    @property
    def name(self) -> str:
        """What stands in the tables."""
        return f"{self.view}, {self.picture}, {self.fps:g} fps"

    def plan(self, number: int, seed: int) -> ClipPlan:
        """The clip to be rendered of one of all settings' runners; cameras stand up to ten degrees aside."""
        preset = "rear-phone-dark" if self.picture == "hard" else "rear-clean"
        plan = plan_of(preset, seed)

        def runs(runner: Runner) -> object:
            return replace(plan.person, runner=runner).run(CLIP_S + 0.5)

        runner = spread_frontal_runner(number, N_CLIPS, seed, runs=runs)
        yaw_deg = (YAW_OF_VIEW_DEG[self.view] + spread_yaw_deg(number, N_CLIPS)) % 360
        if plan.camera.field_of_view_deg is None:
            raise AssertionError("presets say what their cameras see")
        upright = 1.0 if self.picture == "hard" else 16 / 9 / 1.25  # the arms need the width
        plan = replace(
            plan,
            person=replace(plan.person, runner=runner),
            camera=replace(plan.camera, yaw_deg=yaw_deg, field_of_view_deg=plan.camera.field_of_view_deg * upright),
            room=replace(plan.room, console=plan.room.console and self.view == "rear"),
            exposure=EXPOSURES["indoor"] if self.picture == "indoor" else plan.exposure,
            crf=26 if self.picture == "indoor" else plan.crf,
        )
        size_px = {"clean": (720, 1280), "indoor": (540, 960), "hard": (854, 480)}[self.picture]
        return plan.changed(duration_s=CLIP_S, fps=self.fps, size_px=size_px)


SETTINGS = (
    Setting("rear", "clean", 60.0, 14),
    Setting("rear", "indoor", 30.0, 14),
    Setting("rear", "hard", 30.0, 10),
    Setting("front", "clean", 60.0, 10),
    Setting("front", "indoor", 30.0, 12),
)
N_CLIPS = sum(setting.n_runners for setting in SETTINGS)


def measure(setting: Setting, number: int, seed: int, case: str) -> list[Row]:
    """Render one clip (kept in the user's cache), analyse it, and compare both legs with what was painted."""
    plan = setting.plan(number, seed)
    run, time_s = plan.run(), plan.time_s()
    clip = cached_clip(plan, default_directory() / "rendered")
    analysis = analyze(clip, with_known(height_m=plan.person.runner.height_m))
    place = Place("rearview", case, setting.name)
    truths = clip_truth(run, start_s=float(time_s[0]), end_s=float(time_s[-1]))
    off_deg = (plan.camera.yaw_deg - YAW_OF_VIEW_DEG[setting.view] + 180) % 360 - 180
    names = [name for name, metric in in_order().items() if metric.info.view == "frontal"]
    return [
        place.share("view_right", analysis.scene.view == setting.view),
        yaw_row(place, analysis, -off_deg if setting.view == "rear" else off_deg),
        *metric_rows(place, analysis, truths, names),
        *side_rows(place, analysis, truths, COMPARED),
    ]


def yaw_row(place: Place, analysis: Analysis, truth_deg: float) -> Row:
    """How far aside the camera was seen to stand, + where the runner runs towards the picture's right."""
    found, error = analysis.scene.yaw_deg, analysis.scene.yaw_error_deg
    return place.row("yaw_deg", "deg", truth_deg, found, low=found - error, high=found + error)


def side_rows(
    place: Place, analysis: Analysis, truths: Mapping[tuple[str, SideOrBoth], float], names: Iterable[str]
) -> list[Row]:
    """Left less right of some metrics, and whether its sign is right where the truth differs by more than 3 degrees."""
    rows = []
    for name in names:
        found = [analysis.metrics.get(name, side) for side in SIDES]
        true = truths[name, "left"] - truths[name, "right"]
        said = [None if summary is None else summary.estimate for summary in found]
        if said[0] is None or said[1] is None:
            why = next(summary.withheld for summary in found if summary is not None and summary.withheld)
            rows.append(place.row(f"{name}_left_less_right", "deg", true, None, withheld=why))
            continue
        rows.append(place.row(f"{name}_left_less_right", "deg", true, said[0] - said[1]))
        if abs(true) > CLEAR_DEG:
            rows.append(place.share(f"{name}_side_right", (said[0] > said[1]) == (true > 0)))
    return rows


def cases(seeds: Seeds) -> list[Case]:
    """Every setting with its runners; of the gate, which has the sample clips, one."""
    settings = [setting for setting in SETTINGS for _ in range(setting.n_runners)]
    found = []
    for number, setting in enumerate(settings[:1] if seeds == "gate" else settings):
        name = f"{number:03d}"
        do = partial(measure, setting, number, seed_of(seeds, number), name)
        found.append(Case(name, setting.name, do, PAINTERS))
    return found


SUITE = Suite(
    name="rearview",
    title="Rear and front, rendered clips through the pose model",
    shows=(
        "Sixty clips of 8 s, painted by a program from known joints and seen by the real pose model, from the rear and "
        "the front, of runners spread evenly over projection angle (-2 to 14 degrees) and pelvic drop (2 to 10) of "
        "each leg by itself, step width (0 to 15 cm), lateral lean (-4 to 8 degrees), speed and build, in clothes of "
        "all kinds, by cameras that stand up to ten degrees aside. *Clean*: bright and sharp, upright 720p. *Indoor*: "
        "light of a gym, upright 540p. *Hard*: a phone in poor light; dark, blurred, noisy, strongly compressed. The "
        "truth is that of the room's frontal plane, so perspective and a camera aside count as errors. No offset is "
        "removed."
    ),
    shows_not=(
        "How well outlines show the limbs of people: the rendered ones are even, their clothes have no folds. What is "
        "withheld since the pose model's hips don't tilt with the pelvis shows here what it would have said."
    ),
    cases=cases,
)
