"""Where the runner runs: floor, walls, light, treadmill and what stands around."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np

from gait.errors import check_ranges
from gait.model import FloatArray
from gait.simulate.render.appearance import Colour
from gait.simulate.render.shading import Light

FLOOR_M = -0.16  # of the floor beside the treadmill; the belt is at 0
BELT_HALF_WIDTH_M, BELT_HALF_LENGTH_M = 0.27, 0.85
BELT: Colour = (0.085, 0.085, 0.090)

Point = tuple[float, float, float]
Floor = Literal["mats", "boards", "concrete", "slabs", "grass"]


@dataclass(frozen=True, slots=True)
class Block:
    """A box with edges along the axes, from its lowest to its highest corner in metres."""

    low: Point
    high: Point
    colour: Colour
    is_belt: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """A window, mirror or poster on every wall: along it and in height, in metres; the pattern comes again."""

    from_m: float
    to_m: float
    low_m: float
    high_m: float
    every_m: float
    colour: Colour


@dataclass(frozen=True, slots=True)
class Room:
    """A place with one or more treadmills; colours are linear light.

    Parameters
    ----------
    half_length_m, half_width_m, height_m
        Walls ahead and behind, walls to the sides, ceiling; wider where the camera stands outside of it.
    is_outdoor
        Sky and trees for walls and ceiling.
    furniture
        What stands around; what would be between camera and runner is left out.
    light_yaw_deg, light_height_deg
        Where the light comes from: 0 from behind the camera, 180 into it; 90 from straight above.
    brightness
        Of all light: 1 is well lit, 0.1 dim.
    console
        Uprights and a panel at the treadmill's front; None is there unless the camera looks at the runner's front.
    handrail
        Long rails on both sides, which cross the arms or the legs.
    box
        A crate beside the treadmill on the camera's side, before the legs behind the trunk.
    treadmills_m
        How far to the right each treadmill stands.
    """

    half_length_m: float = 6.0
    half_width_m: float = 4.0
    height_m: float = 2.9
    is_outdoor: bool = False
    floor: Floor = "mats"
    floor_colour: Colour = (0.10, 0.10, 0.10)
    wall_colour: Colour = (0.60, 0.62, 0.60)
    panels: tuple[Panel, ...] = ()
    furniture: tuple[Block, ...] = ()
    light_yaw_deg: float = 25.0
    light_height_deg: float = 58.0
    key: Colour = (0.62, 0.60, 0.57)
    sky: Colour = (0.60, 0.60, 0.61)
    ground: Colour = (0.26, 0.25, 0.24)
    brightness: float = 1.0
    console: bool | None = None
    handrail: bool = False
    box: bool = False
    treadmills_m: tuple[float, ...] = (0.0,)

    def __post_init__(self) -> None:
        check_ranges(
            self,
            half_length_m=(2, 200),
            half_width_m=(1.5, 200),
            height_m=(2, 50),
            light_height_deg=(20, 90),
            brightness=(0.01, 3),
        )

    def light(self, camera_yaw_deg: float) -> Light:
        """The light, seen from a camera in this direction from the runner."""
        yaw, height = np.radians(camera_yaw_deg + self.light_yaw_deg), np.radians(self.light_height_deg)
        towards = np.array([np.cos(height) * np.cos(yaw), np.sin(height), np.cos(height) * np.sin(yaw)])
        return Light(towards, *(_times(colour, self.brightness) for colour in (self.key, self.sky, self.ground)))

    def blocks(self, camera_yaw_deg: float, camera_distance_m: float) -> list[Block]:
        """All that stands in the room, for a camera in this direction and distance from the runner."""
        yaw = np.radians(camera_yaw_deg)
        towards = np.array([np.cos(yaw), 0.0, np.sin(yaw)])
        has_console = np.cos(yaw) < 0.6 if self.console is None else self.console
        blocks = [
            block
            for at_m in self.treadmills_m
            for block in _treadmill(at_m, has_console=bool(has_console), has_rail=self.handrail)
        ]
        blocks += [block for block in self.furniture if _nearest_m(block, towards) < -0.6]
        if self.box:
            blocks.append(_crate(towards))
        return blocks


def _times(colour: Colour, factor: float) -> Colour:
    """A colour brighter or darker."""
    red, green, blue = (channel * factor for channel in colour)
    return red, green, blue


def _nearest_m(block: Block, towards: FloatArray) -> float:
    """How far towards the camera a block reaches from the runner."""
    return float(np.where(towards > 0, block.high, block.low) @ towards)


def _treadmill(at_m: float, *, has_console: bool, has_rail: bool) -> list[Block]:
    """Belt, side rails, motor cover, and the rest where it is wanted; the belt's surface at 0."""
    wide, long = BELT_HALF_WIDTH_M, BELT_HALF_LENGTH_M
    grey, dark = (0.060, 0.060, 0.064), (0.020, 0.020, 0.022)
    parts = [
        Block((-long, -0.05, at_m - wide), (long, 0.0, at_m + wide), BELT, is_belt=True),
        Block((-long - 0.01, -0.12, at_m - wide - 0.01), (long, -0.052, at_m + wide + 0.01), dark),
        Block((long, -0.12, at_m - 0.40), (long + 0.40, 0.06, at_m + 0.40), dark),
        Block((-long - 0.03, -0.11, at_m - 0.40), (-long - 0.008, -0.006, at_m + 0.40), (0.09, 0.09, 0.095)),
    ]
    sides = ((at_m - 0.40, at_m - wide - 0.002), (at_m + wide + 0.002, at_m + 0.40))
    parts += [Block((-long - 0.02, -0.12, left), (long, -0.004, right), grey) for left, right in sides]
    if has_console:
        posts = (at_m - 0.38, at_m + 0.38)
        parts += [Block((1.02, -0.1, z - 0.03), (1.12, 1.10, z + 0.03), (0.035, 0.035, 0.038)) for z in posts]
        parts.append(Block((1.0, 1.02, at_m - 0.41), (1.14, 1.38, at_m + 0.41), dark))
        parts.append(Block((0.99, 1.10, at_m - 0.25), (1.0, 1.34, at_m + 0.25), (0.05, 0.12, 0.18)))
        parts += [Block((0.66, 0.94, z - 0.02), (1.05, 0.975, z + 0.02), dark) for z in posts]
    if has_rail:
        for z in (at_m - 0.40, at_m + 0.40):
            parts.append(Block((-0.50, 0.86, z - 0.018), (1.02, 0.895, z + 0.018), (0.40, 0.40, 0.41)))
            parts += [Block((x, -0.1, z - 0.018), (x + 0.04, 0.88, z + 0.018), (0.40, 0.40, 0.41)) for x in (-0.5, 0.5)]
    return parts


def _crate(towards: FloatArray) -> Block:
    """A crate on the floor before the treadmill, which hides feet and shanks on one side of the trunk."""
    if abs(towards[2]) > abs(towards[0]):
        side = np.sign(towards[2])
        near, far = sorted((side * 0.50, side * 0.80))
        return Block((-0.62, FLOOR_M, near), (-0.26, 0.30, far), (0.30, 0.17, 0.07))
    end = np.sign(towards[0])
    near, far = sorted((end * 1.30, end * 1.65))
    return Block((near, FLOOR_M, -0.36), (far, 0.28, -0.04), (0.30, 0.17, 0.07))


def _all_around(*blocks: Block) -> tuple[Block, ...]:
    """Blocks that stand to the left, also mirrored to the right."""
    mirrored = [
        Block((b.low[0], b.low[1], -b.high[2]), (b.high[0], b.high[1], -b.low[2]), b.colour, b.is_belt) for b in blocks
    ]
    return (*blocks, *mirrored)


_F = FLOOR_M
_GYM = _all_around(
    Block((-2.9, _F, -3.9), (-0.7, 0.15, -3.35), (0.03, 0.03, 0.032)),
    Block((-2.9, 0.35, -3.9), (-0.7, 0.55, -3.5), (0.03, 0.03, 0.032)),
    Block((0.6, _F, -3.6), (1.9, 0.25, -3.2), (0.035, 0.035, 0.04)),
    Block((0.6, 0.25, -3.6), (1.9, 0.33, -3.2), (0.24, 0.03, 0.03)),
    Block((2.9, _F, -3.7), (3.0, 1.9, -3.6), (0.10, 0.10, 0.11)),
    Block((4.2, _F, -3.7), (4.3, 1.9, -3.6), (0.10, 0.10, 0.11)),
    Block((2.9, 1.75, -3.7), (4.3, 1.82, -3.6), (0.10, 0.10, 0.11)),
    Block((-5.8, _F, -2.2), (-5.3, 0.8, -0.9), (0.03, 0.03, 0.032)),
    Block((5.2, _F, -2.4), (5.7, 0.5, -0.9), (0.035, 0.035, 0.04)),
)
_HOME = _all_around(
    Block((-2.6, _F, -2.9), (-0.6, 0.28, -2.1), (0.16, 0.17, 0.20)),
    Block((-2.6, 0.28, -2.9), (-0.6, 0.68, -2.65), (0.16, 0.17, 0.20)),
    Block((0.8, _F, -2.95), (2.1, 1.75, -2.6), (0.22, 0.12, 0.055)),
    Block((0.85, 0.35, -2.61), (2.05, 0.75, -2.58), (0.10, 0.03, 0.03)),
    Block((0.85, 0.95, -2.61), (2.05, 1.30, -2.58), (0.03, 0.06, 0.10)),
    Block((3.6, _F, -2.2), (3.95, 0.55, -0.8), (0.30, 0.28, 0.24)),
    Block((-3.95, _F, -2.2), (-3.5, 0.9, -1.3), (0.20, 0.11, 0.05)),
)
_GARAGE = _all_around(
    Block((-2.4, 0.75, -2.6), (0.9, 0.82, -2.0), (0.24, 0.15, 0.08)),
    Block((-2.3, _F, -2.5), (-2.2, 0.75, -2.1), (0.10, 0.06, 0.03)),
    Block((0.7, _F, -2.5), (0.8, 0.75, -2.1), (0.10, 0.06, 0.03)),
    Block((-1.6, _F, -2.55), (-0.9, 0.42, -2.1), (0.40, 0.27, 0.14)),
    Block((1.6, _F, -2.6), (2.5, 1.95, -2.2), (0.10, 0.12, 0.14)),
    Block((-1.2, 0.82, -2.5), (-0.8, 1.1, -2.2), (0.30, 0.04, 0.03)),
    Block((3.0, _F, -2.0), (3.4, 0.5, -1.2), (0.05, 0.10, 0.05)),
    Block((-3.4, _F, -1.9), (-3.0, 0.9, -1.0), (0.08, 0.08, 0.09)),
)
_TERRACE = (
    *_all_around(Block((-6.0, _F, -7.5), (7.0, 0.75, -7.0), (0.030, 0.075, 0.020))),
    Block((7.0, _F, -7.5), (7.5, 0.75, 7.5), (0.030, 0.075, 0.020)),
    Block((-7.5, _F, -7.5), (-7.0, 0.75, 7.5), (0.030, 0.075, 0.020)),
)

ROOMS: Mapping[str, Room] = MappingProxyType(
    {
        "gym": Room(
            panels=(
                Panel(0.0, 1.3, 0.95, 2.15, 2.8, (0.24, 0.33, 0.38)),
                Panel(1.8, 2.5, 1.2, 1.9, 5.6, (0.50, 0.16, 0.05)),
            ),
            furniture=_GYM,
        ),
        "home": Room(
            half_length_m=4.0,
            half_width_m=3.0,
            height_m=2.55,
            floor="boards",
            floor_colour=(0.30, 0.175, 0.085),
            wall_colour=(0.70, 0.64, 0.54),
            panels=(Panel(0.2, 1.4, 0.7, 1.9, 4.2, (0.80, 0.86, 0.92)),),
            furniture=_HOME,
            light_yaw_deg=-50.0,
            light_height_deg=45.0,
            key=(0.66, 0.60, 0.50),
            sky=(0.50, 0.48, 0.45),
            ground=(0.28, 0.24, 0.20),
        ),
        "garage": Room(
            half_length_m=3.6,
            half_width_m=2.7,
            height_m=2.4,
            floor="concrete",
            floor_colour=(0.22, 0.22, 0.215),
            wall_colour=(0.36, 0.35, 0.33),
            panels=(Panel(0.5, 1.2, 1.2, 1.8, 3.1, (0.14, 0.15, 0.17)),),
            furniture=_GARAGE,
            light_yaw_deg=70.0,
            light_height_deg=70.0,
            key=(0.50, 0.52, 0.50),
            sky=(0.34, 0.35, 0.35),
            ground=(0.17, 0.17, 0.165),
        ),
        "studio": Room(
            floor="concrete",
            floor_colour=(0.46, 0.46, 0.47),
            wall_colour=(0.74, 0.75, 0.77),
            key=(0.50, 0.50, 0.50),
            sky=(0.66, 0.66, 0.66),
            ground=(0.38, 0.38, 0.38),
        ),
        "outdoor": Room(
            is_outdoor=True,
            floor="slabs",
            floor_colour=(0.34, 0.31, 0.27),
            furniture=_TERRACE,
            light_yaw_deg=40.0,
            light_height_deg=42.0,
            key=(0.95, 0.88, 0.76),
            sky=(0.36, 0.42, 0.52),
            ground=(0.20, 0.185, 0.16),
        ),
    }
)
