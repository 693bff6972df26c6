"""Initial contact and toe-off by rules of the literature, stride by stride on the frames, without folding.

They stand beside what `gait` finds on the same keypoints, so that a reader sees what folding brings. Only the papers'
abstracts could be read (Zeni's rule as other programs state it): the principle is theirs; the windows in which an event
is looked for, the filter, the derivatives and the step between frames are ours. Where not even the principle's exact
form could be found, the rule is called an approximation.

All rules get every help that a per-frame program could have: repaired keypoints of a levelled picture, the running
direction, real time stamps, a zero-lag low-pass filter, strides cut where the ankle is foremost, and a parabola through
the three frames around a peak.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gait.model import SIDES, EventKind, Events, FloatArray, Scene, Side, Track
from gait.signals import fill_gaps, lowpass, median_of_known, spread_of_known, turn_deg

# Cut-offs that the literature uses in running: up to 12 Hz for joint angles and 20 Hz for the events of heels and toes.
# The usual fifth of a low frame rate (6 Hz at 30 fps) would smear the landing: on the force plate with 8 mm of noise it
# makes the first landing jolt's RMSE 51 ms in place of 27 ms, so the rules get 0.4; of the others only the toe-off by
# positions loses much by that (33 ms in place of 23).
CUTOFF_PER_FPS = 0.4
JOINT_CUTOFF_HZ, FOOT_CUTOFF_HZ = 12.0, 20.0
MAX_GAP_S = 0.1
SHORTEST_STRIDE_S = 0.4  # 300 steps per minute
FOREMOST_PROMINENCE = 0.5  # of the ankle's travel: a lesser peak isn't the front of a stride
LONGEST_STRIDES = 1.5  # median strides: between two peaks farther apart, one was missed

# Where events are looked for, in strides after the ankle was foremost. In running that is shortly before contact.
AROUND_FOREMOST = (-0.25, 0.25)
LANDING = (0.0, 0.20)  # ends before the heel rises, which accelerates it as much as landing does
HEEL_DOWN = (0.0, 0.35)  # a forefoot striker's heel comes down late
LEAVING = (0.25, 0.55)  # a runner's foot is on the ground for less than half of the stride
AROUND_REARMOST = (0.25, 0.80)

# Heights over the foot's lowest place in the stride, in leg lengths (thigh and shank).
LOW = 0.08  # the foot may be on the ground: also a forefoot striker's heel at contact
ON_GROUND = 0.02  # the foot is taken to be on the ground
CLEAR_PROMINENCE = 0.15  # of an acceleration's range in its window: a lesser peak is a ripple

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Stride:
    """A stride from one moment at which the ankle is foremost to the next, in real seconds."""

    start_s: float
    end_s: float

    def window(self, shares: tuple[float, float]) -> tuple[float, float]:
        """Beginning and end in seconds of a window given in strides after the start."""
        first, last = (self.start_s + share * (self.end_s - self.start_s) for share in shares)
        return first, last


@dataclass(frozen=True, slots=True, eq=False)
class LegMotion:
    """One leg on the frames, filtered; all (n,), lengths in pixels, NaN where unknown.

    `time_s` in real seconds; `heel_ahead` and `toe_ahead` are forward of the middle of the hips, heights upwards;
    `knee_flexion_deg` is 0 for a straight leg; `length_px` is thigh and shank.
    """

    time_s: FloatArray
    heel_ahead: FloatArray
    toe_ahead: FloatArray
    heel_height: FloatArray
    toe_height: FloatArray
    knee_flexion_deg: FloatArray
    length_px: float

    def level_px(self, height: FloatArray, stride: Stride, over_leg_lengths: float) -> float:
        """A height (n,) so far over the foot's lowest place in one stride; NaN where that isn't known."""
        own = height[(self.time_s >= stride.start_s) & (self.time_s <= stride.end_s)]
        return float(np.min(own, initial=np.inf)) + over_leg_lengths * self.length_px


EventRule = Callable[[LegMotion, Stride], float]


@dataclass(frozen=True, slots=True)
class FrameRule:
    """A published pair of rules: each gives a stride's event in real seconds, NaN where there is none."""

    name: str
    reference: str
    contact: EventRule
    toe_off: EventRule
    is_approximation: bool = False


def lowest_heel(leg: LegMotion, stride: Stride) -> float:
    """Contact is where the heel is lowest (Fellin et al. 2010).

    The abstract also names the moment at which the heel's vertical velocity turns from negative to positive; on one and
    the same filtered curve that is the same moment. The paper found it 22 to 25 ms off on 40 runners; on clean
    force-plate runs of one runner it comes 43 to 52 ms late.
    """
    return peak_s(-leg.heel_height, leg.time_s, *stride.window(HEEL_DOWN))


def straightest_knee(leg: LegMotion, stride: Stride) -> float:
    """Toe-off is the peak of knee extension late in stance (Fellin et al. 2010): 5 ms off in the paper.

    On clean force-plate runs of one runner it comes 9 to 23 ms late.
    """
    return peak_s(-leg.knee_flexion_deg, leg.time_s, *stride.window(LEAVING))


def first_landing_jolt(leg: LegMotion, stride: Stride) -> float:
    """Contact is the peak of vertical acceleration of heel or forefoot, whichever comes first (Handsaker et al. 2016).

    The paper's forefoot marker sits on the first metatarsal; ours is the pose model's toe. Of each the first clear peak
    is taken, so that the blow to a heel counts and not the harder one as the sole slaps down: so it comes out 0 to 3 ms
    late on clean force-plate runs, as in the paper (+3 ms at 250 Hz, 95 % -12 to +18), while the highest peak is 4 to
    24 ms late.
    """
    window = stride.window(LANDING)
    heel_s, toe_s = (
        first_peak_s(acceleration(height, leg.time_s), leg.time_s, *window)
        for height in (leg.heel_height, leg.toe_height)
    )
    return float(np.fmin(heel_s, toe_s))


def toe_jerk(leg: LegMotion, stride: Stride) -> float:
    """Toe-off is the peak of the hallux' vertical jerk (Handsaker et al. 2016): +2 ms (95 % -8 to +12) in the paper.

    Ours is the pose model's toe; the force-plate recordings have a marker on the first metatarsal in its place, with
    which this comes 20 to 35 ms late on clean runs.
    """
    jerk = np.gradient(acceleration(leg.toe_height, leg.time_s), leg.time_s)
    return peak_s(jerk, leg.time_s, *stride.window(LEAVING))


def foremost_heel(leg: LegMotion, stride: Stride) -> float:
    """Contact is where the heel is farthest ahead of the sacrum, here the middle of the hips (Zeni et al. 2008).

    Made for walking. A runner's foot already comes back when it lands, so this comes early.
    """
    return peak_s(leg.heel_ahead, leg.time_s, *stride.window(AROUND_FOREMOST))


def rearmost_toe(leg: LegMotion, stride: Stride) -> float:
    """Toe-off is where the toe is farthest behind the sacrum, here the middle of the hips (Zeni et al. 2008).

    Made for walking. A runner's foot still goes back when it leaves the ground, so this comes late.
    """
    return peak_s(-leg.toe_ahead, leg.time_s, *stride.window(AROUND_REARMOST))


def low_heel_jolt(leg: LegMotion, stride: Stride) -> float:
    """Contact is the first clear peak of the low heel's vertical acceleration (approximation of Alvim et al. 2015).

    The abstract says "vertical acceleration and position" and no more.
    """
    low = leg.heel_height <= leg.level_px(leg.heel_height, stride, LOW)
    jolt = acceleration(leg.heel_height, leg.time_s)
    return first_peak_s(jolt, leg.time_s, *stride.window(LANDING), where=low)


def low_toe_jolt(leg: LegMotion, stride: Stride) -> float:
    """Toe-off is the peak of the low toe's vertical acceleration (approximation of Alvim et al. 2015)."""
    low = leg.toe_height <= leg.level_px(leg.toe_height, stride, LOW)
    return peak_s(acceleration(leg.toe_height, leg.time_s), leg.time_s, *stride.window(LEAVING), where=low)


def heel_down_after_foremost(leg: LegMotion, stride: Stride) -> float:
    """Contact is where the heel, once foremost, has come down (approximation of Alvim et al. 2015).

    The abstract says "horizontal and vertical position" and no more.
    """
    foremost_s = foremost_heel(leg, stride)
    level = leg.level_px(leg.heel_height, stride, ON_GROUND)
    if np.interp(foremost_s, leg.time_s, leg.heel_height) <= level:
        return foremost_s
    found = crossings_s(-leg.heel_height, leg.time_s, -level, foremost_s, stride.window(HEEL_DOWN)[1])
    return float(found[0]) if len(found) else np.nan


def toe_up_before_rearmost(leg: LegMotion, stride: Stride) -> float:
    """Toe-off is where the toe last leaves the ground before it is rearmost (approximation of Alvim et al. 2015)."""
    rearmost_s = rearmost_toe(leg, stride)
    level = leg.level_px(leg.toe_height, stride, ON_GROUND)
    found = crossings_s(leg.toe_height, leg.time_s, level, stride.window(LEAVING)[0], rearmost_s)
    return float(found[-1]) if len(found) else np.nan


_ALVIM = "Alvim et al. 2015, doi:10.1123/jab.2014-0178"
FRAME_RULES = (
    FrameRule("Fellin 2010", "Fellin et al. 2010, doi:10.1016/j.jsams.2010.03.006", lowest_heel, straightest_knee),
    FrameRule(
        "Handsaker 2016",
        "Handsaker et al. 2016, doi:10.1016/j.jbiomech.2016.10.013",
        first_landing_jolt,
        toe_jerk,
    ),
    FrameRule("Zeni 2008", "Zeni et al. 2008, doi:10.1016/j.gaitpost.2007.07.007", foremost_heel, rearmost_toe),
    FrameRule("Alvim 2015, acceleration and position", _ALVIM, low_heel_jolt, low_toe_jolt, is_approximation=True),
    FrameRule("Alvim 2015, positions", _ALVIM, heel_down_after_foremost, toe_up_before_rearmost, is_approximation=True),
)


def events_of(rule: FrameRule, track: Track, scene: Scene, *, capture_speed: float = 1.0) -> Events:
    """The events of both legs by one rule; none where the view isn't from the side, or the foot is never seen.

    Parameters
    ----------
    track
        Keypoints of a level camera.
    scene
        Tells the running direction.
    capture_speed
        Real seconds per second of the file.

    Returns
    -------
    Ordered by time; the uncertainties are NaN, since these rules know none.
    """
    rows: list[tuple[float, EventKind, Side]] = []
    for side in SIDES if scene.direction else ():
        leg, strides = leg_motion(track, side, scene.direction, capture_speed=capture_speed)
        kinds: tuple[tuple[EventKind, EventRule], ...] = (("initial_contact", rule.contact), ("toe_off", rule.toe_off))
        for kind, find in kinds:
            found = (find(leg, stride) for stride in strides)
            rows += [(event_s, kind, side) for event_s in found if np.isfinite(event_s)]
    rows.sort()
    time_s = np.array([row[0] for row in rows], dtype=np.float64)
    return Events(
        file_time_s=time_s / capture_speed,
        time_s=time_s,
        kind=tuple(row[1] for row in rows),
        side=tuple(row[2] for row in rows),
        uncertainty_s=np.full(len(rows), np.nan),
        method=(rule.name,) * len(rows),
    )


def leg_motion(
    track: Track, side: Side, direction: int, *, capture_speed: float = 1.0
) -> tuple[LegMotion, list[Stride]]:
    """A leg's filtered movement and its strides."""
    time_s = track.video.file_time_s * capture_speed
    rate_hz = 1 / float(np.median(np.diff(time_s))) if len(time_s) > 1 else 0.0

    def smooth(values: FloatArray, cutoff_hz: float) -> FloatArray:
        filled = fill_gaps(values, time_s, max_gap_s=MAX_GAP_S)
        return lowpass(filled, time_s, cutoff_hz=min(CUTOFF_PER_FPS * rate_hz, cutoff_hz))

    hip, knee, ankle, heel, toe = (
        track.point(f"{side}_{joint}") for joint in ("hip", "knee", "ankle", "heel", "foot_index")
    )
    hips = track.point("mid_hip")
    bones_px = np.linalg.norm(hip - knee, axis=1) + np.linalg.norm(knee - ankle, axis=1)
    leg = LegMotion(
        time_s=time_s,
        heel_ahead=smooth(direction * (heel - hips)[:, 0], FOOT_CUTOFF_HZ),
        toe_ahead=smooth(direction * (toe - hips)[:, 0], FOOT_CUTOFF_HZ),
        heel_height=smooth(-heel[:, 1], FOOT_CUTOFF_HZ),
        toe_height=smooth(-toe[:, 1], FOOT_CUTOFF_HZ),
        knee_flexion_deg=smooth(direction * turn_deg(hip, knee, ankle), JOINT_CUTOFF_HZ),
        length_px=float(median_of_known(bones_px)),
    )
    return leg, strides_of(smooth(direction * (ankle - hips)[:, 0], JOINT_CUTOFF_HZ), time_s)


def strides_of(ankle_ahead: FloatArray, time_s: FloatArray) -> list[Stride]:
    """Strides between the moments at which the ankle (n,) is foremost; none where it isn't seen.

    Those that the clip's ends cut off are taken to last as long as the median one.
    """
    from scipy.signal import find_peaks

    known = np.isfinite(ankle_ahead)
    if known.sum() < 3:
        return []
    filled = np.interp(time_s, time_s[known], ankle_ahead[known])
    frames = max(1, int(SHORTEST_STRIDE_S / float(np.median(np.diff(time_s)))))
    prominence = FOREMOST_PROMINENCE * spread_of_known(filled, low=5, high=95)
    peaks, _ = find_peaks(filled, distance=frames, prominence=max(prominence, 1e-9))
    if len(peaks) < 2:
        return []
    starts_s = np.array([top_of_parabola_s(filled, time_s, int(i)) for i in peaks])
    median_s = float(np.median(np.diff(starts_s)))
    bounds_s = np.r_[starts_s[0] - median_s, starts_s, starts_s[-1] + median_s].tolist()
    pairs = itertools.pairwise(bounds_s)
    return [Stride(start, end) for start, end in pairs if end - start <= LONGEST_STRIDES * median_s]


def peak_s(
    values: FloatArray, time_s: FloatArray, first_s: float, last_s: float, *, where: Mask | None = None
) -> float:
    """Time of the highest local maximum of (n,) between two times, by a parabola; NaN where there is none.

    `where` (n,) marks the frames at which it may lie; None is all.
    """
    peaks = _peaks(values, time_s, first_s, last_s, where)
    return top_of_parabola_s(values, time_s, int(peaks[values[peaks].argmax()])) if len(peaks) else np.nan


def first_peak_s(
    values: FloatArray, time_s: FloatArray, first_s: float, last_s: float, *, where: Mask | None = None
) -> float:
    """As `peak_s`, but the first maximum that stands out by `CLEAR_PROMINENCE` of the range between the times."""
    from scipy.signal import peak_prominences

    peaks = _peaks(values, time_s, first_s, last_s, where)
    if not len(peaks):
        return np.nan
    near = np.flatnonzero((time_s >= first_s) & (time_s <= last_s))
    start = max(int(near[0]) - 1, 0)
    inside = np.nan_to_num(values[start : int(near[-1]) + 2], nan=-np.inf)
    prominence = peak_prominences(inside, peaks - start)[0]
    clear = peaks[prominence >= CLEAR_PROMINENCE * np.ptp(inside[np.isfinite(inside)])]
    return top_of_parabola_s(values, time_s, int(clear[0])) if len(clear) else np.nan


def _peaks(
    values: FloatArray, time_s: FloatArray, first_s: float, last_s: float, where: Mask | None
) -> NDArray[np.intp]:
    """Frames of the local maxima (p,) between two times."""
    inner = values[1:-1]
    is_peak = (inner > values[:-2]) & (inner >= values[2:]) & (time_s[1:-1] >= first_s) & (time_s[1:-1] <= last_s)
    return np.flatnonzero(is_peak if where is None else is_peak & where[1:-1]) + 1


def top_of_parabola_s(values: FloatArray, time_s: FloatArray, i: int) -> float:
    """Time of the top of the parabola through a local maximum (n,) at frame i and its two neighbours."""
    before_s, after_s = time_s[i - 1] - time_s[i], time_s[i + 1] - time_s[i]
    before, after = values[i - 1] - values[i], values[i + 1] - values[i]
    bend = (before * after_s - after * before_s) / (before_s * after_s * (before_s - after_s))
    slope = (after - bend * after_s**2) / after_s
    return float(time_s[i] - slope / (2 * bend))


def acceleration(values: FloatArray, time_s: FloatArray) -> FloatArray:
    """Second derivative (n,) by central differences of three frames, NaN at both ends."""
    before_s, after_s = np.diff(time_s)[:-1], np.diff(time_s)[1:]
    before, after = np.diff(values)[:-1] / before_s, np.diff(values)[1:] / after_s
    result = np.full(len(values), np.nan)
    result[1:-1] = 2 * (after - before) / (before_s + after_s)
    return result


def crossings_s(values: FloatArray, time_s: FloatArray, level: float, first_s: float, last_s: float) -> FloatArray:
    """Times at which values (n,) rise through a level between two times, on straight lines between frames."""
    before = np.flatnonzero((values[:-1] < level) & (values[1:] >= level))
    share = (level - values[before]) / (values[before + 1] - values[before])
    found = time_s[before] + share * (time_s[before + 1] - time_s[before])
    return np.asarray(found[(found >= first_s) & (found <= last_s)], dtype=np.float64)
