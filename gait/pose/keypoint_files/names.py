"""Names of keypoints: every tool's own, brought to those of the program."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from gait.pose.mediapipe import SKELETON

# Which point of the file stands for one of the program's; the first that is there, for the whole file.
# `foot_index` is MediaPipe's forefoot. The big toe is the nearest thing that other tools have (Sports2D names
# MediaPipe's point "BigToe" too), and all of them have it; the middle of both toes would move where one is lost.
_STANDS_FOR = {"foot_index": ("foot_index", "big_toe", "toe", "small_toe")}
_PARTS = {name.removeprefix("left_").removeprefix("right_") for name in SKELETON.names}
_KNOWN_PARTS = {part.replace("_", ""): part for part in (*_PARTS, "big_toe", "small_toe", "toe")}
_SIDES = {"l": "left", "left": "left", "r": "right", "right": "right"}
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")

NEEDED = tuple(f"{side}_{joint}" for side in ("left", "right") for joint in ("hip", "knee", "ankle"))


def _both(*parts: str) -> tuple[str, ...]:
    """Left, then right, of each part."""
    return tuple(f"{side}_{part}" for part in parts for side in ("left", "right"))


COCO_17 = ("nose", *_both("eye", "ear", "shoulder", "elbow", "wrist", "hip", "knee", "ankle"))
_RIGHT_ARM, _LEFT_ARM = (tuple(f"{side}_{j}" for j in ("shoulder", "elbow", "wrist")) for side in ("right", "left"))
_RIGHT_LEG, _LEFT_LEG = (tuple(f"{side}_{j}" for j in ("hip", "knee", "ankle")) for side in ("right", "left"))
_FACE = ("right_eye", "left_eye", "right_ear", "left_ear")
_FEET_BY_SIDE = tuple(f"{side}_{part}" for side in ("left", "right") for part in ("big_toe", "small_toe", "heel"))
_OPENPOSE_18 = ("nose", "neck", *_RIGHT_ARM, *_LEFT_ARM, *_RIGHT_LEG, *_LEFT_LEG, *_FACE)
_BODY_25 = ("nose", "neck", *_RIGHT_ARM, *_LEFT_ARM, "mid_hip", *_RIGHT_LEG, *_LEFT_LEG, *_FACE, *_FEET_BY_SIDE)
_HALPE_26 = (*COCO_17, "head", "neck", "mid_hip", *_both("big_toe", "small_toe", "heel"))

# Files without names are told by their number of keypoints; the order is that of the tools' own documentation.
# Points beyond those named (hands and face of the whole-body sets) aren't used.
LAYOUTS: Mapping[int, tuple[str, tuple[str, ...]]] = {
    17: ("COCO-17", COCO_17),
    18: ("OpenPose COCO-18", _OPENPOSE_18),
    25: ("BODY_25", _BODY_25),
    26: ("Halpe26", _HALPE_26),
    33: ("BlazePose", SKELETON.names),
    133: ("COCO-WholeBody", (*COCO_17, *_FEET_BY_SIDE)),
    136: ("Halpe136", _HALPE_26),
}


def layout_of(n_points: int) -> tuple[str, tuple[str, ...]]:
    """Name and keypoints of the skeleton that has so many points.

    Raises
    ------
    ValueError
        Where none has.
    """
    if n_points not in LAYOUTS:
        known = ", ".join(f"{name} ({count})" for count, (name, _) in LAYOUTS.items())
        raise ValueError(f"people have {n_points} keypoints, which is no skeleton known here: {known}")
    return LAYOUTS[n_points]


def plain_name(name: str) -> str:
    """The program's spelling of a keypoint's name: "RBigToe", "r_big_toe" and "right big toe" are `right_big_toe`.

    A name that isn't known comes back in lower case.

    >>> plain_name("LHip"), plain_name("r_small_toe"), plain_name("Nose")
    ('left_hip', 'right_small_toe', 'nose')
    """
    words = [word.lower() for word in _WORD.findall(name)]
    for side_at, rest in ((0, words[1:]), (-1, words[:-1])):
        if len(words) > 1 and words[side_at] in _SIDES and "".join(rest) in _KNOWN_PARTS:
            return f"{_SIDES[words[side_at]]}_{_KNOWN_PARTS[''.join(rest)]}"
    return "_".join(words)


def columns_of(names: Sequence[str]) -> dict[str, int]:
    """Which column of a file holds each keypoint of the program; those that the file lacks aren't in it."""
    there: dict[str, int] = {}
    for column, name in enumerate(names):
        there.setdefault(plain_name(name), column)
    found = {}
    for name in SKELETON.names:
        side, _, part = name.partition("_")
        for candidate in _STANDS_FOR.get(part, ()):
            if f"{side}_{candidate}" in there:
                found[name] = there[f"{side}_{candidate}"]
                break
        else:
            if name in there:
                found[name] = there[name]
    return found
