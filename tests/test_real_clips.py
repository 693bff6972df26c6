"""Real clips against what was counted in them by eye (README.md beside the clips)."""

from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest

from gait.model import Analysis, MetricSummary
from gait.video import frames, read_video

Analyse = Callable[..., Analysis]
Find = Callable[[str], Path]
NEEDS_FEET = {
    "step_time_s",
    "contact_time_s",
    "flight_time_s",
    "duty_factor",
    "ankle_to_hip_at_contact_leg_lengths",
    "shank_angle_at_contact_deg",
    "knee_flexion_at_contact_deg",
    "peak_stance_knee_flexion_deg",
    "step_width_cm",
}


def shown(analysis: Analysis) -> list[MetricSummary]:
    return [summary for summary in analysis.metrics.summary if summary.estimate is not None or summary.ci95 is not None]


def test_treadmill_from_the_left_at_30_fps(real_clip: Find, analysis_of: Analyse) -> None:
    analysis = analysis_of(real_clip("treadmill_left_30fps.mp4"))
    assert (analysis.scene.view, analysis.scene.near_side, analysis.scene.is_running) == ("left", "left", True)
    cadence = analysis.metrics.get("cadence_spm")
    assert cadence is not None
    assert cadence.estimate is not None
    assert 167.5 < cadence.estimate < 169.9  # two counts: 168.4 +- 0.6 and 168.9 +- 0.5
    contacts_s = analysis.events.file_time_s[analysis.events.select("initial_contact", "left")]
    for frame in (16.5, 38, 59, 81, 102):
        counted_s = np.interp(frame, np.arange(analysis.video.n_frames), analysis.video.file_time_s)
        assert np.abs(contacts_s - counted_s).min() < 1.5 / 30, f"no contact near frame {frame}"
    assert len(contacts_s) == 17  # 12 s at 84.2 strides a minute: none is missed, none is made up


def test_running_in_place_from_the_front_with_a_variable_frame_rate(real_clip: Find, analysis_of: Analyse) -> None:
    analysis = analysis_of(real_clip("front_in_place_vfr.mp4"))
    assert (analysis.scene.view, analysis.scene.is_running) == ("front", True)
    assert np.ptp(np.diff(analysis.video.file_time_s)) > 0.01
    cadence = analysis.metrics.get("cadence_spm")
    assert cadence is not None
    assert cadence.estimate is not None
    assert cadence.ci95 is not None
    # Counted by eye: 181.5 +- 1.5 over a part of six seconds. The bounce of hip, shoulder and ear alike gives 183.6 to
    # 184.6 over the whole clip, without any event: the interval has to meet the count, and the estimate to be near it.
    assert cadence.ci95[0] <= 183.5
    assert cadence.ci95[1] >= 179.5
    assert abs(cadence.estimate - 181.5) < 3


def test_walking_is_not_running(real_clip: Find, analysis_of: Analyse) -> None:
    analysis = analysis_of(real_clip("negative_walking_front.mp4"))
    assert analysis.scene.is_running is False
    assert [finding.kind for finding in analysis.findings] == ["limit"]
    assert "does not look like running" in analysis.findings[0].text
    assert shown(analysis) == []
    assert all("this is not running" in summary.withheld for summary in analysis.metrics.summary)


def test_what_needs_hidden_feet_is_withheld(real_clip: Find, analysis_of: Analyse) -> None:
    analysis = analysis_of(real_clip("negative_feet_hidden_oblique.mp4"))
    assert "feet" in analysis.scene.feet_hidden
    needing = [summary for summary in analysis.metrics.summary if summary.name in NEEDS_FEET]
    assert {summary.name for summary in needing} == NEEDS_FEET
    for summary in needing:
        assert summary.estimate is None
        assert summary.ci95 is None
        assert "the feet can't be seen" in summary.withheld


def test_rotated_clip_is_upright_and_keeps_its_time_stamps(real_clip: Find) -> None:
    path = real_clip("overground_rotated90_vfr_tiny.mp4")
    video = read_video(path)
    assert (video.width_px, video.height_px) == (480, 220)  # stored as 220 x 480
    assert video.rotation_deg in (90, 270)
    assert next(iter(frames(video))).shape == (220, 480, 3)
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stamps = sorted(
            float(packet.pts * packet.time_base) for packet in container.demux(stream) if packet.pts is not None
        )
    np.testing.assert_allclose(video.file_time_s, stamps, rtol=0, atol=1e-9)
    assert np.ptp(np.diff(stamps)) > 0.03  # 16.7 to 51.7 ms: a constant rate would be 17 ms off


@pytest.mark.slow
def test_slow_motion_without_a_known_rate_is_noticed(real_clip: Find, analysis_of: Analyse) -> None:
    analysis = analysis_of(real_clip("treadmill_right_slowmo10x_360p.mp4"))
    assert analysis.scene.view == "right"
    # 17.3 steps/min: 173 in 10 times slow motion, 138 in 8 times; free fall says 9.7 times. The truth isn't known.
    assert np.isnan(analysis.calibration.capture_speed.error)
    warning = next(warning for warning in analysis.warnings if "slow motion" in warning)
    assert "8 times (" in warning
    assert "10 times (" in warning
    for name in ("cadence_spm", "stride_time_s", "contact_time_s", "flight_time_s"):
        summaries = [summary for summary in analysis.metrics.summary if summary.name == name]
        assert summaries
        assert all(summary.estimate is None and "slow motion" in summary.withheld for summary in summaries)


@pytest.mark.parametrize("known", [{}, {"capture_fps": 60.0}], ids=["rate unknown", "rate known"])
def test_passing_runner_in_slow_motion_is_withheld_or_right(
    real_clip: Find, analysis_of: Analyse, known: dict[str, float]
) -> None:
    analysis = analysis_of(real_clip("overground_left_slowmo2x_30fps.mp4"), **known)
    assert analysis.scene.view == "left"
    for summary in shown(analysis):
        # Nothing but the cadence was counted: 171 +- 4 in real time, which needs the rate.
        assert summary.name in ("cadence_spm", "stride_time_s")
        assert known
        truth = 171.4 if summary.name == "cadence_spm" else 120 / 171.4
        assert summary.ci95 is not None
        assert summary.ci95[0] <= truth <= summary.ci95[1]
    if not shown(analysis):
        assert all(summary.withheld for summary in analysis.metrics.summary)
