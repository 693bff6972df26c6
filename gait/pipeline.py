"""The program from beginning to end: a call per room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gait.clean import with_limb_axes
from gait.config import Config
from gait.errors import ConfigError, SceneError
from gait.fatigue import at_said_speeds, find_drift, look_at_camera
from gait.findings import compare, describe, load_evidence, with_literature
from gait.metrics import (
    angles_in_whole_clip,
    faces_as,
    frame_angles,
    measure,
    of_time_alone,
    over_standing,
    standing_before_run,
    standing_frames,
    standing_posture,
    with_effect_of_repair,
)
from gait.model import (
    Analysis,
    Drift,
    MetricTable,
    PoseAccuracy,
    Progress,
    Scene,
    StepTiming,
    Track,
    no_progress,
)
from gait.pose import KeypointCache, KeypointFile, MediaPipe, estimate_cached, people_warnings, read_keypoints
from gait.provenance import provenance_of
from gait.reading import Found, read_strides
from gait.scene import (
    Joined,
    cycle_in_whole_clip,
    find_scene,
    in_whole_clip,
    judge_legs,
    longest_run,
    only,
    upright,
)
from gait.video import frames, read_video

if TYPE_CHECKING:
    import pandas as pd


def analyze(
    clip: str | Path,
    config: Config | None = None,
    *,
    standing: str | Path | None = None,
    timing: StepTiming | None = None,
    cache: KeypointCache | None = None,
    progress: Progress = no_progress,
) -> Analysis:
    """Analyse one clip of a runner.

    Parameters
    ----------
    clip
        A video file.
    config
        Settings; None takes the defaults.
    standing
        A clip of the same runner standing still, filmed by the same camera from the same place: every angle is told
        over its value there too. None takes the seconds before the run in which the runner stands, if there are any.
    timing
        What a clip from the side tells of contact and toe-off in the same run, for one from the rear or front.
    cache
        Where keypoints are kept between runs; None is the user's own cache.
    progress
        Called as `progress(stage, done, total)`, in frames.

    Raises
    ------
    VideoError
        The file can't be read as a video (see its subclasses).
    PoseError
        The pose model can't be run, or no person was found.
    SceneError
        The view named in the settings isn't that of the clip, or nobody stands still in the standing clip as the run is
        seen.

    What the clip doesn't allow is withheld in the result with its reason, never raised: the view, hidden feet,
    walking, too few strides.
    """
    config = config or Config()

    def keypoints(path: str | Path) -> Track:
        video = read_video(Path(path))
        read = partial(frames, video)
        return estimate_cached(video, config.pose, read, which=config.runner, cache=cache, progress=progress)[0]

    still = None if standing is None else keypoints(standing)
    return analyze_track(keypoints(clip), config, standing=still, timing=timing)


def analyze_keypoints(
    path: str | Path,
    config: Config | None = None,
    *,
    fps: float | None = None,
    clip: str | Path | None = None,
) -> Analysis:
    """Analyse keypoints that another tool found.

    Parameters
    ----------
    path
        A `keypoints.npz` of this program, OpenPose, Halpe26, COCO or MMPose JSON, a folder with a JSON file for each
        frame, or TRC in pixels; the format is told from the content.
    config
        Settings; None takes the defaults.
    fps
        Frame rate of the keypoints where the file doesn't say it, or says it wrongly.
    clip
        The video of the same recording, for its pictures, size and time stamps; None where there is none.

    Raises
    ------
    VideoError
        The keypoints or the clip aren't there, or the clip can't be read as a video.
    KeypointFileError
        The file isn't one of these, is damaged, or doesn't fit the clip.
    NoPerson
        It holds (nearly) nobody.
    ConfigError
        Nobody says the frame rate, or both `fps` and the clip's own are given.

    What needs points that the file lacks is withheld in the result with its reason, never raised.
    """
    if clip is not None and fps is not None:
        raise ConfigError(f"{Path(clip).name} has time stamps of its own; leave --fps out.")
    video = None if clip is None else read_video(Path(clip))
    config = config or Config()
    track, source = read_keypoints(path, fps=fps, video=video, which=config.runner)
    return _analyze(track, config, source)


def analyze_track(
    raw: Track,
    config: Config | None = None,
    *,
    standing: Track | None = None,
    timing: StepTiming | None = None,
) -> Analysis:
    """Analyse keypoints: all that follows the pose model; `config` None takes the default settings.

    `standing` are those of the runner standing still, as in `analyze`. `timing` is what a clip from the side tells of
    contact and toe-off in the same run, for one from the rear or front.
    """
    config = config or Config()
    return _analyze(raw, config, config.pose, standing, timing)


def analyze_joined(joined: Joined, config: Config | None = None) -> Analysis:
    """Analyse clips of one run as one recording: what `analyze_track` does, with times that count from the run's start.

    Strides that touch two clips don't count. Where the belt's speed was said for each clip, changes are told at the
    same speed.
    """
    config = config or Config()
    prepared = _Prepared(joined.track, ((0, joined.track.video.n_frames),))
    return _analyze_prepared(joined.track, prepared, config, config.pose, joined=joined)


@dataclass(frozen=True, slots=True, eq=False)
class _Prepared:
    """The part of a clip that is read: where it lies among the others, what to warn of, who stands before it."""

    running: Track
    segments: tuple[tuple[int, int], ...]
    warnings: tuple[str, ...] = ()
    before: Track | None = None


def _analyze(
    raw: Track,
    config: Config,
    source: MediaPipe | KeypointFile,
    standing: Track | None = None,
    timing: StepTiming | None = None,
) -> Analysis:
    """All that follows the pose model, or the file that keypoints were read from."""
    whole, segments, cut = longest_run(raw, config.scene)
    stands = standing_before_run(whole)
    running = whole if stands is None else only(whole, (stands[1], whole.video.n_frames))
    segments = ((segments[0][1] - running.video.n_frames, segments[0][1]), *segments[1:])
    prepared = _Prepared(running, segments, cut, None if stands is None else only(whole, stands))
    return _analyze_prepared(raw, prepared, config, source, standing=standing, timing=timing)


def _analyze_prepared(
    raw: Track,
    prepared: _Prepared,
    config: Config,
    source: MediaPipe | KeypointFile,
    *,
    standing: Track | None = None,
    joined: Joined | None = None,
    timing: StepTiming | None = None,
) -> Analysis:
    """All that follows once it is known which frames are read."""
    running, part = prepared.running, prepared.segments[0]
    scene = judge_legs(running, find_scene(running, config.scene), config.scene)
    scene = replace(scene, segments=prepared.segments, warnings=(*prepared.warnings, *scene.warnings))
    found = read_strides(running, scene, config, joined, timing)
    scene, read, evidence = found.scene, found.read, load_evidence()
    pose_error = _pose_error(evidence.pose_error, source)
    metrics = _measure(found, config, largest_useful=evidence.largest_useful, pose_error=pose_error)
    metrics = _over_standing(metrics, found.scene, prepared.before, standing)
    angles = frame_angles(read.track, scene, read.cycle, read.stances, found.calibration)
    comparisons = compare(metrics, found.calibration, evidence)
    speed, strides = found.calibration.capture_speed.value, read.strides
    if joined is not None:
        strides = joined.in_run_time(strides, capture_speed=speed)
        metrics = replace(metrics, values=joined.in_run_time(metrics.values, capture_speed=speed))
    drift = _drift(found, metrics, strides, config, joined)
    no_times = (_sentence(found.no_times),) if found.no_times else ()
    return Analysis(
        video=raw.video,
        raw_track=raw,
        track=in_whole_clip(found.track, raw, part),
        scene=scene,
        calibration=found.calibration,
        cycle=None if found.cycle is None else cycle_in_whole_clip(found.cycle, raw, part),
        events=read.events,
        strides=strides,
        metrics=metrics,
        angles=angles_in_whole_clip(angles, raw.video, part, found.calibration),
        drift=drift,
        findings=describe(metrics, scene, evidence, comparisons, drift),
        comparisons=comparisons,
        warnings=(*people_warnings(raw), *scene.warnings, *found.calibration.warnings, *no_times),
        provenance=provenance_of(raw.video, source, config.as_dict()),
    )


def _drift(found: Found, metrics: MetricTable, strides: pd.DataFrame, config: Config, joined: Joined | None) -> Drift:
    """What changed over the clip or the run; `strides` and metrics have the run's times."""
    read, scene, evidence = found.read, found.scene, load_evidence()
    speed = found.calibration.capture_speed.value
    unchanging = look_at_camera(read.track, scene, read.cycle, strides, capture_speed=speed)
    if joined is not None and joined.speed_mps is not None:
        unchanging = at_said_speeds(unchanging, *joined.in_run_s(speed), joined.speed_mps)
    drift = find_drift(
        metrics,
        unchanging,
        config.fatigue,
        largest_useful=evidence.largest_useful,
        of_time_alone=of_time_alone(),
    )
    return with_literature(drift, evidence)


def _measure(
    found: Found, config: Config, *, largest_useful: Mapping[str, float], pose_error: Mapping[str, PoseAccuracy]
) -> MetricTable:
    """All metrics, and what the repair changed in them."""
    scene = found.scene
    table = partial(
        measure,
        scene=scene,
        calibration=found.calibration,
        pose_error=pose_error,
        no_strides=f"this is not running: {scene.not_running}" if scene.is_running is False else found.no_strides,
        no_times=found.no_times,
        rules=config.metrics,
    )
    read, before = found.read, found.as_filmed
    metrics = table(read.track, read.cycle, read.stances, read.strides, largest_useful=largest_useful)
    if before is None:
        return metrics
    everything = dict.fromkeys(largest_useful, np.inf)
    unrepaired = table(before.track, before.cycle, before.stances, before.strides, largest_useful=everything)
    return with_effect_of_repair(metrics, unrepaired)


def _over_standing(metrics: MetricTable, scene: Scene, before: Track | None, clip: Track | None) -> MetricTable:
    """The metrics also as change from standing: by a clip of it, else by what comes before the run, if anything."""
    still, source = before, "before the run"
    if clip is not None:
        frames_of, source = standing_frames(clip), "standing clip"
        still = None if frames_of is None else only(clip, frames_of)
        if still is None or not faces_as(still, scene):
            raise SceneError(
                "The standing clip doesn't show the runner standing still for a second as the run is filmed; film it "
                "with the camera where it is, from the same side, or leave it out."
            )
    if still is None or not faces_as(still, scene):
        return metrics
    return over_standing(
        metrics, standing_posture(upright(with_limb_axes(still, scene), scene.roll_deg), scene, source=source)
    )


def _pose_error(known: Mapping[str, PoseAccuracy], source: MediaPipe | KeypointFile) -> Mapping[str, PoseAccuracy]:
    """The pose model's own error by metric; for another tool's keypoints MediaPipe's, said to be so."""
    if isinstance(source, MediaPipe) or source.is_own:
        return known
    borrowed = "no comparison of these keypoints with markers is at hand, so MediaPipe's counts: "
    return {name: replace(error, source=borrowed + error.source) for name, error in known.items()}


def _sentence(reason: str) -> str:
    """A reason as a sentence."""
    return reason[:1].upper() + reason[1:] + "."
