"""Rooms: what stands where, and how light falls."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gait.errors import ConfigError
from gait.simulate import Camera
from gait.simulate.render.backdrop import Backdrop, make_backdrop
from gait.simulate.render.lens import Lens
from gait.simulate.render.rooms import BELT_HALF_WIDTH_M, FLOOR_M, ROOMS, Room

CAMERA = Camera(yaw_deg=90, width_px=96, height_px=128, field_of_view_deg=40)


def backdrop(room: Room, camera: Camera = CAMERA) -> Backdrop:
    return make_backdrop(Lens(camera, 1), room, room.light(camera.yaw_deg))


@pytest.mark.parametrize("name", sorted(ROOMS))
@pytest.mark.parametrize("yaw_deg", [0.0, 90.0, 135.0, 180.0, 270.0])
def test_a_clear_view_of_the_runner(name: str, yaw_deg: float) -> None:
    camera = replace(CAMERA, yaw_deg=yaw_deg)
    seen = backdrop(ROOMS[name], camera)
    body = np.array([(0.0, up, 0.0) for up in (0.02, 0.1, 0.5, 1.0, 1.4, 1.7)])
    column, row = np.floor(camera.project(body)).astype(int).T
    assert (seen.inverse_depth[row, column] < 1 / camera.depth_m(body)).all()
    assert np.isfinite(seen.light).all()
    assert seen.light.min() >= 0
    assert seen.light.mean() > 0.03  # named rooms are lit


def test_the_belt_is_where_the_camera_sees_it() -> None:
    camera = replace(CAMERA, yaw_deg=180.0, height_m=1.5)
    seen = backdrop(ROOMS["gym"], camera)
    for across_m, is_belt in ((0.0, True), (0.95, True), (1.05, False), (-0.95, True), (-1.05, False)):
        at = camera.project(np.array([[-0.5, 0.0, across_m * BELT_HALF_WIDTH_M]]))[0]
        assert (seen.belt[int(at[1]), int(at[0])] > 0.5) == is_belt, across_m


def test_places_on_the_floor_project_to_their_pixels() -> None:
    camera = replace(CAMERA, yaw_deg=60.0, roll_deg=7.0, k1=-0.05, height_m=1.6)
    seen = backdrop(ROOMS["studio"], camera)
    rows, columns = np.nonzero(seen.floor > 0)
    ground = seen.ground[rows, columns].astype(np.float64)
    height_m = np.where(seen.belt[rows, columns] > 0.99, 0.0, FLOOR_M)
    is_plain = seen.belt[rows, columns] > 0.99
    places = np.column_stack([ground[:, 0], height_m, ground[:, 1]])[is_plain]
    off = camera.project(places) - np.column_stack([columns, rows])[is_plain] - 0.5
    assert is_plain.sum() > 100
    assert np.abs(off).max() < 0.02  # pixels; rays are cast in single precision


def test_brightness_scales_all_light() -> None:
    bright, dim = (backdrop(replace(ROOMS["outdoor"], brightness=share)) for share in (1.0, 0.2))
    assert np.allclose(dim.light, 0.2 * bright.light, atol=1e-5)
    assert np.allclose(dim.belt_light, 0.2 * bright.belt_light, atol=1e-5)


@pytest.mark.parametrize("yaw_deg", [0.0, 77.0, 270.0])
def test_light_comes_from_beside_the_camera(yaw_deg: float) -> None:
    towards = Room(light_yaw_deg=30.0, light_height_deg=50.0).light(yaw_deg).towards
    camera = Camera(yaw_deg=yaw_deg).place_m * [1, 0, 1]
    assert np.linalg.norm(towards) == pytest.approx(1)
    assert np.degrees(np.arcsin(towards[1])) == pytest.approx(50)
    level = towards * [1, 0, 1] / np.linalg.norm(towards * [1, 0, 1])
    assert np.degrees(np.arccos(level @ camera / np.linalg.norm(camera))) == pytest.approx(30)


def test_the_console_is_left_out_where_it_would_hide_the_runner() -> None:
    def tallest_m(room: Room, yaw_deg: float) -> float:
        return max(block.high[1] for block in room.blocks(yaw_deg, 4.0))

    assert tallest_m(Room(), 90.0) > 1.2
    assert tallest_m(Room(), 0.0) < 0.2
    assert tallest_m(Room(console=True), 0.0) > 1.2
    assert tallest_m(Room(console=False), 90.0) < 0.2


def test_rail_and_crate_hide_what_is_asked() -> None:
    rail = backdrop(replace(ROOMS["gym"], handrail=True))
    at = CAMERA.project(np.array([[0.0, 0.8775, 0.40]]))[0].astype(int)
    assert 1 / rail.inverse_depth[at[1], at[0]] == pytest.approx(CAMERA.distance_m - 0.418, abs=0.01)
    crate = backdrop(replace(ROOMS["gym"], box=True))
    at = CAMERA.project(np.array([[-0.44, 0.1, 0.0]]))[0].astype(int)
    assert 1 / crate.inverse_depth[at[1], at[0]] < CAMERA.distance_m - 0.4


def test_a_second_treadmill_has_a_belt_of_its_own() -> None:
    camera = replace(CAMERA, yaw_deg=180.0, field_of_view_deg=55.0, width_px=160)
    seen = backdrop(replace(ROOMS["gym"], treadmills_m=(0.0, 1.2)), camera)
    at = camera.project(np.array([[0.0, 0.0, 1.2]]))[0].astype(int)
    assert seen.belt[at[1], at[0]] == 1


def test_a_room_too_small_is_refused() -> None:
    with pytest.raises(ConfigError, match="half_length_m"):
        Room(half_length_m=1.0)
