"""What a pose model does to the true places of the joints.

Everything is a share of the runner's leg length in the picture, so it means the same in every camera, and all durations
are in real seconds, so it means the same at every frame rate.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from gait.errors import ConfigError, check_ranges
from gait.model import SIDES, FloatArray, Side, other_side
from gait.pose.mediapipe import SKELETON
from gait.simulate.bursts import Mask, bursts, bursts_from

Places = NDArray[np.float32]
Value = TypeVar("Value")
Streams = Callable[[str], np.random.Generator]
LEG_CHAIN = ("knee", "ankle", "heel", "foot_index")  # what changes legs; both hips stay where they are
JUMPING = ("elbow", "wrist", *LEG_CHAIN)
LATE_SWING_S = 0.12  # before contact: where MediaPipe's swaps begin in the rendered clips of which the presets are


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What there is to see: `xy` (n, k, 2) in pixels, its bias included, of frames at `time_s` (n,) real seconds.

    `far_side` is the leg behind the other one, None from the front or rear; `contact_s` are the initial contacts.
    """

    xy: Places
    names: tuple[str, ...]
    time_s: FloatArray
    leg_length_px: FloatArray
    far_side: Side | None
    contact_s: Mapping[Side, FloatArray]

    @property
    def phase(self) -> FloatArray:
        """Strides since the first contact of the left leg (n,)."""
        contacts = self.contact_s["left"]
        marks_s = np.r_[2 * contacts[0] - contacts[1], contacts, 2 * contacts[-1] - contacts[-2]]
        return np.interp(self.time_s, marks_s, np.arange(len(marks_s)) - 1.0)

    def point(self, name: str) -> FloatArray:
        """One keypoint (n, 2)."""
        return self.xy[:, self.names.index(name)].astype(np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Noisy:
    """What a pose model makes of it, and what was done: `swapped` and `invented` (n,), the others (n, k)."""

    xy: Places
    confidence: NDArray[np.float32]
    swapped: Mask
    invented: Mask
    jumped: Mask
    dropped: Mask


# Where the presets come from: MediaPipe 0.10.21 (complexity 1, unsmoothed) on four rendered clips at 30 fps with exact
# joints (left, right, rear, front), as they are and degraded (darkened to 45 %, 1.5 px blur, noise 8, H.264 crf 32);
# frames with exchanged legs apart, each coordinate's error was split into a constant, four harmonics of the stride and
# the rest. In leg lengths, side views: constants up to 0.03; repeating 0.008 to 0.024 (degraded 0.01 to 0.08); the rest
# 0.003 to 0.011 and white (degraded 0.01 to 0.05, at hips and shoulders correlated: 0.5 after one frame, 0.3 after
# two). Single points off by more than four SD: none at shoulders and hips, 0 to 5 % at knees, 3 to 6 % at feet
# (degraded 2 to 5 and 7 to 15 %). Swaps: 3 and 7 % of the frames for 1.1 and 1.3 frames in a row (degraded 31 and 11 %,
# 2.2 and 1.7), nearly all in late swing; none from the rear and front. Confidence in swapped frames as in the others,
# within 0.02. From the prototype of the runner and its trials (shared/avatar/README.md, shared/pose-notes.md): over 10
# rendered runners median errors of 0.012 to 0.040, and 2.0 to 2.7 % of the frames swapped, in the mean. On prototype
# clips 28 % swapped when degraded; once legs are put right, single points remain whose 99th percentile is 0.25 to 0.46;
# the stance ankle lies 0.01 to 0.04 too far out in rear and front views. Guessed, for lack of a measurement: `blur_s`,
# a quarter of an exposure of 1/240 s (degraded 1/60 s), and the share of made-up far legs, which rendered clips
# hardly have (0 and 2 %) and real ones do.
_BIAS = {
    "shoulder": (-0.005, 0.018, 0.003),
    "hip": (0.011, -0.016, 0.002),
    "knee": (-0.004, 0.007, 0.0),
    "ankle": (0.012, 0.021, 0.02),
    "heel": (0.019, -0.016, 0.0),
    "foot_index": (-0.019, 0.018, -0.02),
}
_REPEATING_SIDE = {
    "shoulder": (0.010, 0.006),
    "elbow": (0.025, 0.015),
    "wrist": (0.025, 0.025),
    "hip": (0.012, 0.011),
    "knee": (0.012, 0.010),
    "ankle": (0.010, 0.008),
    "heel": (0.015, 0.018),
    "foot_index": (0.021, 0.020),
}
# Up and down as in stance; in swing, where the foot points at the camera or away, it is 0.15 to 0.35.
_REPEATING_FRONTAL = {
    "shoulder": (0.005, 0.004),
    "elbow": (0.010, 0.025),
    "wrist": (0.020, 0.020),
    "hip": (0.005, 0.011),
    "knee": (0.007, 0.020),
    "ankle": (0.012, 0.020),
    "heel": (0.012, 0.025),
    "foot_index": (0.012, 0.030),
}
_NOISE_OF_JOINT = {"shoulder": 0.6, "elbow": 1.5, "wrist": 2.0, "hip": 0.8, "knee": 1.1, "foot_index": 1.3}


@dataclass(frozen=True, slots=True)
class KeypointNoise:
    """How wrong the keypoints are; by default they are exact, always there and all of confidence 1.

    Errors of every point, by joint ("ankle" for both, or "left_ankle"), x and y being those of the picture:

    - `bias_leg_lengths`: a constant offset (forward, up, outward) of the body, as the camera sees it.
    - `repeating_leg_lengths`: SD (x, y) of an error that is the same in every stride, a random curve of four harmonics.
      It is the larger part of what pose models do in good pictures, and no number of strides averages it away.
    - `jitter_leg_lengths`: SD of x and of y, anew in every frame.
    - `wander_leg_lengths`: SD of x and of y, correlated over `wander_s`: 1/e is left after that time (AR(1)).
    - `noise_of_joint`: factors on jitter and wander; 1 where a joint isn't named.
    - `blur_s`: along the direction in which the point moves in the picture, SD as a share of its speed (the exposure).

    Wrong points: `jump_share` of the limbs' points (shoulders and hips hold) are off by `jump_leg_lengths` (SD of x and
    of y), and `dropout_share` of all points are missing, each by itself in bursts of `jump_s` and `dropout_s`; in
    `lost_share` of the time, in bursts of `lost_s`, the whole runner is. Where a length is 0, every frame stands for
    itself.

    Wrong legs: in `swap_share` of the time, in bursts of `swap_s`, the left leg below the hip is taken for the right
    one and the other way round; the bursts begin at any time, where the ankles cross in the picture (if they do), or in
    late swing before a contact. In `invented_share` of the time, about the moments in which the legs hide each other,
    the far leg of a camera from the side is made up: from the place of the near leg ("near"), from where the near leg
    was half a stride ago under its own hip ("opposite"), or from itself ("own"), all of them `invented_lag_s` ago.

    Confidence: `confidence` and `far_leg_confidence` are its middle, `confidence_sd` how much it varies by itself, and
    `confidence_when_wrong` is taken off it where a point is wrong: little, for pose models hardly know.
    """

    bias_leg_lengths: Mapping[str, tuple[float, float, float]] = field(default_factory=dict)
    repeating_leg_lengths: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    jitter_leg_lengths: float = 0.0
    wander_leg_lengths: float = 0.0
    wander_s: float = 0.1
    noise_of_joint: Mapping[str, float] = field(default_factory=dict)
    blur_s: float = 0.0
    jump_share: float = 0.0
    jump_leg_lengths: float = 0.2
    jump_s: float = 0.0
    dropout_share: float = 0.0
    dropout_s: float = 0.0
    lost_share: float = 0.0
    lost_s: float = 0.3
    swap_share: float = 0.0
    swap_s: float = 0.1
    swap_at: Literal["any time", "crossing", "late swing"] = "any time"
    invented_share: float = 0.0
    invented_from: Literal["near", "opposite", "own"] = "near"
    invented_lag_s: float = 0.0
    confidence: float = 1.0
    far_leg_confidence: float = 1.0
    confidence_sd: float = 0.0
    confidence_when_wrong: float = 0.0

    def __post_init__(self) -> None:
        shares = ("jump_share", "dropout_share", "lost_share", "invented_share", "confidence", "far_leg_confidence")
        lengths = ("jitter_leg_lengths", "wander_leg_lengths", "jump_leg_lengths", "confidence_sd")
        durations = ("blur_s", "jump_s", "dropout_s", "lost_s", "swap_s", "invented_lag_s")
        check_ranges(
            self,
            **dict.fromkeys(shares, (0.0, 1.0)),
            **dict.fromkeys(lengths, (0.0, 5.0)),
            **dict.fromkeys(durations, (0.0, 60.0)),
            wander_s=(1e-3, 60),
            swap_share=(0, 1),
            confidence_when_wrong=(0, 1),
        )
        named = {*self.bias_leg_lengths, *self.repeating_leg_lengths, *self.noise_of_joint}
        unknown = sorted(named - {*SKELETON.names, *(name.partition("_")[2] for name in SKELETON.names)})
        if unknown:
            raise ConfigError(f"There is no joint {' or '.join(unknown)}; joints are named as in ankle or left_ankle.")

    @classmethod
    def of_clean_clip(cls, *, frontal: bool = False) -> KeypointNoise:
        """What MediaPipe does in a sharp, well-lit clip from the side, or from the rear or front."""
        return cls(
            bias_leg_lengths=_BIAS,
            repeating_leg_lengths=_REPEATING_FRONTAL if frontal else _REPEATING_SIDE,
            jitter_leg_lengths=0.007,
            noise_of_joint=_NOISE_OF_JOINT,
            blur_s=0.001,
            jump_share=0.01,
            jump_leg_lengths=0.1,
            swap_share=0.0 if frontal else 0.02,
            swap_s=0.04,
            swap_at="late swing",
            confidence=0.98,
            far_leg_confidence=0.95,
            confidence_sd=0.03,
            confidence_when_wrong=0.01,
        )

    @classmethod
    def of_hard_clip(cls, *, frontal: bool = False) -> KeypointNoise:
        """What MediaPipe does in a dark, blurred, noisy and much compressed clip."""
        repeating = dict(_REPEATING_FRONTAL if frontal else _REPEATING_SIDE)
        repeating |= {joint: (2 * repeating[joint][0], 2 * repeating[joint][1]) for joint in JUMPING}
        return cls(
            bias_leg_lengths=_BIAS,
            repeating_leg_lengths=repeating,
            jitter_leg_lengths=0.015,
            wander_leg_lengths=0.01,
            wander_s=0.08,
            noise_of_joint=_NOISE_OF_JOINT,
            blur_s=0.004,
            jump_share=0.03,
            jump_leg_lengths=0.2,
            jump_s=0.05,
            swap_share=0.0 if frontal else 0.15,
            swap_s=0.07,
            swap_at="late swing",
            invented_share=0.05,
            confidence=0.97,
            far_leg_confidence=0.93,
            confidence_sd=0.04,
            confidence_when_wrong=0.01,
        )

    def bias_of(self, name: str) -> FloatArray:
        """Offset (3,) of a keypoint in leg lengths along x, y and z of the world."""
        forward, up, outward = _of_joint(self.bias_leg_lengths, name, (0.0, 0.0, 0.0))
        return np.array([forward, up, -outward if name.startswith("left_") else outward])

    def applied(self, seen: Seen, streams: Streams) -> Noisy:
        """The keypoints of a pose model that errs like this; `streams` gives a random generator for each purpose."""
        xy, invented = self._with_invented_leg(seen)
        for k, name in enumerate(seen.names):
            xy[:, k] += self._error_px(seen, name, streams)
        swapped = self._swapped(seen, streams("swap"))
        for joint in LEG_CHAIN:
            left, right = (seen.names.index(f"{side}_{joint}") for side in SIDES)
            xy[swapped, left], xy[swapped, right] = xy[swapped, right], xy[swapped, left]
        jumped, dropped = np.zeros(xy.shape[:2], dtype=bool), np.zeros(xy.shape[:2], dtype=bool)
        lost = bursts(streams("lost"), seen.time_s, share=self.lost_share, mean_s=self.lost_s)
        for k, name in enumerate(seen.names):
            if _is_of(name, JUMPING):
                rng = streams(f"jump {name}")
                jumped[:, k] = bursts(rng, seen.time_s, share=self.jump_share, mean_s=self.jump_s)
                xy[:, k] += self._jump_px(seen, jumped[:, k], rng)
            gone = bursts(streams(f"dropout {name}"), seen.time_s, share=self.dropout_share, mean_s=self.dropout_s)
            dropped[:, k] = lost | gone
        xy[dropped] = np.nan
        wrong = jumped | (swapped[:, None] & np.array([_is_of(name, LEG_CHAIN) for name in seen.names]))
        if seen.far_side:
            wrong |= invented[:, None] & np.array([_is_of(name, LEG_CHAIN, seen.far_side) for name in seen.names])
        confidence = self._confidence(seen, wrong, streams)
        confidence[~np.isfinite(xy).all(axis=2)] = 0
        return Noisy(xy, confidence, swapped, invented, jumped, dropped)

    def _error_px(self, seen: Seen, name: str, streams: Streams) -> FloatArray:
        """Jitter, wander and blur of one keypoint (n, 2)."""
        scale = _of_joint(self.noise_of_joint, name, 1.0) * seen.leg_length_px[:, None]
        shape, error = (len(seen.time_s), 2), np.zeros((len(seen.time_s), 2))
        repeating = _of_joint(self.repeating_leg_lengths, name, (0.0, 0.0))
        if any(repeating):
            curves = _stride_curves(streams(f"repeating {name}"), seen.phase)
            error += np.array(repeating) * seen.leg_length_px[:, None] * curves
        if self.jitter_leg_lengths:
            error += self.jitter_leg_lengths * scale * streams(f"jitter {name}").standard_normal(shape)
        if self.wander_leg_lengths:
            draws = streams(f"wander {name}").standard_normal(shape)
            error += self.wander_leg_lengths * scale * _with_memory(draws, seen.time_s, memory_s=self.wander_s)
        if self.blur_s and len(seen.time_s) > 1:
            velocity = np.gradient(seen.point(name), seen.time_s, axis=0)
            error += self.blur_s * velocity * streams(f"blur {name}").standard_normal((len(velocity), 1))
        return error

    def _with_invented_leg(self, seen: Seen) -> tuple[Places, Mask]:
        """The places (n, k, 2) with the far leg made up, and in which frames it is."""
        xy = seen.xy.copy()
        if seen.far_side is None or not self.invented_share:
            return xy, np.zeros(len(xy), dtype=bool)
        far, near = seen.far_side, other_side(seen.far_side)
        apart = np.abs(_ankles_apart_px(seen))
        invented = np.asarray(apart <= np.quantile(apart, self.invented_share))
        source = far if self.invented_from == "own" else near
        then_s = seen.time_s - self.invented_lag_s
        carried = np.zeros((len(xy), 2))
        if self.invented_from == "opposite":
            contact_s = seen.contact_s[near]
            then_s = then_s - np.interp(seen.time_s, contact_s[:-1], np.diff(contact_s)) / 2
            carried = seen.point(f"{far}_hip") - _at(seen, f"{near}_hip", then_s)
        for joint in LEG_CHAIN:
            made_up = _at(seen, f"{source}_{joint}", then_s) + carried
            xy[invented, seen.names.index(f"{far}_{joint}")] = made_up[invented]
        return xy, invented

    def _swapped(self, seen: Seen, rng: np.random.Generator) -> Mask:
        """Frames (n,) in which the legs are taken for each other."""
        if not self.swap_share:  # a run whose contacts nobody knows has no phase either
            return np.zeros(len(seen.time_s), dtype=bool)
        marks_s = np.array([])
        if self.swap_at == "crossing":
            apart = _ankles_apart_px(seen)
            before = np.flatnonzero(np.sign(apart[1:]) != np.sign(apart[:-1]))
            marks_s = (seen.time_s[before] + seen.time_s[before + 1]) / 2
        elif self.swap_at == "late swing":
            contacts_s = np.sort(np.concatenate([seen.contact_s[side] for side in SIDES]))
            marks_s = np.sort(contacts_s - LATE_SWING_S * rng.uniform(size=len(contacts_s)))
        marks_s = marks_s[(marks_s >= seen.time_s[0]) & (marks_s <= seen.time_s[-1])]
        if len(marks_s) > max(seen.phase[-1] - seen.phase[0], 2):  # two a stride; from the rear, ankles may never cross
            return bursts_from(rng, seen.time_s, marks_s, share=self.swap_share, mean_s=self.swap_s)
        return bursts(rng, seen.time_s, share=self.swap_share, mean_s=self.swap_s)

    def _jump_px(self, seen: Seen, jumped: Mask, rng: np.random.Generator) -> FloatArray:
        """How far a point is off (n, 2); it stays there for a whole burst."""
        begins = jumped & ~np.r_[False, jumped[:-1]]
        first = np.maximum.accumulate(np.where(begins, np.arange(len(jumped)), 0))
        size_px = self.jump_leg_lengths * seen.leg_length_px * jumped
        return np.asarray(rng.standard_normal((len(jumped), 2))[first] * size_px[:, None], dtype=np.float64)

    def _confidence(self, seen: Seen, wrong: Mask, streams: Streams) -> NDArray[np.float32]:
        """How sure the model says it is of each point (n, k)."""
        confidence = np.empty(wrong.shape, dtype=np.float32)
        for k, name in enumerate(seen.names):
            is_far = seen.far_side is not None and _is_of(name, LEG_CHAIN, seen.far_side)
            middle = self.far_leg_confidence if is_far else self.confidence
            varying = self.confidence_sd * streams(f"confidence {name}").standard_normal(len(wrong))
            confidence[:, k] = np.clip(middle + varying - self.confidence_when_wrong * wrong[:, k], 0, 1)
        return confidence


def _of_joint(by_joint: Mapping[str, Value], name: str, default: Value) -> Value:
    """The setting of a keypoint: its own, else that of its joint on both sides."""
    return by_joint.get(name, by_joint.get(name.removeprefix("left_").removeprefix("right_"), default))


def _is_of(name: str, joints: tuple[str, ...], side: Side | None = None) -> bool:
    """Whether a keypoint is one of these joints, of one side or either."""
    return any(name == f"{one}_{joint}" for one in SIDES if side in (None, one) for joint in joints)


def _with_memory(draws: FloatArray, time_s: FloatArray, *, memory_s: float) -> FloatArray:
    """Independent draws (n, 2) of unit variance made to last, by a first-order filter at the mean frame interval."""
    from scipy.signal import lfilter

    kept = float(np.exp(-(time_s[-1] - time_s[0]) / max(len(time_s) - 1, 1) / memory_s))
    scaled = np.concatenate([draws[:1], draws[1:] * np.sqrt(1 - kept**2)])
    return np.asarray(lfilter([1.0], [1.0, -kept], scaled, axis=0), dtype=np.float64)


def _stride_curves(rng: np.random.Generator, phase: FloatArray) -> FloatArray:
    """Two random curves (n, 2) of unit variance over the stride: four harmonics, the higher the weaker."""
    order = np.arange(1, 5)
    size = np.sqrt(2 / (order**2 * np.sum(1.0 / order**2)))
    turn = 2 * np.pi * rng.uniform(size=(2, len(order)))
    cosines = np.cos(2 * np.pi * phase[:, None, None] * order + turn)
    return np.asarray(cosines @ size, dtype=np.float64)


def _ankles_apart_px(seen: Seen) -> FloatArray:
    """Left minus right ankle (n,) along the picture's width."""
    return seen.point("left_ankle")[:, 0] - seen.point("right_ankle")[:, 0]


def _at(seen: Seen, name: str, time_s: FloatArray) -> FloatArray:
    """A keypoint (n, 2) at other times; before the clip it is where it was at first."""
    return np.column_stack([np.interp(time_s, seen.time_s, column) for column in seen.point(name).T])
