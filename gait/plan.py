"""How small a change over a run a way of filming would show, before anything is filmed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from gait.config import Config
from gait.errors import ConfigError, check_ranges
from gait.fatigue import line_over_run, smallest_found
from gait.model import FloatArray, MetricInfo, MetricTable
from gait.pipeline import analyze_track
from gait.simulate.camera import Camera
from gait.simulate.film import film
from gait.simulate.keypoint_noise import KeypointNoise
from gait.simulate.run import simulate_run
from gait.simulate.runner import Runner
from gait.simulate.sampling import Sampling
from gait.simulate.variation import Variation, fractional_noise

VIEWS: Mapping[str, Callable[[], Camera]] = {
    view: partial(Camera.from_view, view) for view in ("left", "right", "rear", "front")
}
ALPHAS = (0.75, 0.9)  # a runner whose deviations last for a usual and for a long time
TRIAL_S, N_SERIES = 60.0, 30
FEWEST_STRIDES = 15


@dataclass(frozen=True, slots=True)
class Filming:
    """How a run is filmed: for how long it goes on, at how many frames a second, so many seconds of every so many."""

    minutes: float
    fps: float = 30.0
    film_s: float = 60.0
    every_s: float = 60.0
    view: str = "left"

    def __post_init__(self) -> None:
        if self.view not in VIEWS:
            raise ConfigError(f"The view is {', '.join(VIEWS)}, not {self.view}.")
        check_ranges(
            self, minutes=(1, 1000), fps=(10, 1000), film_s=(1, 100_000), every_s=(self.film_s, 60 * self.minutes)
        )


@dataclass(frozen=True, slots=True)
class Planned:
    """One metric: the strides' standard deviation as it would be seen, and the smallest change that would be found.

    A change from the beginning of the run to its end, with 80 % probability; for a runner whose deviations last for a
    usual (`alpha` 0.75) and for a long time (0.9).
    """

    info: MetricInfo
    stride_sd: float
    usual: float
    long_memory: float


def plan_drift(filming: Filming) -> tuple[Planned, ...]:
    """What would be found of each metric of the view.

    A minute of a simulated runner is filmed so, with the pose model's errors, and gives the strides' scatter; series of
    strides with this scatter go through the drift test itself. Metrics that such a clip doesn't show aren't listed.
    """
    table = _trial(filming)
    stride_s = float((table.values["end_s"] - table.values["time_s"]).median())
    stride = np.arange(60 * filming.minutes / stride_s)
    filmed = stride[(stride * stride_s) % filming.every_s <= max(filming.film_s - stride_s, 0.0)]
    if len(filmed) < FEWEST_STRIDES:
        raise ConfigError(f"Only {len(filmed)} strides would be filmed; film more of the run.")
    usual, long_memory = (_smallest_sd(filmed, alpha) for alpha in ALPHAS)
    planned = []
    for name in dict.fromkeys(summary.name for summary in table.summary if summary.estimate is not None):
        sds = [_stride_sd(table, name, side) for side in ("left", "right")]
        sd = float(np.nanmin(sds)) if np.isfinite(sds).any() else np.nan
        if np.isfinite(sd):
            planned.append(Planned(table.info[name], sd, usual * sd, long_memory * sd))
    return tuple(planned)


def _trial(filming: Filming) -> MetricTable:
    """The metrics of a minute of a simulated runner, filmed so."""
    run = simulate_run(Runner(), TRIAL_S + 2.0, variation=Variation(alpha=ALPHAS[0]), seed=1)
    noise = KeypointNoise.of_clean_clip(frontal=filming.view in ("rear", "front"))
    filmed = film(run, VIEWS[filming.view](), Sampling(fps=filming.fps), noise, start_s=1.0, duration_s=TRIAL_S, seed=1)
    known = {"calibration": {"height_m": run.runner.body.height_m, "speed_mps": run.runner.speed_mps}}
    return analyze_track(filmed.track, Config().with_values(known, source="gait plan")).metrics


def _stride_sd(table: MetricTable, name: str, side: str) -> float:
    """Of single strides; NaN where too few of them show the metric."""
    rows = table.values[(table.values["side"] == side) & (table.values["rejected"] == "")]
    values = rows[name].to_numpy(dtype=np.float64)
    return float(np.nanstd(values, ddof=1)) if np.isfinite(values).sum() >= FEWEST_STRIDES else np.nan


def _smallest_sd(stride: FloatArray, alpha: float) -> float:
    """Smallest change that would be found, in standard deviations of the strides."""
    rng, found = np.random.default_rng(2), []
    for _ in range(N_SERIES):
        noise = fractional_noise(int(stride[-1]) + 1, alpha=alpha, rng=rng)[stride.astype(int)]
        found.append(smallest_found(line_over_run(stride, noise)))
    return float(np.median(found))
