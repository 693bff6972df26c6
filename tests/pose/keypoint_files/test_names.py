"""Every tool's spelling of a keypoint."""

import pytest

from gait.pose.keypoint_files.names import LAYOUTS, columns_of, layout_of, plain_name
from gait.pose.mediapipe import SKELETON


@pytest.mark.parametrize(("spelling", "name"), [
    ("RHip", "right_hip"), ("LBigToe", "left_big_toe"), ("r_small_toe", "right_small_toe"), ("Left Hip", "left_hip"),
    ("LEFT_KNEE", "left_knee"), ("leftAnkle", "left_ankle"), ("ankle_r", "right_ankle"), ("Nose", "nose"),
    ("left_foot_index", "left_foot_index"), ("REyeInner", "right_eye_inner"), ("CHip", "c_hip"), ("mid_hip", "mid_hip"),
])  # fmt: skip
def test_spellings(spelling: str, name: str) -> None:
    assert plain_name(spelling) == name


def test_every_name_of_the_program_is_its_own() -> None:
    assert [plain_name(name) for name in SKELETON.names] == list(SKELETON.names)
    assert columns_of(SKELETON.names) == {name: at for at, name in enumerate(SKELETON.names)}


def test_the_forefoot_is_the_big_toe_where_there_is_one() -> None:
    assert columns_of(["LSmallToe", "LBigToe"]) == {"left_foot_index": 1}
    assert columns_of(["LSmallToe"]) == {"left_foot_index": 0}
    assert columns_of(["left_foot_index", "LBigToe"]) == {"left_foot_index": 0}


def test_orders_are_those_of_the_tools(orders: dict[str, tuple[str, ...]]) -> None:
    for name, order in orders.items():
        assert layout_of(len(order)) == (name, order)
    # AlphaPose's Halpe136 begins as Halpe26, COCO-WholeBody as COCO-17; its feet come next.
    assert LAYOUTS[136][1] == orders["Halpe26"]
    assert LAYOUTS[133][1][:17] == orders["COCO-17"]
    assert LAYOUTS[133][1][17:] == (
        "left_big_toe", "left_small_toe", "left_heel", "right_big_toe", "right_small_toe", "right_heel",
    )  # fmt: skip


def test_an_unknown_number_of_keypoints() -> None:
    with pytest.raises(ValueError, match=r"21 keypoints.*BODY_25 \(25\)"):
        layout_of(21)
