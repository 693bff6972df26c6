"""`keypoints.npz`, as this program writes it."""

from __future__ import annotations

import numpy as np

from gait.pose.files import load_track
from gait.pose.keypoint_files.recording import Recording, Source


def recognises(source: Source) -> bool:
    """A zip archive, which is what numpy writes."""
    return source.head.startswith(b"PK")


def read(source: Source) -> Recording:
    """The track of the file, with its own time stamps and history."""
    track = load_track(source.path)
    video = track.video
    points = np.dstack([track.xy, track.confidence]).astype(np.float64)
    return Recording(
        layout=f"of {video.path.name}",
        names=track.skeleton.names,
        people={number: [frame] for number, frame in enumerate(points)},
        fps=video.fps,
        time_s=np.asarray(video.file_time_s),
        size_px=(video.width_px, video.height_px),
        capture_fps=video.capture_fps,
        is_own=True,
        history=track.history,
    )
