"""Limbs' middles from edges: of a made-up clip whose outline and joints are known."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from gait.clean import with_limb_axes
from gait.clean.identity import exchange_legs
from gait.model import ANKLE_EDGE_ALONG_SHANK, PELVIS_EDGES, SIDES, Scene, Side, Track, Video, axis_name, edge_names
from gait.pose.mediapipe import SKELETON
from gait.pose.silhouette import with_edges

Array = NDArray[np.float64]
N = 200
HALF_PX = {"knee": 18.0, "ankle": 12.0}
Y = {"hip": 100.0, "knee": 200.0, "ankle": 300.0}
X = {"hip": 20.0, "knee": 17.0, "ankle": 12.0}  # outward of the body's middle, which sways
SKELETON_WITH_EDGES = with_edges(SKELETON)


def scene(view: Any = "rear") -> Scene:
    return Scene(view, 0, None, True)


def outward(side: Side, view: str) -> float:
    return (-1.0 if side == "left" else 1.0) * (1.0 if view != "front" else -1.0)


def middle() -> Array:
    return 160 + 5 * np.sin(np.arange(N) / 7)


def clip(view: str = "rear", *, hidden: float = 0.3, off_px: float = 6.0, seed: int = 0) -> Track:
    """Keypoints `off_px` beside the joints, and the edges; the other leg hides the inner one at times."""
    rng = np.random.default_rng(seed)
    skeleton = SKELETON_WITH_EDGES
    xy = np.full((N, len(skeleton.names), 2), np.nan)
    for side in SIDES:
        out = outward(side, view)
        for joint, y in Y.items():
            xy[:, skeleton.index(f"{side}_{joint}")] = np.column_stack(
                [middle() + out * X[joint] + off_px, 0 * middle() + y]
            )
        for joint, half in HALF_PX.items():
            share = ANKLE_EDGE_ALONG_SHANK if joint == "ankle" else 0.0
            x = middle() + out * (X["knee"] + share * (X["ankle"] - X["knee"]))
            y = np.full(N, Y["knee"] + share * (Y["ankle"] - Y["knee"]))
            for name, sign in zip(edge_names(side, joint), (-1.0, 1.0), strict=True):
                edge = x + sign * half + rng.normal(0, 0.3, N)
                if sign != out:  # the inner one
                    edge += np.where(rng.random(N) < hidden, rng.uniform(-10, 25, N) * sign, 0)
                xy[:, skeleton.index(name)] = np.column_stack([edge, y])
    for name, sign in zip(PELVIS_EDGES, (-1.0, 1.0), strict=True):
        xy[:, skeleton.index(name)] = np.column_stack([middle() + sign * 40, np.full(N, 110.0)])
    times = np.arange(N) / 30
    video = Video(Path("rear.mp4"), 320, 400, N, Fraction(30), times)
    return Track(xy, np.ones(xy.shape[:2]), skeleton, video)


@pytest.mark.parametrize("view", ["rear", "front"])
def test_axes_lie_on_the_joints_though_the_keypoints_do_not(view: str) -> None:
    """Half a pixel: the commonest width is told to 0.4, and each edge is 0.3 off by itself (SD)."""
    track = with_limb_axes(clip(view), scene(view))
    for side in SIDES:
        for joint, y in Y.items():
            found = track.point(axis_name(side, joint))
            true = middle() + outward(side, view) * X[joint]
            assert np.abs(np.median(found[:, 0] - true)) < 0.5, (side, joint)
            np.testing.assert_allclose(found[:, 1], y, atol=1e-3)
    assert np.abs(np.median(track.point("left_knee")[:, 0] - middle() - outward("left", view) * 17)) > 5


def test_the_rest_is_as_it_was() -> None:
    before = clip()
    after = with_limb_axes(before, scene())
    np.testing.assert_array_equal(after.xy[:, : before.xy.shape[1]], before.xy)
    assert after.skeleton.names[: len(before.skeleton.names)] == before.skeleton.names
    assert after.confidence.shape == after.xy.shape[:2]
    assert after.history == before.history


def test_other_views_and_other_keypoints_have_no_axes() -> None:
    assert with_limb_axes(clip(), scene("left")).skeleton is SKELETON_WITH_EDGES
    joints = clip()
    n = len(SKELETON.names)
    plain = Track(joints.xy[:, :n], joints.confidence[:, :n], SKELETON, joints.video)
    assert with_limb_axes(plain, scene()) is plain


def without(track: Track, names: tuple[str, ...], share: float) -> Track:
    xy = np.array(track.xy)
    gone = np.random.default_rng(1).random(N) < share
    for name in names:
        xy[gone, track.skeleton.index(name)] = np.nan
    return track.with_xy(xy)


def test_edges_that_are_hardly_seen_tell_nothing() -> None:
    outer = (edge_names("left", "ankle")[0],)
    assert axis_name("left", "ankle") in with_limb_axes(without(clip(), outer, 0.5), scene()).skeleton
    assert axis_name("left", "ankle") not in with_limb_axes(without(clip(), outer, 0.9), scene()).skeleton


def test_without_widths_there_is_no_middle() -> None:
    """The inner edges are never seen: how wide a limb is isn't known."""
    inner = tuple(edge_names(side, "knee")[side == "left"] for side in SIDES)
    assert axis_name("left", "knee") not in with_limb_axes(without(clip(), inner, 1.1), scene()).skeleton


def test_knees_that_touch_are_not_one_wide_knee() -> None:
    """In three of four frames the other knee hides the gap, and both look like one of 70 px: the ankles are 24 wide."""
    track = clip(hidden=0.0)
    xy = np.array(track.xy)
    touching = np.arange(N) % 4 != 0
    for side in SIDES:
        low, high = (track.skeleton.index(name) for name in edge_names(side, "knee"))
        inner, sign = (high, 1) if side == "left" else (low, -1)
        xy[touching, inner, 0] += sign * 34
    found = with_limb_axes(track.with_xy(xy), scene())
    for side in SIDES:
        off = found.point(axis_name(side, "knee"))[:, 0] - middle() - outward(side, "rear") * X["knee"]
        assert abs(np.median(off)) < 0.5


def test_a_knee_that_is_never_seen_alone_has_no_axis() -> None:
    """Always touching: a width of 70 px beside ankles of 24 is none of a knee."""
    track = clip(hidden=0.0)
    xy = np.array(track.xy)
    for side in SIDES:
        low, high = (track.skeleton.index(name) for name in edge_names(side, "knee"))
        inner, sign = (high, 1) if side == "left" else (low, -1)
        xy[:, inner, 0] += sign * 34
    assert axis_name("left", "knee") not in with_limb_axes(track.with_xy(xy), scene()).skeleton


def test_exchanged_legs_take_their_outlines_along() -> None:
    """The pose model took the legs for each other in some frames; put right, the edges are those of the right legs."""
    right = clip()
    wrong = np.arange(N) % 5 == 0
    back = exchange_legs(exchange_legs(right, wrong), wrong)
    np.testing.assert_array_equal(back.xy, right.xy)
    moved = exchange_legs(right, wrong)
    for one, other in zip(edge_names("left", "knee"), edge_names("right", "knee"), strict=True):
        np.testing.assert_array_equal(moved.point(one)[wrong], right.point(other)[wrong])
        np.testing.assert_array_equal(moved.point(one)[~wrong], right.point(one)[~wrong])
    np.testing.assert_array_equal(moved.point(PELVIS_EDGES[0]), right.point(PELVIS_EDGES[0]))
