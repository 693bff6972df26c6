"""TRC in pixels; `tests/pose/keypoint_files/test_reading.py` reads it back."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from gait.export import write_trc
from gait.export.trc import marker_name
from gait.model import Skeleton, Track, Video
from gait.pose.mediapipe import SKELETON
from gait.pose.silhouette import with_edges


def test_markers_are_named_as_sports2d_names_them() -> None:
    wanted = {
        "right_hip": "RHip", "left_foot_index": "LBigToe", "left_heel": "LHeel", "nose": "Nose", "right_ear": "REar",
        "left_eye_inner": "LEyeInner",
    }  # fmt: skip
    assert {name: marker_name(name) for name in wanted} == wanted
    assert len({marker_name(name) for name in SKELETON.names}) == len(SKELETON.names)


def test_file_is_laid_out_as_pose2sim_reads_it(tmp_path: Path, synthetic_runner: Any) -> None:
    """Its reader takes every third name of the fourth line and drops the last, and numbers from the sixth line on."""
    track = synthetic_runner(duration_s=3).film("left", fps=30)
    xy = np.array(track.xy)
    xy[4, track.skeleton.index("left_knee")] = np.nan
    xy[:, track.skeleton.index("right_heel")] = np.nan
    track = track.with_xy(xy)
    write_trc(track, tmp_path / "run.trc")
    lines = (tmp_path / "run.trc").read_text(encoding="utf-8").split("\n")
    header = dict(zip(lines[1].split("\t"), lines[2].split("\t"), strict=True))
    markers = lines[3].split("\t")[2::3][:-1]
    assert "RHeel" not in markers  # never known
    assert markers[-2:] == ["CHip", "Neck"]
    assert (header["Units"], header["NumFrames"], header["NumMarkers"]) == ("px", str(len(xy)), str(len(markers)))
    assert float(header["DataRate"]) == 30
    rows = [line.split("\t") for line in lines[5:] if line]
    assert {len(row) for row in rows} == {2 + 3 * len(markers)}
    assert [int(row[0]) for row in rows] == list(range(len(xy)))
    knee = 2 + 3 * markers.index("LKnee")
    assert rows[4][knee : knee + 3] == ["", "", ""]
    wanted = np.delete(track.point("left_knee"), 4, axis=0)
    read = [[float(cell) for cell in row[knee : knee + 2]] for i, row in enumerate(rows) if i != 4]
    np.testing.assert_allclose(read, wanted, rtol=1e-7)
    hip = 2 + 3 * markers.index("CHip")
    np.testing.assert_allclose([float(row[hip]) for row in rows], track.point("mid_hip")[:, 0], rtol=1e-7)


def test_the_outline_is_no_marker(tmp_path: Path) -> None:
    """Edges and axes are this program's own; other tools would take them for joints."""
    skeleton = with_edges(SKELETON)
    names = (*skeleton.names, "left_knee_axis")
    n = 12
    video = Video(Path("rear.mp4"), 320, 400, n, Fraction(30), np.arange(n) / 30)
    track = Track(
        np.full((n, len(names), 2), 7.0), np.ones((n, len(names))), Skeleton(names, skeleton.edges, ()), video
    )
    write_trc(track, tmp_path / "rear.trc")
    text = (tmp_path / "rear.trc").read_text(encoding="utf-8")
    assert "LKnee\t" in text
    assert "Edge" not in text
    assert "Axis" not in text
