"""From a decoded picture as it is stored to an upright RGB picture: rotation, mirroring, pixel shape and HDR."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from av.video.frame import VideoFrame
    from av.video.reformatter import VideoReformatter

Image = NDArray[np.uint8]

_PQ, _HLG = 16, 18  # transfer characteristics of ITU-T H.273
_SDR_WHITE_NITS = 203.0  # white of an ordinary picture within an HDR one, ITU-R BT.2408
_PEAK_NITS = 1000.0  # nominal peak of HLG, and what most PQ material is graded for


@dataclass(frozen=True, slots=True)
class Upright:
    """What has to be done to the stored pictures of a stream: first transposed, then flipped, then shown brighter."""

    transposed: bool = False
    flipped_x: bool = False
    flipped_y: bool = False
    tone_curve: Image | None = None  # (256,): from stored to shown brightness

    @property
    def rotation_deg(self) -> int:
        """Clockwise turn from the stored to the upright picture; 0 for a mirrored one."""
        turns = {(False, True, True): 180, (True, True, False): 90, (True, False, True): 270}
        return turns.get((self.transposed, self.flipped_x, self.flipped_y), 0)

    def size_px(self, frame: VideoFrame, pixel_aspect: Fraction | None) -> tuple[int, int]:
        """Width and height of the upright picture in square pixels; `pixel_aspect` is a pixel's width over height."""
        size = (round(frame.width * (pixel_aspect or 1)), frame.height)
        return size[::-1] if self.transposed else size

    def picture(self, frame: VideoFrame, reformatter: VideoReformatter, *, width_px: int, height_px: int) -> Image:
        """The frame as an upright picture (h, w, 3), RGB, of this upright size."""
        import cv2  # several times as fast as numpy at turning and at table look-up

        stored = (height_px, width_px) if self.transposed else (width_px, height_px)
        image = reformatter.reformat(frame, *stored, format="rgb24").to_ndarray()
        if self.tone_curve is not None:
            image = cv2.LUT(image, self.tone_curve)
        if self.transposed:
            image = cv2.transpose(image)
        if self.flipped_x or self.flipped_y:
            image = cv2.flip(image, -1 if self.flipped_x and self.flipped_y else int(self.flipped_x))
        return np.asarray(image, dtype=np.uint8)


def upright_from(frame: VideoFrame) -> Upright:
    """Read from a frame what has to be done to it."""
    return Upright(*_turn(frame), tone_curve=_tone_curve(frame.color_trc))


def _turn(frame: VideoFrame) -> tuple[bool, bool, bool]:
    """Transposed, then flipped in x, then in y: the nearest of the eight upright placings to the display matrix.

    Its first numbers are a, b, _, c, d with x' = a x + c y and y' = b x + d y.
    """
    matrix: Any = frame.side_data.get("DISPLAYMATRIX")
    if matrix is None:
        return False, False, False
    a, b, _, c, d = np.frombuffer(matrix, dtype=np.int32)[:5].tolist()
    if abs(a) < abs(b):
        return True, c < 0, b < 0
    return False, a < 0, d < 0


def _tone_curve(transfer: int) -> Image | None:
    """Table (256,) that brings the brightness of HDR pictures to an ordinary screen's; None for ordinary pictures.

    Reinhard's curve up to the peak, on each channel by itself. The wider gamut is left as it is: colours come out
    a little pale, which doesn't matter to a pose model, and a matrix for each pixel would cost as much as the pose.
    """
    stored = np.linspace(0.0, 1.0, 256)
    if transfer == _PQ:
        nits = _pq_nits(stored)
    elif transfer == _HLG:
        nits = _hlg_nits(stored)
    else:
        return None
    relative, peak = np.minimum(nits, _PEAK_NITS) / _SDR_WHITE_NITS, _PEAK_NITS / _SDR_WHITE_NITS
    shown = relative * (1 + relative / peak**2) / (1 + relative)
    return np.asarray(np.round(255 * shown ** (1 / 2.2)), dtype=np.uint8)


def _pq_nits(stored: NDArray[np.float64]) -> NDArray[np.float64]:
    """SMPTE ST 2084: from the stored value to luminance."""
    m1, m2, c1, c2, c3 = 2610 / 16384, 2523 / 32, 3424 / 4096, 2413 / 128, 2392 / 128
    root = stored ** (1 / m2)
    return np.asarray(10000.0 * (np.maximum(root - c1, 0) / (c2 - c3 * root)) ** (1 / m1), dtype=np.float64)


def _hlg_nits(stored: NDArray[np.float64]) -> NDArray[np.float64]:
    """ITU-R BT.2100 HLG: from the stored value to luminance on a screen of 1000 cd/m2 (system gamma 1.2)."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    scene = np.where(stored <= 0.5, stored**2 / 3, (np.exp((stored - c) / a) + b) / 12)
    return np.asarray(_PEAK_NITS * scene**1.2, dtype=np.float64)
