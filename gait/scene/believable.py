"""Whether each leg of a side view moves as a leg must, or is made up by the pose model where it is hidden.

Visibility hardly tells: pose models put a hidden leg somewhere and are sure of it. So the far leg is asked what a
made-up one can't do, on the folded cycle: its standing foot moves back with the belt, it does what the near leg does
half a stride later, its bones keep their lengths, it repeats itself, and it doesn't lie on the other leg.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from gait.errors import check_ranges
from gait.model import Cycle, LegQuality, Scene, Side, Track, other_side
from gait.scene.leg_cues import OwnCues, PairCues, match_legs, own_cues, pair_cues
from gait.scene.legs import FOOT_JOINTS, with_hidden_feet


@dataclass(frozen=True, slots=True)
class LegRules:
    """How far a leg may be from what a leg must do; lengths in leg lengths.

    Between the legs, as far as people's differ: a far leg `max_late` strides off the middle between the near one's
    strides makes one step a third longer than the other; a foot `max_off` from where the other is half a stride
    later, the camera's perspective taken out, swings 20 cm higher or farther than it; one belt has one speed, within
    `max_belt_difference`; a bone's length in the picture departs from the other leg's by no more than `max_bone_change`
    (a quarter of the shank) or `max_foot_change` (two thirds of the foot, whose ends are the noisiest points). In more
    than `max_lying_on` of the frames a foot doesn't lie on one that should be elsewhere, and feet that are never
    farther apart than `min_apart` are one foot: a runner's come to 0.8 apart.

    Of each leg: the standing foot keeps to a straight, even way within `max_stance_bend` (4 cm) and to one height
    within `max_stance_rise` (it rolls and tilts); it comes back each stride within `max_scatter` (SD; feet do within
    0.02, and 0.03 with a pose model's errors), is found in `min_found` of the frames, and nowhere in the stride is it
    missing for `max_hole`, half of the shortest stance.

    Between good and made-up legs these limits lie so (some 30 simulated runners, some with 10 to 15 % between their
    legs, MediaPipe's errors; then legs made up in 30 % of the frames or in all): late 0.06 and 0.12 (made up in all),
    off 0.19 and 0.28, bend 0.015 and 0.05, rise 0.06 and 0.2 (copies of the near leg), lying on it 0 and 0.12 (copies).
    Bones alone don't part them (thigh and shank 0.11, foot 0.19 in hard clips, 0.03 to 0.14 in made-up legs); they tell
    legs that are wrong in other ways, as do scatter and holes.
    """

    max_late: float = 0.08
    max_off: float = 0.23
    max_belt_difference: float = 0.25
    max_stance_bend: float = 0.04
    max_stance_rise: float = 0.12
    max_bone_change: float = 0.12
    max_foot_change: float = 0.2
    max_scatter: float = 0.08
    max_lying_on: float = 0.05
    min_apart: float = 0.3
    min_found: float = 0.5
    max_hole: float = 0.12

    def __post_init__(self) -> None:
        check_ranges(self, **dict.fromkeys(self.__slots__, (0.0, 5.0)))


def judge_believable(track: Track, scene: Scene, cycle: Cycle, rules: LegRules) -> Scene:
    """The scene with the legs that can't be believed in grade D; of side views, whose far leg hides behind the near.

    Parameters
    ----------
    track, cycle
        The repaired keypoints and their folded cycle.
    """
    near = scene.near_side if scene.is_side_view else None
    if near is None or not all(track.has(joint) for joint in ("hip", "knee", *FOOT_JOINTS)):
        return scene
    pair = match_legs(track, cycle, near, scene.direction)
    legs = dict(scene.legs)
    for side in (near, other_side(near)):
        faults = own_faults(own_cues(track, cycle, pair, side), side, rules)
        if side != near:
            faults += pair_faults(pair_cues(track, cycle, pair), side, rules)
        legs[side] = _refused(legs[side], faults)
    return with_hidden_feet(replace(scene, legs=legs))


def refuse_legs(scene: Scene, reasons: Mapping[Side, str]) -> Scene:
    """The scene with legs in grade D which the events couldn't use; an empty reason leaves a leg as it is."""
    legs = dict(scene.legs)
    for side, reason in reasons.items():
        if reason and legs[side].grade != "D":
            legs[side] = _refused(legs[side], (reason,))
    return replace(scene, legs=legs)


def _refused(leg: LegQuality, faults: tuple[str, ...]) -> LegQuality:
    """The leg in grade D for these faults, without the reasons of a better grade; as it is where there are none."""
    return LegQuality("D", (*(leg.reasons if leg.grade == "D" else ()), *faults)) if faults else leg


def own_faults(cues: OwnCues, side: Side, rules: LegRules) -> tuple[str, ...]:
    """What a leg does that no leg does, as reasons; whatever can't be told counts as a fault."""
    tests = (
        (cues.found >= rules.min_found, f"the {side} foot is found in only {cues.found:.0%} of the frames"),
        (cues.hole <= rules.max_hole, f"the {side} foot isn't found in one part of the stride, {cues.hole:.0%} of it"),
        (
            cues.stance_bend <= rules.max_stance_bend,
            f"the standing {side} foot is off an even way with the belt by {_share(cues.stance_bend)}",
        ),
        (
            cues.stance_rise <= rules.max_stance_rise,
            f"the standing {side} foot moves up or down by {_share(cues.stance_rise)}",
        ),
        (cues.scatter <= rules.max_scatter, f"the {side} foot is off its mean stride by {_share(cues.scatter)}"),
    )
    return tuple(reason for passed, reason in tests if not passed)


def pair_faults(cues: PairCues, far: Side, rules: LegRules) -> tuple[str, ...]:
    """In what the far leg differs from the near one as no two legs do, as reasons."""
    near = other_side(far)
    tests = (
        (cues.apart >= rules.min_apart, "both legs lie on one"),
        (
            abs(cues.late) <= rules.max_late,
            f"the {far} leg comes {abs(cues.late):.0%} of a stride {'after' if cues.late > 0 else 'before'} "
            f"the middle between the {near} one's strides",
        ),
        (
            cues.off <= rules.max_off,
            f"the {far} foot is {_share(cues.off)} from where the {near} one is half a stride later",
        ),
        (
            abs(cues.belt_ratio - 1) <= rules.max_belt_difference,
            f"the standing {far} foot moves back at {cues.belt_ratio:.0%} of the {near} foot's speed",
        ),
        (
            cues.lying_on <= rules.max_lying_on,
            f"in {cues.lying_on:.0%} of the frames the {far} foot lies on the {near} one though it should be elsewhere",
        ),
        *(
            (
                change <= (rules.max_foot_change if bone == "foot" else rules.max_bone_change),
                f"the {far} {bone}'s length changes by {_share(change)}",
            )
            for bone, change in cues.bone_change.items()
        ),
    )
    return tuple(reason for passed, reason in tests if not passed)


def _share(leg_lengths: float) -> str:
    """A length in words.

    >>> _share(0.312)
    "31 % of the leg's length"
    """
    return f"{100 * leg_lengths:.0f} % of the leg's length"
