"""`gait analyze` with `--at` or a session file."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="module")
def clips(analysis_two_seconds: Path, tmp_path_factory: Any) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("clips")
    paths = folder / "start.mp4", folder / "end.mp4"
    for path in paths:
        path.write_bytes(analysis_two_seconds.read_bytes())
    return paths


def test_clips_with_their_times(clips: tuple[Path, Path], invoke: Any) -> None:
    """Two seconds hold too few strides for anything, which is said."""
    ended = invoke("analyze", *clips, "--at", "2min,20min", "--no-video")
    assert ended.exit_code == 0, ended.stderr
    folder = clips[0].parent / "start_run_gait"
    assert sorted(path.name for path in folder.iterdir()) == [
        "end",
        "session.html",
        "session.json",
        "start",
        "strides.csv",
    ]
    assert ended.stdout.splitlines()[-1] == f"Report: {folder / 'session.html'}"


def test_session_file(clips: tuple[Path, Path], invoke: Any, tmp_path: Path) -> None:
    path = clips[0].parent / "session.toml"
    path.write_text(
        '[[clip]]\nfile = "start.mp4"\nat = "2min"\n[[clip]]\nfile = "end.mp4"\nat = "1:00"\n', encoding="utf-8"
    )
    ended = invoke("analyze", path, "--no-video", "--out", tmp_path / "out")
    assert ended.exit_code == 0, ended.stderr
    page = (tmp_path / "out" / "session.html").read_text(encoding="utf-8")
    assert "<h1>end.mp4 to start.mp4</h1>" in page  # in the order of the run


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--at", "2min"], "--at gives 1 times for 2 clips"),
        (["--at", "2min,noon"], "'noon' is no time; write 2min"),
        (["--at", "2min,2min"], "check the times"),
        (["--at", "1,2", "--keypoints", "x.json"], "--at and --together go with clips, not with --keypoints"),
    ],
)
def test_what_cant_be_meant(
    clips: tuple[Path, Path], invoke: Any, options: list[str], told: str, tmp_path: Path
) -> None:
    ended = invoke("analyze", *clips, *options, "--out", tmp_path / "out")
    assert ended.exit_code == 50
    assert told in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not (tmp_path / "out").exists()


def test_a_clip_that_is_missing_is_named(clips: tuple[Path, Path], invoke: Any, tmp_path: Path) -> None:
    ended = invoke("analyze", clips[0], tmp_path / "gone.mp4", "--at", "2min,20min", "--out", tmp_path / "out")
    assert ended.exit_code == 21
    assert "gone.mp4" in ended.stderr
    assert not (tmp_path / "out").exists()


def test_a_session_file_says_its_times_itself(clips: tuple[Path, Path], invoke: Any) -> None:
    path = clips[0].parent / "session.toml"
    path.write_text('[[clip]]\nfile = "start.mp4"\nat = "2min"\n', encoding="utf-8")
    ended = invoke("analyze", path, "--at", "2min")
    assert ended.exit_code == 50
    assert "leave --at out" in ended.stderr
    alone = invoke("analyze", path)
    assert alone.exit_code == 50
    assert "two clips or more" in alone.stderr
