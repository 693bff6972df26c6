"""Noise with memory, and changes on purpose."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gait.errors import ConfigError
from gait.simulate import Change, Variation
from gait.simulate.variation import fractional_noise


@pytest.mark.parametrize("alpha", [0.5, 0.75, 0.9, 0.95])
def test_neighbours_are_as_alike_as_theory_says(alpha: float) -> None:
    """Autocovariances of fractional Gaussian noise over 400 draws of 256 about the known mean; 0.03 is some four
    standard errors."""
    draws = np.stack([fractional_noise(256, alpha=alpha, rng=np.random.default_rng(seed)) for seed in range(400)])
    for lag in (0, 1, 2, 10, 50):
        found = float((draws[:, : 256 - lag] * draws[:, lag:]).mean())
        theory = 0.5 * ((lag + 1) ** (2 * alpha) - 2 * lag ** (2 * alpha) + abs(lag - 1) ** (2 * alpha))
        assert found == pytest.approx(theory, abs=0.03 if alpha < 0.9 else 0.07), lag


@pytest.mark.parametrize("alpha", [0.5, 0.75, 0.95])
def test_the_exponent_of_detrended_fluctuation_analysis_is_alpha(alpha: float) -> None:
    """Mean of 20 series of 2048; short boxes bias the exponent up a little."""
    boxes = np.array([16, 32, 64, 128, 256])
    exponents = []
    for seed in range(20):
        profile = np.cumsum(fractional_noise(2048, alpha=alpha, rng=np.random.default_rng(seed)))
        sizes = []
        for box in boxes:
            pieces = profile.reshape(-1, box)
            x = np.arange(box) - (box - 1) / 2
            slope = (pieces * x).sum(axis=1) / (x**2).sum()
            rest = pieces - pieces.mean(axis=1, keepdims=True) - slope[:, None] * x
            sizes.append(np.sqrt((rest**2).mean()))
        exponents.append(np.polyfit(np.log(boxes), np.log(sizes), 1)[0])
    assert np.mean(exponents) == pytest.approx(alpha, abs=0.06)


def test_short_series_are_noise_too() -> None:
    rng = np.random.default_rng(0)
    assert len(fractional_noise(0, alpha=0.8, rng=rng)) == 0
    assert len(fractional_noise(1, alpha=0.8, rng=rng)) == 1
    assert np.std([fractional_noise(2, alpha=0.8, rng=rng)[0] for _ in range(2000)]) == pytest.approx(1, abs=0.06)


@settings(max_examples=50, deadline=None)
@given(
    by=st.floats(-10, 10),
    from_s=st.floats(0, 50),
    kind=st.sampled_from(["linear", "ramp", "step"]),
    end_s=st.floats(60, 100),
)
def test_a_change_begins_with_nothing_and_ends_whole(by: float, from_s: float, kind: str, end_s: float) -> None:
    change = Change("trunk_lean_deg", by, kind=kind, from_s=from_s)  # type: ignore[arg-type]
    amount = change.at(np.array([from_s - 1.0, end_s]), end_s=end_s)
    assert amount[0] == 0
    assert amount[1] == pytest.approx(by)
    path = change.at(np.linspace(0, end_s, 50), end_s=end_s) * np.sign(by)
    assert (np.diff(path) >= -1e-12).all()


def test_a_linear_change_stops_where_it_should() -> None:
    change = Change("cadence_spm", 6.0, from_s=10, to_s=20)
    np.testing.assert_allclose(change.at(np.array([5.0, 15, 20, 90]), end_s=100), [0, 3, 6, 6])


def test_memory_has_limits() -> None:
    with pytest.raises(ConfigError, match="alpha"):
        Variation(alpha=1.2)
