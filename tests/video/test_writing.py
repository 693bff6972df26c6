import av
import numpy as np
import pytest

from gait.errors import OutputError
from gait.video import frames, read_video, write_video

TIME_S = 0.5 + np.cumsum(np.random.default_rng(2).uniform(0.01, 0.06, 40))


def write(path, pictures, **changes):
    write_video(path, pictures, **{"time_s": TIME_S, "width_px": 160, "height_px": 96, **changes})


def test_every_picture_comes_back_at_its_time(tmp_path, clip_pictures, clip_number):
    path = tmp_path / "out.mp4"
    write(path, clip_pictures(40))
    video = read_video(path)
    np.testing.assert_allclose(video.file_time_s, TIME_S, atol=0.5 / 90_000 + 1e-9)  # half a tick of its clock
    pictures = list(frames(video))
    assert [clip_number(picture) for picture in pictures] == list(range(40))
    red = pictures[0][70:90, 5:30].mean(axis=(0, 1))
    np.testing.assert_allclose(red, (220, 30, 30), atol=6)  # coding at crf 20
    assert video.duration_s == pytest.approx(TIME_S[-1] - TIME_S[0] + 1 / float(video.fps), abs=2 / 90_000)
    assert [file.name for file in tmp_path.iterdir()] == ["out.mp4"]


def test_what_browsers_need(tmp_path, clip_pictures):
    path = tmp_path / "out.mp4"
    write(path, clip_pictures(40))
    data = path.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")  # plays before all of it is loaded
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        last = [packet for packet in container.demux(stream) if packet.size][-1]
        assert last.duration * last.time_base == pytest.approx(np.median(np.diff(TIME_S)), abs=0.002)


def test_odd_sizes_lose_a_row_or_column(tmp_path, clip_pictures, clip_number):
    path = tmp_path / "odd.mp4"
    write(path, (picture[:95, :159] for picture in clip_pictures(40)), width_px=159, height_px=95)
    video = read_video(path)
    assert (video.width_px, video.height_px) == (158, 94)
    assert clip_number(list(frames(video))[33]) == 33


def test_quality_follows_crf(tmp_path, clip_pictures):
    sizes = []
    for crf in (15, 25, 35):
        write(tmp_path / "out.mp4", clip_pictures(40), crf=crf)
        sizes.append((tmp_path / "out.mp4").stat().st_size)
    assert sizes[0] > 1.3 * sizes[1] > 1.3**2 * sizes[2]


@pytest.mark.parametrize("failure", [KeyboardInterrupt, RuntimeError, OSError])
@pytest.mark.parametrize("after", [0, 25])
def test_nothing_is_left_behind(tmp_path, clip_pictures, failure, after):
    def breaks_off():
        yield from clip_pictures(after)
        raise failure(5, "gone")

    path = tmp_path / "out.mp4"
    path.write_bytes(b"an earlier one")
    with pytest.raises(OutputError if failure is OSError else failure):
        write(path, breaks_off())
    assert [file.name for file in tmp_path.iterdir()] == ["out.mp4"]
    assert path.read_bytes() == b"an earlier one"


def test_too_few_pictures_for_the_time_stamps(tmp_path, clip_pictures):
    with pytest.raises(ValueError, match="longer"):
        write(tmp_path / "out.mp4", clip_pictures(39))
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_there(tmp_path, clip_pictures):
    with pytest.raises(OutputError, match=r"can.t be written"):
        write(tmp_path / "nowhere" / "out.mp4", clip_pictures(40))


@pytest.mark.parametrize("rotation_deg", [0, 90, 180, 270])
def test_turned_pictures_are_read_upright(tmp_path, clip_pictures, clip_number, rotation_deg):
    path = tmp_path / "turned.mp4"
    write(path, clip_pictures(40), rotation_deg=rotation_deg)
    with av.open(str(path)) as container:
        stored = container.streams.video[0]
        assert (stored.width, stored.height) == ((160, 96) if rotation_deg % 180 == 0 else (96, 160))
    video = read_video(path)
    assert (video.width_px, video.height_px, video.rotation_deg) == (160, 96, rotation_deg)
    assert [clip_number(picture) for picture in frames(video)] == list(range(40))
