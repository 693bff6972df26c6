"""A look at a few seconds of a clip: whether it is good enough, and how it could be filmed better."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from gait.calibration import Clock, capture_speed, usual_stride_s
from gait.config import Config
from gait.cycle import fold
from gait.errors import TooFewStrides
from gait.events import stance_phases
from gait.model import SIDES, Cycle, Progress, Scene, Side, Stance, Track, Video, no_progress
from gait.pose import KeypointCache, estimate_cached
from gait.reading import clock_of
from gait.scene import find_scene, judge_aside, judge_legs, judge_running, longest_run
from gait.video import frames, read_video

Mark = Literal["good", "fair", "bad"]
LOOKED_AT_FRAMES = 120  # about three seconds of work for the pose model
LOOKED_AT_HZ = 30.0


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing about a clip: how good, what was seen, and what to do about it (empty where nothing is)."""

    mark: Mark
    seen: str
    advice: str = ""


def check(clip: str | Path, config: Config | None = None, *, progress: Progress = no_progress) -> tuple[Remark, ...]:
    """What is good and bad about a clip, from some four seconds in its middle.

    Raises
    ------
    VideoError
        The file can't be read as a video.
    NoPerson
        Nobody was found in what was looked at.
    """
    config = config or Config()
    video = read_video(Path(clip))
    whole, brightness = _look(video, config, progress)
    track, segments, _ = longest_run(whole, config.scene)
    cycle, why = _cycle(track, config)
    scene = judge_legs(track, find_scene(track, config.scene), config.scene)
    timed = None
    if cycle is not None:
        scene = judge_aside(track, scene, cycle, config.scene)
        timed = _timed(replace(track, video=replace(track.video, fps=video.fps)), scene, cycle, config)
    return (
        _length(video),
        _rate(video),
        _size(track),
        _light(brightness),
        *_cut(segments),
        _view(scene, config),
        _feet(scene),
        *_slow_motion(timed),
        _movement(track, scene, timed, why, config),
    )


def verdict(remarks: tuple[Remark, ...]) -> Mark:
    """The worst mark."""
    marks = [remark.mark for remark in remarks]
    return "bad" if "bad" in marks else "fair" if "fair" in marks else "good"


def _look(video: Video, config: Config, progress: Progress) -> tuple[Track, float]:
    """The runner in frames of the middle, no more than 30 a second, and their mean brightness (0 to 255)."""
    step = max(1, round(float(video.fps) / LOOKED_AT_HZ))
    span = min(LOOKED_AT_FRAMES * step, video.n_frames)
    start = (video.n_frames - span) // 2
    chosen = np.arange(start, start + span, step)
    levels: list[float] = []

    def pictures(_first: int) -> Iterator[NDArray[np.uint8]]:
        for number, picture in enumerate(frames(video, start, start + span)):
            if number % step == 0:
                levels.append(float(picture[::8, ::8].mean()))
                yield picture

    looked_at = replace(
        video, n_frames=len(chosen), file_time_s=video.file_time_s[chosen], fps=Fraction(video.fps, step)
    )
    track, _ = estimate_cached(
        looked_at, config.pose, pictures, which=config.runner, cache=KeypointCache(None), progress=progress
    )
    return track, float(np.mean(levels))


def _length(video: Video) -> Remark:
    """Whether the clip is long enough."""
    seconds = f"{video.duration_s:.0f} s long"
    if video.duration_s < 4:
        return Remark("bad", f"{video.duration_s:.1f} s long", "film 20 s or more: a handful of strides tells nothing")
    if video.duration_s < 15:
        return Remark("fair", seconds, "20 s or more make the intervals narrower")
    return Remark("good", seconds)


def _rate(video: Video) -> Remark:
    """Whether there are frames enough."""
    rate = f"{float(video.fps):.0f} frames per second"
    if video.fps < 24:
        return Remark("bad", rate, "set the camera to 60 frames per second")
    if video.fps < 50:
        return Remark("fair", rate, "60 frames per second blur the feet less")
    return Remark("good", rate)


def _size(track: Track) -> Remark:
    """Whether the runner is large enough in the picture."""
    feet = (track.point("left_ankle") + track.point("right_ankle"))[:, 1] / 2
    height_px = float(np.nanmedian(feet - track.point("nose")[:, 1]))
    share = height_px / track.video.height_px
    seen = f"the runner is {height_px:.0f} pixels tall, {share:.0%} of the picture"
    if height_px < 150:
        return Remark("bad", seen, "go nearer or zoom in: the runner should fill 60 to 80 % of the picture's height")
    if height_px < 300 or share < 0.4:
        return Remark("fair", seen, "go nearer or zoom in: 60 to 80 % of the picture's height is best")
    return Remark("good", seen)


def _light(brightness: float) -> Remark:
    """Whether there is light enough."""
    if brightness < 45:
        return Remark("bad", "the picture is very dark", "turn on the light or film by day; darkness blurs the feet")
    if brightness < 75:
        return Remark("fair", "the picture is rather dark", "more light makes the feet sharper")
    return Remark("good", "the light is good")


def _cut(segments: tuple[tuple[int, int], ...]) -> tuple[Remark, ...]:
    """Something only where the clip is cut."""
    seen, advice = "the clip is cut, or the picture jumps", "film in one go; only the longest piece is read"
    return (Remark("fair", seen, advice),) if len(segments) > 1 else ()


def _view(scene: Scene, config: Config) -> Remark:
    """Whether the camera looks squarely."""
    if scene.view == "oblique":
        seen = f"seen obliquely, some {scene.yaw_deg:.0f} degrees from the side"
        return Remark("bad", seen, "film square from the side, from behind or from the front")
    if scene.is_side_view and abs(scene.yaw_deg) > config.scene.nearly_side_yaw_deg:
        seen = f"seen nearly from the {scene.view}, some {abs(scene.yaw_deg):.0f} degrees off"
        return Remark("fair", seen, "move the camera until it looks straight across the running direction")
    if scene.is_frontal_view and abs(scene.yaw_deg) > config.scene.nearly_frontal_yaw_deg:
        seen = f"seen from the {scene.view}, some {abs(scene.yaw_deg):.0f} degrees aside"
        where = "behind" if scene.view == "rear" else "before"
        return Remark("fair", seen, f"move the camera until it stands straight {where} the runner")
    return Remark("good", f"seen from the {scene.view}")


def _feet(scene: Scene) -> Remark:
    """Whether the feet are seen."""
    if scene.feet_hidden:
        return Remark("bad", scene.feet_hidden.partition(";")[0], "keep the whole body in the picture, the feet free")
    reasons = [reason for side in SIDES for reason in scene.legs[side].reasons if scene.legs[side].grade == "D"]
    if reasons:
        return Remark("fair", "; ".join(reasons), "keep the feet in the picture, with nothing in front of them")
    return Remark("good", "the feet are seen")


def _cycle(track: Track, config: Config) -> tuple[Cycle | None, str]:
    """The folded cycle, or why there is none."""
    try:
        return fold(track, config.cycle), ""
    except TooFewStrides:
        return None, "no repeated stride can be seen"


@dataclass(frozen=True, slots=True)
class _Timed:
    """A folded cycle, when the feet are on the ground in it, and what is known of real time."""

    cycle: Cycle
    stances: dict[Side, Stance]
    clock: Clock


def _timed(track: Track, scene: Scene, cycle: Cycle, config: Config) -> _Timed:
    """The clock of a track whose video has the file's own frame rate."""
    speed = capture_speed(track.video, config.calibration.capture_fps)
    stances = stance_phases(track, scene, cycle, config.events, stride_s=usual_stride_s(cycle, speed))
    return _Timed(cycle, stances, clock_of(track, scene, cycle, stances, config))


def _slow_motion(timed: _Timed | None) -> tuple[Remark, ...]:
    """That the file doesn't play as it was filmed, or that it can't be told."""
    if timed is None or not (timed.clock.no_times or timed.clock.notes):
        return ()
    seen = timed.clock.no_times.partition(";")[0] or timed.clock.notes[0].partition(":")[0]
    return (Remark("fair", seen, "say how fast the camera filmed, for instance --capture-fps 240"),)


def _movement(track: Track, scene: Scene, timed: _Timed | None, why: str, config: Config) -> Remark:
    """Whether somebody runs."""
    stride_s = duty_factor = np.nan
    if timed is not None:
        stride_s = np.nan if timed.clock.no_times else timed.clock.stride_s(timed.cycle)
        if scene.near_side:
            duty_factor = float(timed.stances[scene.near_side].duration[0])
    judged = judge_running(
        track,
        scene,
        config.scene,
        cycle=timed.cycle if timed else None,
        stride_s=stride_s,
        duty_factor=duty_factor,
        no_strides=why,
    )
    if judged.is_running:
        return Remark("good", "a steady run")
    if judged.is_running is False:
        return Remark("bad", judged.not_running, "film while the runner runs at a steady pace")
    return Remark("bad", judged.not_running, "one runner, at a steady pace, the whole body in the picture")
