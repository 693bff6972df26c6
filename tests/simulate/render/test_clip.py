"""Rendered clips: the truth beside them, time stamps, rotation, and that nothing is left of what isn't complete."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import jsonschema
import numpy as np
import pytest

from gait.errors import ConfigError, OutputError
from gait.simulate.camera import Camera
from gait.simulate.render.appearance import Appearance
from gait.simulate.render.clip import Studio, cached_clip, pictures, write_clip
from gait.simulate.render.exposure import EXPOSURES, Exposure
from gait.simulate.render.plan import ClipPlan, Person
from gait.simulate.render.truth_file import SCHEMA, truth_of, truth_path
from gait.simulate.runner import Runner
from gait.simulate.sampling import Sampling
from gait.simulate.variation import Change
from gait.video import frames, read_video

HALF_A_TICK_S = 0.5 / 90_000 + 1e-9
RED, GREEN = (0.9, 0.01, 0.01), (0.01, 0.8, 0.01)
TINY = ClipPlan(
    person=Person(appearance=Appearance(shoe=RED, sole=RED, shirt=GREEN, sleeve_length=0.0)),
    camera=Camera.from_view("right", width_px=160, height_px=160),
    duration_s=0.4,
    crf=16,
)


class DotPainter:
    """Paints a square for each point of the body, a hundred times as fast as a body."""

    def __init__(self, camera: Camera, _room: Any, *, supersampling: int) -> None:
        assert supersampling in (1, 2)
        self.camera = camera

    def paint_linear(self, people: Any, _belt_m: float, time_s: float) -> Any:
        light = np.full((self.camera.height_px, self.camera.width_px, 3), 0.3, dtype=np.float32)
        for figure, _body, _appearance, offset_m in people:
            for number, place in enumerate(figure.points.values()):
                x, y = np.floor(self.camera.project(place[0] + offset_m, time_s)).astype(int)
                light[max(y - 2, 0) : y + 3, max(x - 2, 0) : x + 3] = 0.04 * number
        return light


@pytest.fixture
def dots(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clips of dots instead of bodies, for what isn't about bodies; in this process only."""
    monkeypatch.setattr("gait.simulate.render.clip.Painter", DotPainter)


@pytest.fixture(scope="module")
def tiny_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_clip(TINY, tmp_path_factory.mktemp("clip") / "tiny.mp4")


@pytest.fixture(scope="module")
def tiny_truth(tiny_clip: Path) -> Any:
    return json.loads(truth_path(tiny_clip).read_text(encoding="utf-8"))


def hue_near(picture: Any, xy: Any, *, channel: int) -> float:
    """How much more of one colour than of the others there is in 3 x 3 pixels."""
    x, y = np.floor(xy).astype(int)
    patch = picture[y - 1 : y + 2, x - 1 : x + 2].reshape(-1, 3).astype(float).mean(axis=0)
    return float(patch[channel] - np.delete(patch, channel).max())


def test_the_true_pixels_lie_on_the_runner(tiny_clip: Path, tiny_truth: Any) -> None:
    """Between heel and toe of the near foot there is shoe, between near shoulder and hip shirt."""
    pixels = {name: np.array(joint["pixels"]) for name, joint in tiny_truth["joints"].items()}
    shoe = 0.5 * (pixels["right_heel"] + pixels["right_foot_index"])
    shirt = 0.7 * pixels["right_shoulder"] + 0.3 * pixels["right_hip"]
    behind_arm = [
        min(np.linalg.norm(pixels[f"right_{arm}"][i] - shirt[i]) for arm in ("elbow", "wrist")) < 14
        for i in range(len(shirt))
    ]
    red, green = [], []
    for i, picture in enumerate(frames(read_video(tiny_clip))):
        red.append(hue_near(picture, shoe[i], channel=0))
        green.append(hue_near(picture, shirt[i], channel=1))
    assert len(red) == tiny_truth["n_frames"] == 12
    assert min(red) > 40
    assert np.mean([g > 40 for g, hidden in zip(green, behind_arm, strict=True) if not hidden]) > 0.9


def test_the_room_without_the_runner_differs_where_the_joints_are() -> None:
    """Every joint of the near leg lies on what the runner adds to the picture."""
    studio, seen = Studio(TINY), TINY.seen_px(TINY.run(), TINY.time_s())
    deserted = Studio(replace(TINY, person=replace(TINY.person, place_m=(30.0, 0.0, -30.0))))
    for i in (0, 5, 10):
        painted = studio.frames(i, i + 1)[0].astype(int)
        empty = deserted.frames(i, i + 1)[0]
        added = (np.abs(painted - empty.astype(int)).max(axis=2) > 8).astype(np.uint8)
        added = cv2.dilate(added, np.ones((3, 3), np.uint8))  # a heel lies on the outline
        for name in ("right_hip", "right_knee", "right_ankle", "right_heel", "right_foot_index", "right_shoulder"):
            x, y = np.floor(seen[name][i]).astype(int)
            assert added[y, x], (name, i)


def test_truth_follows_its_schema(tiny_truth: Any) -> None:
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(tiny_truth)
    other = replace(
        TINY,
        person=replace(TINY.person, changes=(Change("trunk_lean_deg", 3.0),)),
        others=(Person(place_m=(0.0, 0.0, -2.0), heading_deg=180.0, ground_speed_mps=2.0),),
        exposure=EXPOSURES["phone-dark"],
        camera=Camera(yaw_deg=200.0, field_of_view_deg=30.0),
    )
    rich = json.loads(json.dumps(truth_of(other, video="clip.mp4")))
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(rich)
    assert rich["view"] == "rear"
    assert rich["near_side"] is None
    assert len(rich["others"]) == 1


def test_truth_is_the_runs(tiny_truth: Any) -> None:
    run, time_s = TINY.run(), TINY.time_s()
    joints = run.joints_at(time_s)
    for name, joint in tiny_truth["joints"].items():
        np.testing.assert_allclose(joint["metres"], joints[name], atol=0.51e-4)
        np.testing.assert_allclose(joint["pixels"], TINY.camera.project(joints[name], time_s), atol=0.0051)
    for event in tiny_truth["events"]:
        times = (run.contact_s if event["kind"] == "initial_contact" else run.toe_off_s)[event["side"]]
        assert np.abs(times - event["time_s"]).min() < 1e-6
        assert 0 <= event["time_s"] <= TINY.duration_s
    steps = tiny_truth["steps"]
    assert len({len(column) for column in steps.values()}) == 1
    assert set(steps) == {"side", "contact_s", "toe_off_s", *run.steps.value}
    assert (tiny_truth["view"], tiny_truth["near_side"], tiny_truth["direction"]) == ("right", "right", "right")
    assert tiny_truth["leg_length_m"] == pytest.approx(Runner().body.leg_m, abs=1e-4)
    assert tiny_truth["px_per_m"] == pytest.approx(TINY.camera.focal_px / 4.0, rel=0.01)


def test_metrics_are_the_means_of_the_whole_strides_filmed(tiny_truth: Any) -> None:
    assert tiny_truth["metrics"] == {}, "0.4 s hold no stride"
    truth = truth_of(replace(TINY, duration_s=4.0), video="clip.mp4")
    contacts_s = {
        side: np.array([e["time_s"] for e in truth["events"] if (e["kind"], e["side"]) == ("initial_contact", side)])
        for side in ("left", "right")
    }
    times = np.concatenate([np.diff(times_s) for times_s in contacts_s.values()])
    metrics = truth["metrics"]
    assert metrics["stride_time_s"] == {"both": pytest.approx(times.mean(), abs=2e-5)}
    contact_s = np.array(truth["steps"]["toe_off_s"]) - truth["steps"]["contact_s"]
    for side, own_s in contacts_s.items():
        whole = np.isin(np.round(truth["steps"]["contact_s"], 6), np.round(own_s[:-1], 6))
        assert whole.sum() == len(own_s) - 1
        assert metrics["contact_time_s"][side] == pytest.approx(contact_s[whole].mean(), abs=2e-5)
    assert set(metrics["trunk_lean_deg"]) == {"both"}
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(truth)


def test_a_long_truth_is_small() -> None:
    plan = replace(TINY, duration_s=8.0, sampling=Sampling(fps=60.0), camera=Camera.from_view("left"))
    text = json.dumps(truth_of(plan, video="clip.mp4"), separators=(",", ":"))
    assert 100_000 < len(text) < 1_500_000


def test_with_a_rolling_shutter_the_feet_are_seen_later() -> None:
    rolling = replace(TINY, exposure=Exposure(shutter_s=0.01, readout_s=0.02))
    run, time_s = TINY.run(), np.linspace(0.1, 0.4, 40)
    at_once, later = TINY.seen_px(run, time_s), rolling.seen_px(run, time_s)
    for name in ("left_ankle", "nose"):
        share = at_once[name][:, 1] / 160 - 0.5
        speed = TINY.camera.project(run.joints_at(time_s + 1e-3)[name], time_s) - at_once[name]
        expected = at_once[name] + speed * (share * 0.02 / 1e-3)[:, None]
        np.testing.assert_allclose(later[name], expected, atol=0.6)  # an ankle bends its way by so much in 10 ms
    assert np.abs(later["left_ankle"] - at_once["left_ankle"]).max() > 1.5
    turned = replace(rolling, rotation_deg=90)
    assert turned.reading_share(np.array([[0.0, 80.0], [160.0, 80.0]])).tolist() == [1.0, 0.0]


@pytest.mark.parametrize(
    "sampling",
    [
        Sampling(fps=30.0, vfr_jitter=0.2, dropped_share=0.1),
        Sampling(fps=120.0, capture_speed=0.25),
        Sampling(fps=25.0),
    ],
)
@pytest.mark.usefixtures("dots")
def test_time_stamps_are_read_as_planned(tmp_path: Path, sampling: Sampling) -> None:
    plan = replace(TINY, sampling=sampling, duration_s=0.6, camera=Camera.from_view("rear", width_px=64, height_px=64))
    path = write_clip(plan, tmp_path / "clip.mp4")
    video, truth = read_video(path), json.loads(truth_path(path).read_text(encoding="utf-8"))
    np.testing.assert_allclose(video.file_time_s, plan.file_time_s(), atol=HALF_A_TICK_S)
    np.testing.assert_allclose(video.file_time_s, truth["frames"]["file_time_s"], atol=HALF_A_TICK_S + 1e-6)
    np.testing.assert_allclose(plan.file_time_s() * sampling.capture_speed, truth["frames"]["time_s"], atol=1e-6)
    assert float(video.fps) == pytest.approx(truth["fps"], rel=0.01)
    assert all(e["file_time_s"] * sampling.capture_speed == pytest.approx(e["time_s"]) for e in truth["events"])


@pytest.mark.usefixtures("dots")
@pytest.mark.parametrize("rotation_deg", [90, 180, 270])
def test_a_phone_held_upright_gives_upright_pictures(tmp_path: Path, rotation_deg: Any) -> None:
    plan = replace(TINY, rotation_deg=rotation_deg)
    video = read_video(write_clip(plan, tmp_path / "clip.mp4"))
    assert video.rotation_deg == rotation_deg
    for turned, plain in zip(frames(video), pictures(TINY), strict=True):
        off = np.abs(turned.astype(int) - plain.astype(int)).max(axis=2) > 60  # of the dots 2 % of the picture
        assert off.mean() < 0.003  # some pixels on the edges of dots, whose colour H.264 keeps in blocks of four


def test_the_number_of_workers_changes_nothing(tmp_path: Path) -> None:
    camera = Camera.from_view("right", width_px=96, height_px=96)
    noisy = Exposure(shutter_s=1 / 150, white_electrons=300, soft_focus_heights=0.003)
    plan = replace(TINY, camera=camera, exposure=noisy, seed=5)
    one, two = (write_clip(plan, tmp_path / f"{jobs}" / "clip.mp4", jobs=jobs) for jobs in made(tmp_path, 1, 2))
    assert one.read_bytes() == two.read_bytes()
    assert truth_path(one).read_bytes() == truth_path(two).read_bytes()


def made(folder: Path, *numbers: int) -> list[int]:
    for number in numbers:
        (folder / f"{number}").mkdir()
    return list(numbers)


@pytest.mark.usefixtures("dots")
def test_seeds_make_the_noise() -> None:
    plan = replace(TINY, exposure=Exposure(white_electrons=300), duration_s=0.1)
    first, again, other = (list(pictures(p)) for p in (plan, plan, replace(plan, seed=1)))
    assert all((a == b).all() for a, b in zip(first, again, strict=True))
    assert (first[0] != other[0]).any()
    assert (first[0] != first[1]).mean() > 0.3  # every frame has noise of its own


def test_what_moves_is_spread_over_its_way_during_the_exposure(monkeypatch: pytest.MonkeyPatch) -> None:
    class Toe(DotPainter):
        def paint_linear(self, people: Any, _belt_m: float, time_s: float) -> Any:
            figure = people[0][0]
            light = np.zeros((self.camera.height_px, self.camera.width_px, 3), dtype=np.float32)
            x, y = np.floor(self.camera.project(figure.points["right_foot_index"][0], time_s)).astype(int)
            light[y - 2 : y + 3, x - 2 : x + 3] = 1
            return light

    monkeypatch.setattr("gait.simulate.render.clip.Painter", Toe)
    clip = replace(TINY, duration_s=1.0)
    run, time_s = clip.run(), clip.time_s()
    fastest = int(np.argmax(np.gradient(run.joints_at(time_s)["right_foot_index"][:, 0], time_s)))
    for shutter_s in (1 / 1000, 1 / 100, 1 / 33):
        plan = replace(clip, exposure=Exposure(shutter_s=shutter_s))
        picture = Studio(plan).frames(fastest, fastest + 1)[0]
        seen_px = np.ptp(np.nonzero(picture.max(axis=(0, 2)))[0]) - 4
        times = time_s[fastest] + plan.exposure.offset_s[[0, -1]]
        way_px = np.ptp(TINY.camera.project(run.joints_at(times)["right_foot_index"])[:, 0])
        assert seen_px == pytest.approx(way_px, abs=1.01)  # whole pixels at both ends
    assert way_px > 6


@pytest.mark.usefixtures("dots")
@pytest.mark.parametrize("jobs", [1, 2])
def test_interrupted_writing_leaves_nothing(tmp_path: Path, jobs: int) -> None:
    def stop(_stage: str, done: int, _total: int, /) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_clip(
            replace(TINY, duration_s=0.6, camera=Camera.from_view("left", width_px=64, height_px=64)),
            tmp_path / "clip.mp4",
            progress=stop,
            jobs=jobs,
        )
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"can't be written"):
        write_clip(TINY, tmp_path / "nowhere" / "clip.mp4")


@pytest.mark.usefixtures("dots")
def test_what_is_in_the_cache_is_not_painted_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = replace(TINY, duration_s=0.4)
    path = cached_clip(plan, tmp_path / "cache")
    before = path.read_bytes()
    monkeypatch.setattr("gait.simulate.render.clip.Painter", None)
    assert cached_clip(plan, tmp_path / "cache") == path
    assert path.read_bytes() == before
    with pytest.raises(TypeError):  # another clip has to be painted
        cached_clip(replace(plan, crf=17), tmp_path / "cache")
    truth_path(path).unlink()
    with pytest.raises(TypeError):  # and one that isn't complete
        cached_clip(plan, tmp_path / "cache")


@pytest.mark.usefixtures("dots")
def test_progress_is_counted_in_frames() -> None:
    told: list[tuple[int, int]] = []
    progress: Callable[..., None] = lambda _stage, done, total, /: told.append((done, total))  # noqa: E731
    n = len(list(pictures(TINY, progress=progress)))
    assert told == [(0, n), (8, n), (n, n)]


def test_plans_that_can_not_be() -> None:
    with pytest.raises(ConfigError, match=r"60 fps .* choose a shutter_s"):
        replace(TINY, sampling=Sampling(fps=60.0), exposure=EXPOSURES["phone-dark"])
    dark = replace(TINY, exposure=EXPOSURES["phone-dark"]).changed(fps=60.0, size_px=(320, 180), duration_s=2.0)
    assert dark.exposure.shutter_s == 1 / 60
    assert (dark.camera.width_px, dark.camera.height_px, dark.duration_s) == (320, 180, 2.0)
    with pytest.raises(ConfigError, match="rotation_deg can't be 45"):
        replace(TINY, rotation_deg=45)


def test_who_passes_by_moves_over_the_floor() -> None:
    """The standing foot of a jogger on the floor stays where it is, whichever way they go."""
    for heading_deg in (0.0, 180.0, 90.0):
        person = Person(Runner.typical(2.5), heading_deg=heading_deg, ground_speed_mps=2.5)
        run = person.run(3.0)
        contact = run.contact_s["left"][run.contact_s["left"] > 0.5][0]
        toe_off = run.toe_off_s["left"][run.toe_off_s["left"] > contact][0]
        time_s = np.linspace(contact + 0.25 * (toe_off - contact), contact + 0.55 * (toe_off - contact), 20)
        ankle = person.turned(run.figure_at(time_s)).points["left_ankle"] + person.offset_m(time_s, 3.0)
        assert np.ptp(ankle[:, [0, 2]], axis=0).max() < 0.03  # a foot rolls on; on a belt it would go 0.2 m
