"""Edges of a made-up outline, in masks that cover any part of the picture, at any turn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from gait.model import ANKLE_EDGE_ALONG_SHANK, EDGES, PELVIS_EDGES, Skeleton, edge_names
from gait.pose.mediapipe import SKELETON
from gait.pose.region import Region
from gait.pose.silhouette import find_edges, with_edges

Array = NDArray[np.float64]
SIZE_PX = (600, 800)
HIP_Y, KNEE_Y, ANKLE_Y = 300.0, 480.0, 660.0
LEG_PX = ANKLE_Y - HIP_Y
X = {"left": 260.0, "right": 340.0}
HALF_PX = {"left": 30.0, "right": 25.0}
POINTS = {
    f"{side}_{joint}": np.array([X[side], y])
    for side in X
    for joint, y in (("hip", HIP_Y), ("knee", KNEE_Y), ("ankle", ANKLE_Y))
}


def body(x: Array, y: Array) -> Array:
    """How far inside (px) of two upright legs and a pelvis over them a point of the picture is."""
    legs = [HALF_PX[side] - np.abs(x - X[side]) for side in X]
    pelvis = np.minimum(90.0 - np.abs(x - 300.0), HIP_Y + 60 - y)
    return np.maximum.reduce([*legs, pelvis])


def mask_of(region: Region, n: int = 256) -> NDArray[np.float32]:
    """The mask of a model that sees the body exactly, its edge two pixels of the mask wide."""
    width_px = region.width * SIZE_PX[0]
    along, down = np.meshgrid((np.arange(n) + 0.5) / n - 0.5, (np.arange(n) + 0.5) / n - 0.5)
    cosine, sine = np.cos(region.rotation_rad), np.sin(region.rotation_rad)
    x = region.x * SIZE_PX[0] + width_px * (cosine * along - sine * down)
    y = region.y * SIZE_PX[1] + width_px * (sine * along + cosine * down)
    return (1 / (1 + np.exp(-body(x, y) / (width_px / n)))).astype(np.float32)


def square_at(x_px: float, y_px: float, size_px: float, turn_rad: float = 0.0) -> Region:
    return Region(x_px / SIZE_PX[0], y_px / SIZE_PX[1], size_px / SIZE_PX[0], size_px / SIZE_PX[1], turn_rad)


def found(mask: NDArray[np.float32], region: Region, points: dict[str, Array]) -> dict[str, tuple[Array, float]]:
    xy, seen = find_edges(mask, region, SIZE_PX, points)
    assert xy.dtype == seen.dtype == np.float32
    return {name: (xy[i].astype(np.float64), float(seen[i])) for i, name in enumerate(EDGES)}


@settings(max_examples=40, deadline=None)
@given(
    size_px=st.floats(500, 900), dx=st.floats(-40, 40), dy=st.floats(-40, 40), turn=st.floats(-0.25, 0.25),
    off=st.floats(-15, 15),
)  # fmt: skip
def test_edges_are_where_the_outline_is(size_px: float, dx: float, dy: float, turn: float, off: float) -> None:
    """To a fifth of the mask's pixels, which are 2 to 3.5 of the picture, wherever on the limb the keypoints lie."""
    region = square_at(300 + dx, 480 + dy, size_px, turn)
    points = {name: place + np.array([off, 0.0]) for name, place in POINTS.items()}
    edges = found(mask_of(region), region, points)
    within_px = 0.2 * size_px / 256
    for side in X:
        for joint, y in (("knee", KNEE_Y), ("ankle", KNEE_Y + ANKLE_EDGE_ALONG_SHANK * (ANKLE_Y - KNEE_Y))):
            for name, sign in zip(edge_names(side, joint), (-1, 1), strict=True):  # type: ignore[arg-type]
                place, seen = edges[name]
                assert seen == 1
                np.testing.assert_allclose(place, [X[side] + sign * HALF_PX[side], y], atol=within_px)
    for name, sign in zip(PELVIS_EDGES, (-1, 1), strict=True):
        np.testing.assert_allclose(edges[name][0], [300 + sign * 90, HIP_Y + 0.05 * LEG_PX], atol=within_px)


def test_an_edge_that_is_not_there_is_not_made_up() -> None:
    """Legs that touch have no edge between them within reach; a keypoint beside the body sees none at all."""
    region = square_at(300, 480, 700)
    wide = np.ones((256, 256), np.float32)
    edges = found(wide, region, POINTS)
    assert all(seen == 0 for _, seen in edges.values())
    beside = POINTS | {"left_knee": np.array([120.0, KNEE_Y])}
    edges = found(mask_of(region), region, beside)
    for name in edge_names("left", "knee"):
        place, seen = edges[name]
        assert seen == 0
        np.testing.assert_allclose(place, [120.0, KNEE_Y], atol=1e-3)
    assert edges["right_knee_edge_low_x"][1] == 1


def test_outside_of_the_mask_nobody_is() -> None:
    """The region ends above the ankles: what is seen of the legs ends there too, and no error."""
    region = square_at(300, 300, 500)
    edges = found(mask_of(region), region, POINTS)
    assert all(edges[name][1] == 0 for side in ("left", "right") for name in edge_names(side, "ankle"))  # type: ignore[arg-type]
    assert all(edges[name][1] == 1 for side in ("left", "right") for name in edge_names(side, "knee"))  # type: ignore[arg-type]


def test_the_skeleton_has_them_behind_its_own_points() -> None:
    skeleton = with_edges(SKELETON)
    assert skeleton.names == (*SKELETON.names, *EDGES)
    assert skeleton.edges == SKELETON.edges
    assert ("left_knee_edge_low_x", "right_knee_edge_low_x") in skeleton.pairs
    paired = {name for pair in skeleton.pairs for name in pair}
    assert set(EDGES) - paired == set(PELVIS_EDGES)
    assert isinstance(skeleton, Skeleton)


def test_all_steps_are_within_reach() -> None:
    """A mask whose body is wider than the reach: the pelvis' edges aren't told, the knees' are."""
    region = square_at(300, 480, 700)
    mask = mask_of(region)
    far = {name: (place - 300) * [1.0, 0.25] + [300, 300] for name, place in POINTS.items()}  # tiny legs, small reach
    edges = found(mask, region, far)
    assert edges[PELVIS_EDGES[0]][1] == 0
    assert pytest.approx(300.0) == edges[PELVIS_EDGES[0]][0][0]
