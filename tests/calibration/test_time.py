"""From file time to real time: what was said, what the metadata say, and what the gait shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import gait
from gait.calibration import Known, capture_speed, tell_time, usual_stride_s
from gait.calibration.slow_motion import GaitSigns, slow_motion
from gait.errors import ConfigError
from gait.model import SIDES, Analysis, Quantity, Track, Video
from gait.simulate.camera import Camera
from gait.simulate.film import film
from gait.simulate.sampling import Sampling
from gait.validate.runners import drawn_run, mediapipe_noise
from gait.validate.seeds import seed_of
from gait.validate.walker import Walker

# The made-up runner's pelvis goes up and down by any amount; at 165 steps/min and a duty factor of 0.36 this much has
# the 1.16 g of somebody who falls freely between steps.
FREE_FALL_BOUNCE_M = 0.076


@pytest.fixture
def video(synthetic_runner: Any) -> Video:
    """A file that plays at 30 fps."""
    result: Video = synthetic_runner(duration_s=3).film("right").video
    return result


class TestCaptureSpeed:
    def test_nothing_is_known_where_nobody_says_anything(self, video: Video) -> None:
        speed = capture_speed(video, None)
        assert speed.value == 1.0
        assert np.isnan(speed.error)

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


class TestTellTime:
    """Of a file that plays at 30 fps."""

    @pytest.mark.parametrize("cadence_spm", [140.0, 165.0, 200.0])
    @pytest.mark.parametrize("factor", [2, 4, 8])
    def test_a_sure_factor_is_used_and_said(self, video: Video, factor: int, cadence_spm: float) -> None:
        clock = tell_time(video, GaitSigns(cadence_spm / factor, 1 / factor), known=Known(), runs=True)
        assert (clock.speed.value, clock.speed.error, clock.no_times) == (1 / factor, 0.0, "")
        assert clock.speed.source.startswith(f"inferred from the gait: {factor} times slow, ")
        assert f"filmed at {30 * factor} fps" in clock.notes[0]
        assert "--capture-fps" in clock.notes[0]

    @pytest.mark.parametrize("cadence_spm", [110.0, 128.0, 140.0, 165.0, 210.0])
    def test_normal_speed_needs_no_word(self, video: Video, cadence_spm: float) -> None:
        clock = tell_time(video, GaitSigns(cadence_spm, 1.0), known=Known(), runs=True)
        assert (clock.speed.value, clock.speed.error, clock.no_times, clock.notes) == (1.0, 0.0, "", ())

    def test_an_unsure_factor_withholds_times_and_names_the_likely_ones(self, video: Video) -> None:
        clock = tell_time(video, GaitSigns(17.6, 0.1035), known=Known(), runs=True)
        assert np.isnan(clock.speed.error)
        assert "17.6 steps per minute in its own time, too slow for running" in clock.no_times
        for words in ("8 times (", "10 times (", "--capture-fps 300 or 240"):
            assert words in clock.no_times

    def test_a_strange_cadence_alone_is_not_enough(self, video: Video) -> None:
        clock = tell_time(video, GaitSigns(120.0), known=Known(), runs=True)
        assert "slow motion or not can't be told" in clock.no_times
        assert "--capture-fps 240" in clock.no_times

    def test_a_file_that_is_sped_up_is_noticed(self, video: Video) -> None:
        """260 steps a minute that fall as fast as they should: nobody's running, though no slow motion either."""
        clock = tell_time(video, GaitSigns(260.0, 1.0), known=Known(), runs=True)
        assert clock.no_times == ""
        assert "too fast for running" in clock.notes[0]
        assert tell_time(video, GaitSigns(200.0, 1.0), known=Known(), runs=True).notes == ()

    def test_a_thinned_track_is_judged_by_the_files_own_rate(self, video: Video) -> None:
        """As `gait check` looks at every eighth frame of a file of 240 fps: 10 times isn't made of such a file."""
        thinned = replace(video, fps=Fraction(240))
        unclear = GaitSigns(17.0, 0.105)
        assert "10 times" in tell_time(video, unclear, known=Known(), runs=True).no_times
        of_240, of_30 = (slow_motion(unclear, played_fps=rate) for rate in (240.0, 30.0))
        told = tell_time(thinned, unclear, known=Known(), runs=True)
        assert of_240.probability != of_30.probability
        likeliest = f"{of_240.factors[0]:.3g} times ({of_240.probability[0]:.0%})".replace("%", " %")
        assert likeliest in told.no_times + told.speed.source

    def test_a_runner_who_falls_too_slowly_is_not_told_too_slow(self, video: Video) -> None:
        clock = tell_time(video, GaitSigns(130.0, 0.5), known=Known(), runs=True)
        assert "130.0 steps per minute in its own time, but falls too slowly for that" in clock.no_times

    def test_a_walker_is_not_a_runner_in_slow_motion(self, video: Video) -> None:
        """110 steps/min at half of free fall: a walker, or a runner of 220 at half speed."""
        signs = GaitSigns(110.0, 0.5)
        running, unclear, walking = (tell_time(video, signs, known=Known(), runs=runs) for runs in (True, None, False))
        assert running.speed.value == 0.5
        assert "slow motion or walking" in unclear.no_times
        assert (walking.speed.value, walking.speed.error, walking.no_times, walking.notes) == (1.0, 0.0, "", ())

    def test_what_may_be_walking_runs_at_normal_speed_all_the_same(self, video: Video) -> None:
        clock = tell_time(video, GaitSigns(140.0, 0.9), known=Known(), runs=None)
        assert (clock.speed.value, clock.no_times) == (1.0, "")

    def test_what_the_user_says_overrides_all(self, video: Video) -> None:
        clock = tell_time(video, GaitSigns(20.6, 1 / 8), known=Known(capture_fps=240.0), runs=True)
        assert clock.speed == Quantity(0.125, 0.0, "capture rate of 240 fps, entered")
        assert (clock.no_times, clock.notes) == ("", ())

    @pytest.mark.parametrize(
        ("rate", "seen"), [(120.0, "82.4 steps per minute, too slow"), (960.0, "too fast for running")]
    )
    def test_a_rate_that_does_not_fit_the_gait_is_used_and_said(self, video: Video, rate: float, seen: str) -> None:
        clock = tell_time(video, GaitSigns(20.6, 1 / 8), known=Known(capture_fps=rate), runs=True)
        assert clock.speed.value == pytest.approx(30 / rate)
        assert clock.no_times == ""
        assert seen in clock.notes[0]

    def test_metadata_that_do_not_fit_the_gait_withhold_times(self, video: Video) -> None:
        edited = replace(video, capture_fps=30.0)
        clock = tell_time(edited, GaitSigns(20.6, 1 / 8), known=Known(), runs=True)
        assert "by the capture rate of 30 fps, metadata, the clip shows 20.6 steps per minute" in clock.no_times
        assert "--capture-fps 240" in clock.no_times
        overridden = tell_time(edited, GaitSigns(20.6, 1 / 8), known=Known(capture_fps=240.0), runs=True)
        assert (overridden.speed.value, overridden.no_times) == (0.125, "")

    def test_metadata_that_fit_the_gait_are_used(self, video: Video) -> None:
        clock = tell_time(replace(video, capture_fps=240.0), GaitSigns(20.6, 0.09), known=Known(), runs=True)
        assert (clock.speed.value, clock.no_times, clock.notes) == (0.125, "", ())


class TestStrideTime:
    def test_a_runners_usual_stride_stands_in_where_time_is_unknown(self, analysis_of_slow: Analysis) -> None:
        cycle = analysis_of_slow.cycle
        assert cycle is not None
        assert usual_stride_s(cycle, Quantity(0.125, 0.0, "")) == pytest.approx(120 / 165, rel=0.01)
        assert usual_stride_s(cycle, Quantity(1.0, 0.0, "")) == pytest.approx(0.723, abs=0.001)


@pytest.fixture(scope="module")
def slow_track(synthetic_runner: Any) -> Track:
    """120 fps stretched eight times: a file that plays at 15 fps for 96 s."""
    result: Track = synthetic_runner(bounce_m=FREE_FALL_BOUNCE_M).film(
        "right", fps=120, noise_px=1.0, capture_speed=1 / 8
    )
    return result


@pytest.fixture(scope="module")
def analysis_of_slow(slow_track: Track) -> Analysis:
    return gait.analyze_track(slow_track, gait.Config())


@pytest.fixture(scope="module")
def analysis_told(slow_track: Track) -> Analysis:
    config = gait.Config().with_values({"calibration": {"capture_fps": 120.0}}, source="test")
    return gait.analyze_track(slow_track, config)


class TestSlowMotion:
    def test_is_inferred(self, analysis_of_slow: Analysis) -> None:
        """8 times, as nobody said: 20.6 steps/min in the file are 165."""
        assert analysis_of_slow.calibration.capture_speed.value == 0.125
        assert any("8 times slower" in warning and "120 fps" in warning for warning in analysis_of_slow.warnings)
        cadence = analysis_of_slow.metrics.get("cadence_spm")
        assert cadence is not None
        assert cadence.estimate == pytest.approx(165, abs=0.1)
        assert analysis_of_slow.scene.is_running is True

    def test_what_needs_time_and_nothing_else_is_withheld_in_doubt(self, synthetic_runner: Any) -> None:
        """6.5 times slower: no camera does that."""
        runner = synthetic_runner(bounce_m=FREE_FALL_BOUNCE_M)
        analysis = gait.analyze_track(runner.film("right", fps=100, noise_px=1.0, capture_speed=1 / 6.5))
        assert any("looks like slow motion" in warning for warning in analysis.warnings)
        assert np.isnan(analysis.calibration.capture_speed.error)
        for summary in analysis.metrics.summary:
            info = analysis.metrics.info[summary.name]
            if info.group == "temporal" and info.unit != "ratio":
                assert summary.estimate is None
                assert "slow motion" in summary.withheld
        duty = analysis.metrics.get("duty_factor", "right")
        assert duty is not None
        assert duty.estimate is not None
        assert analysis.scene.is_running is True

    def test_gives_the_same_answers_when_the_rate_is_said(
        self, analysis_told: Analysis, synthetic_analysis: Callable[..., Analysis]
    ) -> None:
        """As the same pictures in real time: the stretching alone changes nothing but rounding and the first guess of
        the period, 0.05 spm and 1 ms."""
        real = synthetic_analysis("right", fps=120, noise_px=1.0, bounce_m=FREE_FALL_BOUNCE_M)
        assert analysis_told.warnings == ()
        for name, tolerance in (("cadence_spm", 0.05), ("contact_time_s", 0.001), ("trunk_lean_deg", 0.01)):
            for side in ("both", *SIDES):
                slow, fast = (a.metrics.get(name, side) for a in (analysis_told, real))
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


@pytest.mark.parametrize(
    ("view", "factor", "cadence_spm"), [("right", 2, 150.0), ("rear", 4, 165.0), ("left", 8, 185.0)]
)
def test_simulated_runners_in_slow_motion(view: Any, factor: int, cadence_spm: float) -> None:
    """With the errors of MediaPipe. The belt's speed from the runner's height to 15 %: those errors take 5 % (SD 5)
    from the standing foot's speed, and a leg may be 5 % longer or shorter than statures say."""
    run = drawn_run(seed_of("gate", 50 + factor), 12.0, chosen={"cadence_spm": cadence_spm, "speed_mps": 3.0})
    sampling = Sampling(fps=30 * factor, capture_speed=1 / factor)
    noise = mediapipe_noise("clean", frontal=view == "rear")
    track = film(run, Camera.from_view(view), sampling, noise, start_s=1.0, duration_s=8.0, seed=1).track
    known = {"calibration": {"height_m": run.runner.height_m}}
    analysis = gait.analyze_track(track, gait.Config().with_values(known, source="test"))
    assert analysis.calibration.capture_speed.value == pytest.approx(1 / factor)
    cadence, belt = analysis.metrics.get("cadence_spm"), analysis.calibration.belt_speed_mps
    assert cadence is not None
    assert cadence.estimate == pytest.approx(cadence_spm, rel=0.02)  # a stretch of a run that varies
    assert (belt is None) == (view == "rear")
    if belt is not None:
        assert belt.value == pytest.approx(3.0, rel=0.15)
        assert belt.value - 1.5 * belt.error <= 3.0 <= belt.value + 1.5 * belt.error
        assert belt.error < 0.3 * 3.0


@pytest.mark.parametrize("view", ["right", "rear", "front"])
def test_walkers_are_not_runners_in_slow_motion(view: Any) -> None:
    walker = Walker(stride_s=120 / 110, duration_s=22.0)
    noise = mediapipe_noise("clean", frontal=view != "right")
    track = film(walker, Camera.from_view(view), Sampling(fps=30), noise, start_s=1.0, duration_s=20.0, seed=2).track
    analysis = gait.analyze_track(track)
    assert analysis.calibration.capture_speed.value == 1.0
    assert not any("times slower than real" in warning for warning in analysis.warnings)
