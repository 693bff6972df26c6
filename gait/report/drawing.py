"""Lines, arcs and text on a picture, sized to it.

Lines have a dark outline and text a dark plate, so that they show on any ground.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians, sin
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from gait.model import FloatArray
from gait.report.palette import OUTLINE, TEXT_ON_VIDEO, Rgb

Picture = NDArray[np.uint8]
Point = tuple[float, float]

_FONT = cv2.FONT_HERSHEY_DUPLEX  # drawn by strokes: sharp at any size; it has ASCII only
_CAP_HEIGHT_PX = 22.0  # of that font at scale 1
_SHIFT = 4  # sub-pixel bits, so that marks don't jitter from frame to frame
_SMALLEST_TEXT_PX = 8.0


@dataclass(frozen=True, slots=True)
class Pen:
    """Draws onto one picture in place; `unit_px` is 1 / 720 of its shorter side."""

    picture: Picture
    unit_px: float

    @classmethod
    def of(cls, picture: Picture) -> Pen:
        """A pen whose sizes suit the picture: one unit is one pixel at 720p."""
        return cls(picture, min(picture.shape[:2]) / 720)

    def line(self, start: FloatArray, end: FloatArray, colour: Rgb, width: float = 3.0) -> None:
        """A line with a dark outline; not drawn where an end is NaN."""
        ends = np.array([start, end])
        if not np.isfinite(ends).all():
            return
        (a, b), thick = _fixed(ends), self._pixels(width)
        cv2.line(self.picture, a, b, OUTLINE, thick + self._pixels(2.4), cv2.LINE_AA, _SHIFT)
        cv2.line(self.picture, a, b, colour, thick, cv2.LINE_AA, _SHIFT)

    def dashed(self, start: FloatArray, end: FloatArray, colour: Rgb, width: float = 2.0) -> None:
        """A dashed line for what isn't a bone: verticals, extensions."""
        ends = np.array([start, end])
        if not np.isfinite(ends).all():
            return
        n_dashes = max(1, round(float(np.linalg.norm(ends[1] - ends[0])) / (16 * self.unit_px)))
        steps = np.linspace(0, 1, 2 * n_dashes)
        for head, tail in zip(steps[::2], steps[1::2], strict=True):
            self.line(start + head * (end - start), start + tail * (end - start), colour, width)

    def dot(self, centre: FloatArray, colour: Rgb, radius: float = 4.0) -> None:
        """A filled point with a dark rim."""
        if not np.isfinite(centre).all():
            return
        (at,) = _fixed(centre[None])
        for size, shade in ((radius + 1.4, OUTLINE), (radius, colour)):
            cv2.circle(self.picture, at, round(size * self.unit_px * 2**_SHIFT), shade, -1, cv2.LINE_AA, _SHIFT)

    def ring(self, centre: FloatArray, colour: Rgb, radius: float, width: float = 3.0) -> None:
        """An open circle with a dark rim."""
        if not np.isfinite(centre).all():
            return
        (at,) = _fixed(centre[None])
        for extra, shade in ((2.4, OUTLINE), (0.0, colour)):
            thick = self._pixels(width + extra)
            cv2.circle(self.picture, at, round(radius * self.unit_px * 2**_SHIFT), shade, thick, cv2.LINE_AA, _SHIFT)

    def arc(self, centre: FloatArray, first: FloatArray, second: FloatArray, colour: Rgb, radius: float) -> None:
        """The smaller arc between the directions from the centre to two points."""
        towards = np.array([first, second]) - centre
        if not np.isfinite(towards).all():
            return
        start, end = np.degrees(np.arctan2(towards[:, 1], towards[:, 0]))
        span = (end - start + 180) % 360 - 180
        angles = np.radians(start + np.linspace(0, span, 25))
        points = centre + radius * self.unit_px * np.stack([np.cos(angles), np.sin(angles)], axis=-1)
        curve = np.round(points * 2**_SHIFT).astype(np.int32)[:, None]
        for width, shade in ((5.0, OUTLINE), (2.6, colour)):
            cv2.polylines(self.picture, [curve], False, shade, self._pixels(width), cv2.LINE_AA, _SHIFT)

    def text_size(self, text: str, height: float) -> tuple[float, float]:
        """Width and height of a text of that capital height, pixels."""
        (width, _), _ = cv2.getTextSize(_ascii(text), _FONT, self._font_scale(height), self._pixels(1.2))
        return float(width) + 0.45 * self._cap_px(height) * text.count("°"), self._cap_px(height)

    def text(self, text: str, at: Point, height: float = 15.0, colour: Rgb = TEXT_ON_VIDEO) -> None:
        """Text with its lower left corner at a point; it needs a plate. The degree sign is drawn, the font lacks it."""
        (x, y), cap, thick = at, self._cap_px(height), self._pixels(1.2)
        scale = self._font_scale(height)
        cv2.putText(self.picture, _ascii(text), (round(x), round(y)), _FONT, scale, colour, thick, cv2.LINE_AA)
        if text.endswith("°"):
            width, _ = self.text_size(text, height)
            (sign,) = _fixed(np.array([[x + width - 0.22 * cap, y - 0.84 * cap]]))
            cv2.circle(self.picture, sign, round(0.15 * cap * 2**_SHIFT), colour, thick, cv2.LINE_AA, _SHIFT)

    def plate(self, left: float, top: float, right: float, bottom: float, *, opacity: float = 0.62) -> None:
        """A dark see-through ground for text."""
        height, width = self.picture.shape[:2]
        rows = slice(max(0, round(top)), min(height, round(bottom)))
        cols = slice(max(0, round(left)), min(width, round(right)))
        part = self.picture[rows, cols]
        if part.size:
            part[:] = cv2.addWeighted(part, 1 - opacity, np.full_like(part, OUTLINE), opacity, 0)

    def label(
        self,
        text: str,
        at: Point,
        *,
        colour: Rgb = TEXT_ON_VIDEO,
        height: float = 15.0,
        anchor: Literal["left", "middle", "right"] = "left",
    ) -> None:
        """Text on a plate, its middle left (or middle, or right) at a point, pushed inside the picture."""
        width, cap = self.text_size(text, height)
        pad = 0.55 * cap
        left = at[0] - {"left": 0.0, "middle": 0.5, "right": 1.0}[anchor] * (width + 2 * pad)
        left = min(max(left, 0.0), self.picture.shape[1] - width - 2 * pad)
        middle = min(max(at[1], cap / 2 + pad), self.picture.shape[0] - cap / 2 - pad)
        self.plate(left, middle - cap / 2 - pad, left + width + 2 * pad, middle + cap / 2 + pad, opacity=0.72)
        self.text(text, (left + pad, middle + cap / 2), height, colour)

    def _pixels(self, width: float) -> int:
        return max(1, round(width * self.unit_px))

    def _cap_px(self, height: float) -> float:
        return max(height * self.unit_px, _SMALLEST_TEXT_PX)

    def _font_scale(self, height: float) -> float:
        return self._cap_px(height) / _CAP_HEIGHT_PX


def towards(origin: FloatArray, *, angle_deg: float, length: float) -> FloatArray:
    """The point at a distance in a direction; 0 degrees is down, positive to the right of the picture."""
    return origin + length * np.array([sin(radians(angle_deg)), cos(radians(angle_deg))])


def _ascii(text: str) -> str:
    return text.replace("−", "-").replace("°", "")


def _fixed(points: FloatArray) -> list[tuple[int, int]]:
    """Points in OpenCV's sub-pixel integers."""
    return [(round(float(x) * 2**_SHIFT), round(float(y) * 2**_SHIFT)) for x, y in points]
