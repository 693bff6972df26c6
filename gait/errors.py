"""Every error that `gait` raises on purpose.

Each class carries the exit code of the command line, so that scripts can tell the causes apart.
A message is one sentence or two that say what is wrong, where, and what to do next.
"""


class GaitError(Exception):
    """Base of all errors raised on purpose; its message is meant for the user."""

    exit_code = 10


class VideoError(GaitError):
    """The file can't be read as a video."""

    exit_code = 20


class FileMissing(VideoError):
    """There is no such file, or it may not be read."""

    exit_code = 21


class EmptyFile(VideoError):
    """The file holds no bytes."""

    exit_code = 22


class NotAVideo(VideoError):
    """The file is of a kind that isn't a video, or its container is damaged."""

    exit_code = 23


class NoVideoStream(VideoError):
    """The file holds sound but no picture."""

    exit_code = 24


class UnknownCodec(VideoError):
    """The pictures are coded in a way that can't be decoded here."""

    exit_code = 25


class TruncatedVideo(VideoError):
    """The file ends before the video does, or its pictures are damaged."""

    exit_code = 26


class TooFewFrames(VideoError):
    """The clip is too short for any result."""

    exit_code = 27


class PoseError(GaitError):
    """The pose model can't be loaded or run."""

    exit_code = 30


class NoPerson(PoseError):
    """No person was found in the pictures."""

    exit_code = 31


class KeypointFileError(PoseError):
    """The file can't be read as keypoints of a runner."""

    exit_code = 32


class SceneError(GaitError):
    """The picture doesn't show what an analysis needs."""

    exit_code = 40


class TooFewStrides(GaitError):
    """The clip holds too few strides for what was asked."""

    exit_code = 41


class ConfigError(GaitError):
    """A setting is unknown or out of its range."""

    exit_code = 50


def check_ranges(settings: object, **ranges: tuple[float, float]) -> None:
    """Refuse settings (named as their attributes) that lie outside of their range; None is no value.

    Raises
    ------
    ConfigError
        All that lie outside are named.
    """
    values = {name: getattr(settings, name) for name in ranges}
    outside = [
        f"{name} can't be {value:g}, it lies within {ranges[name][0]:g} and {ranges[name][1]:g}"
        for name, value in values.items()
        if value is not None and not ranges[name][0] <= value <= ranges[name][1]
    ]
    if outside:
        raise ConfigError(f"{'; '.join(outside)}.")


class OutputError(GaitError):
    """The results can't be written where they were asked for."""

    exit_code = 51


class MissingExtra(GaitError):
    """A library that this part needs is not installed."""

    exit_code = 52


INTERRUPTED = 130  # exit code after Ctrl-C, as shells have it
