"""Rendered clips: frames painted in worker processes, written with the truth beside them, kept for the next time."""

from __future__ import annotations

import hashlib
import os
import signal
import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from functools import cache
from itertools import islice
from multiprocessing import get_context, parent_process
from pathlib import Path

import numpy as np

from gait.model import FloatArray, Progress, no_progress
from gait.pose.cache import replacing
from gait.simulate.figure import Figure
from gait.simulate.render.exposure import Light, Picture
from gait.simulate.render.marching import RayPainter, require_numba
from gait.simulate.render.painter import Painter
from gait.simulate.render.plan import ClipPlan, Renderer
from gait.simulate.render.truth_file import truth_path, write_truth
from gait.simulate.run import Run
from gait.video import write_video

CHUNK_FRAMES = 8  # that a worker paints at a time: some 20 MB of pictures at 720p
# Where a picture is the mean of so many sub-frames, they smooth its edges as well as finer sub-frames would.
_SMOOTH_SUB_FRAMES = 3
_PACKAGE = Path(__file__).parents[2]
_SOURCES = ("errors.py", "simulate/**/*.py", "simulate/*.toml", "video/writing.py")
_TRUTHS = ("truth.py", "truth_side.py", "truth_frontal.py", "truth_file.py")  # of these no picture depends


def write_clip(plan: ClipPlan, path: Path, *, progress: Progress = no_progress, jobs: int = 1) -> Path:
    """Render a clip, and write it with its truth: `clip.mp4` and `clip.truth.json`.

    Both appear when they are complete; if anything fails or is interrupted, nothing is left behind. The frames don't
    depend on `jobs`.

    Parameters
    ----------
    plan
        The clip.
    path
        The video to write; one that exists is replaced.
    progress
        Called as `progress("paint", done, total)`.
    jobs
        Worker processes; with 1 all is painted in this one. A script that asks for more needs the usual
        `if __name__ == "__main__":`.

    Raises
    ------
    ConfigError
        The runner can't run so.
    MissingExtra
        The plan's renderer needs a library that isn't installed.
    OutputError
        A file can't be written.
    """
    path = Path(path)
    with replacing(truth_path(path)) as part:
        write_truth(plan, part, video=path.name)
        write_video(
            path,
            pictures(plan, progress=progress, jobs=jobs),
            time_s=plan.file_time_s(),
            width_px=plan.camera.width_px,
            height_px=plan.camera.height_px,
            crf=plan.crf,
            rotation_deg=plan.rotation_deg,
        )
    return path


def cached_clip(plan: ClipPlan, folder: Path, *, progress: Progress = no_progress, jobs: int = 1) -> Path:
    """The clip of this plan in a folder, rendered unless it lies there from before.

    Its name holds a hash of the plan and of all sources that paint. The truth beside it is as today's program tells it.
    """
    key = hashlib.sha256(f"{source_hash()} {plan!r}".encode()).hexdigest()[:16]
    path = Path(folder) / f"{plan.name}-{key}.mp4"
    if not (path.exists() and truth_path(path).exists()):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_clip(plan, path, progress=progress, jobs=jobs)
    else:
        with replacing(truth_path(path)) as part:
            write_truth(plan, part, video=path.name)
    return path


@cache
def source_hash() -> str:
    """Hash of all sources that can change a rendered picture."""
    digest = hashlib.sha256()
    for pattern in _SOURCES:
        for path in sorted(path for path in _PACKAGE.glob(pattern) if path.name not in _TRUTHS):
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def pictures(plan: ClipPlan, *, progress: Progress = no_progress, jobs: int = 1) -> Iterator[Picture]:
    """The frames (h, w, 3) of a clip in order, upright; few are in memory at a time."""
    painter_of(plan.renderer)  # what is missing shall be missed here, not in a worker
    n_frames = len(plan.file_time_s())
    chunks = [(start, min(start + CHUNK_FRAMES, n_frames)) for start in range(0, n_frames, CHUNK_FRAMES)]
    progress("paint", 0, n_frames)
    done = 0
    for chunk in _painted(plan, chunks, min(jobs, len(chunks))):
        for picture in chunk:
            yield picture
            done += 1
        progress("paint", done, n_frames)


def _painted(plan: ClipPlan, chunks: list[tuple[int, int]], jobs: int) -> Iterator[list[Picture]]:
    """Chunks of frames in order; a few more are under way than there are workers."""
    if jobs <= 1:
        studio = Studio(plan)
        yield from (studio.frames(*chunk) for chunk in chunks)
        return
    with ProcessPoolExecutor(jobs, get_context("spawn"), _begin_work, (plan,)) as workers:
        ahead = iter(chunks)
        waiting: deque[Future[list[Picture]]] = deque()
        try:
            waiting.extend(workers.submit(_work, *chunk) for chunk in islice(ahead, 2 * jobs))
            while waiting:
                done = waiting.popleft().result()
                waiting.extend(workers.submit(_work, *chunk) for chunk in islice(ahead, 1))
                yield done
        finally:
            workers.shutdown(wait=True, cancel_futures=True)


_studio: Studio | None = None  # of a worker process


def _begin_work(plan: ClipPlan) -> None:
    """Set a worker up. Ctrl-C reaches all processes of a terminal; only the parent shall act on it."""
    import cv2

    global _studio
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    cv2.setNumThreads(1)
    _studio = Studio(plan)


def _end_with_parent() -> None:
    """End this worker when its parent was killed: it would wait for work for ever."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _work(start: int, stop: int) -> list[Picture]:
    """Frames of a chunk, in a worker."""
    assert _studio is not None
    return _studio.frames(start, stop)


class Studio:
    """Paints the frames of a clip, each by itself: who paints which doesn't matter."""

    def __init__(self, plan: ClipPlan) -> None:
        self.plan = plan
        self._time_s = plan.time_s()
        self._offset_s = plan.exposure.offset_s
        self._people = list(plan.runs())
        supersampling = 2 if len(self._offset_s) < _SMOOTH_SUB_FRAMES else 1
        self._painter = painter_of(plan.renderer)(plan.camera, plan.room, supersampling=supersampling)
        self._belt = _Belt(self._people[0][1])

    def frames(self, start: int, stop: int) -> list[Picture]:
        """The frames from `start` up to `stop`."""
        return [self._frame(number) for number in range(start, stop)]

    def _frame(self, number: int) -> Picture:
        """One frame: the light of its sub-frames, gathered and developed as the sensor lies in the camera."""
        exposure, turns = self.plan.exposure, self.plan.rotation_deg // 90
        time_s = self._time_s[number] + self._offset_s
        lights = (np.rot90(light, turns) for light in self._lights(time_s))
        light = np.ascontiguousarray(np.rot90(exposure.gathered(lights), -turns))
        return exposure.developed(light, self.plan.random("noise", number))

    def _lights(self, time_s: FloatArray) -> Iterator[Light]:
        """Light of the whole picture at some times."""
        everybody = [
            (person, run.runner.body, run.figure_at(time_s), person.offset_m(time_s, self.plan.duration_s))
            for person, run in self._people
        ]
        belt_m = self._belt.way_m(time_s)
        for i, moment_s in enumerate(time_s):
            painted = [
                (person.turned(_at(figure, i)), body, person.appearance, offset_m[i])
                for person, body, figure, offset_m in everybody
            ]
            yield self._painter.paint_linear(painted, float(belt_m[i]), float(moment_s))


def painter_of(renderer: Renderer) -> type[Painter]:
    """Who paints.

    Raises
    ------
    MissingExtra
        The renderer needs a library that isn't installed.
    """
    if renderer == "painter":
        return Painter
    require_numba()
    return RayPainter


def _at(figure: Figure, i: int) -> Figure:
    """The figure of one time."""
    one = slice(i, i + 1)
    points = {name: place[one] for name, place in figure.points.items()}
    return Figure(points, {name: turn[one] for name, turn in figure.turns.items()})


class _Belt:
    """How far the belt has run."""

    def __init__(self, run: Run) -> None:
        self._time_s = np.arange(-1.0, run.duration_s + 1.0, 0.01)
        speed = run.belt_speed_mps_at(self._time_s)
        self._way_m = np.concatenate([[0.0], np.cumsum((speed[1:] + speed[:-1]) / 2 * np.diff(self._time_s))])

    def way_m(self, time_s: FloatArray) -> FloatArray:
        """Metres (n,) that the belt has run since somewhen."""
        return np.asarray(np.interp(time_s, self._time_s, self._way_m), dtype=np.float64)
