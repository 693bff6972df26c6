"""What was measured, how sure it is, and how it came to be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from gait.model.basics import FloatArray, Grade, Side, SideOrBoth, frozen_array
from gait.model.clip import Track, Video
from gait.model.gait_cycle import Cycle, Events, Scene

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its 95 % half-width and where it comes from."""

    value: float
    error: float
    source: str


@dataclass(frozen=True, slots=True)
class Calibration:
    """From file time to real seconds and from pixels to metres, each with source and error.

    `leg_length_px` and `leg_length_m` are hip to floor, standing; `foot_px_per_s` is how fast the foot on the ground
    moves back, in real seconds. None: unknown.
    """

    capture_speed: Quantity
    leg_length_px: Quantity | None = None
    px_per_m: Quantity | None = None
    belt_speed_mps: Quantity | None = None
    foot_px_per_s: Quantity | None = None
    leg_length_m: Quantity | None = None
    mass_kg: float | None = None
    incline_pct: float = 0.0
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StepTiming:
    """When contact and toe-off come against the body's bounce, as another view of the same run shows it.

    By side, real seconds after the bounce's lowest point (before it: negative), within a quarter of a stride; `source`
    names the clip.
    """

    contact_s: Mapping[Side, Quantity]
    toe_off_s: Mapping[Side, Quantity]
    source: str


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
class PoseAccuracy:
    """95 % half-width of what a pose model is off in one metric, in its unit, and where that was found."""

    half_width: float
    source: str


@dataclass(frozen=True, slots=True)
class MetricSummary:
    """One metric of one side: the estimate with its 95 % interval, or the reason why it is withheld.

    `too_wide` is the interval's half-width where that alone is the reason: the thing was seen, but not well enough.
    `by_repair` is by how much the repair of the keypoints changed the estimate; None where it can't be told, since
    without repair there would be none. `detectable_change` is the smallest difference (95 %) between two clips
    of one run, the camera left where it is, that strides and events wouldn't make by chance; None: it can't be told.
    `over_standing` is the estimate less the same angle of the runner standing, where that was filmed. `unshown` is what
    would have been said of what is withheld for its width: for measuring accuracy, never to be shown.
    """

    name: str
    side: SideOrBoth
    estimate: float | None
    ci95: tuple[float, float] | None
    n: int
    grade: Grade | None
    withheld: str = ""
    too_wide: float | None = None
    by_repair: float | None = None
    detectable_change: float | None = None
    over_standing: Quantity | None = None
    unshown: float | None = None


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
            object.__setattr__(self, name, frozen_array(getattr(self, name), np.float64, None, name=name))


@dataclass(frozen=True, slots=True, eq=False)
class Angles:
    """Angles of every frame: `table` has a row per frame (frame, times, angles by side), `curves` their gait cycles."""

    table: pd.DataFrame
    curves: tuple[AngleCurve, ...] = ()


Verdict = Literal["drifted", "stable", "can't tell"]


@dataclass(frozen=True, slots=True)
class DriftEntry:
    """Early against late in the run, for one metric and side.

    `change` is late less early; where the belt's speed changed, what would have changed at the same speed. `p` and `q`
    are of the slope, `q` with all metrics of the run looked at together. `memory` is the scaling exponent of the
    strides' deviations (0.5: none). `begins_s` says when a change that is told began: 95 % interval with its median in
    the middle. `detectable` is the change that would have been found with 80 % probability.
    """

    name: str
    side: SideOrBoth
    early: float
    late: float
    change: float
    ci95: tuple[float, float]
    n_early: int
    n_late: int
    verdict: Verdict | None = None
    reason: str = ""
    per_10_min: float | None = None
    per_10_min_ci95: tuple[float, float] | None = None
    p: float | None = None
    q: float | None = None
    memory: float | None = None
    begins_s: tuple[float, float, float] | None = None
    detectable: float | None = None


@dataclass(frozen=True, slots=True)
class Beside:
    """What studies found in the same metrics as runners tired; to be read beside a run's changes, never as a norm."""

    metrics: tuple[str, ...]
    text: str
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drift:
    """Change over the run. `note` says how the entries are to be read, or why there are none.

    `voided` says why the camera lets no change be told, `belt` by how much the belt's speed changed.
    `beside` is what studies found, where the run was long enough to tire.
    """

    entries: tuple[DriftEntry, ...]
    early_s: tuple[float, float] | None
    late_s: tuple[float, float] | None
    note: str
    voided: str = ""
    belt: str = ""
    beside: tuple[Beside, ...] = ()


Place = Literal["higher", "lower", "not told apart", "unknown"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One value of the runner beside those of others at the same speed.

    `usual` and `sd` are the others' mean and standard deviation (None where nobody told it) at `speed_mps`, `away` the
    runner's value less `usual` with the 95 % half-width `error`. `place` is "higher" or "lower" where the whole
    interval lies beyond two in three of the others, "unknown" without a standard deviation.
    """

    name: str
    side: SideOrBoth
    usual: float
    sd: float | None
    away: float
    error: float
    place: Place
    speed_mps: float
    n: int
    source: str


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
    comparisons: tuple[Comparison, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class SessionClip:
    """A clip of a session: when in the run it began, in real seconds, what was said of it, and what it shows."""

    analysis: Analysis
    run_s: float
    speed_mps: float | None = None
    incline_pct: float | None = None
    shoes: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class SessionRun:
    """The run as the clips of one view show it, which are `clips` by number.

    `analysis` is of all of them as one recording. Where that can't be, `apart` says why; the strides in it are then
    those of the clips, each analysed by itself, and only what is of time alone is compared. `finding` says what
    changed.
    """

    clips: tuple[int, ...]
    analysis: Analysis
    finding: Finding | None = None
    apart: str = ""


@dataclass(frozen=True, slots=True)
class Agreement:
    """What two views of a run both tell, each by itself: from the side, and from the rear or front.

    `agrees` where they differ by no more than both errors together allow.
    """

    name: str
    side: SideOrBoth
    from_side: Quantity
    from_frontal: Quantity
    agrees: bool


@dataclass(frozen=True, slots=True)
class SessionPair:
    """A clip from the side and one from the rear or front of the same run, by number, as one table.

    `table` holds each metric that either shows as the one that shows it better has it, with that clip's number.
    `borrowed` says whether the clip from the rear or front takes its events from the other; `note` why not, or what
    else has to be known.
    """

    side: int
    frontal: int
    agreement: tuple[Agreement, ...]
    table: tuple[tuple[MetricSummary, int], ...]
    borrowed: bool
    note: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Session:
    """Several clips of one runner in one run: each by itself, and the run from every side that two clips show.

    `pairs` are the clips that show it from two sides.
    """

    clips: tuple[SessionClip, ...]
    runs: tuple[SessionRun, ...]
    notes: tuple[str, ...] = ()
    pairs: tuple[SessionPair, ...] = ()
