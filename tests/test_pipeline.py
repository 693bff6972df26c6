"""From a clip to an analysis: the same each time, the pose model only when it is needed."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import gait
from gait.clean.identity import exchange_legs
from gait.config import Config
from gait.errors import ConfigError, FileMissing, NoPerson
from gait.export import write_summary
from gait.model import Analysis, Track
from gait.pose import KeypointCache, MediaPipe

SIDE = Path(__file__).parents[1] / "sample_videos" / "side.mp4"
KNOWN = gait.Config().with_values({"calibration": {"speed_mps": 12.3 / 3.6}}, source="test")


@pytest.fixture
def no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pose model may not be asked."""

    def refuse(*_args: object, **_options: object) -> Any:
        raise AssertionError("the pose model was asked")

    monkeypatch.setattr(MediaPipe, "follow", refuse)


def summary_of(analysis: Analysis, folder: Path) -> dict[str, Any]:
    """All that `summary.json` holds, but for the moment of its making."""
    write_summary(analysis, folder / "summary.json")
    summary: dict[str, Any] = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    del summary["provenance"]["created_utc"]
    return summary


@pytest.mark.usefixtures("no_model")
def test_second_run_gives_the_same_without_the_model(analysis_side: Analysis, tmp_path: Path) -> None:
    again = gait.analyze(str(SIDE), KNOWN)
    assert summary_of(again, tmp_path) == summary_of(analysis_side, tmp_path)
    np.testing.assert_array_equal(again.track.xy, analysis_side.track.xy)
    pd.testing.assert_frame_equal(again.strides, analysis_side.strides, check_exact=True)
    pd.testing.assert_frame_equal(again.angles.table, analysis_side.angles.table, check_exact=True)


@pytest.mark.usefixtures("no_model")
def test_other_settings_need_no_model_either(analysis_side: Analysis) -> None:
    strict = KNOWN.with_values({"metrics": {"min_strides": 1000}}, source="test")
    analysis = gait.analyze(SIDE, strict)
    assert all(summary.estimate is None for summary in analysis.metrics.summary)
    assert analysis.provenance.config["metrics"]["min_strides"] == 1000
    assert analysis_side.provenance.config["metrics"]["min_strides"] != 1000


def test_other_settings_of_the_model_ask_it_again(analysis_side: Analysis, no_model: None, tmp_path: Path) -> None:
    other = gait.Config().with_values({"pose": {"min_tracking_confidence": 0.7}}, source="test")
    for config, cache in (
        (other, None),
        (gait.Config(), KeypointCache(tmp_path)),
        (gait.Config(), KeypointCache(None)),
    ):
        with pytest.raises(AssertionError, match="the pose model was asked"):
            gait.analyze(SIDE, config, cache=cache)


def test_progress_runs_to_the_end(analysis_side: Analysis) -> None:
    steps: list[tuple[str, int, int]] = []
    gait.analyze(SIDE, KNOWN, progress=lambda *step: steps.append(step))
    assert steps[0] == ("pose", 0, 480)
    assert steps[-1] == ("pose", 480, 480)


def test_keypoints_alone_give_the_same(analysis_side: Analysis, tmp_path: Path) -> None:
    """Saved and loaded keypoints hold all that an analysis needs, the video not being there any more."""
    gait.save_track(analysis_side.raw_track, tmp_path / "raw.npz")
    track = gait.load_track(tmp_path / "raw.npz")
    analysis = gait.analyze_track(track, KNOWN)
    assert not analysis.video.path.exists()
    assert summary_of(analysis, tmp_path) == summary_of(analysis_side, tmp_path)


def test_parts_belong_together(analysis_side: Analysis) -> None:
    analysis = analysis_side
    assert analysis.raw_track.history == ()
    assert len(analysis.track.history) > 0
    assert len(analysis.angles.table) == analysis.video.n_frames
    assert (np.diff(analysis.events.file_time_s) >= 0).all()
    contacts = analysis.events.select("initial_contact")
    assert set(analysis.strides["time_s"]) <= set(analysis.events.time_s[contacts])
    named = {name for finding in analysis.findings for name in finding.metrics}
    shown = {summary.name for summary in analysis.metrics.summary if summary.estimate is not None}
    assert named
    assert named <= shown <= set(analysis.metrics.info)


def test_provenance_is_enough_to_make_it_again(analysis_side: Analysis) -> None:
    provenance = analysis_side.provenance
    assert provenance.gait_version == gait.__version__
    assert provenance.file_name == "side.mp4"
    assert provenance.content_hash == analysis_side.video.content_hash
    assert provenance.pose_model == repr(MediaPipe())
    assert {"mediapipe", "numpy", "scipy", "pandas", "av"} <= set(provenance.packages)
    assert gait.Config().with_values(provenance.config, source="test") == KNOWN


def with_frames(track: Track, seen: Any) -> Track:
    """The track as it would be if the runner were found only in some frames."""
    xy, confidence = track.xy.copy(), track.confidence.copy()
    xy[~seen], confidence[~seen] = np.nan, 0
    return replace(track, xy=xy, confidence=confidence)


@pytest.mark.parametrize(
    "seen",
    [
        pytest.param(lambda n: np.arange(n) < 0.08 * n, id="at the start"),
        pytest.param(lambda n: np.arange(n) < 0.3 * n, id="in the first third"),
        pytest.param(lambda n: np.arange(n) % 12 == 0, id="now and then"),
        pytest.param(lambda n: (np.arange(n) < 0.3 * n) | (np.arange(n) > 0.5 * n), id="with a long gap"),
        pytest.param(lambda n: np.arange(n) == n // 2, id="once"),
        pytest.param(lambda n: np.zeros(n, dtype=bool), id="never"),
    ],
)
def test_runner_who_is_rarely_seen_is_right_or_withheld(analysis_side: Analysis, seen: Callable[[int], Any]) -> None:
    """Never an error, and never a cadence that is off: 167 steps a minute are run."""
    track = with_frames(analysis_side.raw_track, seen(analysis_side.video.n_frames))
    analysis = gait.analyze_track(track, KNOWN)
    assert all(summary.estimate is not None or summary.withheld for summary in analysis.metrics.summary)
    cadence = analysis.metrics.get("cadence_spm")
    assert cadence is not None
    if cadence.estimate is not None:
        assert cadence.estimate == pytest.approx(167, abs=2)


def test_times_scale_with_the_capture_rate(analysis_side: Analysis) -> None:
    """Were the clip filmed at 120 fps and played at 60, all would happen in half of the time."""
    config = gait.Config().with_values({"calibration": {"capture_fps": 120.0}}, source="test")
    fast = gait.analyze(SIDE, config)
    assert fast.calibration.capture_speed.value == pytest.approx(0.5, rel=1e-3)
    np.testing.assert_allclose(fast.events.time_s, fast.events.file_time_s * 0.5, rtol=1e-3)
    cadence = fast.metrics.get("cadence_spm")
    assert cadence is not None
    if cadence.estimate is not None:
        assert cadence.estimate == pytest.approx(333.9, abs=1)


def test_slow_motion_is_noticed(analysis_side: Analysis) -> None:
    """The same clip played ten times slower, as a camera without metadata leaves it: no time is told."""
    video = analysis_side.video
    slow = replace(video, file_time_s=video.file_time_s * 10, fps=video.fps / 10)
    analysis = gait.analyze_track(replace(analysis_side.raw_track, video=slow))
    assert any("16.7 steps per minute" in warning and "slow motion" in warning for warning in analysis.warnings)
    for name in ("cadence_spm", "stride_time_s", "step_time_s", "contact_time_s", "flight_time_s"):
        summaries = [summary for summary in analysis.metrics.summary if summary.name == name]
        assert summaries
        assert all(summary.estimate is None and "slow motion" in summary.withheld for summary in summaries)
    lean = analysis.metrics.get("trunk_lean_deg")  # an angle needs no clock
    assert lean is not None
    assert lean.estimate is not None


def test_capture_rate_below_that_of_the_file(analysis_side: Analysis) -> None:
    config = gait.Config().with_values({"calibration": {"capture_fps": 30.0}}, source="test")
    with pytest.raises(ConfigError, match=r"30 fps does not fit side\.mp4"):
        gait.analyze(SIDE, config)


def test_clip_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileMissing):
        gait.analyze(tmp_path / "none.mp4")


def test_nobody_in_the_picture(clip_plain: Path) -> None:
    with pytest.raises(NoPerson, match=r"0 of 40 frames"):
        gait.analyze(clip_plain)


class TestEffectOfRepair:
    """What the repair changed in each value."""

    OFF = Config().with_values({"clean": {"outlier_sds": 1e9, "outlier_trunks": 10.0}}, source="test")

    def changed(self, analysis: Analysis) -> dict[tuple[str, str], float | None]:
        return {(s.name, s.side): s.by_repair for s in analysis.metrics.summary if s.estimate is not None}

    def test_nothing_is_changed_where_nothing_is_repaired(self, synthetic_runner: Any) -> None:
        analysis = gait.analyze_track(synthetic_runner(duration_s=12).film("right", noise_px=1.0), self.OFF)
        assert all(entry.count == 0 for entry in analysis.track.history)
        effects = self.changed(analysis)
        assert effects
        for (name, _), effect in effects.items():
            assert effect == pytest.approx(0, abs=1e-2 if name.endswith("_pct") else 1e-4), name

    def test_it_is_what_the_repair_brought(self, synthetic_runner: Any) -> None:
        """Legs exchanged around each contact of the near one: without repair the other leg's shank would be read."""
        clean = synthetic_runner(duration_s=12).film("right", noise_px=1.0)
        known = gait.analyze_track(clean)
        contacts_s = known.events.time_s[known.events.select("initial_contact", "right")]
        away_s = np.abs(clean.video.file_time_s[:, None] - contacts_s).min(axis=1)
        wrong = clean.with_xy(exchange_legs(clean, away_s < 0.06).xy)
        repaired = gait.analyze_track(wrong)
        shank, wanted = (a.metrics.get("shank_angle_at_contact_deg", "right") for a in (repaired, known))
        assert shank is not None
        assert wanted is not None
        assert shank.estimate == pytest.approx(wanted.estimate, abs=0.5)
        other = known.angles.table["left_shank_angle_deg"][away_s < 0.06].mean()
        assert shank.by_repair is not None
        # Not all of it: without repair the contact is found elsewhere, too.
        assert 0.2 < shank.by_repair / (shank.estimate - other) < 1.1
        assert abs(shank.by_repair) > 10
