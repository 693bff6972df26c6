"""Painted runners are where the camera projects them, in front of what is behind them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from gait.model import FloatArray
from gait.simulate import Camera, Run, Runner, simulate_run
from gait.simulate.render.appearance import Appearance
from gait.simulate.render.backdrop import make_backdrop
from gait.simulate.render.ground_shadow import GroundShadow
from gait.simulate.render.lens import Lens
from gait.simulate.render.painter import Painted, Painter, to_display
from gait.simulate.render.patterns import BELT_LENGTH_M
from gait.simulate.render.raster import facets_of, painted
from gait.simulate.render.rooms import ROOMS
from gait.simulate.render.shading import light_on
from gait.simulate.render.surface import Piece, surface
from gait.simulate.variation import Variation

ROOM = ROOMS["studio"]
# Each part in a colour of its own: shares of red, green and blue that light of one colour leaves as they are.
COLOURS = {
    "skin": (0.8, 0.1, 0.1),
    "shirt": (0.1, 0.8, 0.1),
    "shorts": (0.1, 0.1, 0.8),
    "shoe": (0.6, 0.6, 0.05),
    "sole": (0.6, 0.05, 0.6),
    "sock": (0.05, 0.6, 0.6),
}
PART_OF_JOINT = {"knee": "skin", "thigh": "shorts", "ankle": "sock", "elbow": "skin", "foot_index": "shoe"}
HIDDEN = {"rear": ("ankle", "foot_index"), "oblique": ("ankle", "foot_index")}  # by the raised shoe
LOOK = Appearance(
    **COLOURS, sleeve_length=0.4, shorts_length=0.5, shirt_looseness=0, shorts_looseness=0.1, sock_height=0.14
)
CAMERAS = {
    "right": Camera(yaw_deg=90),
    "left": Camera(yaw_deg=270),
    "rear": Camera(yaw_deg=180),
    "oblique": Camera(yaw_deg=125, height_m=1.5, roll_deg=6),
    "bent": Camera(yaw_deg=80, roll_deg=-9, tilt_deg=4, k1=-0.08, distance_m=3.2),
}
CAMERAS = {name: replace(camera, width_px=150, height_px=200, field_of_view_deg=42) for name, camera in CAMERAS.items()}


@pytest.fixture(scope="module")
def run() -> Run:
    return simulate_run(Runner(), 3, variation=Variation.none())


def someone(run: Run, time_s: float, look: Appearance = LOOK, at: tuple[float, float, float] = (0, 0, 0)) -> Painted:
    return run.figure_at(np.array([time_s])), run.runner.body, look, np.array(at, dtype=np.float64)


def hue(light: FloatArray | NDArray[np.float32]) -> FloatArray:
    return np.asarray(light / np.maximum(light.sum(axis=-1, keepdims=True), 1e-9), dtype=np.float64)


def part_at(picture: NDArray[np.float32], at: FloatArray) -> str:
    """Whose colour a pixel has."""
    seen = hue(picture[int(at[1]), int(at[0])])
    return min(COLOURS, key=lambda name: float(np.abs(hue(np.array(COLOURS[name])) - seen).sum()))


def near_joints(run: Run, time_s: float, side: str) -> dict[str, FloatArray]:
    """Places (3,) of the joints on a side, and of the thigh's upper third: the hip itself is at the shirt's hem."""
    joints = {name: place[0] for name, place in run.joints_at(np.array([time_s])).items()}
    hip, knee = joints[f"{side}_hip"], joints[f"{side}_knee"]
    return {name: joints[f"{side}_{name}"] for name in PART_OF_JOINT if name != "thigh"} | {
        "thigh": hip + 0.33 * (knee - hip)
    }


@pytest.mark.parametrize("view", sorted(CAMERAS))
def test_joints_lie_on_their_parts(run: Run, view: str) -> None:
    camera = CAMERAS[view]
    painter = Painter(camera, replace(ROOM, console=False))
    near = "left" if view == "left" else "right"
    for time_s in (1.02, 1.16, 1.31):
        picture = painter.paint_linear([someone(run, time_s)], 0.0)
        for joint, place in near_joints(run, time_s, near).items():
            if joint not in HIDDEN.get(view, ()):
                assert part_at(picture, camera.project(place)) == PART_OF_JOINT[joint], (joint, time_s)


@pytest.mark.parametrize("view", sorted(CAMERAS))
def test_the_outline_is_that_of_the_projected_body(run: Run, view: str) -> None:
    """The pixels that change are the surface's, and they end where its projected corners do."""
    camera = CAMERAS[view]
    room = replace(ROOM, console=False, key=(0, 0, 0))
    painter = Painter(camera, room)
    runner = someone(run, 1.2)
    changed = np.abs(painter.paint_linear([runner], 0.0) - painter.paint_linear([], 0.0)).max(axis=2) > 0.02
    corners = np.concatenate([piece.places.reshape(-1, 3) for piece in surface(*runner)])
    at = camera.project(corners)
    rows, columns = np.nonzero(changed[:150])  # below, the shade on the belt changes too
    inside = at[at[:, 1] < 150]
    assert abs(columns.min() - inside[:, 0].min()) < 2
    assert abs(columns.max() + 1 - inside[:, 0].max()) < 2
    assert abs(rows.min() - at[:, 1].min()) < 2


@pytest.mark.parametrize("view", sorted(CAMERAS))
def test_rays_go_through_what_the_camera_projects(view: str) -> None:
    camera, rng = CAMERAS[view], np.random.default_rng(0)
    lens = Lens(camera, 2)
    x, y = rng.uniform(0, 2 * camera.width_px - 1, 50), rng.uniform(0, 2 * camera.height_px - 1, 50)
    places = camera.place_m + rng.uniform(1, 9, 50)[:, None] * lens.rays(x, y)
    assert np.abs(lens.pixels(places) - np.column_stack([x, y])).max() < 1e-3


def test_zoom_and_roll_creep_move_the_runner_as_the_camera_projects() -> None:
    camera = replace(CAMERAS["right"], zoom_creep_per_min=0.05, roll_creep_deg_per_min=4.0)
    run = simulate_run(Runner(), 3, variation=Variation.none())
    picture = Painter(camera, ROOM).paint_linear([someone(run, 1.02)], 0.0, time_s=60.0)
    assert picture.shape == (camera.height_px, camera.width_px, 3)
    for joint, place in near_joints(run, 1.02, "right").items():
        assert part_at(picture, camera.project(place, 60.0)) == PART_OF_JOINT[joint], joint


def test_the_nearer_runner_hides_the_other_whatever_the_order(run: Run) -> None:
    camera = replace(CAMERAS["right"], yaw_deg=95.0)
    painter = Painter(camera, ROOM)
    red, green = (Appearance(shirt=colour) for colour in ((0.7, 0.02, 0.02), (0.02, 0.7, 0.02)))
    near, far = someone(run, 1.2, red, (0, 0, 0.9)), someone(run, 1.2, green, (0, 0, -0.4))
    one, other = painter.paint([near, far], 0.0), painter.paint([far, near], 0.0)
    assert np.array_equal(one, other)
    chest = near[0].points["chest"] + near[3]
    column, row = np.floor(camera.project(chest)[0]).astype(int)
    red_share = hue(painter.paint_linear([far, near], 0.0)[row, column])
    assert red_share[0] > 0.8
    assert (one[..., 1].astype(int) - one[..., 0] > 60).any(), "of the other something is seen beside"


def test_a_rail_hides_the_runner_behind_it_but_not_the_one_before(run: Run) -> None:
    camera = CAMERAS["right"]
    painter = Painter(camera, replace(ROOM, handrail=True))
    at = np.floor(camera.project(np.array([[0.02, 0.878, 0.41]]))[0]).astype(int)
    empty, behind = (painter.paint_linear(who, 0.0)[at[1], at[0]] for who in ([], [someone(run, 1.2)]))
    before = painter.paint_linear([someone(run, 1.2, at=(0, 0, 0.8))], 0.0)[at[1], at[0]]
    assert np.allclose(empty, behind, atol=0.02)
    assert np.abs(before - empty).max() > 0.1


def test_the_far_leg_is_darker_from_either_side(run: Run) -> None:
    """By what is around it, not by a rule for a view: the leg behind the other gets less light."""
    body, look = run.runner.body, Appearance(shorts_length=0.3)
    for view, near, far in (("right", "right", "left"), ("left", "left", "right")):
        light = replace(ROOM, key=(0, 0, 0)).light(CAMERAS[view].yaw_deg)
        shades: dict[str, list[float]] = {near: [], far: []}
        for time_s in np.linspace(1.0, 1.72, 12):
            pieces = surface(run.figure_at(np.array([time_s])), body, look)
            spheres = [piece.spheres() for piece in pieces if piece.blocking]
            middles, radii = (np.concatenate(which) for which in zip(*spheres, strict=True))
            for side in (near, far):
                leg = next(piece for piece in pieces if piece.name == f"{side}_leg")
                places, normals = leg.places.reshape(-1, 3), leg.normals.reshape(-1, 3)
                is_seen = normals @ (CAMERAS[view].place_m - places.mean(axis=0)) > 0
                shade = light_on(places[is_seen], normals[is_seen], light, middles=middles, radii=radii)
                shades[side].append(float(shade.mean()))
        # light from all around alone, of which the legs hide from each other about a tenth
        assert 0.8 < np.mean(shades[far]) / np.mean(shades[near]) < 0.96


def test_the_belt_moves_back_by_what_it_has_run() -> None:
    camera = replace(CAMERAS["right"], width_px=400, height_px=60, field_of_view_deg=4, tilt_deg=14.4)
    painter = Painter(camera, replace(ROOM, console=False))
    row = int(camera.project(np.array([[0.0, 0.0, 0.1]]))[0, 1])
    start, later = (painter.paint_linear([], belt_m)[row, :, 1] for belt_m in (0.0, 0.1))
    moved_px = camera.project(np.array([[0.0, 0.0, 0.1], [-0.1, 0.0, 0.1]]))[:, 0]
    shift = round(moved_px[1] - moved_px[0])
    assert shift < -10
    kept = slice(100, 300)
    moved = np.roll(later, -shift)
    assert np.corrcoef(start[kept], moved[kept])[0, 1] > 0.9
    assert abs(np.corrcoef(start[kept], later[kept])[0, 1]) < 0.5
    again = painter.paint_linear([], BELT_LENGTH_M)[row, :, 1]
    assert np.allclose(start, again, atol=1e-3)


def test_a_foot_on_the_belt_darkens_it_and_a_raised_one_less(run: Run) -> None:
    """Without a lamp, the light right beside a standing shoe is less by a fifth and more, under a raised one hardly."""
    camera = replace(CAMERAS["right"], height_m=2.5, tilt_deg=32, field_of_view_deg=14, distance_m=4)
    room = replace(ROOM, console=False, key=(0, 0, 0))
    seen = make_backdrop(Lens(camera, 1), room, room.light(camera.yaw_deg))
    contact_s = run.contact_s["right"][np.searchsorted(run.contact_s["right"], 0.8)]
    left = []
    for time_s in (contact_s + 0.08, contact_s - 0.12):
        pieces = [piece for piece in surface(*someone(run, time_s)) if piece.name.startswith("right_foot")]
        sole = next(piece for piece in pieces if piece.name.endswith("sole")).places.reshape(-1, 3)
        beside = np.array([[sole[:, 0].mean(), 0.0, sole[:, 2].max() + 0.005]])
        column, row = np.floor(camera.project(beside)[0]).astype(int)
        picture = np.ones_like(seen.light)
        GroundShadow.of(pieces, np.array([0.0, 1.0, 0.0]), [0.0]).darken(picture, seen)
        left.append(float(picture[row, column, 0]))
    assert left[0] < 0.8
    assert left[1] > 0.9


def test_the_same_picture_again(run: Run) -> None:
    camera = CAMERAS["oblique"]
    one, other = (Painter(camera, ROOMS["home"]).paint([someone(run, 1.1)], 0.7) for _ in range(2))
    assert one.dtype == np.uint8
    assert one.shape == (camera.height_px, camera.width_px, 3)
    assert np.array_equal(one, other)
    painter = Painter(camera, ROOMS["home"])
    painter.paint([someone(run, 1.5)], 0.2)
    assert np.array_equal(one, painter.paint([someone(run, 1.1)], 0.7)), "a picture depends on the one before"


def test_supersampling_smooths_edges_but_moves_nothing(run: Run) -> None:
    """The runner's middle stays within a tenth of a pixel."""
    camera = CAMERAS["right"]
    middles, levels = [], []
    for fineness in (2, 4):
        painter = Painter(camera, ROOM, supersampling=fineness)
        empty, picture = (painter.paint_linear(who, 0.0) for who in ([], [someone(run, 1.1)]))
        changed = np.abs(picture - empty).sum(axis=2)[:150]
        rows, columns = np.indices(changed.shape)
        middles.append([(at * changed).sum() / changed.sum() for at in (rows, columns)])
        levels.append(len(np.unique(to_display(picture))))
    assert np.abs(np.subtract(*middles)).max() < 0.1
    assert levels[1] > 0.9 * levels[0]


def test_a_runner_out_of_the_picture_or_behind_the_camera_is_not_painted(run: Run) -> None:
    camera = CAMERAS["right"]
    painter = Painter(camera, ROOM)
    empty = painter.paint([], 0.0)
    for at in ((30.0, 0.0, 0.0), (0.0, 0.0, camera.distance_m + 1.5)):
        assert np.array_equal(painter.paint([someone(run, 1.1, at=at)], 0.0), empty)


def test_pieces_that_cross_are_cut_by_depth() -> None:
    """Two boards that cross like an X: each pixel shows the nearer one, to the pixel, whichever is painted first."""
    camera = replace(CAMERAS["right"], height_m=1.0)
    lens = Lens(camera, 1)
    x, y = np.meshgrid([-0.3, 0.3], [0.7, 1.3], indexing="ij")
    boards = []
    for slope, colour in ((1.0, (1.0, 0.0, 0.0)), (-1.0, (0.0, 1.0, 0.0))):
        places = np.stack([x, y, slope * x], axis=-1)
        normals = np.broadcast_to(np.array([-slope, 0.0, 1.0]) / np.sqrt(2), places.shape)
        boards.append(Piece("board", colour, places, normals, True, (), 0.0))
    pictures = []
    for order in (boards, boards[::-1]):
        facets = facets_of(order, lens, lambda at, _: np.ones((len(at), 3)))
        layer = painted(facets, np.zeros(lens.size_px, np.float32), 1)
        assert layer is not None
        pictures.append(layer)
    assert np.array_equal(pictures[0].light, pictures[1].light)
    middle = camera.width_px / 2 - pictures[0].x
    row = pictures[0].light[len(pictures[0].light) // 2]
    columns = np.arange(len(row)) + 0.5 - middle
    seen = (row.sum(axis=1) > 0) & (np.abs(columns) > 0.5)
    # the camera on the runner's right sees forward to the right: the board that comes nearer there is the first
    assert (row[seen & (columns > 0), 0] == 1).all()
    assert (row[seen & (columns < 0), 1] == 1).all()
    assert seen.sum() > 10


def test_display_values_rise_with_light() -> None:
    light = np.linspace(0, 3, 5000, dtype=np.float32)[:, None, None].repeat(3, axis=2)
    shown = to_display(light)[:, 0, 0].astype(int)
    assert shown[0] == 0
    assert shown[-1] == 255
    assert (np.diff(shown) >= 0).all()
    assert to_display(np.full((1, 1, 3), 0.2140, np.float32))[0, 0, 0] == pytest.approx(127, abs=1)  # sRGB's middle
