"""How the camera gathers light: motion blur, rolling shutter, darkness, noise and soft focus."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import NormalDist
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from gait.errors import check_ranges
from gait.model import FloatArray
from gait.simulate.render.painter import to_display

Light = NDArray[np.float32]  # (h, w, 3), linear, 1 is white
Picture = NDArray[np.uint8]  # (h, w, 3), as screens show it

# Past a camera at a treadmill a swinging foot moves at 5 m/s: in this time by an eighth of its length, so that the
# sub-frames of a blur run together.
SUB_FRAME_S = 0.007
MOST_SUB_FRAMES = 8
READ_NOISE_ELECTRONS = 3.0  # of small sensors
LINES = 720  # of the picture in whose pixels electrons are counted


@dataclass(frozen=True, slots=True)
class Exposure:
    """How one picture comes about.

    Each row of the sensor gathers light for `shutter_s`; the last row is read `readout_s` after the first (rolling
    shutter; 0 reads all at once). A frame's time is the middle of the exposure of its middle row. `brightness` is the
    share of the room's light that the picture shows after the camera's gain. White is `white_electrons` electrons in a
    pixel of a picture of 720 lines, whose number varies by chance: the less light there is, the more it is amplified
    and the fewer electrons make white (None: no noise). The pixels of a smaller picture are larger and gather more.
    `soft_focus_heights` is the SD of a blur of the whole picture as a share of its height.
    """

    shutter_s: float = 1 / 1000
    readout_s: float = 0.0
    brightness: float = 1.0
    white_electrons: float | None = None
    soft_focus_heights: float = 0.0

    def __post_init__(self) -> None:
        check_ranges(
            self,
            shutter_s=(0, 1),
            readout_s=(0, 0.1),
            brightness=(0.01, 4),
            white_electrons=(10, 1e6),
            soft_focus_heights=(0, 0.05),
        )

    @property
    def span_s(self) -> float:
        """From the moment at which the first row begins to gather light to the end of the last."""
        return self.shutter_s + self.readout_s

    @property
    def offset_s(self) -> FloatArray:
        """When the sub-frames (m,) are, of which a picture is the mean, from the frame's time."""
        n = int(np.clip(np.ceil(self.span_s / SUB_FRAME_S), 1, MOST_SUB_FRAMES))
        return np.asarray(((np.arange(n) + 0.5) / n - 0.5) * self.span_s, dtype=np.float64)

    def weight(self, share: FloatArray) -> FloatArray:
        """How much of a row's light (r, m) comes from each sub-frame, by how long both overlap.

        `share` (r,) says when the row is read: 0 first, 1 last. A very short exposure is taken to last a sub-frame, so
        that one fades into the next down the picture.
        """
        n = len(self.offset_s)
        edges = np.linspace(-0.5, 0.5, n + 1) * self.span_s
        middle = (np.clip(share, 0, 1) - 0.5) * self.readout_s
        half_s = max(self.shutter_s, self.span_s / n, 1e-6) / 2
        first = np.maximum(edges[:-1], middle[:, None] - half_s)
        last = np.minimum(edges[1:], middle[:, None] + half_s)
        overlap = np.clip(last - first, 1e-9, None)
        return np.asarray(overlap / overlap.sum(axis=1, keepdims=True), dtype=np.float64)

    def delay_s(self, share: FloatArray) -> FloatArray:
        """How long after the frame's time a row (r,) shows things, from when it is read."""
        return np.asarray(self.weight(share) @ self.offset_s, dtype=np.float64)

    def gathered(self, lights: Iterable[Light]) -> Light:
        """The light of one picture from that of its sub-frames, in order."""
        total: Light | None = None
        for number, light in enumerate(lights):
            rows = (np.arange(len(light)) + 0.5) / len(light)
            weight = self.weight(rows)[:, number, None, None].astype(np.float32)
            if total is None:
                total = light * weight
            else:
                total += light * weight
        if total is None:
            raise ValueError("a picture needs at least one sub-frame")
        return total

    def developed(self, light: Light, rng: np.random.Generator) -> Picture:
        """The picture that the camera makes of this light."""
        import cv2

        if self.soft_focus_heights:
            light = cv2.GaussianBlur(light, (0, 0), self.soft_focus_heights * len(light)).astype(np.float32)
        light = light * np.float32(self.brightness)
        if self.white_electrons is not None:
            white = np.float32(self.white_electrons * (LINES / len(light)) ** 2)
            variance = np.maximum(light, 0) / white + (READ_NOISE_ELECTRONS / white) ** 2
            noise = _NORMAL[np.frombuffer(rng.bytes(light.size), np.uint8)].reshape(light.shape)
            light = light + noise * np.sqrt(variance)
        return to_display(light)


# Normal deviates by the 256 values of a byte: for noise they do, and are drawn ten times as fast as exact ones.
_NORMAL: Light = np.array([NormalDist().inv_cdf((byte + 0.5) / 256) for byte in range(256)], dtype=np.float32)

EXPOSURES: Mapping[str, Exposure] = MappingProxyType(
    {
        "bright": Exposure(),
        "indoor": Exposure(shutter_s=1 / 120, readout_s=0.010, white_electrons=2000, soft_focus_heights=0.0007),
        "phone-dark": Exposure(
            shutter_s=1 / 33, readout_s=0.020, brightness=0.3, white_electrons=150, soft_focus_heights=0.003
        ),
    }
)
