"""Drift from keypoints: changes that are there should be found, none where nothing changes, none told by a camera."""

from __future__ import annotations

from dataclasses import dataclass

from gait.metrics import in_order
from gait.model import Analysis, DriftEntry, Side
from gait.pipeline import analyze_track
from gait.simulate.film import film
from gait.simulate.run import simulate_run
from gait.simulate.sampling import Sampling
from gait.simulate.source import Moving
from gait.simulate.truth import true_metrics
from gait.simulate.variation import Change, Variation
from gait.validate.compare import Place
from gait.validate.rows import Row
from gait.validate.runners import drawn_camera, drawn_run, keypoint_noise
from gait.validate.seeds import Seeds
from gait.validate.suite import Case, Suite, crossed

CLIP_S, START_S, JITTER = 180.0, 1.0, 0.01
METRICS = ("cadence_spm", "trunk_lean_deg", "ankle_to_hip_at_contact_leg_lengths")
UNCHANGED = {"cadence_spm": 0.1, "trunk_lean_deg": 0.1, "ankle_to_hip_at_contact_leg_lengths": 0.001}
N_RUNNERS = 10


@dataclass(frozen=True, slots=True)
class Setting:
    """How long deviations last, and what changes on purpose over the clip."""

    name: str
    alpha: float = 0.75
    changes: tuple[Change, ...] = ()


def _steadily(parameter: str, by: float) -> tuple[Change, ...]:
    """A change from the clip's first to its last second."""
    return (Change(parameter, by, from_s=START_S, to_s=START_S + CLIP_S),)


SETTINGS = (
    *(Setting(f"nothing changes, alpha {alpha}", alpha=alpha) for alpha in (0.5, 0.75, 0.95)),
    Setting("cadence +6 steps/min, steadily", changes=_steadily("cadence_spm", 6.0)),
    Setting("cadence +1.5 steps/min, steadily", changes=_steadily("cadence_spm", 1.5)),
    Setting("trunk lean +4°, steadily", changes=_steadily("trunk_lean_deg", 4.0)),
    Setting("overstride +3 %, last third", changes=(Change("overstride_leg_lengths", 0.03, "step", from_s=121.0),)),
    Setting("belt +5 % at half-time", changes=(Change("speed_mps", 0.15, "step", from_s=START_S + CLIP_S / 2),)),
)
GATE = (SETTINGS[1], SETTINGS[3])


def measure(setting: Setting, seed: int, case: str) -> list[Row]:
    """Film three minutes from the side, and compare early against late."""
    total_s = CLIP_S + 2 * START_S
    run = drawn_run(seed, total_s, changes=setting.changes, variation=Variation(alpha=setting.alpha))
    even = simulate_run(run.runner, total_s, changes=setting.changes, variation=Variation.none())
    near: Side = "right" if seed % 2 else "left"
    filmed = film(
        run,
        drawn_camera(seed, near),
        Sampling(fps=30),
        keypoint_noise(seed, JITTER),
        start_s=START_S,
        duration_s=CLIP_S,
        seed=seed,
    )
    analysis = analyze_track(filmed.track)
    place, rows = Place("drift", case, setting.name), []
    rows.append(place.share("camera_told_right", not analysis.drift.voided))
    rows.append(place.share("belt_told_right", bool(analysis.drift.belt) == setting.name.startswith("belt")))
    for name in METRICS:
        entry = _entry(analysis, name, near)
        programmed, happened = (_true_change(moving, analysis, name, near) for moving in (even, run))
        unit = in_order()[name].info.unit
        rows.append(_row(place, f"change_of_{name}", unit, programmed, entry))
        rows.append(_row(place, f"realised_change_of_{name}", unit, happened, entry))
        if entry is None:
            continue
        if abs(programmed) < UNCHANGED[name]:
            rows.append(place.share(f"no_drift_claimed_in_{name}", entry.verdict != "drifted"))
        elif not setting.name.startswith("belt"):
            rows.append(place.share(f"drift_found_in_{name}", entry.verdict == "drifted"))
    return rows


def _entry(analysis: Analysis, name: str, near: Side) -> DriftEntry | None:
    """Early against late of the near leg, or of both where the metric is of neither."""
    found = (entry for entry in analysis.drift.entries if entry.name == name and entry.side in (near, "both"))
    return next(found, None)


def _true_change(moving: Moving, analysis: Analysis, name: str, near: Side) -> float:
    """Late minus early of the true strides, in the parts of the clip that were compared."""
    early_s, late_s = (
        analysis.drift.early_s or (START_S, START_S + CLIP_S / 3),
        analysis.drift.late_s or (START_S + 2 * CLIP_S / 3, START_S + CLIP_S),
    )
    means = []
    for low, high in (early_s, late_s):
        strides = true_metrics(moving, start_s=low, end_s=high)
        own = strides if in_order()[name].info.per_side is False else strides[strides["side"] == near]
        means.append(float(own[name].mean()))
    return means[1] - means[0]


def _row(place: Place, metric: str, unit: str, truth: float, entry: DriftEntry | None) -> Row:
    """A row of a change with its interval."""
    if entry is None:
        return place.row(metric, unit, truth, None, withheld="the metric itself is withheld")
    return place.row(metric, unit, truth, entry.change, side=entry.side, low=entry.ci95[0], high=entry.ci95[1])


def cases(seeds: Seeds) -> list[Case]:
    """Every programme with the same runners."""
    if seeds == "gate":
        return crossed(GATE, 1, seeds, measure)
    return crossed(SETTINGS, N_RUNNERS, seeds, measure)


SUITE = Suite(
    name="drift",
    title="Drift from keypoints",
    shows=(
        "Simulated runs of three minutes from the side at 30 fps, 1 % noise. Strides follow each other the more "
        "closely, the larger alpha is (0.5: no memory). *Change* is compared with what was programmed: 0 where nothing "
        "changes, and then the interval should hold 0 in 95 of 100 runs. *Realised change* is compared with what the "
        "strides of that very run did by chance; it tells the error of the measurement alone. *Drift found* and *no "
        "drift claimed* are the verdicts. The camera is still."
    ),
    shows_not="Fatigue: changes here are programmed. Runs of 40 minutes are in suite `run`.",
    cases=cases,
)
