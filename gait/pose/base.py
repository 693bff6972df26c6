"""What a pose backend is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from gait.model import Skeleton

Image = NDArray[np.uint8]
Keypoints = tuple[NDArray[np.float32], NDArray[np.float32]]  # xy (k, 2) in pixels, confidence (k,)


class PoseEstimator(Protocol):
    """A frozen dataclass of settings that finds the keypoints of one person in pictures.

    Its `repr` is the provenance: estimators of the same `repr` give the same keypoints, so it must hold all that
    matters, the version of the model included.
    """

    @property
    def skeleton(self) -> Skeleton:
        """Which keypoints it finds."""
        ...

    def estimate(self, pictures: Iterable[Image]) -> Iterator[Keypoints]:
        """Keypoints of each picture (h, w, 3), RGB, one at a time; NaN with confidence 0 where there is no person.

        Every call starts anew: nothing is remembered from the pictures of an earlier call.
        """
        ...
