"""How well each leg can be seen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gait.model import SIDES, Grade, LegQuality, Scene, Side, Track
from gait.scene.view import SceneRules
from gait.signals import median_of_known, robust_sd

FOOT_JOINTS = ("ankle", "heel", "foot_index")
FOOT_WORDS = {"heel": "heel", "foot_index": "toe"}


def judge_legs(track: Track, scene: Scene, rules: SceneRules) -> Scene:
    """The scene with a grade for each leg, its reasons, and the reason why feet are hidden, where they are."""
    legs: dict[Side, LegQuality] = {side: _leg_quality(track, scene, side, rules) for side in SIDES}
    lacking = " or ".join(word for joint, word in FOOT_WORDS.items() if not track.has(joint))
    if lacking:
        feet_hidden = (
            f"the feet can't be seen (the keypoint file has no {lacking} points); use a pose model that finds them"
        )
        return replace(scene, legs=legs, feet_hidden=feet_hidden)
    return with_hidden_feet(replace(scene, legs=legs))


def with_hidden_feet(scene: Scene) -> Scene:
    """The scene with the reason why its feet can't be seen, where no leg that is looked at is better than D."""
    looked_at = [scene.near_side] if scene.is_side_view and scene.near_side else list(SIDES)
    if scene.feet_hidden or any(scene.legs[side].grade != "D" for side in looked_at):
        return scene
    reason = "; ".join(dict.fromkeys(r for side in looked_at for r in scene.legs[side].reasons))
    feet_hidden = f"the feet can't be seen ({reason}); film the whole body with nothing before the legs"
    return replace(scene, feet_hidden=feet_hidden)


def _leg_quality(track: Track, scene: Scene, side: Side, rules: SceneRules) -> LegQuality:
    """Grade of one leg from how surely the model sees its foot, where it is and how steady the shank's length is."""
    columns = [track.skeleton.index(f"{side}_{joint}") for joint in FOOT_JOINTS if track.has(joint)]
    feet = track.xy[:, columns]
    seen = np.where(np.isfinite(feet).all(axis=2), track.confidence[:, columns], 0.0)
    confidence = float(median_of_known(seen)) if seen.size else 0.0
    with np.errstate(invalid="ignore"):
        below = feet[..., 1] > track.video.height_px
        beside = (feet[..., 0] < 0) | (feet[..., 0] > track.video.width_px)
    outside = float((below | beside).any(axis=1).sum()) / max(track.video.n_frames, 1)
    reasons, grade = [], "A"
    if confidence < rules.min_foot_confidence:
        reasons.append(f"the pose model gives the {side} foot a visibility of {confidence:.2f}")
        grade = "D"
    if outside > rules.max_foot_outside:
        reasons.append(f"the {side} foot is outside of the picture in {outside:.0%} of the frames")
        grade = "D"
    if grade != "D" and scene.is_side_view and side != scene.near_side:
        reasons.append(f"the {side} leg is the far one, hidden in part by the other")
        grade = "C"
    wobble = _shank_wobble(track, side) if scene.is_side_view else 0.0
    if grade in ("A", "B") and wobble > 0.06:
        reasons.append(f"the {side} shank's length varies by {wobble:.0%} from frame to frame")
        grade = "B" if wobble <= 0.12 else "C"
    return LegQuality(_grade(grade), tuple(reasons))


def _shank_wobble(track: Track, side: Side) -> float:
    """Robust coefficient of variation of the shank's length in the picture."""
    shank = track.point(f"{side}_knee") - track.point(f"{side}_ankle")
    length = np.hypot(shank[:, 0], shank[:, 1])
    return float(robust_sd(length) / median_of_known(length))


def _grade(letter: str) -> Grade:
    """A letter as a `Grade`."""
    return {"A": "A", "B": "B", "C": "C"}.get(letter, "D")  # type: ignore[return-value]
