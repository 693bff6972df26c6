"""Tracks repaired as by default, and what was done to them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gait.clean import Repair, repair
from gait.cycle import Folding
from gait.model import Cycle, Track
from gait.scene import SceneRules, find_scene

DONE = {
    "exchanged": "frames with left and right leg exchanged, put right",
    "rejected": "points far from their folded cycle, rejected",
    "filled": "points in gaps of up to 0.1 s, filled",
}


@pytest.fixture(scope="session")
def mended() -> Callable[[Track], tuple[Track, Cycle]]:
    """The track repaired as by default, and its folded cycle."""
    return lambda track: repair(track, find_scene(track, SceneRules()), Repair(), Folding())


@pytest.fixture(scope="session")
def count() -> Callable[[Track, str], int]:
    """In how many frames or points something was done: `count(track, "rejected")`."""
    return lambda track, what: sum(entry.count for entry in track.history if entry.what == DONE[what])
