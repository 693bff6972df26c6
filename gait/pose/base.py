"""What a pose backend is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from gait.model import Skeleton

Image = NDArray[np.uint8]
Keypoints = tuple[NDArray[np.float32], NDArray[np.float32]]  # xy (k, 2) in pixels, confidence (k,)


class PoseEstimator(Protocol):
    """A frozen dataclass of settings that finds the keypoints of the people in pictures.

    Its `repr` is the provenance: estimators of the same `repr` give the same keypoints, so it must hold all that
    matters, the version of the model included.
    """

    @property
    def skeleton(self) -> Skeleton:
        """Which keypoints it finds."""
        ...

    def follow(self, pictures: Iterable[Image], *, fps: float) -> Iterator[Mapping[int, Keypoints]]:
        """Keypoints of each person in each picture (h, w, 3), RGB, one picture at a time.

        A person keeps a number for the whole call, as far as they can be followed; who isn't seen in a picture is not
        in its mapping. `fps` is the frame rate, by which times become pictures.

        Every call starts anew: nothing is remembered from the pictures of an earlier call.
        """
        ...
