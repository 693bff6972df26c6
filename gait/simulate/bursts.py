"""Moments at which something is wrong for a while."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gait.model import FloatArray

Mask = NDArray[np.bool_]
SHORTEST, LONGEST = 0.5, 1.5  # of their mean length: bursts lie evenly between


def bursts(rng: np.random.Generator, time_s: FloatArray, *, share: float, mean_s: float) -> Mask:
    """Frames (n,) that lie in bursts, which take up a share of the time and last `mean_s` on average.

    They come at random, one after the other. Where `mean_s` is 0, every frame is drawn for itself.
    """
    if share in (0, 1) or not len(time_s):
        return np.full(len(time_s), share == 1)
    if mean_s == 0:
        return rng.uniform(size=len(time_s)) < share
    gap_s = mean_s * (1 - share) / share
    begin_s = time_s[0] - 3 * (gap_s + mean_s)  # by the first frame it is forgotten how it began
    wanted = (time_s[-1] - begin_s) / (gap_s + mean_s)
    n = int(wanted + 8 * np.sqrt(wanted)) + 20
    gaps_s, lengths_s = rng.exponential(gap_s, n), mean_s * rng.uniform(SHORTEST, LONGEST, n)
    ends_s = begin_s + np.cumsum(gaps_s + lengths_s)
    return _inside(time_s, ends_s - lengths_s, ends_s)


def bursts_from(
    rng: np.random.Generator, time_s: FloatArray, marks_s: FloatArray, *, share: float, mean_s: float
) -> Mask:
    """Frames (n,) that lie in bursts, each of which begins at one of the marks (m,), of which there are at least two.

    Marks are drawn so that the bursts take up a share of the time; where there are too few, the bursts last longer.
    """
    if share in (0, 1):
        return np.full(len(time_s), share == 1)
    apart_s = float(marks_s[-1] - marks_s[0]) / (len(marks_s) - 1)
    mean_s = max(mean_s, share * apart_s, float(time_s[-1] - time_s[0]) / len(time_s))
    lengths_s = mean_s * rng.uniform(SHORTEST, LONGEST, len(marks_s))
    taken = rng.uniform(size=len(marks_s)) < share * apart_s / mean_s
    return _inside(time_s, marks_s[taken], np.maximum.accumulate(marks_s[taken] + lengths_s[taken]))


def _inside(time_s: FloatArray, starts_s: FloatArray, ends_s: FloatArray) -> Mask:
    """Frames (n,) between a start and its end, both sorted."""
    if not len(starts_s):
        return np.zeros(len(time_s), dtype=bool)
    last = np.searchsorted(starts_s, time_s, side="right") - 1
    return np.asarray((last >= 0) & (time_s < ends_s[last]))
