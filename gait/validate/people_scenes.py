"""Rendered scenes with somebody else in the picture."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np

from gait.errors import ConfigError
from gait.model import FloatArray
from gait.simulate.figure import Figure
from gait.simulate.people import drawn_person
from gait.simulate.render.appearance import Appearance
from gait.simulate.render.exposure import EXPOSURES
from gait.simulate.render.plan import ClipPlan, Person
from gait.simulate.render.presets import plan_of
from gait.simulate.render.rooms import FLOOR_M
from gait.simulate.run import Run
from gait.simulate.runner import Runner

Random = np.random.Generator
_STILL_AT_S = 0.7
_REDRAWS = 50
CLIP_S, SIZE_PX = 7.0, (640, 360)


class _Still:
    """A run that was stopped at one time."""

    def __init__(self, run: Run) -> None:
        self._run = run

    @property
    def runner(self) -> Runner:
        return self._run.runner

    def figure_at(self, time_s: FloatArray) -> Figure:
        """The same figure at all times."""
        return self._run.figure_at(np.full(len(time_s), _STILL_AT_S))


@dataclass(frozen=True, slots=True)
class Bystander(Person):
    """Somebody who stands."""

    def run(self, duration_s: float) -> Run:
        """What is painted needs only the body and the figure at a time."""
        return cast(Run, _Still(super(Bystander, self).run(duration_s)))


def _somebody(rng: Random, plan: ClipPlan, kind: type[Person] = Person, **where: Any) -> Person:
    """A made-up person at a place; who can't run like that is drawn again."""
    for attempt in range(_REDRAWS):
        speed_mps = 2.0 if where.get("ground_speed_mps") else float(rng.uniform(2.5, 3.8))
        try:
            runner = drawn_person(rng, chosen={"speed_mps": speed_mps})
            person = kind(runner, Appearance.random(rng), seed=int(rng.integers(2**31)), **where)
            list(replace(plan, others=(person,)).runs())
        except ConfigError:
            if attempt == _REDRAWS - 1:
                raise
        else:
            return person
    raise AssertionError("unreachable")


def _nearer(plan: ClipPlan, metres: float) -> float:
    """A place (right) so much nearer to the camera than the runner."""
    return metres if plan.camera.yaw_deg < 180 else -metres


def _crossing_in_front(rng: Random, plan: ClipPlan) -> ClipPlan:
    """Somebody jogs by between the runner and the camera."""
    place = (0.0, FLOOR_M, _nearer(plan, float(rng.uniform(0.9, 1.3))))
    heading = float(rng.choice([0.0, 180.0]))
    return replace(plan, others=(_somebody(rng, plan, place_m=place, heading_deg=heading, ground_speed_mps=2.0),))


def _crossing_behind(rng: Random, plan: ClipPlan) -> ClipPlan:
    """Somebody jogs by behind the runner."""
    place = (0.0, FLOOR_M, -_nearer(plan, float(rng.uniform(1.2, 2.0))))
    heading = float(rng.choice([0.0, 180.0]))
    return replace(plan, others=(_somebody(rng, plan, place_m=place, heading_deg=heading, ground_speed_mps=2.0),))


def _beside(rng: Random, plan: ClipPlan) -> ClipPlan:
    """Somebody runs beside in the picture, as large as the runner."""
    way = float(rng.choice([-1.0, 1.0])) * float(rng.uniform(1.0, 1.3))
    return replace(plan, others=(_somebody(rng, plan, place_m=(way, 0.0, -_nearer(plan, 0.1))),))


def _overlapping(rng: Random, plan: ClipPlan) -> ClipPlan:
    """Somebody runs on the treadmill behind, half hidden."""
    way = float(rng.choice([-1.0, 1.0])) * float(rng.uniform(0.3, 0.6))
    place = (way, 0.0, -_nearer(plan, float(rng.uniform(1.1, 1.6))))
    return replace(
        plan,
        others=(_somebody(rng, plan, place_m=place),),
        room=replace(plan.room, treadmills_m=(0.0, place[2])),
    )


def _nearer_bystander(rng: Random, plan: ClipPlan) -> ClipPlan:
    """Somebody stands nearer to the camera, larger than the runner."""
    way = float(rng.choice([-1.0, 1.0])) * float(rng.uniform(0.75, 0.95))
    place = (way, FLOOR_M, _nearer(plan, float(rng.uniform(0.8, 1.2))))
    return replace(
        plan, others=(_somebody(rng, plan, Bystander, place_m=place, heading_deg=float(rng.uniform(0, 360))),)
    )


def _late_runner(rng: Random, plan: ClipPlan) -> ClipPlan:
    """Somebody stands there before the runner comes into the picture, drifting forward at 0.5 m/s."""
    place = (float(rng.uniform(0.8, 1.1)), FLOOR_M, _nearer(plan, float(rng.uniform(0.5, 0.9))))
    bystander = _somebody(rng, plan, Bystander, place_m=place, heading_deg=float(rng.uniform(0, 360)))
    outside_m = -2.6 + 0.5 * plan.duration_s / 2
    coming = replace(plan.person, place_m=(outside_m, 0.0, 0.0), ground_speed_mps=0.5)
    return replace(plan, person=coming, others=(bystander,))


SCENES: Mapping[str, Callable[[Random, ClipPlan], ClipPlan]] = {
    "somebody crosses in front": _crossing_in_front,
    "somebody crosses behind": _crossing_behind,
    "another runner beside": _beside,
    "another runner half hidden behind": _overlapping,
    "a larger bystander": _nearer_bystander,
    "the runner comes later": _late_runner,
}


def scene_plan(name: str, seed: int) -> ClipPlan:
    """A clip from the side with the named scene; the runner is the same in all scenes of a seed."""
    rng = np.random.default_rng([seed, zlib.crc32(name.encode())])
    # Without blur, which takes most of the time that painting takes.
    plan = replace(plan_of("side-moderate", seed), exposure=EXPOSURES["bright"], name="people")
    return SCENES[name](rng, plan.changed(duration_s=CLIP_S, size_px=SIZE_PX))
