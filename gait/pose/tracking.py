"""Run an estimator over a clip, in chunks that can be kept and taken up again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

import numpy as np

from gait.errors import NoPerson
from gait.model import Progress, Track, Video, no_progress
from gait.pose.base import Image, PoseEstimator
from gait.pose.cache import Chunk, KeypointCache

# About a minute at 30 fps. The estimator forgets what it saw at these fixed frames, so that a run that was interrupted
# gives to the bit the same keypoints as one that wasn't. One that follows a person loses a frame or none by it.
CHUNK_FRAMES = 1800
_SMALLEST_PERSON_SHARE = 0.05


def estimate_cached(
    video: Video,
    estimator: PoseEstimator,
    frames_from: Callable[[int], Iterator[Image]],
    *,
    cache: KeypointCache | None = None,
    progress: Progress = no_progress,
) -> tuple[Track, bool]:
    """Keypoints of every frame, from the cache as far as they are there; each chunk is kept as soon as it is done.

    Parameters
    ----------
    video
        The clip.
    estimator
        The pose model.
    frames_from
        Gives the pictures from a frame number on to the end, upright RGB.
    cache
        Where to look and to keep; None is the user's own, `KeypointCache(None)` is nowhere.
    progress
        Called as `progress("pose", done, total)`.

    Returns
    -------
    track
        The keypoints as they were found, nothing repaired.
    from_cache
        Whether the pose model was not needed at all.

    Raises
    ------
    PoseError
        Where the model can't be loaded.
    NoPerson
        Where fewer than 5 % of the frames show a person.
    """
    cache = KeypointCache() if cache is None else cache
    chunks: list[Chunk] = []
    pictures: Iterator[Image] | None = None
    from_cache = True
    for start in range(0, video.n_frames, CHUNK_FRAMES):
        stop = min(start + CHUNK_FRAMES, video.n_frames)
        progress("pose", start, video.n_frames)
        chunk = cache.lookup(video, repr(estimator), start, stop)
        if chunk is None:
            from_cache = False
            pictures = pictures or frames_from(start)
            chunk = _estimate_chunk(estimator, islice(pictures, stop - start), start, video.n_frames, progress)
            cache.store(video, repr(estimator), start, chunk)
        else:
            pictures = None  # those of the stream would be this chunk's
        chunks.append(chunk)
    progress("pose", video.n_frames, video.n_frames)
    xy, confidence = (np.concatenate(parts) for parts in zip(*chunks, strict=True))
    track = Track(xy, confidence, estimator.skeleton, video)
    _check_person(track)
    return track, from_cache


def _estimate_chunk(
    estimator: PoseEstimator, pictures: Iterator[Image], start: int, n_frames: int, progress: Progress
) -> Chunk:
    """Keypoints of one chunk, by an estimator that starts anew."""
    xy, confidence = [], []
    for number, (points, visible) in enumerate(estimator.estimate(pictures), start + 1):
        xy.append(points)
        confidence.append(visible)
        progress("pose", number, n_frames)
    return np.stack(xy), np.stack(confidence)


def _check_person(track: Track) -> None:
    """Refuse a clip that (nearly) never shows a person."""
    n_seen = int((track.confidence > 0).any(axis=1).sum())
    if n_seen < _SMALLEST_PERSON_SHARE * track.video.n_frames:
        raise NoPerson(
            f"A person was found in {n_seen} of {track.video.n_frames} frames of {track.video.path.name}. "
            "Is it the right clip? The runner should be seen from head to foot, upright, and be well lit."
        )
