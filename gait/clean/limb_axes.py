"""Where hips, knees and ankles are across the picture, by the person's outline, in views from the rear and front.

The pose model puts knee and ankle up to 4 % of the leg's length beside the joint, in each leg otherwise. The outline's
outer edge beside a joint, towards the side where the other leg isn't, is seen in nearly every frame, and it lies half a
limb's width outward of the joint. That width is the narrowest of those that are seen often: limbs that touch look like
one that is twice as wide. The middle between the pelvis' edges is the middle of the hips.

On 11 rendered runners in many clothes the middle of a knee is so known to 0.3 % of the leg's length, that of an ankle
to 0.4 %, that of the hips to 0.4 % (SD) and 0.7 % towards the swinging leg; the model's own are 1.4, 1.1 and 1.1 % off.
"""

from __future__ import annotations

import numpy as np

from gait.model import (
    ANKLE_EDGE_ALONG_SHANK,
    AXIS_JOINTS,
    OUTLINED,
    PELVIS_EDGES,
    SIDES,
    FloatArray,
    Scene,
    Side,
    Skeleton,
    Track,
    axis_name,
    edge_names,
    medial_sign,
    other_side,
)
from gait.signals import median_of_known

LEAST_SEEN = 0.3  # of the frames: an edge that is seen more rarely tells nothing
FEWEST_WIDTHS = 20  # frames in which both edges of a limb are seen
STANDING_LOWER = 0.12  # leg lengths by which a standing foot is lower: in swing a folded leg is wider
WIDEST = 0.3  # leg lengths: what is wider than that is no knee and no ankle
N_BINS = 600  # up to there
SMOOTHING = 0.006  # leg lengths: SD of the kernel by which common widths are found; the mask's own noise
# Of the commonest width's density: a single limb's width may be seen more rarely than two that touch, a knee's seldom.
OFTEN, SELDOM = 0.3, 0.1
KNEE_PER_ANKLE = 2.0  # at most: rendered knees are 1.3 to 1.45 times as wide


def with_limb_axes(track: Track, scene: Scene) -> Track:
    """The track with the axes' points (`left_knee_axis` ...) behind its own.

    Without an outline, in other views, or where it has them, it is as it was; where a joint's outline is hardly seen,
    no joint has an axis.
    """
    is_done = axis_name("left", "hip") in track.skeleton
    if not scene.is_frontal_view or PELVIS_EDGES[0] not in track.skeleton or is_done:
        return track
    leg_px = _leg_px(track)
    found = {axis_name(side, "hip"): xy for side, xy in _hips(track).items()}
    for joint, half_px in _half_widths_px(track, leg_px).items():
        for side in SIDES:
            found[axis_name(side, joint)] = _middle(track, scene, side, joint, half_px)
    for side in SIDES:  # down to the ankle itself
        knee, ankle = (axis_name(side, joint) for joint in OUTLINED)
        found[ankle] = found[knee] + (found[ankle] - found[knee]) / ANKLE_EDGE_ALONG_SHANK
    if not all(_is_seen(xy) for xy in found.values()):
        return track
    names = tuple(axis_name(side, joint) for joint in AXIS_JOINTS for side in SIDES)
    pairs = tuple((axis_name("left", joint), axis_name("right", joint)) for joint in AXIS_JOINTS)
    old = track.skeleton
    skeleton = Skeleton((*old.names, *names), old.edges, (*old.pairs, *pairs))
    xy = np.concatenate([track.xy, np.stack([found[name] for name in names], axis=1)], axis=1)
    sure = np.isfinite(xy[:, -len(names) :]).all(axis=2)
    return Track(xy, np.concatenate([track.confidence, sure], axis=1), skeleton, track.video, track.history)


def _leg_px(track: Track) -> float:
    """Thigh and shank in the picture, mean of both legs, median over the frames."""
    bones = [
        np.hypot(*(track.point(f"{side}_{a}") - track.point(f"{side}_{b}")).T)
        for side in SIDES
        for a, b in (("hip", "knee"), ("knee", "ankle"))
    ]
    return float(median_of_known(np.sum(bones, axis=0))) / 2


def _is_seen(xy: FloatArray) -> bool:
    return bool(np.isfinite(xy).all(axis=1).mean() >= LEAST_SEEN)


def _hips(track: Track) -> dict[Side, FloatArray]:
    """The hips (n, 2) moved across so that their middle is that of the pelvis' outline."""
    low, high = (track.point(name)[:, 0] for name in PELVIS_EDGES)
    shift = (low + high) / 2 - track.point("mid_hip")[:, 0]
    return {side: track.point(f"{side}_hip") + shift[:, None] * [1.0, 0.0] for side in SIDES}


def _half_widths_px(track: Track, leg_px: float) -> dict[str, float]:
    """Half of each joint's width, of both legs together; NaN where it isn't known.

    A knee is wider than its ankle and less than twice as wide; two that touch are wider.
    """
    ankle = _common_width(track, "ankle", leg_px, (0.0, WIDEST), OFTEN)
    knee = _common_width(track, "knee", leg_px, (ankle, KNEE_PER_ANKLE * ankle), SELDOM)
    return {"knee": knee / 2 * leg_px, "ankle": ankle / 2 * leg_px}


def _common_width(track: Track, joint: str, leg_px: float, within: tuple[float, float], share: float) -> float:
    """The narrowest width in leg lengths that is seen often, within two limits; `share` of the commonest is often.

    While the legs stand; where that doesn't tell it, at any time.
    """
    from scipy.ndimage import gaussian_filter1d

    ends = np.linspace(0, WIDEST, N_BINS + 1)
    grid = (ends[:-1] + ends[1:]) / 2
    for standing in (True, False):
        width = np.concatenate([_widths(track, joint, side, leg_px, standing=standing) for side in SIDES])
        if len(width) < FEWEST_WIDTHS:
            continue
        counts = np.histogram(width, ends)[0].astype(np.float64)
        density = gaussian_filter1d(counts, SMOOTHING / WIDEST * N_BINS, mode="constant")
        is_peak = (density >= np.r_[0, density[:-1]]) & (density > np.r_[density[1:], 0])
        is_likely = is_peak & (density >= share * density.max()) & (grid >= within[0]) & (grid <= within[1])
        if is_likely.any():
            return float(grid[is_likely.argmax()])
    return np.nan


def _widths(track: Track, joint: str, side: Side, leg_px: float, *, standing: bool) -> FloatArray:
    """Widths (m,) in leg lengths where both edges are seen; with `standing` while this leg has the lower foot."""
    low, high = (track.point(name)[:, 0] for name in edge_names(side, joint))
    width = (high - low) / leg_px
    known = np.isfinite(width) & (width < WIDEST)
    if standing:
        lower_px = (track.point(f"{side}_ankle") - track.point(f"{other_side(side)}_ankle"))[:, 1]
        known &= lower_px > STANDING_LOWER * leg_px
    return np.asarray(width[known], dtype=np.float64)


def _middle(track: Track, scene: Scene, side: Side, joint: str, half_px: float) -> FloatArray:
    """A limb's middle (n, 2) beside a joint: half a width inward of the outer edge."""
    inward = medial_sign(side, scene.view)
    low, high = edge_names(side, joint)
    outer = track.point(low if inward > 0 else high)
    return np.asarray(outer + np.array([inward * half_px, 0.0]), dtype=np.float64)
