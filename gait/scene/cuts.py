"""Cuts: where the clip goes on with another picture, told by the runner's jump in place or size."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np

from gait.model import SIDES, Cycle, FloatArray, Track
from gait.scene.view import SceneRules, lift_trunks, trunk_px

AROUND_S, AROUND_FRAMES = 0.4, 5  # before and after a cut, whichever is longer: a single picture leads a model astray
STILL = 0.5  # the step must stand out from half of what the runner moves before and after it: a lost model isn't a cut
USUAL_STEPS = 5.0  # a cut is a step of so many usual ones from frame to frame


def find_segments(track: Track, rules: SceneRules) -> tuple[tuple[int, int], ...]:
    """First frame and end of every stretch without a cut; one for the whole clip where there is none.

    Where the pelvis steps aside from one sight to the next, or the body changes its size, and stays there. A cut that
    leaves the runner at the same place and size isn't seen.
    """
    n, time_s = track.video.n_frames, track.video.file_time_s
    places = np.column_stack([track.point("mid_hip") / trunk_px(track), _log_size(track)])
    known = np.flatnonzero(np.isfinite(places).all(axis=1))
    if len(known) < 2 * AROUND_FRAMES:
        return ((0, n),)
    places, time_s = places[known], time_s[known]
    # Who crosses the picture goes on crossing it while nobody sees him.
    speed = np.median(np.diff(places[:, :2], axis=0) / np.diff(time_s)[:, None], axis=0)
    places[:, :2] -= speed * (time_s - time_s[0])[:, None]
    steps = np.hypot(*np.diff(places[:, :2], axis=0).T)
    far = steps > rules.min_cut_trunks + USUAL_STEPS * float(np.median(steps))
    sized = np.abs(np.diff(places[:, 2])) > rules.min_cut_size / 2
    cuts: list[int] = []
    for i in np.flatnonzero(far | sized) + 1:
        if (not cuts or time_s[i] - time_s[cuts[-1]] > AROUND_S) and _stays_away(places, time_s, int(i), rules):
            cuts.append(int(i))
    edges = [0, *known[cuts].tolist(), n]
    return tuple((start, stop) for start, stop in pairwise(edges))


def _stays_away(places: FloatArray, time_s: FloatArray, i: int, rules: SceneRules) -> bool:
    """Whether place and size from sight i on are others than before it, and not for a moment only."""
    first = min(int(np.searchsorted(time_s, time_s[i - 1] - AROUND_S)), i - AROUND_FRAMES)
    last = max(int(np.searchsorted(time_s, time_s[i] + AROUND_S)), i + AROUND_FRAMES)
    if first < 0 or last > len(places):
        return False
    before, after = places[first:i], places[i:last]
    moved = np.abs(np.median(after, axis=0) - np.median(before, axis=0))
    shaken = STILL * (np.ptp(before, axis=0) + np.ptp(after, axis=0))
    far_off = float(np.hypot(moved[0], moved[1])) > rules.min_cut_trunks + float(np.hypot(shaken[0], shaken[1]))
    return bool(far_off or moved[2] > rules.min_cut_size + shaken[2])


def _log_size(track: Track) -> FloatArray:
    """Logarithm (n,) of the trunk's length in the picture, without shoulders of the legs' bones."""
    spans = [(track.point("mid_hip"), track.point("mid_shoulder"))]
    if not np.isfinite(spans[0][1]).any():
        spans = [
            (track.point(f"{side}_{upper}"), track.point(f"{side}_{lower}"))
            for side in SIDES
            for upper, lower in (("hip", "knee"), ("knee", "ankle"))
        ]
    lengths = sum(np.hypot(*(upper - lower).T) for upper, lower in spans)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(lengths > 0, np.log(lengths), np.nan)


def longest_run(track: Track, rules: SceneRules) -> tuple[Track, tuple[tuple[int, int], ...], tuple[str, ...]]:
    """The longest stretch of running as a track of its own, all stretches with that one first, and what to warn of.

    The other stretches are left out: other cameras, other runners, other views.
    """
    segments = find_segments(track, rules)
    if len(segments) == 1:
        return track, segments, ()
    by_length = sorted(segments, key=lambda segment: -_seen_s(only(track, segment)))
    lifted = [segment for segment in by_length if lift_trunks(only(track, segment)) >= rules.min_lift_trunks]
    chosen = (lifted or by_length)[0]
    left_out = [segment for segment in segments if segment != chosen]
    time_s = np.append(track.video.file_time_s, track.video.file_time_s[-1])
    spans = ", ".join(f"{time_s[start]:.1f} to {time_s[stop]:.1f} s" for start, stop in left_out)
    warning = (
        f"The clip is cut or the picture jumps: it is read from {time_s[chosen[0]]:.1f} to {time_s[chosen[1]]:.1f} s; "
        f"{spans} left out."
    )
    return only(track, chosen), (chosen, *left_out), (warning,)


def only(track: Track, segment: tuple[int, int]) -> Track:
    """The track of some frames alone, as if the clip held no others; the times stay."""
    kept = slice(*segment)
    video = track.video
    part = replace(video, n_frames=segment[1] - segment[0], file_time_s=video.file_time_s[kept])
    return replace(track, xy=track.xy[kept], confidence=track.confidence[kept], video=part)


def _seen_s(track: Track) -> float:
    """For how many seconds the runner is seen."""
    seen = float(np.isfinite(track.point("mid_hip")).all(axis=1).mean())
    return seen * track.video.duration_s


def in_whole_clip(track: Track, clip: Track, segment: tuple[int, int]) -> Track:
    """The track of a segment among all frames of the clip, nobody in the others."""
    shape = (clip.video.n_frames, len(track.skeleton.names))
    xy, confidence = np.full((*shape, 2), np.nan, dtype=track.xy.dtype), np.zeros(shape, dtype=np.float32)
    xy[slice(*segment)], confidence[slice(*segment)] = track.xy, track.confidence
    return replace(track, xy=xy, confidence=confidence, video=clip.video)


def cycle_in_whole_clip(cycle: Cycle, clip: Track, segment: tuple[int, int]) -> Cycle:
    """The cycle of a segment with the phase (n,) of all frames of the clip, NaN in the others."""
    phase = np.full(clip.video.n_frames, np.nan)
    phase[slice(*segment)] = cycle.phase
    return replace(cycle, phase=phase)
