"""A camera that films the runner: a pinhole with true perspective, set up as people set up phones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, overload

import numpy as np
from numpy.typing import ArrayLike

from gait.errors import ConfigError, check_ranges
from gait.model import FloatArray

YAW_OF_VIEW_DEG = {"front": 0.0, "right": 90.0, "rear": 180.0, "left": 270.0}
AIM_M = 1.0  # the camera looks at this height over the belt unless a tilt is given
SEEN_HEIGHT_M = 1.75 / 0.8  # a runner of 1.75 m fills 80 % of the picture's height unless a field of view is given
_UP = np.array([0.0, 1.0, 0.0])


@dataclass(frozen=True, slots=True)
class Camera:
    """Where the camera stands, how it is held and what it sees.

    World: metres, x in running direction, y up from the belt, z to the runner's right; the camera stands `distance_m`
    (along the floor) from the place x = z = 0 above which the runner runs. Picture: pixels, x to the right, y down,
    (0, 0) at the upper left corner.

    `yaw_deg` is the direction from the runner to the camera about the vertical: 0 front, 90 the runner's right side
    (view "right"), 180 rear, 270 left. `roll_deg` > 0 turns what is seen clockwise, so that a plumb line's upper end
    leans to the picture's right. `tilt_deg` > 0 looks down; None aims at `AIM_M`, which is level at the height of 1 m.
    `field_of_view_deg` spans the picture's height; None is such that `SEEN_HEIGHT_M` fill it at the runner's distance.
    `zoom_creep_per_min` is the share by which the picture grows each minute, `roll_creep_deg_per_min` what is added to
    the roll, both from time 0 on. `k1` and `k2` are the radial distortion of OpenCV's model (k1 < 0: a barrel).
    """

    yaw_deg: float = 90.0
    roll_deg: float = 0.0
    tilt_deg: float | None = None
    height_m: float = 1.0
    distance_m: float = 4.0
    field_of_view_deg: float | None = None
    width_px: int = 1080
    height_px: int = 1920
    zoom_creep_per_min: float = 0.0
    roll_creep_deg_per_min: float = 0.0
    k1: float = 0.0
    k2: float = 0.0

    def __post_init__(self) -> None:
        check_ranges(
            self,
            yaw_deg=(-360, 360),
            roll_deg=(-180, 180),
            tilt_deg=(-80, 80),
            height_m=(0, 5),
            distance_m=(1, 100),
            field_of_view_deg=(1, 150),
            width_px=(16, 16384),
            height_px=(16, 16384),
            zoom_creep_per_min=(-0.5, 1),
            roll_creep_deg_per_min=(-90, 90),
            k1=(-1, 1),
            k2=(-1, 1),
        )
        radius = np.linspace(0, np.sqrt(self._corner_radius_squared), 200)
        if not (np.diff(radius * self._distortion(radius**2)) > 0).all():
            raise ConfigError(f"A lens with k1 = {self.k1:g} and k2 = {self.k2:g} folds the picture's corners inward.")

    @classmethod
    def from_view(
        cls,
        view: Literal["left", "right", "rear", "front"],
        *,
        height_m: float = 1.0,
        distance_m: float = 4.0,
        width_px: int = 1080,
        height_px: int = 1920,
    ) -> Camera:
        """A camera square to the runner; `dataclasses.replace` changes the rest."""
        return cls(
            yaw_deg=YAW_OF_VIEW_DEG[view],
            height_m=height_m,
            distance_m=distance_m,
            width_px=width_px,
            height_px=height_px,
        )

    @property
    def place_m(self) -> FloatArray:
        """Where the camera is (3,)."""
        yaw = np.radians(self.yaw_deg)
        return np.array([self.distance_m * np.cos(yaw), self.height_m, self.distance_m * np.sin(yaw)])

    @property
    def axes(self) -> FloatArray:
        """Directions in the world (3, 3), before the roll: the picture's right, its down and the line of sight."""
        yaw = np.radians(self.yaw_deg)
        aimed = np.arctan2(self.height_m - AIM_M, self.distance_m)
        tilt = aimed if self.tilt_deg is None else np.radians(self.tilt_deg)
        level = np.array([-np.cos(yaw), 0.0, -np.sin(yaw)])
        sight = np.cos(tilt) * level - np.sin(tilt) * _UP
        right = np.cross(level, _UP)
        return np.stack([right, np.cross(sight, right), sight])

    @property
    def focal_px(self) -> float:
        """Focal length in pixels at time 0."""
        if self.field_of_view_deg is None:
            return self.height_px * self.distance_m / SEEN_HEIGHT_M
        return float(self.height_px / (2 * np.tan(np.radians(self.field_of_view_deg) / 2)))

    def focal_px_at(self, time_s: ArrayLike) -> FloatArray:
        """Focal length in pixels (n,), the zoom's creep included."""
        minutes = np.asarray(time_s, dtype=np.float64) / 60
        return np.asarray(self.focal_px * (1 + self.zoom_creep_per_min) ** minutes, dtype=np.float64)

    def roll_deg_at(self, time_s: ArrayLike) -> FloatArray:
        """Roll (n,), its creep included."""
        return self.roll_deg + self.roll_creep_deg_per_min * np.asarray(time_s, dtype=np.float64) / 60

    def depth_m(self, points: FloatArray) -> FloatArray:
        """How far points (..., 3) lie before the camera along its line of sight; negative behind it."""
        return np.asarray((points - self.place_m) @ self.axes[2], dtype=np.float64)

    @overload
    def project(self, points: FloatArray, time_s: ArrayLike = 0.0) -> FloatArray: ...

    @overload
    def project(self, points: Mapping[str, FloatArray], time_s: ArrayLike = 0.0) -> dict[str, FloatArray]: ...

    def project(
        self, points: FloatArray | Mapping[str, FloatArray], time_s: ArrayLike = 0.0
    ) -> FloatArray | dict[str, FloatArray]:
        """Pixels (n, 2) of points (n, 3) at the times (n,) or at one time; NaN behind the camera.

        A mapping of such points gives a mapping; further axes between the first and the last are kept.
        """
        if isinstance(points, Mapping):
            return {name: self.project(place, time_s) for name, place in points.items()}
        seen = (points - self.place_m) @ self.axes.T
        with np.errstate(divide="ignore", invalid="ignore"):
            flat = np.where(seen[..., 2:] > 0, seen[..., :2] / seen[..., 2:], np.nan)
        flat = flat * self._distortion((flat**2).sum(axis=-1))[..., None]
        times = np.asarray(time_s, dtype=np.float64)
        times = times.reshape(times.shape + (1,) * (flat.ndim - 1 - times.ndim))
        roll, focal_px = np.radians(self.roll_deg_at(times)), self.focal_px_at(times)
        x, y = flat[..., 0], flat[..., 1]
        turned = np.stack([x * np.cos(roll) - y * np.sin(roll), x * np.sin(roll) + y * np.cos(roll)], axis=-1)
        return np.asarray(turned * focal_px[..., None] + [self.width_px / 2, self.height_px / 2], dtype=np.float64)

    @property
    def _corner_radius_squared(self) -> float:
        """Squared distance of the picture's corner from its middle, in focal lengths."""
        return (self.width_px**2 + self.height_px**2) / (2 * self.focal_px) ** 2

    def _distortion(self, radius_squared: FloatArray) -> FloatArray:
        """Factor on the distance from the picture's middle; beyond the corner it stays, lest points come back in."""
        inside = np.minimum(radius_squared, self._corner_radius_squared)
        return np.asarray(1 + self.k1 * inside + self.k2 * inside**2, dtype=np.float64)
