"""Words, and arrays that can't be changed."""

from __future__ import annotations

from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
Side = Literal["left", "right"]
SideOrBoth = Literal["left", "right", "both"]
View = Literal["left", "right", "rear", "front", "oblique"]
Grade = Literal["A", "B", "C", "D"]
EventKind = Literal["initial_contact", "toe_off"]

SIDES: tuple[Side, Side] = ("left", "right")


def other_side(side: Side) -> Side:
    """The opposite leg."""
    return "right" if side == "left" else "left"


def medial_sign(side: Side, view: View) -> Literal[-1, 1]:
    """+1 where a leg's midline is towards the picture's right; of views from the rear and front."""
    return 1 if (side == "left") == (view != "front") else -1


def frozen_array(values: ArrayLike, dtype: Any, *shape: int | None, name: str) -> NDArray[Any]:
    """A read-only array of the wanted type, its shape checked (None: any length)."""
    array = np.array(values, dtype=dtype)
    if array.ndim != len(shape) or any(want not in (None, got) for want, got in zip(shape, array.shape, strict=True)):
        raise ValueError(f"{name} has shape {array.shape}, expected {shape}")
    array.setflags(write=False)
    return array


class Progress(Protocol):
    """Called by long stages: `progress(stage, done, total)`, counted in frames."""

    def __call__(self, stage: str, done: int, total: int, /) -> None: ...


def no_progress(_stage: str, _done: int, _total: int, /) -> None:
    """The progress callback that shows nothing."""
