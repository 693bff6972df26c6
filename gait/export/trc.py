"""TRC in pixels: keypoints for the tools around Sports2D, Pose2Sim and OpenSim."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from gait.model import AXIS_JOINTS, EDGES, SIDES, FloatArray, Track, axis_name

_PARTS = {"foot_index": "BigToe"}  # as Sports2D names MediaPipe's forefoot
_MIDDLES = {"CHip": "hip", "Neck": "shoulder"}  # which the skeletons of Sports2D and Pose2Sim have besides


def write_trc(track: Track, path: Path) -> None:
    """Write a track as Sports2D writes pixels: y down, z 0, an empty cell where a point isn't known.

    Marker names are theirs (RHip, LBigToe), so are the five header lines; the unit says "px". Times and coordinates
    have as many digits as they hold, so that what is read back is the same. Confidence has no place in the format.

    Parameters
    ----------
    track
        Keypoints in pixels; those that are unknown throughout are left out, and so are the outline's edges and what is
        made of them.
    path
        The file, replaced where it exists.
    """
    of_outline = {*EDGES, *(axis_name(side, joint) for side in SIDES for joint in AXIS_JOINTS)}
    joints = [name for name in track.skeleton.names if name not in of_outline]
    markers = {marker_name(name): track.point(name) for name in joints}
    markers |= {marker: track.point(f"mid_{joint}") for marker, joint in _MIDDLES.items()}
    markers = {name: xy for name, xy in markers.items() if np.isfinite(xy).all(axis=1).any()}
    n, rate = track.video.n_frames, f"{float(track.video.fps):.12g}"
    columns = "DataRate CameraRate NumFrames NumMarkers Units OrigDataRate OrigDataStartFrame OrigNumFrames"
    values = (rate, rate, n, len(markers), "px", rate, 0, n)
    header = [
        f"PathFileType\t4\t(X/Y/Z)\t{path.name}",
        columns.replace(" ", "\t"),
        "\t".join(str(value) for value in values),
        "Frame#\tTime\t" + "".join(f"{name}\t\t\t" for name in markers),
        "\t\t" + "\t".join(f"X{i}\tY{i}\tZ{i}" for i in range(1, len(markers) + 1)),
    ]
    points = list(markers.values())
    rows = [
        "\t".join([str(i), f"{time_s:.9f}", *(_cell(xy[i]) for xy in points)])
        for i, time_s in enumerate(track.video.file_time_s.tolist())
    ]
    path.write_text("\n".join([*header, *rows]) + "\n", encoding="utf-8", newline="\n")


def marker_name(name: str) -> str:
    """A keypoint as Sports2D calls it: `right_hip` is RHip, `left_foot_index` LBigToe, `nose` Nose."""
    side, _, part = name.partition("_")
    if side not in ("left", "right"):
        side, part = "", name
    words = _PARTS.get(part) or "".join(word.capitalize() for word in part.split("_"))
    return f"{side[:1].upper()}{words}"


def _cell(xy: FloatArray) -> str:
    """x, y and z of one point (2,); empty where it isn't known."""
    return f"{xy[0]:.9g}\t{xy[1]:.9g}\t0" if np.isfinite(xy).all() else "\t\t"
