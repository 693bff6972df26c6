"""What single strides deviate by: known deviations come back, noise doesn't."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from gait.cycle import WINDOW_STRIDES, Folding, fold, stride_windows
from gait.events import EventRules, stance_phases
from gait.events.deviations import EVENTS_SHARE, FARTHEST, event_shifts, shrunk
from gait.model import Stance, Track
from gait.scene import SceneRules, find_scene

Array = NDArray[np.float64]


class TestShrunk:
    def test_what_is_known_exactly_is_shared_as_far_as_events_share_it(self) -> None:
        late = np.random.default_rng(0).normal(0, 0.01, 200)
        np.testing.assert_allclose(shrunk(late, np.full(200, 1e-6)), EVENTS_SHARE * late, rtol=1e-3)

    def test_pure_noise_is_taken_for_noise(self) -> None:
        """Scatter as large as its standard error: of 200 strides, less than a tenth of it is left."""
        late = np.random.default_rng(1).normal(0, 0.01, 200)
        assert np.std(shrunk(late, np.full(200, 0.01))) < 0.1 * np.std(late)

    def test_half_noise_is_halved(self) -> None:
        """Equal variances of deviation and noise: the best estimate is half of what was measured."""
        rng = np.random.default_rng(2)
        real, noise = rng.normal(0, 0.01, 4000), rng.normal(0, 0.01, 4000)
        got = shrunk(real + noise, np.full(4000, 0.01))
        known = got != 0  # all but the few that are too far to be deviations
        assert np.polyfit((real + noise)[known], got[known], 1)[0] == pytest.approx(EVENTS_SHARE / 2, rel=0.1)

    def test_faults_of_the_keypoints_and_unknown_strides_stay_on_the_folded_event(self) -> None:
        late = np.r_[np.random.default_rng(3).normal(0, 0.01, 50), FARTHEST * 1.1, np.nan]
        got = shrunk(late, np.full(52, 1e-4))
        assert got[-2:].tolist() == [0.0, 0.0]
        assert not shrunk(np.array([0.01, np.nan]), np.full(2, 1e-4)).any()


def stance_of(track: Track, side: str) -> tuple[Any, Stance]:
    cycle = fold(track, Folding())
    scene = find_scene(track, SceneRules())
    return cycle, stance_phases(track, scene, cycle, EventRules(), stride_s=cycle.period_s)[side]  # type: ignore[index]


def moved_foot(track: Track, cycle: Any, stance: Stance, late: Array) -> Track:
    """The track whose right foot runs late (strides, by stride) around its contact, the rest of the body doesn't."""
    number = np.round(cycle.phase - stance.contact_phase[0]).astype(int)
    away = np.abs(cycle.phase - stance.contact_phase[0] - number)
    by = late[number % len(late)] * np.clip((0.25 - away) / 0.13, 0, 1)
    xy, seconds = np.array(track.xy), track.video.file_time_s
    for joint in ("ankle", "heel", "foot_index"):
        k = track.skeleton.index(f"right_{joint}")
        for axis in range(2):
            xy[:, k, axis] = np.interp(seconds - by * cycle.period_s, seconds, track.xy[:, k, axis])
    return track.with_xy(xy)


class TestEventShifts:
    @pytest.mark.parametrize("view", ["right", "rear"])
    def test_a_foot_that_lands_late_is_told_stride_by_stride(self, synthetic_runner: Any, view: str) -> None:
        """Deviations of 4 ms (SD) at 60 fps with 1 px of noise come back with a correlation of 0.85 and over, half to
        all of `EVENTS_SHARE` of their size (gross ones are cut, noise takes some); the other foot has none."""
        runner = synthetic_runner(duration_s=25)
        track = runner.film(view, fps=60, noise_px=1.0)
        cycle, stance = stance_of(track, "right")
        late = np.random.default_rng(0).normal(0, 0.006, 64)
        strides = np.arange(1.0, np.floor(cycle.phase[-1]))
        moved = moved_foot(track, cycle, stance, late)
        scatter = fold(moved, Folding(), phase=cycle.phase).residual_px
        cycle = replace(cycle, residual_px=scatter)
        got = event_shifts(moved, cycle, stance, "initial_contact", strides)
        wanted = late[strides.astype(int) % 64]
        assert np.corrcoef(got, wanted)[0, 1] > 0.85
        assert 0.5 * EVENTS_SHARE < np.polyfit(wanted, got, 1)[0] < EVENTS_SHARE
        other = event_shifts(moved, cycle, stance_of(track, "left")[1], "initial_contact", strides)
        assert np.std(other) < 0.3 * np.std(got)

    def test_a_leg_that_is_timed_by_the_other_has_no_deviations(self, synthetic_runner: Any) -> None:
        track = synthetic_runner().film("right", fps=60, noise_px=1.0)
        cycle, stance = stance_of(track, "right")
        moved = moved_foot(track, cycle, stance, np.random.default_rng(0).normal(0, 0.01, 64))
        guessed = replace(stance, withheld="hidden")
        assert not event_shifts(moved, cycle, guessed, "initial_contact", np.arange(5.0)).any()
        assert event_shifts(moved, cycle, stance, "initial_contact", np.arange(5.0)).any()


class TestSlowChange:
    def test_windows_take_twenty_strides_each_and_overlap_by_half(self) -> None:
        windows = stride_windows(55)
        assert (windows.sum(axis=1) == WINDOW_STRIDES).all()
        assert [int(row.argmax()) for row in windows] == [0, 10, 20, 30, 35]
        assert stride_windows(39).shape == (0, 39)

    def test_a_contact_that_drifts_through_the_clip_is_followed(self, synthetic_runner: Any) -> None:
        """The right foot lands ever later, by 4 % of a stride (29 ms) from end to end of 60 s. The windows' ends, ten
        strides from the clip's, see 70 % of it; one contact for the whole clip would see none."""
        track = synthetic_runner(duration_s=60).film("right", fps=60, noise_px=1.0)
        cycle, stance = stance_of(track, "right")
        n = int(cycle.phase[-1]) + 2
        moved = moved_foot(track, cycle, stance, np.linspace(-0.02, 0.02, n))
        refolded, right = stance_of(moved, "right")
        strides = np.arange(1.0, np.floor(refolded.phase[-1]))
        got = event_shifts(moved, refolded, right, "initial_contact", strides)
        assert len(right.contact_shift) == len(refolded.windows) >= 5
        assert got[-1] - got[0] == pytest.approx(0.04 * 0.75, rel=0.3)
        assert np.corrcoef(got, strides)[0, 1] > 0.9

    def test_a_steady_runner_shows_no_drift(self, synthetic_runner: Any) -> None:
        track = synthetic_runner(duration_s=60).film("right", fps=60, noise_px=2.0)
        cycle, right = stance_of(track, "right")
        got = event_shifts(track, cycle, right, "initial_contact", np.arange(1.0, np.floor(cycle.phase[-1])))
        assert np.abs(got).max() * cycle.period_s < 0.002

    def test_a_window_that_sees_the_foot_badly_follows_no_noise(self, synthetic_runner: Any) -> None:
        """Heel and forefoot unseen around contact, in 40 % of the cycle of 20 s of a minute: the window's fold has a
        hole there, and its contact may come out anywhere."""
        track = synthetic_runner(duration_s=60, stride_cv=0.008).film("right", fps=30, noise_px=3.0)
        cycle, right = stance_of(track, "right")
        xy, time_s = np.array(track.xy), track.video.file_time_s
        away = np.abs((cycle.phase - right.contact_phase[0] + 0.5) % 1 - 0.5)
        gone = (time_s > 20) & (time_s < 40) & (away < 0.2)
        for joint in ("heel", "foot_index"):
            xy[gone, track.skeleton.index(f"right_{joint}")] = np.nan
        holed = track.with_xy(xy)
        refolded, right = stance_of(holed, "right")
        assert len(right.contact_shift) >= 5
        assert np.abs(right.contact_shift).max() * refolded.period_s < 0.004

    @pytest.mark.parametrize("cadence_spm", [180.0, 180.05])
    def test_a_cadence_that_fits_the_frame_rate_moves_no_event(self, synthetic_runner: Any, cadence_spm: float) -> None:
        track = synthetic_runner(duration_s=60, cadence_spm=cadence_spm).film("right", fps=30, noise_px=3.0)
        cycle, right = stance_of(track, "right")
        assert np.abs(np.r_[right.contact_shift, right.toe_off_shift]).max() * cycle.period_s < 0.008
