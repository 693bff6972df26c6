from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from gait.errors import FileMissing, OutputError, PoseError
from gait.model import HistoryEntry, Track
from gait.pose import load_track, save_track


@pytest.fixture
def track(new_clip, remembering):
    rng = np.random.default_rng(3)
    xy = rng.normal(500, 100, (25, 2, 2))
    xy[7, 1] = np.nan
    history = (HistoryEntry("clean", "legs exchanged", 3, 25, ((0.1, 0.2), (0.5, 0.5))),)
    return Track(xy, rng.uniform(0, 1, (25, 2)), remembering().skeleton, new_clip(25).video, history)


def test_round_trip_is_exact(tmp_path, track):
    path = tmp_path / "keypoints.npz"
    save_track(track, path)
    back = load_track(path)
    np.testing.assert_array_equal(back.xy, track.xy)
    np.testing.assert_array_equal(back.confidence, track.confidence)
    assert back.skeleton == track.skeleton
    assert back.history == track.history
    np.testing.assert_array_equal(back.video.file_time_s, track.video.file_time_s)
    same = ("path", "width_px", "height_px", "n_frames", "fps", "rotation_deg", "codec", "content_hash", "capture_fps")
    assert {name: getattr(back.video, name) for name in same} == {name: getattr(track.video, name) for name in same}
    assert back.video.fps == Fraction(30000, 1001)
    assert [file.name for file in tmp_path.iterdir()] == ["keypoints.npz"]


def test_only_the_name_of_the_clip_is_kept(tmp_path, track):
    secret = replace(track, video=replace(track.video, path=tmp_path / "runner" / "run.mp4"))
    save_track(secret, tmp_path / "keypoints.npz")
    assert str(load_track(tmp_path / "keypoints.npz").video.path) == "run.mp4"
    with np.load(tmp_path / "keypoints.npz") as stored:
        assert str(tmp_path) not in str(stored["about"])


def test_the_same_track_gives_the_same_bytes(tmp_path, track):
    save_track(track, tmp_path / "a.npz")
    save_track(track, tmp_path / "b.npz")
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


def test_missing_file(tmp_path):
    with pytest.raises(FileMissing, match=r"none\.npz"):
        load_track(tmp_path / "none.npz")


def test_other_and_damaged_files(tmp_path, track):
    path = tmp_path / "keypoints.npz"
    save_track(track, path)
    data = path.read_bytes()
    np.savez(tmp_path / "other.npz", a=np.arange(3))
    for content in (b"", b"text", data[: len(data) // 2], (tmp_path / "other.npz").read_bytes()):
        path.write_bytes(content)
        with pytest.raises(PoseError, match="Analyse the video again"):
            load_track(path)


def test_later_version(tmp_path, track, monkeypatch):
    monkeypatch.setattr("gait.pose.files.FORMAT_VERSION", 99)
    save_track(track, tmp_path / "keypoints.npz")
    monkeypatch.undo()
    with pytest.raises(PoseError, match="Update gait"):
        load_track(tmp_path / "keypoints.npz")


def test_a_folder_that_is_not_there(tmp_path, track):
    with pytest.raises(OutputError, match="another folder"):
        save_track(track, tmp_path / "nowhere" / "keypoints.npz")
