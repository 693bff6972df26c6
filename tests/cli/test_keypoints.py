"""`gait analyze --keypoints`: what it writes, and one sentence for what can't be read."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gait.export import write_trc
from gait.pose import save_track

KEYPOINT_FILE, NO_PERSON, SETTING, CANNOT_WRITE = 32, 31, 50, 51
SIDE = Path(__file__).parents[2] / "sample_videos" / "side.mp4"
LEGS = [f"{side}_{joint}" for side in ("left", "right") for joint in ("hip", "knee", "ankle")]


@pytest.fixture
def trc_file(tmp_path: Path, synthetic_runner: Any) -> Path:
    folder = tmp_path / "keypoints"
    folder.mkdir()
    write_trc(synthetic_runner(duration_s=8).film("left", noise_px=1.0), folder / "run.trc")
    return folder / "run.trc"


def named_frames(n_frames: int, *, names: list[str] = LEGS, x: Any = None, **about: Any) -> str:
    places = np.random.default_rng(0).uniform(100, 900, (n_frames, len(names), 2)) if x is None else x
    frames = np.dstack([places, np.ones(places.shape[:2])]).tolist()
    return json.dumps({"keypoint_names": names, "frames": frames, "fps": 30} | about)


BAD: dict[str, tuple[Callable[[], str | bytes], int, str]] = {
    "other text": (lambda: "Ran ten kilometres today.\n", KEYPOINT_FILE, "no keypoint file of a known format"),
    "other JSON": (lambda: json.dumps({"distance_km": 10}), KEYPOINT_FILE, "no keypoint file of a known format"),
    "other zip": (lambda: b"PK\x03\x04 nothing", KEYPOINT_FILE, "isn't a keypoint file of gait"),
    "cut off": (lambda: named_frames(40)[:3000], KEYPOINT_FILE, "cut off"),
    "few frames": (lambda: named_frames(9), KEYPOINT_FILE, "9 frames, too few"),
    "one frame of OpenPose": (
        lambda: json.dumps({"people": [{"pose_keypoints_2d": [1.0] * 75}]}), KEYPOINT_FILE, "the folder",
    ),
    "shares of the picture": (
        lambda: named_frames(40, x=np.random.default_rng(0).uniform(0, 1, (40, 6, 2))), KEYPOINT_FILE, "shares of the",
    ),
    "hand": (lambda: named_frames(40, names=["wrist", "thumb"]), KEYPOINT_FILE, "left_hip, left_knee, left_ankle"),
    "unknown skeleton": (lambda: json.dumps([[[[1, 2, 1]] * 21]] * 40), KEYPOINT_FILE, "21 keypoints"),
    "NaN only": (lambda: named_frames(40, x=np.full((40, 6, 2), np.nan)), NO_PERSON, "a person in 0 of 40 frames"),
    "nobody": (lambda: json.dumps([{"people": []}] * 40), NO_PERSON, "a person in 0 of 40 frames"),
    "numbers of pictures": (
        lambda: json.dumps([{"image_id": 791 * i, "keypoints": [9] * 51} for i in range(40)]), KEYPOINT_FILE, "numbers",
    ),
    "no frame rate": (lambda: named_frames(40, fps=None), SETTING, "says no frame rate; add --fps"),
    "empty": (lambda: b"", 22, "empty"),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD)
def test_bad_file(kind: str, tmp_path: Path, invoke: Any, sentence: Any, unchanged: Any) -> None:
    make, code, said = BAD[kind]
    content = make()
    path = tmp_path / "run.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with unchanged(tmp_path):
        ended = invoke("analyze", "--keypoints", path)
    told = sentence(ended.stdout, ended.stderr)
    assert said in told
    assert "run.json" in told
    assert ended.exit_code == code


def test_missing_file_and_folder_without_frames(tmp_path: Path, invoke: Any, sentence: Any, unchanged: Any) -> None:
    (tmp_path / "clips").mkdir()
    with unchanged(tmp_path):
        missing = invoke("analyze", "--keypoints", tmp_path / "none.json")
        empty = invoke("analyze", "--keypoints", tmp_path / "clips")
    assert "There is no file" in sentence(missing.stdout, missing.stderr)
    assert "without JSON files" in sentence(empty.stdout, empty.stderr)
    assert (missing.exit_code, empty.exit_code) == (21, KEYPOINT_FILE)


@pytest.mark.parametrize(("arguments", "said"), [
    (["--fps", "30", "run.mp4"], "give them with --keypoints"),
    (["--keypoints", "a.trc", "a.mp4", "b.mp4"], "goes with one clip"),
    (["--keypoints", "a.trc", "--fps", "0"], "--fps must lie within"),
    (["--keypoints", "a.trc", "--fps", "30", str(SIDE)], "time stamps of its own"),
])  # fmt: skip
def test_options_that_do_not_go_together(arguments: list[str], said: str, invoke: Any, sentence: Any) -> None:
    ended = invoke("analyze", *arguments)
    assert said in sentence(ended.stdout, ended.stderr)
    assert ended.exit_code == SETTING


def test_nothing_to_analyse(invoke: Any) -> None:
    ended = invoke("analyze")
    assert ended.exit_code == 2
    assert "--keypoints" in ended.stderr


def test_report_stands_beside_the_file(trc_file: Path, invoke: Any) -> None:
    ended = invoke("analyze", "--keypoints", trc_file, "--height-cm", "175")
    assert ended.exit_code == 0, ended.stderr
    assert "run.trc: seen from the left" in ended.stdout
    folder = trc_file.parent / "run_gait"
    assert {path.name for path in folder.iterdir()} == {
        "report.html", "summary.json", "strides.csv", "angles.csv", "keypoints.npz",
    }  # fmt: skip
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    assert summary["provenance"]["file_name"] == "run.trc"
    assert summary["provenance"]["pose_model"].startswith("KeypointFile(name='run.trc', format='TRC, 14 markers'")
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert page.count("data:image/jpeg") >= 2  # the stills, on plain ground
    assert "no annotated video" in page


def test_a_folder_of_frames_has_its_report_beside_it(tmp_path: Path, invoke: Any) -> None:
    folder = tmp_path / "open.pose"
    folder.mkdir()
    for i in range(30):
        (folder / f"{i:03d}.json").write_text(json.dumps({"people": [{"pose_keypoints_2d": [100.0 + i, 200, 1] * 25}]}))
    invoke("analyze", "--keypoints", folder, "--fps", "30", "--no-video")
    assert {path.name for path in tmp_path.iterdir()} <= {"open.pose", "open.pose_gait"}
    assert len(list(folder.iterdir())) == 30


def test_clip_of_another_recording(trc_file: Path, invoke: Any, sentence: Any, unchanged: Any) -> None:
    with unchanged(trc_file.parent):
        ended = invoke("analyze", SIDE, "--keypoints", trc_file, "--out", trc_file.parent / "out")
    told = sentence(ended.stdout, ended.stderr)
    assert "frames" in told
    assert "side.mp4 has 480" in told
    assert ended.exit_code == KEYPOINT_FILE


def test_with_the_clip(analysis_side: Any, tmp_path: Path, invoke: Any) -> None:
    """The clip's pictures, size and time stamps with the file's keypoints: the cadence is the drawn runner's, 166.9."""
    write_trc(analysis_side.raw_track, tmp_path / "side.trc")
    ended = invoke("analyze", SIDE, "--keypoints", tmp_path / "side.trc", "--out", tmp_path / "out", "--no-video")
    assert ended.exit_code == 0, ended.stderr
    summary = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))
    assert summary["metrics"]["cadence_spm"]["both"]["estimate"] == pytest.approx(166.9, abs=0.5)
    assert summary["provenance"]["file_name"] == "side.mp4"
    assert "side.trc" in summary["provenance"]["pose_model"]


def test_file_that_the_report_would_replace(
    tmp_path: Path, synthetic_runner: Any, invoke: Any, sentence: Any, unchanged: Any
) -> None:
    save_track(synthetic_runner(duration_s=6).film("left"), tmp_path / "keypoints.npz")
    with unchanged(tmp_path):
        ended = invoke("analyze", "--keypoints", tmp_path / "keypoints.npz", "--out", tmp_path)
    assert "would replace the keypoints" in sentence(ended.stdout, ended.stderr)
    assert ended.exit_code == CANNOT_WRITE
