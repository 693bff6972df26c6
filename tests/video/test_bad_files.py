import wave

import av
import numpy as np
import pytest

from gait import errors
from gait.video import frames, read_video


def refusal(path, kind):
    """The message with which a file is refused, its form checked: it names the file and is one sentence or two."""
    with pytest.raises(kind) as caught:
        read_video(path)
    assert type(caught.value) is kind
    message = str(caught.value)
    assert path.name in message
    assert len(message) < 260
    return message


def test_missing_file(tmp_path):
    assert "There is no file" in refusal(tmp_path / "none.mp4", errors.FileMissing)


def test_folder(tmp_path):
    assert "folder" in refusal(tmp_path, errors.FileMissing)


def test_unreadable_file(clip_plain, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(clip_plain), "open", refuse)  # root may read everything, so chmod would not do
    assert "permissions" in refusal(clip_plain, errors.FileMissing)


def test_empty_file(tmp_path):
    path = tmp_path / "empty.mp4"
    path.touch()
    refusal(path, errors.EmptyFile)


@pytest.mark.parametrize("name", ["notes.mp4", "notes.txt", "notes.mov"])
def test_text(tmp_path, name):
    path = tmp_path / name
    path.write_text("Ran ten kilometres today.\n" * 50)
    refusal(path, errors.NotAVideo)


def test_picture(tmp_path, clip_pictures):
    import cv2

    path = tmp_path / "photo.png"
    cv2.imwrite(str(path), next(clip_pictures(1)))
    refusal(path, errors.NotAVideo)


def test_play_list_does_not_open_other_files(tmp_path, clip_plain):
    path = tmp_path / "list.mp4"
    path.write_text(f"ffconcat version 1.0\nfile '{clip_plain}'\n")
    refusal(path, errors.NotAVideo)


def test_sound_only(tmp_path):
    path = tmp_path / "sound.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(16000))
    refusal(path, errors.NoVideoStream)


def test_cover_of_a_song_is_no_video(tmp_path):
    path = tmp_path / "song.mp3"
    with av.open(str(path), "w") as container:
        sound, cover = container.add_stream("libmp3lame", rate=44100), container.add_stream("mjpeg", rate=1)
        cover.width, cover.height, cover.pix_fmt = 64, 64, "yuvj420p"
        cover.disposition = av.stream.Disposition.attached_pic
        picture = av.VideoFrame(64, 64, "yuvj420p")
        picture.pts = 0
        container.mux([*cover.encode(picture), *cover.encode()])
        silence = av.AudioFrame.from_ndarray(np.zeros((2, 11520), np.float32), format="fltp", layout="stereo")
        silence.sample_rate, silence.pts = 44100, 0
        container.mux([*sound.encode(silence), *sound.encode()])
    refusal(path, errors.NoVideoStream)


def test_unknown_codec(tmp_path, clip_plain):
    path = tmp_path / "unknown.mp4"
    path.write_bytes(clip_plain.read_bytes().replace(b"avc1", b"zzzz"))
    assert "H.264" in refusal(path, errors.UnknownCodec)


@pytest.mark.parametrize("n_frames", [1, 3, 9])
def test_too_few_frames(tmp_path, clip_file, n_frames):
    path = clip_file(tmp_path / "short.mp4", n_frames=n_frames)
    assert f"{n_frames} frame" in refusal(path, errors.TooFewFrames)


@pytest.mark.parametrize("share", [0.02, 0.5, 0.95])
def test_recording_that_was_cut_off_has_no_index(tmp_path, clip_plain, share):
    path = tmp_path / "cut.mp4"
    data = clip_plain.read_bytes()
    path.write_bytes(data[: int(share * data.index(b"moov"))])
    assert "cut off" in refusal(path, errors.TruncatedVideo)


@pytest.mark.parametrize("share", [0.3, 0.5, 0.9, 0.99])
def test_copy_that_was_cut_off(tmp_path, clip_faststart, share):
    path = tmp_path / "cut.mp4"
    data = clip_faststart.read_bytes()
    path.write_bytes(data[: int(share * len(data))])
    assert "cut off" in refusal(path, errors.TruncatedVideo)


@pytest.mark.parametrize(("codec", "kind"), [("libx264", "mkv"), ("libvpx-vp9", "webm"), ("mpeg4", "avi")])
@pytest.mark.parametrize("share", [0.4, 0.9])
def test_other_containers_that_were_cut_off(tmp_path, clip_file, codec, kind, share):
    whole = clip_file(tmp_path / f"whole.{kind}", codec=codec)
    assert read_video(whole).n_frames == 40
    path = tmp_path / f"cut.{kind}"
    data = whole.read_bytes()
    path.write_bytes(data[: int(share * len(data))])
    assert f"{share:.0%}" in refusal(path, errors.TruncatedVideo)


@pytest.mark.parametrize("kind", ["mp4", "mkv", "avi"])
def test_damage_in_the_middle_is_found_at_the_latest_when_decoding(tmp_path, clip_file, clip_number, kind):
    path = clip_file(tmp_path / f"damaged.{kind}", n_frames=60)
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 8000] = bytes(8000)
    path.write_bytes(data)
    good = []
    with pytest.raises(errors.TruncatedVideo, match=path.name):
        good.extend(clip_number(picture) for picture in frames(read_video(path)))
    assert good == list(range(len(good)))


def test_ffmpeg_and_its_codecs_write_nothing_to_the_terminal(tmp_path, clip_plain, capfd):
    path = tmp_path / "damaged.mp4"
    data = bytearray(clip_plain.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 4000] = bytes(4000)
    path.write_bytes(data)
    with pytest.raises(errors.TruncatedVideo):
        list(frames(read_video(path)))
    assert capfd.readouterr() == ("", "")
