"""Projection against hand-computed places and against OpenCV's own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gait.errors import ConfigError
from gait.signals import angle_from_vertical_deg
from gait.simulate import Camera

FOCAL_PX = 1920 * 4 / (1.75 / 0.8)  # of the default camera, 4 m away: 1.75 m are 80 % of 1920 pixels
cameras = st.builds(
    Camera,
    yaw_deg=st.floats(-360, 360),
    roll_deg=st.floats(-30, 30),
    tilt_deg=st.floats(-30, 30),
    height_m=st.floats(0.2, 2.5),
    distance_m=st.floats(2, 20),
    field_of_view_deg=st.floats(20, 90),
    k1=st.floats(-0.05, 0.1),
    k2=st.floats(0, 0.02),
)


def test_hand_computed_places_from_the_right() -> None:
    points = np.array([[0, 1, 0], [0.5, 1, 0], [0, 1.5, 0], [0.5, 1, 1], [0.5, 1, -1]], dtype=float)
    expected = np.array(
        [
            [540, 960],
            [540 + FOCAL_PX * 0.5 / 4, 960],  # ahead is image right
            [540, 960 - FOCAL_PX * 0.5 / 4],  # up is up
            [540 + FOCAL_PX * 0.5 / 3, 960],  # a metre nearer
            [540 + FOCAL_PX * 0.5 / 5, 960],  # a metre farther
        ]
    )
    camera = Camera()
    np.testing.assert_allclose(camera.project(points), expected, atol=1e-9)
    np.testing.assert_allclose(camera.depth_m(points), [4, 4, 4, 3, 5], atol=1e-12)


@pytest.mark.parametrize(
    ("view", "forward", "to_the_right"), [("right", 1, 0), ("left", -1, 0), ("rear", 0, 1), ("front", 0, -1)]
)
def test_which_way_is_image_right(view: Any, forward: int, to_the_right: int) -> None:
    camera = Camera.from_view(view)
    ahead, right = camera.project(np.array([[0.3, 1, 0], [0, 1, 0.3]]))
    assert np.sign(np.round(ahead[0] - 540, 6)) == forward
    assert np.sign(np.round(right[0] - 540, 6)) == to_the_right


def test_the_middle_is_seen_whatever_the_camera_does() -> None:
    for height_m, distance_m, yaw_deg in ((0.3, 2, 10), (1.6, 3, 100), (2.5, 10, 260)):
        camera = Camera(yaw_deg=yaw_deg, height_m=height_m, distance_m=distance_m, roll_deg=7, zoom_creep_per_min=0.1)
        np.testing.assert_allclose(camera.project(np.array([[0.0, 1.0, 0.0]]), [90.0]), [[540, 960]], atol=1e-9)


@pytest.mark.parametrize("distance_m", [2.0, 4.0, 12.0])
@pytest.mark.parametrize("size", [(1080, 1920), (1280, 720)])
def test_the_runner_fills_four_fifths_of_the_height_at_any_distance(distance_m: float, size: tuple[int, int]) -> None:
    camera = Camera.from_view("rear", distance_m=distance_m, width_px=size[0], height_px=size[1])
    floor, crown = camera.project(np.array([[0, 0, 0], [0, 1.75, 0]], dtype=float))
    assert floor[1] - crown[1] == pytest.approx(0.8 * size[1])
    assert 0 < crown[1] < floor[1] < size[1]


def test_field_of_view_spans_the_height() -> None:
    camera = Camera(field_of_view_deg=60)
    edge = camera.project(np.array([[0, 1 + 4 * np.tan(np.radians(30)), 0]]))
    assert edge[0, 1] == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("view", ["left", "right", "rear", "front"])
@pytest.mark.parametrize("roll_deg", [-5.0, 3.0, 20.0])
def test_a_rolled_camera_leans_a_plumb_line_to_image_right(view: Any, roll_deg: float) -> None:
    camera = replace(Camera.from_view(view), roll_deg=roll_deg)
    low, high = camera.project(np.array([[[0, 0.5, 0], [0, 1.4, 0]]], dtype=float))[0]
    assert float(angle_from_vertical_deg(low[None], high[None])[0]) == pytest.approx(roll_deg)
    assert np.sign(high[0] - low[0]) == np.sign(roll_deg)


def test_tilt_looks_down() -> None:
    camera = Camera(tilt_deg=10)
    np.testing.assert_allclose(camera.project(np.array([[0, 1 - 4 * np.tan(np.radians(10)), 0]])), [[540, 960]])
    assert camera.project(np.array([[0, 1.0, 0]]))[0, 1] < 960


def test_the_nearer_leg_is_larger() -> None:
    near, far = (np.array([[0, 0, z], [0, 0.9, z]], dtype=float) for z in (0.1, -0.1))
    camera = Camera(distance_m=2)
    sizes = [abs(float(np.diff(camera.project(leg)[:, 1])[0])) for leg in (near, far)]
    assert sizes[0] / sizes[1] == pytest.approx(2.1 / 1.9)


def test_zoom_and_roll_creep_over_minutes() -> None:
    point = np.array([[0.4, 1.3, 0.0]])
    grown = Camera(zoom_creep_per_min=0.1)
    start, minute, two = (grown.project(point, [seconds])[0] - [540, 960] for seconds in (0, 60, 120))
    np.testing.assert_allclose(minute / start, 1.1)
    np.testing.assert_allclose(two / start, 1.21)
    turned = Camera(roll_deg=1, roll_creep_deg_per_min=2)
    plumb = np.array([[[0, 0.5, 0], [0, 1.4, 0]]] * 2, dtype=float)
    low, high = turned.project(plumb, [0.0, 90.0]).transpose(1, 0, 2)
    np.testing.assert_allclose(angle_from_vertical_deg(low, high), [1, 4])


def test_barrel_distortion_by_hand() -> None:
    camera = Camera(k1=-0.1, k2=0.02)
    x, y = 0.5 / 4, 0.8 / 4
    radius_squared = x**2 + y**2
    factor = 1 - 0.1 * radius_squared + 0.02 * radius_squared**2
    expected = [[540 + FOCAL_PX * x * factor, 960 - FOCAL_PX * y * factor]]
    np.testing.assert_allclose(camera.project(np.array([[0.5, 1.8, 0]])), expected)


def test_distortion_never_brings_back_what_is_outside() -> None:
    heights = 1 + np.linspace(0, 8, 400)
    places = Camera(k1=-0.5, field_of_view_deg=50).project(np.column_stack([0 * heights, heights, 0 * heights]))
    assert (np.diff(places[:, 1]) < 0).all()


@given(camera=cameras, xyz=st.tuples(*[st.floats(-0.6, 0.6)] * 3))
def test_as_opencv_projects(camera: Camera, xyz: tuple[float, float, float]) -> None:
    """Inside of the picture, where OpenCV's distortion and ours are the same model."""
    point = np.array([xyz]) + np.array([0, 1, 0])
    ours = camera.project(point)
    if not (0 <= ours[0, 0] <= camera.width_px and 0 <= ours[0, 1] <= camera.height_px):
        return
    yaw, tilt, roll = np.radians([camera.yaw_deg, camera.tilt_deg or 0.0, camera.roll_deg])
    about_y = np.array([[np.sin(yaw), 0, -np.cos(yaw)], [0, -1, 0], [-np.cos(yaw), 0, -np.sin(yaw)]])
    about_x = np.array([[1, 0, 0], [0, np.cos(tilt), -np.sin(tilt)], [0, np.sin(tilt), np.cos(tilt)]])
    about_z = np.array([[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1]])
    rotation = about_z @ about_x @ about_y
    matrix = np.array([[camera.focal_px, 0, 540], [0, camera.focal_px, 960], [0, 0, 1]])
    lens = np.array([camera.k1, camera.k2, 0, 0])
    theirs, _ = cv2.projectPoints(point, cv2.Rodrigues(rotation)[0], -rotation @ camera.place_m, matrix, lens)
    np.testing.assert_allclose(ours, theirs[:, 0], atol=1e-6)


def test_mappings_and_stacks_as_single_points() -> None:
    camera, times = Camera(roll_deg=4, roll_creep_deg_per_min=30), np.linspace(0, 60, 5)
    places = np.random.default_rng(0).normal(0, 0.3, (5, 2, 3)) + np.array([0, 1, 0])
    stacked = camera.project(places, times)
    named = camera.project({"hip": places[:, 0], "knee": places[:, 1]}, times)
    np.testing.assert_array_equal(stacked[:, 0], named["hip"])
    np.testing.assert_array_equal(stacked[:, 1], named["knee"])


def test_behind_the_camera_there_is_nothing_to_see() -> None:
    assert np.isnan(Camera().project(np.array([[0, 1, 5.0]]))).all()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"distance_m": 0.2}, "distance_m can't be 0.2"),
        ({"tilt_deg": 95.0}, "tilt_deg can't be 95"),
        ({"field_of_view_deg": float("nan")}, "field_of_view_deg can't be nan"),
        ({"k1": -0.9, "field_of_view_deg": 100.0}, "folds the picture's corners"),
    ],
)
def test_impossible_cameras_are_refused(settings: dict[str, float], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        Camera(**settings)  # type: ignore[arg-type]
