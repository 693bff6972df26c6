"""What looking for other people costs a clip with one: `python benchmarks/people.py [clip] [frames] [rounds]`."""

from __future__ import annotations

import statistics
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path

from gait.pose import MediaPipe
from gait.pose.base import Image
from gait.pose.quiet import quiet_stderr
from gait.video import frames, read_video

CLIP = Path(__file__).parents[1] / "sample_videos" / "side.mp4"


def main(clip: str | Path = CLIP, n_frames: int = 240, rounds: int = 5) -> None:
    """Print how much more CPU time `gait` takes than MediaPipe's own solution for one person, in turns."""
    video = read_video(Path(clip))
    pictures, fps = list(islice(frames(video), n_frames)), float(video.fps)
    ratios = []
    for _ in range(rounds):
        own_s = _cpu_s(_solution, pictures)
        ratios.append(_cpu_s(lambda some: list(MediaPipe().follow(some, fps=fps)), pictures) / own_s)
    print(f"{len(pictures)} frames at {fps:.0f} fps, {rounds} rounds: CPU time over that of MediaPipe's own solution")  # noqa: T201
    print(f"median {statistics.median(ratios):.3f}, from {min(ratios):.3f} to {max(ratios):.3f}")  # noqa: T201


def _cpu_s(run: Callable[[Sequence[Image]], object], pictures: Sequence[Image]) -> float:
    """CPU seconds of all threads."""
    start_s = time.process_time()
    run(pictures)
    return time.process_time() - start_s


def _solution(pictures: Sequence[Image]) -> None:
    """The keypoints as `mediapipe.solutions.pose` finds them."""
    with warnings.catch_warnings(), quiet_stderr():
        warnings.simplefilter("ignore")
        from mediapipe.python.solutions.pose import Pose

        with Pose(model_complexity=1, smooth_landmarks=False) as model:
            for picture in pictures:
                landmarks = model.process(picture).pose_landmarks
                _ = landmarks and [(p.x, p.y, p.visibility) for p in landmarks.landmark]


if __name__ == "__main__":
    main(*sys.argv[1:2], *(int(number) for number in sys.argv[2:]))
