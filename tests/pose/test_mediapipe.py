"""The real model on the rendered runner of `sample_videos/`, whose joints are known."""

import builtins
import json
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from gait.errors import PoseError
from gait.pose import MediaPipe
from gait.pose.mediapipe import SKELETON
from gait.video import frames, read_video

SIDE = Path(__file__).parents[2] / "sample_videos" / "side.mp4"
N_FRAMES = 60  # one second: more than two steps


@pytest.fixture(scope="module")
def pictures():
    if not SIDE.exists():
        pytest.skip("sample_videos/side.mp4 isn't there")
    return list(islice(frames(read_video(SIDE)), N_FRAMES))


def test_near_leg_is_where_it_is_drawn(pictures):
    truth = json.loads(SIDE.with_suffix(".truth.json").read_text())
    xy = np.array([points for points, _ in MediaPipe().estimate(iter(pictures))])
    assert xy.dtype == np.float32
    for joint in ("hip", "knee", "ankle"):
        found = xy[:, SKELETON.index(f"right_{joint}")]
        distance_px = np.linalg.norm(found - truth["joints"]["right"][joint][:N_FRAMES], axis=1)
        assert np.median(distance_px) < 0.07 * truth["leg_length_px"]  # the model's own error; x for y would be 100 %


def test_every_call_starts_anew_and_says_nothing(pictures, capfd):
    runs = [list(MediaPipe().estimate(iter(pictures[:8]))) for _ in range(2)]
    for (xy, confidence), (xy_again, confidence_again) in zip(*runs, strict=True):
        np.testing.assert_array_equal(xy, xy_again)
        np.testing.assert_array_equal(confidence, confidence_again)
    assert capfd.readouterr() == ("", "")


def test_no_person_and_feet_outside_of_the_picture(pictures):
    empty = np.zeros((240, 320, 3), np.uint8)
    ((xy, confidence),) = MediaPipe().estimate([empty])
    assert np.isnan(xy).all()
    assert (confidence == 0).all()
    cut = [np.ascontiguousarray(picture[:560]) for picture in pictures[:3]]  # through the shanks
    *_, (xy, confidence) = MediaPipe().estimate(cut)
    assert xy[SKELETON.index("right_foot_index"), 1] > 560
    assert ((confidence >= 0) & (confidence <= 1)).all()


def test_no_pictures():
    assert list(MediaPipe().estimate([])) == []


def test_skeleton_is_mediapipes():
    from mediapipe.python.solutions.pose import PoseLandmark

    as_ours = {"mouth_left": "left_mouth", "mouth_right": "right_mouth"}
    names = [landmark.name.lower() for landmark in sorted(PoseLandmark)]
    assert [as_ours.get(name, name) for name in names] == list(SKELETON.names)
    assert sorted(name for pair in SKELETON.pairs for name in pair) == sorted(set(SKELETON.names) - {"nose"})
    assert all(left.startswith("left_") and right == left.replace("left", "right") for left, right in SKELETON.pairs)
    assert {name for edge in SKELETON.edges for name in edge} <= set(SKELETON.names)


def test_repr_holds_settings_and_version():
    assert repr(MediaPipe(min_tracking_confidence=0.7)) == (
        "MediaPipe(model_complexity=1, min_detection_confidence=0.5, min_tracking_confidence=0.7, version='0.10.21')"
    )


def test_model_that_cannot_be_loaded(monkeypatch):
    real_import = builtins.__import__

    def refuse(name, *args, **kwargs):
        if name.startswith("mediapipe"):
            raise ImportError("No module named 'mediapipe'")
        return real_import(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(PoseError, match=r"pip install mediapipe==0\.10\.21"):
        list(MediaPipe().estimate([np.zeros((8, 8, 3), np.uint8)]))
