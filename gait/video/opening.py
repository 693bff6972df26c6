"""Opening a file as a video, and saying what is wrong where it isn't one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from gait.errors import EmptyFile, FileMissing, NotAVideo, NoVideoStream, TruncatedVideo, UnknownCodec
from gait.video.wholeness import check_whole

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.stream import VideoStream

# FFmpeg would open text files, pictures and play lists as well; audio is named to tell the user what it is.
_FORMATS = "mov,matroska,avi,mpegts,mpeg,asf,flv,ogg,mxf,wav,mp3,flac,aac"


def check_file(path: Path) -> None:
    """Refuse what isn't a readable file with something in it, or was cut off."""
    try:
        if path.is_dir():
            raise FileMissing(f"{path} is a folder. Name a video file in it.")
        with path.open("rb") as file:
            first = file.read(1)
    except FileNotFoundError as error:
        raise FileMissing(f"There is no file {path}. Check the spelling and the folder.") from error
    except OSError as error:
        raise FileMissing(f"{path} can't be read: {error.strerror}. Check its permissions.") from error
    if not first:
        raise EmptyFile(f"{path.name} holds no bytes. Copy it again from the camera.")
    check_whole(path)


@contextmanager
def open_video(path: Path) -> Iterator[tuple[InputContainer, VideoStream]]:
    """The container and its best video stream, ready for decoding with threads."""
    import av

    try:
        container = av.open(
            f"file:{path}",  # never a URL, whatever the name looks like
            container_options={"protocol_whitelist": "file", "format_whitelist": _FORMATS},
            metadata_errors="replace",
        )
    except (av.error.FFmpegError, OSError) as error:
        raise NotAVideo(
            f"{path.name} isn't a video, or it is damaged at its start. Known are MP4, MOV, MKV, WebM and AVI."
        ) from error
    with container:
        stream = _picture_stream(container, path)
        stream.thread_type = "AUTO"
        yield container, stream


def _picture_stream(container: InputContainer, path: Path) -> VideoStream:
    """The stream of moving pictures; the cover of a song is none."""
    from av.stream import Disposition

    moving = [
        stream
        for stream in container.streams.video
        if not stream.disposition & (Disposition.attached_pic | Disposition.timed_thumbnails)
    ]
    if not moving:
        raise NoVideoStream(f"{path.name} holds sound but no pictures. Is it the right file?")
    best = container.streams.best("video")
    stream = next((s for s in moving if s is best), moving[0])
    if stream.codec_context is None:
        raise UnknownCodec(
            f"The pictures of {path.name} are coded in a way that can't be decoded here. "
            "Save the clip as H.264 in an MP4 file with the program that made it."
        )
    return stream


def damaged(name: str, what: str = "A picture") -> TruncatedVideo:
    """The error for pictures that can't be decoded, with the way round it."""
    return TruncatedVideo(
        f"{what} in {name} is damaged or missing. Copy the file again from the camera; if it stays so, "
        f'make a clean copy (ffmpeg -i "{name}" copy.mp4) and analyse that.'
    )
