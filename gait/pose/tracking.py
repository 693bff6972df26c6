"""Run an estimator over a clip, in chunks that can be kept and taken up again, and choose the runner."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

import numpy as np

from gait.errors import NoPerson
from gait.model import EDGES, Progress, Track, Video, no_progress
from gait.pose.base import Image, PoseEstimator
from gait.pose.cache import Chunk, KeypointCache
from gait.pose.people import Somebody, same_people
from gait.pose.which_runner import Choice, Picture, WhichRunner, choose

# About a minute at 30 fps. The estimator forgets what it saw at these fixed frames, so that a run that was interrupted
# gives to the bit the same keypoints as one that wasn't. One that follows a person loses a frame or none by it; who is
# who after such a frame follows from where they are, as after any other break.
CHUNK_FRAMES = 1800
_SMALLEST_PERSON_SHARE = 0.05


def estimate_cached(
    video: Video,
    estimator: PoseEstimator,
    frames_from: Callable[[int], Iterator[Image]],
    *,
    which: WhichRunner | None = None,
    cache: KeypointCache | None = None,
    progress: Progress = no_progress,
) -> tuple[Track, bool]:
    """Keypoints of every frame, from the cache as far as they are there; each chunk is kept as soon as it is done.

    Everybody's keypoints are kept, so that another runner can be chosen without the pose model.

    Parameters
    ----------
    video
        The clip.
    estimator
        The pose model.
    frames_from
        Gives the pictures from a frame number on to the end, upright RGB.
    which
        Who is the runner among several people; None leaves it to the program.
    cache
        Where to look and to keep; None is the user's own, `KeypointCache(None)` is nowhere.
    progress
        Called as `progress("pose", done, total)`.

    Returns
    -------
    track
        The runner's keypoints as they were found, nothing repaired.
    from_cache
        Whether the pose model was not needed at all.

    Raises
    ------
    PoseError
        Where the model can't be loaded.
    NoPerson
        Where fewer than 5 % of the frames show a person, or nobody is where the runner was said to be.
    ConfigError
        Where there is no such runner, or no such part of the picture.
    """
    cache = KeypointCache() if cache is None else cache
    seen: list[Somebody] = []
    pictures: Iterator[Image] | None = None
    from_cache = True
    for start in range(0, video.n_frames, CHUNK_FRAMES):
        stop = min(start + CHUNK_FRAMES, video.n_frames)
        progress("pose", start, video.n_frames)
        chunk = cache.lookup(video, repr(estimator), start, stop)
        if chunk is None:
            from_cache = False
            pictures = pictures or frames_from(start)
            chunk = _estimate_chunk(estimator, islice(pictures, stop - start), start, video, progress)
            cache.store(video, repr(estimator), start, chunk)
        else:
            pictures = None  # those of the stream would be this chunk's
        seen += _people(chunk, start)
    progress("pose", video.n_frames, video.n_frames)
    fps, name = float(video.fps), video.path.name
    columns = {point: k for k, point in enumerate(estimator.skeleton.names)}
    picture = Picture(name, fps, video.width_px, video.height_px)
    choice = choose(same_people(seen, fps), which or WhichRunner(), picture, columns)
    track = _track(choice, video, estimator)
    _check_person(track)
    return track, from_cache


def _estimate_chunk(
    estimator: PoseEstimator, pictures: Iterator[Image], start: int, video: Video, progress: Progress
) -> Chunk:
    """Everybody's keypoints in one chunk, by an estimator that starts anew."""
    k = len(estimator.skeleton.names)
    rows: list[tuple[int, int]] = []
    xy, confidence = [np.zeros((0, k, 2), np.float32)], [np.zeros((0, k), np.float32)]
    n_frames = 0
    for found in estimator.follow(pictures, fps=float(video.fps)):
        for person, (points, visible) in found.items():
            rows.append((n_frames, person))
            xy.append(points[None])
            confidence.append(visible[None])
        n_frames += 1
        progress("pose", start + n_frames, video.n_frames)
    where = np.array(rows, dtype=np.int64).reshape(-1, 2)
    return Chunk(n_frames, where[:, 0], where[:, 1], np.concatenate(xy), np.concatenate(confidence))


def _people(chunk: Chunk, start: int) -> list[Somebody]:
    """The people of a chunk, their frames numbered as in the clip."""
    people = []
    for person in np.unique(chunk.person):
        own = chunk.person == person
        people.append(Somebody(chunk.frame[own] + start, chunk.xy[own], chunk.confidence[own]))
    return people


def _track(choice: Choice, video: Video, estimator: PoseEstimator) -> Track:
    """The runner's keypoints in every frame, NaN where the runner isn't seen."""
    n, k = video.n_frames, len(estimator.skeleton.names)
    xy, confidence = np.full((n, k, 2), np.nan, np.float32), np.zeros((n, k), np.float32)
    if choice.runner is not None:
        xy[choice.runner.frames], confidence[choice.runner.frames] = choice.runner.xy, choice.runner.confidence
        edges = [name in EDGES for name in estimator.skeleton.names]
        xy[(confidence == 0) & edges] = np.nan
    return Track(xy, confidence, estimator.skeleton, video, choice.history(n))


def _check_person(track: Track) -> None:
    """Refuse a clip that (nearly) never shows a person."""
    n_seen = int((track.confidence > 0).any(axis=1).sum())
    if n_seen < _SMALLEST_PERSON_SHARE * track.video.n_frames:
        raise NoPerson(
            f"A person was found in {n_seen} of {track.video.n_frames} frames of {track.video.path.name}. "
            "Is it the right clip? The runner should be seen from head to foot, upright, and be well lit."
        )
