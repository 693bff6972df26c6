"""What the camera sees, and the runner's strides in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from gait.model.basics import EventKind, FloatArray, Grade, Side, View, frozen_array


@dataclass(frozen=True, slots=True)
class LegQuality:
    """How well one leg can be seen over the clip, with the reasons."""

    grade: Grade
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scene:
    """What the camera sees: view, running direction, whether this is running, and how good each leg is.

    `direction` is +1 where the runner faces image right, -1 left, 0 from the rear or front. `view` "left" means that
    the runner's left side faces the camera. `roll_deg` > 0: a plumb line's upper end leans to the picture's right.
    `not_running` gives the reason where `is_running` is False.
    """

    view: View
    direction: int
    near_side: Side | None
    is_running: bool | None
    not_running: str = ""
    yaw_deg: float = 0.0
    yaw_error_deg: float = 0.0
    roll_deg: float = 0.0
    roll_error_deg: float = 0.0
    segments: tuple[tuple[int, int], ...] = ()
    legs: Mapping[Side, LegQuality] = field(default_factory=dict)
    feet_hidden: str = ""  # the reason why what needs feet is withheld; empty where the feet are seen
    treadmill: bool = True
    warnings: tuple[str, ...] = ()

    @property
    def is_side_view(self) -> bool:
        """Seen from the left or the right."""
        return self.view in ("left", "right")

    @property
    def is_frontal_view(self) -> bool:
        """Seen from the rear or the front."""
        return self.view in ("rear", "front")


_CYCLE_ARRAYS = ("phase", "stride_start_s", "grid", "mean", "band", "coefficients", "residual_px", "draws", "windows")


@dataclass(frozen=True, slots=True, eq=False)
class Cycle:
    """Stride phase of every frame, and the folded mean cycle of every keypoint.

    `phase` (n,) counts strides (3.25 = a quarter into the fourth), NaN outside the running; `stride_start_s` (m + 1,)
    are the file times at which it is a whole number. `grid` (g,) are phases in [0, 1); `mean` (k, g, 2) is each
    keypoint in pixels, `band` (k, g, 2) its 95 % half-width. `coefficients` (k, 2, 1 + 2 h) is the Fourier series
    behind `mean` (constant, cosines, sines); `residual_px` (k, 2) the robust spread around it. NaN where a keypoint
    isn't folded. `draws` (b, strides) are the bootstrap's draws: how often each takes each stride; `windows`
    (w, strides) which strides each sliding window takes, none in short clips.
    """

    phase: FloatArray
    stride_start_s: FloatArray
    period_s: float
    grid: FloatArray
    mean: FloatArray
    band: FloatArray
    coefficients: FloatArray
    residual_px: FloatArray
    draws: FloatArray
    windows: FloatArray

    def __post_init__(self) -> None:
        for name in _CYCLE_ARRAYS:
            value = np.array(getattr(self, name), dtype=np.float64)
            value.setflags(write=False)
            object.__setattr__(self, name, value)


@dataclass(frozen=True, slots=True, eq=False)
class Stance:
    """When one leg is on the ground, on the folded cycle.

    `contact_phase` and `toe_off_phase` (1 + b,) in strides: the estimate, then one value per bootstrap draw, so that
    whatever is read there carries the events' error. The draws hold the rules' own error too. `contact_shift` and
    `toe_off_shift` (w,) are how much later (strides) each event comes in each of the cycle's sliding windows.
    `foot_speed_px` (1 + b,) is the stance foot's backward speed in pixels per stride, NaN where the view hides it.
    `withheld` says why this leg's events aren't measured on itself but taken from the other leg; empty where they are
    its own.
    """

    side: Side
    contact_phase: FloatArray
    toe_off_phase: FloatArray
    foot_speed_px: FloatArray
    contact_method: str
    toe_off_method: str
    withheld: str = ""
    contact_shift: FloatArray = field(default_factory=lambda: np.empty(0))
    toe_off_shift: FloatArray = field(default_factory=lambda: np.empty(0))

    def __post_init__(self) -> None:
        for name in ("contact_phase", "toe_off_phase", "foot_speed_px", "contact_shift", "toe_off_shift"):
            object.__setattr__(self, name, frozen_array(getattr(self, name), np.float64, None, name=name))

    @property
    def duration(self) -> FloatArray:
        """Share of the stride (1 + b,) that the foot is on the ground."""
        return np.asarray((self.toe_off_phase - self.contact_phase) % 1, dtype=np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Events:
    """Initial contacts and toe-offs, to sub-frame, ordered by time.

    `time_s` in real seconds, `uncertainty_s` the 95 % half-width of each; `method` names the rule.
    """

    file_time_s: FloatArray
    time_s: FloatArray
    kind: tuple[EventKind, ...]
    side: tuple[Side, ...]
    uncertainty_s: FloatArray
    method: tuple[str, ...]

    def __post_init__(self) -> None:
        for name in ("file_time_s", "time_s", "uncertainty_s"):
            object.__setattr__(self, name, frozen_array(getattr(self, name), np.float64, len(self.kind), name=name))

    def __len__(self) -> int:
        return len(self.kind)

    def select(self, kind: EventKind, side: Side | None = None) -> NDArray[np.bool_]:
        """Mask (m,) of the events of one kind, of one side or both."""
        return np.array(
            [k == kind and side in (None, s) for k, s in zip(self.kind, self.side, strict=True)], dtype=bool
        )
