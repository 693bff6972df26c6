"""The body's way up and down, and the spring-mass model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from gait.metrics import MetricRules, measure
from gait.metrics.bounce import spring_kn_per_m
from gait.model import MetricTable, Quantity


def one(value: float) -> np.ndarray:
    return np.array([value])


def test_the_published_case_of_the_spring() -> None:
    """70 kg, 0.25 s on the ground, 0.10 s in the air, 3 m/s, a leg of 0.93 m: 1510 N, 0.060 m and 10.87 kN/m."""
    found = spring_kn_per_m(one(0.25), one(0.10), one(3.0), one(0.93), mass_kg=70)
    assert found[0] == pytest.approx(10.87, abs=0.01)


@pytest.mark.parametrize(("by_s", "change"), [(-0.01, 0.088), (0.01, -0.078)])
def test_ten_milliseconds_of_contact_move_it_as_published(by_s: float, change: float) -> None:
    """What leaves the time on the ground is added to the time in the air."""
    right, wrong = (
        spring_kn_per_m(one(0.25 + by), one(0.10 - by), one(3.0), one(0.93), mass_kg=70)[0] for by in (0.0, by_s)
    )
    assert wrong / right - 1 == pytest.approx(change, abs=0.03)


def test_a_leg_too_short_for_its_time_on_the_ground_has_none() -> None:
    assert np.isnan(spring_kn_per_m(one(0.5), one(0.1), one(5.0), one(0.9), mass_kg=70)[0])


@pytest.fixture(scope="module")
def rooms(rooms_of: Callable[..., Any]) -> Any:
    return rooms_of("right", noise_px=1.0)


def measured(rooms: Any, **known: Any) -> MetricTable:
    table = measure(
        rooms.track,
        rooms.cycle,
        rooms.stances,
        rooms.strides,
        scene=rooms.scene,
        calibration=replace(rooms.calibration, **known),
        largest_useful=dict.fromkeys(rooms.measure().info, np.inf),
        pose_error={},
        rules=MetricRules(),
    )
    assert isinstance(table, MetricTable)
    return table


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        ({"mass_kg": None}, "--mass-kg"),
        ({"incline_pct": 3.0}, "level ground"),
        ({"belt_speed_mps": None}, "--speed-kmh"),
        ({"leg_length_m": None}, "--height-cm"),
    ],
)
def test_stiffness_says_what_it_lacks(rooms: Any, known: dict[str, Any], reason: str) -> None:
    summary = measured(rooms, **known).get("leg_stiffness_kn_per_m", "right")
    assert summary is not None
    assert summary.estimate is None
    assert reason in summary.withheld


def test_stiffness_carries_the_errors_of_speed_and_leg(rooms: Any) -> None:
    """Wider with a speed known to 20 % than with one entered."""
    halves = []
    for error in (0.0, 0.56):
        table = measured(rooms, belt_speed_mps=Quantity(2.8, error, ""))
        summary = table.get("leg_stiffness_kn_per_m", "right")
        assert summary is not None
        assert summary.ci95 is not None
        halves.append(summary.ci95[1] - summary.ci95[0])
    assert halves[1] > 1.2 * halves[0]


def test_the_way_up_and_down_is_the_shoulders(rooms: Any) -> None:
    """Hips held still, as a pose model holds them, change nothing."""
    xy = np.array(rooms.track.xy)
    hips = [rooms.track.skeleton.index(f"{side}_hip") for side in ("left", "right")]
    xy[:, hips, 1] = np.nanmean(xy[:, hips, 1])
    still = rooms._replace(track=rooms.track.with_xy(xy))
    for name in ("vertical_oscillation_cm", "vertical_ratio_pct"):
        before, after = (measured(one_of).get(name) for one_of in (rooms, still))
        assert before is not None
        assert after is not None
        assert after.estimate == pytest.approx(before.estimate)


def test_step_length_without_a_speed_says_so(rooms: Any) -> None:
    summary = measured(rooms, belt_speed_mps=None).get("step_length_m", "left")
    assert summary is not None
    assert "--speed-kmh" in summary.withheld
