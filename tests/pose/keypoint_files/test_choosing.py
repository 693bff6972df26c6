"""The runner among several people."""

from typing import Any

import numpy as np

from gait.pose.keypoint_files.choosing import choose_runner


def test_the_largest_is_followed_whatever_the_order(person: Any, orders: Any) -> None:
    rng = np.random.default_rng(1)
    names = orders["COCO-17"]
    people = {}
    for i in range(30):
        runner, bystander = np.array(person(names, i)), np.array(person(names, 0, shift=600))
        bystander[:, 1] *= 0.6
        people[i] = [runner, bystander] if rng.random() < 0.5 else [bystander, runner]
    chosen, n_choices = choose_runner(people)
    assert n_choices == 30
    assert sorted(chosen) == list(range(30))
    for i, points in chosen.items():
        np.testing.assert_array_equal(points, person(names, i))


def test_nobody_takes_the_runners_place_where_he_is_lost(person: Any, orders: Any) -> None:
    names = orders["COCO-17"]
    far = np.array(person(names, 0, shift=900)) * [1, 0.3, 1]
    people = {i: [np.array(person(names, i)), far] if not 10 <= i < 15 else [far] for i in range(30)}
    chosen, n_choices = choose_runner(people)
    assert sorted(chosen) == [i for i in range(30) if not 10 <= i < 15]
    assert n_choices == 25


def test_one_person_in_each_frame_is_the_runner_however_far_he_jumps(person: Any, orders: Any) -> None:
    people = {i: [np.array(person(orders["COCO-17"], i, shift=5000.0 * (i % 2)))] for i in range(10)}
    chosen, n_choices = choose_runner(people)
    assert (len(chosen), n_choices) == (10, 0)


def test_nobody() -> None:
    assert choose_runner({0: [], 1: []}) == ({}, 0)


def test_a_frame_with_two_close_points_loses_nobody(person: Any, orders: Any) -> None:
    names = orders["COCO-17"]
    far = np.array(person(names, 0, shift=900)) * [1, 0.3, 1]
    people = {i: [np.array(person(names, i)), far] for i in range(30)}
    elbows = [name.endswith("elbow") for name in names]
    people[10][0][np.logical_not(elbows), 2] = 0
    people[10][0][elbows, 1] += [0, 2]
    people[11][0][:, 0] += 20
    assert sorted(choose_runner(people)[0]) == list(range(30))
