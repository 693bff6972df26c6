"""`gait check`: a verdict, what to do about it, and an exit code for scripts."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from gait.quick_check import Remark

SAMPLES = Path(__file__).parents[2] / "sample_videos"
MARKS = ("good ", "fair ", "bad  ")


def remarks_of(stdout: str) -> tuple[list[str], str]:
    *remarks, verdict = stdout.splitlines()
    assert all(line.startswith(MARKS) for line in remarks)
    return remarks, verdict


def test_sample_clip_can_be_analysed(analysis_command: Any) -> None:
    ended: subprocess.CompletedProcess[str] = analysis_command("check", SAMPLES / "side.mp4")
    assert (ended.returncode, ended.stderr) == (0, "")
    remarks, verdict = remarks_of(ended.stdout)
    assert "good seen from the left" in remarks
    assert "good a steady run" in remarks
    assert "good 60 frames per second" in remarks
    assert "fair 8 s long -> 20 s or more make the intervals narrower" in remarks
    assert verdict.startswith("Good")


@pytest.mark.parametrize(
    ("name", "fault"),
    [("negative_feet_hidden_oblique.mp4", "the feet can't be seen"), ("negative_walking_front.mp4", "walking")],
)
def test_clips_that_are_not_good_enough(real_clip: Any, invoke: Any, name: str, fault: str) -> None:
    ended = invoke("check", real_clip(name))
    assert ended.exit_code == 3
    remarks, verdict = remarks_of(ended.stdout)
    (bad,) = [line for line in remarks if line.startswith("bad") and fault in line]
    assert " -> " in bad  # what to do about it
    assert verdict.startswith("Not good enough")


@pytest.mark.parametrize(("mark", "code"), [("good", 0), ("fair", 0), ("bad", 3)])
def test_exit_code_is_that_of_the_worst_mark(
    invoke: Any, monkeypatch: pytest.MonkeyPatch, mark: Any, code: int
) -> None:
    remarks = (Remark("good", "bright"), Remark(mark, "long", "film longer"))
    monkeypatch.setattr("gait.quick_check.check", lambda *_args, **_kwargs: remarks)
    ended = invoke("check", "run.mp4")
    assert ended.exit_code == code
    assert ended.stdout.splitlines()[:2] == ["good bright", f"{mark:<5}long -> film longer"]
