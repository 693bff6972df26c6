"""From file time to real time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gait.model import Cycle, Quantity

USUAL_CADENCE_SPM = 166.0  # between the 164 of 860 runners and the 161 to 183 of 28 (`slow_motion`)


@dataclass(frozen=True, slots=True)
class Clock:
    """From file time to real time.

    `speed` is real seconds per second of the file, its error NaN where it isn't known. `no_times` says why times
    can't be told, empty where they can; `notes` are sentences about what was inferred or doesn't fit. `speed_by_fall`
    is the same by free fall alone, for a runner of `stature_m` (NaN where nothing falls).
    """

    speed: Quantity
    no_times: str = ""
    notes: tuple[str, ...] = ()
    speed_by_fall: float = np.nan
    stature_m: float = np.nan

    def stride_s(self, cycle: Cycle) -> float:
        """Mean stride time in real seconds; a runner's usual one where real time isn't known."""
        return 120 / USUAL_CADENCE_SPM if self.no_times else cycle.period_s * self.speed.value
