"""All that decides about a rendered clip: who runs, where, and how it's filmed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal, Self, get_args

import numpy as np

from gait.errors import ConfigError, check_ranges
from gait.model import FloatArray, Side, View
from gait.simulate.camera import YAW_OF_VIEW_DEG, Camera
from gait.simulate.figure import Figure, turned_y
from gait.simulate.render.appearance import Appearance
from gait.simulate.render.exposure import EXPOSURES, Exposure
from gait.simulate.render.rooms import ROOMS, Room
from gait.simulate.run import Run, simulate_run
from gait.simulate.runner import Runner
from gait.simulate.sampling import Sampling
from gait.simulate.variation import Change, Variation

Renderer = Literal["painter", "ray"]
RENDERERS: tuple[Renderer, ...] = get_args(Renderer)
TURNS_DEG = (0, 90, 180, 270)
_SQUARE_WITHIN_DEG = 20.0  # of the four views; beyond it the view is oblique
_AFTER_S = 0.5  # a run goes on beyond the clip: the last picture gathers light after its time


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the picture: how they run, what they look like, and where.

    Who runs on the treadmill stays at `place_m` (forward, up, right; in the middle of the clip); who passes by moves
    over the floor at `ground_speed_mps`, which should be the runner's speed, turned by `heading_deg` (+ to the left).
    """

    runner: Runner = field(default_factory=Runner)
    appearance: Appearance = field(default_factory=Appearance)
    changes: tuple[Change, ...] = ()
    variation: Variation | None = None  # None: as people usually vary
    seed: int = 0
    place_m: tuple[float, float, float] = (0.0, 0.0, 0.0)
    heading_deg: float = 0.0
    ground_speed_mps: float = 0.0

    def run(self, duration_s: float) -> Run:
        """How they run."""
        return simulate_run(self.runner, duration_s, changes=self.changes, variation=self.variation, seed=self.seed)

    def offset_m(self, time_s: FloatArray, duration_s: float) -> FloatArray:
        """Where they are (n, 3)."""
        heading = np.radians(self.heading_deg)
        way = self.ground_speed_mps * (np.asarray(time_s, dtype=np.float64) - duration_s / 2)
        ahead = np.array([np.cos(heading), 0.0, -np.sin(heading)])
        return np.asarray(np.array(self.place_m) + way[:, None] * ahead, dtype=np.float64)

    def turned(self, figure: Figure) -> Figure:
        """The same figure, headed as this person is."""
        if not self.heading_deg:
            return figure
        turn = turned_y(np.array([np.radians(self.heading_deg)]))[0]
        points = {name: place @ turn.T for name, place in figure.points.items()}
        return Figure(points, {name: turn @ axes for name, axes in figure.turns.items()})


@dataclass(frozen=True, slots=True)
class ClipPlan:
    """A clip to be rendered.

    Parameters
    ----------
    name
        What it's called in its truth file.
    person
        The runner whom the clip is about.
    duration_s
        How long is filmed, in real seconds.
    camera, sampling, exposure
        How it is filmed; the camera's picture is the upright one.
    room
        What is around the runner.
    others
        Further people, of whom the truth says nothing.
    crf
        How strongly the file is compressed: 20 hardly shows, 32 does.
    rotation_deg
        Clockwise turn (0, 90, 180, 270) by which a player has to turn the stored pictures, as phones write it.
    seed
        Of the time stamps' and the pictures' noise.
    renderer
        Who paints: "painter" is fast, "ray" finer and needs numba (`gait.simulate.render.marching`).
    """

    name: str = "clip"
    person: Person = field(default_factory=Person)
    duration_s: float = 8.0
    camera: Camera = field(default_factory=lambda: Camera(width_px=1280, height_px=720))
    sampling: Sampling = field(default_factory=Sampling)
    exposure: Exposure = EXPOSURES["bright"]
    room: Room = ROOMS["gym"]
    others: tuple[Person, ...] = ()
    crf: int = 20
    rotation_deg: Literal[0, 90, 180, 270] = 0
    seed: int = 0
    renderer: Renderer = "painter"

    def __post_init__(self) -> None:
        check_ranges(self, duration_s=(0.1, 7200), crf=(0, 51))
        if self.rotation_deg not in TURNS_DEG:
            raise ConfigError(f"rotation_deg can't be {self.rotation_deg}; phones turn by {TURNS_DEG[1:]}.")
        if self.renderer not in RENDERERS:
            raise ConfigError(f'There is no renderer "{self.renderer}"; choose {" or ".join(RENDERERS)}.')
        if self.exposure.shutter_s > 1 / self.sampling.fps + 1e-9:
            raise ConfigError(
                f"At {self.sampling.fps:g} fps no picture can gather light for {self.exposure.shutter_s:g} s; "
                f"choose a shutter_s of {1 / self.sampling.fps:g} s or less."
            )

    def changed(
        self, *, duration_s: float | None = None, fps: float | None = None, size_px: tuple[int, int] | None = None
    ) -> Self:
        """The same clip of another length, frame rate (the shutter as short as that needs) or size (width, height)."""
        rate = self.sampling.fps if fps is None else fps
        width_px, height_px = size_px or (self.camera.width_px, self.camera.height_px)
        return replace(
            self,
            duration_s=self.duration_s if duration_s is None else duration_s,
            sampling=replace(self.sampling, fps=rate),
            exposure=replace(self.exposure, shutter_s=min(self.exposure.shutter_s, 1 / rate)),
            camera=replace(self.camera, width_px=width_px, height_px=height_px),
        )

    @property
    def view(self) -> View:
        """The side of the runner that the camera sees."""
        for view in ("left", "right", "rear", "front"):
            off_deg = (self.camera.yaw_deg - YAW_OF_VIEW_DEG[view] + 180) % 360 - 180
            if abs(off_deg) <= _SQUARE_WITHIN_DEG:
                return view
        return "oblique"

    @property
    def near_side(self) -> Side | None:
        """The leg nearer to the camera; None from the rear and the front."""
        if self.view in ("rear", "front"):
            return None
        return "right" if np.sin(np.radians(self.camera.yaw_deg)) > 0 else "left"

    @property
    def direction(self) -> Literal["left", "right", "none"]:
        """Where the runner faces in the picture."""
        if self.near_side is None:
            return "none"
        return self.near_side  # who shows the right side faces the picture's right

    def run(self) -> Run:
        """The run that is filmed; the same at every call."""
        return self.person.run(self.duration_s + _AFTER_S)

    def runs(self) -> Iterator[tuple[Person, Run]]:
        """All people and their runs, the runner first."""
        for person in (self.person, *self.others):
            yield person, person.run(self.duration_s + _AFTER_S)

    def file_time_s(self) -> FloatArray:
        """Time stamps (n,) of the file; times `sampling.capture_speed` they are real seconds."""
        return self.sampling.file_time_s(0.0, self.duration_s, self.random("sampling"))

    def time_s(self) -> FloatArray:
        """Real seconds (n,) of the frames."""
        return self.file_time_s() * self.sampling.capture_speed

    def random(self, purpose: str, number: int = 0) -> np.random.Generator:
        """Random numbers for one purpose."""
        key = (*purpose.encode(), number)
        return np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=key))

    def reading_share(self, xy: FloatArray) -> FloatArray:
        """When the sensor's row at these pixels (..., 2) of the upright picture is read: 0 first, 1 last."""
        x, y = xy[..., 0] / self.camera.width_px, xy[..., 1] / self.camera.height_px
        return np.asarray({0: y, 90: 1 - x, 180: 1 - y, 270: x}[self.rotation_deg], dtype=np.float64)

    def seen_px(self, run: Run, time_s: FloatArray) -> dict[str, FloatArray]:
        """Pixels (n, 2) at which each joint appears in the frames of these real times.

        With a rolling shutter each row shows the joint as it was when the row was read.
        """
        names = list(run.joints_at(time_s[:1]))
        offset = self.person.offset_m(time_s, self.duration_s)
        seen = {name: self.camera.project(place + offset, time_s) for name, place in run.joints_at(time_s).items()}
        if not self.exposure.readout_s:
            return seen
        for name in names:
            for _ in range(2):  # the row depends on when, and when on the row; it hardly moves after the first turn
                late_s = self.exposure.delay_s(self.reading_share(seen[name]))
                place = run.joints_at(time_s + late_s)[name]
                seen[name] = self.camera.project(place + offset, time_s)
        return seen
