"""Which leg is which, for the whole clip at once.

In every frame the pose model sees two legs and calls one of them left. Left minus right of the legs' keypoints runs
through a closed curve in every stride, and a frame whose legs are exchanged shows the opposite of it. So at each phase
of the stride the frames lie in two opposite clusters, and the main axis of their scatter is the curve but for its sign,
however many of them are exchanged. The sign goes on from phase to phase, since legs don't jump; and half a stride later
left and right have changed places, which holds the curve together where the legs hide each other and nothing is seen.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gait.cycle import steady
from gait.model import OUTLINED, SIDES, Cycle, FloatArray, HistoryEntry, Scene, Track, edge_names
from gait.signals import evaluate_cycle, median_of_known, runs

LEG_JOINTS = ("knee", "ankle", "heel", "foot_index")
FOOT_JOINTS = LEG_JOINTS[1:]
# By how much a bone may differ from its median length, from the side: perspective and a camera that isn't square make a
# tenth of it, a leg that the model throws onto the treadmill's console half and more.
BONE_CHANGE = 0.35
STANCE = 90  # percentile of the feet's height in the picture, below the pelvis, at which a foot stands
N_PHASES = 32  # at which the curve is looked at: a step of 0.02 s, in which legs change little
# A point's distance counts up to four standard deviations, so that a lone wild one doesn't decide.
FARTHEST_SDS = 4.0
# The median of the squared length of a normal error in the plane is 1.39 times the variance of a coordinate.
MEDIAN_OF_SQUARES = 2 * np.log(2)


def tell_apart(track: Track, phase: FloatArray, *, penalty: float, is_frontal: bool) -> NDArray[np.bool_]:
    """Frames (n,) in which the left leg's keypoints are on the right leg and the other way round.

    Parameters
    ----------
    phase
        In strides (n,), of `gait.cycle.step_phase`: it doesn't depend on the legs' names.
    penalty
        What a change between right and exchanged legs costs, in squared standard deviations of the keypoints.
    is_frontal
        From the rear or front the legs are each other's mirror image, from the side each other's repetition.

    Which of the two ways of naming is right the majority says; `names_look_wrong` helps where it is small.
    """
    apart = _apart(track)
    if not is_frontal:
        apart[~_believable_bones(track)] = np.nan
    curve = _curve(apart, phase % 1, is_frontal=is_frontal)
    as_is, crossed = (np.nansum([(sign * apart - curve) ** 2], axis=(0, 3)) for sign in (1, -1))
    as_is, crossed = (np.where(np.isnan(apart).any(axis=2), np.nan, squares) for squares in (as_is, crossed))
    variance = np.maximum(median_of_known(np.minimum(as_is, crossed), axis=0) / MEDIAN_OF_SQUARES, 1.0)
    return two_state_path(_bounded(as_is / variance), _bounded(crossed / variance), penalty=penalty)


def _apart(track: Track) -> FloatArray:
    """Left minus right (n, j, 2) of the joints of the legs."""
    joints = [joint for joint in LEG_JOINTS if f"left_{joint}" in track.skeleton]
    return np.stack([track.point(f"left_{joint}") - track.point(f"right_{joint}") for joint in joints], axis=1)


def _believable_bones(track: Track) -> NDArray[np.bool_]:
    """Frames (n,) whose thighs and shanks are about as long as usual, as they are from the side; unknown ones pass."""
    believable = np.ones(track.video.n_frames, dtype=bool)
    for upper, lower in (("hip", "knee"), ("knee", "ankle")):
        ends = [track.point(f"{side}_{upper}") - track.point(f"{side}_{lower}") for side in SIDES]
        length = np.linalg.norm(ends, axis=2)
        usual = float(median_of_known(length))
        with np.errstate(invalid="ignore"):
            believable &= ~(np.abs(length / usual - 1) > BONE_CHANGE).any(axis=0)
    return believable


def _bounded(squares: FloatArray) -> FloatArray:
    """Costs (n,) of the frames from the squared distances (n, j) of their points in variances; unknown is far."""
    far = 2 * FARTHEST_SDS**2  # of two points, since it is their difference
    return np.asarray(np.minimum(np.nan_to_num(squares, nan=far), far).sum(axis=1), dtype=np.float64)


def _curve(apart: FloatArray, phase: FloatArray, *, is_frontal: bool) -> FloatArray:
    """Left minus right (n, j, 2) as it is in the mean stride, but for one sign of the whole."""
    flat = np.nan_to_num(apart).reshape(len(apart), -1)
    usual = np.median(np.abs(flat), axis=0)
    flat = np.clip(flat, -6 * usual, 6 * usual)
    centres = (np.arange(N_PHASES) + 0.5) / N_PHASES
    away = np.abs((phase - centres[:, None] + 0.5) % 1 - 0.5)
    weights = np.exp(-0.5 * (away * N_PHASES / 0.6) ** 2)
    scatter = np.einsum("bn,ni,nj->bij", weights, flat, flat) / np.maximum(weights.sum(axis=1), 1e-9)[:, None, None]
    sizes, axes = np.linalg.eigh(scatter)
    points = axes[..., -1] * np.sqrt(np.maximum(sizes[:, -1:], 0))
    points = points * _signs(points, is_frontal=is_frontal)[:, None]
    closed, around = np.r_[centres[-1] - 1, centres, centres[0] + 1], np.vstack([points[-1:], points, points[:1]])
    return np.column_stack([np.interp(phase, closed, column) for column in around.T]).reshape(apart.shape)


def _signs(points: FloatArray, *, is_frontal: bool) -> FloatArray:
    """A sign (b,) for each point (b, 2 j) of the curve, so that it goes on, and half a stride later is the other leg's.

    The surest of these links (a spanning tree of the longest scalar products) decide; the others follow.
    """
    from scipy.sparse.csgraph import breadth_first_order, minimum_spanning_tree

    # From the side left and right repeat each other, so their difference turns round; in a mirror only its height does.
    mirror = np.tile([1.0, -1.0] if is_frontal else [-1.0, -1.0], points.shape[1] // 2)
    links, at = np.zeros((N_PHASES, N_PHASES)), np.arange(N_PHASES)
    after, opposite = np.roll(at, -1), np.roll(at, N_PHASES // 2)
    links[at, after] = (points * points[after]).sum(axis=1)
    links[at, opposite] = (points * mirror * points[opposite]).sum(axis=1)
    links = np.where(np.abs(links) >= np.abs(links.T), links, links.T)
    tree = minimum_spanning_tree(np.where(links != 0, -np.abs(links), 0))
    order, before = breadth_first_order(tree, 0, directed=False)
    signs = np.ones(N_PHASES)
    for i in order[1:]:
        signs[i] = signs[before[i]] * np.sign(links[before[i], i])
    return signs


def exchanged_frames(track: Track, cycle: Cycle, *, penalty: float) -> NDArray[np.bool_]:
    """Frames (n,) that fit the folded cycles of both legs better with the legs exchanged.

    The likeliest sequence of "as it is" and "exchanged" (Viterbi over the two states), each frame scored by its
    distance from the folded cycles.
    """
    as_is, crossed = (np.zeros(track.video.n_frames) for _ in range(2))
    for joint in LEG_JOINTS:
        if f"left_{joint}" not in track.skeleton:
            continue
        for side, other in (("left", "right"), ("right", "left")):
            k = track.skeleton.index(f"{side}_{joint}")
            template = evaluate_cycle(cycle.coefficients[k], cycle.phase % 1).T
            scale = np.maximum(cycle.residual_px[k], 1.0)
            for cost, source in ((as_is, side), (crossed, other)):
                away = (steady(track, f"{source}_{joint}", window_s=cycle.period_s) - template) / scale
                far = FARTHEST_SDS**2
                cost += np.minimum(np.nan_to_num((away**2).sum(axis=1), nan=far), far)
    return two_state_path(as_is, crossed, penalty=penalty)


def two_state_path(first: FloatArray, second: FloatArray, *, penalty: float) -> NDArray[np.bool_]:
    """Cheapest path through two states with costs (n,) each and a penalty per change; True in the rarer state."""
    n = len(first)
    total = np.array([first[0], second[0]])
    came_from = np.zeros((n, 2), dtype=np.int8)
    for i in range(1, n):
        change = total[::-1] + penalty
        came_from[i] = change < total
        total = np.minimum(total, change) + np.array([first[i], second[i]])
    path = np.zeros(n, dtype=bool)
    state = int(total[1] < total[0])
    for i in range(n - 1, -1, -1):
        path[i] = bool(state)
        state = state ^ int(came_from[i, state])
    return path if path.sum() <= n / 2 else ~path


def names_look_wrong(track: Track, scene: Scene) -> bool:
    """Whether the picture says that left is right, of legs that were told apart.

    From the side the near foot stands lower in the picture than the far one, as the camera stands higher than the belt;
    from the rear the left leg is on the picture's left, from the front on its right.
    """
    if scene.is_frontal_view:
        across = median_of_known(_apart(track)[..., 0], axis=0).sum()
        return bool(across > 0) if scene.view == "rear" else bool(across < 0)
    pelvis, lower = track.point("mid_hip")[:, 1], 0.0
    for joint in FOOT_JOINTS:
        if track.has(joint):
            left, right = (np.nanpercentile(track.point(f"{side}_{joint}")[:, 1] - pelvis, STANCE) for side in SIDES)
            lower += float(left - right)
    return bool(lower < 0) if scene.near_side == "left" else bool(lower > 0) and scene.near_side == "right"


def exchange_legs(track: Track, exchanged: NDArray[np.bool_]) -> Track:
    """The track with the keypoints of both legs below the hip, and their outlines, exchanged in some frames."""
    xy = track.xy.copy()
    edges = [name.removeprefix("left_") for joint in OUTLINED for name in edge_names("left", joint)]
    for joint in (*LEG_JOINTS, *edges):
        if f"left_{joint}" in track.skeleton:
            pair = [track.skeleton.index(f"{side}_{joint}") for side in ("left", "right")]
            xy[exchanged[:, None] & np.isin(np.arange(xy.shape[1]), pair)] = xy[exchanged][:, pair[::-1]].reshape(-1, 2)
    entry = HistoryEntry(
        stage="clean",
        what="frames with left and right leg exchanged, put right",
        count=int(exchanged.sum()),
        total=len(xy),
        spans_s=spans_s(track, exchanged),
    )
    return track.with_xy(xy, entry)


def spans_s(track: Track, frames: NDArray[np.bool_]) -> tuple[tuple[float, float], ...]:
    """File times from first to last frame of each run of True among the frames (n,)."""
    time_s = track.video.file_time_s
    return tuple((float(time_s[start]), float(time_s[stop - 1])) for start, stop in runs(frames))
