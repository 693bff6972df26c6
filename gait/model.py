"""The nouns of the program: what the rooms hand to each other.

Frozen dataclasses of numpy arrays, checked once in `__post_init__`; the arrays are read-only.
Image convention: x to the right, y down, pixels of the upright picture.
Time: `file_time_s` is the container's time stamp; `time_s` is real seconds (file time x capture speed).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    import pandas as pd

FloatArray = NDArray[np.float64]
Side = Literal["left", "right"]
SideOrBoth = Literal["left", "right", "both"]
View = Literal["left", "right", "rear", "front", "oblique"]
Grade = Literal["A", "B", "C", "D"]
EventKind = Literal["initial_contact", "toe_off"]

SIDES: tuple[Side, Side] = ("left", "right")


def other_side(side: Side) -> Side:
    """The opposite leg."""
    return "right" if side == "left" else "left"


def _frozen(values: ArrayLike, dtype: Any, *shape: int | None, name: str) -> NDArray[Any]:
    """A read-only array of the wanted type, its shape checked (None: any length)."""
    array = np.array(values, dtype=dtype)
    if array.ndim != len(shape) or any(want not in (None, got) for want, got in zip(shape, array.shape, strict=True)):
        raise ValueError(f"{name} has shape {array.shape}, expected {shape}")
    array.setflags(write=False)
    return array


class Progress(Protocol):
    """Called by long stages: `progress(stage, done, total)`, counted in frames."""

    def __call__(self, stage: str, done: int, total: int, /) -> None: ...


def no_progress(_stage: str, _done: int, _total: int, /) -> None:
    """The progress callback that shows nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class Video:
    """A video file as its container describes it; the frames themselves are streamed by `gait.video`.

    `fps` is the mean frame rate of the file; `file_time_s` (n,) are the time stamps of the frames, which alone
    are used for timing. Width and height are those of the upright picture, after `rotation_deg` (clockwise) is applied.
    """

    path: Path
    width_px: int
    height_px: int
    n_frames: int
    fps: Fraction
    file_time_s: FloatArray
    rotation_deg: int = 0
    codec: str = ""
    content_hash: str = ""
    capture_fps: float | None = None  # what slow-motion metadata says, where there is any

    def __post_init__(self) -> None:
        times = _frozen(self.file_time_s, np.float64, self.n_frames, name="file_time_s")
        if len(times) > 1 and not bool((np.diff(times) > 0).all()):
            raise ValueError("file_time_s must increase")
        object.__setattr__(self, "file_time_s", times)

    @property
    def duration_s(self) -> float:
        """From the first to the end of the last frame, in file time."""
        return float(self.file_time_s[-1] - self.file_time_s[0] + 1 / self.fps) if self.n_frames else 0.0


@dataclass(frozen=True, slots=True)
class Skeleton:
    """Names of the keypoints, the lines drawn between them, and which are each other's mirror image."""

    names: tuple[str, ...]
    edges: tuple[tuple[str, str], ...]
    pairs: tuple[tuple[str, str], ...]  # (left, right)

    def index(self, name: str) -> int:
        """Position of a keypoint; KeyError where the skeleton lacks it."""
        try:
            return self.names.index(name)
        except ValueError:
            raise KeyError(name) from None

    def __contains__(self, name: object) -> bool:
        return name in self.names


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One thing that was done to a track: which stage, what, in how many frames (or points)."""

    stage: str
    what: str
    count: int
    total: int


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """Keypoints of one runner: `xy` (n, k, 2) in pixels, NaN where unknown; `confidence` (n, k), 0 to 1."""

    xy: NDArray[np.float32]
    confidence: NDArray[np.float32]
    skeleton: Skeleton
    video: Video
    history: tuple[HistoryEntry, ...] = ()

    def __post_init__(self) -> None:
        n, k = self.video.n_frames, len(self.skeleton.names)
        object.__setattr__(self, "xy", _frozen(self.xy, np.float32, n, k, 2, name="xy"))
        object.__setattr__(self, "confidence", _frozen(self.confidence, np.float32, n, k, name="confidence"))

    def point(self, name: str) -> FloatArray:
        """One keypoint (n, 2) as float64; `mid_hip` and `mid_shoulder` are the middles of their pairs."""
        if name.startswith("mid_"):
            joint = name.removeprefix("mid_")
            return np.asarray((self.point(f"left_{joint}") + self.point(f"right_{joint}")) / 2, dtype=np.float64)
        return self.xy[:, self.skeleton.index(name)].astype(np.float64)

    def with_xy(self, xy: ArrayLike, *entries: HistoryEntry) -> Track:
        """The same track with other coordinates and the history of what was done."""
        return replace(self, xy=np.asarray(xy, dtype=np.float32), history=(*self.history, *entries))


@dataclass(frozen=True, slots=True)
class LegQuality:
    """How well one leg can be seen over the clip, with the reasons."""

    grade: Grade
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scene:
    """What the camera sees: view, running direction, whether this is running, and how good each leg is.

    `direction` is +1 where the runner faces image right, -1 left, 0 from the rear or front. `view` "left" means that
    the runner's left side faces the camera. `not_running` gives the reason where `is_running` is False.
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


@dataclass(frozen=True, slots=True, eq=False)
class Cycle:
    """Stride phase of every frame, and the folded mean cycle of every keypoint.

    `phase` (n,) counts strides (3.25 = a quarter into the fourth), NaN outside the running; `stride_start_s` (m + 1,)
    are the file times at which it is a whole number. `grid` (g,) are phases in [0, 1); `mean` (k, g, 2) is each
    keypoint in pixels, `band` (k, g, 2) its 95 % half-width. `coefficients` (k, 2, 1 + 2 h) is the Fourier series
    behind `mean` (constant, cosines, sines); `residual_px` (k, 2) the robust spread around it. NaN where a keypoint
    isn't folded. `draws` (b, strides) are the bootstrap's draws: how often each takes each stride.
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

    def __post_init__(self) -> None:
        for name in ("phase", "stride_start_s", "grid", "mean", "band", "coefficients", "residual_px", "draws"):
            value = np.array(getattr(self, name), dtype=np.float64)
            value.setflags(write=False)
            object.__setattr__(self, name, value)


@dataclass(frozen=True, slots=True, eq=False)
class Stance:
    """When one leg is on the ground, on the folded cycle.

    `contact_phase` and `toe_off_phase` (1 + b,) in strides: the estimate, then one value per bootstrap draw, so that
    whatever is read there carries the events' error. The draws hold the rules' own error too. `foot_speed_px` (1 + b,)
    is the stance foot's backward speed in pixels per stride, NaN where the view hides it. `withheld` says why this
    leg's events aren't measured on itself but taken from the other leg; empty where they are its own.
    """

    side: Side
    contact_phase: FloatArray
    toe_off_phase: FloatArray
    foot_speed_px: FloatArray
    contact_method: str
    toe_off_method: str
    withheld: str = ""

    def __post_init__(self) -> None:
        for name in ("contact_phase", "toe_off_phase", "foot_speed_px"):
            object.__setattr__(self, name, _frozen(getattr(self, name), np.float64, None, name=name))

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
            object.__setattr__(self, name, _frozen(getattr(self, name), np.float64, len(self.kind), name=name))

    def __len__(self) -> int:
        return len(self.kind)

    def select(self, kind: EventKind, side: Side | None = None) -> NDArray[np.bool_]:
        """Mask (m,) of the events of one kind, of one side or both."""
        return np.array(
            [k == kind and side in (None, s) for k, s in zip(self.kind, self.side, strict=True)], dtype=bool
        )


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its 95 % half-width and where it comes from."""

    value: float
    error: float
    source: str


@dataclass(frozen=True, slots=True)
class Calibration:
    """From file time to real seconds and from pixels to metres, each with source and error.

    `leg_length_px` is hip to floor, standing. None: unknown.
    """

    capture_speed: Quantity
    leg_length_px: Quantity | None = None
    px_per_m: Quantity | None = None
    belt_speed_mps: Quantity | None = None
    incline_pct: float = 0.0
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MetricInfo:
    """What a metric is: its name in every table, unit, label, views it can be read from, definition and reference."""

    name: str
    group: Literal["temporal", "overstride", "sagittal", "frontal"]
    unit: str
    label: str
    plain: str  # one line that a runner understands
    view: Literal["any", "side", "frontal"]
    definition: str
    reference: str
    per_side: bool = True
    decimals: int = 1


@dataclass(frozen=True, slots=True)
class PoseError:
    """95 % half-width of what a pose model is off in one metric, in its unit, and where that was found."""

    half_width: float
    source: str


@dataclass(frozen=True, slots=True)
class MetricSummary:
    """One metric of one side: the estimate with its 95 % interval, or the reason why it is withheld.

    `too_wide` is the interval's half-width where that alone is the reason: the thing was seen, but not well enough.
    """

    name: str
    side: SideOrBoth
    estimate: float | None
    ci95: tuple[float, float] | None
    n: int
    grade: Grade | None
    withheld: str = ""
    too_wide: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class MetricTable:
    """All metrics: `values` (a row per stride and side), what they are, and their summaries."""

    values: pd.DataFrame
    info: Mapping[str, MetricInfo]
    summary: tuple[MetricSummary, ...]

    def get(self, name: str, side: SideOrBoth = "both") -> MetricSummary | None:
        """The summary of one metric and side, None where there is none."""
        return next((s for s in self.summary if s.name == name and s.side == side), None)


@dataclass(frozen=True, slots=True, eq=False)
class AngleCurve:
    """One angle over the gait cycle: `percent` (g,) from one initial contact to the next, with its band."""

    name: str
    label: str
    side: Side
    unit: str
    percent: FloatArray
    mean: FloatArray
    low: FloatArray
    high: FloatArray
    n_strides: int
    toe_off_percent: float | None = None

    def __post_init__(self) -> None:
        for name in ("percent", "mean", "low", "high"):
            object.__setattr__(self, name, _frozen(getattr(self, name), np.float64, None, name=name))


@dataclass(frozen=True, slots=True, eq=False)
class Angles:
    """Angles of every frame: `table` has a row per frame (frame, times, angles by side), `curves` their gait cycles."""

    table: pd.DataFrame
    curves: tuple[AngleCurve, ...] = ()


@dataclass(frozen=True, slots=True)
class DriftEntry:
    """Early against late in the clip, for one metric and side."""

    name: str
    side: SideOrBoth
    early: float
    late: float
    change: float
    ci95: tuple[float, float]
    n_early: int
    n_late: int
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class Drift:
    """Change over the run. `note` says how the entries are to be read, or why there are none."""

    entries: tuple[DriftEntry, ...]
    early_s: tuple[float, float] | None
    late_s: tuple[float, float] | None
    note: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence about what was seen, and the metrics behind it."""

    text: str
    metrics: tuple[str, ...] = ()
    kind: Literal["observation", "limit", "advice"] = "observation"


@dataclass(frozen=True, slots=True)
class Provenance:
    """How a result came to be: enough to make it again."""

    gait_version: str
    python_version: str
    platform: str
    packages: Mapping[str, str]
    pose_model: str
    file_name: str
    content_hash: str
    created_utc: str
    config: Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Analysis:
    """All that is known about one clip."""

    video: Video
    raw_track: Track
    track: Track
    scene: Scene
    calibration: Calibration
    cycle: Cycle | None
    events: Events
    strides: pd.DataFrame
    metrics: MetricTable
    angles: Angles
    drift: Drift
    findings: tuple[Finding, ...]
    warnings: tuple[str, ...]
    provenance: Provenance
