"""Which of the people of a clip is the runner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from gait.cycle import Folding, stride_period_s
from gait.errors import ConfigError, NoPerson, TooFewStrides, check_ranges
from gait.model import HistoryEntry, Skeleton, Track, Video
from gait.pose.people import SHORTEST_S, Somebody

_JUDGED_FROM_S = 2.0  # two strides and a half: less doesn't tell whether legs repeat
_LEAST_SWING_HEIGHTS = 0.04  # SD of the ankles' distance from each other over the body's height: standing hardly any
_LEGS = ("hip", "knee", "ankle")
PEOPLE = "people"  # stage of the entry in a track's history that says who was there
_STANDING_WEIGHT = 0.01  # whose legs don't move as in running is only taken where nobody's do


@dataclass(frozen=True, slots=True)
class WhichRunner:
    """Who is the runner, where several people are in the picture and the program's choice is another.

    Parameters
    ----------
    number
        As the people are numbered in the report: from the left, at first sight; None leaves the choice to the program.
    roi
        "x,y,w,h": left, top, width and height of the part of the upright picture in which the middle of the runner's
        body is; in pixels, or as shares of the picture where all four are at most 1. Empty: anywhere.
    """

    number: int | None = None
    roi: str = ""

    def __post_init__(self) -> None:
        check_ranges(self, number=(1, 99))
        if self.roi:
            self.box_px(1, 1)
        if self.roi and self.number is not None:
            raise ConfigError("Give either the number of the runner or a region (roi), not both.")

    def box_px(self, width_px: int, height_px: int) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the region in a picture of this size.

        Raises
        ------
        ConfigError
            It isn't four numbers.
        """
        try:
            x, y, width, height = (float(part) for part in self.roi.split(","))
        except ValueError:
            width = np.nan
        if not (width > 0 and height > 0 and np.isfinite([x, y, width, height]).all() and min(x, y) >= 0):
            raise ConfigError(
                f"roi can't be '{self.roi}': write left, top, width and height, as in 320,0,400,720 (pixels) or "
                "0.25,0,0.5,1 (shares of the picture)."
            )
        across, down = (width_px, height_px) if max(x, y, width, height) <= 1 else (1, 1)
        return x * across, y * down, (x + width) * across, (y + height) * down


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """What is known of the clip: its name, its frames' rate and its pictures' size."""

    name: str
    fps: float
    width_px: int
    height_px: int


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """The runner, and in how many frames others were there too.

    Parameters
    ----------
    runner
        None where there is nobody at all.
    shared
        Frames with the runner and somebody else.
    hidden
        Frames with somebody else between whose neighbours the runner isn't seen.
    warning
        Who was there, who was taken and why; empty where there was one person.
    """

    runner: Somebody | None = None
    shared: int = 0
    hidden: int = 0
    warning: str = ""

    def history(self, n_frames: int) -> tuple[HistoryEntry, ...]:
        """The same for a track's history; nothing where there was one person."""
        if not self.warning:
            return ()
        return (
            HistoryEntry(PEOPLE, self.warning, self.shared + self.hidden, n_frames),
            HistoryEntry("pose", "frames with others in which the runner isn't seen", self.hidden, n_frames),
        )


def people_warnings(track: Track) -> tuple[str, ...]:
    """What the report says where several people were in the picture."""
    return tuple(
        f"{entry.what} Somebody else was in the picture in {entry.count} of {entry.total} frames."
        for entry in track.history
        if entry.stage == PEOPLE
    )


def choose(people: Sequence[Somebody], which: WhichRunner, picture: Picture, columns: Mapping[str, int]) -> Choice:
    """The runner over the whole clip: the one asked for, else the one who runs and is largest and longest there.

    The height summed over the frames counts; half of it at the picture's edges, since who is filmed is in the middle.

    Parameters
    ----------
    people
        Everybody, each for the whole clip.
    which
        What the user says.
    picture
        Of the clip.
    columns
        Keypoints by name.

    Raises
    ------
    ConfigError
        There is no person of that number, or the region lies outside of the picture.
    NoPerson
        Nobody is in the region.
    """
    counted = [somebody for somebody in people if len(somebody.frames) >= SHORTEST_S * picture.fps] or list(people)[:1]
    counted.sort(key=_first_x)
    if not counted:
        return Choice()
    runs = [_runs(somebody, picture, columns) for somebody in counted]
    if which.number is not None:
        at, why = _numbered(which.number, counted, picture), "so it was asked for"
    elif which.roi:
        at, why = _largest(_inside(counted, which, picture), counted, runs, picture), "in the region that was asked for"
    else:
        at = _largest(range(len(counted)), counted, runs, picture)
        why = _why(at, runs)
    runner, others = counted[at], [somebody.frames for somebody in counted if somebody is not counted[at]]
    if not others:
        return Choice(runner)
    beside = np.unique(np.concatenate(others))
    inside = beside[(beside > runner.frames[0]) & (beside < runner.frames[-1])]
    return Choice(
        runner=runner,
        shared=int(np.isin(beside, runner.frames).sum()),
        hidden=int((~np.isin(inside, runner.frames)).sum()),
        warning=_warning(counted, at, why, picture),
    )


def _first_x(somebody: Somebody) -> float:
    return float(somebody.middle[0, 0])


def _largest(allowed: Sequence[int], people: Sequence[Somebody], runs: Sequence[bool], picture: Picture) -> int:
    """The one who runs, is the largest and longest there, and nearest to the middle."""

    def weight(i: int) -> float:
        off_middle = abs(float(np.median(people[i].middle[:, 0])) / picture.width_px - 0.5)
        size = float(people[i].height_px.sum()) * (1 - min(off_middle, 0.5))
        return size if runs[i] else _STANDING_WEIGHT * size

    return max(allowed, key=weight)


def _runs(somebody: Somebody, picture: Picture, columns: Mapping[str, int]) -> bool:
    """Whether the legs swing and do so with a period."""
    names = [f"{side}_{joint}" for joint in _LEGS for side in ("left", "right")]
    frames = somebody.frames - somebody.frames[0]
    if frames[-1] < _JUDGED_FROM_S * picture.fps or any(name not in columns for name in names):
        return False
    n_frames = int(frames[-1]) + 1
    xy = np.full((n_frames, len(names), 2), np.nan, np.float32)
    xy[frames] = somebody.xy[:, [columns[name] for name in names]]
    swing = float(np.nanstd(xy[:, 4] - xy[:, 5], axis=0).max())
    if not swing > _LEAST_SWING_HEIGHTS * float(np.median(somebody.height_px)):
        return False
    pairs = tuple((f"left_{joint}", f"right_{joint}") for joint in _LEGS)
    rate = Fraction(picture.fps)
    video = Video(
        Path(picture.name), picture.width_px, picture.height_px, n_frames, rate, np.arange(n_frames) / picture.fps
    )
    track = Track(xy, np.ones(xy.shape[:2], np.float32), Skeleton(tuple(names), (), pairs), video)
    settings = Folding()
    try:
        return stride_period_s(track, settings)[1] >= settings.min_repeat
    except TooFewStrides:
        return False


def _numbered(number: int, people: Sequence[Somebody], picture: Picture) -> int:
    """Place in the list of the one with a number."""
    if number <= len(people):
        return number - 1
    if len(people) == 1:
        raise ConfigError(f"There is no runner {number}: one person was found in {picture.name}. Leave --runner out.")
    raise ConfigError(
        f"There is no runner {number}: {len(people)} people were found in {picture.name} ({_list(people, picture)}). "
        f"Choose from --runner 1 to --runner {len(people)}."
    )


def _inside(people: Sequence[Somebody], which: WhichRunner, picture: Picture) -> list[int]:
    """Those who are in the region for most of the time that they are seen."""
    left, top, right, bottom = which.box_px(picture.width_px, picture.height_px)
    if left >= picture.width_px or top >= picture.height_px:
        size = f"{picture.width_px} x {picture.height_px} pixels"
        raise ConfigError(f"The region {which.roi} lies outside of the picture, which is {size}.")
    shares = []
    for somebody in people:
        x, y = somebody.middle.T
        shares.append(float(np.mean((x >= left) & (x <= right) & (y >= top) & (y <= bottom))))
    if max(shares) == 0:
        raise NoPerson(
            f"Nobody was found in the region {which.roi} of {picture.name}; there are: {_list(people, picture)}. "
            "Choose a region that holds the middle of the runner's body all the time, or choose with --runner."
        )
    most = min(0.5, max(shares))
    return [i for i, share in enumerate(shares) if share >= most]


def _where(somebody: Somebody, picture: Picture) -> str:
    """The third of the picture in which somebody was seen first."""
    third = int(np.clip(3 * _first_x(somebody) / picture.width_px, 0, 2))
    return ("left", "middle", "right")[third]


def _list(people: Sequence[Somebody], picture: Picture) -> str:
    """Everybody by number."""
    return ", ".join(
        f"{number} {_where(somebody, picture)}, seen for {len(somebody.frames) / picture.fps:.1f} s"
        for number, somebody in enumerate(people, 1)
    )


def _why(at: int, runs: Sequence[bool]) -> str:
    """Why somebody was taken."""
    if runs[at] and sum(runs) == 1:
        return "the only one who is seen to run for long enough"
    return "largest and longest in the picture, and nearest to its middle"


def _warning(people: Sequence[Somebody], at: int, why: str, picture: Picture) -> str:
    """A sentence for the report."""
    other = "1" if at else "2"
    return (
        f"{len(people)} people were found: {_list(people, picture)}. Runner {at + 1} was taken: {why}. "
        f"For another one, add --runner {other}."
    )
