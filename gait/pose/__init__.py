"""Room 2: frames -> Track. Pose estimators, the cache of their results, and files of keypoints."""

from gait.pose.base import PoseEstimator
from gait.pose.cache import CacheEntry, KeypointCache
from gait.pose.files import load_track, save_track
from gait.pose.keypoint_files import KeypointFile, read_keypoints
from gait.pose.mediapipe import MediaPipe
from gait.pose.tracking import estimate_cached
from gait.pose.which_runner import WhichRunner, people_warnings

__all__ = [
    "CacheEntry",
    "KeypointCache",
    "KeypointFile",
    "MediaPipe",
    "PoseEstimator",
    "WhichRunner",
    "estimate_cached",
    "load_track",
    "people_warnings",
    "read_keypoints",
    "save_track",
]
