import hashlib
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from gait.video import frames, read_video

CODECS = [
    ("libx264", "yuv420p", "mp4", "h264"),
    ("libx264", "yuv420p", "mov", "h264"),
    ("libx264", "yuv420p", "mkv", "h264"),
    ("libx264", "yuv420p", "avi", "h264"),
    ("libx265", "yuv420p", "mp4", "hevc"),
    ("libx265", "yuv420p10le", "mov", "hevc"),
    ("libvpx-vp9", "yuv420p", "webm", "vp9"),
    ("libvpx", "yuv420p", "webm", "vp8"),
    ("libsvtav1", "yuv420p", "mp4", "av1"),
    ("mpeg4", "yuv420p", "avi", "mpeg4"),
    ("mjpeg", "yuvj420p", "avi", "mjpeg"),
]
UNEVEN_TICKS = np.cumsum([20, *np.random.default_rng(1).integers(15, 31, 39)]).tolist()


@pytest.mark.parametrize(("codec", "pixel_format", "kind", "name"), CODECS)
def test_every_codec_gives_every_frame_in_display_order(
    tmp_path, clip_file, clip_number, codec, pixel_format, kind, name
):
    video = read_video(clip_file(tmp_path / f"clip.{kind}", codec=codec, pixel_format=pixel_format))
    assert (video.codec, video.n_frames, video.width_px, video.height_px) == (name, 40, 160, 96)
    assert [clip_number(picture) for picture in frames(video)] == list(range(40))
    steps_s = np.diff(video.file_time_s)
    np.testing.assert_allclose(steps_s, 1 / 30, atol=0.0011)  # Matroska counts in milliseconds
    assert float(video.fps) == pytest.approx(30, rel=0.001)


@pytest.mark.parametrize("kind", ["mp4", "mov"])
def test_uneven_time_stamps_are_exact_and_may_start_late(tmp_path, clip_file, clip_number, kind):
    clock, timescale = Fraction(1, 600), {"movie_timescale": "600"}
    video = read_video(
        clip_file(tmp_path / f"uneven.{kind}", ticks=UNEVEN_TICKS, clock=clock, container_options=timescale)
    )
    assert video.file_time_s.tolist() == [tick / 600 for tick in UNEVEN_TICKS]
    assert video.fps == Fraction(39 * 600, UNEVEN_TICKS[-1] - UNEVEN_TICKS[0])
    assert [clip_number(picture) for picture in frames(video)] == list(range(40))


def test_frames_with_the_same_time_stamp_count_once(tmp_path, clip_file, clip_number):
    ticks = [*range(0, 900, 30), 870.4, *range(900, 1200, 30)]  # Matroska rounds 870.4 ms to 870
    path = clip_file(tmp_path / "twice.mkv", ticks=[round(10 * tick) for tick in ticks], clock=Fraction(1, 10_000))
    video = read_video(path)
    assert video.n_frames == 40
    numbers = [clip_number(picture) for picture in frames(video)]
    assert numbers == [*range(30), *range(31, 41)]


def test_frames_cut_away_by_an_edit_list_are_left_out(tmp_path, clip_plain, clip_number):
    data = bytearray(clip_plain.read_bytes())
    media_time_at = data.index(b"elst") + 16  # behind version, count and duration
    media_time = int.from_bytes(data[media_time_at : media_time_at + 4], "big")
    data[media_time_at : media_time_at + 4] = (media_time + 7 * 512).to_bytes(4, "big")  # 512 ticks a frame
    path = tmp_path / "edited.mp4"
    path.write_bytes(data)
    video = read_video(path)
    assert video.n_frames == 33
    assert [clip_number(picture) for picture in frames(video)] == list(range(7, 40))


@pytest.mark.parametrize(("start", "stop"), [(0, 7), (13, 14), (25, None), (39, 60), (40, None), (5, 5)])
@pytest.mark.parametrize("kind", ["mp4", "mkv", "avi"])
def test_a_part_of_the_clip_is_the_same_as_in_the_whole(tmp_path, clip_file, start, stop, kind):
    options = {"x264-params": "keyint=12:bframes=3:open-gop=1"}
    video = read_video(clip_file(tmp_path / f"groups.{kind}", options=options))
    whole = list(frames(video))
    part = list(frames(video, start, stop))
    assert len(part) == len(whole[start:stop])
    assert all(np.array_equal(a, b) for a, b in zip(part, whole[start:stop], strict=True))


def test_content_hash_is_that_of_the_bytes(clip_plain):
    assert read_video(clip_plain).content_hash == hashlib.sha256(clip_plain.read_bytes()).hexdigest()


@pytest.mark.parametrize(("text", "rate"), [("240.000000", 240.0), ("0", None), ("fast", None), (None, None)])
def test_capture_rate_of_slow_motion(tmp_path, clip_file, text, rate):
    metadata = {} if text is None else {"com.android.capture.fps": text}
    path = clip_file(tmp_path / "slow.mp4", metadata=metadata, container_options={"movflags": "use_metadata_tags"})
    assert read_video(path).capture_fps == rate


def test_a_file_whose_name_looks_like_a_protocol_is_just_a_file(tmp_path, clip_plain, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("concat:a|b 100%d.mp4").write_bytes(clip_plain.read_bytes())
    assert read_video(Path("concat:a|b 100%d.mp4")).n_frames == 40
