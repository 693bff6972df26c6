"""Clips made on the spot, in which every picture carries its own number, and analyses that many tests look at."""

import functools
import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import islice
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

import av
import numpy as np
import pytest
from hypothesis import settings
from numpy.typing import NDArray

import gait
from gait.model import Track
from gait.simulate.camera import Camera
from gait.simulate.film import film
from gait.simulate.keypoint_noise import KeypointNoise
from gait.simulate.sampling import Sampling
from gait.simulate.truth import leg_length_m
from gait.validate.forceplate import ForcePlateRun, load_run
from gait.video import frames, read_video, write_video

# The same examples in every run: a test that fails by chance says nothing about the change that it stops.
settings.register_profile("same", derandomize=True)
settings.load_profile("same")

ROOT = Path(__file__).parents[1]
SIDE, REAR = (ROOT / "sample_videos" / name for name in ("side.mp4", "rear.mp4"))
SHARED_CLIPS = ROOT.parent / "shared" / "data" / "videos"
FORCE_PLATE_RUNS = ROOT.parent / "shared" / "data" / "rbds"

WIDTH_PX, HEIGHT_PX = 160, 96
_BIT_PX = 20
_QUIET = {"libx265": {"x265-params": "log-level=none"}}


def _numbered(number: int) -> NDArray[np.uint8]:
    """A picture with its number in binary along the top, a red patch at the bottom left, and noise at the right."""
    picture = np.full((HEIGHT_PX, WIDTH_PX, 3), 96, np.uint8)
    for bit in range(WIDTH_PX // _BIT_PX):
        picture[: HEIGHT_PX // 3, bit * _BIT_PX : (bit + 1) * _BIT_PX] = 235 if number >> bit & 1 else 20
    picture[-HEIGHT_PX // 3 :, : WIDTH_PX // 4] = (220, 30, 30)
    noise = np.random.default_rng(number).integers(0, 255, (HEIGHT_PX // 2, WIDTH_PX // 2, 1))
    picture[HEIGHT_PX // 2 :, WIDTH_PX // 2 :] = noise
    return picture


def _number(picture: NDArray[np.uint8]) -> int:
    """The number that `_numbered` put into a picture."""
    row = picture[HEIGHT_PX // 6, _BIT_PX // 2 :: _BIT_PX].mean(axis=1) > 128
    return int(sum(1 << bit for bit, is_set in enumerate(row) if is_set))


@pytest.fixture(scope="session")
def clip_number() -> Callable[[NDArray[np.uint8]], int]:
    """Reads the number of a picture of a clip."""
    return _number


@pytest.fixture(scope="session")
def clip_pictures() -> Callable[[int], Iterator[NDArray[np.uint8]]]:
    """The pictures of which the clips are made."""
    return lambda n_frames: map(_numbered, range(n_frames))


@pytest.fixture(scope="session")
def clip_file() -> Callable[..., Path]:
    """Encodes a clip of numbered pictures: `clip_file(path, ticks=..., clock=Fraction(1, 600), codec="libx264")`."""
    return _encode


def _encode(
    path: Path,
    *,
    n_frames: int = 40,
    ticks: list[int] | None = None,
    clock: Fraction = Fraction(1, 30),
    codec: str = "libx264",
    pixel_format: str = "yuv420p",
    options: dict[str, str] | None = None,
    container_options: dict[str, str] | None = None,
    context: dict[str, object] | None = None,
    metadata: dict[str, str] | None = None,
) -> Path:
    ticks = list(range(n_frames)) if ticks is None else ticks
    with av.open(str(path), "w", options=container_options or {}) as container:
        container.metadata.update(metadata or {})
        stream = container.add_stream(codec, rate=30, options={**_QUIET.get(codec, {}), **(options or {})})
        stream.width, stream.height, stream.pix_fmt = WIDTH_PX, HEIGHT_PX, pixel_format
        stream.codec_context.time_base = clock
        for name, value in (context or {}).items():
            setattr(stream.codec_context, name, value)
        for number, tick in enumerate(ticks):
            frame = av.VideoFrame.from_ndarray(_numbered(number), format="rgb24").reformat(format=pixel_format)
            frame.pts, frame.time_base = tick, clock
            for packet in stream.encode(frame):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    return path


@pytest.fixture(scope="session")
def clip_plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """40 frames at 30 fps, H.264 with B-frames in an MP4 whose index stands at the end, as phones write it."""
    return _encode(tmp_path_factory.mktemp("clips") / "plain.mp4")


@pytest.fixture(scope="session")
def clip_faststart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with the index in front, as web sites write it."""
    path = tmp_path_factory.mktemp("clips") / "faststart.mp4"
    return _encode(path, container_options={"movflags": "+faststart"})


@pytest.fixture(scope="session", autouse=True)
def analysis_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keypoints of the whole session: the pose model runs once per clip, and the user's own cache is left alone."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GAIT_CACHE_DIR", str(folder))
        yield folder


@pytest.fixture(scope="session")
def analysis_of(analysis_cache: Path) -> Callable[..., gait.Analysis]:
    """Analyses a clip with what is known about it, once a session: `analysis_of(path, height_m=1.68)`."""

    @functools.cache
    def analyse(clip: Path, **known: float) -> gait.Analysis:
        return gait.analyze(clip, gait.Config().with_values({"calibration": known}, source="test"))

    return analyse


@pytest.fixture(scope="session")
def analysis_side(analysis_of: Callable[..., gait.Analysis]) -> gait.Analysis:
    """The sample clip from the side, its belt's speed known."""
    return analysis_of(SIDE, speed_mps=12.3 / 3.6)


@pytest.fixture(scope="session")
def analysis_rear(analysis_of: Callable[..., gait.Analysis]) -> gait.Analysis:
    """The sample clip from the rear, the runner's height known."""
    return analysis_of(REAR, height_m=1.75)


@pytest.fixture(scope="session")
def analysis_two_seconds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first 120 frames of the side clip: a runner, but too few strides for any value."""
    video, path = read_video(SIDE), tmp_path_factory.mktemp("clips") / "two_seconds.mp4"
    time_s = video.file_time_s[:120]
    write_video(path, islice(frames(video), 120), time_s=time_s, width_px=video.width_px, height_px=video.height_px)
    return path


@pytest.fixture(scope="session")
def analysis_command() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs the command line in a process of its own: `analysis_command("analyze", clip, "--no-video")`."""

    def run(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", "from gait.cli import main; main()", *map(str, arguments)],
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=300,
            check=False,
            env={**os.environ, "PYTHONIOENCODING": "utf-8", "COLUMNS": "120", **environment},
        )

    return run


@pytest.fixture(scope="session")
def analysis_written(
    analysis_side: gait.Analysis,
    analysis_command: Callable[..., subprocess.CompletedProcess[str]],
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """The folder that `gait analyze` made of the side clip, and how the command ended."""
    folder = tmp_path_factory.mktemp("reports") / "new" / "side"
    return folder, analysis_command("analyze", SIDE, "--speed-kmh", "12.3", "--out", folder)


@pytest.fixture(scope="session")
def real_clip() -> Callable[[str], Path]:
    """A real clip by name; the test is skipped where the clips aren't there."""

    def find(name: str) -> Path:
        if not (SHARED_CLIPS / name).exists():
            pytest.skip(f"{name} is a recording that isn't part of the project; it would lie in {SHARED_CLIPS}")
        return SHARED_CLIPS / name

    return find


def _synthetic_module() -> ModuleType:
    """`tests/synthetic.py`; with `--import-mode=importlib` a test can't import its neighbours by name."""
    spec = importlib.util.spec_from_file_location("synthetic", Path(__file__).with_name("synthetic.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


_SYNTHETIC = _synthetic_module()


@pytest.fixture(scope="session")
def synthetic_runner() -> Any:
    """The class of made-up runners: `synthetic_runner(cadence_spm=170).film("right", fps=60)`."""
    return _SYNTHETIC.Runner


@pytest.fixture(scope="session")
def synthetic_track() -> Callable[..., Track]:
    """Makes a track of any coordinates: `synthetic_track(xy, file_time_s, fps=30)`."""
    return _SYNTHETIC.make_track


@pytest.fixture(scope="session")
def synthetic_mirrored() -> Callable[[Track], Track]:
    """Mirrors the picture; every keypoint is named by the side that it then shows."""
    return _SYNTHETIC.mirrored


@pytest.fixture(scope="session")
def synthetic_analysis() -> Callable[..., gait.Analysis]:
    """Analyses a made-up runner, once a session: `synthetic_analysis("rear", fps=60, noise_px=1, lean_deg=8)`."""
    camera = {"fps", "noise_px", "px_per_m", "roll_deg", "capture_speed", "noise_seed"}

    @functools.cache
    def analyse(view: str, height_m: float | None = None, **settings: float) -> gait.Analysis:
        runner = _SYNTHETIC.Runner(**{name: value for name, value in settings.items() if name not in camera})
        track = runner.film(view, **{name: value for name, value in settings.items() if name in camera})
        known = {} if height_m is None else {"height_m": height_m}
        return gait.analyze_track(track, gait.Config().with_values({"calibration": known}, source="test"))

    return analyse


@pytest.fixture(scope="session")
def forceplate_run() -> ForcePlateRun:
    """A runner on an instrumented treadmill at 2.5 m/s; the test is skipped where the recording isn't there."""
    if not (FORCE_PLATE_RUNS / "RBDS001runT25forces.txt").is_file():
        pytest.skip(f"the force-plate recording isn't part of the project; it would lie in {FORCE_PLATE_RUNS}")
    return load_run(FORCE_PLATE_RUNS)


@pytest.fixture(scope="session")
def forceplate_track(forceplate_run: ForcePlateRun) -> Callable[..., Track]:
    """The force-plate run as keypoints, the noise in metres per coordinate: `(view="left", fps=30, noise_m=0.008)`."""
    leg_m = leg_length_m(forceplate_run, "left")

    def filmed(
        view: Literal["left", "right", "rear", "front"],
        fps: float,
        *,
        noise_m: float,
        seed: int = 0,
        duration_s: float | None = None,
    ) -> Track:
        noise = KeypointNoise(jitter_leg_lengths=noise_m / leg_m)
        camera, sampling = Camera.from_view(view), Sampling(fps=fps)
        return film(forceplate_run, camera, sampling, noise, duration_s=duration_s, seed=seed).track

    return filmed


@pytest.fixture(scope="session")
def forceplate_analysis(forceplate_track: Callable[..., Track]) -> Callable[..., gait.Analysis]:
    """Analyses the force-plate run seen by a camera with 8 mm noise, once a session: `(view="left", fps=30)`."""

    @functools.cache
    def analyse(view: Literal["left", "right", "rear", "front"], fps: float, seed: int = 0) -> gait.Analysis:
        return gait.analyze_track(forceplate_track(view, fps, noise_m=0.008, seed=seed), gait.Config())

    return analyse
