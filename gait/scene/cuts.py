"""Cuts: where the clip goes on with another picture, told by the runner's jump in place or size."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np

from gait.model import FloatArray, Track
from gait.scene.running import lift_trunks
from gait.scene.view import SceneRules, trunk_px
from gait.signals import median_of_known

AROUND_S = 0.4  # before and after a cut: longer than a pose model is led astray by a single picture
STILL = 0.5  # the step must stand out from half of what the runner moves before and after it: a lost model isn't a cut
USUAL_STEPS = 5.0  # a cut is a step of so many usual ones from frame to frame, so a runner who crosses isn't cut


def find_segments(track: Track, rules: SceneRules) -> tuple[tuple[int, int], ...]:
    """First frame and end of every stretch without a cut; one for the whole clip where there is none.

    Where the pelvis steps aside from one frame to the next, or the trunk changes its length, and stays there. A cut
    that leaves the runner at the same place and size isn't seen.
    """
    n, time_s = track.video.n_frames, track.video.file_time_s
    pelvis, size = track.point("mid_hip"), _log_size(track)
    places = np.column_stack([pelvis / trunk_px(track), size])
    known = np.flatnonzero(np.isfinite(places).all(axis=1))
    if len(known) < 4:
        return ((0, n),)
    places, time_s = places[known], time_s[known]
    steps = np.hypot(*np.diff(places[:, :2], axis=0).T)
    far = steps > rules.min_cut_trunks + USUAL_STEPS * float(np.median(steps))
    sized = np.abs(np.diff(places[:, 2])) > rules.min_cut_size / 2
    cuts: list[int] = []
    for i in np.flatnonzero(far | sized) + 1:
        before = places[:i][time_s[:i] >= time_s[i] - AROUND_S]
        after = places[i:][time_s[i:] < time_s[i] + AROUND_S]
        if min(len(before), len(after)) < 5 or (cuts and known[i] - cuts[-1] < len(after)):
            continue
        moved = np.abs(median_of_known(after, axis=0) - median_of_known(before, axis=0))
        shaken = STILL * (np.ptp(before, axis=0) + np.ptp(after, axis=0))
        far_off = np.hypot(moved[0], moved[1]) > rules.min_cut_trunks + np.hypot(shaken[0], shaken[1])
        if far_off or moved[2] > rules.min_cut_size + shaken[2]:
            cuts.append(int(known[i]))
    edges = [0, *cuts, n]
    return tuple((start, stop) for start, stop in pairwise(edges))


def _log_size(track: Track) -> FloatArray:
    """Logarithm (n,) of the trunk's length in the picture, which the stride hardly changes."""
    trunk = track.point("mid_hip") - track.point("mid_shoulder")
    with np.errstate(invalid="ignore", divide="ignore"):
        length = np.hypot(trunk[:, 0], trunk[:, 1])
        return np.where(length > 0, np.log(length), np.nan)


def longest_run(track: Track, rules: SceneRules) -> tuple[Track, tuple[tuple[int, int], ...], tuple[str, ...]]:
    """The track with only its longest stretch of running, all stretches with that one first, and what to warn of.

    The keypoints of the other stretches are left out: other cameras, other runners, other views. Frames keep their
    number and time.
    """
    segments = find_segments(track, rules)
    if len(segments) == 1:
        return track, segments, ()
    by_length = sorted(segments, key=lambda s: s[0] - s[1])
    lifted = [s for s in by_length if lift_trunks(only(track, s)) >= rules.min_lift_trunks]
    chosen = (lifted or by_length)[0]
    left_out = [s for s in segments if s != chosen]
    time_s = np.append(track.video.file_time_s, track.video.file_time_s[-1])
    spans = ", ".join(f"{time_s[a]:.1f} to {time_s[b]:.1f} s" for a, b in left_out)
    warning = (
        f"The clip is cut or the picture jumps: it is read from {time_s[chosen[0]]:.1f} to {time_s[chosen[1]]:.1f} s; "
        f"{spans} left out."
    )
    return only(track, chosen), (chosen, *left_out), (warning,)


def only(track: Track, segment: tuple[int, int]) -> Track:
    """The track without the keypoints outside of some frames."""
    outside = np.ones(track.video.n_frames, dtype=bool)
    outside[slice(*segment)] = False
    xy, confidence = track.xy.copy(), track.confidence.copy()
    xy[outside], confidence[outside] = np.nan, 0.0
    return replace(track, xy=xy, confidence=confidence)
