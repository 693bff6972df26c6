"""The drift test on series of strides: false alarms where nothing changes, what is found of changes of known size."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from gait.fatigue.drift import beginning
from gait.fatigue.memory import epochs_of, means_covariance
from gait.fatigue.regression import Estimate, line_over_run
from gait.model import FloatArray
from gait.simulate.variation import fractional_noise
from gait.validate.compare import Place
from gait.validate.rows import Row
from gait.validate.seeds import Seeds
from gait.validate.suite import Case, Suite, crossed

STRIDE_S = 0.7
N_METRICS, N_BATCHES = 20, 20
LEVEL = 0.05
CHANGES_SD = (0.5, 1.0, 1.5, 2.5, 4.0)
N_BEGINNINGS = 4  # of each batch: they take time
LATEST = (0.2, 0.8)  # of the run, between which a ramp begins


@dataclass(frozen=True, slots=True)
class Setting:
    """How long a run is, the memory of its strides, and the share of white noise in their variance."""

    minutes: float
    alpha: float
    white: float = 0.0
    filmed_s: float = 60.0  # of each minute

    @property
    def name(self) -> str:
        """What stands in the tables."""
        noise = f", {self.white:.0%} white noise" if self.white else ""
        sampled = f", {self.filmed_s:.0f} s of each minute" if self.filmed_s < 60 else ""
        return f"{self.minutes:.0f} min, alpha {self.alpha}{noise}{sampled}"


SETTINGS = (
    *(Setting(minutes, alpha) for minutes in (30.0, 60.0) for alpha in (0.5, 0.75, 0.9, 0.95)),
    *(Setting(30.0, alpha, white=0.5) for alpha in (0.75, 0.95)),
    *(Setting(40.0, alpha, filmed_s=20.0) for alpha in (0.5, 0.75, 0.9)),
    Setting(5.0, 0.75),
)
GATE = (SETTINGS[1],)


def measure(setting: Setting, seed: int, case: str) -> list[Row]:
    """One run with so many metrics that know nothing of each other; the changes are put on top of the same noise."""
    rng, place, rows = np.random.default_rng(seed), Place("series", case, setting.name), []
    filmed, slopes = _filmed(setting), []
    for i in range(N_METRICS):
        remembered = fractional_noise(int(filmed[-1]) + 1, alpha=setting.alpha, rng=rng)[filmed.astype(int)]
        noise = np.sqrt(1 - setting.white) * remembered + np.sqrt(setting.white) * rng.standard_normal(len(filmed))
        slopes.append(line_over_run(filmed, noise))
        low, high = slopes[-1].interval()
        rows.append(place.row("change_where_there_is_none", "SD", 0.0, slopes[-1].value, low=low, high=high))
        if i < N_BEGINNINGS and setting.alpha <= 0.75:
            rows += _beginning_rows(place, filmed, noise, rng)
    rows += _alarm_rows(place, slopes)
    for change in CHANGES_SD:
        found = np.mean([slope.plus(change).p < LEVEL for slope in slopes])
        rows.append(place.share(f"found_change_of_{change:g}_SD", float(found)))
        if not setting.white:
            best = _best_power(setting, change)
            rows.append(place.share(f"found_change_of_{change:g}_SD_at_best", best))
    return rows


def _filmed(setting: Setting) -> FloatArray:
    """Which strides of the run are filmed."""
    stride = np.arange(round(60 * setting.minutes / STRIDE_S), dtype=np.float64)
    return np.asarray(stride[(stride * STRIDE_S) % 60 < setting.filmed_s])


def _alarm_rows(place: Place, slopes: list[Estimate]) -> list[Row]:
    """What isn't claimed where nothing changes: of each metric by itself, and of all together."""
    from scipy.stats import false_discovery_control

    p = [slope.p for slope in slopes]
    silent = bool((false_discovery_control(p) >= LEVEL).all())
    return [
        place.share("no_false_alarm", float(np.mean(np.array(p) >= LEVEL))),
        place.share(f"no_false_discovery_among_{N_METRICS}_metrics", silent),
    ]


def _beginning_rows(place: Place, stride: FloatArray, noise: FloatArray, rng: np.random.Generator) -> list[Row]:
    """When a ramp of one standard deviation began."""
    begins = float(rng.uniform(*LATEST)) * float(stride[-1])
    ramp = np.maximum(stride - begins, 0.0) / (float(stride[-1]) - begins)
    low, middle, high = (at * STRIDE_S / 60 for at in beginning(epochs_of(stride, noise + ramp)))
    return [place.row("begins_min", "min", begins * STRIDE_S / 60, middle, low=low, high=high)]


@lru_cache(maxsize=64)
def _best_power(setting: Setting, change: float) -> float:
    """Share of such changes that a test finds which knows the memory: generalised least squares, normal noise."""
    from scipy.stats import norm

    filmed = _filmed(setting)
    epochs = epochs_of(filmed, np.zeros(len(filmed)))
    along = (epochs.middle - epochs.middle.mean()) / float(epochs.stop[-1])
    columns = np.column_stack([np.ones(len(along)), along])
    unit = 2 - 2 ** (2 * setting.alpha - 1)  # half of the variance of the difference of adjacent strides, of 1
    covariance = means_covariance(epochs.start, epochs.stop, setting.alpha) * unit
    covariance += 10 * np.abs(covariance).max()
    known = np.linalg.inv(columns.T @ np.linalg.solve(covariance, columns))
    z = change / float(np.sqrt(known[1, 1]))
    bound = float(norm.ppf(1 - LEVEL / 2))
    return float(norm.sf(bound - z) + norm.cdf(-bound - z))


def cases(seeds: Seeds) -> list[Case]:
    """Every setting with as many batches."""
    settings, n_batches = (GATE, 1) if seeds == "gate" else (SETTINGS, N_BATCHES)
    return crossed(settings, n_batches, seeds, measure)


SUITE = Suite(
    name="series",
    title="Drift of series of strides",
    shows=(
        "Fractional Gaussian noise as series of strides, 20 runs with 20 metrics each. Where nothing changes, no alarm "
        "should be given in 95 of 100 metrics, no false discovery among the 20 metrics of a run in 95 of 100 runs, and "
        "the interval should hold no change in 92 to 98 of 100. *Found change*: share of steady changes of so many "
        "standard deviations of the strides that is found; *at best*: what a test would find that knows the memory "
        "exactly. *Begins*: when a ramp of one standard deviation began."
    ),
    shows_not=(
        "Real runners, whose strides may remember each other in other ways. Where little is known of the "
        "memory (a short run, white noise on top) less is found than at best."
    ),
    cases=cases,
)
