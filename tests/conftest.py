"""Clips made on the spot: every picture carries its own number, so that a test can see which one it got."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

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
