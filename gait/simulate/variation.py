"""From stride to stride: noise with memory, and changes on purpose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

import numpy as np

from gait.errors import ConfigError, check_ranges
from gait.model import FloatArray

USUAL_SD: Mapping[str, float] = MappingProxyType(
    {
        "cadence_spm": 1.6,  # 1 % of the stride time
        "duty_factor": 0.004,
        "overstride_leg_lengths": 0.008,
        "foot_strike_deg": 1.2,
        "knee_flexion_at_contact_deg": 1.2,
        "swing_knee_flexion_deg": 1.5,
        "trunk_lean_deg": 0.5,
        "step_width_m": 0.010,
        "pelvic_drop_left_deg": 0.6,
        "pelvic_drop_right_deg": 0.6,
        "valgus_left_deg": 0.8,
        "valgus_right_deg": 0.8,
    }
)


@dataclass(frozen=True, slots=True)
class Variation:
    """Standard deviation of each parameter from stride to stride, and how long its deviations last.

    `alpha` is the scaling exponent of detrended fluctuation analysis: 0.5 no memory, 0.7 to 0.9 as stride times of
    runners, 0.95 the longest. The deviations are fractional Gaussian noise, whose Hurst exponent is `alpha`.
    """

    sd: Mapping[str, float] = field(default_factory=lambda: dict(USUAL_SD))  # a dict can be pickled
    alpha: float = 0.75

    def __post_init__(self) -> None:
        check_ranges(self, alpha=(0.5, 0.95))
        for name, sd in self.sd.items():
            if not 0 <= sd < np.inf:
                raise ConfigError(f"The standard deviation of {name} can't be {sd}.")

    @classmethod
    def none(cls) -> Variation:
        """Every stride alike."""
        return cls(sd={})


@dataclass(frozen=True, slots=True)
class Change:
    """One parameter of the runner changes by `by` over the run.

    "linear": steadily from `from_s` to `to_s` (the whole run where None), before and after constant; "ramp": nothing
    until `from_s`, then steadily to the end; "step": all at once at `from_s`. The belt's speed is a parameter too.
    """

    parameter: str
    by: float
    kind: Literal["linear", "ramp", "step"] = "linear"
    from_s: float = 0.0
    to_s: float | None = None

    def __post_init__(self) -> None:
        if self.kind not in ("linear", "ramp", "step"):
            raise ConfigError(f"A change can't be {self.kind}; it is linear, ramp or step.")
        if not np.isfinite([self.by, self.from_s, self.from_s if self.to_s is None else self.to_s]).all():
            raise ConfigError(f"The change of {self.parameter} needs numbers, not {self.by} from {self.from_s} s.")

    def at(self, time_s: FloatArray, *, end_s: float) -> FloatArray:
        """How much of the change has come at these times."""
        if self.kind == "step":
            return np.asarray(np.where(time_s >= self.from_s, self.by, 0.0), dtype=np.float64)
        to_s = end_s if self.to_s is None or self.kind == "ramp" else self.to_s
        return np.asarray(self.by * np.clip((time_s - self.from_s) / max(to_s - self.from_s, 1e-9), 0, 1))


def fractional_noise(n: int, *, alpha: float, rng: np.random.Generator) -> FloatArray:
    """Fractional Gaussian noise (n,) of unit variance with Hurst exponent `alpha`.

    Exact, by circulant embedding (Davies and Harte 1987, doi:10.1093/biomet/74.1.95).
    """
    if n < 2:
        return rng.standard_normal(n)
    lags = np.arange(n, dtype=np.float64)
    covariance = 0.5 * ((lags + 1) ** (2 * alpha) - 2 * lags ** (2 * alpha) + np.abs(lags - 1) ** (2 * alpha))
    ring = np.concatenate([covariance, covariance[-2:0:-1]])
    power = np.clip(np.fft.fft(ring).real, 0, None)
    size = len(ring)
    spectrum = np.sqrt(power / size) * (rng.standard_normal(size) + 1j * rng.standard_normal(size))
    return np.asarray(np.fft.fft(spectrum).real[:n], dtype=np.float64)
