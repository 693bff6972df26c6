"""Colours of the report and the video: left is blue, right is orange, everywhere.

The pair is told apart with every common kind of colour blindness; lines and marks differ in shape as well.
"""

from __future__ import annotations

from collections.abc import Mapping

from gait.model import Side

Rgb = tuple[int, int, int]

# On white (contrast above 4.5 : 1, so they serve for text too).
ON_WHITE: Mapping[Side, str] = {"left": "#0b62b8", "right": "#c2500a"}
# On video: the same hues, bright enough for dark pictures; a dark outline carries them on bright ones.
ON_VIDEO: Mapping[Side, Rgb] = {"left": (84, 178, 255), "right": (255, 150, 56)}
FAR_ON_VIDEO: Mapping[Side, Rgb] = {"left": (70, 128, 176), "right": (180, 116, 60)}
MIDDLE_ON_VIDEO: Rgb = (236, 240, 244)
OUTLINE: Rgb = (18, 22, 28)
TEXT_ON_VIDEO: Rgb = (255, 255, 255)
MUTED_ON_VIDEO: Rgb = (188, 196, 206)
