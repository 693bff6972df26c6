"""Cuts: a clip that goes on with another picture is read in one piece only."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gait.model import Track
from gait.pipeline import analyze_track
from gait.scene import SceneRules, longest_run
from gait.scene.cuts import find_segments

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
    assert np.isnan(read.xy[:200]).all()
    assert np.array_equal(read.xy[200:], run.xy[200:])
    assert "it is read from 6.7 to 12.0 s; 0.0 to 6.7 s left out" in warning


def test_a_cut_clip_gives_what_its_longest_piece_gives(run: Track) -> None:
    analysis = analyze_track(cut(run, 90, shift=(-150.0, 30.0), scale=1.6))
    alone = analyze_track(run)
    assert any("The clip is cut" in warning for warning in analysis.warnings)
    assert analysis.scene.segments == ((90, 360), (0, 90))
    assert analysis.events.time_s.min() > 90 / 30 - 0.5
    seen, known = (a.metrics.get("cadence_spm", "both") for a in (analysis, alone))
    assert seen is not None
    assert known is not None
    assert seen.estimate == pytest.approx(known.estimate, abs=0.5)
