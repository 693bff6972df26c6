"""Rules of the literature beside ours: the same truth, the same arithmetic, one leg."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest

import gait
from gait.model import Events, FloatArray, Side
from gait.validate.compare import Place, event_rows
from gait.validate.compare_rules import cadence_spm, contact_time_rows, name_of, of_one_leg, rule_rows
from gait.validate.frame_rules import FRAME_RULES
from gait.validate.rows import BY_RULE, Row

PLACE = Place("s", "c", "k")


@dataclass(frozen=True)
class Known:
    contact_s: dict[Side, FloatArray]
    toe_off_s: dict[Side, FloatArray]


@pytest.fixture(scope="module")
def analysis(synthetic_analysis: Callable[..., gait.Analysis]) -> gait.Analysis:
    return synthetic_analysis("right", fps=60, noise_px=0.5)


@pytest.fixture(scope="module")
def truth(analysis: gait.Analysis) -> Known:
    """What the analysis itself says, 4 ms earlier: only arithmetic is tested."""
    events = analysis.events
    contact, toe_off = (
        {side: events.time_s[events.select(kind, side)] - 0.004 for side in ("left", "right")}
        for kind in ("initial_contact", "toe_off")
    )
    return Known(contact, toe_off)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def rows(analysis: gait.Analysis, truth: Known) -> list[Row]:
    return rule_rows(PLACE, analysis, truth, near="right", start_s=0, end_s=20)


def test_every_rule_and_gait_itself_have_the_same_metrics(rows: list[Row]) -> None:
    rules = ["gait", *(name_of(rule) for rule in FRAME_RULES)]
    assert list(dict.fromkeys(row.condition for row in rows)) == [f"k, by {rule}" for rule in rules]
    assert sum("(approximation)" in rule for rule in rules) == 2
    metrics = [{row.metric for row in rows if row.condition == f"k, by {rule}"} for rule in rules]
    assert all(own == metrics[0] for own in metrics)
    assert len(metrics[0]) == 8
    assert all(metric.startswith(BY_RULE) for metric in metrics[0])


def test_gaits_own_rows_are_those_of_the_near_leg(rows: list[Row], analysis: gait.Analysis, truth: Known) -> None:
    for metric in ("initial_contact_error_ms", "toe_off_error_ms"):
        ours = [row.estimate for row in rows if (row.condition, row.metric) == ("k, by gait", BY_RULE + metric)]
        alone = [
            row.estimate
            for row in event_rows(PLACE, analysis, truth, start_s=0, end_s=20)
            if row.metric == metric and row.side == "right"
        ]
        assert ours == alone
        assert ours == pytest.approx([4.0] * len(ours), abs=1e-6)
    found = {row.metric: row for row in rows if row.condition == "k, by gait"}
    assert found[BY_RULE + "contacts_found"].estimate == 1
    assert found[BY_RULE + "contact_time_mean_error_ms"].estimate == pytest.approx(0, abs=1e-6)
    assert found[BY_RULE + "cadence_spm"].error == pytest.approx(0, abs=1e-6)


def test_rules_read_the_same_runner(rows: list[Row]) -> None:
    """Not where they should lie: whether each finds the near leg's contacts, and its cadence within 1 %."""
    for rule in FRAME_RULES:
        own = {row.metric: row for row in rows if row.condition == f"k, by {name_of(rule)}"}
        found, cadence = own[BY_RULE + "contacts_found"], own[BY_RULE + "cadence_spm"]
        assert found.estimate is not None
        assert found.estimate > 0.9
        assert cadence.estimate == pytest.approx(cadence.truth, rel=0.01)


def events_at(contact_s: list[float], toe_off_s: list[float]) -> Events:
    times, n, m = np.array(contact_s + toe_off_s), len(contact_s), len(toe_off_s)
    kinds = ("initial_contact",) * n + ("toe_off",) * m
    return Events(times, times, kinds, ("left",) * (n + m), np.full(n + m, np.nan), ("test",) * (n + m))  # type: ignore[arg-type]


def test_contact_times_are_compared_stance_by_stance() -> None:
    """10 ms late and 20 ms late make a contact 10 ms longer; one whose toe-off is missing is withheld."""
    known = Known(
        {"left": np.array([1.0, 1.7, 2.4]), "right": np.empty(0)},
        {"left": np.array([0.55, 1.25, 1.95, 2.65]), "right": np.empty(0)},
    )
    events = events_at([1.01, 1.69, 2.4], [1.27, 1.95])
    rows = contact_time_rows(PLACE, events, known, "left", start_s=0, end_s=4)
    assert [row.estimate for row in rows] == [pytest.approx(10), pytest.approx(10), None, pytest.approx(10)]
    assert [row.metric for row in rows] == ["contact_time_error_ms"] * 3 + ["contact_time_mean_error_ms"]


def test_cadence_is_a_slope_that_counts_strides_through_gaps() -> None:
    times = 0.7 * np.arange(40) + 0.02 * np.random.default_rng(0).standard_normal(40)
    whole = cadence_spm(times)
    assert whole == pytest.approx(120 / 0.7, abs=0.2)  # slope of 40 strides, each off by 20 ms: 0.07
    assert cadence_spm(np.delete(times, [3, 4, 20])) == pytest.approx(120 / 0.7, abs=0.2)
    assert cadence_spm(times[np.r_[0:10, 10:40:2]]) == pytest.approx(120 / 0.7, abs=0.3)
    assert np.isnan(cadence_spm(times[:2]))


def test_one_leg_keeps_its_events(analysis: gait.Analysis) -> None:
    own = of_one_leg(analysis.events, "right")
    assert set(own.side) == {"right"}
    np.testing.assert_array_equal(
        own.time_s,
        analysis.events.time_s[
            analysis.events.select("toe_off", "right") | analysis.events.select("initial_contact", "right")
        ],
    )
