"""The steps of a run: what each of them is like, and when."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gait.errors import ConfigError
from gait.model import FloatArray
from gait.simulate.runner import Runner
from gait.simulate.variation import Change, Variation, fractional_noise

if TYPE_CHECKING:
    import pandas as pd

StepIndex = NDArray[np.intp]
STRAIGHTEST_KNEE_DEG = 4.0  # at contact: a straighter leg couldn't give way and still reach its foot
LEAD_S = 2.0  # steps begin before and end after what can be filmed


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """Steps (s,), left and right in turn; a step belongs to the leg that lands at its beginning.

    `value` holds every parameter of the runner as it was at each step. Times are real seconds.
    """

    is_left: FloatArray
    contact_s: FloatArray
    toe_off_s: FloatArray
    value: Mapping[str, FloatArray]

    @property
    def stance_s(self) -> FloatArray:
        """Contact times."""
        return self.toe_off_s - self.contact_s

    @property
    def outward(self) -> FloatArray:
        """+1 for right steps, -1 for left ones: the direction away from the midline."""
        return 1.0 - 2.0 * self.is_left

    def per_side(self, name: str, unit: str) -> FloatArray:
        """A parameter that has a left and a right value, as it is for the leg of each step."""
        return np.where(self.is_left == 1, self.value[f"{name}_left_{unit}"], self.value[f"{name}_right_{unit}"])

    def with_asymmetry(self, name: str, asymmetry: str) -> FloatArray:
        """A parameter with half of its right-minus-left difference added on the right, taken away on the left."""
        return np.asarray(self.value[name] + self.outward * self.value[asymmetry] / 2, dtype=np.float64)

    def table(self) -> pd.DataFrame:
        """A row per step: side, events, and every parameter as it was."""
        import pandas as pd

        side = np.where(self.is_left == 1, "left", "right")
        return pd.DataFrame(
            {"side": side, "contact_s": self.contact_s, "toe_off_s": self.toe_off_s, **dict(self.value)}
        )


def make_steps(
    runner: Runner, duration_s: float, *, changes: Iterable[Change], variation: Variation, rng: np.random.Generator
) -> Steps:
    """All steps of a run, each with its own parameters, which wander and change as asked."""
    changes = tuple(changes)
    _check_names(runner, [change.parameter for change in changes] + list(variation.sd))
    _check_changes(runner, changes, duration_s)
    seed, start = int(rng.integers(2**32)), rng.uniform(0, 2 * 60 / runner.cadence_spm)
    fastest_spm = runner.cadence_spm + sum(max(c.by, 0) for c in changes if c.parameter == "cadence_spm")
    n = int((duration_s + 2 * LEAD_S) * fastest_spm * 1.1 / 60) + 20
    noise = {name: sd * _noise(name, n, variation.alpha, seed) for name, sd in variation.sd.items()}
    number = np.arange(n)
    is_left = (number % 2 == 0).astype(np.float64)
    contact_s = -LEAD_S - start + number * 60 / runner.cadence_spm
    for _ in range(4):  # when a step comes depends on the steps before, and what it is like on when it comes
        value = _values(runner, contact_s, changes=changes, noise=noise, end_s=duration_s)
        share = 1 + (1 - 2 * is_left) * value["step_time_asymmetry"] / 2
        step_s = 60 / value["cadence_spm"] * share
        contact_s = -LEAD_S - start + np.concatenate([[0.0], np.cumsum(step_s)[:-1]])
    longer = 1 + (1 - 2 * is_left) * value["contact_time_asymmetry"] / 2
    stance_s = value["duty_factor"] * 120 / value["cadence_spm"] * longer
    if (stance_s > 0.98 * step_s).any():
        raise ConfigError("This runner would never be in the air; choose a smaller duty_factor or asymmetry.")
    straightest = STRAIGHTEST_KNEE_DEG + np.abs(value["knee_flexion_asymmetry_deg"]) / 2
    value["knee_flexion_at_contact_deg"] = np.maximum(value["knee_flexion_at_contact_deg"], straightest)
    keep = slice(0, int(np.searchsorted(contact_s, duration_s + LEAD_S)) // 2 * 2 + 2)
    return Steps(
        is_left[keep],
        contact_s[keep],
        (contact_s + stance_s)[keep],
        {name: column[keep] for name, column in value.items()},
    )


def _values(
    runner: Runner, contact_s: FloatArray, *, changes: tuple[Change, ...], noise: Mapping[str, FloatArray], end_s: float
) -> dict[str, FloatArray]:
    """Every parameter of the runner at steps that begin at these times."""
    value = {field.name: np.full(len(contact_s), float(getattr(runner, field.name))) for field in fields(runner)}
    for change in changes:
        value[change.parameter] += change.at(contact_s, end_s=end_s)
    for name, column in noise.items():
        value[name] += column
    return value


def _noise(name: str, n_steps: int, alpha: float, seed: int) -> FloatArray:
    """Deviations of one parameter at each step; both steps of a stride share the cadence's, legs have their own."""
    rng = np.random.default_rng([seed, zlib.crc32(name.encode())])
    n_strides = (n_steps + 1) // 2
    left = fractional_noise(n_strides, alpha=alpha, rng=rng)
    right = left if name in ("cadence_spm", "speed_mps") else fractional_noise(n_strides, alpha=alpha, rng=rng)
    return np.column_stack([left, right]).ravel()[:n_steps]


def _check_names(runner: Runner, names: Iterable[str]) -> None:
    """Refuse parameters that a runner hasn't, and those that can't change on the way."""
    known = {field.name for field in fields(runner)} - {"height_m", "build"}
    for name in names:
        if name not in known:
            raise ConfigError(f"{name} can't vary; what can: {', '.join(sorted(known))}.")


def _check_changes(runner: Runner, changes: tuple[Change, ...], end_s: float) -> None:
    """Refuse changes that lead out of what a runner can be."""
    time_s = np.linspace(0, end_s, 1001)
    for name in {change.parameter for change in changes}:
        path = getattr(runner, name) + sum(c.at(time_s, end_s=end_s) for c in changes if c.parameter == name)
        for extreme in (np.min(path), np.max(path)):
            replace(runner, **{name: float(extreme)})  # which checks it
