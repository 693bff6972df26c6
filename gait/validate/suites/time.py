"""Real time of slow-motion files of which nothing is said: runners of all cadences, filmed and played at many rates."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

import numpy as np

from gait.model import Analysis
from gait.pipeline import analyze_track
from gait.simulate.film import film
from gait.simulate.run import Run
from gait.simulate.sampling import Sampling
from gait.validate.compare import Place, with_known
from gait.validate.rows import Row
from gait.validate.runners import drawn_camera, drawn_run, mediapipe_noise
from gait.validate.seeds import Seeds, seed_of
from gait.validate.suite import Case, Suite
from gait.validate.walker import Walker

START_S = 1.0
SLOWEST_SPM, FASTEST_SPM = 140.0, 200.0
SAME = 0.02  # of a factor
Seen = Literal["side", "rear", "front"]


@dataclass(frozen=True, slots=True)
class Setting:
    """How one condition is filmed and played, and who runs or walks; `cadence_spm` None: anything from 140 to 200."""

    name: str
    n_clips: int
    view: Seen = "side"
    fps: float = 30.0
    factor: float = 1.0
    real_s: float = 10.0
    errors: Literal["clean", "hard"] = "clean"
    cadence_spm: float | None = None
    walks: bool = False
    height_known: bool = False


def _slow(view: Seen, fps: float, factor: float, *, n_clips: int = 40) -> Setting:
    """Filmed at `fps`, played `factor` times slower."""
    return Setting(f"{view}, {factor:g} times: {fps:g} fps played at {fps / factor:g}", n_clips, view, fps, factor)


SETTINGS = (
    Setting("side, as filmed", 80),
    Setting("side, as filmed, hard clip", 40, errors="hard"),
    Setting("rear, as filmed", 40, "rear"),
    Setting("side, as filmed, jog at 140 steps/min", 60, cadence_spm=SLOWEST_SPM),
    Setting("rear, as filmed, jog at 140 steps/min", 20, "rear", cadence_spm=SLOWEST_SPM),
    *(_slow("side", fps, factor) for fps, factor in ((60, 2), (120, 4), (240, 8))),
    *(_slow("rear", fps, factor, n_clips=20) for fps, factor in ((60, 2), (120, 4), (240, 8))),
    Setting("side, 8 times, hard clip", 20, "side", 240, 8, errors="hard"),
    Setting("side, 8 times, 24 s of the file", 20, "side", 240, 8, real_s=3.0),
    Setting("side, 8 times, height known", 20, "side", 240, 8, height_known=True),
    *(_slow("side", fps, factor, n_clips=20) for fps, factor in ((240, 10), (300, 10), (120, 4.8))),
    Setting("side, walking", 10, "side", real_s=20.0, walks=True),
    Setting("rear, walking", 10, "rear", real_s=20.0, walks=True),
    Setting("front, walking", 10, "front", real_s=20.0, walks=True),
)
GATE = (replace(SETTINGS[3], n_clips=2), replace(SETTINGS[7], n_clips=2, real_s=5.0))


def measure(setting: Setting, seed: int, case: str) -> list[Row]:
    """Film somebody, say nothing of the rate, and see which factor comes out."""
    rng = np.random.default_rng([seed, 4])
    moving = _walker(rng, setting) if setting.walks else _run(rng, seed, setting)
    side: Literal["left", "right"] = "right" if seed % 2 else "left"
    camera = drawn_camera(seed, side if setting.view == "side" else setting.view)
    noise = mediapipe_noise(setting.errors, frontal=setting.view != "side")
    sampling = Sampling(fps=setting.fps, capture_speed=1 / setting.factor)
    filmed = film(moving, camera, sampling, noise, start_s=START_S, duration_s=setting.real_s, seed=seed)
    known = {"height_m": moving.runner.height_m} if isinstance(moving, Run) and setting.height_known else {}
    analysis, place = analyze_track(filmed.track, with_known(**known)), Place("time", case, setting.name)
    rows = factor_rows(place, analysis, setting.factor)
    if setting.height_known:
        times_s = np.linspace(START_S, START_S + setting.real_s, 50)
        rows.append(_belt(place, analysis, float(moving.belt_speed_mps_at(times_s).mean())))
    return rows


def factor_rows(place: Place, analysis: Analysis, factor: float) -> list[Row]:
    """Whether the factor came out right (withheld counts as not), and whether at least no wrong one was said."""
    speed = analysis.calibration.capture_speed
    is_known = bool(np.isfinite(speed.error))
    right = is_known and abs(speed.value * factor - 1) < SAME
    return [place.share("factor_right", right), place.share("factor_right_or_withheld", right or not is_known)]


def _belt(place: Place, analysis: Analysis, truth_mps: float) -> Row:
    """The belt's speed from the stance foot and the runner's height."""
    belt = analysis.calibration.belt_speed_mps
    if belt is None:
        return place.row("belt_speed_mps", "m/s", truth_mps, None, withheld="real time or the scale isn't known")
    ends = {"low": belt.value - belt.error, "high": belt.value + belt.error}
    return place.row("belt_speed_mps", "m/s", truth_mps, belt.value, **ends)


def _run(rng: np.random.Generator, seed: int, setting: Setting) -> Run:
    """A runner of any cadence, faster with it, as runners are, by 22 steps/min for 2 m/s (Fukuchi 2017)."""
    cadence_spm = setting.cadence_spm or float(rng.uniform(SLOWEST_SPM, FASTEST_SPM))
    speed_mps = float(np.clip(2.5 + (cadence_spm - 161) / 11 + rng.normal(0, 0.4), 2.0, 4.6))
    chosen = {"cadence_spm": cadence_spm, "speed_mps": speed_mps}
    return drawn_run(seed, setting.real_s + 2 * START_S, chosen=chosen)


def _walker(rng: np.random.Generator, setting: Setting) -> Walker:
    """A walker of 95 to 125 steps a minute."""
    duration_s = setting.real_s + 2 * START_S
    return Walker(
        speed_mps=float(rng.uniform(1.1, 1.6)), stride_s=120 / float(rng.uniform(95, 125)), duration_s=duration_s
    )


def cases(seeds: Seeds) -> list[Case]:
    """Every condition with its number of clips, all of different people."""
    made: list[Case] = []
    for i, setting in enumerate(GATE if seeds == "gate" else SETTINGS):
        for number in range(setting.n_clips):
            name = f"{i:02d}-{number:03d}"
            made.append(Case(name, setting.name, partial(measure, setting, seed_of(seeds, len(made)), name)))
    return made


SUITE = Suite(
    name="time",
    title="Slow motion of which nothing is said",
    shows=(
        "Simulated runners of 140 to 200 steps/min with MediaPipe's errors, filmed for 10 s (unless said otherwise), "
        "played as filmed or slower without any word of the capture rate. *Factor right* counts withheld ones as not "
        "right. At 140 steps/min a file that is played 8 times slower looks like one of 175 that is played 10 times "
        "slower, which cameras do less often; free fall has to tell."
    ),
    shows_not=(
        "How common each factor is was judged and not counted, and a simulated trunk bounces like a mass on a spring: "
        "people lean and nod. Sprinters, skipping and jumping aren't simulated."
    ),
    cases=cases,
)
