"""The real model on the rendered runner of `sample_videos/`, whose joints are known."""

import builtins
import json
import signal
import warnings
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from gait.errors import PoseError
from gait.pose import MediaPipe
from gait.pose.mediapipe import SKELETON, _Graph
from gait.pose.quiet import quiet_stderr
from gait.video import frames, read_video

SIDE = Path(__file__).parents[2] / "sample_videos" / "side.mp4"
N_FRAMES = 60  # one second: more than two steps


@pytest.fixture(scope="module")
def pictures():
    if not SIDE.exists():
        pytest.skip("sample_videos/side.mp4 isn't there")
    return list(islice(frames(read_video(SIDE)), N_FRAMES))


def keypoints_of_one(pictures):
    """Keypoints (n, 33, 3) of a clip with one person: x, y and confidence, NaN where nobody is."""
    rows = []
    for found in MediaPipe().follow(iter(pictures), fps=60):
        assert len(found) < 2
        rows.extend(np.column_stack(keypoints)[:33] for keypoints in found.values())
        rows.extend([np.full((33, 3), np.nan, np.float32)] * (not found))
    return np.array(rows)


def by_mediapipe_alone(pictures):
    """The same by MediaPipe's own solution for one person."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of protobuf
        from mediapipe.python.solutions.pose import Pose

        with quiet_stderr(), Pose(model_complexity=1, smooth_landmarks=False) as model:
            found = [model.process(picture).pose_landmarks for picture in pictures]
    height_px, width_px = pictures[0].shape[:2]
    nobody = np.full((33, 3), np.nan)
    rows = [
        nobody if one is None else [(p.x * width_px, p.y * height_px, p.visibility) for p in one.landmark]
        for one in found
    ]
    return np.array(rows).astype(np.float32)


def two_runners(pictures):
    """The runner from the side twice in each picture, the second mirrored, a third of a second later."""
    middle = pictures[0].shape[1] // 2
    part = slice(middle - 300, middle + 300)
    late = np.roll(np.arange(len(pictures)), -20)
    return [np.hstack([pictures[i][:, part], pictures[j][:, part][:, ::-1]]) for i, j in enumerate(late)]


def test_one_person_is_as_by_mediapipe_itself(pictures):
    """To the bit, also where nobody is to be seen in between, and where the runner comes back elsewhere."""
    gaps = [np.full_like(p, 127) if 12 <= i < 15 or i == 20 else p for i, p in enumerate(pictures[:40])]
    gaps[30:] = [np.ascontiguousarray(picture[:, ::-1]) for picture in gaps[30:]]
    expected = by_mediapipe_alone(gaps)
    assert 4 <= np.isnan(expected[:, 0, 0]).sum() < 12
    np.testing.assert_array_equal(keypoints_of_one(gaps), expected)


def test_nobody_takes_anothers_place(pictures):
    """Two runners; the first is out of sight for a tenth of a second, when one person's model would go to the other."""
    both = two_runners(pictures[:40])
    for picture in both[20:26]:
        picture[:, :600] = 127
    hips = [SKELETON.index("left_hip"), SKELETON.index("right_hip")]
    people = [{n: xy[hips, 0].mean() for n, (xy, _) in found.items()} for found in MediaPipe().follow(both, fps=60)]
    (left,) = [n for n, x in people[0].items() if x < 600]
    (right,) = [n for n, x in people[0].items() if x > 600]
    assert all(frame[right] > 600 for frame in people)
    assert all(frame[left] < 600 for frame in people if left in frame)
    assert all(left in frame for frame in [*people[:20], *people[28:]])
    assert not any(left in frame for frame in people[20:26])


def test_near_leg_is_where_it_is_drawn(pictures):
    truth = json.loads(SIDE.with_suffix(".truth.json").read_text(encoding="utf-8"))
    assert truth["near_side"] == "left"
    xy = keypoints_of_one(pictures)[..., :2]
    assert xy.dtype == np.float32
    for joint in ("hip", "knee", "ankle"):
        found, drawn = xy[:, SKELETON.index(f"left_{joint}")], truth["joints"][f"left_{joint}"]["pixels"][:N_FRAMES]
        distance_px = np.linalg.norm(found - drawn, axis=1)
        assert np.median(distance_px) < 0.07 * truth["leg_length_px"]  # the model's own error; x for y would be 100 %


def test_every_call_starts_anew_and_says_nothing(pictures, capfd):
    runs = [list(MediaPipe().follow(iter(pictures[:8]), fps=60)) for _ in range(2)]
    for found, again in zip(*runs, strict=True):
        assert list(found) == list(again) == [0]
        np.testing.assert_array_equal(found[0][0], again[0][0])
        np.testing.assert_array_equal(found[0][1], again[0][1])
    assert capfd.readouterr() == ("", "")


def test_no_person_and_feet_outside_of_the_picture(pictures):
    empty = np.zeros((240, 320, 3), np.uint8)
    assert list(MediaPipe().follow([empty], fps=30)) == [{}]
    cut = [np.ascontiguousarray(picture[:560]) for picture in pictures[:3]]  # through the shanks
    *_, found = MediaPipe().follow(cut, fps=60)
    xy, confidence = found[0]
    assert xy[SKELETON.index("left_foot_index"), 1] > 560
    assert ((confidence >= 0) & (confidence <= 1)).all()


def test_no_pictures():
    assert list(MediaPipe().follow([], fps=30)) == []


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


def test_an_interrupt_while_a_model_starts_waits_for_its_first_result(monkeypatch):
    """Its threads would write their log lines when nobody holds them back any more."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    asked = []

    class Model:
        def process(self, inputs):
            asked.append(inputs)

    def started(_self):
        signal.raise_signal(signal.SIGINT)
        return Model()

    monkeypatch.setattr(_Graph, "_started", started)
    try:
        with pytest.raises(KeyboardInterrupt):
            _Graph("", thresholds={}, side_inputs={})({"image": 1})
    finally:
        signal.signal(signal.SIGINT, before)
    assert asked == [{"image": 1}]


def test_model_that_cannot_be_loaded(monkeypatch):
    real_import = builtins.__import__

    def refuse(name, *args, **kwargs):
        if name.startswith("mediapipe"):
            raise ImportError("No module named 'mediapipe'")
        return real_import(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(PoseError, match=r"pip install mediapipe==0\.10\.21"):
        list(MediaPipe().follow([np.zeros((8, 8, 3), np.uint8)], fps=30))
