"""Real runners on an instrumented treadmill: their markers as keypoints, contact and toe-off from the force plate."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Literal

import numpy as np

from gait.calibration.length import LEG_PER_STATURE
from gait.metrics import in_order
from gait.model import SIDES, SideOrBoth, other_side
from gait.pipeline import analyze_track
from gait.simulate.camera import Camera
from gait.simulate.film import film
from gait.simulate.keypoint_noise import KeypointNoise
from gait.simulate.sampling import Sampling
from gait.simulate.truth import clip_truth, clip_variation, leg_length_m
from gait.simulate.truth_side import MASS_KG
from gait.validate.compare import Place, curve_rows, event_rows, metric_rows, scale_rows, with_known
from gait.validate.compare_rules import rule_rows
from gait.validate.forceplate import (
    CONTACT_N,
    ForcePlateRun,
    files_of,
    heel_passings_s,
    load_run,
    load_run_without_forces,
    marker_cadence_spm,
    recorded_runs,
    runs_without_forces,
)
from gait.validate.rbds_download import downloaded
from gait.validate.rows import Row
from gait.validate.seeds import Seeds, seed_of
from gait.validate.suite import Case, Suite

NAME = "forceplate"
FOLDER = Path(__file__).parents[3].parent / "shared" / "data" / "rbds"
N_DRAWS = 3  # of noise and of where the first frame falls, for every camera
OTHER_THRESHOLDS_N = (20.0, 100.0)
# The recordings have no shoulders.
NO_TRUTH = (
    "trunk_lean_deg",
    "trunk_lean_at_midstance_deg",
    "hip_extension_at_toe_off_deg",
    "vertical_oscillation_cm",
    "vertical_ratio_pct",
    "lateral_trunk_lean_deg",
    "peak_lateral_trunk_lean_deg",
)
View = Literal["left", "right", "rear", "front"]
SIDE_VIEWS: tuple[View, ...] = ("left", "right")
FRONTAL_VIEWS: tuple[View, ...] = ("rear", "front")


@dataclass(frozen=True, slots=True)
class Setting:
    """How the runners are filmed: frame rate, and noise per coordinate in millimetres at the runner."""

    fps: float = 60.0
    noise_mm: float = 8.0

    @property
    def name(self) -> str:
        """What stands in the tables."""
        return f"{self.fps:g} fps, {f'{self.noise_mm:g} mm noise' if self.noise_mm else 'exact'}"


SETTINGS = (
    *(Setting(fps=fps) for fps in (24, 30, 60, 120, 240)),
    *(Setting(noise_mm=noise_mm) for noise_mm in (0, 15)),
    Setting(fps=30, noise_mm=15),
)
RULED = tuple(Setting(fps=fps) for fps in (30, 60, 120, 240))  # rules of the literature stand beside ours


def measure(folder: Path, run: str, view: View, setting: Setting, seed: int, case: str) -> list[Row]:
    """Film one run, analyse the keypoints, and compare.

    The program is told the belt's speed, and the stature that would go with the leg's length.
    """
    moving = _run(folder, run)
    leg_m = float(np.mean([leg_length_m(moving, side) for side in SIDES]))
    noise = KeypointNoise(jitter_leg_lengths=setting.noise_mm / 1000 / leg_m)
    filmed = film(moving, Camera.from_view(view), Sampling(fps=setting.fps), noise, seed=seed)
    known = {"speed_mps": moving.belt_speed_mps, "height_m": leg_m / LEG_PER_STATURE, "mass_kg": MASS_KG}
    analysis = analyze_track(filmed.track, with_known(**known))
    events = event_rows(Place(NAME, case, ""), analysis, moving, start_s=0.0, end_s=moving.duration_s)
    truths = clip_truth(moving) | clip_variation(moving, start_s=0.0, end_s=moving.duration_s)
    rows = []
    for condition, sides in _conditions(view, setting):
        rows += [replace(row, condition=condition) for row in events if row.side in sides]
        place = Place(NAME, case, condition)
        rows += metric_rows(place, analysis, truths, _metrics(view), sides=sides)
        near = next((side for side in SIDES if side == view and side in sides), None)
        if near is not None:
            px_per_m = float(filmed.leg_length_px.mean() / leg_m)
            rows += scale_rows(place, analysis, px_per_m=px_per_m, belt_mps=moving.belt_speed_mps)
            rows += curve_rows(place, analysis, moving, near, start_s=0.0, end_s=moving.duration_s)
        if near is not None and setting in RULED:
            rows += rule_rows(place, analysis, moving, near=near, start_s=0.0, end_s=moving.duration_s)
    return rows


def _conditions(view: View, setting: Setting) -> list[tuple[str, tuple[SideOrBoth, ...]]]:
    """Conditions and the sides that belong to them: of a side view, the near leg (and what is no leg's) and the far."""
    if view not in SIDE_VIEWS:
        return [(f"{view}, {setting.name}", ("both", *SIDES))]
    near: Literal["left", "right"] = "left" if view == "left" else "right"
    return [
        (f"side, near leg, {setting.name}", ("both", near)),
        (f"side, far leg, {setting.name}", (other_side(near),)),
    ]


def _metrics(view: View) -> list[str]:
    """The metrics that the view shows and the recordings have truth of."""
    shown = ("any", "side" if view in SIDE_VIEWS else "frontal")
    return [name for name, metric in in_order().items() if metric.info.view in shown and name not in NO_TRUTH]


@functools.cache
def _run(folder: Path, run: str, threshold_n: float = CONTACT_N) -> ForcePlateRun:
    """A run, read once per process."""
    return load_run(folder, run, threshold_n=threshold_n)


def measure_markers(folder: Path, run: str, view: View, fps: float, seed: int, case: str) -> list[Row]:
    """Cadence of a run of which there are only markers."""
    moving = load_run_without_forces(folder, run)
    # `film` counts strides by contacts. Nothing here is compared with these.
    counted = replace(moving, contact_s=heel_passings_s(moving))
    noise = KeypointNoise(jitter_leg_lengths=Setting().noise_mm / 1000)  # of a leg of about 1 m
    filmed = film(counted, Camera.from_view(view), Sampling(fps=fps), noise, seed=seed)
    truths: dict[tuple[str, SideOrBoth], float] = {("cadence_spm", "both"): marker_cadence_spm(moving)}
    place = Place(NAME, case, _markers_condition(fps))
    return metric_rows(place, analyze_track(filmed.track), truths, ["cadence_spm"])


def _markers_condition(fps: float) -> str:
    return f"side, {Setting(fps).name}, another person without forces"


def other_threshold(folder: Path, run: str, threshold_n: float, case: str) -> list[Row]:
    """What another force threshold would make of contact, toe-off and contact time; 50 N is the truth."""
    ours, other = _run(folder, run), _run(folder, run, threshold_n)
    place = Place(NAME, case, _threshold_condition(threshold_n))
    rows = []
    for side in SIDES:
        truth = {"initial_contact": ours.contact_s[side], "toe_off": ours.toe_off_s[side]}
        found = {"initial_contact": other.contact_s[side], "toe_off": other.toe_off_s[side]}
        for kind in truth:
            nearest = np.abs(found[kind][:, None] - truth[kind]).argmin(axis=0)
            off_ms = 1000 * (found[kind][nearest] - truth[kind])
            rows += [place.row(f"{kind}_by_threshold_ms", "ms", 0.0, float(off), side=side) for off in off_ms]
        means = [float(np.mean(one.toe_off_s[side] - one.contact_s[side])) for one in (ours, other)]
        rows.append(place.row("contact_time_by_threshold_s", "s", *means, side=side))
    return rows


def _threshold_condition(threshold_n: float) -> str:
    return f"{threshold_n:g} N instead of {CONTACT_N:g} N"


def data_folder() -> Path | None:
    """Where the recordings are: beside the project, else downloaded earlier; None where they aren't."""
    return FOLDER if recorded_runs(FOLDER) else downloaded()


def cases(seeds: Seeds, *, folder: Path | None = None) -> list[Case]:
    """Every run from every side under every setting, and the thresholds; none where the recordings aren't there."""
    folder = folder or data_folder()
    if folder is None:
        return []
    found, runs = [], recorded_runs(folder)
    for run, view, setting, number in _plan(runs, seeds):
        name = f"{run}-{view}-{setting.fps:g}fps-{setting.noise_mm:g}mm-{number}"
        do = partial(measure, folder, run, view, setting, seed_of(seeds, number), name)
        found.append(Case(name, _conditions(view, setting)[0][0], do, files_of(folder, run)))
    for run in [] if seeds == "gate" else runs_without_forces(folder):
        for view, fps, number in itertools.product(SIDE_VIEWS, (24, 30, 60), range(N_DRAWS)):
            name = f"{run}-{view}-{fps}fps-{number}"
            do = partial(measure_markers, folder, run, view, fps, seed_of(seeds, number), name)
            found.append(Case(name, _markers_condition(fps), do, files_of(folder, run)))
    for run in runs:
        for threshold_n in OTHER_THRESHOLDS_N:
            name = f"{run}-{threshold_n:g}N"
            do = partial(other_threshold, folder, run, threshold_n, name)
            found.append(Case(name, _threshold_condition(threshold_n), do, files_of(folder, run)))
    return found


def _plan(runs: list[str], seeds: Seeds) -> Iterable[tuple[str, View, Setting, int]]:
    """Run, view, setting and number of the noise draw of every clip, by view and setting."""
    if seeds == "gate":
        return [(run, view, Setting(), 0) for run in runs[:2] for view in ("left", "right", "rear")]
    return [
        (run, view, setting, number)
        for view in SIDE_VIEWS + FRONTAL_VIEWS
        for setting in SETTINGS
        for run in runs
        for number in range(N_DRAWS)
    ]


def missing() -> str:
    """What isn't there; empty where the suite can run."""
    if data_folder() is not None:
        return ""
    return f"the RBDS recordings are neither in {FOLDER} nor downloaded; name their folder, or download them"


def suite(folder: Path) -> Suite:
    """The suite on the recordings in another folder."""
    return replace(SUITE, cases=partial(cases, folder=folder), missing=partial(_missing_in, folder))


def _missing_in(folder: Path) -> str:
    return "" if recorded_runs(folder) else f"{folder} holds no run with its forces and static trial"


SUITE = Suite(
    name=NAME,
    title="Against a force plate",
    shows=(
        "Runners of the RBDS data set (Fukuchi et al. 2017, doi:10.7717/peerj.3298) for 30 s on an instrumented "
        "treadmill. Their joint centres come from markers (hips by regression from the pelvis, knees and ankles by the "
        "clusters of thigh and shank) and are seen by a virtual camera 4 m away, with white noise on every "
        "keypoint. Contact and toe-off are where the vertical force, low-passed at 40 Hz, passes 50 N; the last "
        "conditions show what 20 and 100 N would have changed."
    ),
    shows_not=(
        "Markers aren't what a pose model sees: its errors last, and the far leg is hidden. The heel is a marker on "
        "the shoe's heel cup and the forefoot one on the first metatarsal head. Joint centres are themselves known to "
        "about 1 cm (thighs and shanks change their length by 4 to 7 mm, SD). The forces of the text files are zero "
        "below 30 N, so 20 N means 30 N there. As long as two recordings of one person (and one of another's markers) "
        "are all there is, nothing is shown between people."
    ),
    cases=cases,
    missing=missing,
)
