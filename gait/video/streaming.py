"""Stream the pictures of a video in display order, a few in memory at a time."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

from gait.model import Video
from gait.video.opening import damaged, open_video
from gait.video.pictures import Image, upright_from
from gait.video.timing import clock_of, decoded, has_presentation_times, seconds

if TYPE_CHECKING:
    from av.video.frame import VideoFrame


def frames(video: Video, start: int = 0, stop: int | None = None) -> Iterator[Image]:
    """The frames from `start` up to `stop` as upright RGB pictures (h, w, 3), one for each of `video.file_time_s`.

    Raises
    ------
    TruncatedVideo
        Where a picture is damaged or missing.
    """
    from av.video.reformatter import VideoReformatter

    stop = video.n_frames if stop is None else min(stop, video.n_frames)
    due = start
    if due >= stop:
        return
    reformatter, upright = VideoReformatter(), None
    for number, frame in _numbered_up_to(video, start):
        if number < due:
            continue
        if number > due:
            break
        upright = upright or upright_from(frame)
        yield upright.picture(frame, reformatter, width_px=video.width_px, height_px=video.height_px)
        due += 1
        if due == stop:
            return
    raise damaged(video.path.name, f"Picture {due + 1} of {video.n_frames}")


def _numbered_up_to(video: Video, start: int) -> Iterator[tuple[int, VideoFrame]]:
    """Numbered frames of which the first is at or before `start`."""
    numbered = _numbered(video, start)
    first = next(numbered, None)
    if start and (first is None or first[0] > start):  # some containers can't be searched well
        return _numbered(video, 0)
    return numbered if first is None else chain([first], numbered)


def _numbered(video: Video, start: int) -> Iterator[tuple[int, VideoFrame]]:
    """Frames with their numbers in `file_time_s`, from about the key frame before `start`."""
    with open_video(video.path) as (container, stream):
        if not has_presentation_times(container):
            yield from enumerate(decoded(container, stream, video.path.name))
            return
        clock = clock_of(stream)
        if start:
            container.seek(round(video.file_time_s[start] / clock), stream=stream)
        number_at = {time_s: number for number, time_s in enumerate(video.file_time_s.tolist())}
        for frame in decoded(container, stream, video.path.name):
            number = None if frame.pts is None else number_at.get(seconds(frame.pts, clock))
            if number is not None:
                yield number, frame
