"""A body whose every keypoint has a place of its own in every frame, and the ways in which tools write it."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

N_FRAMES = 24
_HEIGHTS = {
    "nose": 80, "eye": 70, "ear": 75, "head": 40, "neck": 150, "shoulder": 160, "elbow": 260, "wrist": 340,
    "mid_hip": 400, "hip": 401, "knee": 560, "ankle": 700, "heel": 720, "big_toe": 730, "small_toe": 728,
}  # fmt: skip
# Written out from the tools' documentation, not taken from the program.
COCO_17 = (
    "nose", "left_eye", "right_eye", "left_ear", "right_ear", "left_shoulder", "right_shoulder", "left_elbow",
    "right_elbow", "left_wrist", "right_wrist", "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle",
    "right_ankle",
)  # fmt: skip
BODY_25 = (
    "nose", "neck", "right_shoulder", "right_elbow", "right_wrist", "left_shoulder", "left_elbow", "left_wrist",
    "mid_hip", "right_hip", "right_knee", "right_ankle", "left_hip", "left_knee", "left_ankle", "right_eye", "left_eye",
    "right_ear", "left_ear", "left_big_toe", "left_small_toe", "left_heel", "right_big_toe", "right_small_toe",
    "right_heel",
)  # fmt: skip
HALPE_26 = (
    *COCO_17, "head", "neck", "mid_hip", "left_big_toe", "right_big_toe", "left_small_toe", "right_small_toe",
    "left_heel", "right_heel",
)  # fmt: skip


def _place(name: str, frame: int) -> tuple[float, float]:
    """Where a keypoint is: no two are in the same place."""
    side, _, part = name.partition("_")
    part = part if side in ("left", "right") else name
    offset = {"left": -30.25, "right": 30.5}.get(side, 0.0)
    return 300.0 + offset + 2 * frame + list(_HEIGHTS).index(part), _HEIGHTS[part] + 0.5 * frame


@pytest.fixture(scope="session")
def place() -> Callable[[str, int], tuple[float, float]]:
    return _place


@pytest.fixture(scope="session")
def orders() -> dict[str, Sequence[str]]:
    """Keypoints of the skeletons in the order of their tools."""
    return {"COCO-17": COCO_17, "BODY_25": BODY_25, "Halpe26": HALPE_26}


@pytest.fixture(scope="session")
def person() -> Callable[..., list[list[float]]]:
    """Keypoints [x, y, score] of one frame: `person(names, frame)`."""

    def make(names: Sequence[str], frame: int, *, score: float = 0.8, shift: float = 0.0) -> list[list[float]]:
        return [[x + shift, y, score] for x, y in (_place(name, frame) for name in names)]

    return make


@pytest.fixture
def openpose_folder(tmp_path: Path, person: Any) -> Callable[..., Path]:
    """A folder as OpenPose fills it; some frames may be empty, some files missing."""

    def make(*, empty: Sequence[int] = (), missing: Sequence[int] = (), first: int = 0) -> Path:
        folder = tmp_path / "openpose"
        folder.mkdir()
        for frame in (frame for frame in range(N_FRAMES) if frame not in missing):
            points = np.array(person(BODY_25, frame)).ravel().tolist()
            people = [] if frame in empty else [{"person_id": [-1], "pose_keypoints_2d": points}]
            path = folder / f"run_2d_{frame + first:012d}_keypoints.json"
            path.write_text(json.dumps({"version": 1.3, "people": people}))
        return folder

    return make


@pytest.fixture
def json_file(tmp_path: Path) -> Callable[[Any], Path]:
    """Writes a document."""

    def make(document: Any, name: str = "keypoints.json") -> Path:
        path = tmp_path / name
        path.write_text(json.dumps(document))
        return path

    return make


@pytest.fixture
def in_its_place(place: Any) -> Callable[..., None]:
    """Checks that a track holds the body's keypoints to a thousandth of a pixel, those that its skeleton has."""

    def check(track: Any, names: Sequence[str], *, frames: Sequence[int] | None = None) -> None:
        frames = range(N_FRAMES) if frames is None else frames
        for name in track.skeleton.names:
            source = name.replace("foot_index", "big_toe")
            if source in names:
                wanted = [place(source, frame) for frame in frames]
                np.testing.assert_allclose(track.point(name)[list(frames)], wanted, atol=1e-3, err_msg=name)
            else:
                assert np.isnan(track.point(name)).all(), name
                assert not track.confidence[:, track.skeleton.index(name)].any(), name

    return check
