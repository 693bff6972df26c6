"""When the frames of a clip are taken, and which time stamps the file gives them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from gait.errors import ConfigError, check_ranges
from gait.model import FloatArray

_LARGEST_JITTER = 0.45  # of a frame: more, and frames would change places


@dataclass(frozen=True, slots=True)
class Sampling:
    """How often the camera takes a picture, and how fast the file plays.

    `fps` is the rate at which the camera films, in real time; the file plays at `fps * capture_speed`, so 240 fps that
    are played at 30 are `Sampling(fps=240, capture_speed=0.125)`. Variable frame rate: every frame lies off its even
    place by `vfr_jitter` frame intervals (SD; cut at 0.45), and `dropped_share` of the frames are missing, as phones do
    in poor light; the time stamps say so.
    """

    fps: float = 30.0
    vfr_jitter: float = 0.0
    dropped_share: float = 0.0
    capture_speed: float = 1.0

    def __post_init__(self) -> None:
        check_ranges(self, fps=(1, 2000), vfr_jitter=(0, 0.45), dropped_share=(0, 0.9), capture_speed=(0.01, 1))

    def file_time_s(self, start_s: float, end_s: float, rng: np.random.Generator) -> FloatArray:
        """Time stamps (n,) of the frames between two real times, in file time: real seconds over `capture_speed`.

        The first frame comes at a random fraction of a frame after the start.
        """
        n = int(np.ceil((end_s - start_s) * self.fps))
        frame = np.arange(n) + rng.uniform()
        jitter, is_kept = rng.standard_normal(n), rng.uniform(size=n) >= self.dropped_share
        frame += np.clip(self.vfr_jitter * jitter, -_LARGEST_JITTER, _LARGEST_JITTER)
        real_s = start_s + frame[is_kept] / self.fps
        real_s = real_s[(real_s >= start_s) & (real_s < end_s)]
        if not len(real_s):
            raise ConfigError(f"No frame falls between {start_s:g} and {end_s:g} s at {self.fps:g} fps; film longer.")
        return np.asarray(real_s / self.capture_speed, dtype=np.float64)

    def mean_fps(self, file_time_s: FloatArray) -> Fraction:
        """Mean frame rate of the file, as its container states it."""
        is_even = self.vfr_jitter == 0 and self.dropped_share == 0
        if is_even or len(file_time_s) < 2:
            return Fraction(self.fps * self.capture_speed).limit_denominator(1001)
        return Fraction((len(file_time_s) - 1) / float(file_time_s[-1] - file_time_s[0])).limit_denominator(1001)
