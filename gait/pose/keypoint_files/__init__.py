"""Keypoints that another tool found: file -> Track.

A new format is one file here with `recognises(source)` and `read(source) -> Recording`, and one line in `FORMATS`.
"""

from gait.pose.keypoint_files.reading import FORMATS, KeypointFile, KeypointFormat, read_keypoints

__all__ = ["FORMATS", "KeypointFile", "KeypointFormat", "read_keypoints"]
