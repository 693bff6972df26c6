"""Drift over runs of forty minutes, filmed as a few clips: what is found, what is claimed wrongly, what voids it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from gait.config import Config
from gait.findings import load_evidence
from gait.metrics import in_order
from gait.model import Drift, DriftEntry, SessionClip, Track
from gait.pipeline import analyze_track
from gait.scene import only
from gait.session.analyze import session_of
from gait.simulate.film import film
from gait.simulate.run import simulate_run
from gait.simulate.sampling import Sampling
from gait.simulate.truth import true_metrics
from gait.simulate.variation import Change, Variation
from gait.validate.compare import Place
from gait.validate.creep import CREEPS, creeping
from gait.validate.rows import Row
from gait.validate.runners import drawn_camera, drawn_run, mediapipe_noise
from gait.validate.seeds import Seeds
from gait.validate.suite import Case, Suite, crossed

if TYPE_CHECKING:
    import pandas as pd

RUN_S, FROM_S, TO_S = 2400.0, 120.0, 2340.0  # of the run; between which what changes does so steadily
CLIP_S, CLIPS_AT_S = 40.0, (120.0, 660.0, 1200.0, 1740.0, 2300.0)
ALPHA = 0.75
N_CHANGING, N_UNCHANGING, N_CREEPING = 25, 5, 12
# Of the largest useful half-width: a metric that changes by less on purpose doesn't change.
UNCHANGED = 0.05


@dataclass(frozen=True, slots=True)
class Setting:
    """From where a run is filmed, what changes on purpose, and what happens to the camera."""

    name: str
    view: Literal["left", "rear"]
    changes: tuple[tuple[str, float], ...] = ()
    camera: str = CREEPS[0]

    @property
    def programme(self) -> tuple[Change, ...]:
        """What changes, steadily."""
        return tuple(Change(name, by, from_s=FROM_S, to_s=TO_S) for name, by in self.changes)


SIDE = (("cadence_spm", -5.0), ("overstride_leg_lengths", 0.03))
REAR = (("cadence_spm", -5.0), ("valgus_left_deg", 4.0), ("valgus_right_deg", 4.0))
TARGETS = (
    "cadence_spm",
    "ankle_to_hip_at_contact_leg_lengths",
    "ankle_to_knee_at_contact_leg_lengths",
    "frontal_plane_projection_deg",
    "trunk_lean_deg",
)
CHANGING = (
    Setting("side: cadence -5, overstride +3 % of the leg", "left", SIDE),
    Setting("rear: cadence -5, knees 4° inward", "rear", REAR),
)
UNCHANGING = (Setting("side: nothing changes", "left"), Setting("rear: nothing changes", "rear"))
CREEPING = (
    *(Setting(f"side: the camera {camera}", "left", camera=camera) for camera in CREEPS[1:]),
    Setting(f"rear: the camera {CREEPS[2]}", "rear", camera=CREEPS[2]),
)


def measure(setting: Setting, seed: int, case: str) -> list[Row]:
    """A run of forty minutes, filmed as five clips of forty seconds."""
    import pandas as pd

    run = drawn_run(seed, RUN_S, changes=setting.programme, variation=Variation(alpha=ALPHA))
    even = simulate_run(run.runner, RUN_S, changes=setting.programme, variation=Variation.none())
    noise = mediapipe_noise("clean", frontal=setting.view == "rear")
    camera = drawn_camera(seed, setting.view)
    whole = film(run, camera, Sampling(fps=30), noise, start_s=FROM_S, duration_s=RUN_S - FROM_S - 5, seed=seed).track
    whole = creeping(whole, setting.camera, seed)
    clips = [SessionClip(analyze_track(part), at_s) for part, at_s in _clips(whole)]
    place, runs = Place("run", case, setting.name), session_of(clips, Config()).runs
    if not runs:
        return [place.row("run_compared", "share", 1.0, 0.0)]
    drift = runs[0].analysis.drift
    rows = [place.share("camera_told_right", bool(drift.voided) == (setting.camera != CREEPS[0]))]
    if setting.camera != CREEPS[0]:
        return rows
    filmed = pd.concat([true_metrics(even, start_s=at_s, end_s=at_s + CLIP_S) for at_s in CLIPS_AT_S])
    return rows + verdict_rows(place, drift, filmed)


def _clips(whole: Track) -> list[tuple[Track, float]]:
    """Clips of a film that goes on for the whole run, and when each began."""
    time_s = whole.video.file_time_s
    found = []
    for at_s in CLIPS_AT_S:
        first, end = np.searchsorted(time_s, time_s[0] + at_s - FROM_S + np.array([0.0, CLIP_S]))
        found.append((only(whole, (int(first), int(end))), FROM_S + float(time_s[first] - time_s[0])))
    return found


def verdict_rows(place: Place, drift: Drift, even: pd.DataFrame) -> list[Row]:
    """The verdicts beside what was programmed: `even` are the true strides of a runner who changes and never varies."""
    rows, claimed = list[Row](), list[bool]()
    for entry in drift.entries:
        truth = _true_change(even, drift, entry)
        if truth is None:
            continue
        drifted = entry.verdict == "drifted"
        changes = abs(truth) >= UNCHANGED * load_evidence().largest_useful[entry.name]
        if drifted:
            claimed.append(changes and np.sign(truth) == np.sign(entry.change))
        if not changes:
            rows.append(place.share("no_drift_claimed_where_nothing_changes", not drifted))
        if entry.name in TARGETS:
            unit, (low, high) = in_order()[entry.name].info.unit, entry.ci95
            rows.append(
                place.row(f"change_of_{entry.name}", unit, truth, entry.change, side=entry.side, low=low, high=high)
            )
            if changes:
                rows.append(place.share(f"drift_found_in_{entry.name}", drifted, side=entry.side))
    if claimed:
        rows.append(place.share("claimed_drift_is_there", float(np.mean(claimed))))
    return rows


def _true_change(strides: pd.DataFrame, drift: Drift, entry: DriftEntry) -> float | None:
    """Late less early of what was programmed, over the strides that are filmed; None where there is no truth."""
    if entry.name not in strides or drift.early_s is None or drift.late_s is None:
        return None
    own = strides if entry.side == "both" else strides[strides["side"] == entry.side]
    means = [
        float(own.loc[(own["time_s"] >= low) & (own["time_s"] <= high), entry.name].mean())
        for low, high in (drift.early_s, drift.late_s)
    ]
    return means[1] - means[0] if np.isfinite(means).all() else None


def cases(seeds: Seeds) -> list[Case]:
    """Every programme with its own number of the same runners."""
    if seeds == "gate":
        return crossed(UNCHANGING[:1], 1, seeds, measure)
    found = []
    for settings, n_runs in ((CHANGING, N_CHANGING), (UNCHANGING, N_UNCHANGING), (CREEPING, N_CREEPING)):
        found += [
            Case(f"{settings[0].name[:4]}{n_runs}-{case.name}", case.condition, case.run)
            for case in crossed(settings, n_runs, seeds, measure)
        ]
    return found


SUITE = Suite(
    name="run",
    title="Drift over runs of 40 minutes",
    shows=(
        "Simulated runs with the pose model's errors of clean clips, filmed at 30 fps as five clips of 40 s by one "
        "camera, and read as `gait analyze --at` reads them. Changes come steadily over the run; strides follow each "
        "other with alpha 0.75. *Drift found*: of changes that are programmed. *No drift claimed where nothing "
        "changes*: of all other metrics that are shown. *Claimed drift is there*: what is called drifted did change on "
        "purpose, in that direction. *Change*: early against late as programmed. *Camera told right*: the null test "
        "speaks where the camera creeps from the first clip to the last, and only there."
    ),
    shows_not="Fatigue: changes here are programmed, and the pose model's errors stay the same for forty minutes.",
    cases=cases,
)
