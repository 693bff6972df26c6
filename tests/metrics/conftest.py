from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest

import gait
from gait.calibration import Clock, Known, calibrate, capture_speed
from gait.clean import repair
from gait.events import find_events, find_strides, stance_phases
from gait.metrics import REGISTRY, MetricRules, measure
from gait.model import Calibration, Cycle, MetricTable, Quantity, Scene, Side, Stance, Track
from gait.scene import find_scene, judge_legs

EVERYTHING_USEFUL = dict.fromkeys(REGISTRY, np.inf)


class Rooms(NamedTuple):
    """What the rooms before this one make of a clip."""

    track: Track
    scene: Scene
    cycle: Cycle
    stances: dict[Side, Stance]
    strides: pd.DataFrame
    calibration: Calibration

    def measure(self, **changes: Any) -> MetricTable:
        """The metrics, nothing withheld for being too wide; parts of the scene can be changed."""
        settings: dict[str, Any] = {"largest_useful": EVERYTHING_USEFUL, "pose_error": {}, "rules": MetricRules()}
        settings |= {name: value for name, value in changes.items() if name in {*settings, "no_strides", "no_times"}}
        scene = replace(self.scene, **{name: value for name, value in changes.items() if name not in settings})
        return measure(
            self.track, self.cycle, self.stances, self.strides, scene=scene, calibration=self.calibration, **settings
        )


def rooms_of_track(raw: Track, *, height_m: float | None = 0.96 / 0.53, speed_mps: float | None = None) -> Rooms:
    config = gait.Config()
    scene = judge_legs(raw, find_scene(raw, config.scene), config.scene)
    track, cycle = repair(raw, scene, config.clean, config.cycle)
    speed = capture_speed(raw.video, None)
    stances = stance_phases(track, scene, cycle, config.events, stride_s=cycle.period_s)
    events = find_events(track, cycle, stances, config.events)
    strides = find_strides(events, cycle, stances, raw, capture_speed=1.0)
    clock = Clock(Quantity(speed.value, 0.0, "the file's own"))
    known = Known(height_m=height_m, speed_mps=speed_mps, mass_kg=70.0)
    calibration = calibrate(track, scene, cycle, stances, known=known, clock=clock)
    return Rooms(track, scene, cycle, stances, strides, calibration)


@pytest.fixture(scope="session")
def rooms_of(synthetic_runner: Any) -> Callable[..., Rooms]:
    """The rooms before the metrics for a made-up runner of known height and speed, once: `rooms_of("rear", fps=60)`."""
    camera = {"fps", "noise_px", "px_per_m", "roll_deg", "noise_seed"}

    @functools.cache
    def run(view: str, **settings: float) -> Rooms:
        runner = synthetic_runner(**{name: value for name, value in settings.items() if name not in camera})
        film = {name: value for name, value in settings.items() if name in camera}
        return rooms_of_track(runner.film(view, **film), speed_mps=runner.belt_mps)

    return run


@pytest.fixture(scope="session")
def rooms_from() -> Callable[..., Rooms]:
    """The rooms before the metrics for any track."""
    return rooms_of_track


@pytest.fixture(scope="session")
def metrics_of(rooms_of: Callable[..., Rooms]) -> Callable[..., MetricTable]:
    """All metrics of a made-up runner, none withheld for its wide interval: `metrics_of("left", lean_deg=3)`."""
    return lambda view, **settings: rooms_of(view, **settings).measure()
