"""The simulated runner as a video: body, clothes, room, light, camera faults, presets, and the truth beside it."""

from gait.simulate.render.appearance import APPEARANCES, Appearance
from gait.simulate.render.clip import cached_clip, write_clip
from gait.simulate.render.exposure import EXPOSURES, Exposure
from gait.simulate.render.marching import RayPainter
from gait.simulate.render.painter import Painter
from gait.simulate.render.plan import ClipPlan, Person
from gait.simulate.render.presets import PRESETS, plan_of
from gait.simulate.render.rooms import ROOMS, Room

__all__ = [
    "APPEARANCES",
    "EXPOSURES",
    "PRESETS",
    "ROOMS",
    "Appearance",
    "ClipPlan",
    "Exposure",
    "Painter",
    "Person",
    "RayPainter",
    "Room",
    "cached_clip",
    "plan_of",
    "write_clip",
]
