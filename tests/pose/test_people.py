"""Who is the same person, and which one is the runner."""

import numpy as np
import pytest

from gait.errors import ConfigError, NoPerson
from gait.pose.people import Somebody, same_people
from gait.pose.which_runner import Picture, WhichRunner, choose

FPS = 30.0
NAMES = [f"{side}_{joint}" for joint in ("hip", "knee", "ankle") for side in ("left", "right")]
COLUMNS = {name: k for k, name in enumerate(NAMES)}
PICTURE = Picture("run.mp4", FPS, 1000, 600)


def somebody(first, last, x, *, speed=0.0, height=200.0, swing=0.2, period=0.7, noise=0.0):
    """A body from one frame to another that moves by so many pixels a frame; its ankles swing against each other."""
    frames = np.arange(first, last)
    rng = np.random.default_rng(first)
    way = x + speed * (frames - first)
    xy = np.zeros((len(frames), len(NAMES), 2))
    for k in range(len(NAMES)):
        down, sign = k // 2 / 2, 1 - 2 * (k % 2)  # hips, knees, ankles; left and right
        xy[:, k, 0] = way + sign * down * swing * height * np.sin(2 * np.pi * frames / FPS / period)
        xy[:, k, 1] = 300 - height / 2 + down * height
    xy += rng.normal(0, noise * height + 1e-9, xy.shape)
    return Somebody(frames, xy.astype(np.float32), np.ones(xy.shape[:2], np.float32))


def spans(people):
    return sorted((int(one.frames[0]), int(one.frames[-1]), len(one.frames)) for one in people)


def runner_of(*people, **which):
    return choose(people, WhichRunner(**which), PICTURE, COLUMNS)


class TestSamePeople:
    def test_one_at_a_time_is_one_wherever_they_are(self):
        seen = [somebody(0, 100, 100), somebody(100, 150, 800, height=300), somebody(400, 500, 300)]
        assert spans(same_people(seen, FPS)) == [(0, 499, 250)]

    def test_somebody_beside_for_a_moment_changes_nothing(self):
        """A false find of a third of a second: the one who is there for longer counts."""
        seen = [somebody(0, 100, 100), somebody(50, 60, 700), somebody(101, 200, 100)]
        (one,) = same_people(seen, FPS)
        assert spans([one]) == [(0, 199, 199)]
        assert one.xy[:, 0, 0].max() < 200

    def test_chunks_are_joined_by_place(self):
        """Two beside each other, numbered in the other order after the border."""
        left, right = somebody(0, 300, 200), somebody(0, 300, 700)
        again = [somebody(300, 600, 705), somebody(302, 600, 204)]
        people = same_people([left, right, *again], FPS)
        assert spans(people) == [(0, 599, 598), (0, 599, 600)]
        assert all(np.ptp(np.median(one.xy[..., 0], axis=1)) < 20 for one in people)

    def test_who_moves_is_expected_farther_on(self):
        walker, behind = somebody(0, 60, 100, speed=5), somebody(0, 200, 400)
        again = somebody(75, 120, 475, speed=5)
        assert spans(same_people([walker, behind, again], FPS)) == [(0, 119, 105), (0, 199, 200)]

    @pytest.mark.parametrize("other", [{"x": 600}, {"x": 200, "height": 300}], ids=["elsewhere", "larger"])
    def test_another_isnt_joined(self, other):
        beside = somebody(0, 400, 900)
        people = same_people([somebody(0, 100, 200), beside, somebody(110, 300, **other)], FPS)
        assert len(people) == 3

    def test_the_best_fit_goes_first(self):
        """After the crossing two begin where the runner was; the one in the runner's place is the runner."""
        seen = [somebody(0, 100, 400), somebody(0, 300, 800), somebody(104, 200, 440), somebody(106, 300, 401)]
        assert (0, 299, 294) in spans(same_people(seen, FPS))

    def test_nobody(self):
        assert same_people([], FPS) == []


class TestChoice:
    def test_one_person_is_the_runner_without_a_word(self):
        choice = runner_of(somebody(0, 100, 900, swing=0))
        assert spans([choice.runner]) == [(0, 99, 100)]
        assert (choice.warning, choice.history(100)) == ("", ())

    def test_who_runs_goes_before_a_larger_bystander(self):
        runner, bystander = somebody(0, 300, 600), somebody(0, 300, 400, height=350, swing=0.0, noise=0.01)
        choice = runner_of(bystander, runner)
        assert choice.runner is runner
        assert choice.warning.startswith("2 people were found: 1 middle, seen for 10.0 s, 2 middle, seen for 10.0 s.")
        assert "Runner 2 was taken: the only one who is seen to run for long enough." in choice.warning

    def test_who_sways_without_a_period_does_not_run(self):
        rng = np.random.default_rng(3)
        restless = somebody(0, 300, 500, height=300, swing=0)
        restless.xy[:, 4:, 0] += np.cumsum(rng.normal(0, 6, (300, 2)), axis=0)
        runner = somebody(0, 300, 800)
        assert runner_of(restless, runner).runner is runner

    def test_larger_and_longer_goes_first(self):
        near, far = somebody(0, 300, 480), somebody(0, 300, 520, height=120)
        passing = somebody(100, 180, 100, speed=8, height=300)
        assert runner_of(far, near, passing).runner is near

    def test_of_two_alike_the_one_in_the_middle(self):
        assert runner_of(aside := somebody(0, 300, 150), middle := somebody(0, 300, 520)).runner is middle
        assert runner_of(aside, middle, number=1).runner is aside

    def test_frames_are_counted(self):
        runner = somebody(0, 300, 500)
        seen = np.delete(np.arange(300), np.arange(100, 110))
        runner = Somebody(seen, runner.xy[seen], runner.confidence[seen])
        choice = runner_of(runner, somebody(80, 140, 100, speed=8))
        assert (choice.shared, choice.hidden) == (50, 10)
        assert [(entry.count, entry.total) for entry in choice.history(300)] == [(60, 300), (10, 300)]

    def test_numbers_go_from_the_left_at_first_sight(self):
        crossing, standing = somebody(0, 100, 100, speed=8), somebody(0, 300, 400)
        assert runner_of(standing, crossing, number=1).runner is crossing
        assert runner_of(standing, crossing, number=2).runner is standing

    def test_regions_in_pixels_and_in_shares(self):
        left, right = somebody(0, 300, 200), somebody(0, 300, 500)
        assert runner_of(left, right, roi="100,0,200,600").runner is left
        assert runner_of(left, right, roi="0.1,0,0.2,1").runner is left
        assert runner_of(left, right, roi="0,0,1000,600").runner is right

    def test_bad_choices(self):
        people = somebody(0, 300, 200), somebody(0, 300, 500)
        with pytest.raises(ConfigError, match="no runner 3: 2 people were found"):
            runner_of(*people, number=3)
        with pytest.raises(ConfigError, match="1000 x 600 pixels"):
            runner_of(*people, roi="1000,0,10,10")
        with pytest.raises(NoPerson, match=r"region 800,0,100,100 of run\.mp4"):
            runner_of(*people, roi="800,0,100,100")


@pytest.mark.parametrize(
    "roi", ["", "1,2,3,4", "0.5,0,0.5,1", " 10, 20, 30, 40.5 "], ids=["none", "pixels", "shares", "spaces"]
)
def test_good_regions(roi):
    assert WhichRunner(roi=roi).roi == roi


@pytest.mark.parametrize(
    "roi", ["1,2,3", "a,b,c,d", "1,2,3,4,5", "0,0,0,5", "-1,0,5,5", "nan,0,5,5", "1;2;3;4", "0,0,inf,1"]
)
def test_bad_regions(roi):
    with pytest.raises(ConfigError, match="left, top, width and height"):
        WhichRunner(roi=roi)


def test_bad_numbers():
    with pytest.raises(ConfigError, match="number can't be 0"):
        WhichRunner(number=0)
    with pytest.raises(ConfigError, match="not both"):
        WhichRunner(number=1, roi="0,0,1,1")
