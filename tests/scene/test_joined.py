"""Clips of one run as one recording."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from gait.model import Track
from gait.scene import Part, in_run_time, join, only


@pytest.fixture(scope="module")
def track(synthetic_runner: Any) -> Track:
    found: Track = synthetic_runner(duration_s=6.0).film("left")
    return found


def test_parts_follow_each_other_without_a_gap(track: Track) -> None:
    joined = join([Part(track, 0.51, 2.01, 60.0), Part(track, 3.02, 5.02, 600.0)])
    time_s = joined.track.video.file_time_s
    assert joined.begins_s.tolist() == [0.51, pytest.approx(2.01)]
    assert time_s[0] >= 0.51
    assert time_s[-1] < 4.01
    assert np.diff(time_s).min() > 0
    assert np.diff(time_s).max() < 2 / float(track.video.fps)
    first = time_s < 2.01
    kept = (track.video.file_time_s >= 0.51) & (track.video.file_time_s < 2.01)
    assert np.array_equal(joined.track.xy[first], track.xy[kept])
    assert joined.track.video.n_frames == len(joined.track.confidence) == len(time_s)


def test_one_part_is_the_clip_from_contact_to_contact(track: Track) -> None:
    joined = join([Part(track, 1.0, 4.0, 0.0)])
    first, end = np.searchsorted(track.video.file_time_s, [1.0, 4.0])
    alone = only(track, (int(first), int(end)))
    assert np.array_equal(joined.track.xy, alone.xy)
    assert np.allclose(joined.track.video.file_time_s, alone.video.file_time_s)


def test_times_count_from_the_start_of_the_run(track: Track) -> None:
    joined = join([Part(track, 1.0, 2.0, 60.0), Part(track, 3.0, 5.0, 600.0)])
    strides = pd.DataFrame({"file_time_s": [1.25, 1.999, 2.001, 3.5], "rejected": ""})
    for speed in (1.0, 0.25):
        timed = strides.assign(time_s=strides["file_time_s"] * speed, end_s=(strides["file_time_s"] + 0.7) * speed)
        found = joined.in_run_time(timed, capture_speed=speed)
        in_clip = np.array([0.25, 0.999, 0.001, 1.5]) * speed
        assert np.allclose(found["time_s"], in_clip + np.array([60, 60, 600, 600]))
        assert np.allclose(found["end_s"] - found["time_s"], 0.7 * speed)
        assert found["file_time_s"].tolist() == strides["file_time_s"].tolist()
        start_s, end_s = joined.in_run_s(speed)
        assert start_s.tolist() == [60.0, 600.0]
        assert end_s == pytest.approx([60 + speed, 600 + 2 * speed], abs=0.05)


@pytest.mark.parametrize(
    ("start_s", "end_s", "counts"),
    [(1.0, 1.6, True), (1.2, 1.95, False), (1.6, 2.3, False), (2.02, 2.7, False), (2.1, 2.8, True)],
)
def test_strides_that_touch_two_clips_dont_count(track: Track, start_s: float, end_s: float, counts: bool) -> None:
    joined = join([Part(track, 1.0, 2.0, 60.0), Part(track, 3.0, 5.0, 600.0)])
    strides = pd.DataFrame({"file_time_s": [start_s], "end_s": [end_s], "rejected": [""]})
    assert (joined.without_joins(strides, capture_speed=1.0)["rejected"][0] == "") is counts
    halved = strides.assign(end_s=end_s / 2)  # filmed twice as fast
    assert (joined.without_joins(halved, capture_speed=0.5)["rejected"][0] == "") is counts
    bad = strides.assign(rejected="hidden")
    assert joined.without_joins(bad, capture_speed=1.0)["rejected"][0] == "hidden"


def test_said_speeds_are_kept_where_all_were_said(track: Track) -> None:
    parts = [Part(track, 1.0, 2.0, 60.0, 3.0), Part(track, 3.0, 5.0, 600.0, 3.3)]
    assert join(parts).speed_mps is not None
    assert join([parts[0], replace(parts[1], speed_mps=None)]).speed_mps is None


def test_shift_leaves_what_is_missing() -> None:
    found = in_run_time(pd.DataFrame({"time_s": [1.0], "end_s": [2.0]}), 10.0)
    assert found.to_dict("list") == {"time_s": [11.0], "end_s": [12.0]}
