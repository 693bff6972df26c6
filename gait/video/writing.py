"""Write pictures as an H.264 video that every browser plays."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gait.errors import OutputError
from gait.video.pictures import Image

if TYPE_CHECKING:
    from av.container import OutputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

_TICKS_PER_S = 90_000  # the clock of MPEG; every usual frame rate is near enough a whole number of its ticks
# The index in front, so that a browser plays before all is loaded; a late start isn't rounded to milliseconds.
_MP4_OPTIONS = {"movflags": "+faststart", "movie_timescale": str(_TICKS_PER_S)}


def write_video(
    path: Path,
    pictures: Iterable[Image],
    *,
    time_s: Sequence[float] | NDArray[np.float64],
    width_px: int,
    height_px: int,
    crf: int = 20,
    rotation_deg: int = 0,
) -> None:
    """Write RGB pictures (height_px, width_px, 3) as an MP4 file, each at its own time stamp.

    A last odd column or row is cut off: H.264 needs even sizes. The file appears when it is complete; if anything
    fails or is interrupted, nothing is left behind.

    Parameters
    ----------
    path
        The file to write; one that exists is replaced.
    pictures
        As many as there are time stamps; taken one at a time.
    time_s
        When each picture is shown, increasing, from 0 on or later.
    width_px, height_px
        Size of the pictures.
    crf
        Quality from 0 (lossless) to 51; 18 to 23 looks like the original.
    rotation_deg
        0, 90, 180 or 270: the clockwise turn by which players show the stored pictures upright, as with phones. What is
        given is upright.

    Raises
    ------
    OutputError
        Where the file can't be written.
    """
    import av

    path = Path(path)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    times_s = np.asarray(time_s, dtype=np.float64)
    stored_px = (width_px, height_px) if rotation_deg % 180 == 0 else (height_px, width_px)
    try:
        with av.open(f"file:{part}", "w", format="mp4", options=_MP4_OPTIONS) as container:
            stream = _h264_stream(container, times_s, width_px=stored_px[0], height_px=stored_px[1], crf=crf)
            if rotation_deg:
                stream.set_display_rotation(-rotation_deg)  # which counts counter-clockwise
            for picture, tick, n_ticks in zip(pictures, *_ticks(times_s), strict=True):
                stored = np.rot90(picture, rotation_deg // 90)
                for packet in stream.encode(_frame(stored, tick, n_ticks, stream)):
                    container.mux(packet)
            for packet in stream.encode():
                container.mux(packet)
        part.replace(path)
    except (OSError, av.error.FFmpegError) as error:
        raise OutputError(
            f"{path} can't be written ({error.strerror}). Is there space, and may you write there?"
        ) from error
    finally:
        part.unlink(missing_ok=True)


def _ticks(times_s: NDArray[np.float64]) -> tuple[list[int], list[int]]:
    """Time stamp and duration of each picture in ticks; the last is shown as long as a usual one."""
    ticks = np.round(times_s * _TICKS_PER_S).astype(np.int64)
    durations = np.diff(ticks)
    last = int(np.median(durations)) if len(durations) else _TICKS_PER_S
    return ticks.tolist(), [*durations.tolist(), last]


def _h264_stream(
    container: OutputContainer, times_s: NDArray[np.float64], *, width_px: int, height_px: int, crf: int
) -> VideoStream:
    """A stream that browsers play: 8 bit 4:2:0, even size, BT.709 colours."""
    from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc

    span_s = float(times_s[-1] - times_s[0]) if len(times_s) > 1 else 0.0
    rate = Fraction((len(times_s) - 1) / span_s).limit_denominator(1001) if span_s > 0 else Fraction(30)
    stream = container.add_stream("libx264", rate=rate, options={"crf": str(crf), "preset": "veryfast"})
    stream.width, stream.height, stream.pix_fmt = width_px - width_px % 2, height_px - height_px % 2, "yuv420p"
    context = stream.codec_context
    context.time_base = Fraction(1, _TICKS_PER_S)
    context.colorspace, context.color_range = Colorspace.ITU709, ColorRange.MPEG
    context.color_primaries, context.color_trc = ColorPrimaries.BT709, ColorTrc.BT709
    return stream


def _frame(picture: Image, tick: int, n_ticks: int, stream: VideoStream) -> VideoFrame:
    """One picture, ready for the encoder."""
    from av.video import VideoFrame as Frame
    from av.video.reformatter import ColorRange, Colorspace

    even = np.ascontiguousarray(picture[: stream.height, : stream.width])
    frame = Frame.from_ndarray(even, format="rgb24").reformat(
        format="yuv420p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG
    )
    frame.pts, frame.duration, frame.time_base = tick, n_ticks, Fraction(1, _TICKS_PER_S)
    return frame
