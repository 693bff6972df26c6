"""`gait doctor`: what is installed, and whether it works."""

from pathlib import Path
from typing import Any

import pytest

import gait
from gait.errors import PoseError
from gait.pose import MediaPipe


def test_all_is_well(analysis_command: Any, analysis_cache: Path) -> None:
    ended = analysis_command("doctor")
    assert (ended.returncode, ended.stderr) == (0, "")
    lines = ended.stdout.splitlines()
    assert lines[0].startswith(f"gait {gait.__version__}, Python 3.")
    assert "  mediapipe 0.10.21" in lines
    assert f"The pose model loads and runs: {MediaPipe()!r}" in lines
    assert f"Keypoints are kept in {analysis_cache}" in lines
    assert lines[-1] == "All is well."


def test_model_that_does_not_load_is_a_problem(invoke: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_self: MediaPipe, _pictures: object, *, fps: float) -> Any:
        raise PoseError("The pose model can't be loaded.")

    monkeypatch.setattr(MediaPipe, "follow", refuse)
    ended = invoke("doctor")
    assert ended.exit_code == PoseError.exit_code
    assert "problem: The pose model can't be loaded." in ended.stdout.splitlines()
    assert "All is well." not in ended.stdout


def test_two_opencvs_are_a_problem(invoke: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    versions = {"opencv-contrib-python": "4.11.0.86", "opencv-contrib-python-headless": "4.11.0.86"}
    monkeypatch.setattr("gait.provenance.installed_versions", lambda: versions)
    ended = invoke("doctor")
    assert ended.exit_code == PoseError.exit_code
    assert "problem: two OpenCVs are installed" in ended.stdout


def test_cache_that_cannot_be_written_is_a_problem(
    invoke: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    in_the_way = tmp_path / "notes.txt"
    in_the_way.write_text("mine")
    monkeypatch.setenv("GAIT_CACHE_DIR", str(in_the_way))
    ended = invoke("doctor")
    assert ended.exit_code == PoseError.exit_code
    assert "problem: keypoints can't be kept in" in ended.stdout
