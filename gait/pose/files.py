"""`keypoints.npz`: a track with all that is known about its video, in one file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from gait.errors import FileMissing, KeypointFileError, OutputError
from gait.model import HistoryEntry, Skeleton, Track, Video
from gait.pose.cache import UNREADABLE, replacing

FORMAT_VERSION = 1


def save_track(track: Track, path: Path) -> None:
    """Write a track as `keypoints.npz`; it can be read with numpy alone.

    Arrays: `xy` (n, k, 2) in pixels with y down, NaN where unknown; `confidence` (n, k); `names` (k,);
    `file_time_s` (n,). `about` is a JSON text with all the rest.

    Raises
    ------
    OutputError
        Where the file can't be written.
    """
    try:
        with replacing(Path(path)) as part, part.open("wb") as file:
            np.savez_compressed(
                file,
                xy=track.xy,
                confidence=track.confidence,
                names=np.array(track.skeleton.names),
                file_time_s=track.video.file_time_s,
                about=np.array(json.dumps(_about(track))),
            )
    except OSError as error:
        raise OutputError(f"{path} can't be written: {error.strerror}. Choose another folder.") from error


def load_track(path: Path) -> Track:
    """Read what `save_track` wrote, to the bit. The path of the video is its bare file name.

    Raises
    ------
    FileMissing
        Where there is no such file.
    KeypointFileError
        Where it is of another kind, of a later version, or damaged.
    """
    path = Path(path)
    if not path.is_file():
        raise FileMissing(f"There is no file {path}. Check the spelling and the folder.")
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            about = json.loads(str(stored["about"]))
            if about["format_version"] > FORMAT_VERSION:
                raise KeypointFileError(
                    f"{path.name} was written by a later version of gait. Update gait, or analyse the video."
                )
            return _track(stored, about)
    except (*UNREADABLE, TypeError) as error:
        raise KeypointFileError(
            f"{path.name} isn't a keypoint file of gait, or it is damaged. Analyse the video again."
        ) from error


def _about(track: Track) -> dict[str, Any]:
    """Everything but the arrays."""
    video = track.video
    return {
        "format_version": FORMAT_VERSION,
        "file_name": video.path.name,
        "width_px": video.width_px,
        "height_px": video.height_px,
        "fps": [video.fps.numerator, video.fps.denominator],
        "rotation_deg": video.rotation_deg,
        "codec": video.codec,
        "content_hash": video.content_hash,
        "capture_fps": video.capture_fps,
        "edges": track.skeleton.edges,
        "pairs": track.skeleton.pairs,
        "history": [asdict(entry) for entry in track.history],
    }


def _track(stored: Any, about: dict[str, Any]) -> Track:
    """The nouns from their stored form."""
    video = Video(
        path=Path(about["file_name"]),
        width_px=about["width_px"],
        height_px=about["height_px"],
        n_frames=len(stored["file_time_s"]),
        fps=Fraction(*about["fps"]),
        file_time_s=stored["file_time_s"],
        rotation_deg=about["rotation_deg"],
        codec=about["codec"],
        content_hash=about["content_hash"],
        capture_fps=about["capture_fps"],
    )
    skeleton = Skeleton(
        names=tuple(stored["names"].tolist()),
        edges=tuple((a, b) for a, b in about["edges"]),
        pairs=tuple((left, right) for left, right in about["pairs"]),
    )
    history = tuple(_entry(entry) for entry in about["history"])
    return Track(stored["xy"], stored["confidence"], skeleton, video, history)


def _entry(stored: Mapping[str, Any]) -> HistoryEntry:
    """An entry of the history; JSON knows no tuples."""
    spans = tuple((float(start), float(end)) for start, end in stored.get("spans_s", ()))
    return HistoryEntry(**{**stored, "spans_s": spans})
