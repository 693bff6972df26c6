"""The runner among several people."""

from typing import Any

import numpy as np
import pytest

from gait.errors import ConfigError, NoPerson
from gait.pose.keypoint_files import choosing
from gait.pose.which_runner import Picture, WhichRunner

PICTURE = Picture("run.json", 30.0, 1500, 800)


def choose_runner(people: Any, orders: Any, which: WhichRunner | None = None) -> Any:
    """The runner by frame, and in how many frames somebody else was there."""
    columns = {name: k for k, name in enumerate(orders["COCO-17"])}
    chosen, choice = choosing.choose_runner(people, which or WhichRunner(), PICTURE, columns)
    return chosen, choice.shared + choice.hidden


def test_the_largest_is_followed_whatever_the_order(person: Any, orders: Any) -> None:
    rng = np.random.default_rng(1)
    names = orders["COCO-17"]
    people = {}
    for i in range(30):
        runner, bystander = np.array(person(names, i)), np.array(person(names, 0, shift=600))
        bystander[:, 1] *= 0.6
        people[i] = [runner, bystander] if rng.random() < 0.5 else [bystander, runner]
    chosen, n_choices = choose_runner(people, orders)
    assert n_choices == 30
    assert sorted(chosen) == list(range(30))
    for i, points in chosen.items():
        np.testing.assert_array_equal(points, person(names, i))


def test_nobody_takes_the_runners_place_where_he_is_lost(person: Any, orders: Any) -> None:
    names = orders["COCO-17"]
    far = np.array(person(names, 0, shift=900)) * [1, 0.3, 1]
    people = {i: [np.array(person(names, i)), far] if not 10 <= i < 15 else [far] for i in range(30)}
    chosen, n_choices = choose_runner(people, orders)
    assert sorted(chosen) == [i for i in range(30) if not 10 <= i < 15]
    assert n_choices == 30


def test_one_person_in_each_frame_is_the_runner_however_far_he_jumps(person: Any, orders: Any) -> None:
    people = {i: [np.array(person(orders["COCO-17"], i, shift=5000.0 * (i % 2)))] for i in range(10)}
    chosen, n_choices = choose_runner(people, orders)
    assert (len(chosen), n_choices) == (10, 0)


def test_nobody(orders: Any) -> None:
    assert choose_runner({0: [], 1: []}, orders) == ({}, 0)


def test_a_frame_with_two_close_points_loses_nobody(person: Any, orders: Any) -> None:
    names = orders["COCO-17"]
    far = np.array(person(names, 0, shift=900)) * [1, 0.3, 1]
    people = {i: [np.array(person(names, i)), far] for i in range(30)}
    elbows = [name.endswith("elbow") for name in names]
    people[10][0][np.logical_not(elbows), 2] = 0
    people[10][0][elbows, 1] += [0, 2]
    people[11][0][:, 0] += 20
    assert sorted(choose_runner(people, orders)[0]) == list(range(30))


def test_the_runner_who_was_asked_for(person: Any, orders: Any) -> None:
    """By number from the left, and by region; the small one stands at the right."""
    names = orders["COCO-17"]
    small = np.array(person(names, 0, shift=900)) * [1, 0.3, 1]
    people = {i: [np.array(person(names, i)), small] for i in range(30)}
    for which in (WhichRunner(number=2), WhichRunner(roi="1000,0,500,800"), WhichRunner(roi="0.7,0,0.3,1")):
        chosen, _ = choose_runner(people, orders, which)
        assert all(np.array_equal(points, small) for points in chosen.values())
        assert len(chosen) == 30
    with pytest.raises(ConfigError, match=r"no runner 3: 2 people were found in run\.json .*to --runner 2\.$"):
        choose_runner(people, orders, WhichRunner(number=3))
    with pytest.raises(ConfigError, match=r"no runner 2: one person was found in run\.json\. Leave --runner out\.$"):
        choose_runner({i: frame[:1] for i, frame in people.items()}, orders, WhichRunner(number=2))
    with pytest.raises(ConfigError, match=r"outside of the picture, which is 1500 x 800 pixels\.$"):
        choose_runner(people, orders, WhichRunner(roi="1600,0,50,50"))
    with pytest.raises(NoPerson, match=r"Nobody was found in the region 700,0,100,800 of run\.json; there are: 1 left"):
        choose_runner(people, orders, WhichRunner(roi="700,0,100,800"))
