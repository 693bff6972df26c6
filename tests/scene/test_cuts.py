"""Cuts: a clip that goes on with another picture is read in one piece only."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gait.model import Track
from gait.pipeline import analyze_track
from gait.scene import SceneRules, longest_run
from gait.scene.cuts import find_segments, only

RULES = SceneRules()


def cut(track: Track, frame: int, *, shift: tuple[float, float] = (0.0, 0.0), scale: float = 1.0) -> Track:
    """From a frame on the runner is elsewhere and of another size."""
    xy = np.array(track.xy)
    xy[frame:] = xy[frame:] * scale + shift
    return track.with_xy(xy)


@pytest.fixture(scope="module")
def run(synthetic_runner: Any) -> Track:
    return synthetic_runner(duration_s=12).film("right", noise_px=2.0)


@pytest.mark.parametrize(
    ("shift", "scale"), [((150.0, 0.0), 1.0), ((0.0, -120.0), 1.0), ((0.0, 0.0), 1.4), ((100.0, 60.0), 0.7)]
)
@pytest.mark.parametrize("frame", [60, 200])
def test_a_cut_splits_the_clip(run: Track, shift: tuple[float, float], scale: float, frame: int) -> None:
    assert find_segments(cut(run, frame, shift=shift, scale=scale), RULES) == ((0, frame), (frame, run.video.n_frames))


def test_two_cuts_make_three_pieces(run: Track) -> None:
    twice = cut(cut(run, 100, scale=1.5), 240, shift=(200.0, 0.0))
    assert find_segments(twice, RULES) == ((0, 100), (100, 240), (240, run.video.n_frames))


def test_a_clip_without_a_cut_is_one_piece(run: Track) -> None:
    assert find_segments(run, RULES) == ((0, run.video.n_frames),)
    read, segments, warnings = longest_run(run, RULES)
    assert read is run
    assert (segments, warnings) == (((0, run.video.n_frames),), ())


@pytest.mark.parametrize("speed_px", [5.0, 40.0])
def test_who_crosses_the_picture_is_not_cut(run: Track, speed_px: float) -> None:
    steps = np.arange(run.video.n_frames)[:, None, None] * np.array([speed_px, 0.0])
    assert len(find_segments(run.with_xy(run.xy + steps), RULES)) == 1


def test_single_wrong_pictures_and_gaps_are_no_cuts(run: Track) -> None:
    """A pose model that is led astray by one picture comes back."""
    xy = np.array(run.xy)
    xy[50] += 300
    xy[120:123] *= 1.5
    xy[200:215] = np.nan
    assert len(find_segments(run.with_xy(xy), RULES)) == 1


def test_the_longest_running_is_read_and_the_rest_said(run: Track) -> None:
    """More than half of the clip somebody stands still: not that is read, but the running."""
    standing = np.array(run.xy)
    standing[:200] = standing[0] * 1.5
    clip = run.with_xy(standing)
    read, segments, (warning,) = longest_run(clip, RULES)
    assert segments == ((200, 360), (0, 200))
    assert np.array_equal(read.xy, run.xy[200:])
    assert np.array_equal(read.video.file_time_s, run.video.file_time_s[200:])
    assert "it is read from 6.7 to 12.0 s; 0.0 to 6.7 s left out" in warning


@pytest.mark.parametrize("gap", [4, 8, 15, 40])
def test_a_cut_after_a_gap_is_found(run: Track, gap: int) -> None:
    """A pose model needs some pictures to find the runner again."""
    xy = np.array(cut(run, 150, shift=(80.0, 0.0), scale=1.4).xy)
    xy[150 : 150 + gap] = np.nan
    assert find_segments(run.with_xy(xy), RULES) == ((0, 150 + gap), (150 + gap, 360))


@pytest.mark.parametrize("gap", [3, 7, 20])
def test_who_crosses_the_picture_unseen_for_a_while_is_not_cut(run: Track, gap: int) -> None:
    xy = run.xy + np.arange(360)[:, None, None] * np.array([60.0, 0.0])
    xy[150 : 150 + gap] = np.nan
    assert len(find_segments(run.with_xy(xy), RULES)) == 1


@pytest.mark.parametrize("fps", [8, 12, 24, 60])
def test_whatever_the_frame_rate(synthetic_runner: Any, fps: int) -> None:
    track = synthetic_runner(duration_s=12).film("right", fps=fps, noise_px=2.0)
    assert len(find_segments(track, RULES)) == 1
    assert find_segments(cut(track, 5 * fps, shift=(100.0, 0.0), scale=1.5), RULES)[1][0] == 5 * fps


def test_keypoints_without_shoulders(run: Track) -> None:
    xy = np.array(cut(run, 150, scale=1.4).xy)
    xy[:, [run.skeleton.index(f"{side}_shoulder") for side in ("left", "right")]] = np.nan
    assert find_segments(run.with_xy(xy), RULES) == ((0, 150), (150, 360))


def test_a_piece_gives_what_it_gives_alone(run: Track) -> None:
    """The piece that is read is less than half of the clip: nothing of the others may count."""
    three = cut(cut(run, 110, shift=(-150.0, -120.0), scale=1.3), 270, shift=(200.0, 100.0), scale=0.7)
    analysis, alone = analyze_track(three), analyze_track(only(three, (110, 270)))
    assert any("The clip is cut" in warning for warning in analysis.warnings)
    assert analysis.scene.segments == ((110, 270), (0, 110), (270, 360))
    assert (analysis.scene.feet_hidden, analysis.scene.legs) == ("", alone.scene.legs)
    assert analysis.metrics.summary == alone.metrics.summary
    assert np.array_equal(analysis.events.file_time_s, alone.events.file_time_s)
    assert sum(summary.estimate is not None for summary in analysis.metrics.summary) > 4


def test_what_lies_on_the_pictures_has_a_row_for_each(run: Track) -> None:
    clip = cut(run, 90, shift=(-150.0, 30.0), scale=1.6)
    analysis = analyze_track(clip)
    assert analysis.cycle is not None
    assert np.isnan(analysis.cycle.phase[:90]).all()
    assert np.isfinite(analysis.cycle.phase[90:]).all()
    assert np.isnan(analysis.track.xy[:90]).all()
    knees = [analysis.track.skeleton.index(f"{side}_knee") for side in ("left", "right")]
    assert analysis.track.xy[90:, knees] == pytest.approx(clip.xy[90:, knees], abs=30, nan_ok=True)
    table = analysis.angles.table
    assert table["frame"].tolist() == list(range(360))
    assert np.array_equal(table["file_time_s"], clip.video.file_time_s)
    assert table["trunk_lean_deg"][:90].isna().all()
    assert table["trunk_lean_deg"][95:350].notna().all()
