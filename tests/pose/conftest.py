"""A made-up clip and an estimator whose answers depend on all that it saw since it was started."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from gait.model import Skeleton, Video
from gait.pose.base import Image, Keypoints


@dataclass(frozen=True)
class Remembering:
    """Follows one person as a tracker does: what it finds leans on the pictures before."""

    gain: float = 0.9
    lost_from: int = 1_000_000

    @property
    def skeleton(self) -> Skeleton:
        return Skeleton(("left_hip", "right_hip"), (("left_hip", "right_hip"),), (("left_hip", "right_hip"),))

    def follow(self, pictures: Iterable[Image], *, fps: float) -> Iterator[Mapping[int, Keypoints]]:
        assert fps == pytest.approx(29.97, abs=0.01)
        memory = 0.0
        for picture in pictures:
            number = int(picture[0, 0, 0]) + 256 * int(picture[0, 0, 1])
            memory = self.gain * memory + number
            xy = np.array([[memory, number], [number, -memory]]).astype(np.float32)
            yield {0: (xy, np.ones(2, np.float32))} if number < self.lost_from else {}


@dataclass(frozen=True)
class Standing:
    """Sees somebody who stands, and from `joined_from` on somebody else, whom it numbers first at each start."""

    joined_from: int
    skeleton = Remembering.skeleton

    def follow(self, pictures: Iterable[Image], *, fps: float) -> Iterator[Mapping[int, Keypoints]]:
        first = None
        for picture in pictures:
            number = int(picture[0, 0, 0]) + 256 * int(picture[0, 0, 1])
            people = [(100, number)] if number < self.joined_from else [(300, number), (100, number)]
            first = len(people) if first is None else first
            order = people if first == len(people) else people[::-1]
            yield {
                n: (np.array([[x, y], [x, y + 200]], np.float32), np.ones(2, np.float32))
                for n, (x, y) in enumerate(order)
            }


class Clip:
    """A video of `n_frames` that counts its pictures, and may be interrupted."""

    def __init__(self, n_frames: int, *, content_hash: str = "a" * 64) -> None:
        self.video = Video(
            path=Path("run.mp4"),
            width_px=4,
            height_px=2,
            n_frames=n_frames,
            fps=Fraction(30000, 1001),
            file_time_s=0.2 + np.arange(n_frames) * 1001 / 30000,
            rotation_deg=90,
            codec="hevc",
            content_hash=content_hash,
            capture_fps=240.0,
        )
        self.started_at: list[int] = []
        self.n_given = 0
        self.interrupted_at = n_frames

    def frames_from(self, start: int) -> Iterator[Image]:
        self.started_at.append(start)
        for number in range(start, self.video.n_frames):
            if number == self.interrupted_at:
                raise KeyboardInterrupt
            self.n_given += 1
            picture = np.zeros((2, 4, 3), np.uint8)
            picture[0, 0, :2] = number % 256, number // 256
            yield picture


@pytest.fixture
def remembering():
    return Remembering


@pytest.fixture
def standing():
    return Standing


@pytest.fixture
def new_clip():
    return Clip
