"""Analyses beside the truth: events are matched one by one, missed ones told, withheld values not lost."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

import gait
from gait.model import Events, FloatArray, Side
from gait.validate.compare import Place, event_rows, metric_rows, rows_of_kind, running_row

PLACE = Place("s", "c", "k")


@dataclass(frozen=True)
class Known:
    contact_s: dict[Side, FloatArray]
    toe_off_s: dict[Side, FloatArray]


@pytest.fixture(scope="module")
def analysis(synthetic_analysis: Callable[..., gait.Analysis]) -> gait.Analysis:
    return synthetic_analysis("right", fps=60, noise_px=0.5)


def with_events(analysis: gait.Analysis, left_s: list[float], *, error_s: float = 0.02) -> gait.Analysis:
    n = len(left_s)
    times = np.array(left_s)
    events = Events(times, times, ("initial_contact",) * n, ("left",) * n, np.full(n, error_s), ("test",) * n)
    return replace(analysis, events=events)


def test_events_are_matched_with_the_nearest(analysis: gait.Analysis) -> None:
    found = with_events(analysis, [1.01, 1.69, 2.41])
    rows = rows_of_kind(PLACE, found, np.array([1.0, 1.7, 2.4]), "initial_contact", "left")
    assert [row.estimate for row in rows] == pytest.approx([10, -10, 10])
    assert [row.truth for row in rows] == [0, 0, 0]
    assert all((row.low, row.high) == pytest.approx((row.estimate - 20, row.estimate + 20)) for row in rows)  # type: ignore[operator]
    assert all(row.covered for row in rows)


def test_the_truths_own_error_widens_the_interval(analysis: gait.Analysis) -> None:
    found = with_events(analysis, [1.0, 1.7], error_s=0.03)
    row, _ = rows_of_kind(PLACE, found, np.array([1.0, 1.7]), "initial_contact", "left", truth_error_s=0.04)
    assert row.high == pytest.approx(50)  # 30 and 40 ms, squared and added


def test_missed_events_are_withheld_rows_and_made_up_ones_count(analysis: gait.Analysis) -> None:
    truth_s = np.arange(0.0, 10.0, 0.7)
    inner_s = truth_s[(truth_s > 0.5) & (truth_s < 9.5)]
    half_missing = [*inner_s[::2], 0.9]  # 0.9 lies between two contacts
    found = with_events(analysis, sorted(half_missing))
    known = Known({"left": truth_s, "right": np.empty(0)}, {"left": np.empty(0), "right": np.empty(0)})
    rows = event_rows(PLACE, found, known, start_s=0, end_s=10)
    single = [row for row in rows if row.metric == "initial_contact_error_ms"]
    assert len(single) == len(inner_s)
    assert sum(row.estimate is None for row in single) == len(inner_s) // 2
    assert all("no such event" in row.withheld for row in single if row.estimate is None)
    (share,) = (row for row in rows if row.metric == "contacts_found")
    n_found = len(inner_s[::2])
    assert share.estimate == pytest.approx(2 * n_found / (len(inner_s) + n_found + 1))


def test_shown_and_withheld_metrics(analysis: gait.Analysis) -> None:
    truths: dict[Any, float] = {
        ("cadence_spm", "both"): 170.0,
        ("knee_flexion_at_contact_deg", "right"): 15.0,
        ("knee_flexion_at_contact_deg", "both"): 15.0,  # the metric is of a leg: no such value
        ("frontal_plane_projection_deg", "right"): 3.0,
    }
    names = ("cadence_spm", "knee_flexion_at_contact_deg", "frontal_plane_projection_deg")
    cadence, knee, frontal = metric_rows(PLACE, analysis, truths, names)
    assert cadence.estimate is not None
    assert cadence.covered is not None
    assert (knee.estimate, knee.side) == (None, "right")
    # The knee is withheld for what pose models do to it, so what would have been said is kept.
    values = analysis.metrics.values
    own = values[(values["side"] == "right") & (values["rejected"] == "")]
    assert knee.unshown == pytest.approx(own["knee_flexion_at_contact_deg"].mean(), abs=0.1)
    assert frontal.estimate is None
    assert frontal.unshown is None  # another view: there is nothing to say
    assert "needs a view from the rear" in frontal.withheld


def test_times_that_are_too_wide_are_told_from_the_strides(synthetic_analysis: Callable[..., gait.Analysis]) -> None:
    rear = synthetic_analysis("rear", fps=30, noise_px=2)
    names = ("contact_time_s", "flight_time_s", "step_time_s", "duty_factor")
    truths: dict[Any, float] = {(name, side): 1.0 for name in names for side in ("left", "right")}
    rows = {(row.metric, row.side): row for row in metric_rows(PLACE, rear, truths, names)}
    assert all(row.estimate is None for row in rows.values())
    for side, other in (("left", "right"), ("right", "left")):
        contact, flight, step = (rows[name, side].unshown for name in names[:3])
        assert contact is not None
        assert flight is not None
        assert step is not None
        assert step == pytest.approx(contact + flight, abs=0.005)  # one stride more or less at the ends
        assert step + (rows["step_time_s", other].unshown or 0) == pytest.approx(
            contact / (rows["duty_factor", side].unshown or 1), rel=0.02
        )


def test_running_that_nobody_judged_is_withheld(analysis: gait.Analysis) -> None:
    assert running_row(PLACE, analysis, is_running=True).estimate == 1
    assert running_row(PLACE, analysis, is_running=False).estimate == 0
    unjudged = replace(analysis, scene=replace(analysis.scene, is_running=None, not_running="too few strides"))
    assert running_row(PLACE, unjudged, is_running=True).withheld == "not judged: too few strides"
