"""How much light falls on the runner: from a lamp or the sun, and from all around."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gait.model import FloatArray
from gait.simulate.render.appearance import Colour

_SOFTNESS = 0.5  # share of a sphere's radius over which its shadow fades
_DEEPEST = 0.25  # what is left of the light from all around in the deepest fold


@dataclass(frozen=True, slots=True, eq=False)
class Light:
    """Light of a place, linear: from one direction (3,), from above and from the ground."""

    towards: FloatArray
    key: Colour
    sky: Colour
    ground: Colour

    def around(self, up: FloatArray) -> FloatArray:
        """Light (n, 3) from all around on surfaces by the upward part (n,) of their direction."""
        share = (np.asarray(up)[..., None] + 1) / 2
        return np.asarray(share * np.asarray(self.sky) + (1 - share) * np.asarray(self.ground), dtype=np.float64)


def light_on(
    places: FloatArray, normals: FloatArray, light: Light, *, middles: FloatArray, radii: FloatArray
) -> FloatArray:
    """Light (n, 3) on corners (n, 3), of which spheres (k) take some away.

    From all around a sphere hides the share cos(angle) (radius / distance)^2, the form factor of a sphere seen from a
    small plane; so a leg behind the other, or under the trunk, is darker wherever the camera stands.
    """
    away = (middles[:, None] - places[None]).astype(np.float32)  # spheres first, over which products run fast
    distance_squared = np.maximum(np.einsum("knc,knc->kn", away, away), np.float32(1e-6))
    facing = np.einsum("knc,nc->kn", away, normals.astype(np.float32)) / np.sqrt(distance_squared)
    radius = radii.astype(np.float32)[:, None]
    hidden = np.clip(facing, 0, 1) * np.minimum(radius**2 / distance_squared, 1)
    open_share = np.maximum(np.prod(1 - np.float32(0.9) * hidden, axis=0), _DEEPEST)
    forward = away @ light.towards.astype(np.float32)
    aside = np.sqrt(np.maximum(distance_squared - forward**2, 0)) / radius
    covered = np.clip((1 + _SOFTNESS - aside) / np.float32(2 * _SOFTNESS), 0, 1)
    covered *= np.clip(2 * forward / radius - 1, 0, 1)
    direct = np.clip(normals @ light.towards, 0, 1) * np.prod(1 - covered, axis=0)
    around = light.around(normals[:, 1]) * open_share[:, None]
    return np.asarray(around + direct[:, None] * np.asarray(light.key), dtype=np.float64)
