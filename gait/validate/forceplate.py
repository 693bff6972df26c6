"""Runners on an instrumented treadmill: joint centres from markers, initial contact and toe-off from the force plate.

Markers and forces of the RBDS data set (Fukuchi, Fukuchi, Duarte 2017, doi:10.7717/peerj.3298), read from a local
folder. `gait.simulate.film` makes keypoints of them as it does of the simulated runner: those that a perfect pose model
would give, and such as a real one gives.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gait.errors import FileMissing, GaitError
from gait.model import SIDES, FloatArray, Side
from gait.validate.markers import Trial, functional_joint_centres, joint_centres, read_trial

if TYPE_CHECKING:
    from scipy.interpolate import CubicSpline

CONTACT_N = 50.0
LOWPASS_HZ = 40.0  # of the force, zero-lag: a belt's motor shakes the plate
SHORTEST_CONTACT_S, LONGEST_CONTACT_S = 0.12, 0.5  # running; what is shorter is the plate ringing
MADE_UP_JOINTS = ("left_shoulder", "right_shoulder")  # the data set has none: what they tell is no truth
RUN_NAME = re.compile(r"(?P<subject>RBDS\d{3})runT(?P<speed>\d{2})")


@dataclass(frozen=True, slots=True, eq=False)
class ForcePlateRun:
    """One recorded run; it moves like a simulated one (`gait.simulate.source.Moving`).

    `time_s` (n,) are the marker frames from 0, `joints` the joint centres (n, 3) in metres (x forward, y up from the
    belt, z to the right; the runner's mean place is x = z = 0), `contact_s` and `toe_off_s` the force plate's events.
    """

    name: str
    time_s: FloatArray
    joints: dict[str, FloatArray]
    contact_s: dict[Side, FloatArray]
    toe_off_s: dict[Side, FloatArray]
    belt_speed_mps: float
    _curve: CubicSpline = field(init=False, repr=False)

    def __post_init__(self) -> None:
        from scipy.interpolate import CubicSpline

        stacked = np.stack(list(self.joints.values()), axis=1)
        object.__setattr__(self, "_curve", CubicSpline(self.time_s, stacked, extrapolate=False))

    @property
    def duration_s(self) -> float:
        """Length of the recording."""
        return float(self.time_s[-1])

    def joints_at(self, time_s: FloatArray) -> dict[str, FloatArray]:
        """Joint centres (m, 3) by name, by cubic curves through the frames; NaN outside of the recording."""
        places = self._curve(time_s)
        return {name: places[:, i] for i, name in enumerate(self.joints)}

    def belt_speed_mps_at(self, time_s: FloatArray) -> FloatArray:
        """Speed of the belt (m,), which was set once."""
        return np.full(len(time_s), self.belt_speed_mps)


def recorded_runs(folder: Path) -> list[str]:
    """Names of the runs in a folder of which markers, forces and the static trial are there, sorted."""
    stems = {path.stem for path in folder.glob("RBDS*") if path.suffix in (".txt", ".c3d")}
    found = []
    for stem in sorted(stems):
        matched = RUN_NAME.fullmatch(stem.removesuffix("markers"))
        if not matched or matched["subject"] + "static" not in stems:
            continue
        if f"{matched[0]}forces" in stems if stem.endswith("markers") else (folder / f"{stem}.c3d").is_file():
            found.append(matched[0])
    return sorted(set(found))


def _subject(run: str) -> str:
    """The person of a run, as in RBDS001.

    Raises
    ------
    GaitError
        That isn't the name of a run.
    """
    matched = RUN_NAME.fullmatch(run)
    if matched is None:
        raise GaitError(f"{run} isn't the name of a run; they are named like RBDS001runT25.")
    return matched["subject"]


def files_of(folder: Path, run: str) -> tuple[Path, ...]:
    """The files that a run is read from, its static trial's included."""
    stems = (f"{run}markers", f"{run}forces", run, f"{_subject(run)}static")
    return tuple(path for stem in stems for end in (".txt", ".c3d") if (path := folder / f"{stem}{end}").is_file())


def load_run(folder: Path, run: str = "RBDS001runT25", *, threshold_n: float = CONTACT_N) -> ForcePlateRun:
    """One run of the data set, with the static trial of the same person from the same folder.

    Parameters
    ----------
    run
        Named as in the data set: person and speed, `T25` is 2.5 m/s.
    threshold_n
        Vertical force from which the foot counts as on the ground.

    Raises
    ------
    FileMissing
        The folder lacks the run or its static trial.
    GaitError
        The run has no forces, its feet don't take turns, or a marker that is needed is missing.
    """
    subject = _subject(run)
    if not folder.is_dir():
        raise FileMissing(f"{folder} is missing; name a folder that holds the RBDS files.")
    trial = read_trial(folder, run)
    joints = joint_centres(trial, read_trial(folder, f"{subject}static"))
    contact, toe_off = _events_by_foot(trial, joints, threshold_n)
    return _run(trial, joints, contact, toe_off)


def runs_without_forces(folder: Path) -> list[str]:
    """Names of the runs in a folder of which the markers are there and no forces, sorted."""
    stems = {path.stem for path in folder.glob("RBDS*markers.txt")}
    names = sorted(stem.removesuffix("markers") for stem in stems)
    return [name for name in names if RUN_NAME.fullmatch(name) and not (folder / f"{name}forces.txt").is_file()]


def load_run_without_forces(folder: Path, run: str) -> ForcePlateRun:
    """A run of which only markers are there, not even a static trial: it has no events, but a true cadence.

    Knees and ankles are found from how the segments move, which suits a camera from the side. The belt's speed is that
    of the standing feet (1 to 2 % too high on the runs whose speed is known), since names of such files may err: the
    feet of RBDS032runT35 stand on a belt of 2.5 m/s.

    Raises
    ------
    FileMissing
        The folder lacks the run.
    GaitError
        A marker that is needed is missing.
    """
    _subject(run)
    trial = read_trial(folder, run)
    none: dict[Side, FloatArray] = {side: np.empty(0) for side in SIDES}
    found = _run(trial, functional_joint_centres(trial), none, none)
    return replace(found, belt_speed_mps=standing_foot_speed_mps(found))


def standing_foot_speed_mps(run: ForcePlateRun) -> float:
    """How fast the forefoot moves backwards while it is in the lowest tenth of its heights; mean of both sides."""
    speeds = []
    for side in SIDES:
        forefoot = run.joints[f"{side}_foot_index"]
        stands = forefoot[:, 1] <= np.quantile(forefoot[:, 1], 0.1)
        speeds.append(float(np.median(-np.gradient(forefoot[:, 0], run.time_s)[stands])))
    return float(np.mean(speeds))


def heel_passings_s(run: ForcePlateRun) -> dict[Side, FloatArray]:
    """When each heel passes backwards under the hips: once a stride, and never twice."""
    middle = (run.joints["left_hip"] + run.joints["right_hip"])[:, 0] / 2
    passings: dict[Side, FloatArray] = {}
    for side in SIDES:
        ahead = run.joints[f"{side}_heel"][:, 0] - middle
        before = np.flatnonzero((ahead[:-1] > 0) & (ahead[1:] <= 0))
        share = ahead[before] / (ahead[before] - ahead[before + 1])
        passings[side] = run.time_s[before] + share * np.diff(run.time_s)[before]
    return passings


def marker_cadence_spm(run: ForcePlateRun) -> float:
    """Cadence from the markers alone: the slope of the heels' passings over the stride number."""
    slopes = [np.polyfit(np.arange(len(times_s)), times_s, 1)[0] for times_s in heel_passings_s(run).values()]
    return 120 / float(np.mean(slopes))


def _run(
    trial: Trial,
    joints: dict[str, FloatArray],
    contact_s: dict[Side, FloatArray],
    toe_off_s: dict[Side, FloatArray],
) -> ForcePlateRun:
    """The run, its mean place in the world's middle."""
    middle = np.mean([joints[f"{side}_hip"].mean(axis=0) for side in SIDES], axis=0) * [1, 0, 1]
    time_s = np.arange(len(joints["left_hip"])) / trial.markers_hz
    centred = {name: places - middle for name, places in joints.items()}
    return ForcePlateRun(trial.name, time_s, centred, contact_s, toe_off_s, int(trial.name[-2:]) / 10)


def _events_by_foot(
    trial: Trial, joints: dict[str, FloatArray], threshold_n: float
) -> tuple[dict[Side, FloatArray], dict[Side, FloatArray]]:
    """Contacts and toe-offs of each foot: on the plate is the one whose heel is lower in the middle of stance."""
    if trial.vertical_n is None:
        raise GaitError(f"{trial.name} holds no forces, so nothing tells when a foot is on the ground.")
    contact, toe_off = force_events(trial.vertical_n, trial.force_hz, threshold_n=threshold_n)
    time_s = np.arange(len(joints["left_heel"])) / trial.markers_hz
    heights = [np.interp((contact + toe_off) / 2, time_s, joints[f"{side}_heel"][:, 1]) for side in SIDES]
    left = heights[0] < heights[1]
    if len(left) < 4 or (left[1:] == left[:-1]).any():
        raise GaitError(f"{trial.name}: the feet don't take turns on the force plate, so its events can't be used.")
    return {"left": contact[left], "right": contact[~left]}, {"left": toe_off[left], "right": toe_off[~left]}


def force_events(
    vertical_n: FloatArray, force_hz: float, *, threshold_n: float = CONTACT_N
) -> tuple[FloatArray, FloatArray]:
    """Initial contacts and toe-offs in seconds: the low-passed vertical force passes the threshold, between samples."""
    from scipy.signal import butter, sosfiltfilt

    over_n = sosfiltfilt(butter(2, LOWPASS_HZ, fs=force_hz, output="sos"), vertical_n) - threshold_n
    before = np.flatnonzero((over_n[1:] > 0) != (over_n[:-1] > 0))
    passed_s = (before + over_n[before] / (over_n[before] - over_n[before + 1])) / force_hz
    on, off = passed_s[over_n[before] <= 0], passed_s[over_n[before] > 0]
    off = off[off > on[0]] if len(on) else off
    pairs = np.array(
        [(a, b) for a, b in zip(on, off, strict=False) if SHORTEST_CONTACT_S < b - a < LONGEST_CONTACT_S]
    ).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]
