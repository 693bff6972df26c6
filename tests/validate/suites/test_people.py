"""The scenes with others, and how it is told whether the runner was followed."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from gait.model import Skeleton, Track, Video
from gait.validate.compare import Place
from gait.validate.people_scenes import SCENES, scene_plan
from gait.validate.suites.people import right_person_rows

NAMES = ("left_hip", "right_hip", "left_shoulder", "right_shoulder")
PLACE = Place("people", "case", "scene")


def track_of(plan, person):
    """A track that lies on somebody's joints."""
    shown = replace(plan, person=person)
    seen = shown.seen_px(shown.run(), shown.time_s())
    xy = np.stack([seen[name] for name in NAMES], axis=1)
    time_s = plan.file_time_s()
    video = Video(Path("a.mp4"), 640, 360, len(time_s), Fraction(30), time_s)
    return Track(xy.astype(np.float32), np.ones(xy.shape[:2], np.float32), Skeleton(NAMES, (), ()), video)


@pytest.mark.parametrize("name", SCENES)
def test_scenes_are_of_one_runner_and_the_same_at_every_call(name):
    plan = scene_plan(name, 1_000_003)
    assert repr(plan) == repr(scene_plan(name, 1_000_003))
    assert len(plan.others) == 1
    first = scene_plan(next(iter(SCENES)), 1_000_003)
    assert plan.person.runner == first.person.runner
    assert plan.person.appearance == first.person.appearance
    assert plan.others[0].appearance != plan.person.appearance


def test_the_runner_is_told_from_the_other():
    plan = scene_plan("another runner beside", 1_000_003)
    seen, right = right_person_rows(PLACE, track_of(plan, plan.person), plan)
    assert (seen.estimate, right.estimate) == (1, 1)
    _, wrong = right_person_rows(PLACE, track_of(plan, plan.others[0]), plan)
    assert wrong.estimate == 0


def test_frames_without_keypoints_count_as_unseen_not_as_wrong():
    plan = scene_plan("another runner beside", 1_000_003)
    track = track_of(plan, plan.person)
    xy = np.array(track.xy)
    xy[: len(xy) // 2] = np.nan
    seen, right = right_person_rows(PLACE, track.with_xy(xy), plan)
    assert seen.estimate == pytest.approx(0.5, abs=0.01)
    assert right.estimate == 1


def test_a_bystander_stands():
    plan = scene_plan("a larger bystander", 1_000_003)
    run = plan.others[0].run(5.0)
    figure = run.figure_at(np.array([0.0, 1.3, 4.0]))
    assert all(np.ptp(place, axis=0).max() == 0 for place in figure.points.values())
