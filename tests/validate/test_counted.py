"""truth.toml: what it may hold, and that mistakes are named."""

from pathlib import Path

import pytest

from gait.errors import ConfigError
from gait.validate.counted import CountedCadence, read_truth

EXAMPLE = """
[[clip]]
file = "a.mp4"
view = "left"
is_running = true
cadence_spm = { count = 85.7, error = 2, time = "file" }
contact_frames = { left = [16.5, 38], error = 0.5 }
capture_fps = 60
[[clip]]
file = "b.mp4"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "truth.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_truth_file(tmp_path: Path) -> None:
    first, second = read_truth(written(tmp_path, EXAMPLE))
    assert first.cadence_spm == CountedCadence(85.7, 2, "file")
    assert first.contact_frames == {"left": (16.5, 38.0)}
    assert first.contact_error_frames == 0.5
    assert (second.view, second.cadence_spm, second.contact_frames) == (None, None, {})


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('colour = "red"', "a.mp4: unknown colour"),
        ('view = "above"', "view can't be 'above'"),
        ("cadence_spm = 168", "write cadence_spm = "),
        ('cadence_spm = { count = 1, error = 1, time = "lunar" }', "real or file"),
        ("contact_frames = { front = [1] }", "write contact_frames = "),
        ("fps = 30", "a video has its own"),
        ("keypoints = 5", "keypoints must be a text"),
        ('height_cm = "tall"', "height_cm must be a number"),
        ('cadence_spm = { count = "x", error = 1 }', "must be numbers"),
        ('contact_frames = { left = ["x"] }', "must be numbers"),
        ("contact_frames = { left = 5 }", "must be numbers"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, line: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        read_truth(written(tmp_path, f'[[clip]]\nfile = "a.mp4"\n{line}\n'))


@pytest.mark.parametrize(
    ("text", "says"), [("[[clip]]\nname = 'x'", "no file named"), ("", "lists no clip"), ("[[clip", "not a TOML file")]
)
def test_files_that_are_none(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        read_truth(written(tmp_path, text))


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"validation\.md"):
        read_truth(tmp_path / "truth.toml")


def test_our_reading_of_the_shared_clips_is_a_truth_file() -> None:
    clips = read_truth(Path(__file__).parents[2] / "validation" / "shared_clips.truth.toml")
    counted = {clip.file: clip.cadence_spm.count for clip in clips if clip.cadence_spm}
    assert counted["treadmill_left_30fps.mp4"] == 168.4
    assert len(clips) == 8
