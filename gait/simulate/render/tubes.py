"""Tubes with oval cross-sections, of which the runner's surface is made.

A tube is given by rows (rings, 4): height, half depth (forward), half width (to the right), and how far its middle
lies ahead. Its corners are (rings, sides, 3): forward, up, right.
"""

from __future__ import annotations

import numpy as np

from gait.model import FloatArray

_CAP_DEG = np.array([89.6, 61.0, 35.0, 12.0])


def along(shape: FloatArray, at: FloatArray, thickness: float) -> FloatArray:
    """Rows of a shape at some heights or shares, by a smooth curve without overshoot, scaled across by `thickness`."""
    from scipy.interpolate import PchipInterpolator

    across = PchipInterpolator(shape[:, 0], shape[:, 1:])(at) * thickness
    return np.column_stack([at, across])


def rounded(rows: FloatArray, *, start: bool, end: bool, bulge: float = 1.0) -> FloatArray:
    """The rows with half a ball before the first and after the last, flatter where `bulge` is below 1."""
    pieces = [rows]
    if start:
        pieces.insert(0, _cap(rows[0], bulge * np.sign(rows[0, 0] - rows[1, 0])))
    if end:
        pieces.append(_cap(rows[-1], bulge * np.sign(rows[-1, 0] - rows[-2, 0]))[::-1])
    return np.vstack(pieces)


def _cap(row: FloatArray, outward: float) -> FloatArray:
    """Half a ball on one ring, from its pole on."""
    angle = np.radians(_CAP_DEG)
    height = row[0] + outward * np.sin(angle) * (row[1] + row[2]) / 2
    return np.column_stack([height, row[1] * np.cos(angle), row[2] * np.cos(angle), np.full(len(angle), row[3])])


def tube(rows: FloatArray, *, sides: int, squareness: float = 2.0) -> FloatArray:
    """Corners of a tube; a `squareness` of 2 is an ellipse, more is nearer to a rectangle."""
    angle = np.arange(sides) * 2 * np.pi / sides
    cosine, sine = np.cos(angle), np.sin(angle)
    power = 2 / squareness
    ahead, right = np.sign(cosine) * np.abs(cosine) ** power, np.sign(sine) * np.abs(sine) ** power
    return np.stack(
        [
            rows[:, 3, None] + rows[:, 1, None] * ahead,
            np.repeat(rows[:, :1], sides, axis=1),
            rows[:, 2, None] * right,
        ],
        axis=-1,
    )


def ball(middle: FloatArray, half: FloatArray) -> FloatArray:
    """Corners of an ellipsoid."""
    angle = np.radians(np.linspace(89.6, -89.6, 8))
    rows = np.column_stack(
        [half[1] * np.sin(angle), half[0] * np.cos(angle), half[2] * np.cos(angle), np.zeros(len(angle))]
    )
    return tube(rows, sides=12) + middle


def grid_normals(places: FloatArray) -> FloatArray:
    """Outward directions at the corners of a tube."""
    around = np.roll(places, -1, axis=1) - np.roll(places, 1, axis=1)
    forward = np.gradient(places, axis=0)
    normals = np.cross(around, forward)
    normals /= np.maximum(np.linalg.norm(normals, axis=2, keepdims=True), 1e-12)
    outward = np.sum(normals * (places - places.mean(axis=1, keepdims=True)))
    return np.asarray(normals if outward > 0 else -normals, dtype=np.float64)


def eased_out(value: FloatArray | float, low: float, high: float) -> FloatArray:
    """0 below `low`, 1 above `high`, smooth between."""
    share = np.clip((value - low) / (high - low), 0, 1)
    return np.asarray(share * share * (3 - 2 * share), dtype=np.float64)
