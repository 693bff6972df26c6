"""Several clips of one run, filmed from one place, as one recording.

Each clip is cut at a contact of the same foot at its beginning and at its end, so the stride goes on without a break
from one clip to the next: one phase, one mean stride, one camera for all. What differs between clips that are analysed
each by itself (what their roll, the leg's length and the contact are taken to be) then doesn't look like drift.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from gait.model import FloatArray, Track
from gait.scene.cuts import only

if TYPE_CHECKING:
    import pandas as pd

IN_SECONDS = ("time_s", "toe_off_s", "end_s")
NEAR_JOIN = 0.1  # of a stride: one that begins or ends nearer to a join is read from the pictures of both clips


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A clip's keypoints from one contact to another of the same foot, in file time; `run_s` is when the first was.

    `run_s` counts real seconds from the start of the run, `speed_mps` is the belt's where somebody said it.
    """

    track: Track
    from_s: float
    to_s: float
    run_s: float
    speed_mps: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Joined:
    """The parts as one track, whose file time goes on without gaps.

    `begins_s` (c,) are the file times at which the parts begin, `run_s` (c,) these moments in the run, `speed_mps` (c,)
    the belt's speeds, None unless all were said.
    """

    track: Track
    begins_s: FloatArray
    run_s: FloatArray
    speed_mps: FloatArray | None = None

    def part_of(self, file_time_s: FloatArray) -> FloatArray:
        """To which part (0, 1, ...) moments (m,) of the track belong."""
        return np.clip(np.searchsorted(self.begins_s, file_time_s, side="right") - 1, 0, len(self.begins_s) - 1)

    def in_run_s(self, capture_speed: float) -> tuple[FloatArray, FloatArray]:
        """When each part begins and ends (c,), in real seconds of the run."""
        ends_s = np.append(self.begins_s[1:], self.track.video.file_time_s[-1])
        return self.run_s, self.run_s + (ends_s - self.begins_s) * capture_speed

    def in_run_time(self, strides: pd.DataFrame, *, capture_speed: float) -> pd.DataFrame:
        """A table of strides whose real times count from the start of the run; file times stay those of the track."""
        part = self.part_of(strides["file_time_s"].to_numpy(dtype=np.float64))
        return in_run_time(strides, (self.run_s - self.begins_s * capture_speed)[part])

    def without_joins(self, strides: pd.DataFrame, *, capture_speed: float) -> pd.DataFrame:
        """The strides, those that touch two parts rejected."""
        start = strides["file_time_s"].to_numpy(dtype=np.float64)
        end = strides["end_s"].to_numpy(dtype=np.float64) / capture_speed
        margin = NEAR_JOIN * (end - start)[:, None]
        touches = ((start[:, None] - margin < self.begins_s[1:]) & (end[:, None] + margin > self.begins_s[1:])).any(1)
        reasons = np.where(touches & (strides["rejected"] == ""), "the clip ends here", strides["rejected"])
        return strides.assign(rejected=reasons)


def in_run_time(strides: pd.DataFrame, shift_s: FloatArray | float) -> pd.DataFrame:
    """A table of strides whose real times are shifted."""
    return strides.assign(**{name: strides[name] + shift_s for name in IN_SECONDS if name in strides})


def join(parts: Sequence[Part]) -> Joined:
    """The parts, in the order of the run, as one recording; of at least one frame each."""
    video, begins, times, kept = parts[0].track.video, [parts[0].from_s], list[FloatArray](), list[Track]()
    for part in parts:
        time_s = part.track.video.file_time_s
        first, end = (int(np.searchsorted(time_s, at_s)) for at_s in (part.from_s, part.to_s))
        kept.append(only(part.track, (first, end)))
        times.append(time_s[first:end] - part.from_s + begins[-1])
        begins.append(begins[-1] + part.to_s - part.from_s)
    file_time_s = np.concatenate(times)
    speeds = [part.speed_mps for part in parts if part.speed_mps is not None]
    return Joined(
        track=replace(
            parts[0].track,
            xy=np.concatenate([track.xy for track in kept]),
            confidence=np.concatenate([track.confidence for track in kept]),
            video=replace(video, n_frames=len(file_time_s), file_time_s=file_time_s),
        ),
        begins_s=np.array(begins[:-1]),
        run_s=np.array([part.run_s for part in parts]),
        speed_mps=np.array(speeds) if len(speeds) == len(parts) else None,
    )
