"""`--runner` and `--roi`: which of several people is analysed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gait.model import Track

BAD_SETTING, NO_PERSON = 50, 31
CADENCE = {1: 158.0, 2: 174.0}
BODY_25_NAMES = (
    "nose", "", "right_shoulder", "right_elbow", "right_wrist", "left_shoulder", "left_elbow", "left_wrist", "",
    "right_hip", "right_knee", "right_ankle", "left_hip", "left_knee", "left_ankle", "", "", "", "",
    "left_foot_index", "", "left_heel", "right_foot_index", "", "right_heel",
)  # fmt: skip


def body_25(track: Track, frame: int, *, right_by_px: float) -> list[float]:
    """One person of one frame as OpenPose writes it."""
    rows = []
    for name in BODY_25_NAMES:
        known = name in track.skeleton.names
        x, y = track.point(name)[frame] + [right_by_px, 0] if known else (0.0, 0.0)
        rows += [float(x), float(y), 0.9 if known and np.isfinite(x) else 0.0]
    return rows


@pytest.fixture(scope="module")
def two_runners(tmp_path_factory: pytest.TempPathFactory, synthetic_runner: Any) -> Path:
    """A folder of OpenPose files with two who run side by side, the slower one at the left."""
    folder = tmp_path_factory.mktemp("two") / "pair"
    folder.mkdir()
    slow, fast = (synthetic_runner(cadence_spm=CADENCE[n], duration_s=12).film("left", noise_px=1.0) for n in (1, 2))
    for frame in range(slow.video.n_frames):
        people = [body_25(fast, frame, right_by_px=900.0), body_25(slow, frame, right_by_px=0.0)]
        said = {"version": 1.3, "people": [{"pose_keypoints_2d": person} for person in people]}
        (folder / f"pair_{frame:012d}_keypoints.json").write_text(json.dumps(said), encoding="utf-8")
    return folder


def cadence_of(folder: Path) -> float:
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    return float(summary["metrics"]["cadence_spm"]["both"]["estimate"])


@pytest.mark.parametrize(
    ("options", "number"),
    [
        (["--runner", "1"], 1),
        (["--runner", "2"], 2),
        (["--roi", "0,0,900,960"], 1),
        (["--roi", "950,0,900,960"], 2),
        (["--roi", "0.5,0,0.5,1"], 2),
    ],
)
def test_who_was_asked_for_is_analysed(
    two_runners: Path, tmp_path: Path, invoke: Any, options: list[str], number: int
) -> None:
    ended = invoke(
        "analyze", "--keypoints", two_runners, "--fps", "30", *options, "--no-video", "--out", tmp_path / "out"
    )
    assert ended.exit_code == 0, ended.stderr
    assert cadence_of(tmp_path / "out") == pytest.approx(CADENCE[number], abs=1.0)


def test_what_was_asked_for_stands_in_the_provenance(two_runners: Path, tmp_path: Path, invoke: Any) -> None:
    invoke(
        "analyze", "--keypoints", two_runners, "--fps", "30", "--runner", "2", "--no-video", "--out", tmp_path / "out"
    )
    summary = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))
    assert summary["provenance"]["config"]["runner"] == {"number": 2, "roi": ""}
    assert any("people" in warning for warning in summary["warnings"])


def test_the_command_line_goes_before_the_file(two_runners: Path, tmp_path: Path, invoke: Any) -> None:
    settings = tmp_path / "gait.toml"
    settings.write_text("[runner]\nnumber = 1\n", encoding="utf-8")
    ended = invoke(
        "analyze", "--keypoints", two_runners, "--fps", "30", "--config", settings, "--roi", "950,0,900,960",
        "--no-video", "--out", tmp_path / "out",
    )  # fmt: skip
    assert ended.exit_code == 0, ended.stderr
    assert cadence_of(tmp_path / "out") == pytest.approx(CADENCE[2], abs=1.0)


@pytest.mark.parametrize(
    ("options", "words", "exit_code"),
    [
        (["--runner", "3"], "There is no runner 3: 2 people were found", BAD_SETTING),
        (["--runner", "1", "--roi", "0,0,1,1"], "not both", BAD_SETTING),
        (["--roi", "left"], "roi can't be 'left': write left, top, width and height", BAD_SETTING),
        (["--roi", "5000,0,100,100"], "lies outside of the picture", BAD_SETTING),
        (["--roi", "0.9,0.9,0.05,0.05"], "in the region", NO_PERSON),
    ],
)
def test_who_is_not_there_is_said_in_a_sentence(
    two_runners: Path,
    tmp_path: Path,
    invoke: Any,
    sentence: Any,
    unchanged: Any,
    options: list[str],
    words: str,
    exit_code: int,
) -> None:
    with unchanged(tmp_path):
        ended = invoke("analyze", "--keypoints", two_runners, "--fps", "30", *options, "--out", tmp_path / "out")
    assert words in sentence(ended.stdout, ended.stderr)
    assert ended.exit_code == exit_code
