"""The camera as the painter uses it: to the pixels of a finer picture, and from pixels back to rays."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from gait.model import FloatArray
from gait.simulate.camera import Camera

_MARGIN_SHARE = 0.08  # of the picture's longer side, painted beyond its edges where zoom or roll creep
Real = TypeVar("Real", np.float32, np.float64)
_WIDEST = 4.0  # tangent of the widest ray for which the lens's distortion is inverted


@dataclass(frozen=True)
class Lens:
    """A camera at time 0, `fineness` pixels for one; zoom and roll that creep are put on the finished picture.

    That is exact: they come after the perspective and the distortion.
    """

    camera: Camera
    fineness: int = 2

    @cached_property
    def margin_px(self) -> int:
        """What is painted beyond the picture's edges."""
        if self.camera.zoom_creep_per_min == 0 and self.camera.roll_creep_deg_per_min == 0:
            return 0
        return int(np.ceil(_MARGIN_SHARE * max(self.camera.width_px, self.camera.height_px)))

    @property
    def size_px(self) -> tuple[int, int]:
        """Height and width of what is painted."""
        return self.camera.height_px + 2 * self.margin_px, self.camera.width_px + 2 * self.margin_px

    def pixels(self, places: FloatArray) -> FloatArray:
        """Places (n, 3) to the fine picture's pixels (n, 2), counted from the middle of the first."""
        return np.asarray((self.camera.project(places) + self.margin_px) * self.fineness - 0.5, dtype=np.float64)

    def rays(self, x: NDArray[Real], y: NDArray[Real]) -> NDArray[Real]:
        """Directions (..., 3) in the world of fine pixels, one metre long along the line of sight."""
        camera = self.camera
        roll, spread = np.radians(camera.roll_deg), self.fineness * camera.focal_px
        off_x = x + (0.5 - (camera.width_px / 2 + self.margin_px) * self.fineness)
        off_y = y + (0.5 - (camera.height_px / 2 + self.margin_px) * self.fineness)
        across = off_x * float(np.cos(roll) / spread) + off_y * float(np.sin(roll) / spread)
        down = off_y * float(np.cos(roll) / spread) - off_x * float(np.sin(roll) / spread)
        if camera.k1 or camera.k2:
            straight = self._straightened(np.hypot(across, down)).astype(x.dtype)
            across, down = across * straight, down * straight
        right, lower, sight = camera.axes.astype(x.dtype)
        return np.asarray(across[..., None] * right + down[..., None] * lower + sight, dtype=x.dtype)

    def _straightened(self, radius: NDArray[Real]) -> FloatArray:
        """The factor that undoes the lens's distortion at distances from the middle, in focal lengths."""
        true, seen = self._distortion
        return np.asarray(np.interp(radius, seen, true) / np.maximum(radius, 1e-9), dtype=np.float64)

    @cached_property
    def _distortion(self) -> tuple[FloatArray, FloatArray]:
        """Distances from the picture's middle in focal lengths, as they are and as the camera shows them."""
        camera = self.camera
        true = np.linspace(0, _WIDEST, 4000)
        places = camera.place_m + camera.axes[2] + true[:, None] * camera.axes[0]
        off = camera.project(places) - [camera.width_px / 2, camera.height_px / 2]
        return true, np.linalg.norm(off, axis=1) / camera.focal_px

    def crept(self, picture: NDArray[np.float32], time_s: float) -> NDArray[np.float32]:
        """The picture of time 0 (h, w, c) as the camera shows it at a time, without the margin."""
        if not self.margin_px:
            return picture
        import cv2

        camera = self.camera
        zoom = float(camera.focal_px_at(time_s)) / camera.focal_px
        turn = np.radians(float(camera.roll_deg_at(time_s)) - camera.roll_deg)
        cosine, sine = zoom * np.cos(turn), zoom * np.sin(turn)
        linear = np.array([[cosine, -sine], [sine, cosine]])
        middle = np.array([camera.width_px, camera.height_px]) / 2 - 0.5
        shift = middle - linear @ (middle + self.margin_px)
        size = (camera.width_px, camera.height_px)
        moved = cv2.warpAffine(
            picture, np.column_stack([linear, shift]), size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
        return np.asarray(moved, dtype=np.float32)
