"""Named kinds of clips: each draws, by seed, a runner, an appearance, a room and a camera of its kind."""

from __future__ import annotations

import difflib
import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from gait.errors import ConfigError
from gait.simulate.camera import YAW_OF_VIEW_DEG, Camera
from gait.simulate.people import drawn_person
from gait.simulate.render.appearance import Appearance
from gait.simulate.render.exposure import EXPOSURES, Exposure
from gait.simulate.render.plan import ClipPlan, Person
from gait.simulate.render.rooms import FLOOR_M, ROOMS, Room
from gait.simulate.sampling import Sampling
from gait.simulate.variation import Change

Random = np.random.Generator
Preset = Callable[[int], ClipPlan]
_REDRAWS = 50
_INDOORS = ("gym", "home", "garage", "studio")
_LANDSCAPE, _PORTRAIT = (1280, 720), (720, 1280)

_made: dict[str, Preset] = {}
PRESETS: Mapping[str, Preset] = MappingProxyType(_made)


def plan_of(name: str, seed: int = 0) -> ClipPlan:
    """The clip of a preset and a seed.

    Raises
    ------
    ConfigError
        There is no preset of this name.
    """
    if name not in PRESETS:
        near = difflib.get_close_matches(name, PRESETS, n=1, cutoff=0.4)
        meant = f'did you mean "{near[0]}"?' if near else f"there are {', '.join(PRESETS)}."
        raise ConfigError(f'There is no preset "{name}"; {meant}')
    return PRESETS[name](seed)


def _preset(name: str) -> Callable[[Callable[[Random], ClipPlan]], Callable[[Random], ClipPlan]]:
    """Make what draws a clip a preset; runners who can't be (a leg too short for its step) are drawn again."""

    def register(draw: Callable[[Random], ClipPlan]) -> Callable[[Random], ClipPlan]:
        def plan(seed: int) -> ClipPlan:
            rng = np.random.default_rng([seed, zlib.crc32(name.encode())])
            for attempt in range(_REDRAWS):
                try:
                    drawn = replace(draw(rng), name=name, seed=seed)
                    list(drawn.runs())
                except ConfigError:
                    if attempt == _REDRAWS - 1:
                        raise
                else:
                    return drawn
            raise AssertionError("unreachable")

        plan.__doc__ = draw.__doc__
        _made[name] = plan
        return draw

    return register


def _person(rng: Random, changes: tuple[Change, ...] = (), **chosen: float) -> Person:
    """Anybody, some of whose parameters are chosen."""
    speed_mps = chosen.pop("speed_mps", float(rng.uniform(2.5, 3.8)))
    runner = drawn_person(rng, chosen={"speed_mps": speed_mps, **chosen})
    return Person(runner, Appearance.random(rng), changes, seed=int(rng.integers(2**31)))


def _camera(
    rng: Random,
    yaw_deg: float,
    *,
    size_px: tuple[int, int] = _LANDSCAPE,
    yaw_sd_deg: float = 3.0,
    roll_sd_deg: float = 0.7,
    seen_m: tuple[float, float] = (2.35, 2.65),
    k1: float = 0.0,
) -> Camera:
    """A camera 3 to 5 m away that sees so many metres of the runner's plane from top to foot."""
    distance_m, height_m = float(rng.uniform(3.0, 5.0)), float(rng.uniform(0.8, 1.2))
    aim_m = float(rng.uniform(0.88, 0.96))
    seen = float(rng.uniform(*seen_m)) * max(1.0, size_px[1] / size_px[0] / 1.25)  # upright, the arms need the width
    return Camera(
        yaw_deg=float((yaw_deg + rng.normal(0, yaw_sd_deg)) % 360),
        roll_deg=float(rng.normal(0, roll_sd_deg)),
        tilt_deg=float(np.degrees(np.arctan2(height_m - aim_m, distance_m))),
        height_m=height_m,
        distance_m=distance_m,
        field_of_view_deg=float(2 * np.degrees(np.arctan(seen / 2 / distance_m))),
        width_px=size_px[0],
        height_px=size_px[1],
        k1=k1,
    )


def _side(rng: Random) -> float:
    """The direction of a camera at the runner's left or right."""
    return YAW_OF_VIEW_DEG[str(rng.choice(["left", "right"]))]


def _room(rng: Random, *names: str) -> Room:
    """One of these rooms; any indoors if none is named."""
    return ROOMS[str(rng.choice(names or _INDOORS))]


def _dark(rng: Random) -> Exposure:
    """A phone that can't see well, to a degree."""
    dark = EXPOSURES["phone-dark"]
    return replace(dark, brightness=float(dark.brightness * rng.uniform(0.8, 1.2)))


@_preset("side-clean")
def _side_clean(rng: Random) -> ClipPlan:
    """From the side, bright and sharp, 60 fps."""
    return ClipPlan(
        person=_person(rng), camera=_camera(rng, _side(rng)), room=_room(rng), sampling=Sampling(fps=60.0), crf=22
    )


@_preset("side-moderate")
def _side_moderate(rng: Random) -> ClipPlan:
    """From the side, as most people film: indoor light, a little askew, 30 fps."""
    camera = _camera(rng, _side(rng), yaw_sd_deg=6, roll_sd_deg=1.5, seen_m=(2.4, 3.0), k1=-0.05)
    return ClipPlan(person=_person(rng), camera=camera, room=_room(rng), exposure=EXPOSURES["indoor"], crf=26)


@_preset("side-phone-dark")
def _side_phone_dark(rng: Random) -> ClipPlan:
    """From the side with a phone in poor light: dark, blurred, noisy, strongly compressed."""
    camera = _camera(rng, _side(rng), yaw_sd_deg=5, roll_sd_deg=1.5, seen_m=(2.6, 3.2))
    return ClipPlan(person=_person(rng), camera=camera, room=_room(rng), exposure=_dark(rng), crf=32)


@_preset("side-handrail")
def _side_handrail(rng: Random) -> ClipPlan:
    """From the side; rails and a console hide parts of arms and legs, a crate in some clips the feet behind."""
    room = replace(_room(rng), handrail=True, console=True, box=bool(rng.uniform() < 0.4))
    return ClipPlan(
        person=_person(rng), camera=_camera(rng, _side(rng)), room=room, exposure=EXPOSURES["indoor"], crf=26
    )


@_preset("side-slowmo")
def _side_slowmo(rng: Random) -> ClipPlan:
    """From the side in slow motion: filmed at 240 fps, played at 30."""
    sampling, exposure = Sampling(fps=240.0, capture_speed=0.125), replace(EXPOSURES["indoor"], shutter_s=1 / 480)
    return ClipPlan(
        person=_person(rng),
        camera=_camera(rng, _side(rng)),
        room=_room(rng),
        sampling=sampling,
        exposure=replace(exposure, readout_s=0.004),
        duration_s=6.0,
        crf=24,
    )


@_preset("side-vfr")
def _side_vfr(rng: Random) -> ClipPlan:
    """From the side with a variable frame rate: uneven times between frames, some frames missing."""
    sampling = Sampling(fps=30.0, vfr_jitter=0.12, dropped_share=0.06)
    return ClipPlan(
        person=_person(rng),
        camera=_camera(rng, _side(rng)),
        room=_room(rng),
        sampling=sampling,
        exposure=EXPOSURES["indoor"],
        crf=26,
    )


@_preset("side-rotated")
def _side_rotated(rng: Random) -> ClipPlan:
    """From the side with a phone held upright, whose pictures are stored lying down."""
    return ClipPlan(
        person=_person(rng),
        camera=_camera(rng, _side(rng), size_px=_PORTRAIT),
        room=_room(rng),
        exposure=EXPOSURES["indoor"],
        crf=24,
        rotation_deg=90 if rng.uniform() < 0.5 else 270,
    )


@_preset("rear-clean")
def _rear_clean(rng: Random) -> ClipPlan:
    """From the rear, bright and sharp, 60 fps."""
    return ClipPlan(
        person=_person(rng), camera=_camera(rng, 180.0), room=_room(rng), sampling=Sampling(fps=60.0), crf=22
    )


@_preset("rear-valgus")
def _rear_valgus(rng: Random) -> ClipPlan:
    """From the rear; a knee goes inward and the pelvis drops."""
    worse, better = float(rng.uniform(9, 16)), float(rng.uniform(2, 9))
    left, right = (worse, better) if rng.uniform() < 0.5 else (better, worse)
    person = _person(
        rng,
        valgus_left_deg=left,
        valgus_right_deg=right,
        pelvic_drop_left_deg=4 + left / 3,
        pelvic_drop_right_deg=4 + right / 3,
        step_width_m=float(rng.uniform(0.05, 0.09)),
    )
    return ClipPlan(person=person, camera=_camera(rng, 180.0), room=_room(rng), exposure=EXPOSURES["indoor"], crf=24)


@_preset("rear-phone-dark")
def _rear_phone_dark(rng: Random) -> ClipPlan:
    """From the rear with a phone in poor light."""
    camera = _camera(rng, 180.0, yaw_sd_deg=5, roll_sd_deg=1.5, seen_m=(2.6, 3.2))
    return ClipPlan(person=_person(rng), camera=camera, room=_room(rng), exposure=_dark(rng), crf=32)


@_preset("front")
def _front(rng: Random) -> ClipPlan:
    """From the front, indoor light; no console is in the way."""
    room = replace(_room(rng), console=False)
    return ClipPlan(person=_person(rng), camera=_camera(rng, 0.0), room=room, exposure=EXPOSURES["indoor"], crf=24)


def _tiring(rng: Random) -> tuple[Change, ...]:
    """What changes in a run that gets harder."""
    worse, better = float(rng.uniform(4, 9)), float(rng.uniform(1, 4))
    left, right = (worse, better) if rng.uniform() < 0.5 else (better, worse)
    by = {
        "cadence_spm": -float(rng.uniform(5, 10)),
        "overstride_leg_lengths": float(rng.uniform(0.03, 0.06)),
        "duty_factor": float(rng.uniform(0.01, 0.02)),
        "trunk_lean_deg": float(rng.uniform(3, 6)),
        "valgus_left_deg": left,
        "valgus_right_deg": right,
        "pelvic_drop_left_deg": left / 3,
        "pelvic_drop_right_deg": right / 3,
    }
    return tuple(Change(name, amount) for name, amount in by.items())


@_preset("fatigue")
def _fatigue(rng: Random) -> ClipPlan:
    """A minute from the side: cadence falls, overstride and forward lean grow."""
    person = _person(rng, _tiring(rng), cadence_spm=float(rng.normal(172, 5)))
    return ClipPlan(person=person, camera=_camera(rng, _side(rng)), room=_room(rng), duration_s=60.0, crf=26)


@_preset("fatigue-rear")
def _fatigue_rear(rng: Random) -> ClipPlan:
    """A minute from the rear: the knees go further inward and the pelvis drops further."""
    person = _person(rng, _tiring(rng), cadence_spm=float(rng.normal(172, 5)))
    return ClipPlan(person=person, camera=_camera(rng, 180.0), room=_room(rng), duration_s=60.0, crf=26)


@_preset("oblique")
def _oblique(rng: Random) -> ClipPlan:
    """From between the side and the rear or the front: no view that can be measured."""
    away = float(rng.uniform(30, 60)) * (1 if rng.uniform() < 0.5 else -1)
    return ClipPlan(
        person=_person(rng),
        camera=_camera(rng, _side(rng) + away),
        room=_room(rng),
        exposure=EXPOSURES["indoor"],
        crf=26,
    )


@_preset("two-runners")
def _two_runners(rng: Random) -> ClipPlan:
    """From the side; somebody else runs on the treadmill behind."""
    yaw_deg = _side(rng)
    behind = -1.0 if yaw_deg == YAW_OF_VIEW_DEG["right"] else 1.0
    place = (float(rng.uniform(-0.3, 0.3)), 0.0, behind * float(rng.uniform(1.1, 1.6)))
    other = replace(_person(rng), place_m=place)
    return ClipPlan(
        person=_person(rng),
        others=(other,),
        camera=_camera(rng, yaw_deg),
        room=replace(_room(rng, "gym", "studio"), treadmills_m=(0.0, place[2])),
        exposure=EXPOSURES["indoor"],
        crf=26,
    )


@_preset("passer-by")
def _passer_by(rng: Random) -> ClipPlan:
    """From the side; somebody jogs by behind the treadmill."""
    yaw_deg = _side(rng)
    behind = -1.0 if yaw_deg == YAW_OF_VIEW_DEG["right"] else 1.0
    jogger = _person(rng, speed_mps=2.0)
    passing = replace(
        jogger,
        place_m=(0.0, FLOOR_M, behind * float(rng.uniform(1.2, 2.0))),
        heading_deg=float(rng.choice([0.0, 180.0])),
        ground_speed_mps=2.0,
    )
    return ClipPlan(
        person=_person(rng),
        others=(passing,),
        camera=_camera(rng, yaw_deg),
        room=_room(rng, "gym", "outdoor"),
        exposure=EXPOSURES["indoor"],
        crf=26,
    )


@_preset("outdoor")
def _outdoor(rng: Random) -> ClipPlan:
    """From the side in daylight, on a treadmill out of doors."""
    camera = _camera(rng, _side(rng), yaw_sd_deg=5)
    return ClipPlan(person=_person(rng), camera=camera, room=ROOMS["outdoor"], sampling=Sampling(fps=60.0), crf=24)
