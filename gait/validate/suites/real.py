"""Real clips against what was counted in them by eye."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from gait.config import Config
from gait.model import SIDES, Analysis
from gait.pipeline import analyze, analyze_track
from gait.pose import read_keypoints
from gait.validate.compare import Place, rows_of_kind, running_row, with_known
from gait.validate.counted import CountedCadence, CountedClip, read_truth
from gait.validate.rows import Row
from gait.validate.seeds import Seeds
from gait.validate.suite import Case, Suite

_ROOT = Path(__file__).parents[3]
FOLDER = _ROOT.parent / "shared" / "data" / "videos"
TRUTH = _ROOT / "validation" / "shared_clips.truth.toml"
IN_SECONDS = ("cadence_spm", "stride_time_s", "step_time_s", "contact_time_s", "flight_time_s")


def measure(clip: CountedClip, folder: Path, case: str) -> list[Row]:
    """Analyse one clip, and compare with all that was counted in it."""
    analysis = _analysis(clip, folder)
    place = Place("real", case, clip.name or Path(clip.file).stem)
    rows = []
    if clip.view is not None:
        rows.append(place.share("view_right", analysis.scene.view == clip.view))
    if clip.is_running is not None:
        rows.append(running_row(place, analysis, is_running=clip.is_running))
    if clip.feet_hidden:
        rows.append(place.share("feet_hidden_right", bool(analysis.scene.feet_hidden)))
    if clip.is_running is False:
        rows.append(place.share("nothing_shown", _none_shown(analysis, None)))
    if not clip.real_time_known:
        rows.append(place.share("no_times_shown", _none_shown(analysis, IN_SECONDS)))
    if clip.cadence_spm is not None:
        rows += _cadence_rows(place, analysis, clip.cadence_spm, real_time_known=clip.real_time_known)
    return [*rows, *_contact_rows(place, analysis, clip)]


def _analysis(clip: CountedClip, folder: Path) -> Analysis:
    """Analyse the video, or the keypoints that stand for it; keypoints of videos are kept in the user's cache."""
    known = {
        "capture_fps": clip.capture_fps,
        "height_m": None if clip.height_cm is None else clip.height_cm / 100,
        "speed_mps": None if clip.speed_kmh is None else clip.speed_kmh / 3.6,
    }
    config: Config = with_known(**{name: value for name, value in known.items() if value is not None})
    if clip.keypoints is None:
        return analyze(folder / clip.file, config)
    track, _ = read_keypoints(folder / clip.keypoints, fps=clip.fps)
    return analyze_track(track, config)


def _none_shown(analysis: Analysis, names: tuple[str, ...] | None) -> bool:
    """Whether none of the named metrics (None: of all) is shown."""
    chosen = (summary for summary in analysis.metrics.summary if names is None or summary.name in names)
    return all(summary.estimate is None for summary in chosen)


def _cadence_rows(place: Place, analysis: Analysis, counted: CountedCadence, *, real_time_known: bool) -> list[Row]:
    """Cadence in real time, where the program can know it, and in file time; intervals hold the count's error too."""
    rows, speed = [], analysis.calibration.capture_speed.value
    in_file_time = counted.count if counted.time == "file" else counted.count * speed
    if analysis.cycle is None:
        rows.append(place.row("cadence_file_time_spm", "steps/min", in_file_time, None, withheld="no stride was found"))
    else:
        rows.append(place.row("cadence_file_time_spm", "steps/min", in_file_time, 120 / analysis.cycle.period_s))
    summary = analysis.metrics.get("cadence_spm")
    if not real_time_known or summary is None:
        return rows
    truth = in_file_time / speed
    if summary.estimate is None or summary.ci95 is None:
        return [*rows, place.row("cadence_spm", "steps/min", truth, None, withheld=summary.withheld)]
    half = float(np.hypot((summary.ci95[1] - summary.ci95[0]) / 2, counted.error * truth / counted.count))
    ends = {"low": summary.estimate - half, "high": summary.estimate + half}
    return [*rows, place.row("cadence_spm", "steps/min", truth, summary.estimate, **ends)]


def _contact_rows(place: Place, analysis: Analysis, clip: CountedClip) -> list[Row]:
    """Each counted contact, in ms of real time."""
    video, speed, rows = analysis.video, analysis.calibration.capture_speed.value, []
    frame_s = speed / float(video.fps)
    for side in SIDES:
        counted = np.asarray(clip.contact_frames.get(side, ()))
        truth_s = np.interp(counted, np.arange(video.n_frames), video.file_time_s) * speed
        far = side != analysis.scene.near_side
        own = replace(place, condition=f"{place.condition}, {'far' if far else 'near'} leg")
        error_s = clip.contact_error_frames * frame_s
        rows += rows_of_kind(own, analysis, truth_s, "initial_contact", side, truth_error_s=error_s)
    return rows


def cases(_seeds: Seeds, *, folder: Path = FOLDER, truth: Path = TRUTH) -> list[Case]:
    """A case per entry of the truth file; there are no seeds in it."""
    made = []
    for number, clip in enumerate(read_truth(truth)):
        name = f"{number:02d}-{Path(clip.file).stem}"
        read = folder / (clip.keypoints or clip.file)
        made.append(Case(name, clip.name or Path(clip.file).stem, partial(measure, clip, folder, name), (read,)))
    return made


def missing(*, folder: Path = FOLDER, truth: Path = TRUTH) -> str:
    """What isn't there; empty where the suite can run."""
    if not folder.is_dir():
        return f"there is no folder {folder} of clips; name one with --folder, its truth file with --truth"
    if not truth.is_file():
        return f"there is no truth file {truth}; docs/validation.md says how to write one"
    files = {path for clip in read_truth(truth) for path in (folder / (clip.keypoints or clip.file),)}
    absent = sorted(str(path) for path in files if not path.is_file())
    return f"{', '.join(absent)} of {truth.name} isn't there" if absent else ""


def suite(folder: Path, truth: Path | None = None) -> Suite:
    """The suite on other clips; their truth is `truth.toml` in the folder unless named."""
    named = truth or folder / "truth.toml"
    return replace(
        SUITE, cases=partial(cases, folder=folder, truth=named), missing=partial(missing, folder=folder, truth=named)
    )


SUITE = Suite(
    name="real",
    title="Real clips, counted by eye",
    shows=(
        "Real clips through the pose model, and one through the keypoints of another pose model, against steps and "
        "contacts that were counted frame by frame by eye. The intervals hold the count's own error (± 1 frame at a "
        "contact)."
    ),
    shows_not=(
        "Few clips, one reader, no force plate: the eye sees the foot touch the ground, which is a little before a "
        "force plate would say 50 N. Angles can't be counted."
    ),
    cases=cases,
    missing=missing,
)
