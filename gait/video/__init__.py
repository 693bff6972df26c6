"""Room 1: file -> frames. Reading with exact time stamps and upright pictures; writing H.264."""

from gait.video.reading import read_video
from gait.video.streaming import frames
from gait.video.writing import write_video

__all__ = ["frames", "read_video", "write_video"]
