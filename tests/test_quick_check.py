"""What `gait check` says about made-up clips, by a pose model that finds what it is told."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from gait.config import Config
from gait.errors import NoPerson
from gait.model import Analysis, Skeleton
from gait.quick_check import LOOKED_AT_FRAMES, Mark, Remark, check, verdict
from gait.simulate.camera import Camera
from gait.simulate.film import film
from gait.simulate.keypoint_noise import KeypointNoise
from gait.simulate.sampling import Sampling
from gait.validate.runners import drawn_run

HEIGHT_PX = 720  # of the clip whose keypoints are shown
SMALL = (320, 180)  # of the clips that are encoded for it


@dataclass(frozen=True)
class Told:
    """A pose model that answers with keypoints of another clip, 60 a second, whatever it sees."""

    xy: NDArray[np.float32]
    confidence: NDArray[np.float32]
    skeleton: Skeleton
    every: int

    def follow(self, pictures: Iterable[Any], *, fps: float) -> Iterator[Any]:
        del fps
        for number, _ in enumerate(pictures):
            xy, confidence = self.xy[number * self.every], self.confidence[number * self.every]
            yield {0: (xy, confidence)} if (confidence > 0).any() else {}


@pytest.fixture
def told(analysis_side: Analysis) -> Callable[..., Config]:
    """Settings with such a model; `change` edits the runner's keypoints."""

    def settings(change: Callable[[Any, Any, Skeleton], None] = lambda *_: None, *, every: int = 2) -> Config:
        track = analysis_side.raw_track
        scale = np.float32(SMALL[1] / HEIGHT_PX)
        xy, confidence = track.xy * scale, track.confidence.copy()
        change(xy, confidence, track.skeleton)
        return replace(Config(), pose=Told(xy, confidence, track.skeleton, every))  # type: ignore[arg-type]

    return settings


@pytest.fixture
def clip(tmp_path: Path) -> Callable[..., Path]:
    """A clip of one grey level: `clip(seconds=20, fps=60, level=128)`."""

    def make(*, seconds: float = 20, fps: int = 60, level: int = 128) -> Path:
        path = tmp_path / "run.mp4"
        with av.open(str(path), "w") as container:
            stream = container.add_stream("libx264", rate=fps, options={"preset": "ultrafast"})
            stream.width, stream.height, stream.pix_fmt = *SMALL, "yuv420p"
            picture = np.full((SMALL[1], SMALL[0], 3), level, np.uint8)
            for number in range(round(seconds * fps)):
                frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
                frame.pts, frame.time_base = number, Fraction(1, fps)
                container.mux(stream.encode(frame))
            container.mux(stream.encode())
        return path

    return make


def about(remarks: tuple[Remark, ...], word: str) -> Remark:
    """The one remark that mentions a word."""
    (remark,) = [remark for remark in remarks if word in remark.seen]
    return remark


def test_steady_run(told: Any, clip: Any) -> None:
    remarks = check(clip(), told())
    assert about(remarks, "long") == Remark("good", "20 s long")
    assert about(remarks, "frames per second") == Remark("good", "60 frames per second")
    assert about(remarks, "light") == Remark("good", "the light is good")
    assert about(remarks, "seen from") == Remark("good", "seen from the left")
    assert about(remarks, "feet") == Remark("good", "the feet are seen")
    assert about(remarks, "steady") == Remark("good", "a steady run")
    size = about(remarks, "pixels tall")  # 115 pixels in these small pictures
    assert size.mark == "bad"
    assert "go nearer" in size.advice
    assert len(remarks) == 7
    assert verdict(remarks) == "bad"


@pytest.mark.parametrize(("seconds", "mark"), [(3, "bad"), (5, "fair"), (16, "good")])
def test_length(told: Any, clip: Any, seconds: float, mark: Mark) -> None:
    remark = about(check(clip(seconds=seconds), told()), "long")
    assert remark.mark == mark
    assert ("20 s" in remark.advice) == (mark != "good")


@pytest.mark.parametrize(("fps", "mark"), [(15, "bad"), (30, "fair"), (60, "good"), (240, "good")])
def test_frame_rate(told: Any, clip: Any, fps: int, mark: Mark) -> None:
    """Whatever the rate, no more than 30 frames a second are looked at, so the run is as steady as it was."""
    remarks = check(clip(seconds=4, fps=fps), told(every=4 if fps == 15 else 2))
    assert about(remarks, f"{fps} frames per second").mark == mark
    assert about(remarks, "steady run").mark == "good"


@pytest.mark.parametrize(("level", "mark"), [(20, "bad"), (60, "fair"), (128, "good")])
def test_light(told: Any, clip: Any, level: int, mark: Mark) -> None:
    remarks = check(clip(seconds=4, level=level), told())
    (remark,) = [remark for remark in remarks if "dark" in remark.seen or "light" in remark.seen]
    assert remark.mark == mark
    assert bool(remark.advice) == (mark != "good")


def test_feet_below_the_picture(told: Any, clip: Any) -> None:
    def lower(xy: Any, _confidence: Any, skeleton: Skeleton) -> None:
        for name in skeleton.names:
            if name.endswith(("ankle", "heel", "foot_index")):
                xy[:, skeleton.index(name), 1] += 100

    remark = about(check(clip(seconds=4), told(lower)), "the feet can't be seen")
    assert remark.mark == "bad"
    assert "feet free" in remark.advice


def test_somebody_who_stands(told: Any, clip: Any) -> None:
    def stand(xy: Any, _confidence: Any, _skeleton: Skeleton) -> None:
        xy[:] = xy[100]

    remark = about(check(clip(seconds=4), told(stand)), "walking or standing")
    assert remark.mark == "bad"


def test_runner_turned_from_the_camera(told: Any, clip: Any) -> None:
    """Shoulders 0.36 trunks apart: half as wide as from the front, so 30 degrees from the side."""

    def turn(xy: Any, _confidence: Any, skeleton: Skeleton) -> None:
        left, right, hips = (
            skeleton.index("left_shoulder"), skeleton.index("right_shoulder"),
            [skeleton.index("left_hip"), skeleton.index("right_hip")],
        )  # fmt: skip
        middle = (xy[:, left] + xy[:, right]) / 2
        trunk_px = np.linalg.norm(middle - xy[:, hips].mean(axis=1), axis=1)
        xy[:, left, 0], xy[:, right, 0] = middle[:, 0] - 0.18 * trunk_px, middle[:, 0] + 0.18 * trunk_px

    remark = about(check(clip(seconds=4), told(turn)), "obliquely")
    assert remark.mark == "bad"
    (degrees,) = re.findall(r"some (\d+) degrees from the side", remark.seen)
    assert int(degrees) == pytest.approx(30, abs=2)
    assert "square" in remark.advice


def test_a_cut_is_said(told: Any, clip: Any) -> None:
    def cut(xy: Any, _confidence: Any, _skeleton: Skeleton) -> None:
        middle = np.nanmean(xy[100:], axis=(0, 1))  # edges of the outline aren't always seen
        xy[100:] = (xy[100:] - middle) * 0.7 + middle - (30, 0)

    remark = about(check(clip(seconds=4), told(cut)), "cut")
    assert remark.mark == "fair"
    assert "one go" in remark.advice
    assert not any("cut" in remark.seen for remark in check(clip(seconds=4), told()))


@pytest.mark.parametrize(("yaw_deg", "mark", "seen"), [(0.0, "good", "seen from the rear"), (13.0, "fair", "aside")])
def test_a_rear_camera_that_stands_aside_is_said(clip: Any, yaw_deg: float, mark: Mark, seen: str) -> None:
    square = Camera.from_view("rear", width_px=1920, height_px=1080)
    camera = replace(square, yaw_deg=square.yaw_deg + yaw_deg)
    track = film(drawn_run(1, 13.0), camera, Sampling(fps=30), KeypointNoise(), start_s=1.0, duration_s=10.0).track
    model = Told(track.xy * np.float32(SMALL[1] / 1080), track.confidence, track.skeleton, 1)
    remarks = check(clip(seconds=4), replace(Config(), pose=model))  # type: ignore[arg-type]
    assert about(remarks, seen).mark == mark


def test_slow_motion_is_not_held_to_be_walking(clip: Any) -> None:
    """At half speed a pelvis falls with a quarter of its acceleration; a fast cadence makes it three strides."""
    run, camera = drawn_run(1, 9.0, chosen={"cadence_spm": 198.0}), Camera.from_view("rear")
    track = film(run, camera, Sampling(fps=60), KeypointNoise(), start_s=1.0, duration_s=6.0).track
    scale = np.float32(SMALL[1] / track.video.height_px)
    model = Told(track.xy * scale, track.confidence, track.skeleton, 1)
    remarks = check(clip(seconds=4), replace(Config(), pose=model))  # type: ignore[arg-type]
    assert about(remarks, "steady run").mark == "good"
    said = about(remarks, "times slower than real")
    assert said.mark == "fair"
    assert "--capture-fps" in said.advice


def test_a_normal_clip_is_no_slow_motion(told: Any, clip: Any) -> None:
    assert not any("slow" in remark.seen for remark in check(clip(seconds=4), told()))


def test_nobody(told: Any, clip: Any) -> None:
    def leave(xy: Any, confidence: Any, _skeleton: Skeleton) -> None:
        xy[:], confidence[:] = np.nan, 0

    with pytest.raises(NoPerson, match=r"run\.mp4"):
        check(clip(seconds=2), told(leave))


def test_the_shortest_clip_there_is(told: Any, clip: Any) -> None:
    remarks = check(clip(seconds=0.2), told())  # 12 frames
    assert about(remarks, "0.2 s long").mark == "bad"
    assert about(remarks, "no repeated stride").mark == "bad"


def test_the_middle_is_looked_at_and_progress_told(told: Any, clip: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import gait.quick_check

    spans: list[tuple[int, int]] = []
    frames = gait.quick_check.frames

    def watched(video: Any, start: int, stop: int) -> Any:
        spans.append((start, stop))
        return frames(video, start, stop)

    monkeypatch.setattr(gait.quick_check, "frames", watched)
    steps: list[tuple[str, int, int]] = []
    check(clip(seconds=10), told(), progress=lambda *step: steps.append(step))
    assert spans == [(180, 420)]  # of 600 frames at 60 fps, every other one
    assert (steps[0], steps[-1]) == (("pose", 0, 120), ("pose", 120, 120))
    assert [done for _, done, _ in steps] == sorted(done for _, done, _ in steps)
    assert {done for _, done, _ in steps} == set(range(LOOKED_AT_FRAMES + 1)), "each picture is told"


def test_verdict_is_the_worst_mark() -> None:
    good, fair, bad = (Remark(mark, "seen") for mark in ("good", "fair", "bad"))
    assert verdict((good, good)) == "good"
    assert verdict((good, fair, good)) == "fair"
    assert verdict((fair, bad, good)) == "bad"
