"""How much slower than filmed a file is played."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import gait
from gait.calibration import capture_speed, real_stride_s, slow_motion_warning
from gait.errors import ConfigError
from gait.model import SIDES, Analysis, Quantity, Track, Video


@pytest.fixture
def video(synthetic_runner: Any) -> Video:
    """A file that plays at 30 fps."""
    result: Video = synthetic_runner(duration_s=3).film("right").video
    return result


class TestCaptureSpeed:
    def test_a_file_is_taken_at_its_word(self, video: Video) -> None:
        assert capture_speed(video, None) == Quantity(1.0, 0.0, "the file's own time stamps")

    def test_what_the_user_says_wins_over_the_metadata(self, video: Video) -> None:
        slow = replace(video, capture_fps=120.0)
        assert capture_speed(slow, None) == Quantity(0.25, 0.0, "capture rate of 120 fps, metadata")
        assert capture_speed(slow, 240.0) == Quantity(0.125, 0.0, "capture rate of 240 fps, entered")

    def test_a_rate_that_is_rounded_is_the_files_own(self, video: Video) -> None:
        assert capture_speed(video, 29.5).value == 1.0

    @pytest.mark.parametrize("rate", [0.0, -240.0, 15.0, 1e6])
    def test_a_rate_that_cannot_be_is_told(self, video: Video, rate: float) -> None:
        with pytest.raises(ConfigError, match=r"does not fit right\.mp4, which plays at 30\.0 fps"):
            capture_speed(video, rate)


class TestWarning:
    def test_running_is_not_slow_motion(self) -> None:
        assert slow_motion_warning(128.0, Quantity(1.0, 0.0, "")) == ""

    @pytest.mark.parametrize(("speed", "clock"), [(1.0, "in its own time"), (0.5, "in the time given")])
    def test_a_slow_cadence_is(self, speed: float, clock: str) -> None:
        told = slow_motion_warning(20.6, Quantity(speed, 0.0, ""))
        assert "20.6 steps per minute" in told
        assert clock in told
        assert "--capture-fps" in told

    def test_a_runners_usual_stride_stands_in_where_time_is_unknown(self, analysis_of_slow: Analysis) -> None:
        cycle = analysis_of_slow.cycle
        assert cycle is not None
        assert real_stride_s(cycle, Quantity(0.125, 0.0, ""), known=True) == pytest.approx(120 / 165, rel=0.01)
        assert real_stride_s(cycle, Quantity(1.0, 0.0, ""), known=False) == pytest.approx(0.73, abs=0.01)


@pytest.fixture(scope="module")
def slow_track(synthetic_runner: Any) -> Track:
    """120 fps stretched eight times: a file that plays at 15 fps for 96 s."""
    result: Track = synthetic_runner().film("right", fps=120, noise_px=1.0, capture_speed=1 / 8)
    return result


@pytest.fixture(scope="module")
def analysis_of_slow(slow_track: Track) -> Analysis:
    return gait.analyze_track(slow_track, gait.Config())


@pytest.fixture(scope="module")
def analysis_told(slow_track: Track) -> Analysis:
    config = gait.Config().with_values({"calibration": {"capture_fps": 120.0}}, source="test")
    return gait.analyze_track(slow_track, config)


class TestSlowMotion:
    def test_is_noticed_and_only_what_needs_time_is_withheld(self, analysis_of_slow: Analysis) -> None:
        assert any("looks like slow motion" in warning for warning in analysis_of_slow.warnings)
        for summary in analysis_of_slow.metrics.summary:
            info = analysis_of_slow.metrics.info[summary.name]
            if info.group == "temporal" and info.unit != "ratio":
                assert summary.estimate is None
                assert "slow motion" in summary.withheld
        duty = analysis_of_slow.metrics.get("duty_factor", "right")
        assert duty is not None
        assert duty.estimate is not None
        assert analysis_of_slow.scene.is_running is True

    def test_gives_the_same_answers_when_the_rate_is_said(
        self, analysis_told: Analysis, synthetic_analysis: Callable[..., Analysis]
    ) -> None:
        """As the same pictures in real time: the stretching alone changes nothing but rounding and the first guess of
        the period, 0.05 spm and 1 ms."""
        real = synthetic_analysis("right", fps=120, noise_px=1.0)
        assert analysis_told.warnings == ()
        for name, tolerance in (("cadence_spm", 0.05), ("contact_time_s", 0.001), ("trunk_lean_deg", 0.01)):
            for side in ("both", *SIDES):
                slow, fast = (a.metrics.get(name, side) for a in (analysis_told, real))  # type: ignore[arg-type]
                if fast is not None and fast.estimate is not None:
                    assert slow is not None
                    assert slow.estimate == pytest.approx(fast.estimate, abs=tolerance)
                    assert slow.n == fast.n
        np.testing.assert_allclose(analysis_told.events.time_s, real.events.time_s, atol=0.001)
        np.testing.assert_allclose(analysis_told.events.file_time_s, 8 * analysis_told.events.time_s)
        np.testing.assert_allclose(analysis_told.events.uncertainty_s, real.events.uncertainty_s, rtol=0.05)
        cadence = analysis_told.metrics.get("cadence_spm")
        assert cadence is not None
        assert cadence.estimate == pytest.approx(165, abs=0.1)
