"""Containers in which packets and pictures don't go one to one, or whose stamps are poor."""

import numpy as np
import pytest

from gait.errors import TruncatedVideo
from gait.video import frames, read_video


def test_avi_with_gaps_keeps_its_numbers(tmp_path, clip_file, clip_number):
    """Only every third of 30 frames a second is there; B-frames make the stamps come out of order."""
    path = clip_file(tmp_path / "gaps.avi", codec="mpeg4", options={"bf": "2"}, ticks=list(range(0, 120, 3)))
    video = read_video(path)
    assert video.n_frames == 40
    steps_s = np.diff(video.file_time_s)
    assert np.median(steps_s) == pytest.approx(0.1, abs=1e-9)
    assert [clip_number(picture) for picture in frames(video)] == list(range(40))


def test_fragments_have_an_index_each(tmp_path, clip_file, clip_number):
    options = {"movflags": "frag_keyframe+empty_moov+default_base_moof"}
    video = read_video(clip_file(tmp_path / "live.mp4", container_options=options, options={"g": "8"}))
    assert [clip_number(picture) for picture in frames(video, 10)] == list(range(10, 40))


def test_transport_stream(tmp_path, clip_file, clip_number):
    video = read_video(clip_file(tmp_path / "camera.ts", options={"g": "8"}))
    np.testing.assert_allclose(np.diff(video.file_time_s), 1 / 30, atol=1 / 90_000)
    assert [clip_number(picture) for picture in frames(video, 30)] == list(range(30, 40))


def test_live_matroska_promises_no_length(tmp_path, clip_file):
    video = read_video(clip_file(tmp_path / "live.mkv", container_options={"live": "1"}))
    assert video.n_frames == 40


def test_clip_that_ends_before_its_promised_length(tmp_path, clip_file):
    path = clip_file(tmp_path / "hole.mkv", n_frames=60)
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 8000] = bytes(8000)  # the reader loses its place for good
    path.write_bytes(data)
    with pytest.raises(TruncatedVideo, match=r"ends after 1\.\d s, but says that it is 2\.0 s"):
        read_video(path)
