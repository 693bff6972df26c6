"""The time stamp of every frame, without decoding them all where the container can be trusted."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from gait.errors import TruncatedVideo, UnknownCodec
from gait.video.opening import damaged, open_video

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

_HEAD_FRAMES = 32  # more than any codec holds back for reordering
_LENGTH_TOLERANCE_S = 0.5  # containers round, and count a last frame or sound block in or out


def seconds(ticks: int, time_base: Fraction) -> float:
    """Ticks of a stream's clock as seconds, rounded once: the same ticks always give the same float."""
    return ticks * time_base.numerator / time_base.denominator


def clock_of(stream: VideoStream) -> Fraction:
    """The stream's clock tick in seconds."""
    return stream.time_base or Fraction(1, 1_000_000)


def has_presentation_times(container: InputContainer) -> bool:
    """AVI has none: it numbers its frames in decoding order, so the n-th shown has the n-th number."""
    return container.format.name != "avi"


def decoded(container: InputContainer, stream: VideoStream, name: str) -> Iterator[VideoFrame]:
    """The frames in display order, from the first that can be decoded on.

    A clip that was cut without coding it anew can begin with pictures that lean on ones that were cut away; these
    are passed over. Later on nothing is.

    Raises
    ------
    TruncatedVideo, UnknownCodec
        Where FFmpeg gives up on a picture, or had to patch it up.
    """
    import av

    has_begun = False
    try:
        for packet in container.demux(stream):
            try:
                frames = packet.decode()
            except av.error.InvalidDataError:
                if has_begun:
                    raise
                continue
            for frame in frames:
                if not frame.is_corrupt:
                    has_begun = True
                    yield frame
                elif has_begun:  # those after it build on it
                    raise damaged(name)
    except av.error.PatchWelcomeError as error:
        raise UnknownCodec(
            f"{name} is coded in a variant of {stream.codec_context.name} that can't be decoded here. "
            "Save it as H.264 in an MP4 file with the program that made it."
        ) from error
    except av.error.FFmpegError as error:
        raise damaged(name) from error


def frame_ticks(path: Path) -> list[int]:
    """Presentation time stamp of every frame in ticks of its stream's clock, increasing.

    Frames that share a time stamp with another, and those before the first that can be decoded, are left out.
    """
    with open_video(path) as (container, stream):
        listed = _packet_ticks(container, stream, path.name)
        is_counted = not has_presentation_times(container)
    head = _decoded_ticks(path, None if is_counted else _HEAD_FRAMES)
    if not head:
        raise damaged(path.name, "Every picture")
    if is_counted:
        return listed[: len(head)]
    listed = [tick for tick in listed if tick >= head[0]]
    if head == listed[: len(head)]:
        return listed
    # One packet isn't one picture here (fields, hidden pictures): only decoding tells.
    return sorted(set(_decoded_ticks(path, None)) - {-1})


def _packet_ticks(container: InputContainer, stream: VideoStream, name: str) -> list[int]:
    """Distinct time stamps of the packets whose pictures are shown, sorted."""
    import av

    ticks, end_s = set(), 0.0
    try:
        for packet in container.demux():  # all streams: the promised length is that of the longest
            tick = packet.pts if has_presentation_times(container) else packet.dts
            if tick is None or not packet.size:
                continue
            end_s = max(end_s, seconds(tick + (packet.duration or 0), packet.time_base))
            if packet.stream_index == stream.index and not packet.is_discard:  # an edit list cuts frames away
                ticks.add(tick)
            if packet.is_corrupt:
                raise damaged(name)
    except av.error.FFmpegError as error:
        raise damaged(name) from error
    if container.duration is not None:
        promised_s = ((container.start_time or 0) + container.duration) / av.time_base
        if end_s < promised_s - _LENGTH_TOLERANCE_S:
            raise TruncatedVideo(
                f"{name} ends after {end_s:.1f} s, but says that it is {promised_s:.1f} s long. "
                "It is damaged or was cut off: copy it again from the camera."
            )
    return sorted(ticks)


def _decoded_ticks(path: Path, n_frames: int | None) -> list[int]:
    """Time stamps of the first frames, or of all, as the decoder gives them; -1 where it gives none."""
    with open_video(path) as (container, stream):
        frames = islice(decoded(container, stream, path.name), n_frames)
        return [-1 if frame.pts is None else frame.pts for frame in frames]
