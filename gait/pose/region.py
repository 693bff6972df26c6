"""The part of a picture in which one person is looked for."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

from gait.pose.base import Image, Keypoints


@dataclass(frozen=True, slots=True)
class Region:
    """A square about one person's mid-hip, turned with the trunk, half as large again as the body.

    Centre, width and height are shares of the picture's width and height.
    """

    x: float
    y: float
    width: float
    height: float
    rotation_rad: float

    def place(self, picture: Image) -> Place:
        """Where it lies in the picture, in pixels."""
        height_px, width_px = picture.shape[:2]
        return Place(self.x * width_px, self.y * height_px, self.height * height_px)

    @classmethod
    def at(cls, place: Place, picture: Image) -> Region:
        """An upright one at a place."""
        height_px, width_px = picture.shape[:2]
        x, y = place.x_px / width_px, place.y_px / height_px
        return cls(x, y, place.size_px / width_px, place.size_px / height_px, 0.0)


@dataclass(frozen=True, slots=True)
class Place:
    """Middle and size of a person's region, in pixels."""

    x_px: float
    y_px: float
    size_px: float

    def off(self, other: Place) -> float:
        """How far and how differently large another one is: distance over size, half the log of the sizes' ratio."""
        distance = math.hypot(self.x_px - other.x_px, self.y_px - other.y_px)
        return math.hypot(distance / other.size_px, math.log(self.size_px / other.size_px) / 2)


class Follower(Protocol):
    """Follows one person: what it finds may lean on the pictures before."""

    def find(self, picture: Image, region: Region) -> tuple[Keypoints, Region] | None:
        """The person in a region, and where to look in the next picture; None where nobody is."""
        ...

    def close(self) -> None:
        """Let go of the model."""
        ...


class PersonFinder(Protocol):
    """What following people needs of a pose model."""

    def look(self, picture: Image) -> list[Region]:
        """The people that are seen at a glance, the surest first; it may well miss some."""
        ...

    def follower(self) -> Follower:
        """A model that follows one person."""
        ...
