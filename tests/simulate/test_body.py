"""The sole against a stiff foot rolled point by point."""

from __future__ import annotations

import numpy as np
import pytest

from gait.simulate import Runner
from gait.simulate.body import SOLE, Body


def test_a_leg_is_half_the_stature() -> None:
    """0.53 of stature from hip to floor (Winter); the segments here add up to 0.536."""
    assert Body(1.75).leg_m / 1.75 == pytest.approx(0.53, abs=0.01)


def test_a_broad_build_is_broader_not_taller() -> None:
    assert Body(1.7, 1.2).hip_half_width_m == pytest.approx(1.2 * Body(1.7).hip_half_width_m)
    assert Body(1.7, 1.2).leg_m == Body(1.7).leg_m


def test_the_sole_rolls_without_slipping() -> None:
    """Turn a stiff foot in small steps about its lowest point: the ankle must go where the support function says.

    2 mm: the real sole's corners are rounded.
    """
    height_m = 1.8
    points = SOLE * height_m
    sole = Body(height_m).sole
    ankle, pitches = np.zeros(2), np.radians(np.linspace(15, -60, 6001))
    path = []
    turned = _turned(points, pitches[0])
    ankle[1] = -turned[:, 1].min()
    for pitch in pitches:
        now = _turned(points, pitch)
        lowest = int(turned[:, 1].argmin())
        pivot = ankle + turned[lowest]
        ankle = pivot - now[lowest]
        turned = now
        path.append(ankle.copy())
    travelled = sole.ankle_travel_m(pitches) - sole.ankle_travel_m(pitches[:1])
    np.testing.assert_allclose(travelled, np.array(path)[:, 0], atol=0.002)
    np.testing.assert_allclose(sole.ankle_height_m(pitches), np.array(path)[:, 1], atol=0.002)


def _turned(points: np.ndarray, pitch: float) -> np.ndarray:
    return points @ np.array([[np.cos(pitch), np.sin(pitch)], [-np.sin(pitch), np.cos(pitch)]])


def test_typical_runners_are_as_published() -> None:
    at = {speed: Runner.typical(speed) for speed in (2.5, 3.5, 4.5)}
    assert [round(r.cadence_spm) for r in at.values()] == [161, 171, 183]
    assert [round(r.duty_factor, 3) for r in at.values()] == [0.385, 0.337, 0.322]
    assert Runner.typical(3.0, height_m=1.6).cadence_spm > Runner.typical(3.0, height_m=1.9).cadence_spm + 10
    assert Runner.typical(3.0, cadence_spm=190.0).cadence_spm == 190.0
    closer = Runner.typical(3.0, overstride_leg_lengths=0.15)
    assert closer.knee_flexion_at_contact_deg > Runner.typical(3.0).knee_flexion_at_contact_deg + 5
