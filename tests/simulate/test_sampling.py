"""When frames are taken, and what the file says."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gait.errors import ConfigError
from gait.simulate import Sampling


def _times(sampling: Sampling, start_s: float = 0.0, end_s: float = 60.0, seed: int = 0) -> np.ndarray:
    return sampling.file_time_s(start_s, end_s, np.random.default_rng(seed))


@pytest.mark.parametrize("fps", [24.0, 29.97, 30.0, 59.94, 60.0, 120.0, 240.0])
def test_a_constant_rate(fps: float) -> None:
    times = _times(Sampling(fps=fps))
    np.testing.assert_allclose(np.diff(times), 1 / fps, rtol=1e-9)
    assert 0 <= times[0] < 1 / fps
    assert 60 - 1 / fps <= times[-1] < 60
    assert float(Sampling(fps=fps).mean_fps(times)) == pytest.approx(fps, rel=1e-6)


def test_the_first_frame_comes_at_any_fraction_of_a_frame() -> None:
    starts = [_times(Sampling(fps=50), end_s=1.0, seed=seed)[0] * 50 for seed in range(400)]
    assert np.mean(starts) == pytest.approx(0.5, abs=4 * 0.289 / 20)  # four standard errors of a uniform mean
    assert np.std(starts) == pytest.approx(0.289, abs=0.04)


@given(
    fps=st.floats(10, 240),
    vfr_jitter=st.floats(0, 0.45),
    dropped_share=st.floats(0, 0.5),
    start_s=st.floats(0, 1000),
    seed=st.integers(0, 99),
)
def test_time_stamps_increase_within_the_clip(
    fps: float, vfr_jitter: float, dropped_share: float, start_s: float, seed: int
) -> None:
    times = _times(Sampling(fps, vfr_jitter, dropped_share), start_s, start_s + 20, seed)
    assert (np.diff(times) > 0).all()
    assert start_s <= times[0] < times[-1] < start_s + 20


def test_variable_frame_rate_has_the_right_mean_and_spread() -> None:
    times = _times(Sampling(fps=30, vfr_jitter=0.1))
    assert float(Sampling(fps=30, vfr_jitter=0.1).mean_fps(times)) == pytest.approx(30, abs=0.01)
    assert np.std(np.diff(times)) * 30 == pytest.approx(0.1 * np.sqrt(2), rel=0.1)  # two jitters differ; 5 % error


def test_dropped_frames_are_missing_and_the_others_stay() -> None:
    whole, thinned = _times(Sampling(fps=60), end_s=600), _times(Sampling(fps=60, dropped_share=0.1), end_s=600)
    assert np.isin(thinned, whole).all()
    missing = 1 - len(thinned) / len(whole)
    assert missing == pytest.approx(0.1, abs=4 * np.sqrt(0.1 * 0.9 / len(whole)))
    assert float(Sampling(fps=60, dropped_share=0.1).mean_fps(thinned)) == pytest.approx(54, abs=0.5)


def test_240_fps_played_at_30() -> None:
    slow, real = Sampling(fps=240, capture_speed=0.125), Sampling(fps=240)
    np.testing.assert_allclose(_times(slow, 3.0, 13.0) * 0.125, _times(real, 3.0, 13.0), rtol=1e-12)
    assert slow.mean_fps(_times(slow)) == Fraction(30)
    assert np.median(np.diff(_times(slow))) == pytest.approx(1 / 30)


def test_impossible_rates_are_refused() -> None:
    with pytest.raises(ConfigError, match="vfr_jitter can't be"):
        Sampling(vfr_jitter=0.6)
    with pytest.raises(ConfigError, match="No frame falls between 0 and"):
        _times(Sampling(fps=1), end_s=0.001)
