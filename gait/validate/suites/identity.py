"""Legs taken for each other, and a far leg that is made up: what repair wins, and what is left for knee and events."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from gait.model import SIDES, FloatArray, Side, Track, other_side
from gait.pipeline import analyze_track
from gait.signals import turn_deg
from gait.simulate.film import Filmed, film
from gait.simulate.keypoint_noise import KeypointNoise
from gait.simulate.sampling import Sampling
from gait.simulate.truth import clip_truth
from gait.validate.compare import Place, event_rows, metric_rows
from gait.validate.rows import Row
from gait.validate.runners import drawn_camera, drawn_run
from gait.validate.seeds import Seeds
from gait.validate.suite import Case, Suite, crossed

CLIP_S, START_S = 20.0, 1.0
N_RUNNERS = 10
LEG = ("knee", "ankle", "heel", "foot_index")
EACH = ("initial_contact_error_ms", "toe_off_error_ms")
APART = 0.05  # leg lengths between the ankles: nearer than that, nobody can tell the legs


@dataclass(frozen=True, slots=True)
class Setting:
    """What goes wrong with the legs, and from where they are seen."""

    name: str
    noise: KeypointNoise
    fps: float = 30.0
    view: Literal["side", "rear", "front"] = "side"


JITTER = KeypointNoise(jitter_leg_lengths=0.01)
BURSTS = replace(JITTER, swap_share=0.25, swap_s=0.1)
INVENTED = replace(JITTER, invented_share=0.3)
SETTINGS = (
    Setting("no leg exchanged", JITTER),
    Setting("8 % exchanged, bursts of 0.1 s", replace(BURSTS, swap_share=0.08)),
    Setting("8 % exchanged where legs cross", replace(BURSTS, swap_share=0.08, swap_at="crossing")),
    Setting("25 % exchanged, bursts of 0.1 s", BURSTS),
    Setting("25 % exchanged, bursts of 0.4 s", replace(BURSTS, swap_s=0.4)),
    Setting("25 % exchanged in late swing", replace(BURSTS, swap_at="late swing")),
    Setting("25 % exchanged, bursts of 0.1 s, 60 fps", BURSTS, fps=60.0),
    *(
        Setting(f"{view}, {share:.0%} exchanged, bursts of 0.1 s".replace("%", " %"), noise, view=view)
        for view in ("rear", "front")
        for share, noise in ((0.08, replace(BURSTS, swap_share=0.08)), (0.25, BURSTS))
    ),
    Setting("far leg copied from the near one in 30 %", replace(INVENTED, invented_from="near")),
    Setting("far leg 0.1 s late in 30 %", replace(INVENTED, invented_from="own", invented_lag_s=0.1)),
    Setting("MediaPipe's errors", KeypointNoise.of_clean_clip()),
    Setting("MediaPipe's errors, hard clip", KeypointNoise.of_hard_clip()),
)
GATE = (SETTINGS[0], SETTINGS[3])


def measure(setting: Setting, seed: int, case: str) -> list[Row]:
    """Film one runner, spoil the legs, analyse, and compare."""
    run = drawn_run(seed, CLIP_S + 2 * START_S)
    near: Side = "right" if seed % 2 else "left"
    camera = drawn_camera(seed, near if setting.view == "side" else setting.view)
    filmed = film(run, camera, Sampling(fps=setting.fps), setting.noise, start_s=START_S, duration_s=CLIP_S, seed=seed)
    analysis, place = analyze_track(filmed.track), Place("identity", case, setting.name)
    rows = [
        place.share("legs_right_before", legs_right(filmed.track, filmed)),
        place.share("legs_right", legs_right(analysis.track, filmed)),
    ]
    knees = (("near_knee_curve_deg", near), ("far_knee_curve_deg", other_side(near)))
    for name, side in knees if setting.view == "side" else ():
        for when, track in (("_before", filmed.track), ("", analysis.track)):
            error_deg = knee_error_deg(track, filmed, side)
            rows.append(place.row(name.replace("_deg", f"{when}_deg"), "deg", 0.0, error_deg, side=side))
    times = {"start_s": START_S, "end_s": START_S + CLIP_S}
    events = [row for row in event_rows(place, analysis, run, **times) if not row.metric.endswith(EACH)]
    return [*rows, *events, *metric_rows(place, analysis, clip_truth(run, **times), ["cadence_spm", "contact_time_s"])]


def legs_right(track: Track, filmed: Filmed) -> float:
    """Share of the frames with the legs apart whose leg points lie nearer to their own leg than to the other."""
    true, skeleton = filmed.true_xy.astype(np.float64), filmed.track.skeleton
    own, crossed_over = np.zeros(len(true)), np.zeros(len(true))
    for side in SIDES:
        for joint in LEG:
            place = track.point(f"{side}_{joint}")
            own += _distance(place, true[:, skeleton.index(f"{side}_{joint}")])
            crossed_over += _distance(place, true[:, skeleton.index(f"{other_side(side)}_{joint}")])
    left, right = (true[:, skeleton.index(f"{side}_ankle")] for side in SIDES)
    apart = _distance(left, right) > APART * filmed.leg_length_px
    return float((own < crossed_over)[apart].mean())


def _distance(place: FloatArray, other: FloatArray) -> FloatArray:
    """Distance (n,) in pixels; 0 where unknown, which favours neither leg."""
    return np.asarray(np.nan_to_num(np.hypot(*(place - other).T)), dtype=np.float64)


def knee_error_deg(track: Track, filmed: Filmed, side: Side) -> float:
    """Root mean square error of one knee's angle over the clip."""
    hip, knee, ankle = (track.point(f"{side}_{joint}") for joint in ("hip", "knee", "ankle"))
    true = [filmed.true_xy[:, filmed.track.skeleton.index(f"{side}_{joint}")] for joint in ("hip", "knee", "ankle")]
    error = turn_deg(hip, knee, ankle) - turn_deg(*(np.asarray(place, dtype=np.float64) for place in true))
    error = (error + 180) % 360 - 180
    return float(np.sqrt(np.nanmean(error**2)))


def cases(seeds: Seeds) -> list[Case]:
    """Every way to spoil the legs, with the same runners."""
    settings, n_runners = (GATE, 2) if seeds == "gate" else (SETTINGS, N_RUNNERS)
    return crossed(settings, n_runners, seeds, measure)


SUITE = Suite(
    name="identity",
    title="Exchanged and invented legs",
    shows=(
        "Simulated runners, from the side where nothing else is said, 1 % noise, whose legs (knee to forefoot) are "
        "exchanged in bursts, or whose far leg is made up while the near one hides it. *Frames with the right leg* "
        "counts frames in which the ankles are more than 5 % of the leg's length apart. The knee's error is the root "
        "mean square over all frames of a clip, noise included. *MediaPipe's errors* are as that pose model made them "
        "in rendered clips; its legs are exchanged in 2 % (hard clip: 15 %)."
    ),
    shows_not=(
        "Everything else that goes wrong when a pose model confuses legs: it also puts both legs on one, or throws a "
        "leg elsewhere. Exchanges here are whole and clean."
    ),
    cases=cases,
)
