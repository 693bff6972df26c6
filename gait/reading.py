"""From keypoints to strides: repair, scene, events and calibration, as far as they lean on each other."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gait.calibration import STATURE_M, Clock, calibrate, capture_speed, gait_signs, tell_time, usual_stride_s
from gait.clean import repair, with_limb_axes
from gait.config import Config
from gait.cycle import fold_as
from gait.errors import TooFewStrides
from gait.events import find_events, find_strides, in_real_time, no_events, no_strides, stance_phases
from gait.model import Calibration, Cycle, Events, Scene, Side, Stance, StepTiming, Track
from gait.scene import (
    Joined,
    judge_aside,
    judge_believable,
    judge_roll,
    judge_running,
    levelled,
    refuse_legs,
    runs_by_shape,
)

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """What is read from keypoints that are turned so that the vertical is upright."""

    track: Track
    cycle: Cycle | None
    stances: dict[Side, Stance]
    events: Events
    strides: pd.DataFrame


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What the rooms from repair to calibration made of a track; `no_strides` says why there are none.

    `track` and `cycle` lie on the pictures; `as_filmed` is what is read without repair, with the same stride phase,
    camera and legs.
    """

    track: Track
    scene: Scene
    calibration: Calibration
    read: Read
    cycle: Cycle | None = None
    as_filmed: Read | None = None
    no_strides: str = ""
    no_times: str = ""


def read_strides(
    raw: Track, scene: Scene, config: Config, joined: Joined | None, timing: StepTiming | None = None
) -> Found:
    """Repair, scene, events, strides and calibration; of `joined` clips no strides that touch two.

    `timing` is what another view of the same run tells of the events.
    """
    known = config.calibration
    speed = capture_speed(raw.video, known.capture_fps)
    try:
        track, cycle = repair(raw, scene, config.clean, config.cycle)
    except TooFewStrides as reason:
        calibration = Calibration(capture_speed=speed, mass_kg=known.mass_kg, incline_pct=known.incline_pct or 0.0)
        nothing, why = Read(raw, None, {}, no_events(), no_strides()), str(reason)
        scene = judge_running(raw, scene, config.scene, cycle=None, stride_s=np.nan, duty_factor=np.nan, no_strides=why)
        return Found(raw, scene, calibration, nothing, no_strides=why)
    raw, track = (with_limb_axes(each, scene) for each in (raw, track))
    scene = judge_aside(track, scene, cycle, config.scene)
    scene = judge_believable(track, scene, cycle, config.legs)
    stances = stance_phases(track, scene, cycle, config.events, stride_s=usual_stride_s(cycle, speed))
    clock = clock_of(track, scene, cycle, stances, config)
    stride_s = clock.stride_s(cycle)
    calibrated = partial(calibrate, known=known, clock=clock)
    scene = judge_roll(track, scene, cycle, stances, config.scene, incline_pct=known.incline_pct)
    seen = np.isfinite(raw.point("mid_hip")).all(axis=1)
    read = partial(
        _read,
        scene=scene,
        config=config,
        speed=clock.speed.value,
        stride_s=stride_s,
        seen=seen,
        joined=joined,
        timing=timing,
    )
    repaired = read(track, cycle)
    scene = refuse_legs(scene, {side: stance.withheld for side, stance in repaired.stances.items()})
    scene = judge_running(
        repaired.track,
        scene,
        config.scene,
        cycle=repaired.cycle,
        stride_s=np.nan if clock.no_times else stride_s,
        duty_factor=float(repaired.stances[scene.near_side].duration[0]) if scene.near_side else np.nan,
        no_strides="",
    )
    return Found(
        track=track,
        scene=scene,
        calibration=calibrated(repaired.track, scene, repaired.cycle or cycle, repaired.stances),
        read=repaired,
        cycle=cycle,
        as_filmed=read(raw, fold_as(raw, cycle, config.cycle)),
        no_times=clock.no_times,
    )


def clock_of(track: Track, scene: Scene, cycle: Cycle, stances: dict[Side, Stance], config: Config) -> Clock:
    """From file time to real time; `stances` as of a runner's usual stride time."""
    known = config.calibration
    signs = gait_signs(track, scene, cycle, stances, height_m=known.height_m)
    duty_factor = float(stances[scene.near_side].duration[0]) if scene.near_side else np.nan
    runs = runs_by_shape(track, scene, cycle, config.scene, duty_factor=duty_factor)
    clock = tell_time(track.video, signs, known=known, runs=runs)
    return replace(clock, speed_by_fall=signs.playback_speed, stature_m=known.height_m or STATURE_M)


def _read(
    track: Track,
    cycle: Cycle,
    *,
    scene: Scene,
    config: Config,
    speed: float,
    stride_s: float,
    seen: NDArray[np.bool_],
    joined: Joined | None,
    timing: StepTiming | None,
) -> Read:
    """Events and strides of keypoints as a level camera would have seen them."""
    track, cycle = levelled(track, cycle, scene.roll_deg)
    stances = stance_phases(track, scene, cycle, config.events, stride_s=stride_s, timing=timing)
    events = in_real_time(find_events(track, cycle, stances, config.events, capture_speed=speed), speed)
    strides = find_strides(events, cycle, stances, track, capture_speed=speed, seen=seen)
    if joined is not None:
        strides = joined.without_joins(strides, capture_speed=speed)
    return Read(track, cycle, stances, events, strides)
