"""Following people in pictures of plain bars, by a model that slides to whoever is best seen in its region."""

from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from gait.pose.base import Image, Keypoints
from gait.pose.following import Following, follow
from gait.pose.region import Region

FPS = 30
WIDTH_PX, HEIGHT_PX = 300, 100
BODY_PX, BAR_PX = 60, 12
RUNNER, OTHER = 150, 220  # brightness tells who is who; everything below 100 is background
RULES = Following()


def picture_of(*people: tuple[int, float]) -> Image:
    """A picture with a bar of some brightness at each x; later ones stand in front."""
    picture = np.zeros((HEIGHT_PX, WIDTH_PX, 3), np.uint8)
    for brightness, x in people:
        left, right = (int(np.clip(round(x + side * BAR_PX / 2), 0, WIDTH_PX)) for side in (-1, 1))
        picture[20 : 20 + BODY_PX, left:right] = brightness
    return picture


def region_at(x: float) -> Region:
    size_px = 1.3 * BODY_PX
    return Region(x / WIDTH_PX, 0.5, size_px / WIDTH_PX, size_px / HEIGHT_PX, 0.0)


def seen_bars(picture: Image) -> dict[int, np.ndarray]:
    """Columns of each bar by its brightness."""
    row = picture[50, :, 0]
    return {int(value): np.flatnonzero(row == value) for value in np.unique(row) if value >= 100}


class Sliding:
    """Finds the bar of which most is seen within reach; its first coordinate is x, its second the brightness."""

    reach_px = 12

    def __init__(self) -> None:
        self.n_calls = 0

    def find(self, picture: Image, region: Region) -> tuple[Keypoints, Region] | None:
        self.n_calls += 1
        x = region.x * WIDTH_PX
        near = {value: columns[np.abs(columns - x) <= self.reach_px] for value, columns in seen_bars(picture).items()}
        value = max(near, key=lambda value: len(near[value]), default=0)
        if not value or not len(near[value]):
            return None
        middle = float(seen_bars(picture)[value].mean()) + 0.5
        corners = np.array([[middle, 20], [middle, 20 + BODY_PX], [middle, value]], np.float32)
        return (corners, np.ones(3, np.float32)), region_at(middle)

    def close(self) -> None:
        pass


class Finder:
    """Sees whole bars only, the brightest first, and at most one at a glance."""

    def __init__(self) -> None:
        self.n_looks = 0
        self.followers: list[Sliding] = []

    def look(self, picture: Image) -> list[Region]:
        self.n_looks += 1
        whole = {value: columns for value, columns in seen_bars(picture).items() if len(columns) == BAR_PX}
        return [region_at(float(whole[value].mean()) + 0.5) for value in sorted(whole, reverse=True)][:1]

    def follower(self) -> Sliding:
        self.followers.append(Sliding())
        return self.followers[-1]


def followed(pictures: Sequence[Image]) -> tuple[list[dict[int, int]], list[dict[int, float]], Finder]:
    """Brightness and x by the person's number in each picture."""
    finder = Finder()
    found = list(follow(pictures, finder, fps=FPS, rules=RULES))
    assert len(found) == len(pictures)
    who = [{n: int(xy[2, 1]) for n, (xy, _) in frame.items()} for frame in found]
    where = [{n: float(xy[0, 0]) for n, (xy, _) in frame.items()} for frame in found]
    return who, where, finder


def alone_by_the_model(pictures: Sequence[Image]) -> Iterator[float | None]:
    """What the model does by itself: follow, and look again in the picture after it lost its person."""
    finder, follower, region = Finder(), Sliding(), None
    for picture in pictures:
        if region is None:
            region = next(iter(finder.look(picture)), None)
        found = region and follower.find(picture, region)
        region = found[1] if found else None
        yield float(found[0][0][0, 0]) if found else None


def test_one_person_is_as_by_the_model_alone():
    """Also where they are out of sight, and where they come back elsewhere; looks cost one picture a second."""
    way = [*np.linspace(60, 200, 90), *[None] * 7, *np.linspace(80, 100, 60), *[None] * 90, *np.linspace(250, 200, 60)]
    pictures = [picture_of() if x is None else picture_of((RUNNER, x)) for x in way]
    who, where, finder = followed(pictures)
    assert [next(iter(frame.values()), None) for frame in where] == list(alone_by_the_model(pictures))
    assert all(len(frame) <= 1 for frame in who)
    searching = sum(x is None for x in way) + 3
    assert finder.n_looks <= searching + len(way) / FPS + 2


@pytest.mark.parametrize("speed_px", [2.3, 3.5, -3.0])
def test_somebody_who_crosses_in_front_takes_nobody_along(speed_px):
    """The model by itself slides along; here the runner's number stays with the runner.

    In a frame or two both are in the same place, and nothing but the picture could tell who is in front.
    """
    frames = np.arange(240)
    pictures = [picture_of((RUNNER, 150 + 2 * np.sin(i / 3)), (OTHER, 150 + speed_px * (i - 120))) for i in frames]
    alone = [x for x in alone_by_the_model(pictures) if x is not None]
    assert max(abs(x - 150) for x in alone) > 30
    who, where, _ = followed(pictures)
    runner = next(n for n, value in who[0].items() if value == RUNNER)
    assert sum(frame.get(runner) == OTHER for frame in who) <= 2
    assert sum(runner in frame for frame in who) >= 240 - 2 * BAR_PX / abs(speed_px) - 10
    assert all(abs(frame[runner] - 150) < 8 for frame in where if runner in frame)
    assert all(len(set(frame.values())) == len(frame) for frame in who)  # nobody is held twice


def test_who_was_lost_is_found_where_they_were_not_on_another():
    """The runner is covered for half a second while the detector sees somebody else best."""
    pictures = [picture_of(*[(RUNNER, 80.0)] * (not 100 <= i < 115), *[(OTHER, 220.0)] * (i > 60)) for i in range(200)]
    who, _, _ = followed(pictures)
    runner = next(iter(who[0]))
    assert [i for i, frame in enumerate(who) if runner not in frame] == list(range(100, 115))
    assert {frame[runner] for frame in who if runner in frame} == {RUNNER}
    other = next(n for n, value in who[150].items() if value == OTHER)
    assert min(i for i, frame in enumerate(who) if other in frame) <= 60 + FPS * RULES.look_every_s + 1


def test_a_runner_who_crosses_the_picture_is_followed_past_somebody_who_stands():
    pictures = [picture_of((RUNNER, 20 + 2.0 * i), (OTHER, 150.0)) for i in range(130)]
    who, where, _ = followed(pictures)
    runner = next(n for n, value in who[20].items() if value == RUNNER)
    assert who[-1][runner] == RUNNER
    assert where[-1][runner] == pytest.approx(278, abs=2)
    assert {frame[runner] for frame in who if runner in frame} == {RUNNER}


def test_no_more_people_are_followed_than_allowed():
    """Those who are followed for longest stay; a look costs nothing more then."""
    pictures = [picture_of(*((100 + 20 * k, 25.0 + 40 * k) for k in range(7)))] * 300
    who, _, finder = followed(pictures)
    assert max(len(frame) for frame in who) == RULES.largest_crowd
    assert who[-1].keys() == who[100].keys()
    assert len(finder.followers) == RULES.largest_crowd


def test_nobody():
    pictures = [picture_of()] * 5
    assert followed(pictures)[0] == [{}] * 5
    assert list(follow([], Finder(), fps=FPS, rules=RULES)) == []
