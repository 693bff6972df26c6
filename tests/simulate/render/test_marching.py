"""The ray renderer shows the same runner as the painter, as far as outlines go, and says so where it can't."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from typer.testing import CliRunner

from gait.cli.app import app
from gait.errors import ConfigError, MissingExtra
from gait.simulate import Camera, Run, Runner, simulate_run
from gait.simulate.render.appearance import Appearance
from gait.simulate.render.clip import pictures, write_clip
from gait.simulate.render.marching import RayPainter
from gait.simulate.render.marching.cones import CONE, column, cones_of
from gait.simulate.render.painter import Painted, Painter
from gait.simulate.render.plan import ClipPlan
from gait.simulate.render.rooms import ROOMS
from gait.simulate.render.surface import surface
from gait.simulate.sampling import Sampling
from gait.simulate.variation import Variation

Mask = NDArray[np.bool_]

GREY = replace(ROOMS["studio"], console=False)
RED = (0.8, 0.02, 0.02)
LOOK = Appearance(skin=RED, shirt=RED, shorts=RED, shoe=RED, sole=RED, hair=RED, sock=RED)
CAMERAS = {
    "right": Camera(yaw_deg=90),
    "left": Camera(yaw_deg=270),
    "rear": Camera(yaw_deg=180),
    "front": Camera(yaw_deg=0),
    "askew": Camera(yaw_deg=125, height_m=1.5, roll_deg=6, zoom_creep_per_min=0.05, roll_creep_deg_per_min=4.0),
    "bent": Camera(yaw_deg=80, roll_deg=-9, tilt_deg=4, k1=-0.08, distance_m=3.2),
}
CAMERAS = {name: replace(camera, width_px=140, height_px=180, field_of_view_deg=42) for name, camera in CAMERAS.items()}
# At 180 lines the outline is so long that it takes 5 % of the runner's pixels for each quarter of a pixel (3 mm) by
# which it lies elsewhere; the painter's is larger by half a fine pixel, whence four of them for each pixel.
SAME_SHARE = 0.94


@pytest.fixture(scope="module")
def compiled() -> None:
    """Skip where the compiler is missing."""
    pytest.importorskip("numba", reason="numba isn't installed: pip install 'rungait[ray]'")


@pytest.fixture(scope="module")
def run() -> Run:
    return simulate_run(Runner(), 3, variation=Variation.none())


def someone(run: Run, time_s: float, at: tuple[float, float, float] = (0, 0, 0), look: Appearance = LOOK) -> Painted:
    return run.figure_at(np.array([time_s])), run.runner.body, look, np.array(at, dtype=np.float64)


def red(picture: NDArray[np.float32]) -> Mask:
    """Where somebody red is seen in a grey room."""
    return np.asarray(picture[..., 1] < 0.5 * picture[..., 0], dtype=np.bool_)


@pytest.mark.usefixtures("compiled")
@pytest.mark.parametrize("view", sorted(CAMERAS))
def test_outlines_are_the_painters(run: Run, view: str) -> None:
    painters = Painter(CAMERAS[view], GREY, supersampling=4), RayPainter(CAMERAS[view], GREY)
    for time_s in (1.02, 1.21):
        painted, marched = (red(painter.paint_linear([someone(run, time_s)], 0.0, 20.0)) for painter in painters)
        assert painted.sum() > 1300
        assert (painted & marched).sum() / (painted | marched).sum() > SAME_SHARE, time_s
        inside = cv2.erode(painted.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
        assert marched[inside].all(), f"a hole at {time_s} s"


@pytest.mark.usefixtures("compiled")
def test_joints_lie_on_their_parts(run: Run) -> None:
    """Each joint of the near side has its part's colour, the hand too where it passes the shirt."""
    colours = {"skin": (0.8, 0.1, 0.1), "shirt": (0.1, 0.8, 0.1), "sock": (0.1, 0.8, 0.8), "shoe": (0.8, 0.8, 0.1)}
    part_of = {"elbow": "skin", "wrist": "skin", "knee": "skin", "ankle": "sock", "foot_index": "shoe"}
    look = Appearance(**colours, shorts=(0.1, 0.1, 0.8), sole=(0.8, 0.1, 0.8), sleeve_length=0.0, sock_height=0.14)
    camera = replace(CAMERAS["right"], width_px=200, height_px=260)
    painter = RayPainter(camera, GREY)
    for time_s in (1.02, 1.16, 1.31):
        picture = painter.paint_linear([someone(run, time_s, look=look)], 0.0)
        for joint, part in part_of.items():
            column, row = np.floor(camera.project(run.joints_at(np.array([time_s]))[f"right_{joint}"])[0]).astype(int)
            seen = picture[row, column] / picture[row, column].sum()
            true = np.array(colours[part]) / sum(colours[part])
            assert np.abs(seen - true).max() < 0.1, (joint, time_s, seen)


@pytest.mark.usefixtures("compiled")
@pytest.mark.parametrize(("view", "time_s"), [("front", 1.16), ("rear", 1.02)])
def test_the_shirt_does_not_come_through_bare_shoulders(run: Run, view: str, time_s: float) -> None:
    """It hides what pokes through it by 25 mm, but no arm: where the painter shows skin there is skin, but at edges."""
    look = Appearance(skin=RED, shirt=(0.02, 0.8, 0.02), shorts=(0.02, 0.02, 0.8), sleeve_length=0.0)
    painted, marched = (
        painter(CAMERAS[view], GREY).paint_linear([someone(run, time_s, look=look)], 0.0)
        for painter in (Painter, RayPainter)
    )
    is_skin = red(painted)
    is_shirt = (marched[..., 0] < marched[..., 1] / 3) & (marched[..., 2] < marched[..., 1] / 3)
    assert (is_skin & is_shirt).sum() < 0.005 * is_skin.sum()


@pytest.mark.usefixtures("compiled")
def test_standing_feet_are_on_the_belt(run: Run) -> None:
    """Seen from beside, a little over the belt: 2.5 mm are a pixel. The other foot is raised by then."""
    camera = Camera(yaw_deg=90, height_m=0.03, tilt_deg=0, field_of_view_deg=6.5, width_px=300, height_px=180)
    contact_s = run.contact_s["right"][np.searchsorted(run.contact_s["right"], 0.9)]
    painter = RayPainter(camera, GREY)
    for later_s in (0.06, 0.10, 0.14):
        figure, body, look, offset_m = someone(run, contact_s + later_s)
        at_m = 0.5 * (figure.points["right_heel"][0] + figure.points["right_foot_index"][0])
        moved = (figure, body, look, offset_m - [at_m[0], 0, 0])
        lowest = np.nonzero(red(painter.paint_linear([moved], 0.0)).any(axis=1))[0].max()
        belt = camera.project(np.array([[0.0, 0.0, at_m[2]]]))[0, 1]
        assert abs(lowest + 1 - belt) <= 1.0, later_s


@pytest.mark.usefixtures("compiled")
def test_a_rail_hides_the_runner_behind_it_but_not_the_one_before(run: Run) -> None:
    camera = CAMERAS["right"]
    painter = RayPainter(camera, replace(GREY, handrail=True))
    at = np.floor(camera.project(np.array([[0.02, 0.878, 0.41]]))[0]).astype(int)
    behind, before = (
        red(painter.paint_linear([someone(run, 1.2, at=(0, 0, z_m))], 0.0))[at[1], at[0]] for z_m in (0, 0.8)
    )
    assert not behind
    assert before


@pytest.mark.usefixtures("compiled")
def test_the_nearer_runner_hides_the_other_whatever_the_order(run: Run) -> None:
    camera = CAMERAS["right"]
    painter = RayPainter(camera, GREY)
    green = replace(LOOK, shirt=(0.02, 0.8, 0.02))
    near, far = someone(run, 1.2, (0, 0, 0.9), green), someone(run, 1.2, (0, 0, -0.4))
    one, other = painter.paint_linear([near, far], 0.0), painter.paint_linear([far, near], 0.0)
    assert np.abs(one - other).max() < 0.001  # how a ray gets to the surface depends on what is looked at first
    column, row = np.floor(camera.project(near[0].points["chest"] + near[3])[0]).astype(int)
    assert one[row, column, 1] > 3 * one[row, column, 0]


@pytest.mark.usefixtures("compiled")
def test_who_is_out_of_the_picture_or_behind_the_camera_is_not_painted(run: Run) -> None:
    camera = CAMERAS["right"]
    painter = RayPainter(camera, GREY)
    for at in ((30.0, 0.0, 0.0), (0.0, 0.0, camera.distance_m + 1.5)):
        assert np.array_equal(painter.paint([someone(run, 1.1, at)], 0.0), painter.paint([], 0.0))


@pytest.mark.usefixtures("compiled")
def test_light_is_the_painters(run: Run) -> None:
    """Folds and the shadows of arms make the mean a little darker, by no more than a tenth."""
    cloth = Appearance(shirt=RED, shorts=RED, skin=RED)
    for view in ("right", "rear"):
        light = [
            painter(CAMERAS[view], GREY).paint_linear([someone(run, 1.1, look=cloth)], 0.0)
            for painter in (Painter, RayPainter)
        ]
        both = red(light[0]) & red(light[1])
        assert 0.9 < light[1][both].mean() / light[0][both].mean() < 1.02


@pytest.mark.usefixtures("compiled")
def test_the_same_picture_again_also_from_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gait.simulate.render.clip.CHUNK_FRAMES", 1)
    camera = Camera.from_view("right", width_px=64, height_px=64)
    plan = ClipPlan(camera=camera, duration_s=0.1, sampling=Sampling(fps=20), renderer="ray")
    alone, together = (np.stack(list(pictures(plan, jobs=jobs))) for jobs in (1, 2))
    assert len(alone) == 2
    assert np.array_equal(alone, together)
    painted = np.stack(list(pictures(replace(plan, renderer="painter"))))
    assert (alone != painted).any()


@pytest.mark.parametrize("look", [Appearance(), Appearance(long_trousers=True, ponytail=True, sleeve_length=0.0)])
def test_cones_begin_at_the_painters_corners(run: Run, look: Appearance) -> None:
    """A ring's half axes end at its first corner and the one across; soles are pressed flat by 7 mm at most."""
    for piece in surface(run.figure_at(np.array([1.05])), run.runner.body, look):
        cones, tubes = cones_of([piece])
        assert len(tubes) == 1
        assert len(piece.places) - 3 <= len(cones) < len(piece.places)
        corners = piece.places.reshape(-1, 3)
        start, ahead = (cones[:, column(CONE, name) :][:, :3] for name in ("start", "start_ahead"))
        half_m = cones[:, [column(CONE, "ahead_m")]]
        ends = start - half_m * ahead, start + half_m * ahead  # of the hair the front is cut off
        for end in ends[:1] if piece.name == "hair" else ends:
            off_m = np.linalg.norm(end[:, None] - corners, axis=2).min(axis=1)
            limit_m = {"sole": 0.007, "hair": 0.001}.get(piece.name.rsplit("_")[-1], 1e-6)
            assert off_m.max() < limit_m, piece.name


def without_numba(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numba", None)


def test_without_numba_one_is_told_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without_numba(monkeypatch)
    said = r"pip install 'rungait\[ray\]'"
    with pytest.raises(MissingExtra, match=said):
        RayPainter(CAMERAS["right"], GREY)
    plan = ClipPlan(duration_s=0.1, renderer="ray")
    for jobs in (1, 2):
        with pytest.raises(MissingExtra, match=said):
            write_clip(plan, tmp_path / "clip.mp4", jobs=jobs)
    assert not list(tmp_path.iterdir())


def test_the_command_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without_numba(monkeypatch)
    arguments = ["simulate", "--preset", "front", "--renderer", "ray", "--out", str(tmp_path / "clip.mp4")]
    ended = CliRunner().invoke(app, arguments)
    assert ended.exit_code == MissingExtra.exit_code
    assert "rungait[ray]" in " ".join(ended.output.split())


def test_a_renderer_that_is_not_there() -> None:
    with pytest.raises(ConfigError, match="choose painter or ray"):
        ClipPlan(renderer="crayon")  # type: ignore[arg-type]
