from fractions import Fraction

import numpy as np
import pytest
from av.video.reformatter import ColorPrimaries, ColorTrc

from gait.video import frames, read_video

ONE = 1 << 16  # in the 16.16 numbers of a track's matrix a, b, c, d: x' = a x + c y, y' = b x + d y
MATRICES = {
    "upright": ((ONE, 0, 0, ONE), 0, lambda image: image),
    "clockwise": ((0, ONE, -ONE, 0), 90, lambda image: np.rot90(image, -1)),
    "upside down": ((-ONE, 0, 0, -ONE), 180, lambda image: np.rot90(image, 2)),
    "counter-clockwise": ((0, -ONE, ONE, 0), 270, lambda image: np.rot90(image)),
    "mirrored": ((-ONE, 0, 0, ONE), 0, lambda image: image[:, ::-1]),
    "flipped": ((ONE, 0, 0, -ONE), 0, lambda image: image[::-1]),
    "transposed": ((0, ONE, ONE, 0), 0, lambda image: image.transpose(1, 0, 2)),
    "transversed": ((0, -ONE, -ONE, 0), 0, lambda image: image[::-1, ::-1].transpose(1, 0, 2)),
}


@pytest.mark.parametrize("name", MATRICES)
def test_pictures_are_upright(tmp_path, clip_plain, name):
    (a, b, c, d), rotation_deg, turned = MATRICES[name]
    data = bytearray(clip_plain.read_bytes())
    matrix_at = data.index(b"tkhd") + 44
    matrix = np.array([a, b, 0, c, d, 0, 0, 0, 1 << 30], ">i4").tobytes()
    data[matrix_at : matrix_at + 36] = matrix
    path = tmp_path / "turned.mp4"
    path.write_bytes(data)
    video = read_video(path)
    picture, plain = next(frames(video)), next(frames(read_video(clip_plain)))
    np.testing.assert_array_equal(picture, turned(plain))
    assert picture.flags.c_contiguous
    assert (video.height_px, video.width_px) == picture.shape[:2]
    assert video.rotation_deg == rotation_deg


def test_pyav_turns_the_same_way(tmp_path, clip_plain):
    import av

    data = bytearray(clip_plain.read_bytes())
    matrix_at = data.index(b"tkhd") + 44
    data[matrix_at : matrix_at + 36] = np.array([0, ONE, 0, -ONE, 0, 0, 0, 0, 1 << 30], ">i4").tobytes()
    path = tmp_path / "turned.mp4"
    path.write_bytes(data)
    with av.open(str(path)) as container:
        frame = next(container.decode(video=0))
        expected = np.rot90(frame.to_ndarray(format="rgb24"), frame.rotation // 90)
    np.testing.assert_array_equal(next(frames(read_video(path))), expected)


def test_oblong_pixels_are_made_square(tmp_path, clip_file):
    video = read_video(clip_file(tmp_path / "wide.mp4", context={"sample_aspect_ratio": Fraction(4, 3)}))
    assert (video.width_px, video.height_px) == (213, 96)
    picture = next(frames(video))
    assert picture.shape == (96, 213, 3)
    red = (picture[80, :, 0].astype(int) - picture[80, :, 1] > 90).sum()
    assert red == pytest.approx(40 * 4 / 3, abs=2)  # the red patch is 40 px wide as it is stored


@pytest.mark.parametrize(("pixel_format", "kind"), [("yuv420p", "mp4"), ("yuv420p10le", "mkv")])
def test_colours_come_through(tmp_path, clip_file, pixel_format, kind):
    path = clip_file(tmp_path / f"red.{kind}", codec="libx265", pixel_format=pixel_format)
    red = next(frames(read_video(path)))[70:90, 5:30].mean(axis=(0, 1))
    np.testing.assert_allclose(red, (220, 30, 30), atol=8)  # coding at medium quality


def test_hdr_white_of_both_kinds_is_shown_alike(tmp_path, clip_file):
    """BT.2408: 203 cd/m2 is stored as 58 % in PQ and as 75 % in HLG; black and the peak stay what they are."""
    from gait.video.pictures import _tone_curve

    pq, hlg = _tone_curve(ColorTrc.SMPTE2084), _tone_curve(ColorTrc.ARIB_STD_B67)
    assert abs(int(pq[round(0.58 * 255)]) - int(hlg[round(0.75 * 255)])) <= 3  # a step of the table
    assert pq[0] == hlg[0] == 0
    assert pq[255] == hlg[255] == 255
    assert (np.diff(pq.astype(int)) >= 0).all()
    assert (np.diff(hlg.astype(int)) >= 0).all()


@pytest.mark.parametrize("transfer", [ColorTrc.SMPTE2084, ColorTrc.ARIB_STD_B67, ColorTrc.BT709])
def test_tone_curve_is_applied_to_hdr_only(tmp_path, clip_file, transfer):
    from gait.video.pictures import _tone_curve

    tags = {"color_trc": transfer, "color_primaries": ColorPrimaries.BT2020}
    path = clip_file(tmp_path / "hdr.mp4", codec="libx265", pixel_format="yuv420p10le", context=tags)
    grey = next(frames(read_video(path)))[40:44, 100:150].mean()  # stored as 96
    curve = _tone_curve(transfer)
    assert grey == pytest.approx(96 if curve is None else int(curve[96]), abs=4)
